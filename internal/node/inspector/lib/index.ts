// The inspector's module as it is when nothing is attached. https://nodejs.org/docs/latest-v24.x/api/inspector.html
import { codes, unavailable } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { validateFunction, validateObject, validateString } from 'internal:validators';

// Differs from Node: there is no inspector, so sessions can't connect and no port can be opened.

/** A session that never connects. */
export class Session extends (EventEmitter as any) {
  constructor() { super(); }
  connect(): never { return unavailable('inspector.Session.connect()'); }
  connectToMainThread(): never { throw new codes.ERR_INSPECTOR_NOT_WORKER(); }
  post(method: any, params?: any, callback?: any): never {
    validateString(method, 'method');
    if (callback === undefined && typeof params === 'function') {
      callback = params;
      params = null;
    }
    if (params) {
      validateObject(params, 'params');
    }
    if (callback) {
      validateFunction(callback, 'callback');
    }
    throw new codes.ERR_INSPECTOR_NOT_CONNECTED();
  }
  disconnect(): void { /* it was never connected */ }
}

/** As Session, but post gives a promise. */
export class PromiseSession extends Session {
  // @ts-ignore post is asynchronous here
  async post(method: any, params?: any): Promise<any> {
    return super.post(method, params);
  }
}

const nothing: any = {};
function silent(names: string[]): any {
  // What is told to frontends reaches nobody when none is attached, in Node too.
  const out: any = {};
  for (const name of names) {
    out[name] = { [name](_params: any) {} }[name];
  }
  return out;
}

/** The exports that both modules share. */
export function face(session: any): any {
  return {
    open(_port: any, _host: any, _wait: any): never { return unavailable('inspector.open()'); },
    close(): void {},
    url(): string | undefined { return undefined; },
    waitForDebugger(): never { throw new codes.ERR_INSPECTOR_NOT_ACTIVE(); },
    console: nothing.console ??= silent([
      'debug', 'error', 'info', 'log', 'warn', 'dir', 'dirxml', 'table', 'trace', 'group', 'groupCollapsed', 'groupEnd', 'clear', 'count', 'countReset',
      'assert', 'profile', 'profileEnd', 'time', 'timeLog', 'timeEnd', 'timeStamp', 'context',
    ]),
    Session: session,
    Network: nothing.Network ??= silent([
      'requestWillBeSent', 'responseReceived', 'loadingFinished', 'loadingFailed', 'dataSent', 'dataReceived', 'webSocketCreated', 'webSocketClosed',
      'webSocketHandshakeResponseReceived',
    ]),
    NetworkResources: nothing.NetworkResources ??= silent(['put']),
  };
}
