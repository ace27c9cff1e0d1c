// Performance entries of the type http2: what a session and a stream took. https://nodejs.org/docs/latest-v24.x/api/perf_hooks.html#http2
// They are measured only while somebody observes.
import { load } from 'internal:load';
import { now, observed as observers } from 'internal:perfhooks/observed';

export { now };

interface Measured {
  id: number | undefined;
  started: number;
  firstHeader: number;
  firstByte: number;
  firstByteSent: number;
  bytesIn: number;
  bytesOut: number;
}

const { defineProperty } = Object;

export function observed(): boolean {
  return observers.http2 > 0;
}

/** Makes an entry whose details are its own properties, too, as they were in older versions. */
export function report(name: string, start: number, detail: any): void {
  const entry: any = load('internal:perfhooks/entry').createNodeEntry(name, 'http2', start, now() - start, detail);
  for (const key of Object.keys(detail)) {
    defineProperty(entry, key, { __proto__: null, configurable: true, enumerable: true, writable: true, value: detail[key] } as any);
  }
  load('internal:perfhooks/timeline').enqueue(entry);
}

/** Begins to measure a stream, or reports it. */
export function observeStream(state: Measured, over = false): void {
  if (!over) {
    if (observed()) state.started = now();
    return;
  }
  if (state.started === 0 || !observed()) return;
  const since = (at: number): number => (at === 0 ? 0 : at - state.started);
  report('Http2Stream', state.started, {
    id: state.id, timeToFirstByte: since(state.firstByte), timeToFirstHeader: since(state.firstHeader), timeToFirstByteSent: since(state.firstByteSent),
    bytesWritten: state.bytesOut, bytesRead: state.bytesIn,
  });
}

export function noteByte(state: Measured): void {
  if (state.firstByte === 0) state.firstByte = now();
}

export function noteSent(state: Measured): void {
  if (state.firstByteSent === 0) state.firstByteSent = now();
}
