// What the states of both halves are made of: flags in one integer, high water marks, options that they share.

import { codes } from 'internal:errors';
import { validateInteger } from 'internal:validators';
import { Buffer } from 'internal:buffer';

/** The integer of a half's flags. It must stay a small integer of V8: at most 30 of them. */
export const kFlags = Symbol('flags');

/** Gives flags the names by which packages know them. */
export function defineFlags(prototype: any, names: Record<string, number>): void {
  for (const [name, flag] of Object.entries(names)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get() { return (this[kFlags] & flag) !== 0; },
      set(on) { this[kFlags] = on ? this[kFlags] | flag : this[kFlags] & ~flag; },
    });
  }
}

const marks = { bytes: 64 * 1024, objects: 16 };

export function getDefaultHighWaterMark(objectMode?: boolean): number {
  return marks[objectMode ? 'objects' : 'bytes'];
}

export function setDefaultHighWaterMark(objectMode: boolean, value: number): void {
  validateInteger(value, 'value', 0);
  marks[objectMode ? 'objects' : 'bytes'] = value;
}

/** The mark that the options give. `own`: the option for this half of a Duplex. */
export function waterMark(options: any, objectMode: boolean, own: string | null): number {
  if (!options) return objectMode ? marks.objects : marks.bytes;
  let name = 'highWaterMark';
  let value = options.highWaterMark;
  if (own !== null && (value === null || value === undefined)) {
    name = own;
    value = options[own];
  }
  if (value === null || value === undefined) return objectMode ? marks.objects : marks.bytes;
  if (Number.isInteger(value) && value >= 0) return value;
  throw new codes.ERR_INVALID_ARG_VALUE(`options.${name}`, value);
}

/** `options.defaultEncoding`, checked. */
export function encodingOption(options: any): string {
  const encoding = options?.defaultEncoding;
  if (!encoding || encoding === 'utf8' || encoding === 'utf-8') return 'utf8';
  if (!Buffer.isEncoding(encoding)) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
  return encoding;
}
