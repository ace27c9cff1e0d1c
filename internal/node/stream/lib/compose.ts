// stream.compose(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamcomposestreams

import { codes } from 'internal:errors';
import { Bridge } from 'internal:stream/bridge';
import { Duplex } from 'internal:stream/duplex';
import { pipeline } from 'internal:stream/pipeline';
import { destroyer } from 'internal:stream/destroy';
import { eos } from 'internal:stream/endofstream';
import { isNodeStream, isReadable, isReadableStream, isTransformStream, isWebStream, isWritable, isWritableStream } from 'internal:stream/state';

function gives(stream: any): boolean {
  return !!(isReadable(stream) || isReadableStream(stream) || isTransformStream(stream));
}

function takes(stream: any): boolean {
  return !!(isWritable(stream) || isWritableStream(stream) || isTransformStream(stream));
}

/** A Duplex that writes to the first stream and reads from the last. */
export function compose(...given: any[]): any {
  if (given.length === 0) throw new codes.ERR_MISSING_ARGS('streams');
  if (given.length === 1) return (Duplex as any).from(given[0]);

  const last = given.length - 1;
  // Functions at either end need a stream in front.
  const streams = given.map((stream, i) => (typeof stream === 'function' && (i === 0 || i === last) ? (Duplex as any).from(stream) : stream));
  streams.forEach((stream, i) => {
    if (!isNodeStream(stream) && !isWebStream(stream)) return;
    const lacks = i < last && !gives(stream) ? 'readable' : i > 0 && !takes(stream) ? 'writable' : null;
    if (lacks !== null) throw new codes.ERR_INVALID_ARG_VALUE(`streams[${i}]`, given[i], `must be ${lacks}`);
  });

  const [head] = streams;
  const writable = takes(head);
  let readable = false;
  const tail = pipeline(streams, (err: any) => {
    bridge.over(err);
    // Nothing will be read or written that could end it.
    if (!err && !readable && !writable) bridge.duplex.destroy();
  });
  readable = gives(tail);
  const bridge = new Bridge({
    head, tail, readable, writable,
    breakDown(err) { if (isNodeStream(tail)) destroyer(tail, err); },
  });
  // The end of the writes is the end of the whole chain.
  if (writable) eos(isTransformStream(tail) ? tail.readable : tail, () => bridge.finish());
  return bridge.duplex;
}
