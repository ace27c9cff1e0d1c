// The readable half: what `stream._readableState` is. It owns the chunks that wait, the mode (undecided, flowing, paused, pulled by 'readable') and
// the jobs that are due in a later tick. Readable's methods hand everything to it; it calls the stream back through read(), _read() and emit() only,
// so that subclasses may replace them. Names of its properties that packages read are Node's.

import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { Buffer, FastBuffer } from 'internal:buffer';
import { CLOSE_TOLD, ERROR_TOLD, FAILED, Life, STARTED, STOPPED, defineLifeAccessors, kLife } from 'internal:stream/life';
import { ChunkQueue } from 'internal:stream/queue';
import { defineFlags, encodingOption, kFlags, waterMark } from 'internal:stream/flags';

const { isView } = ArrayBuffer;

const OBJECTS = 0x1;
// The source: it was asked and hasn't answered; it is being asked right now; it has no more.
const ASKED = 0x2;
const ASKING = 0x4;
const ENDED = 0x8;
// The consumer: got a chunk; was told of the end; found less than it wanted; has listeners.
const GAVE = 0x10;
const END_TOLD = 0x20;
const HUNGRY = 0x40;
const ON_DATA = 0x80;
const ON_READABLE = 0x100;
// Two answers of three values: null until somebody has spoken.
const FLOW_KNOWN = 0x200;
const FLOW = 0x400;
const PAUSE_KNOWN = 0x800;
const PAUSE = 0x1000;
// Jobs for a later tick. The bit says that the job is due, and keeps it from being planned twice.
const TELL_READABLE = 0x2000;
const READ_AHEAD = 0x4000;
const RESUME = 0x8000;
const TELL_END = 0x10000;

const LARGEST_MARK = 2 ** 30;
// A read without a size. Not NaN: sizes and lengths shall stay small integers.
const ANY = -2;

function sizeAsked(size: any): number {
  const wanted = Number.isInteger(size) ? size : Number.parseInt(size, 10);
  return wanted !== wanted ? ANY : wanted < 0 ? -1 : wanted;
}

export class ReadableState {
  declare highWaterMark: number;
  declare length: number;
  /** false: this half of a Duplex is off. */
  declare readable: boolean | undefined;
  declare decoder: any;
  declare encoding: any;
  declare defaultEncoding: string;
  /** The pipes that lead out of here, and how many of them wait for 'drain'. */
  declare links: any[];
  declare held: number;
  declare queue: ChunkQueue;

  constructor(options: any, stream: any, isDuplex?: boolean, life: Life = new Life(stream, options)) {
    const objects = !!options && !!(options.objectMode || (isDuplex && options.readableObjectMode));
    // As if it were being asked: what is pushed before the first read waits for it.
    this[kFlags] = objects ? OBJECTS | ASKING : ASKING;
    this[kLife] = life;
    life.source = this;
    this.highWaterMark = waterMark(options, objects, isDuplex ? 'readableHighWaterMark' : null);
    this.length = 0;
    this.readable = undefined;
    this.decoder = null;
    this.encoding = null;
    this.defaultEncoding = encodingOption(options);
    this.links = noLinks;
    this.held = 0;
    this.queue = new ChunkQueue();
    if (options?.encoding) {
      this.decoder = newDecoder(options.encoding);
      this.encoding = options.encoding;
    }
  }

  // --- The source gives ---------------------------------------------------------------------------------------

