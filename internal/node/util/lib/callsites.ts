// util.getCallSites: the stack of the caller as objects.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utilgetcallsitesframecount-options

import { getCallSites as engineCallSites } from 'native:engine';
import { validateBoolean, validateNumber, validateObject } from 'internal:validators';
import { codes } from 'internal:errors';

/** Up to frameCount frames: {functionName, scriptId, scriptName, lineNumber, columnNumber}. Positions are those of the source already. */
export function getCallSites(frameCount: any = 10, options?: any): object[] {
  if (options === undefined) {
    // getCallSites({sourceMap: true})
    if (typeof frameCount === 'object') {
      options = frameCount;
      validateObject(options, 'options');
      frameCount = 10;
    } else {
      options = {};
    }
  }
  validateObject(options, 'options');
  if (options.sourceMap !== undefined) {
    validateBoolean(options.sourceMap, 'options.sourceMap');
  }
  validateNumber(frameCount, 'frameCount');
  if (!(frameCount >= 1 && frameCount <= 200)) {
    throw new codes.ERR_OUT_OF_RANGE('frameCount', '>= 1 && <= 200', frameCount);
  }
  // The engine leaves out this function's own frame.
  return engineCallSites(Math.trunc(frameCount));
}
