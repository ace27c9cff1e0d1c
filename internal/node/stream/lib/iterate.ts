// The async iterator of Readable. https://nodejs.org/docs/latest-v24.x/api/stream.html#readablesymbolasynciterator
//
// Written as a state machine and not as an async generator: a chunk that is there is given with one promise instead of three.
// As with a generator nothing happens before the first next(), and calls that overlap are answered one after the other.

import { aggregateTwoErrors } from 'internal:errors';
import { destroyer } from 'internal:stream/destroy';
import { eos } from 'internal:stream/endofstream';
import { nop } from 'internal:stream/state';

const { getPrototypeOf } = Object;

const asyncIteratorPrototype = getPrototypeOf(getPrototypeOf((async function* () { /* for its prototype */ }).prototype));

const NEW = 0;
const OPEN = 1;
const DONE = 2;

class ChunkIterator {
  /** Before the first next() it may be a function that gives the stream. */
  stream: any;
  #phase = NEW;
  #keepsStream: boolean;
  // How the stream ended: undefined while it hasn't, null when well.
  #outcome: any = undefined;
  // The last call that had to wait, and what wakes it.
  #last: Promise<any> | null = null;
  #pending = 0;
  #wake: (() => void) | null = null;
  #stopWatching: any = null;

  constructor(stream: any, keepsStream: boolean) {
    this.stream = stream;
    this.#keepsStream = keepsStream;
  }

  next(): Promise<any> {
    return this.#last === null ? this.#pull(false) : this.#inTurn(() => this.#pull(true));
  }

  return(value?: any): Promise<any> {
    return this.#last === null ? this.#quit(value) : this.#inTurn(() => this.#quit(value));
  }

  throw(err: any): Promise<any> {
    return this.#last === null ? this.#break(err) : this.#inTurn(() => this.#break(err));
  }

  /** `inTurn`: called from the queue of those that wait, and not from next() itself. */
  #pull(inTurn: boolean): Promise<any> {
    if (this.#phase === DONE) return Promise.resolve({ value: undefined, done: true });
    if (this.#phase === NEW) return inTurn ? this.#start() : this.#inTurn(() => this.#start());
    let chunk: any;
    try {
      chunk = this.#read();
    } catch (thrown) {
      return this.#break(thrown);
    }
    if (chunk === null && this.#outcome !== undefined) return this.#finish();
    if (chunk !== null && typeof chunk.then !== 'function') return Promise.resolve({ value: chunk, done: false });
    // Streams of promises give what they resolve to.
    const work = chunk === null ? () => this.#wait() : () => this.#resolved(chunk);
    return inTurn ? work() : this.#inTurn(work);
  }

  #read(): any {
    return this.stream.destroyed ? null : this.stream.read();
  }

  /** The first chunk never comes at once, though it is read now: who has just asked may still abort. */
  async #start(): Promise<any> {
    try {
      this.#open();
    } catch (thrown) {
      return this.#break(thrown);
    }
    const first = this.#pull(true);
    await undefined;
    return first;
  }

  #open(): void {
    if (typeof this.stream === 'function') this.stream = this.stream();
    this.#phase = OPEN;
    const { stream } = this;
    stream.on('readable', this.#onReadable);
    this.#stopWatching = eos(stream, { writable: false }, (err: any) => {
      this.#outcome = err ? aggregateTwoErrors(this.#outcome, err) : null;
      this.#onReadable();
    });
  }

  #onReadable = () => {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  };

  /** Runs `work` when the calls before it are answered. */
  #inTurn(work: () => Promise<any>): Promise<any> {
    this.#pending++;
    return (this.#last = this.#runAfter(this.#last, work));
  }

  async #runAfter(before: Promise<any> | null, work: () => Promise<any>): Promise<any> {
    if (before !== null) await before.then(nop, nop);
    try {
      return await work();
    } finally {
      if (--this.#pending === 0) this.#last = null;
    }
  }

  async #wait(): Promise<any> {
    try {
      for (;;) {
        await new Promise<void>((resolve) => { this.#wake = resolve; });
        const chunk = this.#read();
        if (chunk !== null) return { value: await chunk, done: false };
        if (this.#outcome !== undefined) break;
      }
    } catch (thrown) {
      return this.#break(thrown);
    }
    return this.#finish();
  }

  async #resolved(promise: any): Promise<any> {
    try {
      return { value: await promise, done: false };
    } catch (thrown) {
      return this.#break(thrown);
    }
  }

  /** The stream is over. */
  #finish(): Promise<any> {
    if (this.#outcome) return this.#break(this.#outcome);
    this.#leave();
    return Promise.resolve({ value: undefined, done: true });
  }

  async #quit(value: any): Promise<any> {
    this.#leave();
    return { value: await value, done: true };
  }

  async #break(err: any): Promise<any> {
    if (this.#phase === OPEN) this.#outcome = err = aggregateTwoErrors(this.#outcome === err ? undefined : this.#outcome, err);
    this.#leave();
    throw err;
  }

  #leave(): void {
    const wasOpen = this.#phase === OPEN;
    this.#phase = DONE;
    if (!wasOpen) return;
    const outcome = this.#outcome;
    const mayDestroy = !this.#keepsStream || outcome;
    if (mayDestroy && (outcome === undefined || this.stream._readableState?.autoDestroy)) {
      // What listens stays: the stream may fail by this, and nobody else expects that.
      destroyer(this.stream, null);
      return;
    }
    this.stream.off('readable', this.#onReadable);
    this.#stopWatching();
  }
}
Object.setPrototypeOf(ChunkIterator.prototype, asyncIteratorPrototype);

/** An iterator over a stream with read(), or over what a function gives with the first next(). `options.destroyOnReturn`: whether leaving early ends the stream. */
export function iterate(stream: any, options?: any): any {
  return new ChunkIterator(stream, options?.destroyOnReturn === false);
}
