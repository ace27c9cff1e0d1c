// worker_threads.moveMessagePortToContext: a port whose methods, messages and errors belong to another context of node:vm.
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { invalidArgument } from 'internal:web/message/clone';

// Runs in the other context; host holds functions of this one and never leaves its closure.
const program = `((host) => {
  'use strict';
  class DOMException extends Error {
    #code;
    constructor(message, name, code) { super(message); Object.defineProperty(this, 'name', { value: name, configurable: true }); this.#code = code; }
    get code() { return #code in this ? this.#code : undefined; }
  }
  const guard = (f) => {
    try { return f(); } catch (err) {
      if (host.isDOMException(err)) throw new DOMException(err.message + '', err.name + '', err.code);
      if (host.isForeign(err)) { const out = new Error(err.message + ''); out.name = err.name + ''; out.code = err.code; throw out; }
      throw err;
    }
  };
  class MessageEvent { constructor(type, data, ports, target) { this.type = type; this.data = data; this.ports = ports; this.target = target; } }
  class EventTarget {
    #listeners = new Map();
    addEventListener(type, listener) {
      if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
      this.#listeners.get(type).add(listener);
    }
    removeEventListener(type, listener) { this.#listeners.get(type)?.delete(listener); }
    dispatchEvent(event) {
      for (const listener of [...(this.#listeners.get(event.type) ?? [])]) {
        if (typeof listener === 'function') listener.call(this, event); else listener.handleEvent(event);
      }
      return true;
    }
  }
  class MessagePort extends EventTarget {
    #port;
    #onmessage;
    #onmessageerror;
    constructor(port) { super(); this.#port = port; }
    postMessage(...args) { guard(() => host.post(this.#port, ...args)); }
    start() { guard(() => host.start(this.#port)); }
    close() { guard(() => host.close(this.#port)); }
    ref() { guard(() => host.ref(this.#port)); }
    unref() { guard(() => host.unref(this.#port)); }
    hasRef() { return guard(() => host.hasRef(this.#port)); }
    get onmessage() { return #port in this ? this.#onmessage : undefined; }
    set onmessage(f) { this.#onmessage = f; if (typeof f === 'function') { this.ref(); this.start(); } }
    get onmessageerror() { return #port in this ? this.#onmessageerror : undefined; }
    set onmessageerror(f) { this.#onmessageerror = f; }
    static deliver(port, type, data, ports) {
      const event = new MessageEvent(type, data, Array.from(ports), port);
      const handler = type === 'message' ? port.#onmessage : type === 'messageerror' ? port.#onmessageerror : undefined;
      if (typeof handler === 'function') handler.call(port, event);
      port.dispatchEvent(event);
    }
  }
  return { make: (port) => new MessagePort(port), deliver: MessagePort.deliver };
})`;

/** @throws ERR_INVALID_ARG_TYPE, ERR_CLOSED_MESSAGE_PORT */
export function moveToContext(port: any, context: any): any {
  const { makeMoved, stateFor } = load('internal:web/message');
  const state = stateFor(port);
  if (state === undefined) {
    throw invalidArgument('The "port" argument must be a MessagePort instance');
  }
  if (state.end === null || state.closed) {
    throw new codes.ERR_CLOSED_MESSAGE_PORT();
  }
  const vm = load('node:vm').default;
  if (typeof context !== 'object' || context === null || !vm.isContext(context)) {
    throw invalidArgument('Invalid context argument');
  }
  const { isDOMException } = load('internal:web/domexception');
  const real = (p: any) => stateFor(p)?.target ?? p;
  const maker = vm.runInContext(program, context)({
    isDOMException,
    isForeign: (err: any) => err instanceof Error,
    post: (p: any, message: any, list: any) => p.postMessage(message, list === undefined ? undefined : Array.isArray(list) ? list.map(real) : list),
    start: (p: any) => p.start(),
    close: (p: any) => p.close(),
    ref: (p: any) => p.ref(),
    unref: (p: any) => p.unref(),
    hasRef: (p: any) => p.hasRef(),
  });
  return makeMoved(port, vm.runInContext('({})', context), maker);
}
