// Named channels that report what happens inside modules, and tracing channels for operations with a start and an end.
// https://nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html

import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateFunction } from 'internal:validators';
import { nextTick } from 'internal:process/task';
import { WeakReference } from 'internal:util';

const { apply } = Reflect;
const { defineProperty, getPrototypeOf } = Object;

// A subscriber's error is nobody's business but the process's: it surfaces as an uncaught exception.
function throwLater(error: unknown): void {
  nextTick(() => {
    throw error;
  });
}

// Channels by name. One without subscribers may be collected when nobody holds it; the next channel() makes another.
const channels = new Map<string | symbol, WeakReference<Channel>>();
const collected = new FinalizationRegistry<string | symbol>((name) => {
  if (channels.get(name)?.get() === undefined) {
    channels.delete(name);
  }
});

type Subscriber = (message: unknown, name: string | symbol) => void;
type Transform = (data: any) => unknown;

export class Channel {
  _subscribers: readonly Subscriber[] | undefined = undefined;
  _stores: Map<any, Transform | undefined> | undefined = undefined;
  declare name: string | symbol;

  constructor(name: string | symbol) {
    this.name = name;
    if (!channels.has(name) || channels.get(name)!.get() === undefined) {
      channels.set(name, new WeakReference(this));
      collected.register(this, name);
    }
  }

  // Throws the language's TypeError for null and undefined.
  static [Symbol.hasInstance](value: any): boolean {
    const proto = getPrototypeOf(value);
    return proto === Channel.prototype || (proto !== null && isPrototypeOf.call(Channel.prototype, proto));
  }

  /** Whether publish reaches anybody. */
  get hasSubscribers(): boolean {
    return this._subscribers !== undefined || this._stores !== undefined;
  }

  subscribe(subscription: Subscriber): void {
    validateFunction(subscription, 'subscription');
    // Copied on write: a publish that runs sees the subscribers that it began with.
    this._subscribers = this._subscribers === undefined ? [subscription] : [...this._subscribers, subscription];
    channels.get(this.name)?.incRef();
  }

  unsubscribe(subscription: Subscriber): boolean {
    const list = this._subscribers;
    const at = list === undefined ? -1 : list.indexOf(subscription);
    if (at === -1) {
      return false;
    }
    this._subscribers = list!.length === 1 ? undefined : list!.toSpliced(at, 1);
    channels.get(this.name)?.decRef();
    return true;
  }

  /** While runStores runs its function, store holds what transform makes of the data. */
  bindStore(store: any, transform?: Transform): void {
    this._stores ??= new Map();
    if (!this._stores.has(store)) {
      channels.get(this.name)?.incRef();
    }
    this._stores.set(store, transform);
  }

  unbindStore(store: any): boolean {
    if (this._stores === undefined || !this._stores.delete(store)) {
      return false;
    }
    if (this._stores.size === 0) {
      this._stores = undefined;
    }
    channels.get(this.name)?.decRef();
    return true;
  }

