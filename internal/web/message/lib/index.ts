// MessageChannel, MessagePort, MessageEvent, BroadcastChannel and structuredClone.
// https://nodejs.org/docs/latest-v24.x/api/worker_threads.html#class-messageport, https://html.spec.whatwg.org/multipage/web-messaging.html
//
// A port is an end of a channel: a queue that the other end fills. A message is a task of the loop: the receiver's handle wakes it in the poll
// phase, and ticks and microtasks run between two messages.
import { getContext, isUntransferable, markUncloneable, markUntransferable, setContext } from 'native:engine';
import { portClose, portNew, portRef, portSend } from 'native:web/message';
import { afterHook, beforeHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';
import { codes } from 'internal:errors';
import {
  Event, EventTarget, NodeEventTarget, defineEventHandler, initNodeEventTarget, kCreateEvent, kHybridDispatch, kNewListener, kRemoveListener,
} from 'internal:events/target';
import { adopt, release } from 'internal:handle';
import { load } from 'internal:load';
import { runTicks } from 'internal:process/task';
import { dataCloneError, deserialize, invalidArgument, kClone, kTransfer, serialize, structuredClone } from 'internal:web/message/clone';
import type { Serialized } from 'internal:web/message/clone';

export { structuredClone };

const { defineProperties, defineProperty, setPrototypeOf, create } = Object;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
const enumerable = { enumerable: true };

// ---- MessageEvent ----

/** https://html.spec.whatwg.org/multipage/comms.html#messageevent */
export class MessageEvent extends Event {
  #data: any;
  #origin: string;
  #lastEventId: string;
  #source: any;
  #ports: any[];
  constructor(type: any, init: any = undefined) {
    if (arguments.length === 0) {
      throw new TypeError('MessageEvent constructor: 1 argument required, but 0 found.');
    }
    super(type, init ?? undefined);
    const { data = null, origin = '', lastEventId = '', source = null, ports = [] } = init ?? {};
    if (source !== null && !isPort(source)) {
      throw new TypeError(`MessageEvent constructor: Expected eventInitDict.source ("${shown(source)}") to be an instance of MessagePort.`);
    }
    if (typeof ports?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`MessageEvent constructor: eventInitDict.ports (${shown(ports)}) is not iterable.`);
    }
    const list = [...ports];
    for (const port of list) {
      if (!isPort(port)) {
        throw new TypeError(`MessageEvent constructor: Expected eventInitDict.ports ("${shown(port)}") to be an instance of MessagePort.`);
      }
    }
    this.#data = data;
    this.#origin = `${origin}`;
    this.#lastEventId = `${lastEventId}`;
    this.#source = source;
    this.#ports = Object.freeze(list) as any[];
  }
  get data(): any {
    return this.#data;
  }
  get origin(): string {
    return this.#origin;
  }
  get lastEventId(): string {
    return this.#lastEventId;
  }
  get source(): any {
    return this.#source;
  }
  get ports(): any[] {
    return this.#ports;
  }
}
defineProperties(MessageEvent.prototype, {
  [Symbol.toStringTag]: { value: 'MessageEvent', configurable: true },
  data: enumerable, origin: enumerable, lastEventId: enumerable, source: enumerable, ports: enumerable,
});

function shown(value: any): string {
  return typeof value === 'object' || typeof value === 'function' ? load('internal:util/inspect').inspect(value) : String(value);
}

class MessagePortCloseEvent extends Event {
  constructor() {
    super('close');
  }
}

// ---- ends of channels ----

// Events of the handle.
const ON_MESSAGES = 0;

/** One end: it receives. The object that owns it may change when a port is transferred. */
class End {
  queue: (Serialized | null)[] = []; // null: the other end was closed
  peer: End | null = null;
  owner: any = null; // who delivers: a State of a port or a BroadcastChannel
  put(message: Serialized | null): void {
    this.queue.push(message);
    this.owner?.wake();
  }
}

