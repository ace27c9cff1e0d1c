// The writable half: what `stream._writableState` is. One chunk (or batch) is with _write() at a time, the others wait in a queue. A write that
// completes inside of _write() is answered in the next tick; where nobody waits for an answer there is no tick.
// Names of its properties that packages read are Node's.

import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { Buffer, FastBuffer } from 'internal:buffer';
import { CLOSE_TOLD, DOOMED, ERROR_TOLD, FAILED, Life, STARTED, STOPPED, defineLifeAccessors, kLife } from 'internal:stream/life';
import { ChunkQueue } from 'internal:stream/queue';
import { defineFlags, encodingOption, kFlags, waterMark } from 'internal:stream/flags';
import { nop } from 'internal:stream/state';

const { isView } = ArrayBuffer;

const OBJECTS = 0x1;
const DECODES = 0x2;
/** A chunk is with _write(); the call hasn't returned yet; the queue is being worked off. */
const WRITING = 0x4;
const CALLING = 0x8;
const EMPTYING = 0x10;
const NEEDS_DRAIN = 0x20;
// What waits is bytes only.
const ONLY_BYTES = 0x40;
// The way to the end, one after the other: end() was called; it returned; _final() was called; 'prefinish'; 'finish'.
const ENDING = 0x80;
const ENDED = 0x100;
const FINALIZING = 0x200;
const PREFINISHED = 0x400;
const FINISHED = 0x800;

const WAY_TO_END = ENDING | ENDED | FINALIZING | PREFINISHED | FINISHED;

/** A write that waits. _writev() gets these. */
interface Waiting {
  chunk: any;
  encoding: any;
  callback: any;
}

/** Completed writes whose callback is due in the next tick. */
interface Answer {
  state: WritableState;
  callback: any;
  times: number;
}

export class WritableState {
  declare highWaterMark: number;
  declare length: number;
  declare corked: number;
  /** Callbacks that are owed: 'finish' waits for them. */
  declare pendingcb: number;
  /** false: this half of a Duplex is off. */
  declare writable: boolean | undefined;
  declare defaultEncoding: string;
  declare queue: ChunkQueue;
  /** Of the write that is under way. */
  declare writelen: number;
  declare current: any;
  declare answer: Answer | null;
  declare endCallbacks: any[] | null;
  declare bound: any;

  constructor(options: any, stream: any, isDuplex?: boolean, life: Life = new Life(stream, options)) {
    let flags = DECODES | ONLY_BYTES;
    if (options) {
      if (options.objectMode || (isDuplex && options.writableObjectMode)) flags |= OBJECTS;
      if (options.decodeStrings === false) flags &= ~DECODES;
    }
    this[kFlags] = flags;
    this[kLife] = life;
    life.sink = this;
    this.highWaterMark = waterMark(options, (flags & OBJECTS) !== 0, isDuplex ? 'writableHighWaterMark' : null);
    this.length = 0;
    this.corked = 0;
    this.pendingcb = 0;
    this.writable = undefined;
    this.defaultEncoding = encodingOption(options);
    this.queue = new ChunkQueue();
    this.writelen = 0;
    this.current = null;
    this.answer = null;
    this.endCallbacks = null;
    this.bound = null;
  }

  /** What _write() gets to call back. */
  get onwrite(): (err?: any) => void {
    return (this.bound ??= (err?: any) => this.written(err));
  }

  // --- Writing --------------------------------------------------------------------------------------------------

