// inspector.Session: the program as its own debugger, over the Chrome DevTools protocol.
// https://nodejs.org/docs/latest-v24.x/api/inspector.html#class-inspectorsession
import { inspectorConnect, inspectorDisconnect, inspectorDispatch } from 'native:engine';
import { connectMain, joinOwn, leaveMain, leaveOwn, tellMain, tellOwn } from 'native:inspector';
import { codes } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { adopt, release } from 'internal:handle';
import { load } from 'internal:load';
import { validateFunction, validateObject, validateString } from 'internal:validators';

// Domains that V8 doesn't have.
const OURS = /^(?:NodeRuntime|NodeWorker|Network)\./;

type Callback = (error: Error | null, result?: any) => void;

/** A connection to V8's inspector. Messages are answered before post returns, but for those that wait for promises. */
export class Session extends (EventEmitter as any) {
  #id = 0; // 0: not connected
  #far = false; // to the main thread, from a worker
  #aside = 0; // the session for what is not V8's; 0: none yet
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

  /**
   * Connects a worker to the inspector of the main thread. What that says comes in turns of the worker's loop, which it doesn't keep alive.
   * @throws ERR_INSPECTOR_NOT_WORKER, ERR_INSPECTOR_ALREADY_CONNECTED
   */
  connectToMainThread(): void {
    if (load('internal:workerthreads/state').state.isMainThread) {
      throw new codes.ERR_INSPECTOR_NOT_WORKER();
    }
    if (this.#id !== 0) {
      throw new codes.ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    }
    this.#id = connectMain();
    this.#far = true;
    adopt(this.#id, { onevent: (_event: number, message: string) => this.#receive(message) });
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
    const text = JSON.stringify(message);
    if (this.#far) tellMain(this.#id, text);
    else if (!OURS.test(method) || !this.#tellAside(text)) inspectorDispatch(this.#id, text);
  }

  #tellAside(text: string): boolean {
    if (this.#aside === 0) {
      this.#aside = joinOwn();
      adopt(this.#aside, { onevent: (_event: number, message: string) => this.#receive(message) });
    }
    const said = tellOwn(this.#aside, text);
    said?.forEach((message) => this.#receive(message));
    return said !== undefined;
  }

  /** Ends the session. What waits for an answer hears ERR_INSPECTOR_CLOSED. */
  disconnect(): void {
    if (this.#id === 0) {
      return;
    }
    if (this.#far) {
      leaveMain(this.#id);
      release(this.#id);
    } else {
      inspectorDisconnect(this.#id);
    }
    if (this.#aside !== 0) {
      leaveOwn(this.#aside);
      release(this.#aside);
    }
    this.#id = this.#aside = 0;
    this.#far = false;
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
