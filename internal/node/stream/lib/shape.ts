// How the classes of streams are put together: their listeners' shape, methods from options, properties that ask the state.

import { DOOMED, OVER, kLife } from 'internal:stream/life';

const { defineProperty, getOwnPropertyDescriptors } = Object;

// The `_events` of a new stream has its usual types from the start, so that all streams of a kind share one shape.
// The prototype is empty: 'constructor' is no listener. (A literal with `__proto__: null` would be a slow dictionary.)
const noPrototype = Object.freeze(Object.create(null));

export function ReadableEvents(this: any): void {
  this.data = this.end = this.readable = this.error = this.close = undefined;
}

export function WritableEvents(this: any): void {
  this.drain = this.finish = this.prefinish = this.error = this.close = undefined;
}

export function DuplexEvents(this: any): void {
  (ReadableEvents as any).call(this);
  this.drain = this.finish = this.prefinish = undefined;
}

for (const events of [ReadableEvents, WritableEvents, DuplexEvents]) events.prototype = noPrototype;

// Takes the methods that are among the options, each under its name with '_'. Written out: a loop over names took as long as all else
// in making a stream.

export function takeSourceMethods(stream: any, { read }: any): void {
  if (typeof read === 'function') stream._read = read;
}

export function takeSinkMethods(stream: any, { write, writev, final }: any): void {
  if (typeof write === 'function') stream._write = write;
  if (typeof writev === 'function') stream._writev = writev;
  if (typeof final === 'function') stream._final = final;
}

export function takeLifeMethods(stream: any, { destroy, construct }: any): void {
  if (typeof destroy === 'function') stream._destroy = destroy;
  if (typeof construct === 'function') stream._construct = construct;
}

/** Puts the accessors of `properties` on a prototype, not enumerable. */
export function addProperties(prototype: any, properties: any): void {
  for (const [name, descriptor] of Object.entries(getOwnPropertyDescriptors(properties))) {
    defineProperty(prototype, name, { ...(descriptor as any), enumerable: false });
  }
}

/** What all classes answer from their Life; `where`: the state by which they find it. */
export function addLifeProperties(prototype: any, where: string): void {
  const life = (stream: any): any => stream[where]?.[kLife];
  addProperties(prototype, {
    get destroyed(): boolean { return ((life(this)?.bits ?? 0) & DOOMED) !== 0; },
    set destroyed(value: any) {
      const state = (this as any)[where];
      if (state) state.destroyed = value;
    },
    get closed(): boolean { return ((life(this)?.bits ?? 0) & OVER) !== 0; },
    get errored(): any { return life(this)?.error ?? null; },
  });
}