  /** write(). Answers whether there is room, or the error that the callback gets. */
  accept(chunk: any, encoding: any, callback: any): any {
    if (chunk === null) throw new codes.ERR_STREAM_NULL_VALUES();
    const flags = this[kFlags];
    let size = 1;
    if ((flags & OBJECTS) === 0) {
      if (encoding && encoding !== 'utf8' && encoding !== 'buffer' && !Buffer.isEncoding(encoding)) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
      if (typeof chunk !== 'string') {
        if (!(chunk instanceof FastBuffer)) chunk = bytesOf(chunk);
        encoding = 'buffer';
      } else {
        encoding ||= this.defaultEncoding;
        if ((flags & DECODES) !== 0) {
          chunk = Buffer.from(chunk, encoding);
          encoding = 'buffer';
        }
      }
      size = chunk.length;
    }
    const life = this[kLife];
    if ((flags & ENDING) !== 0 || (life.bits & DOOMED) !== 0) return this.tooLate(callback);

    this.pendingcb++;
    this.length += size;
    const startsNow = (flags & WRITING) === 0 && this.corked === 0 && this.queue.count === 0 && (life.bits & (STARTED | FAILED)) === STARTED;
    if (!startsNow) {
      const waiting: Waiting = { chunk, encoding, callback };
      this.queue.push(waiting);
      if (encoding !== 'buffer') this[kFlags] &= ~ONLY_BYTES;
    } else {
      // Without a mark nothing is ever room: 'drain' answers each write.
      if (this.highWaterMark === 0) this[kFlags] = flags | NEEDS_DRAIN;
      this.begin(size, callback);
      life.stream._write(chunk, encoding, this.onwrite);
      this[kFlags] &= ~CALLING;
    }
    // Asked after the write: what was written at once takes no room.
    const room = this.length < this.highWaterMark;
    if (!room) this[kFlags] |= NEEDS_DRAIN;
    return room && (life.bits & STOPPED) === 0;
  }

  /** A write after end() or destroy(). */
  tooLate(callback: any): any {
    const err = (this[kFlags] & ENDING) !== 0 ? new codes.ERR_STREAM_WRITE_AFTER_END() : new codes.ERR_STREAM_DESTROYED('write');
    nextTick(callback, err);
    this[kLife].fail(err, true);
    return err;
  }

  begin(size: number, callback: any): void {
    this.writelen = size;
    this.current = callback;
    this[kFlags] |= WRITING | CALLING;
  }

  /** The callback of _write(). */
  written(err: any): void {
    const callback = this.current;
    const life = this[kLife];
    if (callback === null) {
      life.fail(new codes.ERR_MULTIPLE_CALLBACK());
      return;
    }
    this.current = null;
    this.length -= this.writelen;
    this.writelen = 0;
    const flags = this[kFlags] &= ~WRITING;
    if (err) {
      life.note(err);
      if ((flags & CALLING) !== 0) nextTick(writeFailed, this, err, callback);
      else writeFailed(this, err, callback);
      return;
    }
    if (this.queue.count > 0) this.advance();
    if ((flags & CALLING) === 0) this.complete(callback, 1);
    else if (this.isAwaited(callback)) this.answerLater(callback);
    else this.pendingcb--;
  }

  /** Whether anything happens when a write is complete. */
  isAwaited(callback: any): boolean {
    return callback !== nop || (this[kFlags] & ENDING) !== 0 || (this[kLife].bits & DOOMED) !== 0 ||
      (this.length === 0 && (this[kFlags] & NEEDS_DRAIN) !== 0);
  }

  answerLater(callback: any): void {
    if (this.answer?.callback === callback) {
      this.answer!.times++;
      return;
    }
    this.answer = { state: this, callback, times: 1 };
    nextTick(giveAnswer, this.answer);
  }

  complete(callback: any, times: number): void {
    const life = this[kLife];
    if (this.length === 0 && (this[kFlags] & (NEEDS_DRAIN | ENDING)) === NEEDS_DRAIN && (life.bits & DOOMED) === 0) {
      this[kFlags] &= ~NEEDS_DRAIN;
      life.stream.emit('drain');
    }
    for (let i = 0; i < times; i++) {
      this.pendingcb--;
      callback(null);
    }
    if ((life.bits & DOOMED) !== 0) this.abandon();
    this.towardsFinish(false);
  }

  // --- The queue ------------------------------------------------------------------------------------------------