/** What a port or broadcast channel has while it is open. */
class State {
  target: any;
  end: End | null;
  id = 0; // of the handle; 0: none yet
  receiving = false;
  refed = false;
  closed = false; // the handle is closing or was closed
  context: any;
  asyncId: number;
  triggerId: number;
  ports: any[] = [];
  constructor(target: any, end: End) {
    this.target = target;
    this.end = end;
    end.owner = this;
    this.context = getContext();
    this.asyncId = newAsyncId();
    this.triggerId = executionAsyncId();
  }
  /** Tells hooks of the target, once it is complete. */
  announce(): void {
    if (hooksActive[0] > 0) {
      initHook(this.asyncId, 'MESSAGEPORT', this.triggerId, this.target);
    }
  }
  // A channel that nobody listens to needs no handle.
  handle(): number {
    if (this.id === 0) {
      this.id = portNew();
      adopt(this.id, this);
    }
    return this.id;
  }
  wake(): void {
    if (this.receiving || this.end!.queue[0] === null) {
      portSend(this.handle());
    }
  }
  ref(value: boolean): void {
    if (this.closed || this.refed === value) {
      return;
    }
    this.refed = value;
    portRef(this.handle(), value);
  }
  start(): void {
    if (this.closed) {
      return;
    }
    this.receiving = true;
    if (this.end!.queue.length > 0) {
      portSend(this.handle());
    }
  }
  close(): void {
    if (this.closed) {
      return;
    }
    this.closed = true;
    portClose(this.handle());
  }
  // The handle is closed: the other end is told. Until now messages of the batch in progress were delivered.
  #detach(): void {
    const { end } = this;
    if (end === null) {
      return;
    }
    this.end = null;
    end.owner = null;
    const { peer } = end;
    end.peer = null;
    if (peer !== null) {
      peer.peer = null;
      peer.put(null);
    }
  }
  /** Called by the handle. */
  onevent(event: number): void {
    const before = getContext();
    setContext(this.context);
    pushAsyncId(this.asyncId, this.triggerId, this.target);
    try {
      if (event === ON_MESSAGES) {
        this.deliverAll();
      } else {
        release(this.id);
        this.refed = false;
        this.#detach();
        this.target[kOnClosed]();
      }
    } finally {
      setContext(before);
      popAsyncId(this.asyncId);
    }
  }
  deliverAll(): void {
    const { end } = this;
    if (end === null) {
      return;
    }
    let left = Math.max(end.queue.length, 1000);
    let first = true;
    try {
      while (left-- > 0 && this.end === end && end.queue.length > 0 && (this.receiving || end.queue[0] === null)) {
        if (!first) {
          runTicks();
          if (this.end !== end || end.queue.length === 0 || !(this.receiving || end.queue[0] === null)) {
            return;
          }
        }
        first = false;
        const message = end.queue.shift() as Serialized | null;
        if (message === null) {
          this.close();
          return;
        }
        if (hooksActive[0] > 0) {
          beforeHook(this.asyncId);
        }
        this.deliver(message);
        if (hooksActive[0] > 0) {
          afterHook(this.asyncId);
        }
      }
    } finally {
      if (this.end === end && !this.closed && end.queue.length > 0 && (this.receiving || end.queue[0] === null)) {
        portSend(this.id);
      }
    }
  }
  deliver(message: Serialized): void {
    const { target } = this;
    let data: any;
    let type = 'message';
    try {
      [data, this.ports] = open(message);
    } catch (err) {
      data = err;
      type = 'messageerror';
      this.ports = [];
    }
    target[kHybridDispatch](data, type, undefined);
    this.ports = [];
  }
}
const kOnClosed = Symbol('onClosed');
const kState = Symbol('kState');

// The value of a message, and the ports that came with it.
let arrived: any[] = [];
function open(message: Serialized): [any, any[]] {
  arrived = [];
  const data = deserialize(message);
  const ports = arrived;
  arrived = [];
  return [data, ports];
}

function stateOf(port: any): State | undefined {
  return port?.[kState];
}
function isPort(value: any): boolean {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && value instanceof (MessagePort as any) && stateOf(value) !== undefined;
}
function checkPort(port: any): State {
  const state = stateOf(port);
  if (state === undefined) {
    throw new TypeError('Illegal invocation');
  }
  return state;
}

// ---- MessagePort ----

/** One end of a channel. Made by MessageChannel alone. */
export function MessagePort(): never {
  throw new codes.ERR_CONSTRUCT_CALL_INVALID();
}
setPrototypeOf(MessagePort, NodeEventTarget);

const prototype: any = create(NodeEventTarget.prototype, {
  constructor: { value: MessagePort, writable: true, configurable: true, enumerable: false },
  [Symbol.toStringTag]: { value: 'MessagePort', configurable: true },
});
defineProperty(MessagePort, 'prototype', { value: prototype, writable: false });

function newPort(end: End): any {
  const port = create(prototype);
  initNodeEventTarget(port);
  const state = new State(port, end);
  defineProperty(port, kState, { value: state, writable: true, enumerable: false, configurable: false });
  state.announce();
  return port;
}
/** For the structured clone. */
export function makePort(end: End): any {
  const port = newPort(end);
  arrived.push(port);
  return port;
}

