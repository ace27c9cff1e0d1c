// Stream, the first kind of stream: an EventEmitter that can be piped. All classes of streams inherit from it.
// https://nodejs.org/docs/latest-v24.x/api/stream.html

import { EventEmitter } from 'internal:events/emitter';

export function Stream(this: any, options?: any): void {
  EventEmitter.call(this, options);
}
Object.setPrototypeOf(Stream, EventEmitter);
const S: any = Object.setPrototypeOf(Stream.prototype, EventEmitter.prototype);

/** Listens on two emitters, and takes all of it back at once. */
class Listening {
  #all: Array<[any, string, any]> = [];

  add(emitter: any, event: string, listener: any, first?: boolean): void {
    if (first) prependListener(emitter, event, listener);
    else emitter.on(event, listener);
    this.#all.push([emitter, event, listener]);
  }

  stop = (): void => {
    for (const [emitter, event, listener] of this.#all.splice(0)) emitter.removeListener(event, listener);
  };
}

S.pipe = function(dest: any, options?: any): any {
  const from = this;
  const listening = new Listening();

  // The destination may be told of one end only.
  let open = options?.end !== false && !dest._isStdio;
  const finish = (how: 'end' | 'destroy') => {
    if (open && typeof dest[how] === 'function') dest[how]();
    open = false;
  };
  // An error without another listener is thrown.
  const failed = function(this: any, err: any): void {
    listening.stop();
    if (EventEmitter.prototype.listenerCount.call(this, 'error') === 0) this.emit('error', err);
  };

  listening.add(from, 'data', (chunk: any) => {
    if (dest.writable && dest.write(chunk) === false) from.pause?.();
  });
  listening.add(dest, 'drain', () => {
    if (from.readable) from.resume?.();
  });
  if (open) {
    listening.add(from, 'end', () => finish('end'));
    listening.add(from, 'close', () => finish('destroy'));
  }
  for (const side of [from, dest]) {
    listening.add(side, 'error', failed, true);
    listening.add(side, 'close', listening.stop);
  }
  listening.add(from, 'end', listening.stop);

  dest.emit('pipe', from);
  return dest;
};

S.eventNames = function eventNames(): any[] {
  return EventEmitter.prototype.eventNames.call(this);
};

/** Puts the listener first, also on emitters of packages that lack prependListener(). */
export function prependListener(emitter: any, event: string, listener: any): void {
  if (typeof emitter.prependListener === 'function') {
    emitter.prependListener(event, listener);
    return;
  }
  const others = emitter._events?.[event];
  if (others) emitter._events[event] = [listener].concat(others);
  else emitter.on(event, listener);
}
