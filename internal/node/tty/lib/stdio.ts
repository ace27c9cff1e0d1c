// process.stdin, process.stdout and process.stderr. https://nodejs.org/docs/latest-v24.x/api/process.html#processstdout
//
// Files, pipes, sockets and terminals are written synchronously: what a program printed is out when it exits.
import * as native from 'native:tty';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';

function dummyDestroy(this: any, err: any, callback: any): void {
  callback(err);
  this._undestroy();
  // The descriptors stay open; a program may go on writing after an end that it didn't mean.
  if (!this._writableState.emitClose) {
    nextTick(() => this.emit('close'));
  }
}

function makeOutput(fd: number): any {
  let stream: any;
  switch (native.guessHandleType(fd)) {
    case 'TTY':
      stream = new (load('internal:tty').WriteStream)(fd);
      stream._type = 'tty';
      break;
    case 'FILE':
      stream = new (load('internal:fs/syncwritestream').SyncWriteStream)(fd, { autoClose: false });
      stream._type = 'fs';
      break;
    case 'PIPE':
    case 'TCP':
      stream = new (load('internal:tty').OutputStream)(fd);
      stream._type = 'pipe';
      break;
    default: {
      // Closed or strange: what is written vanishes.
      const { Writable } = load('internal:stream/writable');
      stream = new Writable({ write(_chunk: any, _encoding: any, callback: any) { callback(); } });
    }
  }
  stream.fd = fd;
  stream._isStdio = true;
  stream.destroySoon = stream.destroy;
  stream._destroy = dummyDestroy;
  return stream;
}

let out: any;
let err: any;
let input: any;

// Terminals among stdout and stderr follow the window's size.
function followSize(stream: any): any {
  if (stream.isTTY) {
    load('internal:process').process.on('SIGWINCH', () => stream._refreshSize());
  }
  return stream;
}

/** process.stdout, made at the first call. */
export function stdout(): any {
  return out ??= followSize(makeOutput(1));
}

/** process.stderr, made at the first call. */
export function stderr(): any {
  return err ??= followSize(makeOutput(2));
}

/** process.stdin, made at the first call. It reads, and keeps the program alive, only while someone wants data. */
export function stdin(): any {
  return input ??= makeInput(0);
}

function makeInput(fd: number): any {
  let stream: any;
  switch (native.guessHandleType(fd)) {
    case 'TTY':
      stream = new (load('internal:tty').ReadStream)(fd);
      break;
    case 'FILE':
      stream = new (load('internal:fs/streams').ReadStream)(null, { fd, autoClose: false });
      break;
    case 'PIPE':
    case 'TCP': {
      const { openStream } = load('internal:tty/descriptor');
      const socket = native.guessHandleType(fd) === 'TCP';
      try {
        stream = openStream(fd, true, socket ? 'TCP' : 'Pipe', { readable: true, writable: false });
      } catch {
        stream = undefined;
      }
      break;
    }
    default:
  }
  if (stream === undefined) {
    // Closed or strange: there is nothing to read.
    const { Readable } = load('internal:stream/readable');
    stream = new Readable({ read() { /* ended */ } });
    stream.push(null);
  }
  stream.fd = fd;
  // Nothing is read before the program asks.
  if (stream._handle?.readStop) {
    stream._handle.readStop();
    stream._readableState.reading = false;
  }
  return stream;
}
