// respondWithFile and respondWithFD. https://nodejs.org/docs/latest-v24.x/api/http2.html#http2streamrespondwithfilepath-headers-options
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { kRaw } from 'internal:http2/headers';
import { kState } from 'internal:http2/stream';
import { checkHeaders, prepareResponse, statusOf } from 'internal:http2/serverstream';

const CHUNK = 64 << 10;
const INTERNAL_ERROR = 2;

function checkOptions(o: any): void {
  for (const [name, type] of [['offset', 'number'], ['length', 'number'], ['statCheck', 'function']]) {
    if (o[name] !== undefined && typeof o[name] !== type) throw new codes.ERR_INVALID_ARG_VALUE(`options.${name}`, o[name]);
  }
}

function prepare(given: any, o: any): any {
  checkOptions(o);
  checkHeaders(given);
  const headers = prepareResponse(given, o);
  const status = statusOf(headers);
  if (status === 204 || status === 205 || status === 304) throw new codes.ERR_HTTP2_PAYLOAD_FORBIDDEN(status);
  return headers;
}

export function sendFile(stream: any, path: any, given: any, o: any): void {
  const headers = prepare(given, o);
  stream.touch();
  const { fs } = files();
  fs.open(path, 'r', (err: any, fd: number) => {
    if (err) {
      fail(stream, err, o);
      return;
    }
    stream.once('close', () => fs.close(fd, () => {}));
    if (stream.destroyed || stream.closed) return;
    statAndSend(stream, fd, headers, o, true);
  });
}

export function sendDescriptor(stream: any, fd: any, given: any, o: any): void {
  if (typeof fd !== 'number' && !files().isFileHandle(fd)) throw new codes.ERR_INVALID_ARG_TYPE('fd', ['number', 'FileHandle'], fd);
  const headers = prepare(given, o);
  stream.touch();
  const number = typeof fd === 'number' ? fd : fd.fd;
  // A handle lives as long as its file is read.
  if (typeof fd !== 'number') stream.once('close', () => void fd);
  if (o.statCheck !== undefined) statAndSend(stream, number, headers, o, false);
  else begin(stream, number, headers, o.offset ?? -1, o.length ?? -1, o);
}

let loaded: any;
function files(): any {
  return (loaded ??= { fs: load('node:fs').default, isFileHandle: load('internal:fs/promises').isFileHandle });
}

function fail(stream: any, err: any, o: any): void {
  if (typeof o.onError === 'function') o.onError(err);
  else stream.destroy(err);
}

function statAndSend(stream: any, fd: number, headers: any, o: any, isFile: boolean): void {
  files().fs.fstat(fd, (err: any, stat: any) => {
    if (stream.destroyed || stream.closed) return;
    if (err) {
      fail(stream, err, o);
      return;
    }
    const regular = stat.isFile();
    if (!regular && isFile) {
      const wrong = stat.isDirectory() ? new codes.ERR_HTTP2_SEND_FILE()
        : o.offset !== undefined && o.offset >= 0 || o.length !== undefined && o.length >= 0 ? new codes.ERR_HTTP2_SEND_FILE_NOSEEK() : undefined;
      if (wrong !== undefined) {
        fail(stream, wrong, o);
        return;
      }
    }
    const range = { offset: o.offset ?? (regular ? 0 : -1), length: o.length ?? -1 };
    // What the callback does with the response counts; false: it has answered itself.
    if (o.statCheck !== undefined && (o.statCheck.call(stream, stat, headers, range) === false || stream.headersSent || stream.destroyed || stream.closed)) {
      return;
    }
    let { length } = range;
    if (regular) {
      const rest = Math.max(0, stat.size - Math.max(0, range.offset));
      length = length < 0 ? rest : Math.min(rest, length);
      if (isFile || o.statCheck !== undefined) setLength(headers, length);
    }
    begin(stream, fd, headers, range.offset, length, o);
  });
}

function setLength(headers: any, length: number): void {
  const raw = headers[kRaw];
  if (raw === undefined) {
    headers['content-length'] = length;
  } else {
    for (let i = 0; i < raw.length; i += 2) {
      if (String(raw[i]).toLowerCase() === 'content-length') return;
    }
    raw.push('content-length', length);
  }
}

function begin(stream: any, fd: number, headers: any, offset: number, length: number, o: any): void {
  const bodiless = stream.headRequest === true;
  stream.sendResponse(headers, statusOf(headers), { endStream: bodiless, waitForTrailers: o.waitForTrailers });
  if (bodiless) {
    stream.end();
    return;
  }
  pump(stream, fd, offset, length);
}

// One piece after the other, as fast as the client takes them.
function pump(stream: any, fd: number, offset: number, left: number): void {
  const { fs } = files();
  const state = stream[kState];
  state.sending = true;
  function finish(): void {
    state.sending = false;
    const { finishing } = state;
    state.finishing = null;
    if (finishing !== null) stream._final(finishing);
    else stream.end();
  }
  function next(): void {
    if (stream.destroyed || stream.closed) return;
    if (left === 0) {
      finish();
      return;
    }
    const size = left < 0 ? CHUNK : Math.min(CHUNK, left);
    fs.read(fd, Buffer.allocUnsafeSlow(size), 0, size, offset < 0 ? null : offset, (err: any, n: number, buffer: any) => {
      if (stream.destroyed || stream.closed) return;
      if (err) {
        stream.close(INTERNAL_ERROR);
        return;
      }
      if (n === 0) {
        finish();
        return;
      }
      if (offset >= 0) offset += n;
      if (left > 0) left -= n;
      // The program may have ended the stream already: this is not its writing.
      stream.send([n === size ? buffer : buffer.subarray(0, n)], [undefined], next);
    });
  }
  next();
}
