// native:zlib — codecs. Numbers are Node's (zlib.constants).

export interface Engine { readonly engine: unique symbol }
type Data = ArrayBufferView | ArrayBuffer;

/** params: flat pairs of key and value, for Brotli and Zstandard. */
export function create(mode: number, level: number, windowBits: number, memLevel: number, strategy: number,
  dictionary: Data | undefined, params: number[] | undefined, pledgedSrcSize: number | undefined, rejectGarbage: boolean): Engine;

/**
 * Works on in[inOffset, +inLength] until it is used up or out[outOffset, +outLength] is full.
 * @returns [bytes read, bytes written, whether the stream has ended, an error that comes after the output]; with a request that is what it gets
 */
export function write(engine: Engine, flush: number, input: Data, inOffset: number, inLength: number, output: Data, outOffset: number,
  outLength: number, request?: number): [number, number, boolean, Error?];
export function reset(engine: Engine): void;
export function params(engine: Engine, level: number, strategy: number): void;
/** Ends it; while a write is under way, after that. */
export function close(engine: Engine): void;
/** A whole stream in one step. */
export function whole(input: Data, finishFlush: number, maxOutputLength: number, reserved: undefined, request: number | undefined, mode: number,
  level: number, windowBits: number, memLevel: number, strategy: number, dictionary: Data | undefined, params: number[] | undefined,
  pledgedSrcSize: number | undefined, rejectGarbage: boolean): any;
export function crc32(data: Data | string, value: number): number;