// The transfer list of postMessage: an iterable, or {transfer}.
function listOf(options: any): any[] {
  if (options === undefined || options === null) {
    return [];
  }
  if (typeof options !== 'object' && typeof options !== 'function') {
    throw invalidArgument('Optional transferList argument must be an iterable');
  }
  const list = elements(options);
  if (list !== undefined) {
    return list;
  }
  const { transfer } = options;
  if (transfer === undefined) {
    return [];
  }
  const inner = elements(transfer);
  if (inner === undefined) {
    throw invalidArgument('Optional options.transfer argument must be an iterable');
  }
  return inner;
}
// The elements of an iterable object; undefined for anything else.
function elements(value: any): any[] | undefined {
  if (value === null || typeof value !== 'object' || typeof value[Symbol.iterator] !== 'function') {
    return undefined;
  }
  const iterator = value[Symbol.iterator]();
  if (iterator === null || typeof iterator !== 'object' || typeof iterator.next !== 'function') {
    return undefined;
  }
  const out: any[] = [];
  for (;;) {
    const step = iterator.next();
    if (step === null || typeof step !== 'object') {
      return undefined;
    }
    if (step.done) {
      return out;
    }
    out.push(step.value);
  }
}

function method(name: string, value: Function, isEnumerable = true): void {
  defineProperty(prototype, name, { value, writable: true, enumerable: isEnumerable, configurable: true });
}
method('postMessage', function postMessage(this: any, message: any, options?: any): void {
  const state = checkPort(this);
  if (arguments.length === 0) {
    const err: any = new TypeError('Not enough arguments to MessagePort.postMessage');
    err.code = 'ERR_MISSING_ARGS';
    throw err;
  }
  const { end } = state;
  const list = listOf(options);
  const peer = state.closed ? null : (end?.peer ?? null);
  const carriesTarget = list.some((item) => peer !== null && stateOf(item)?.end === peer);
  const serialized = serialize(message, list, this);
  if (carriesTarget) {
    // The only receiver went away with the message.
    load('internal:process').process.emitWarning('The target port was posted to itself, and the communication channel was lost');
    state.close();
    return;
  }
  peer?.put(serialized);
});
method('start', function start(this: any): void {
  checkPort(this).start();
});
method('ref', function ref(this: any): void {
  checkPort(this).ref(true);
});
method('unref', function unref(this: any): void {
  checkPort(this).ref(false);
});
method('hasRef', function hasRef(this: any): boolean {
  const state = checkPort(this);
  return state.refed;
});
method('close', function close(this: any, callback?: any): void {
  if (typeof callback === 'function') {
    this.once('close', callback);
  }
  checkPort(this).close();
});
defineEventHandler(prototype, 'message');
defineEventHandler(prototype, 'messageerror');

defineProperties(prototype, {
  [kNewListener]: {
    value(this: any, size: number, type: string, ...rest: any[]) {
      (NodeEventTarget.prototype as any)[kNewListener].call(this, size, type, ...rest);
      if (type === 'message' && size === 1) {
        const state = stateOf(this)!;
        state.ref(true);
        state.start();
      }
    },
  },
  [kRemoveListener]: {
    value(this: any, size: number, type: string) {
      if (type === 'message' && size === 0) {
        // Messages wait for the next listener.
        const state = stateOf(this)!;
        state.ref(false);
        state.receiving = false;
      }
    },
  },
  [kCreateEvent]: {
    value(this: any, data: any, type: string) {
      if (type !== 'message' && type !== 'messageerror') {
        return (NodeEventTarget.prototype as any)[kCreateEvent].call(this, data, type);
      }
      return new MessageEvent(type, { data, ports: stateOf(this)!.ports });
    },
  },
  [kOnClosed]: {
    value(this: any) {
      this.dispatchEvent(new MessagePortCloseEvent());
    },
  },
  // Without being in the transfer list a port can't be cloned.
  [kClone]: { value: null },
  [kTransfer]: {
    value(this: any) {
      const state = checkPort(this);
      const { end } = state;
      if (state.closed || end === null) {
        throw dataCloneError('MessagePort in transfer list is already detached');
      }
      return ['internal:web/message', 'makePort', end, () => {
        state.end = null;
        end.owner = null;
        state.close();
      }];
    },
  },
  [inspectCustom]: {
    value(this: any, depth: number, options: any, inspect: any) {
      const state = stateOf(this);
      const shown: any = state === undefined || state.closed ? { active: false } : { active: true, refed: state.refed };
      if (depth < 0) {
        return '[MessagePort]';
      }
      return `MessagePort [EventTarget] ${inspect(shown, options)}`;
    },
  },
});

