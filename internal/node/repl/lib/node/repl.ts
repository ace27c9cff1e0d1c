// node:repl. https://nodejs.org/docs/latest-v24.x/api/repl.html
import { unavailable } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { inspect } from 'internal:util/inspect';

const REPL_MODE_SLOPPY = Symbol('repl-sloppy');
const REPL_MODE_STRICT = Symbol('repl-strict');

/** How a REPL shows values: util.inspect with writer.options. */
const writer: any = (value: any) => inspect(value, writer.options);
writer.options = { ...inspect.defaultOptions, showProxy: true };
Object.defineProperty(writer, 'name', { value: 'writer', configurable: true });

/** An eval function throws it when the input isn't complete. */
class Recoverable extends SyntaxError {
  err: any;
  constructor(err: any) {
    super();
    this.err = err;
  }
}

// Differs from Node: the interactive console isn't there.
function REPLServer(this: any, _prompt: any): void {
  unavailable('repl.REPLServer');
}
Object.setPrototypeOf(REPLServer.prototype, EventEmitter.prototype);
Object.setPrototypeOf(REPLServer, EventEmitter);
for (const name of ['setupHistory', 'clearBufferedCommand', 'close', 'createContext', 'resetContext', 'displayPrompt', 'setPrompt', 'complete', 'defineCommand']) {
  Object.defineProperty(REPLServer.prototype, name, {
    value: { [name]() { unavailable(`repl.REPLServer.${name}()`); } }[name],
    writable: true, enumerable: true, configurable: true,
  });
}
function start(_prompt: any): never {
  return unavailable('repl.start()');
}

const repl: any = { start, writer, REPLServer, REPL_MODE_SLOPPY, REPL_MODE_STRICT, Recoverable };
for (const name of ['builtinModules', '_builtinLibs']) {
  Object.defineProperty(repl, name, {
    configurable: true,
    enumerable: false,
    get: () => load('node:module').default.builtinModules.filter((m: string) => !m.startsWith('_')),
  });
}
export default repl;