  publish(data: unknown): void {
    const list = this._subscribers;
    if (list === undefined) {
      return;
    }
    for (let i = 0; i < list.length; i++) {
      try {
        (0, list[i])(data, this.name);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  /** Calls fn with the bound stores entered, after publishing data. */
  runStores(data: unknown, fn: (...args: any[]) => any, thisArg?: unknown, ...args: any[]): any {
    const publishAndCall = (): any => {
      this.publish(data);
      return apply(fn, thisArg, args);
    };
    // The store that was bound last is entered first.
    let enter = publishAndCall;
    this._stores?.forEach((transform, store) => {
      enter = inStore(store, data, enter, transform);
    });
    return enter();
  }
}
const { isPrototypeOf } = Object.prototype;

function inStore(store: any, data: unknown, next: () => any, transform: Transform | undefined): () => any {
  return () => {
    let context = data;
    if (transform !== undefined) {
      try {
        context = transform(data);
      } catch (error) {
        throwLater(error);
        return next();
      }
    }
    return store.run(context, next);
  };
}

/** The channel of this name. */
export function channel(name: string | symbol): Channel {
  const known = channels.get(name)?.get();
  if (known !== undefined) {
    return known;
  }
  if (typeof name !== 'string' && typeof name !== 'symbol') {
    throw new codes.ERR_INVALID_ARG_TYPE('channel', ['string', 'symbol'], name);
  }
  return new Channel(name);
}

export function subscribe(name: string | symbol, subscription: Subscriber): void {
  channel(name).subscribe(subscription);
}

export function unsubscribe(name: string | symbol, subscription: Subscriber): boolean {
  return channel(name).unsubscribe(subscription);
}

/** Whether the channel of this name has subscribers; doesn't make one. */
export function hasSubscribers(name: string | symbol): boolean {
  return channels.get(name)?.get()?.hasSubscribers ?? false;
}

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
type EventName = (typeof events)[number];

function eventChannel(from: any, event: EventName): Channel {
  if (typeof from === 'string') {
    return channel(`tracing:${from}:${event}`);
  }
  if (typeof from === 'object' && from !== null) {
    const given = from[event];
    if (!(given instanceof Channel)) {
      throw new codes.ERR_INVALID_ARG_TYPE(`nameOrChannels.${event}`, ['Channel'], given);
    }
    return given;
  }
  throw new codes.ERR_INVALID_ARG_TYPE('nameOrChannels', ['string', 'object', 'TracingChannel'], from);
}

type Handlers = Partial<Record<EventName, Subscriber>>;

/** The five channels of one kind of operation. */
export class TracingChannel {
  declare start: Channel;
  declare end: Channel;
  declare asyncStart: Channel;
  declare asyncEnd: Channel;
  declare error: Channel;

  constructor(nameOrChannels: any) {
    for (const event of events) {
      defineProperty(this, event, { __proto__: null as never, value: eventChannel(nameOrChannels, event) });
    }
  }

  get hasSubscribers(): boolean {
    return events.some((event) => this[event].hasSubscribers);
  }

  subscribe(handlers: Handlers): void {
    for (const event of events) {
      const handler = handlers[event];
      if (handler) {
        this[event]?.subscribe(handler);
      }
    }
  }

  unsubscribe(handlers: Handlers): boolean {
    let done = true;
    for (const event of events) {
      const handler = handlers[event];
      if (handler && !this[event]?.unsubscribe(handler)) {
        done = false;
      }
    }
    return done;
  }

  /** Traces a synchronous call. */
  traceSync(fn: Traced, context: any = {}, thisArg?: unknown, ...args: any[]): any {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const operation = new Operation(this, context);
    return operation.begin(() => (context.result = apply(fn, thisArg, args)));
  }

  /** Traces a call that returns a promise. */
  tracePromise(fn: Traced, context: any = {}, thisArg?: unknown, ...args: any[]): any {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const operation = new Operation(this, context);
    return operation.begin(() => {
      const returned = apply(fn, thisArg, args);
      const promise = returned instanceof Promise ? returned : Promise.resolve(returned);
      return promise.then((result: unknown) => {
        operation.settle(undefined, result);
        operation.resume();
        return result;
      }, (reason: unknown) => {
        operation.fail(reason);
        operation.resume();
        throw reason;
      });
    });
  }

  /** Traces a call whose argument at position is a callback (error, result). */
  traceCallback(fn: Traced, position = -1, context: any = {}, thisArg?: unknown, ...args: any[]): any {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const callback = args.at(position);
    validateFunction(callback, 'callback');
    const operation = new Operation(this, context);
    args.splice(position, 1, function traced(this: unknown, ...results: any[]): void {
      operation.settle(results[0], results[1]);
      operation.resumeWith(() => apply(callback, this, results));
    });
    return operation.begin(() => apply(fn, thisArg, args));
  }
}

type Traced = (...args: any[]) => any;

/** One traced call: what it reports goes through one context object, whose `result` or `error` the subscribers read. */
class Operation {
  to: TracingChannel;
  context: any;
  constructor(to: TracingChannel, context: any) {
    this.to = to;
    this.context = context;
  }

  /** The part until the function returns: start, then end whatever happens, and error when it throws. */
  begin(body: () => any): any {
    // The channels as they are now: what a subscriber does to the object changes nothing for this call.
    const { start, end } = this.to;
    return start.runStores(this.context, () => {
      try {
        return body();
      } catch (thrown) {
        this.fail(thrown);
        throw thrown;
      } finally {
        end.publish(this.context);
      }
    });
  }

  fail(reason: unknown): void {
    this.context.error = reason;
    this.to.error.publish(this.context);
  }

  /** By Node's convention of callbacks: a truthy error, or a result. */
  settle(reason: unknown, result: unknown): void {
    if (reason) this.fail(reason);
    else this.context.result = result;
  }

  /** The part after the wait, where nothing of the program runs in between. */
  resume(): void {
    this.to.asyncStart.publish(this.context);
    this.to.asyncEnd.publish(this.context);
  }

  /** The same around the program's callback, which runs in the stores that are bound to asyncStart. */
  resumeWith(callback: () => any): void {
    this.to.asyncStart.runStores(this.context, () => {
      try {
        return callback();
      } finally {
        this.to.asyncEnd.publish(this.context);
      }
    });
  }
}

/** The tracing channel of this name, or of these channels. */
export function tracingChannel(nameOrChannels: any): TracingChannel {
  return new TracingChannel(nameOrChannels);
}

// The loaders don't wait for this module: they are told when somebody may listen.
load('internal:module/cjs').setRequireTracing(tracingChannel('module.require'));
load('internal:module/esm').setImportTracing(tracingChannel('module.import'));
