// process.dlopen: native addons through Node-API.
import { loadAddon } from 'native:runtime';
import { validateString } from 'internal:validators';

/** Loads a .node file into module.exports. @throws ERR_DLOPEN_FAILED */
export function dlopen(module: any, filename: any, flags = 1): void {
  validateString(filename, 'filename');
  module.exports = loadAddon(filename, flags, module.exports);
}
