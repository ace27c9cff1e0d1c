// MessageChannel, MessagePort, MessageEvent, BroadcastChannel and structuredClone.
// https://nodejs.org/docs/latest-v24.x/api/worker_threads.html#class-messageport, https://html.spec.whatwg.org/multipage/web-messaging.html
//
// A port holds an end of a channel: a queue outside the heap that the other end fills, perhaps from another thread. A message is a task of the
// loop: the receiver's handle wakes it in the poll phase, and ticks and microtasks run between two messages.
import { getContext, isUntransferable, markUncloneable, markUntransferable, setContext } from 'native:engine';
import {
  broadcastJoin, broadcastSend, channelNew, endClose, endFaces, endHold, endLength, endOpen, endReceive, endReceiving, endSend,
  messageOpen,
} from 'native:web/message';
import { afterHook, beforeHook, executionAsyncId, hooksActive, initHook, newAsyncId, popAsyncId, pushAsyncId } from 'internal:asynchooks/state';
import { codes } from 'internal:errors';
import {
  Event, EventTarget, NodeEventTarget, defineEventHandler, initNodeEventTarget, kCreateEvent, kHybridDispatch, kNewListener, kRemoveListener,
} from 'internal:events/target';
import { adopt, release } from 'internal:handle';
import { load } from 'internal:load';
import { runTicks } from 'internal:process/task';
import {
  dataCloneError, deserialize, dispose, invalidArgument, kClone, kTransfer, messageOf, openParcel, parcelOf, received, serialize, structuredClone,
} from 'internal:web/message/clone';

export { openParcel, parcelOf, serialize, structuredClone };

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