  /** Writes what waits, if that may be now. */
  advance(): void {
    const life = this[kLife];
    const { queue } = this;
    if (queue.count === 0 || this.corked > 0 || (this[kFlags] & (WRITING | EMPTYING)) !== 0) return;
    if ((life.bits & (STARTED | DOOMED)) !== STARTED) return;
    this[kFlags] |= EMPTYING;
    if (queue.count > 1 && life.stream._writev) {
      this.writeBatch();
    } else {
      do this.writeNext();
      while (queue.count > 0 && (this[kFlags] & WRITING) === 0);
      if (queue.count === 0) this[kFlags] |= ONLY_BYTES;
    }
    this[kFlags] &= ~EMPTYING;
  }

  writeNext(): void {
    const { chunk, encoding, callback }: Waiting = this.queue.shift();
    const { stream, bits } = this[kLife];
    this.begin((this[kFlags] & OBJECTS) !== 0 ? 1 : chunk.length, callback);
    // An earlier one may have destroyed the stream.
    if ((bits & DOOMED) !== 0) this.written(new codes.ERR_STREAM_DESTROYED('write'));
    else stream._write(chunk, encoding, this.onwrite);
    this[kFlags] &= ~CALLING;
  }

  writeBatch(): void {
    const batch: any = this.queue.toArray();
    batch.allBuffers = (this[kFlags] & ONLY_BYTES) !== 0;
    this.queue.clear();
    this[kFlags] |= ONLY_BYTES;
    // One callback answers all.
    this.pendingcb -= batch.length - 1;
    let silent = true;
    for (let i = 0; i < batch.length && silent; i++) silent = batch[i].callback === nop;
    this.begin(this.length, silent ? nop : (err: any) => {
      for (const waiting of batch) waiting.callback(err);
    });
    this[kLife].stream._writev(batch, this.onwrite);
    this[kFlags] &= ~CALLING;
  }

  uncork(): void {
    if (this.corked === 0) return;
    this.corked--;
    this.advance();
  }

  /** Fails all that waits. */
  abandon(): void {
    if ((this[kFlags] & WRITING) !== 0) return;
    const { error } = this[kLife];
    const { queue } = this;
    while (queue.count > 0) {
      const { chunk, callback }: Waiting = queue.shift();
      this.length -= (this[kFlags] & OBJECTS) !== 0 ? 1 : chunk.length;
      callback(error ?? new codes.ERR_STREAM_DESTROYED('write'));
    }
    this[kFlags] |= ONLY_BYTES;
    this.answerEnd(error ?? new codes.ERR_STREAM_DESTROYED('end'));
  }

  /** Before destroy() does anything. */
  willBeDestroyed(): void {
    if (this.queue.count > 0 || this.endCallbacks !== null) nextTick(abandonLater, this);
  }

  // --- The end --------------------------------------------------------------------------------------------------

  /** end(), its last chunk being written. `refused`: the error of that write. */
  end(callback: any, refused: any): void {
    if (this.corked > 0) {
      this.corked = 1;
      this.life.stream.uncork();
    }
    const { life } = this;
    let err = refused;
    if (!err) {
      const flags = this[kFlags];
      if ((flags & ENDING) === 0 && (life.bits & FAILED) === 0) {
        this[kFlags] |= ENDING;
        this.towardsFinish(true);
        this[kFlags] |= ENDED;
      } else if ((flags & FINISHED) !== 0) {
        err = new codes.ERR_STREAM_ALREADY_FINISHED('end');
      } else if ((life.bits & DOOMED) !== 0) {
        err = new codes.ERR_STREAM_DESTROYED('end');
      }
    }
    if (typeof callback !== 'function') return;
    if (!err && (life.bits & FAILED) !== 0) err = life.error;
    if (err) nextTick(callback, err);
    else if ((this[kFlags] & FINISHED) !== 0) nextTick(callback);
    else if (this.endCallbacks === null) this.endCallbacks = [callback];
    else this.endCallbacks.push(callback);
  }

  get life(): Life {
    return this[kLife];
  }

  mayFinish(): boolean {
    return (this[kFlags] & (ENDING | WRITING | FINISHED)) === ENDING && this.length === 0 && this.queue.count === 0 &&
      (this[kLife].bits & (STARTED | STOPPED | ERROR_TOLD | CLOSE_TOLD)) === STARTED;
  }

