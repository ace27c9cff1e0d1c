// What one may ask about any stream: ours, those of packages that brought their own classes, those of the first kind, web streams.
// The answers are false for what isn't a stream; null where there is no answer.

/** For destroyer(): marks streams without a `destroyed` property. */
export const kIsDestroyed = Symbol.for('nodejs.stream.destroyed');
export const kIsErrored = Symbol.for('nodejs.stream.errored');
export const kIsReadable = Symbol.for('nodejs.stream.readable');
export const kIsWritable = Symbol.for('nodejs.stream.writable');
export const kIsDisturbed = Symbol.for('nodejs.stream.disturbed');
export const kIsClosedPromise = Symbol.for('nodejs.webstream.isClosedPromise');
export const kControllerErrorFunction = Symbol.for('nodejs.webstream.controllerErrorFunction');

export function nop(): void { /* nothing */ }

function can(o: any, method: string): boolean {
  return typeof o[method] === 'function';
}

// --- What kind is it? -------------------------------------------------------------------------------------------

/** `strict`: one that can be paused. */
export function isReadableNodeStream(o: any, strict = false): boolean {
  if (!o || !can(o, 'on') || !can(o, 'pipe')) return false;
  if (strict && !(can(o, 'pause') && can(o, 'resume'))) return false;
  // Writables have a pipe() too.
  if (!o._writableState) return true;
  const source = o._readableState;
  return !!source && source.readable !== false;
}

export function isWritableNodeStream(o: any): boolean {
  if (!o || !can(o, 'on') || !can(o, 'write')) return false;
  return !o._readableState || o._writableState?.writable !== false;
}

export function isDuplexNodeStream(o: any): boolean {
  return !!o?._readableState && ['on', 'pipe', 'write'].every((method) => can(o, method));
}

export function isNodeStream(o: any): boolean {
  if (!o) return false;
  if (o._readableState || o._writableState) return true;
  return can(o, 'on') && (can(o, 'pipe') || can(o, 'write'));
}

function looksLike(o: any, methods: string[]): boolean {
  return !!o && methods.every((method) => can(o, method)) && !isNodeStream(o);
}

export function isReadableStream(o: any): boolean {
  return looksLike(o, ['getReader', 'cancel', 'pipeThrough']);
}

export function isWritableStream(o: any): boolean {
  return looksLike(o, ['getWriter', 'abort']);
}

export function isTransformStream(o: any): boolean {
  return !!o && typeof o.writable === 'object' && typeof o.readable === 'object' && !isNodeStream(o);
}

export function isWebStream(o: any): boolean {
  return [isReadableStream, isWritableStream, isTransformStream].some((is) => is(o));
}

/** `kind`: true asks for async iterables only, false for sync ones only. */
export function isIterable(o: any, kind?: boolean): boolean {
  if (o === null || o === undefined) return false;
  return (kind !== false && can(o, Symbol.asyncIterator as any)) || (kind !== true && can(o, Symbol.iterator as any));
}

// http's messages, and those of packages that look like them.

function hasFlags(o: any, flags: string[]): boolean {
  return flags.every((flag) => typeof o[flag] === 'boolean');
}

function isOutgoingMessage(o: any): boolean {
  return hasFlags(o, ['_closed', '_defaultKeepAlive', '_removedConnection', '_removedContLen']);
}

export function isServerResponse(o: any): boolean {
  return hasFlags(o, ['_sent100']) && isOutgoingMessage(o);
}

export function isServerRequest(o: any): boolean {
  // Ours has the second of the two names.
  return hasFlags(o, ['_dumped']) && typeof o._consuming === 'boolean' && o.req?.upgradeOrConnect === undefined;
}

export function isRequest(o: any): boolean {
  return !!o && !!o.setHeader && can(o, 'abort');
}

// --- How far is it? ---------------------------------------------------------------------------------------------

export function isDestroyed(stream: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  if (stream.destroyed || stream[kIsDestroyed]) return true;
  return !!(stream._writableState ?? stream._readableState)?.destroyed;
}

