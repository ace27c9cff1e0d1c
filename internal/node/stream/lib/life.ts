// The life of a stream: start, failure, destruction, close. One Life belongs to a stream; a Duplex's two halves share it, so that what
// is true of the whole stream (destroyed, failed, closed) is kept once. The halves report to it and are asked by it, never by each other.
// https://nodejs.org/docs/latest-v24.x/api/stream.html#writabledestroyerror

import { aggregateTwoErrors, codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';

/** Where a half keeps the Life of its stream. */
export const kLife = Symbol('life');

export const STARTED = 0x01;
export const DOOMED = 0x02;
export const FAILED = 0x04;
export const ERROR_TOLD = 0x08;
export const OVER = 0x10;
export const CLOSE_TOLD = 0x20;
const TELLS_CLOSE = 0x40;
export const SELF_CLEANING = 0x80;

/** No chunk moves any more. */
export const STOPPED = DOOMED | FAILED;

export class Life {
  declare stream: any;
  /** The ReadableState and the WritableState, where the stream has them. */
  declare source: any;
  declare sink: any;
  declare bits: number;
  declare error: any;
  // While _construct() is at work: what to run after it.
  // Not private fields: a Life is made with every stream, and each private one is an extra step.
  declare hooks: Array<() => void> | null;
  declare doom: ((startError: any) => void) | null;

  constructor(stream: any, options: any) {
    this.stream = stream;
    this.source = null;
    this.sink = null;
    this.error = null;
    this.hooks = null;
    this.doom = null;
    let bits = STARTED | TELLS_CLOSE | SELF_CLEANING;
    if (options !== undefined && options !== null) {
      if (options.emitClose === false) bits ^= TELLS_CLOSE;
      if (options.autoDestroy === false) bits ^= SELF_CLEANING;
    }
    this.bits = bits;
  }

  /** Remembers the first error. */
  note(err: any): void {
    if (!err || (this.bits & FAILED) !== 0) return;
    this.bits |= FAILED;
    this.error = err;
  }

  /** An error that the stream itself met: it ends the stream, or is only told where autoDestroy is off. */
  fail(err: any, later?: boolean): void {
    if ((this.bits & DOOMED) !== 0) return;
    if ((this.bits & SELF_CLEANING) !== 0) {
      this.stream.destroy(err);
      return;
    }
    if (!err) return;
    this.note(err);
    if (later) nextTick(tellError, this, err);
    else tellError(this, err);
  }

  destroy(err: any, callback: any): void {
    if ((this.bits & DOOMED) !== 0) {
      if (typeof callback === 'function') callback();
      return;
    }
    this.sink?.willBeDestroyed();
    this.note(err);
    this.bits |= DOOMED;
    if ((this.bits & STARTED) !== 0) release(this, err, callback);
    // What is being set up can be taken down only when it is there.
    else this.doom = (startError) => release(this, aggregateTwoErrors(startError, err), callback);
  }

  /** Runs _construct() in the next tick; the halves do nothing until it has called back. `then` runs after that. */
  start(then: () => void): void {
    if (this.hooks !== null) {
      this.hooks.push(then);
      return;
    }
    this.hooks = [then];
    this.bits &= ~STARTED;
    nextTick(callConstruct, this);
  }

  /** What _construct() called back with. */
  hasStarted(err: any): void {
    this.bits |= STARTED;
    if ((this.bits & DOOMED) !== 0) {
      const doom = this.doom;
      this.doom = null;
      doom?.(err);
    } else if (err) {
      this.fail(err, true);
    } else {
      nextTick(runHooks, this);
    }
  }

  takeHooks(): Array<() => void> {
    const hooks = this.hooks ?? [];
    this.hooks = null;
    return hooks;
  }

  /** A half has come to its end: with both there, a stream that cleans up after itself is destroyed. */
  halfDone(): void {
    if ((this.bits & SELF_CLEANING) === 0) return;
    if ((this.source?.isDone() ?? true) && (this.sink?.isDone() ?? true)) this.stream.destroy();
  }

  /** Back to the beginning, as net.Socket needs it to connect again. */
  revive(): void {
    this.bits = (this.bits & (TELLS_CLOSE | SELF_CLEANING)) | STARTED;
    this.error = null;
    this.source?.rewind();
    this.sink?.rewind();
  }
}

/** The Life of a stream of ours; undefined for others. */
export function lifeOf(stream: any): Life | undefined {
  return (stream._readableState ?? stream._writableState)?.[kLife];
}

function tellError(life: Life, err: any): void {
  if ((life.bits & ERROR_TOLD) !== 0) return;
  life.bits |= ERROR_TOLD;
  life.stream.emit('error', err);
}

function tellEnd(life: Life, err: any): void {
  if (err) tellError(life, err);
  life.bits |= CLOSE_TOLD;
  if ((life.bits & TELLS_CLOSE) !== 0) life.stream.emit('close');
}

/** Has the stream let go of what it holds. */
function release(life: Life, reason: any, callback: any): void {
  let answered = false;
  const answer = (err?: any) => {
    if (answered) return;
    answered = true;
    life.note(err);
    life.bits |= OVER;
    if (typeof callback === 'function') callback(err);
    nextTick(tellEnd, life, err);
  };
  try {
    life.stream._destroy(reason || null, answer);
  } catch (thrown) {
    answer(thrown);
  }
}

function callConstruct(life: Life): void {
  let answered = false;
  const settle = (err?: any) => {
    if (!answered) life.hasStarted(err);
    else life.fail(err ?? new codes.ERR_MULTIPLE_CALLBACK());
    answered = true;
  };
  const answer = (err?: any) => nextTick(settle, err);
  try {
    life.stream._construct(answer);
  } catch (thrown) {
    answer(thrown);
  }
}

function runHooks(life: Life): void {
  for (const hook of life.takeHooks()) hook();
}

/** Gives the states of one half the names by which packages know what its Life holds. */
export function defineLifeAccessors(prototype: any): void {
  const named: Record<string, number> = {
    constructed: STARTED, destroyed: DOOMED, errorEmitted: ERROR_TOLD, closed: OVER, closeEmitted: CLOSE_TOLD, emitClose: TELLS_CLOSE,
    autoDestroy: SELF_CLEANING,
  };
  for (const name of Object.keys(named)) {
    const mask = named[name];
    Object.defineProperty(prototype, name, {
      configurable: true,
      get() { return (this[kLife].bits & mask) !== 0; },
      set(on) { this[kLife].bits = on ? this[kLife].bits | mask : this[kLife].bits & ~mask; },
    });
  }
  Object.defineProperty(prototype, 'errored', {
    configurable: true,
    get() { return this[kLife].error; },
    set(err) {
      const life = this[kLife];
      life.error = err || null;
      life.bits = err ? life.bits | FAILED : life.bits & ~FAILED;
    },
  });
}
