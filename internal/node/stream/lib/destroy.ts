// destroy() and its relatives as functions over streams of any kind: ours, those of packages, requests, those of the first kind.

import { AbortError } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { Life, lifeOf } from 'internal:stream/life';
import { isDestroyed, isFinished, isRequest, isServerRequest, kIsDestroyed } from 'internal:stream/state';

/** The method of all classes. */
export function destroy(this: any, err?: any, callback?: any): any {
  const life = lifeOf(this);
  if (life !== undefined) life.destroy(err, callback);
  else if (typeof callback === 'function') callback();
  return this;
}

/** Makes a destroyed stream usable again. */
export function undestroy(this: any): void {
  lifeOf(this)?.revive();
}

/** An error of the stream's own: destroys it, or only emits the error where autoDestroy is off. `later`: in the next tick. */
export function errorOrDestroy(stream: any, err: any, later?: boolean): void {
  const life: Life | undefined = lifeOf(stream);
  if (life !== undefined) {
    life.fail(err, later);
    return;
  }
  // The stream of a package that brought its own classes.
  const states = [stream._readableState, stream._writableState].filter(Boolean);
  if (states.some((state) => state.destroyed)) return;
  if (states.some((state) => state.autoDestroy)) stream.destroy(err);
  else if (err) stream.emit('error', err);
}

/** How to end a stream of which only the looks are known. */
function ending(stream: any): (err: any) => void {
  if (isServerRequest(stream)) {
    return (err) => {
      stream.socket = null;
      stream.destroy(err);
    };
  }
  if (isRequest(stream)) return () => stream.abort();
  if (isRequest(stream.req)) return () => stream.req.abort();
  if (typeof stream.destroy === 'function') return (err) => stream.destroy(err);
  if (typeof stream.close === 'function') return () => stream.close();
  return (err) => nextTick(endByEvents, stream, err);
}

/** One that has no method for it is told by events, the error a tick before 'close'. */
function endByEvents(stream: any, err: any): void {
  if (!err) {
    stream.emit('close');
    return;
  }
  stream.emit('error', err);
  nextTick(endByEvents, stream, null);
}

/** Destroys whatever kind of stream it is; with an AbortError if it wasn't finished. */
export function destroyer(stream: any, err?: any): void {
  if (!stream || isDestroyed(stream)) return;
  const reason = err || (isFinished(stream) ? err : new AbortError());
  ending(stream)(reason);
  if (!stream.destroyed) stream[kIsDestroyed] = true;
}