/** A flag of one half: true when the public property says so; null where there is none; false after a failure. */
function halfIs(stream: any, property: string, half: any, flag: string): boolean | null {
  if (stream[property] === true) return true;
  if (half?.errored) return false;
  const value = half?.[flag];
  return typeof value === 'boolean' ? value : null;
}

/** Nothing waits any more after the end was asked for. */
function isEmptied(half: any): boolean {
  return half.ended === true && half.length === 0;
}

export function isWritableEnded(stream: any): boolean | null {
  return isWritableNodeStream(stream) ? halfIs(stream, 'writableEnded', stream._writableState, 'ended') : null;
}

/** `strict` false: it counts that everything is written. */
export function isWritableFinished(stream: any, strict?: boolean): boolean | null {
  if (!isWritableNodeStream(stream)) return null;
  const sink = stream._writableState;
  const finished = halfIs(stream, 'writableFinished', sink, 'finished');
  return finished === false && strict === false && !sink.errored ? isEmptied(sink) : finished;
}

/** `strict` false: it counts that everything is read. */
export function isReadableFinished(stream: any, strict?: boolean): boolean | null {
  if (!isReadableNodeStream(stream)) return null;
  const source = stream._readableState;
  const finished = halfIs(noProperties, '', source, 'endEmitted');
  return finished === false && strict === false && !source.errored ? isEmptied(source) : finished;
}

const noProperties: any = { __proto__: null };

/** stream.isReadable() */
export function isReadable(stream: any): boolean | null {
  const own = stream?.[kIsReadable];
  if (own !== undefined && own !== null) return own;
  if (typeof stream?.readable !== 'boolean') return null;
  return !isDestroyed(stream) && stream.readable && isReadableNodeStream(stream) && !isReadableFinished(stream);
}

/** stream.isWritable() */
export function isWritable(stream: any): boolean | null {
  const own = stream?.[kIsWritable];
  if (own !== undefined && own !== null) return own;
  if (typeof stream?.writable !== 'boolean') return null;
  return !isDestroyed(stream) && stream.writable && isWritableNodeStream(stream) && !isWritableEnded(stream);
}

/** Neither half does anything any more. */
export function isFinished(stream: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  return isDestroyed(stream) || !(isReadable(stream) || isWritable(stream));
}

/** The error of a half, null without one. */
export function isWritableErrored(stream: any): any {
  return isNodeStream(stream) ? stream.writableErrored || (stream._writableState?.errored ?? null) : null;
}

export function isReadableErrored(stream: any): any {
  return isNodeStream(stream) ? stream.readableErrored || (stream._readableState?.errored ?? null) : null;
}

export function isClosed(stream: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  const known = [stream.closed, stream._writableState?.closed, stream._readableState?.closed].filter((value) => typeof value === 'boolean');
  if (known.length > 0) return typeof stream.closed === 'boolean' ? stream.closed : known.includes(true);
  return isOutgoingMessage(stream) ? stream._closed : null;
}

/** Whether 'close' is to be expected. */
export function willEmitClose(stream: any): boolean | null {
  if (!isNodeStream(stream)) return null;
  const half = stream._writableState || stream._readableState;
  if (!half) return isServerResponse(stream);
  return !!half.emitClose && !!half.autoDestroy && half.closed === false;
}

/** stream.isDisturbed(): whether it was read from or cancelled. */
export function isDisturbed(stream: any): boolean {
  return !!stream && !!(stream[kIsDisturbed] ?? (stream.readableAborted || stream.readableDidRead));
}

/** stream.isErrored() */
export function isErrored(stream: any): boolean {
  if (!stream) return false;
  const { _readableState: source, _writableState: sink } = stream;
  const answers = [stream[kIsErrored], stream.readableErrored, stream.writableErrored, source?.errorEmitted, sink?.errorEmitted, source?.errored,
    sink?.errored];
  return !!answers.find((answer) => answer !== undefined && answer !== null);
}
