// node:repl. https://nodejs.org/docs/latest-v24.x/api/repl.html
import { pendingDeprecation, publicModules, Recoverable, REPL_MODE_SLOPPY, REPL_MODE_STRICT, REPLServer, start, writer } from 'internal:repl';
import { deprecate } from 'internal:util';

const repl: any = { start, writer, REPLServer, REPL_MODE_SLOPPY, REPL_MODE_STRICT, Recoverable };
for (const [name, message, code] of [
  ['builtinModules', 'repl.builtinModules is deprecated. Check module.builtinModules instead', 'DEP0191'],
  ['_builtinLibs', 'repl._builtinLibs is deprecated. Check module.builtinModules instead', 'DEP0142'],
]) {
  const list = () => publicModules();
  let wrapped: any;
  Object.defineProperty(repl, name, {
    configurable: true,
    enumerable: false,
    get: () => {
      wrapped ??= pendingDeprecation() ? deprecate(list, message, code) : list;
      return wrapped();
    },
  });
}
export default repl;
