// fs.Utf8Stream: a writer of text that keeps small writes together. https://nodejs.org/docs/latest-v24.x/api/fs.html#class-fsutf8stream
//
// What is written waits in a queue until it has minLength. One piece at a time is on its way to the file; what of it failed goes first at the next try.
// The file is closed, or reopened, when nothing is on its way.
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { clearInterval, setInterval, setTimeout } from 'internal:timers';
import { validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf, validateUint32 } from 'internal:validators';

const MAX_WRITE = 16 * 1024;
const HIGH_WATER = MAX_WRITE + 3; // write() says false from here on
const BUSY_DELAY = 100; // milliseconds until a file that was busy is tried again

type Callback = (error?: any) => void;

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

export class Utf8Stream extends (EventEmitter as any) {
  #fs: any;
  #fd = -1;
  #file: string | null = null;
  #mode: number | undefined;
  #append: boolean;
  #mkdir: boolean;
  #sync: boolean;
  #fsync: boolean;
  #binary: boolean;
  #minLength: number;
  #maxLength: number;
  #maxWrite: number;
  #periodicFlush: number;
  #retry: (error: any, length: number, rest: number) => boolean;
  #timer: any;
  #queue: any[] = [];
  #length = 0; // of the queue: characters, or bytes of buffers
  #piece: any; // a Buffer on its way, or what of it is left
  #writing = false;
  #held = 0; // fsyncs under way
  #flushing: Callback[] = []; // wait until the queue is empty
  #forced = false; // minLength doesn't count until the queue is empty
  #opening = false;
  #reopenTo: string | undefined; // when nothing is on its way any more
  #ending = false;
  #destroyed = false;
  #closed = false;
  #drainSoon = false;

