// stream.addAbortSignal(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamaddabortsignalsignal-stream

import { AbortError, codes } from 'internal:errors';
import { validateAbortSignal } from 'internal:validators';
import { addAbortListener } from 'internal:events/abort';
import { eos } from 'internal:stream/endofstream';
import { isNodeStream, isWebStream, kControllerErrorFunction } from 'internal:stream/state';

/** Destroys (or errors, for web streams) the stream when the signal aborts. */
export function addAbortSignal(signal: any, stream: any): any {
  if (typeof signal !== 'object' || signal === null) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  if (!isNodeStream(stream) && !isWebStream(stream)) {
    throw new codes.ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }
  return addAbortSignalNoValidate(signal, stream);
}

export function addAbortSignalNoValidate(signal: any, stream: any): any {
  if (typeof signal !== 'object' || !('aborted' in signal)) return stream;
  const onAbort = isNodeStream(stream) ?
    () => stream.destroy(new AbortError(undefined, { cause: signal.reason })) :
    () => stream[kControllerErrorFunction](new AbortError(undefined, { cause: signal.reason }));
  if (signal.aborted) {
    onAbort();
  } else {
    const abort = addAbortListener(signal, onAbort);
    eos(stream, () => abort[Symbol.dispose]());
  }
  return stream;
}