/** Two ports that are connected. */
export function MessageChannel(this: any): void {
  if (new.target === undefined) {
    const err: any = new TypeError('Cannot call constructor without `new`');
    err.code = 'ERR_CONSTRUCT_CALL_REQUIRED';
    throw err;
  }
  const a = new End();
  const b = new End();
  a.peer = b;
  b.peer = a;
  this.port1 = newPort(a);
  this.port2 = newPort(b);
}
defineProperty(MessageChannel.prototype, Symbol.toStringTag, { value: 'MessageChannel', configurable: true });

/**
 * Takes the oldest message of a port or broadcast channel.
 * @returns {message}, or undefined when there is none
 * @throws ERR_INVALID_ARG_TYPE
 */
export function receiveMessageOnPort(port: any): { message: any } | undefined {
  const state = stateOf(port);
  if (state === undefined) {
    throw invalidArgument('The "port" argument must be a MessagePort instance');
  }
  const message = state.end?.queue[0];
  if (message === undefined || message === null) {
    return undefined;
  }
  state.end!.queue.shift();
  return { message: open(message)[0] };
}

/** worker_threads.markAsUntransferable(object) */
export function markAsUntransferable(object: any): void {
  markUntransferable(object);
}
export function isMarkedAsUntransferable(object: any): boolean {
  return isUntransferable(object);
}
/** worker_threads.markAsUncloneable(object) */
export function markAsUncloneable(object: any): void {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) {
    return;
  }
  markUncloneable(object);
}

// ---- BroadcastChannel ----

// Differs from Node: there is one thread, so a message reaches the channels of this program.
const channels = new Map<string, Set<State>>();

let isBroadcastChannel: (value: any) => boolean;

/** Messages to all channels of the same name but the sender. */
export class BroadcastChannel extends EventTarget {
  #name: string;
  declare [kState]: State;
  constructor(name: any) {
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('name');
    }
    super();
    this.#name = `${name}`;
    const state = new State(this, new End());
    defineProperty(this, kState, { value: state, writable: true, enumerable: false });
    state.announce();
    let list = channels.get(this.#name);
    if (list === undefined) {
      channels.set(this.#name, (list = new Set()));
    }
    list.add(state);
    state.ref(true);
    state.start();
  }
  get name(): string {
    checkBroadcast(this);
    return this.#name;
  }
  static {
    isBroadcastChannel = (value) => typeof value === 'object' && value !== null && #name in value;
  }
  close(): void {
    const state = checkBroadcast(this);
    const list = channels.get(this.#name);
    if (list?.delete(state) && list.size === 0) {
      channels.delete(this.#name);
    }
    state.close();
  }
  postMessage(message: any): void {
    const state = checkBroadcast(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('message');
    }
    if (state.closed) {
      throw new (load('internal:web/domexception').DOMException)('BroadcastChannel is closed.', 'InvalidStateError');
    }
    const serialized = serialize(message, []);
    for (const other of channels.get(this.#name) ?? []) {
      if (other !== state) {
        other.end!.put(serialized);
      }
    }
  }
  ref(): this {
    checkBroadcast(this).ref(true);
    return this;
  }
  unref(): this {
    checkBroadcast(this).ref(false);
    return this;
  }
  [inspectCustom](depth: number, options: any, inspect: any): any {
    const state = checkBroadcast(this);
    if (depth < 0) {
      return 'BroadcastChannel';
    }
    return `BroadcastChannel ${inspect({ name: this.#name, active: !state.closed }, options)}`;
  }
  [kOnClosed](): void {
    // A closed channel tells nobody.
  }
  [kCreateEvent](data: any, type: string): any {
    return type === 'message' || type === 'messageerror' ? new MessageEvent(type, { data }) : super[kCreateEvent](data, type);
  }
}
function checkBroadcast(channel: any): State {
  if (!isBroadcastChannel(channel)) {
    throw new codes.ERR_INVALID_THIS('BroadcastChannel');
  }
  return channel[kState];
}
defineProperties(BroadcastChannel.prototype, {
  name: enumerable, close: enumerable, postMessage: enumerable, ref: enumerable, unref: enumerable,
  [inspectCustom]: { enumerable: false }, [kOnClosed]: { enumerable: false },
  [Symbol.toStringTag]: { value: 'BroadcastChannel', configurable: true },
});
defineEventHandler(BroadcastChannel.prototype, 'message');
defineEventHandler(BroadcastChannel.prototype, 'messageerror');
