// The web streams. https://streams.spec.whatwg.org/
export { ByteLengthQueuingStrategy, CountQueuingStrategy } from 'internal:web/streams/core';
export {
  ReadableStream, ReadableStreamDefaultReader, ReadableStreamBYOBReader, ReadableStreamBYOBRequest, ReadableByteStreamController,
  ReadableStreamDefaultController, isReadableStream,
} from 'internal:web/streams/readable';
export { WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController } from 'internal:web/streams/writable';
export { TransformStream, TransformStreamDefaultController } from 'internal:web/streams/transform';
export { TextEncoderStream, TextDecoderStream } from 'internal:web/streams/encoding';
export { CompressionStream, DecompressionStream } from 'internal:web/streams/compression';

// The structured clone takes streams only from a transfer list: see internal:web/message/clone.
import { ReadableStream } from 'internal:web/streams/readable';
import { TransformStream } from 'internal:web/streams/transform';
import { WritableStream } from 'internal:web/streams/writable';
for (const { prototype } of [ReadableStream, TransformStream, WritableStream]) {
  Object.defineProperty(prototype, Symbol.for('roost.clone'), { value: null });
}
