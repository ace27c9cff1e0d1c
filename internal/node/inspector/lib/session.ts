// inspector.Session: the program as its own debugger, over the Chrome DevTools protocol.
// https://nodejs.org/docs/latest-v24.x/api/inspector.html#class-inspectorsession
import { inspectorConnect, inspectorDisconnect, inspectorDispatch } from 'native:engine';
import { codes, unavailable } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { validateFunction, validateObject, validateString } from 'internal:validators';

type Callback = (error: Error | null, result?: any) => void;

/** A connection to V8's inspector. Messages are answered before post returns, but for those that wait for promises. */
export class Session extends (EventEmitter as any) {
  #id = 0; // 0: not connected
  #last = 0;
  #waiting = new Map<number, Callback | undefined>();

  constructor() {
    super();
  }

  /** @throws ERR_INSPECTOR_ALREADY_CONNECTED */
  connect(): void {
    if (this.#id !== 0) {
      throw new codes.ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    }
    load('internal:inspector/console').forwardConsole();
    this.#id = inspectorConnect((message: string) => {
      try {
        this.#receive(message);
      } catch (err) {
        // It runs in the middle of the inspector, which an exception must not leave.
        load('internal:process').process.emitWarning(err);
      }
    });
  }

  // Differs from Node: a worker can't debug the main thread.
  connectToMainThread(): void {
    if (load('internal:workerthreads/state').state.isMainThread) {
      throw new codes.ERR_INSPECTOR_NOT_WORKER();
    }
    unavailable('inspector.Session.connectToMainThread()');
  }

  #receive(text: string): void {
    const message = JSON.parse(text);
    if (!message.id) {
      this.emit(message.method, message);
      this.emit('inspectorNotification', message);
      return;
    }
    const callback = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (callback === undefined) {
      return;
    }
    if (message.error) {
      callback(new codes.ERR_INSPECTOR_COMMAND(message.error.code, message.error.message));
      return;
    }
    callback(null, message.result);
  }

  /**
   * Sends a command.
   * @throws ERR_INSPECTOR_NOT_CONNECTED, ERR_INVALID_ARG_TYPE
   */
  post(method: any, params?: any, callback?: any): void {
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
    if (this.#id === 0) {
      throw new codes.ERR_INSPECTOR_NOT_CONNECTED();
    }
    const id = ++this.#last;
    const message: any = { id, method };
    if (params) {
      message.params = params;
    }
    this.#waiting.set(id, callback || undefined);
    inspectorDispatch(this.#id, JSON.stringify(message));
  }

  /** Ends the session. What waits for an answer hears ERR_INSPECTOR_CLOSED. */
  disconnect(): void {
    if (this.#id === 0) {
      return;
    }
    inspectorDisconnect(this.#id);
    this.#id = 0;
    const { nextTick } = load('internal:process/task');
    for (const callback of this.#waiting.values()) {
      if (callback !== undefined) {
        nextTick(callback, new codes.ERR_INSPECTOR_CLOSED());
      }
    }
    this.#waiting.clear();
    this.#last = 0;
  }
}

/** As Session, but post gives a promise. */
export class PromiseSession extends Session {
  // @ts-ignore post is asynchronous here
  post(method: any, params?: any): Promise<any> {
    return new Promise((resolve, reject) => {
      super.post(method, params, (error: any, result: any) => (error ? reject(error) : resolve(result)));
    });
  }
}
