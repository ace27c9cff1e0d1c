// The REPL of the command line: without a program on a terminal, or with -i.
import { load } from 'internal:load';
import { option } from 'internal:repl/options';
import { kStandalone, REPL_MODE_SLOPPY, REPL_MODE_STRICT, setStandalone, start } from 'internal:repl';

/** Starts it. evaluate runs what -e gave, before the first prompt. */
export function main(evaluate?: () => void): void {
  const { process } = load('internal:process');
  const { env } = process;
  if (option('input-type') !== undefined) {
    load('node:fs').default.writeSync(2, 'Cannot specify --input-type for REPL\n');
    process.exit(9);
  }
  const options: any = { ignoreUndefined: false, useGlobal: true, breakEvalOnSigint: true, [kStandalone]: true };
  if (Number.parseInt(env.NODE_NO_READLINE as string)) {
    options.terminal = false;
  }
  const mode = env.NODE_REPL_MODE?.toLowerCase().trim();
  options.replMode = mode === 'strict' ? REPL_MODE_STRICT : REPL_MODE_SLOPPY;
  const size = Number(env.NODE_REPL_HISTORY_SIZE);
  options.historySize = size > 0 ? size : 1000;
  process.stdout.write(`Welcome to Node.js ${process.version}.\nType ".help" for more information.\n`);
  const server = start(options);
  server.on('exit', () => {
    if (server._flushing) {
      server.once('flushHistory', () => process.exit());
      return;
    }
    process.exit();
  });
  setStandalone(server);
  Object.defineProperty(load('node:repl').default, 'repl', { value: server, writable: true, configurable: true, enumerable: false });
  if (server.terminal) {
    server.setupHistory(env.NODE_REPL_HISTORY, (error: any) => {
      if (error) throw error;
    });
  }
  if (evaluate !== undefined) {
    keeping(['module', 'exports', 'require', '__filename', '__dirname'], evaluate); // behind the prompt, as Node has it
  }
}

/** Calls f, which gives some globals other values for good. */
function keeping(names: string[], f: () => void): void {
  const own = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  f();
  names.forEach((name, k) => {
    if (own[k] === undefined) delete (globalThis as any)[name];
    else Object.defineProperty(globalThis, name, own[k]);
  });
}
