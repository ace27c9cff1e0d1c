// Duplex.from(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamduplexfromsrc

import { AbortError, codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import { AbortController } from 'internal:events/abort';
import { Readable } from 'internal:stream/readable';
import { Writable } from 'internal:stream/writable';
import { Duplex } from 'internal:stream/duplex';
import { destroyer } from 'internal:stream/destroy';
import { eos } from 'internal:stream/endofstream';
import { from } from 'internal:stream/from';
import {
  isDuplexNodeStream, isIterable, isNodeStream, isReadable, isReadableNodeStream, isReadableStream, isWritable, isWritableNodeStream, isWritableStream,
} from 'internal:stream/state';

function isBlob(value: any): boolean {
  return typeof value === 'object' && value !== null && typeof value.arrayBuffer === 'function' && typeof value.stream === 'function' &&
    typeof value.slice === 'function' && typeof value.size === 'number';
}

/** A Duplex over nearly anything. `name` is for the error message. */
export function duplexify(body: any, name: string): any {
  if (isDuplexNodeStream(body)) return body;
  if (isReadableNodeStream(body)) return join({ readable: body });
  if (isWritableNodeStream(body)) return join({ writable: body });
  if (isNodeStream(body)) return join({ writable: false, readable: false });
  if (isReadableStream(body)) return join({ readable: (Readable as any).fromWeb(body) });
  if (isWritableStream(body)) return join({ writable: (Writable as any).fromWeb(body) });

  if (typeof body === 'function') {
    const { value, write, final, destroy } = feed(body);
    // The function may give a stream.
    if (isDuplexNodeStream(value)) return value;
    if (isIterable(value)) return from(Duplex, value, { objectMode: true, write, final, destroy });
    const then = value?.then;
    if (typeof then === 'function') {
      let d: any;
      const promise = then.call(value, (result: any) => {
        if (result != null) throw new codes.ERR_INVALID_RETURN_VALUE('nully', 'body', result);
      }, (err: any) => { destroyer(d, err); });
      return d = new (Duplex as any)({
        objectMode: true,
        readable: false,
        write,
        final(cb: any) {
          final(async () => {
            try {
              await promise;
              nextTick(cb, null);
            } catch (err) {
              nextTick(cb, err);
            }
          });
        },
        destroy,
      });
    }
    throw new codes.ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or AsyncFunction', name, value);
  }

  if (isBlob(body)) return duplexify(body.arrayBuffer(), name);
  if (isIterable(body)) return from(Duplex, body, { objectMode: true, writable: false });
  if (isReadableStream(body?.readable) && isWritableStream(body?.writable)) return (Duplex as any).fromWeb(body);
  if (typeof body?.writable === 'object' || typeof body?.readable === 'object') {
    const half = (stream: any, is: (s: any) => boolean) => (stream ? (is(stream) ? stream : duplexify(stream, name)) : undefined);
    return join({ readable: half(body?.readable, isReadableNodeStream), writable: half(body?.writable, isWritableNodeStream) });
  }

  const then = body?.then;
  if (typeof then === 'function') {
    const d: any = new (Duplex as any)({ objectMode: true, writable: false, read() { /* pushed below */ } });
    then.call(body, (value: any) => {
      if (value != null) d.push(value);
      d.push(null);
    }, (err: any) => { destroyer(d, err); });
    return d;
  }

  throw new codes.ERR_INVALID_ARG_TYPE(name, [
    'Blob', 'ReadableStream', 'WritableStream', 'Stream', 'Iterable', 'AsyncIterable', 'Function', '{ readable, writable } pair', 'Promise',
  ], body);
}

/** Calls an async (generator) function with an iterable of what will be written. */
function feed(fn: any): any {
  let { promise, resolve }: any = Promise.withResolvers();
  const controller = new AbortController();
  const { signal } = controller;
  const value = fn((async function* () {
    while (true) {
      const current = promise;
      promise = null;
      const { chunk, done, cb } = await current;
      nextTick(cb);
      if (done) return;
      if (signal.aborted) throw new AbortError(undefined, { cause: signal.reason });
      ({ promise, resolve } = Promise.withResolvers());
      yield chunk;
    }
  })(), { signal });

  const give = (item: any) => {
    const r = resolve;
    resolve = null;
    r(item);
  };
  return {
    value,
    write(chunk: any, _encoding: any, cb: any) { give({ chunk, done: false, cb }); },
    final(cb: any) { give({ done: true, cb }); },
    destroy(err: any, cb: any) {
      controller.abort();
      cb(err);
    },
  };
}

/** One Duplex out of a readable and a writable. */
function join(pair: any): any {
  const r = pair.readable && typeof pair.readable.read !== 'function' ? (Readable as any).wrap(pair.readable) : pair.readable;
  const w = pair.writable;
  let readable = !!isReadable(r);
  let writable = !!isWritable(w);

  // Callbacks that wait: of _write, _final, _read and _destroy.
  let ondrain: any = null;
  let onfinish: any = null;
  let onreadable: any = null;
  let onclose: any;

  function onfinished(err: any): void {
    const cb = onclose;
    onclose = null;
    if (cb) cb(err);
    else if (err) d.destroy(err);
  }

  const d: any = new (Duplex as any)({
    readableObjectMode: !!r?.readableObjectMode,
    writableObjectMode: !!w?.writableObjectMode,
    readable,
    writable,
  });

  if (writable) {
    eos(w, (err: any) => {
      writable = false;
      if (err) destroyer(r, err);
      onfinished(err);
    });
    d._write = (chunk: any, encoding: any, callback: any) => {
      if (w.write(chunk, encoding)) callback();
      else ondrain = callback;
    };
    d._final = (callback: any) => {
      w.end();
      onfinish = callback;
    };
    w.on('drain', () => {
      if (ondrain) {
        const cb = ondrain;
        ondrain = null;
        cb();
      }
    });
    w.on('finish', () => {
      if (onfinish) {
        const cb = onfinish;
        onfinish = null;
        cb();
      }
    });
  }

  if (readable) {
    eos(r, (err: any) => {
      readable = false;
      if (err) destroyer(r, err);
      onfinished(err);
    });
    r.on('readable', () => {
      if (onreadable) {
        const cb = onreadable;
        onreadable = null;
        cb();
      }
    });
    r.on('end', () => { d.push(null); });
    d._read = () => {
      while (true) {
        const chunk = r.read();
        if (chunk === null) {
          onreadable = d._read;
          return;
        }
        if (!d.push(chunk)) return;
      }
    };
  }

  d._destroy = (err: any, callback: any) => {
    if (!err && onclose !== null) err = new AbortError();
    onreadable = null;
    ondrain = null;
    onfinish = null;
    if (onclose === null) {
      callback(err);
    } else {
      onclose = callback;
      destroyer(w, err);
      destroyer(r, err);
    }
  };
  return d;
}
