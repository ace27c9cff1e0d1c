// The first kind of stream: an EventEmitter with a pipe(). https://nodejs.org/docs/latest-v24.x/api/stream.html

import { EventEmitter } from 'internal:events/emitter';

const { setPrototypeOf } = Object;
const { isArray } = Array;

export function Stream(this: any, options?: any): void {
  (EventEmitter as any).call(this, options);
}
setPrototypeOf(Stream.prototype, EventEmitter.prototype);
setPrototypeOf(Stream, EventEmitter);

Stream.prototype.pipe = function(dest: any, options?: any): any {
  const source = this;

  function ondata(chunk: any): void {
    if (dest.writable && dest.write(chunk) === false && source.pause) source.pause();
  }
  source.on('data', ondata);

  function ondrain(): void {
    if (source.readable && source.resume) source.resume();
  }
  dest.on('drain', ondrain);

  // Stdio is never ended.
  if (!dest._isStdio && (!options || options.end !== false)) {
    source.on('end', onend);
    source.on('close', onclose);
  }
  let ended = false;
  function onend(): void {
    if (ended) return;
    ended = true;
    dest.end();
  }
  function onclose(): void {
    if (ended) return;
    ended = true;
    if (typeof dest.destroy === 'function') dest.destroy();
  }

  // An error without another listener is thrown.
  function onerror(this: any, err: any): void {
    cleanup();
    if (EventEmitter.prototype.listenerCount.call(this, 'error') === 0) this.emit('error', err);
  }
  prependListener(source, 'error', onerror);
  prependListener(dest, 'error', onerror);

  function cleanup(): void {
    source.removeListener('data', ondata);
    dest.removeListener('drain', ondrain);
    source.removeListener('end', onend);
    source.removeListener('close', onclose);
    source.removeListener('error', onerror);
    dest.removeListener('error', onerror);
    source.removeListener('end', cleanup);
    source.removeListener('close', cleanup);
    dest.removeListener('close', cleanup);
  }
  source.on('end', cleanup);
  source.on('close', cleanup);
  dest.on('close', cleanup);
  dest.emit('pipe', source);
  return dest;
};

Stream.prototype.eventNames = function eventNames(): any[] {
  return EventEmitter.prototype.eventNames.call(this);
};

/** Puts the listener first, also on emitters of packages that lack prependListener(). */
export function prependListener(emitter: any, type: any, listener: any): any {
  if (typeof emitter.prependListener === 'function') return emitter.prependListener(type, listener);
  const existing = emitter._events?.[type];
  if (!existing) emitter.on(type, listener);
  else if (isArray(existing)) existing.unshift(listener);
  else emitter._events[type] = [listener, existing];
  return undefined;
}