  constructor(options: any) {
    super();
    validateObject(options, 'options');
    const { append = true, contentMode = 'utf8', dest, fs: overrides = {}, fsync = false, maxLength = 0, maxWrite = MAX_WRITE, minLength = 0, mkdir = false,
      mode, periodicFlush = 0, retryEAGAIN = () => true, sync = false } = options;
    let { fd } = options;
    fd ??= typeof dest === 'number' ? dest : undefined;
    validateBoolean(append, 'options.append');
    validateOneOf(contentMode, 'options.contentMode', ['utf8', 'buffer']);
    validateObject(overrides, 'options.fs');
    validateBoolean(fsync, 'options.fsync');
    validateUint32(maxLength, 'options.maxLength');
    validateUint32(maxWrite, 'options.maxWrite');
    validateUint32(minLength, 'options.minLength');
    validateBoolean(mkdir, 'options.mkdir');
    validateUint32(periodicFlush, 'options.periodicFlush');
    validateFunction(retryEAGAIN, 'options.retryEAGAIN');
    validateBoolean(sync, 'options.sync');
    if (minLength >= maxWrite) throw new codes.ERR_INVALID_ARG_VALUE('options.minLength', minLength, `must be smaller than maxWrite (${maxWrite})`);
    if (fd === undefined && typeof dest !== 'string') throw new codes.ERR_INVALID_ARG_VALUE('options', options, 'must have a file descriptor or a path');
    this.#fs = { __proto__: null, ...load('node:fs').default, ...overrides };
    this.#append = append;
    this.#binary = contentMode === 'buffer';
    this.#fsync = fsync;
    this.#maxLength = maxLength;
    this.#maxWrite = maxWrite;
    this.#minLength = minLength;
    this.#mkdir = mkdir;
    this.#mode = mode;
    this.#periodicFlush = periodicFlush;
    this.#retry = retryEAGAIN;
    this.#sync = sync;
    if (fd !== undefined) {
      validateInteger(fd, 'options.fd', 0);
      this.#fd = fd;
      nextTick(() => this.#destroyed || this.emit('ready'));
    } else {
      this.#open(dest);
    }
    if (periodicFlush > 0) {
      this.#timer = setInterval(() => this.flush(), periodicFlush);
      this.#timer.unref();
    }
  }

  get append(): boolean { return this.#append; }
  get contentMode(): string { return this.#binary ? 'buffer' : 'utf8'; }
  get fd(): number { return this.#fd; }
  get file(): string | null { return this.#file; }
  get fsync(): boolean { return this.#fsync; }
  get maxLength(): number { return this.#maxLength; }
  get minLength(): number { return this.#minLength; }
  get mkdir(): boolean { return this.#mkdir; }
  get mode(): number | undefined { return this.#mode; }
  get periodicFlush(): number { return this.#periodicFlush; }
  get sync(): boolean { return this.#sync; }
  get writing(): boolean { return this.#writing; }

  // ---- the file ----

  // Opens a file in the place of the one that is open. The old one stays when that fails.
  #open(path: string): void {
    const again = this.#fd >= 0;
    this.#file = path;
    this.#opening = true;
    const take = (fd: number): void => {
      const old = this.#fd;
      this.#fd = fd;
      if (again) this.#fs.close(old, () => {});
    };
    const opened = (error: any, fd?: number): void => {
      this.#opening = false;
      if (error) this.emit('error', error);
      else if (fd !== undefined) take(fd);
      if (this.#destroyed) {
        this.#closeSoon();
        return;
      }
      if (!error) {
        if (again && this.#length === 0) this.emit('drain');
        this.emit('ready');
      }
      this.#pump();
    };
    const flags = this.#append ? 'a' : 'w';
    const folder = load('node:path').default.dirname(path);
    if (this.#sync) {
      try {
        if (this.#mkdir) this.#fs.mkdirSync(folder, { recursive: true });
        take(this.#fs.openSync(path, flags, this.#mode));
        this.#opening = false;
        nextTick(opened, null);
      } catch (error) {
        this.#opening = false;
        if (again) this.emit('error', error);
        throw error;
      }
      return;
    }
    const open = (error?: any) => (error ? opened(error) : this.#fs.open(path, flags, this.#mode, opened));
    if (this.#mkdir) this.#fs.mkdir(folder, { recursive: true }, open);
    else open();
  }
  /** Opens the file anew, or another one: log rotation. What waits goes to the new file. */
  reopen(file?: any): void {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#ending) return;
    if (file === undefined && this.#file === null) throw new codes.ERR_OPERATION_FAILED('Unable to reopen a file descriptor, you must pass a file');
    if (file !== undefined) this.#file = `${file}`;
    this.#reopenTo = this.#file as string;
    if (!this.#opening && !this.#writing) this.#pump();
  }

  // ---- writing ----

  /** @returns whether there is room for more */
  write(data: any): boolean {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#binary) {
      if (!Buffer.isBuffer(data)) throw new codes.ERR_INVALID_ARG_TYPE('data', 'Buffer', data);
    } else if (typeof data !== 'string') {
      throw new codes.ERR_INVALID_ARG_TYPE('data', 'string', data);
    }
    if (this.#maxLength > 0 && this.#length + data.length > this.#maxLength) {
      this.emit('drop', data);
      return this.#length < HIGH_WATER;
    }
    this.#queue.push(data);
    this.#length += data.length;
    const room = this.#length < HIGH_WATER;
    if (!this.#writing && this.#length >= this.#minLength) this.#pump();
    return room;
  }

  // The next piece: as many writes as fit into one.
  #take(): any {
    let n = 0;
    let length = 0;
    while (n < this.#queue.length && (n === 0 || length + this.#queue[n].length <= this.#maxWrite)) {
      length += this.#queue[n++].length;
    }
    const taken = this.#queue.splice(0, n);
    this.#length -= length;
    return this.#binary ? (n === 1 ? taken[0] : Buffer.concat(taken)) : Buffer.from(taken.join(''), 'utf8');
  }

  // Does what is next: write, reopen, close. Called when nothing is on its way.
  #pump(): void {
    while (!this.#writing && !this.#opening && this.#fd >= 0 && !this.#closed) {
      const wanted = this.#piece !== undefined || this.#length > 0 && this.#reopenTo === undefined && (this.#length >= this.#minLength || this.#forced || this.#ending);
      if (this.#destroyed || !wanted) break;
      this.#piece ??= this.#take();
      if (!this.#writePiece()) return;
    }
    if (this.#writing || this.#opening || this.#fd < 0) return;
    this.#rest();
  }
  // Nothing is to be written.
  #rest(): void {
    if (this.#reopenTo !== undefined && !this.#destroyed) {
      const path = this.#reopenTo;
      this.#reopenTo = undefined;
      this.#open(path);
      return;
    }
    this.#forced = false;
    const lost = this.#length > 0 && this.#flushing.length > 0 ? new codes.ERR_INVALID_STATE('Utf8Stream is destroyed') : undefined;
    for (const callback of this.#flushing.splice(0)) callback(lost);
    if (this.#destroyed) {
      this.#closeSoon();
    } else if (this.#ending) {
      this.#finish();
    }
  }

  // Writes from the piece. True: it was done at once, and what is next may follow.
  #writePiece(): boolean {
    const bytes = this.#piece.subarray(0, this.#maxWrite);
    if (this.#sync) {
      let n: any;
      try {
        n = this.#fs.writeSync(this.#fd, bytes);
      } catch (error) {
        this.#failed(error);
        return false;
      }
      this.#wrote(n);
      if (n === 0) { // the file takes nothing now
        this.#writing = true;
        setTimeout(() => this.#again(), 0);
        return false;
      }
      return true;
    }
    this.#writing = true;
    this.#fs.write(this.#fd, bytes, (error: any, n: any) => {
      this.#writing = false;
      if (error) {
        this.#failed(error);
        return;
      }
      this.#wrote(n);
      this.#pump();
    });
    return false;
  }
  #again(): void {
    this.#writing = false;
    this.#pump();
  }
  // n: bytes; a replaced function may not tell
  #wrote(n: any): void {
    const written = typeof n === 'number' ? n : Math.min(this.#piece.length, this.#maxWrite);
    this.#piece = written >= this.#piece.length ? undefined : this.#piece.subarray(written);
    if (this.#fsync && written > 0) {
      try {
        this.#fs.fsyncSync(this.#fd);
      } catch {
        // It can't be synchronized: a pipe, a terminal.
      }
    }
    this.emit('write', written);
    if (this.#piece === undefined && this.#length === 0 && !this.#destroyed) this.#drained();
  }
  #drained(): void {
    if (!this.#sync) {
      if (!this.#ending) this.emit('drain');
    } else if (!this.#drainSoon) {
      this.#drainSoon = true;
      nextTick(() => {
        this.#drainSoon = false;
        if (!this.#ending && !this.#destroyed) this.emit('drain');
      });
    }
  }
  #isBusy(error: any): boolean {
    return (error.code === 'EAGAIN' || error.code === 'EBUSY') && this.#retry(error, this.#piece.length, this.#length) === true;
  }
  #failed(error: any): void {
    if (this.#isBusy(error)) {
      this.#writing = true;
      setTimeout(() => this.#again(), BUSY_DELAY);
      return;
    }
    this.emit('error', error);
    for (const callback of this.#flushing.splice(0)) callback(error);
    if (this.#destroyed) this.#closeSoon();
  }

  /** Writes what waits, whatever its length, and has it reach the disk. */
  flush(callback?: any): void {
    if (callback !== undefined && callback !== null) validateFunction(callback, 'cb');
    if (this.#destroyed) {
      const error = new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
      if (callback) callback(error);
      return;
    }
    const empty = this.#piece === undefined && this.#length === 0 && !this.#writing;
    if (callback) this.#flushing.push((error) => (error ? callback(error) : this.#synchronize(callback)));
    this.#forced = true;
    if (empty && this.#minLength > 0) nextTick(() => this.#destroyed || this.emit('drain'));
    if (!this.#writing) this.#pump();
  }
  #synchronize(callback: Callback): void {
    if (this.#fsync || this.#fd < 0) {
      callback(null);
      return;
    }
    this.#held++;
    this.#fs.fsync(this.#fd, (error: any) => {
      this.#held--;
      // What can't be synchronized (a pipe, a terminal) is as far as it gets.
      callback(error && error.code !== 'EINVAL' && error.code !== 'EBADF' ? error : null);
      if (this.#destroyed) this.#closeSoon();
    });
  }

  /** Writes what waits before it returns. */
  flushSync(): void {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#fd < 0) throw new codes.ERR_INVALID_STATE('Utf8Stream is not ready');
    // A piece that is being written already goes its own way.
    let piece = this.#writing ? undefined : this.#piece;
    if (!this.#writing) this.#piece = undefined;
    while (piece !== undefined || this.#length > 0) {
      piece ??= this.#take();
      let n: any;
      try {
        n = this.#fs.writeSync(this.#fd, piece);
      } catch (error: any) {
        const busy = error.code === 'EAGAIN' || error.code === 'EBUSY';
        if (busy && this.#retry(error, piece.length, this.#length) === true) {
          sleep(BUSY_DELAY);
          continue;
        }
        this.#queue.unshift(this.#binary ? piece : piece.toString());
        this.#length += this.#queue[0].length;
        throw error;
      }
      const written = typeof n === 'number' ? n : piece.length;
      piece = written >= piece.length ? undefined : piece.subarray(written);
    }
    try {
      this.#fs.fsyncSync(this.#fd);
    } catch {
      // It can't be synchronized.
    }
  }

  // ---- the end ----

  /** Writes what waits and closes the file. */
  end(): void {
    if (this.#destroyed) throw new codes.ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#ending) return;
    this.#ending = true;
    if (!this.#writing && !this.#opening) this.#pump();
  }
  #finish(): void {
    this.#destroyed = true;
    this.#held++;
    clearInterval(this.#timer);
    const close = () => {
      this.#held--;
      this.#closeFile(() => {
        this.emit('finish');
        this.emit('close');
      });
    };
    if (this.#fsync) close();
    else this.#fs.fsync(this.#fd, close); // what can't be synchronized is closed all the same
  }
  /** Closes the file; what waits is lost. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    clearInterval(this.#timer);
    this.#closeSoon();
  }
  #closeSoon(): void {
    if (this.#closed || this.#writing || this.#opening || this.#held > 0) return;
    this.#closeFile(() => this.emit('close'));
  }
  #closeFile(done: () => void): void {
    if (this.#closed) return;
    this.#closed = true;
    const fd = this.#fd;
    this.#fd = -1;
    if (fd < 0 || fd === 1 || fd === 2) {
      nextTick(done);
      return;
    }
    this.#fs.close(fd, (error: any) => {
      if (error) this.emit('error', error);
      else done();
    });
  }
  [Symbol.dispose](): void {
    this.destroy();
  }
}
