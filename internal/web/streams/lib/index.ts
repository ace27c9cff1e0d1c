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
