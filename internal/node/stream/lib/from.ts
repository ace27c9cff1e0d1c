// Readable.from(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamreadablefromiterable-options

import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { FastBuffer } from 'internal:buffer';

function isThenable(value: any): boolean {
  return typeof value?.then === 'function';
}

/** Drives an iterator for a Readable. Nothing is read ahead: an iterable may be lazy on purpose. */
class Puller {
  readable: any;
  #iterator: any;
  #awaits: boolean;
  // next() is at work, or its result is.
  #busy = false;

  constructor(readable: any, iterator: any, awaits: boolean) {
    this.readable = readable;
    this.#iterator = iterator;
    this.#awaits = awaits;
  }

  pull(): void {
    if (this.#busy) return;
    this.#busy = true;
    if (this.#awaits) this.#pullAwaiting();
    else this.#pullAtOnce();
  }

  /** A sync iterator costs no promise until it gives one. */
  #pullAtOnce(): void {
    try {
      let wanted = true;
      while (wanted) {
        const step = this.#iterator.next();
        if (!step.done && isThenable(step.value)) {
          this.#pullAwaiting(step);
          return;
        }
        wanted = this.#give(step.done, step.value);
      }
    } catch (err) {
      this.readable.destroy(err);
    }
  }

  async #pullAwaiting(first?: any): Promise<void> {
    try {
      for (let step = first, wanted = true; wanted; step = undefined) {
        step ??= this.#awaits ? await this.#iterator.next() : this.#iterator.next();
        const value = !step.done && isThenable(step.value) ? await step.value : step.value;
        wanted = this.#give(step.done, value);
      }
    } catch (err) {
      this.readable.destroy(err);
    }
  }

  /** Answers whether another value is wanted now. */
  #give(done: boolean, value: any): boolean {
    if (done) {
      this.readable.push(null);
      return false;
    }
    this.#busy = value !== null && this.readable.push(value);
    if (value === null) throw new codes.ERR_STREAM_NULL_VALUES();
    return this.#busy;
  }

  /** Tells the iterator that nobody wants more, or why. */
  async close(reason: any): Promise<void> {
    const failed = reason !== undefined && reason !== null;
    for (const method of failed ? ['throw', 'return'] : ['return']) {
      if (typeof this.#iterator[method] !== 'function') continue;
      const { value, done } = await (method === 'throw' ? this.#iterator.throw(reason) : this.#iterator.return());
      await value;
      if (done) return;
    }
  }
}

/** A Readable (made by `Readable`, which imports this module) over an iterable or async iterable. */
export function from(Readable: any, iterable: any, options?: any): any {
  if (typeof iterable === 'string' || iterable instanceof FastBuffer) {
    const read = function(this: any) {
      this.push(iterable);
      this.push(null);
    };
    return new Readable({ objectMode: true, ...options, read });
  }
  const open = iterable?.[Symbol.asyncIterator] ?? iterable?.[Symbol.iterator];
  if (!open) throw new codes.ERR_INVALID_ARG_TYPE('iterable', ['Iterable'], iterable);

  const readable = new Readable({ objectMode: true, highWaterMark: 1, ...options });
  const puller = new Puller(readable, open.call(iterable), open === iterable[Symbol.asyncIterator]);
  readable._read = () => puller.pull();
  readable._destroy = (reason: any, callback: any) => {
    const answer = (err?: any) => nextTick(callback, err ?? reason);
    puller.close(reason).then(() => answer(), answer);
  };
  return readable;
}