  /** push(). Answers whether the source may go on. */
  give(chunk: any, encoding: any): boolean {
    if (chunk === null) return this.giveEnd();
    const flags = this[kFlags];
    const bytes = (flags & OBJECTS) === 0;
    let fresh = !encoding;
    if (bytes && !(chunk instanceof FastBuffer)) {
      if (typeof chunk === 'string') {
        const from = encoding || this.defaultEncoding;
        fresh = from !== this.encoding;
        if (fresh) chunk = Buffer.from(chunk, from);
      } else if (isView(chunk)) {
        chunk = bufferOver(chunk);
        fresh = true;
      } else if (chunk !== undefined) {
        return this.refuse(chunk);
      }
    } else if (bytes) {
      fresh = true;
    }

    let size = bytes && chunk !== undefined ? chunk.length : 1;
    if (bytes && (chunk === undefined || size === 0)) {
      this[kFlags] = flags & ~ASKED;
      this.readAhead();
      return this.hasRoom();
    }
    const life = this[kLife];
    if ((flags & ENDED) !== 0) {
      life.fail(new codes.ERR_STREAM_PUSH_AFTER_EOF());
      return false;
    }
    if ((life.bits & STOPPED) !== 0) return false;

    this[kFlags] = flags & ~ASKED;
    if (this.decoder !== null && fresh) {
      chunk = this.decoder.write(chunk);
      if (bytes) size = chunk.length;
      // The first bytes of a character.
      if (size === 0) {
        this.readAhead();
        return this.hasRoom();
      }
    }
    if ((flags & (FLOW | ASKING | ON_DATA)) === (FLOW | ON_DATA) && this.length === 0) {
      // Nothing is queued and the consumer takes it: it needn't wait here.
      this.handOver(chunk);
    } else {
      this.length += size;
      this.queue.push(chunk);
      if ((flags & HUNGRY) !== 0) this.announce();
    }
    this.readAhead();
    return this.hasRoom();
  }

  /** unshift(). */
  giveBack(chunk: any, encoding: any): boolean {
    if (chunk === null) return this.giveEnd();
    if ((this[kFlags] & OBJECTS) === 0) {
      if (typeof chunk === 'string') {
        const from = encoding || this.defaultEncoding;
        // What is queued is text of one encoding, or bytes.
        if (from !== this.encoding) chunk = Buffer.from(chunk, from);
        if (this.encoding && typeof chunk !== 'string') chunk = chunk.toString(this.encoding);
      } else if (isView(chunk)) {
        chunk = bufferOver(chunk);
      } else if (chunk !== undefined) {
        return this.refuse(chunk);
      }
      if (!chunk?.length) return this.hasRoom();
    }
    const life = this[kLife];
    if ((this[kFlags] & END_TOLD) !== 0) {
      life.fail(new codes.ERR_STREAM_UNSHIFT_AFTER_END_EVENT());
    } else {
      if ((life.bits & STOPPED) !== 0) return false;
      if (this.length === 0 && (this[kFlags] & (FLOW | ASKING | ON_DATA)) === (FLOW | ON_DATA)) {
        this.handOver(chunk);
      } else {
        this.queue.unshift(chunk);
        this.length += this.sizeOf(chunk);
        if ((this[kFlags] & HUNGRY) !== 0) this.announce();
      }
      this.readAhead();
    }
    return this.hasRoom();
  }

  /** The source has no more. */
  giveEnd(): boolean {
    this[kFlags] &= ~ASKED;
    if ((this[kFlags] & ENDED) !== 0) return false;
    const rest = this.decoder?.end();
    if (rest?.length > 0) {
      this.queue.push(rest);
      this.length += this.sizeOf(rest);
    }
    this[kFlags] |= ENDED;
    if ((this[kFlags] & ASKING) !== 0) {
      // The source is inside of read(), which shall return first.
      this.announce();
    } else {
      this[kFlags] = (this[kFlags] & ~HUNGRY) | TELL_READABLE;
      this.tellReadable();
    }
    return false;
  }