/** What a port or broadcast channel has while it is open. */
class State {
  target: any;
  end: object | null; // a reference of Go's; null: transferred or closed
  id = 0; // of the handle; 0: none yet
  refed = false;
  closed = false; // the handle is closing or was closed
  context: any;
  asyncId: number;
  triggerId: number;
  ports: any[] = [];
  realm: object | undefined; // of another context, into which messages are made
  maker: any; // and what makes ports there
  constructor(target: any, end: object) {
    this.target = target;
    this.end = end;
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
  /** Opens the handle: from now on the port hears of messages. One that nobody listens to needs none, and can be collected. */
  open(): void {
    if (this.id === 0 && this.end !== null) {
      this.id = endOpen(this.end);
      adopt(this.id, this);
    }
  }
  ref(value: boolean): void {
    if (this.closed || this.refed === value || this.end === null) {
      return;
    }
    this.refed = value;
    this.open();
    endHold(this.end, value);
  }
  receive(on: boolean): void {
    if (this.closed || this.end === null || (!on && this.id === 0)) {
      return;
    }
    this.open();
    endReceiving(this.end, on);
  }
  close(): void {
    if (this.closed || this.end === null) {
      return;
    }
    this.open();
    this.closed = true;
    endClose(this.end);
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
        this.end = null;
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
    let left = Math.max(endLength(end), 1000);
    let first = true;
    try {
      while (left-- > 0 && this.end === end) {
        if (!first) {
          if (endLength(end) === 0) {
            return;
          }
          runTicks();
          if (this.end !== end) {
            return;
          }
        }
        first = false;
        const message = endReceive(end, true);
        if (message === undefined) {
          return;
        }
        if (message === null) { // the other side was closed: this one keeps nothing alive any more, though closing takes a turn
          this.close();
          this.refed = false;
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
      if (this.end === end && !this.closed && endLength(end) > 0) {
        endReceiving(end, true); // calls back again
      }
    }
  }
  deliver(message: any): void {
    const { target } = this;
    let data: any;
    let type = 'message';
    try {
      [data, this.ports] = open(message, this);
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
function open(message: any, state: State): [any, any[]] {
  arrived = [];
  currentMaker = state.maker === undefined ? undefined : state;
  try {
    const data = deserialize(received(message), state.realm);
    return [data, arrived];
  } finally {
    arrived = [];
    currentMaker = undefined;
  }
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

function newPort(end: object): any {
  const port = create(prototype);
  initNodeEventTarget(port);
  const state = new State(port, end);
  defineProperty(port, kState, { value: state, writable: true, enumerable: false, configurable: false });
  state.announce();
  return port;
}
// The maker of objects for the context into which messages are being read.
let currentMaker: any;
/** For the structured clone. */
export function makePort(end: object): any {
  let port = newPort(end);
  if (currentMaker !== undefined) {
    port = moved(port, currentMaker.realm, currentMaker.maker);
  }
  arrived.push(port);
  return port;
}

// Moved ports by what stands for them in the other context.
const movedPorts = new WeakMap<object, State>();
function moved(port: any, realm: object, maker: any): any {
  const state = stateOf(port)!;
  const outside = maker.make(port);
  state.realm = realm;
  state.maker = maker;
  movedPorts.set(outside, state);
  const before = port[kHybridDispatch];
  defineProperty(port, kHybridDispatch, {
    value(data: any, type: string, target: any): any {
      if (type === 'message' || type === 'messageerror') {
        maker.deliver(outside, type, data, state.ports);
        return undefined;
      }
      return before.call(port, data, type, target);
    },
  });
  return outside;
}
/** For moveMessagePortToContext: the port's end goes to a port that realm's context sees through what maker makes. */
export function makeMoved(port: any, realm: object, maker: any): any {
  const carried = serialize(port, [port]);
  const inner = deserialize(received(messageOpen(parcelOf(carried))));
  arrived = [];
  return moved(inner, realm, maker);
}
/** The state of a port, moved or not. */
export function stateFor(port: any): State | undefined {
  return isPort(port) ? stateOf(port) : typeof port === 'object' && port !== null ? movedPorts.get(port) : undefined;
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
  const list = listOf(options);
  const end = state.closed ? null : state.end;
  const carriesTarget = end !== null && list.some((item) => stateOf(item)?.end && endFaces(end, stateOf(item)!.end!));
  const serialized = serialize(message, list, this);
  if (carriesTarget) {
    // The only receiver goes away with the message.
    load('internal:process').process.emitWarning('The target port was posted to itself, and the communication channel was lost');
    dispose(serialized);
    state.close();
    return;
  }
  if (end === null) {
    dispose(serialized);
    return;
  }
  endSend(end, messageOf(serialized));
});
method('start', function start(this: any): void {
  checkPort(this).receive(true);
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
        state.receive(true);
      } else if (type === 'close') {
        stateOf(this)?.open();
      }
    },
  },
  [kRemoveListener]: {
    value(this: any, size: number, type: string) {
      if (type === 'message' && size === 0) {
        // Messages wait for the next listener.
        const state = stateOf(this)!;
        state.ref(false);
        state.receive(false);
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
        // The end leaves with the message; the handle, if there is one, closes.
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
  const [a, b] = channelNew();
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
  const state = movedPorts.get(port) ?? stateOf(port);
  if (state === undefined) {
    throw invalidArgument('The "port" argument must be a MessagePort instance');
  }
  const message = state.end === null ? undefined : endReceive(state.end, false);
  if (message === undefined || message === null) {
    return undefined;
  }
  return { message: open(message, state)[0] };
}

/** worker_threads.moveMessagePortToContext(port, context) */
export function moveMessagePortToContext(port: any, context: any): any {
  return load('internal:web/message/move').moveToContext(port, context);
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
    const state = new State(this, broadcastJoin(this.#name));
    defineProperty(this, kState, { value: state, writable: true, enumerable: false });
    state.announce();
    state.ref(true);
    state.receive(true);
  }
  get name(): string {
    checkBroadcast(this);
    return this.#name;
  }
  static {
    isBroadcastChannel = (value) => typeof value === 'object' && value !== null && #name in value;
  }
  close(): void {
    checkBroadcast(this).close();
  }
  postMessage(message: any): void {
    const state = checkBroadcast(this);
    if (arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('message');
    }
    if (state.closed) {
      throw new (load('internal:web/domexception').DOMException)('BroadcastChannel is closed.', 'InvalidStateError');
    }
    broadcastSend(state.end!, messageOf(serialize(message, [])));
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