  /** Takes the steps to 'finish' that can be taken now. `later`: the caller isn't prepared for 'finish' itself. */
  towardsFinish(later: boolean): void {
    if ((this[kFlags] & ENDING) === 0 || !this.mayFinish()) return;
    if ((this[kFlags] & (FINALIZING | PREFINISHED)) === 0) {
      if (typeof this[kLife].stream._final === 'function') this.callFinal();
      else this.prefinish();
    }
    if (this.pendingcb > 0) return;
    if (later) this.finishLater(finishPerhaps);
    else if (this.mayFinish()) this.finish();
  }

  callFinal(): void {
    const life = this[kLife];
    let answered = false;
    let inside = true;
    const answer = (err?: any) => {
      if (answered) {
        life.fail(err ?? new codes.ERR_MULTIPLE_CALLBACK());
        return;
      }
      answered = true;
      this.pendingcb--;
      if (err) {
        this.answerEnd(err);
        life.fail(err, inside);
      } else if (this.mayFinish()) {
        this.prefinish();
        this.finishLater(finishSurely);
      }
    };
    this[kFlags] |= FINALIZING;
    this.pendingcb++;
    try {
      life.stream._final(answer);
    } catch (thrown) {
      answer(thrown);
    }
    inside = false;
  }

  prefinish(): void {
    this[kFlags] |= PREFINISHED;
    this[kLife].stream.emit('prefinish');
  }

  finishLater(how: (state: WritableState) => void): void {
    this.pendingcb++;
    nextTick(how, this);
  }

  finish(): void {
    const life = this[kLife];
    this[kFlags] |= FINISHED;
    this.answerEnd(null);
    life.stream.emit('finish');
    life.halfDone();
  }

  answerEnd(err: any): void {
    const callbacks = this.endCallbacks;
    this.endCallbacks = null;
    if (callbacks !== null) for (const callback of callbacks) callback(err);
  }

  // --- For the Life and for packages ----------------------------------------------------------------------------

  isDone(): boolean {
    return this.writable === false || (this[kFlags] & FINISHED) !== 0;
  }

  /** After construct(). */
  hasStarted(): void {
    this.advance();
    this.towardsFinish(false);
  }

  isOpen(): boolean {
    return this.writable !== false && (this[kFlags] & (ENDING | ENDED)) === 0;
  }

  /** This half of a Duplex isn't used. */
  switchOff(): void {
    this.writable = false;
    this[kFlags] |= ENDING | ENDED | FINISHED;
  }

  rewind(): void {
    this[kFlags] &= ~WAY_TO_END;
    if (this.writable === false) this.switchOff();
  }

  get bufferedRequestCount(): number { return this.queue.count; }
  get buffered(): Waiting[] { return this.queue.toArray(); }
  getBuffer(): Waiting[] { return this.queue.toArray(); }
}

export interface WritableState {
  [kFlags]: number;
  [kLife]: Life;
}

defineLifeAccessors(WritableState.prototype);
defineFlags(WritableState.prototype, {
  objectMode: OBJECTS, decodeStrings: DECODES, writing: WRITING, sync: CALLING, bufferProcessing: EMPTYING, needDrain: NEEDS_DRAIN, ending: ENDING,
  ended: ENDED, finalCalled: FINALIZING, prefinished: PREFINISHED, finished: FINISHED,
});

function bytesOf(chunk: any): any {
  if (isView(chunk)) return new FastBuffer(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength);
  throw new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
}

function writeFailed(state: WritableState, err: any, callback: any): void {
  state.pendingcb--;
  callback(err);
  state.abandon();
  state[kLife].fail(err);
}

function giveAnswer(answer: Answer): void {
  const { state, callback, times } = answer;
  state.answer = null;
  state.complete(callback, times);
}

function abandonLater(state: WritableState): void {
  state.abandon();
}

function finishPerhaps(state: WritableState): void {
  state.pendingcb--;
  if (state.mayFinish()) state.finish();
}

/** _final() has succeeded: that is the end, whatever happens until the tick. */
function finishSurely(state: WritableState): void {
  state.pendingcb--;
  state.finish();
}