  refuse(chunk: any): boolean {
    this[kLife].fail(new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk));
    return false;
  }

  hasRoom(): boolean {
    return (this[kFlags] & ENDED) === 0 && (this.length === 0 || this.length < this.highWaterMark);
  }

  sizeOf(chunk: any): number {
    return (this[kFlags] & OBJECTS) !== 0 ? 1 : chunk.length;
  }

  // --- The consumer takes --------------------------------------------------------------------------------------

  /** read(). */
  take(size: any): any {
    const flags = this[kFlags];
    // What drain() does for each chunk.
    if (size === undefined && (flags & (FLOW | OBJECTS | ENDED)) === FLOW && this.length > 0) return this.takeChunk(flags);
    return this.takePortion(size === undefined ? ANY : sizeAsked(size));
  }

  /** A flowing stream's read() of bytes that are here: one whole chunk. */
  takeChunk(flags: number): any {
    const life = this[kLife];
    this[kFlags] = flags & ~TELL_READABLE;
    if ((flags & ASKED) === 0 && (life.bits & (STARTED | STOPPED)) === STARTED) {
      const size = this.queue.first().length;
      if ((flags & HUNGRY) !== 0 || this.length - size < this.highWaterMark) {
        this.ask();
        // It may have paused or ended the stream, or read what was here.
        const now = this[kFlags];
        if (this.length === 0 || (now & (FLOW | ENDED)) !== FLOW) return this.takeRest(ANY, (now & ASKED) !== 0 ? size : this.portion(ANY));
      }
    }
    const chunk = this.queue.shift();
    if ((this.length -= chunk.length) === 0) this[kFlags] |= HUNGRY;
    if ((life.bits & (ERROR_TOLD | CLOSE_TOLD)) === 0) this.handOver(chunk);
    else if (this.held !== 0) this.letGo();
    return chunk;
  }

  takePortion(wanted: number): any {
    if (wanted > this.highWaterMark) this.raiseMark(wanted);
    if (wanted === 0) {
      if (this.isServed()) return null;
    } else {
      this[kFlags] &= ~TELL_READABLE;
    }

    let n = this.portion(wanted);
    if (n === 0 && (this[kFlags] & ENDED) !== 0) {
      this.planEnd();
      return null;
    }
    if (this.shouldAsk(n)) {
      this.ask();
      // It may have answered at once.
      if ((this[kFlags] & ASKED) === 0) n = this.portion(wanted);
    }
    return this.takeRest(wanted, n);
  }

  takeRest(wanted: number, n: number): any {
    const taken = n > 0 && this.length > 0;
    const chunk = taken ? this.remove(n) : null;
    if (taken) this.length -= n;
    this.updateHunger(taken);
    if (wanted !== (taken ? n : 0) && (this[kFlags] & ENDED) !== 0) this.planEnd();
    if (chunk !== null && (this[kLife].bits & (ERROR_TOLD | CLOSE_TOLD)) === 0) this.handOver(chunk);
    else if (taken && this.held !== 0) this.letGo();
    return chunk;
  }

  /** read(0) only wants the source to be asked. With enough here it makes sure that the consumer hears of it. */
  isServed(): boolean {
    if ((this[kFlags] & HUNGRY) === 0) return false;
    const ended = (this[kFlags] & ENDED) !== 0;
    const enough = this.length >= Math.max(this.highWaterMark, 1);
    if (!enough && !ended) return false;
    if (this.length === 0) this.planEnd();
    else this.announce();
    return true;
  }

  /** How much of what is here a read of this size gets. */
  portion(wanted: number): number {
    const { length } = this;
    const flags = this[kFlags];
    if (length === 0 && (flags & ENDED) !== 0) return 0;
    if ((flags & OBJECTS) !== 0) return wanted === ANY || wanted > 0 ? 1 : 0;
    // No size: one chunk while flowing, all otherwise.
    if (wanted === ANY) return (flags & FLOW) !== 0 && length > 0 ? this.queue.first().length : length;
    if (wanted <= 0) return 0;
    if (wanted > length) return (flags & ENDED) !== 0 ? length : 0;
    return wanted;
  }

  shouldAsk(n: number): boolean {
    if ((this[kFlags] & (ENDED | ASKED)) !== 0 || (this[kLife].bits & (STARTED | STOPPED)) !== STARTED) return false;
    return this.length === 0 || this.length - n < this.highWaterMark || (this[kFlags] & HUNGRY) !== 0;
  }

  ask(): void {
    const life = this[kLife];
    this[kFlags] |= this.length === 0 ? ASKED | ASKING | HUNGRY : ASKED | ASKING;
    try {
      life.stream._read(this.highWaterMark);
    } catch (thrown) {
      life.fail(thrown);
    }
    this[kFlags] &= ~ASKING;
  }

  remove(n: number): any {
    const { queue } = this;
    if ((this[kFlags] & OBJECTS) !== 0) return queue.shift();
    if (this.decoder !== null) return n >= this.length ? queue.takeText() : queue.cutText(n);
    return n >= this.length ? queue.takeBytes() : queue.cutBytes(n);
  }

  /** After a read: is 'readable' wanted for more? */
  updateHunger(taken: boolean): void {
    if (this.length === 0 && (this[kFlags] & ENDED) === 0) this[kFlags] |= HUNGRY;
    else if (!taken) this.setFlag(HUNGRY, this.length <= this.highWaterMark);
  }

  /** A chunk reaches the listeners of 'data'; pipes that were held go on by it. */
  handOver(chunk: any): void {
    if (this.held !== 0) this.letGo();
    this[kFlags] |= GAVE;
    this[kLife].stream.emit('data', chunk);
  }

  letGo(): void {
    for (const link of this.links) link.held = false;
    this.held = 0;
  }

  /** A read of more than the mark raises it, to a power of two so that it doesn't creep. */
  raiseMark(wanted: number): void {
    if (wanted > LARGEST_MARK) throw new codes.ERR_OUT_OF_RANGE('size', '<= 1GiB', wanted);
    this.highWaterMark = 2 ** Math.ceil(Math.log2(wanted));
  }

  // --- Jobs for a later tick -----------------------------------------------------------------------------------

  plan(job: number, work: (state: ReadableState) => void): void {
    if ((this[kFlags] & job) !== 0) return;
    this[kFlags] |= job;
    nextTick(work, this);
  }

  /** 'readable', once for all that comes until then. */
  announce(): void {
    this[kFlags] &= ~HUNGRY;
    this.plan(TELL_READABLE, jobs.tellReadable);
  }

  planEnd(): void {
    if (this.length !== 0 || (this[kFlags] & END_TOLD) !== 0) return;
    this[kFlags] |= ENDED;
    this.plan(TELL_END, jobs.tellEnd);
  }

  /** Reads up to the mark, outside of the call that gave. */
  readAhead(): void {
    if ((this[kLife].bits & STARTED) !== 0) this.plan(READ_AHEAD, jobs.fillUp);
  }

  tellReadable(): void {
    const life = this[kLife];
    if ((life.bits & STOPPED) === 0 && (this.length > 0 || (this[kFlags] & ENDED) !== 0)) {
      life.stream.emit('readable');
      this[kFlags] &= ~TELL_READABLE;
    }
    this.setFlag(HUNGRY, (this[kFlags] & (FLOW | ENDED)) === 0 && this.length <= this.highWaterMark);
    this.drain();
  }

  fillUp(): void {
    const { stream } = this[kLife];
    for (let before = -1; before !== this.length;) {
      const flags = this[kFlags];
      if ((flags & (ASKED | ENDED)) !== 0) break;
      if (this.length >= this.highWaterMark && !(this.length === 0 && (flags & FLOW) !== 0)) break;
      before = this.length;
      // A source that adds nothing will do so later.
      stream.read(0);
    }
    this[kFlags] &= ~READ_AHEAD;
  }

  startFlowing(): void {
    const { stream } = this[kLife];
    if ((this[kFlags] & ASKED) === 0) stream.read(0);
    this[kFlags] &= ~RESUME;
    stream.emit('resume');
    this.drain();
    if ((this[kFlags] & (FLOW | ASKED)) === FLOW) stream.read(0);
  }

  /** Reads as long as the stream flows and has something. */
  drain(): void {
    const { stream } = this[kLife];
    let chunk: any;
    do chunk = (this[kFlags] & FLOW) !== 0 ? stream.read() : null;
    while (chunk !== null);
  }

  tellEnd(): void {
    this[kFlags] &= ~TELL_END;
    const life = this[kLife];
    if (this.length !== 0 || (this[kFlags] & END_TOLD) !== 0 || (life.bits & (FAILED | CLOSE_TOLD)) !== 0) return;
    this[kFlags] |= END_TOLD;
    const { stream } = life;
    stream.emit('end');
    if (stream.allowHalfOpen === false && stream.writable) nextTick(endOtherHalf, stream);
    else life.halfDone();
  }

  // --- Modes ---------------------------------------------------------------------------------------------------

  /** After on(). */
  gotListener(type: any): void {
    const { stream } = this[kLife];
    if (type === 'data') {
      this[kFlags] |= ON_DATA;
      this.setFlag(ON_READABLE, stream.listenerCount('readable') > 0);
      if (!this.isHalted()) stream.resume();
    } else if (type === 'readable' && (this[kFlags] & (END_TOLD | ON_READABLE)) === 0) {
      // From now on the consumer pulls.
      this[kFlags] = (this[kFlags] & ~(FLOW | TELL_READABLE)) | FLOW_KNOWN | ON_READABLE | HUNGRY;
      if (this.length > 0) this.announce();
      else if ((this[kFlags] & ASKED) === 0) nextTick(jobs.nudge, this);
    }
  }

  /** After removeListener(), or removeAllListeners() with `type` undefined. */
  lostListener(type: any): void {
    // A once('readable') handler may add itself again: count later.
    if (type === 'readable' || type === undefined) nextTick(jobs.recount, this);
    if (type === undefined || (type === 'data' && this[kLife].stream.listenerCount('data') === 0)) this[kFlags] &= ~ON_DATA;
  }

  recount(): void {
    const { stream } = this[kLife];
    this.setFlag(ON_READABLE, stream.listenerCount('readable') > 0);
    const resuming = (this[kFlags] & (RESUME | PAUSE_KNOWN | PAUSE)) === (RESUME | PAUSE_KNOWN);
    if (resuming) this[kFlags] |= FLOW_KNOWN | FLOW;
    else if (stream.listenerCount('data') > 0) stream.resume();
    else if ((this[kFlags] & ON_READABLE) === 0) this[kFlags] &= ~(FLOW_KNOWN | FLOW);
  }

  resume(): void {
    if ((this[kFlags] & FLOW) === 0) {
      // With a listener for 'readable' it is the consumer who moves the data.
      this[kFlags] |= (this[kFlags] & ON_READABLE) === 0 ? FLOW_KNOWN | FLOW : FLOW_KNOWN;
      this.plan(RESUME, jobs.startFlowing);
    }
    this[kFlags] = (this[kFlags] | PAUSE_KNOWN) & ~PAUSE;
  }

  pause(): void {
    const before = this.isHalted();
    this[kFlags] = (this[kFlags] | FLOW_KNOWN | PAUSE_KNOWN) & ~FLOW;
    if (!before) this[kLife].stream.emit('pause');
    this[kFlags] |= PAUSE;
  }

  /** Somebody said that it shall not flow. */
  isHalted(): boolean {
    return (this[kFlags] & (FLOW_KNOWN | FLOW)) === FLOW_KNOWN;
  }

  decodeAs(encoding: any): void {
    const decoder = newDecoder(encoding);
    this.decoder = decoder;
    this.encoding = decoder.encoding;
    const text = this.queue.toArray().map((chunk) => decoder.write(chunk)).join('');
    this.queue.clear();
    if (text !== '') this.queue.push(text);
    this.length = text.length;
  }

  // --- For the Life and for packages ---------------------------------------------------------------------------

  isDone(): boolean {
    return this.readable === false || (this[kFlags] & END_TOLD) !== 0;
  }

  /** After construct(). */
  hasStarted(): void {
    if ((this[kFlags] & HUNGRY) !== 0) this.readAhead();
  }

  /** This half of a Duplex isn't used. */
  switchOff(): void {
    this.readable = false;
    this[kFlags] |= ENDED | END_TOLD;
  }

  rewind(): void {
    this[kFlags] &= ~(ASKED | ENDED | END_TOLD);
    if (this.readable === false) this.switchOff();
  }

  setFlag(flag: number, on: boolean): void {
    this[kFlags] = on ? this[kFlags] | flag : this[kFlags] & ~flag;
  }

  /** Whether 'readable' and 'end' are over, or destruction has begun. */
  isOpen(): boolean {
    return this.readable !== false && (this[kFlags] & END_TOLD) === 0;
  }

  get flowing(): boolean | null { return threeValued(this[kFlags], FLOW_KNOWN, FLOW); }
  set flowing(value: boolean | null) { this.setThree(FLOW_KNOWN, FLOW, value); }
  get paused(): boolean | null { return threeValued(this[kFlags], PAUSE_KNOWN, PAUSE); }
  set paused(value: boolean | null) { this.setThree(PAUSE_KNOWN, PAUSE, value); }

  setThree(known: number, bit: number, value: any): void {
    this.setFlag(known, value !== null && value !== undefined);
    this.setFlag(bit, !!value);
  }

  /** Copies: the list is ours. */
  get buffer(): any[] { return this.queue.toArray(); }
  get bufferIndex(): number { return 0; }
  get pipes(): any[] { return this.links.map((link) => link.dest); }
  get pipesCount(): number { return this.links.length; }
  /** Who must drain before the stream flows again: the one destination or null; a set where there are more pipes. */
  get awaitDrainWriters(): any {
    const waiting = this.links.filter((link) => link.held).map((link) => link.dest);
    if (this.links.length > 1) return new Set(waiting);
    return waiting.length > 0 ? waiting[0] : null;
  }
}

