// How a test file's process reports to the runner that started it: frames within its standard output, so that events and what the program
// prints keep their order. A frame is a mark, the length of its body (4 bytes, big endian) and an event as v8.serialize writes it.
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import type { Event } from 'internal:test/stream';

const mark = '\u0000\u0010roost:test\u0010';
const markLength = mark.length;
const headLength = markLength + 4;
const errorTag = '\u0000error';
const plainFields = ['code', 'failureType', 'exitCode', 'signal', 'generatedMessage', 'operator', 'expected', 'actual', 'diff'];

// Errors lose their class and fields in v8.serialize: they travel as records.
function pack(value: any, depth = 0): any {
  if (!(value instanceof Error) || depth > 8) {
    return value;
  }
  const error: any = value;
  const record: any = { [errorTag]: true, name: error.name, message: error.message, stack: error.stack, fields: {} };
  for (const key of Object.keys(error).concat(plainFields)) {
    if (key !== 'cause' && Object.hasOwn(error, key) && typeof error[key] !== 'function') {
      record.fields[key] = cloneable(pack(error[key], depth + 1));
    }
  }
  if (Object.hasOwn(error, 'cause')) {
    record.cause = cloneable(pack(error.cause, depth + 1));
    record.hasCause = true;
  }
  return record;
}
function cloneable(value: any): any {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function' && typeof value !== 'symbol') {
    return value;
  }
  try {
    load('node:v8').default.serialize(value);
    return value;
  } catch {
    return load('internal:util/inspect').inspect(value);
  }
}

const classes: Record<string, any> = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function unpack(record: any): any {
  if (record === null || typeof record !== 'object' || record[errorTag] !== true) {
    return record;
  }
  const Class = classes[record.name] ?? Error;
  const error: any = new Class(record.message);
  Object.defineProperty(error, 'stack', { value: record.stack, writable: true, configurable: true, enumerable: false });
  if (error.name !== record.name) {
    Object.defineProperty(error, 'name', { value: record.name, writable: true, configurable: true, enumerable: false });
  }
  for (const key of Object.keys(record.fields)) {
    error[key] = unpack(record.fields[key]);
  }
  if (record.hasCause) {
    const value = unpack(record.cause);
    Object.defineProperty(error, 'cause', { value, writable: true, configurable: true, enumerable: record.fields.code === 'ERR_TEST_FAILURE' });
  }
  return error;
}

/** The bytes of an event. */
export function encode(type: string, data: any): any {
  const { details } = data;
  const sent = details?.error === undefined ? data : { ...data, details: { ...details, error: pack(details.error) } };
  const body = load('node:v8').default.serialize({ type, data: sent });
  const head = Buffer.alloc(headLength);
  head.write(mark, 'latin1');
  head.writeUInt32BE(body.length, markLength);
  return Buffer.concat([head, body]);
}

/** Takes a process's output apart. */
export class Decoder {
  #rest: any = Buffer.alloc(0);
  #onEvent: (event: Event) => void;
  #onText: (bytes: any) => void;
  constructor(onEvent: (event: Event) => void, onText: (bytes: any) => void) {
    this.#onEvent = onEvent;
    this.#onText = onText;
  }
  write(chunk: any): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const at = data.indexOf(mark, 0, 'latin1');
      if (at < 0) {
        // The end may be the begin of a mark.
        let keep = 0;
        for (let n = Math.min(markLength - 1, data.length); n > 0; n--) {
          if (data.subarray(data.length - n).toString('latin1') === mark.slice(0, n)) {
            keep = n;
            break;
          }
        }
        this.#text(data.subarray(0, data.length - keep));
        data = data.subarray(data.length - keep);
        break;
      }
      this.#text(data.subarray(0, at));
      data = data.subarray(at);
      if (data.length < headLength) {
        break;
      }
      const end = headLength + data.readUInt32BE(markLength);
      if (data.length < end) {
        break;
      }
      let event: any;
      try {
        event = load('node:v8').default.deserialize(data.subarray(headLength, end));
      } catch {
        this.#text(data.subarray(0, end));
      }
      if (event !== undefined) {
        if (event.data.details?.error !== undefined) {
          event.data.details.error = unpack(event.data.details.error);
        }
        this.#onEvent(event);
      }
      data = data.subarray(end);
    }
    this.#rest = data;
  }
  end(): void {
    this.#text(this.#rest);
    this.#rest = Buffer.alloc(0);
  }
  #text(bytes: any): void {
    if (bytes.length > 0) {
      this.#onText(bytes);
    }
  }
}
