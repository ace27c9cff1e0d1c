// node:wasi. https://nodejs.org/docs/latest-v24.x/api/wasi.html
import { codes, unavailable } from 'internal:errors';
import { validateObject, validateString } from 'internal:validators';

// Differs from Node: the WebAssembly System Interface isn't there.
class WASI {
  constructor(options: any = {}) {
    validateObject(options, 'options');
    validateString(options.version, 'options.version');
    if (options.version !== 'unstable' && options.version !== 'preview1') {
      throw new codes.ERR_INVALID_ARG_VALUE('options.version', options.version, 'unsupported WASI version');
    }
    unavailable('wasi.WASI');
  }
  finalizeBindings(_instance: any, _options?: any): never { return unavailable('WASI.finalizeBindings()'); }
  start(_instance: any): never { return unavailable('WASI.start()'); }
  initialize(_instance: any): never { return unavailable('WASI.initialize()'); }
  getImportObject(): never { return unavailable('WASI.getImportObject()'); }
}
Object.defineProperty(WASI, 'length', { value: 0, configurable: true });

export default { WASI };