export interface ReadableState {
  [kFlags]: number;
  [kLife]: Life;
}

defineLifeAccessors(ReadableState.prototype);
defineFlags(ReadableState.prototype, {
  objectMode: OBJECTS, ended: ENDED, endEmitted: END_TOLD, reading: ASKED, sync: ASKING, needReadable: HUNGRY, emittedReadable: TELL_READABLE,
  readableListening: ON_READABLE, resumeScheduled: RESUME, readingMore: READ_AHEAD, dataEmitted: GAVE,
});

/** A stream without pipes has this list. */
export const noLinks: any[] = Object.freeze([]) as any;

function threeValued(flags: number, known: number, bit: number): boolean | null {
  return (flags & known) === 0 ? null : (flags & bit) !== 0;
}

/** What a tick does: each takes the state as its one argument. */
const jobs: Record<string, (state: ReadableState) => void> = {
  tellReadable(state) { state.tellReadable(); },
  fillUp(state) { state.fillUp(); },
  startFlowing(state) { state.startFlowing(); },
  tellEnd(state) { state.tellEnd(); },
  nudge(state) { state[kLife].stream.read(0); },
  recount(state) { state.recount(); },
};

function endOtherHalf(stream: any): void {
  if (!stream.destroyed && stream.writable && !stream.writableEnded) stream.end();
}

function bufferOver(view: any): any {
  return new FastBuffer(view.buffer, view.byteOffset, view.byteLength);
}

function newDecoder(encoding: any): any {
  const module = load('node:string_decoder');
  return new (module.default ?? module).StringDecoder(encoding);
}
