// Readable.from(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamreadablefromiterable-options

import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { FastBuffer } from 'internal:buffer';

/** A Readable (made by `Readable`, which imports this module) over an iterable or async iterable. */
export function from(Readable: any, iterable: any, options?: any): any {
  if (typeof iterable === 'string' || iterable instanceof FastBuffer) {
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  }

  let isAsync: boolean;
  let iterator: any;
  if (iterable?.[Symbol.asyncIterator]) {
    isAsync = true;
    iterator = iterable[Symbol.asyncIterator]();
  } else if (iterable?.[Symbol.iterator]) {
    isAsync = false;
    iterator = iterable[Symbol.iterator]();
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('iterable', ['Iterable'], iterable);
  }

  // Nothing is read ahead: an iterable may be lazy on purpose.
  const readable = new Readable({ objectMode: true, highWaterMark: 1, ...options });

  // Whether next() is at work.
  let pulling = false;
  readable._read = function() {
    if (pulling) return;
    pulling = true;
    if (isAsync) pull();
    else pullSync();
  };
  readable._destroy = function(error: any, cb: any) {
    close(error).then(() => nextTick(cb, error), (err) => nextTick(cb, err || error));
  };

  async function close(error: any): Promise<void> {
    if (error !== undefined && error !== null && typeof iterator.throw === 'function') {
      const { value, done } = await iterator.throw(error);
      await value;
      if (done) return;
    }
    if (typeof iterator.return === 'function') {
      const { value } = await iterator.return();
      await value;
    }
  }

  /** Gives one value; true when another is wanted. */
  function give(value: any): boolean {
    if (value === null) {
      pulling = false;
      throw new codes.ERR_STREAM_NULL_VALUES();
    }
    if (readable.push(value)) return true;
    pulling = false;
    return false;
  }

  /** A sync iterator costs no promise until it gives one. */
  function pullSync(): void {
    try {
      for (;;) {
        const { value, done } = iterator.next();
        if (done) {
          readable.push(null);
          return;
        }
        if (value && typeof value.then === 'function') {
          pull(value);
          return;
        }
        if (!give(value)) return;
      }
    } catch (err) {
      readable.destroy(err);
    }
  }

  async function pull(first?: any): Promise<void> {
    try {
      if (first !== undefined && !give(await first)) return;
      for (;;) {
        const { value, done } = isAsync ? await iterator.next() : iterator.next();
        if (done) {
          readable.push(null);
          return;
        }
        if (!give(value && typeof value.then === 'function' ? await value : value)) return;
      }
    } catch (err) {
      readable.destroy(err);
    }
  }
  return readable;
}
