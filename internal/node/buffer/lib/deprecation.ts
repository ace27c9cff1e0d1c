// internal:buffer/deprecation: warnings that go to applications only: packages can't be helped by telling their users.

import { load } from 'internal:load';

const ErrorClass: any = Error;

/** Whether the nearest caller that isn't a builtin lives in a node_modules folder. */
export function calledFromNodeModules(): boolean {
  const { stackTraceLimit, prepareStackTrace } = ErrorClass;
  let inside = false;
  ErrorClass.stackTraceLimit = 20;
  ErrorClass.prepareStackTrace = (_: unknown, sites: any[]) => {
    for (const site of sites) {
      const name = site.getFileName() ?? '';
      if (!/^(?:file:\/\/)?(?:[\\/]|[A-Za-z]:)/.test(name)) continue;
      inside = /[\\/]node_modules[\\/]/.test(name);
      break;
    }
    return '';
  };
  try {
    void new ErrorClass().stack;
  } finally {
    ErrorClass.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) delete ErrorClass.prepareStackTrace;
    else ErrorClass.prepareStackTrace = prepareStackTrace;
  }
  return inside;
}

/** process.emitWarning of a deprecation; `site` is the function that the stack leaves out. */
export function warnDeprecation(message: string, code: string, site?: Function): void {
  load('node:process').default.emitWarning(message, 'DeprecationWarning', code, site);
}
