// Standard streams of a worker: the parent has the real ones.
import { threadNeeds, threadOutput } from 'native:workerthreads';
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { hold } from 'internal:workerthreads/thread';

const { Readable } = load('internal:stream/readable');
const { Writable } = load('internal:stream/writable');

/** How many bytes may be on their way before a writer waits. */
export const LIMIT = 64 * 1024;

/** The bytes of a chunk that a Writable got. */
export function bytesOf(chunk: any, encoding: any): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}

class WritableWorkerStdio extends (Writable as any) {
  #fd: number;
  #underway = 0;
  #waiting: ((err?: any) => void) | null = null;
  #hurry = false;
  constructor(fd: number) {
    super({ decodeStrings: false });
    this.#fd = fd;
  }
  _write(chunk: any, encoding: any, callback: any): void {
    const bytes = bytesOf(chunk, encoding);
    threadOutput(this.#fd, bytes);
    this.#underway += bytes.length;
    if (this.#hurry || this.#underway < LIMIT) {
      callback();
      return;
    }
    this.#waiting = callback;
    hold(1);
  }
  /** The parent has read n bytes. */
  taken(n: number): void {
    this.#underway -= n;
    if (this.#underway < LIMIT) {
      this.#go();
    }
  }
  /** The thread ends: what is buffered goes out now. */
  flush(): void {
    this.#hurry = true;
    this.#go();
  }
  #go(): void {
    const callback = this.#waiting;
    if (callback !== null) {
      this.#waiting = null;
      hold(-1);
      callback();
    }
  }
}

class ReadableWorkerStdio extends (Readable as any) {
  #held = false;
  #ended = false;
  _read(): void {
    if (!this.#held && !this.#ended) {
      this.#held = true;
      hold(1);
    }
    threadNeeds();
  }
  arrived(chunk: Uint8Array | null): void {
    this.push(chunk);
    if (chunk === null) {
      this.#ended = true;
      this.#release();
    }
  }
  #release(): void {
    if (this.#held) {
      this.#held = false;
      hold(-1);
    }
  }
  pause(): any {
    this.#release();
    return super.pause();
  }
  _destroy(err: any, callback: any): void {
    this.#release();
    callback(err);
  }
}

let out: any;
let err: any;
let source: any;
let early: (Uint8Array | null)[] = [];
let hasInput = false;

/** Whether the parent has a stream for standard input. */
export function setInput(value: boolean): void {
  hasInput = value;
}
export function stdout(): any {
  return (out ??= new WritableWorkerStdio(1));
}
export function stderr(): any {
  return (err ??= new WritableWorkerStdio(2));
}
export function stdin(): any {
  if (source === undefined) {
    source = new ReadableWorkerStdio();
    if (!hasInput) {
      source.push(null);
    }
    for (const chunk of early) {
      source.arrived(chunk);
    }
    early = [];
  }
  return source;
}

/** A piece of standard input came, or its end. */
export function input(chunk: Uint8Array | null): void {
  if (source === undefined) {
    early.push(chunk);
  } else {
    source.arrived(chunk);
  }
}
/** The parent has read n bytes of an output. */
export function taken(fd: number, n: number): void {
  (fd === 1 ? out : err)?.taken(n);
}
/** The thread ends. */
export function flush(): void {
  out?.flush();
  err?.flush();
}
