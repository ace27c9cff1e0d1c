// What node:inspector and node:inspector/promises have in common. https://nodejs.org/docs/latest-v24.x/api/inspector.html
import * as native from 'native:inspector';
import { codes, unavailable } from 'internal:errors';
import { engineConsole } from 'internal:globals';
import { load } from 'internal:load';
import { Session, PromiseSession } from 'internal:inspector/session';

export { Session, PromiseSession };

const DEFAULT_PORT = 9229;
let leaving = false; // the end of the program waits for debuggers

/**
 * Opens the endpoint for debuggers.
 * @param port 9229 unless given; 0 is any
 * @param wait whether to block until a debugger has come
 * @throws ERR_INSPECTOR_ALREADY_ACTIVATED, and what listening throws
 */
export function open(port: any = DEFAULT_PORT, host: any = '127.0.0.1', wait: any = false): any {
  if (native.url() !== undefined) {
    throw new codes.ERR_INSPECTOR_ALREADY_ACTIVATED();
  }
  // What is no number or no text counts as not given.
  if (Number.isInteger(port) && port >= 0) {
    load('internal:validators').validateInt32(port, 'port', 0, 65535);
  } else {
    port = DEFAULT_PORT;
  }
  if (typeof host !== 'string' || host === '') {
    host = '127.0.0.1';
  }
  load('internal:inspector/console').forwardConsole();
  const { process } = load('internal:process');
  const script: string = process.argv[1] ?? '';
  const file = script.startsWith('/') ? load('internal:url').pathToFileURL(script).href : script;
  native.open(port, host, script || `${process.title}[${process.pid}]`, file,
    load('internal:inspector/start').published(), Boolean(wait));
  if (!/^(?:127\.|localhost$|::1$|\[::1\]$)/.test(host)) {
    process.emitWarning('Binding the inspector to a public IP with an open port is insecure, as it allows external hosts to connect to the inspector ' +
      'and perform a remote code execution attack. Documentation can be found at https://nodejs.org/api/cli.html#--inspecthostport', 'SecurityWarning');
  }
  load('internal:process').setDebugPort(Number(/:(\d+)\/[^/]*$/.exec(native.url() as string)?.[1]));
  if (!leaving) {
    leaving = true;
    load('internal:process/lifecycle').atEnd(native.waitForDisconnect);
  }
  if (wait) {
    native.waitForDebugger(true);
  }
  return { __proto__: null, [Symbol.dispose]: close };
}

export function close(): void {
  native.close();
}

export function url(): string | undefined {
  return native.url();
}

/** Blocks until a debugger says to run. @throws ERR_INSPECTOR_NOT_ACTIVE */
export function waitForDebugger(): void {
  if (native.url() === undefined) {
    throw new codes.ERR_INSPECTOR_NOT_ACTIVE();
  }
  native.waitForDebugger(false);
}

/** The program stops at its first statement. */
export function breakAtStart(): void {
  native.breakNext();
}

let network: any;
function networkEvents(): any {
  const out: any = {};
  for (const name of ['requestWillBeSent', 'responseReceived', 'loadingFinished', 'loadingFailed', 'dataSent', 'dataReceived', 'webSocketCreated',
    'webSocketClosed', 'webSocketHandshakeResponseReceived']) {
    out[name] = { [name](params: any) { load('internal:inspector/network').tell(name, params); } }[name];
  }
  return out;
}
const resources = {
  put(_url: any, _data: any) {
    unavailable('inspector.NetworkResources.put');
  },
};

/** The exports that both modules share. */
export function face(session: any): any {
  return {
    open,
    close,
    url,
    waitForDebugger,
    console: engineConsole,
    Session: session,
    Network: network ??= networkEvents(),
    NetworkResources: resources,
  };
}
