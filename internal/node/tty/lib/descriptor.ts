// Streams over descriptors: the ends of pipes to children, and standard input. They look like net.Socket where programs look.
import * as native from 'native:tty';
import { adopt, release } from 'internal:handle';
import { cancelRequest, request } from 'internal:request';
import { errnoException } from 'internal:errors';
import { Duplex } from 'internal:stream/duplex';

const { setPrototypeOf } = Object;

const READ = 1;
const EOF = 2;
const ERROR = 3;
const CLOSE = 4;

/** One descriptor of Go. What programs know of libuv's handles: fd, ref, unref, hasRef, close. */
export class DescriptorHandle {
  fd: number;
  reading = false;
  bytesRead = 0;
  bytesWritten = 0;
  onread: ((chunk: any) => void) | undefined;
  onend: (() => void) | undefined;
  onerror: ((errno: number) => void) | undefined;
  #id: number;
  #referenced = true;
  #closed: (() => void) | undefined;

  /**
   * @param shared the descriptor stays its owner's: a duplicate is used and its flags are left alone
   * @throws when it can't be watched
   */
  constructor(fd: number, shared: boolean, kind: string) {
    this.fd = fd;
    const id = native.descriptorOpen(fd, shared, kind);
    if (id < 0) {
      throw errnoException(id, 'open');
    }
    this.#id = id;
    adopt(id, this, kind === 'Pipe' ? 'PIPEWRAP' : 'TTYWRAP');
  }
  onevent(event: number, value?: any): void {
    switch (event) {
      case READ:
        this.bytesRead += value.length;
        this.onread?.(value);
        break;
      case EOF:
        this.reading = false;
        this.onend?.();
        break;
      case ERROR:
        this.reading = false;
        this.onerror?.(value);
        break;
      case CLOSE:
        release(this.#id);
        this.#id = 0;
        this.#closed?.();
    }
  }
  readStart(): number {
    if (this.reading || this.#id === 0) {
      return 0;
    }
    this.reading = true;
    return native.descriptorRead(this.#id, true);
  }
  readStop(): number {
    if (!this.reading) {
      return 0;
    }
    this.reading = false;
    return native.descriptorRead(this.#id, false);
  }
  /** Writes and calls back with an errno, at once when the other side took everything. */
  write(data: Uint8Array, callback: (errno: number) => void): void {
    this.bytesWritten += data.length;
    const id = request((_err, errno) => callback(errno));
    const state = native.descriptorWrite(this.#id, data, id);
    if (state !== 0) {
      cancelRequest(id);
      callback(state > 0 ? 0 : state);
    }
  }
  shutdown(callback: (errno: number) => void): void {
    native.descriptorShutdown(this.#id, request((_err, errno) => callback(errno)));
  }
  close(callback?: () => void): void {
    this.#closed ??= callback;
    this.reading = false;
    native.descriptorClose(this.#id);
  }
  ref(): void {
    this.#referenced = true;
    native.descriptorRef(this.#id, true);
  }
  unref(): void {
    this.#referenced = false;
    native.descriptorRef(this.#id, false);
  }
  hasRef(): boolean {
    return this.#referenced;
  }
  setBlocking(): number {
    return 0;
  }
  getAsyncId(): number {
    return 0;
  }
}

/**
 * A Duplex over a DescriptorHandle.
 * options: {handle, readable, writable, ...stream options}
 */
export function DescriptorStream(this: any, options: any): void {
  Duplex.call(this, {
    ...options, allowHalfOpen: options.allowHalfOpen ?? true, emitClose: true, autoDestroy: true, decodeStrings: true,
    readable: options.readable === true, writable: options.writable === true,
  });
  const handle = options.handle;
  this._handle = handle;
  this.connecting = false;
  this._hadError = false;
  if (handle) {
    attach(this, handle);
  }
}
setPrototypeOf(DescriptorStream.prototype, Duplex.prototype);
setPrototypeOf(DescriptorStream, Duplex);

function attach(stream: any, handle: DescriptorHandle): void {
  handle.onread = (chunk) => {
    if (!stream.push(chunk)) {
      handle.readStop();
    }
  };
  handle.onend = () => {
    stream.push(null);
    // An end that nobody reads still has to be noticed.
    if (stream.readableLength === 0) {
      stream.read(0);
    }
  };
  handle.onerror = (errno) => stream.destroy(errnoException(errno, 'read'));
}

const proto = DescriptorStream.prototype;
proto._read = function(this: any): void {
  const handle = this._handle;
  if (!handle || !this.readable) {
    return;
  }
  const errno = handle.readStart();
  if (errno !== 0) {
    this.destroy(errnoException(errno, 'read'));
  }
};
proto._write = function(this: any, chunk: any, _encoding: string, callback: any): void {
  if (!this._handle) {
    callback(errnoException(-32, 'write'));
    return;
  }
  this._handle.write(chunk, (errno: number) => callback(errno === 0 ? null : errnoException(errno, 'write')));
};
proto._final = function(this: any, callback: any): void {
  if (!this._handle || !this._handle.shutdown) {
    callback();
    return;
  }
  this._handle.shutdown((errno: number) => callback(errno === 0 ? null : errnoException(errno, 'shutdown')));
};
proto._destroy = function(this: any, err: any, callback: any): void {
  const handle = this._handle;
  if (!handle) {
    callback(err);
    return;
  }
  this._handle = null;
  this._bytesRead = handle.bytesRead;
  this._bytesWritten = handle.bytesWritten;
  this._hadError = err != null;
  handle.close(() => callback(err));
};
proto.destroySoon = function(this: any): void {
  if (this.writable) {
    this.end();
  }
  if (this.writableFinished) {
    this.destroy();
  } else {
    this.once('finish', this.destroy);
  }
};
proto.pause = function(this: any): any {
  if (this._handle?.reading && !this.destroyed) {
    this._handle.readStop();
  }
  return Duplex.prototype.pause.call(this);
};
proto.ref = function(this: any): any {
  this._handle?.ref?.();
  return this;
};
proto.unref = function(this: any): any {
  this._handle?.unref?.();
  return this;
};
proto.setTimeout = function(this: any): any {
  return this;
};
Object.defineProperties(proto, {
  bytesRead: { configurable: true, enumerable: false, get(this: any) { return this._handle ? this._handle.bytesRead : this._bytesRead; } },
  bytesWritten: { configurable: true, enumerable: false, get(this: any) { return this._handle ? this._handle.bytesWritten : this._bytesWritten; } },
  pending: { configurable: true, enumerable: false, get(this: any) { return !this._handle; } },
  readyState: {
    configurable: true, enumerable: false,
    get(this: any) { return this.readable && this.writable ? 'open' : this.readable ? 'readOnly' : this.writable ? 'writeOnly' : 'closed'; },
  },
});

/** Opens a descriptor as a stream. shared as in DescriptorHandle. */
export function openStream(fd: number, shared: boolean, kind: string, options: any): any {
  return new (DescriptorStream as any)({ ...options, handle: new DescriptorHandle(fd, shared, kind) });
}
