// stream.compose(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamcomposestreams

import { AbortError, codes } from 'internal:errors';
import { Duplex } from 'internal:stream/duplex';
import { pipeline } from 'internal:stream/pipeline';
import { destroyer } from 'internal:stream/destroy';
import { eos } from 'internal:stream/endofstream';
import {
  isNodeStream, isReadable, isReadableStream, isTransformStream, isWebStream, isWritable, isWritableStream, nop,
} from 'internal:stream/state';

/** A Duplex that writes to the first stream and reads from the last. */
export function compose(...streams: any[]): any {
  if (streams.length === 0) throw new codes.ERR_MISSING_ARGS('streams');
  if (streams.length === 1) return (Duplex as any).from(streams[0]);

  const given = [...streams];
  if (typeof streams[0] === 'function') streams[0] = (Duplex as any).from(streams[0]);
  const end = streams.length - 1;
  if (typeof streams[end] === 'function') streams[end] = (Duplex as any).from(streams[end]);

  for (let n = 0; n < streams.length; n++) {
    const stream = streams[n];
    if (!isNodeStream(stream) && !isWebStream(stream)) continue;
    if (n < end && !(isReadable(stream) || isReadableStream(stream) || isTransformStream(stream))) {
      throw new codes.ERR_INVALID_ARG_VALUE(`streams[${n}]`, given[n], 'must be readable');
    }
    if (n > 0 && !(isWritable(stream) || isWritableStream(stream) || isTransformStream(stream))) {
      throw new codes.ERR_INVALID_ARG_VALUE(`streams[${n}]`, given[n], 'must be writable');
    }
  }

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
    else if (!readable && !writable) d.destroy();
  }

  const head = streams[0];
  const tail = pipeline(streams, onfinished);
  const writable = !!(isWritable(head) || isWritableStream(head) || isTransformStream(head));
  const readable = !!(isReadable(tail) || isReadableStream(tail) || isTransformStream(tail));

  const d: any = new (Duplex as any)({
    writableObjectMode: !!head?.writableObjectMode,
    readableObjectMode: !!tail?.readableObjectMode,
    writable,
    readable,
  });

  if (writable) {
    if (isNodeStream(head)) {
      d._write = (chunk: any, encoding: any, callback: any) => {
        if (head.write(chunk, encoding)) callback();
        else ondrain = callback;
      };
      d._final = (callback: any) => {
        head.end();
        onfinish = callback;
      };
      head.on('drain', () => {
        if (ondrain) {
          const cb = ondrain;
          ondrain = null;
          cb();
        }
      });
    } else if (isWebStream(head)) {
      const writer = (isTransformStream(head) ? head.writable : head).getWriter();
      d._write = async (chunk: any, _encoding: any, callback: any) => {
        try {
          await writer.ready;
          writer.write(chunk).catch(nop);
          callback();
        } catch (err) {
          callback(err);
        }
      };
      d._final = async (callback: any) => {
        try {
          await writer.ready;
          writer.close().catch(nop);
          onfinish = callback;
        } catch (err) {
          callback(err);
        }
      };
    }
    eos(isTransformStream(tail) ? tail.readable : tail, () => {
      if (onfinish) {
        const cb = onfinish;
        onfinish = null;
        cb();
      }
    });
  }

  if (readable) {
    if (isNodeStream(tail)) {
      tail.on('readable', () => {
        if (onreadable) {
          const cb = onreadable;
          onreadable = null;
          cb();
        }
      });
      tail.on('end', () => { d.push(null); });
      d._read = () => {
        while (true) {
          const chunk = tail.read();
          if (chunk === null) {
            onreadable = d._read;
            return;
          }
          if (!d.push(chunk)) return;
        }
      };
    } else if (isWebStream(tail)) {
      const reader = (isTransformStream(tail) ? tail.readable : tail).getReader();
      d._read = async () => {
        while (true) {
          try {
            const { value, done } = await reader.read();
            if (done) {
              d.push(null);
              return;
            }
            if (!d.push(value)) return;
          } catch {
            // The pipeline reports it.
            return;
          }
        }
      };
    }
  }

  d._destroy = (err: any, callback: any) => {
    if (!err && onclose !== null) err = new AbortError();
    onreadable = null;
    ondrain = null;
    onfinish = null;
    if (isNodeStream(tail)) destroyer(tail, err);
    if (onclose === null) callback(err);
    else onclose = callback;
  };
  return d;
}
