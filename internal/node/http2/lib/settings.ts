// Settings: their limits, their payload, and the objects that programs see.
// https://www.rfc-editor.org/rfc/rfc9113#name-defined-settings
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { isTypedArray } from 'internal:util/types';
import { validateObject } from 'internal:validators';
import { constants } from 'internal:http2/constants';

const max32 = 2 ** 32 - 1;
const MAX_CUSTOM = 10;

// number in the frame, name, smallest and largest value; no limits: a boolean
const known: [number, string, number?, number?][] = [
  [constants.NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, 'headerTableSize', 0, max32],
  [constants.NGHTTP2_SETTINGS_ENABLE_PUSH, 'enablePush'],
  [constants.NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 'maxConcurrentStreams', 0, max32],
  [constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 'initialWindowSize', 0, max32],
  [constants.NGHTTP2_SETTINGS_MAX_FRAME_SIZE, 'maxFrameSize', constants.MIN_MAX_FRAME_SIZE, constants.MAX_MAX_FRAME_SIZE],
  [constants.NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 'maxHeaderListSize', 0, max32],
  [constants.NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 'enableConnectProtocol'],
];
const limits: [string, number, number][] = [['maxHeaderSize', 0, max32]];
for (const [, name, low, high] of known) {
  if (low !== undefined) limits.push([name, low, high as number]);
}

// The same code as for a wrong type, but a RangeError.
function outOfRange(name: string, value: any, low: number, high: number): Error {
  const { message } = new codes.ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
  return Object.assign(new RangeError(message), { code: 'ERR_HTTP2_INVALID_SETTING_VALUE', actual: value, min: low, max: high });
}

// What a setting may not be is shown as text.
function invalid(name: string, value: any): Error {
  const error: any = new codes.ERR_HTTP2_INVALID_SETTING_VALUE(name, String(value));
  error.actual = value;
  return error;
}

function checkRange(name: string, value: any, low: number, high: number): void {
  if (value !== undefined && (typeof value !== 'number' || !(value >= low && value <= high))) throw outOfRange(name, value, low, high);
}

/** Throws for values that no setting may have. */
export function validateSettings(settings: any): void {
  if (settings === undefined) return;
  if (settings.customSettings !== undefined && settings.customSettings !== null) {
    const entries = Object.entries(settings.customSettings);
    if (entries.length > MAX_CUSTOM) throw new codes.ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
    for (const [id, value] of entries) {
      checkRange('customSettings:id', Number(id), 0, 0xffff);
      checkRange('customSettings:value', Number(value), 0, max32);
    }
  }
  for (const [name, low, high] of limits) checkRange(name, settings[name], low, high);
  for (const name of ['enablePush', 'enableConnectProtocol']) {
    const value = settings[name];
    if (value !== undefined && typeof value !== 'boolean') throw invalid(name, value);
  }
}

export function getDefaultSettings(): any {
  return {
    __proto__: null,
    headerTableSize: constants.DEFAULT_SETTINGS_HEADER_TABLE_SIZE,
    enablePush: true,
    initialWindowSize: constants.DEFAULT_SETTINGS_INITIAL_WINDOW_SIZE,
    maxFrameSize: constants.DEFAULT_SETTINGS_MAX_FRAME_SIZE,
    maxConcurrentStreams: constants.DEFAULT_SETTINGS_MAX_CONCURRENT_STREAMS,
    maxHeaderSize: constants.DEFAULT_SETTINGS_MAX_HEADER_LIST_SIZE,
    maxHeaderListSize: constants.DEFAULT_SETTINGS_MAX_HEADER_LIST_SIZE,
    enableConnectProtocol: false,
  };
}

/** The payload of a SETTINGS frame. */
export function pack(settings: any): any {
  const all = { ...settings };
  all.maxHeaderListSize = all.maxHeaderSize ?? all.maxHeaderListSize; // the same setting; Node's older name wins
  const entries: [number, number][] = [];
  for (const [id, name] of known) {
    if (all[name] !== undefined) entries.push([id, Number(all[name])]);
  }
  for (const [id, value] of Object.entries(all.customSettings ?? {})) entries.push([Number(id), Number(value)]);
  const out = Buffer.alloc(entries.length * 6);
  for (const [i, [id, value]] of entries.entries()) {
    out.writeUInt16BE(id, i * 6);
    out.writeUInt32BE(value, i * 6 + 2);
  }
  return out;
}

export function getPackedSettings(settings: any = {}): any {
  validateObject(settings, 'settings');
  validateSettings(settings);
  return pack(settings);
}

export function getUnpackedSettings(buf: any, options: any = {}): any {
  if (!isTypedArray(buf)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray'], buf);
  }
  if (buf.length % 6 !== 0) {
    throw new codes.ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH();
  }
  // One element is one byte, whatever its size.
  const bytes = Buffer.from(buf as any);
  const settings: any = {};
  for (let at = 0; at + 6 <= bytes.length; at += 6) {
    const id = bytes.readUInt16BE(at);
    const value = bytes.readUInt32BE(at + 2);
    const setting = known.find(([number]) => number === id);
    if (setting === undefined) {
      (settings.customSettings ??= {})[id] = value;
    } else {
      if (setting[1] === 'maxHeaderListSize') {
        settings.maxHeaderSize = value;
      }
      settings[setting[1]] = setting[2] === undefined ? value !== 0 : value;
    }
  }
  if (options?.validate) {
    validateSettings(settings);
  }
  return settings;
}

/** The object for what native settingsOf gives. */
export function fromNative(list: any[]): any {
  const [headerTableSize, enablePush, maxConcurrentStreams, initialWindowSize, maxFrameSize, maxHeaderListSize, enableConnectProtocol] = list;
  const settings: any = {
    headerTableSize, enablePush, initialWindowSize, maxFrameSize, maxConcurrentStreams, maxHeaderListSize, maxHeaderSize: maxHeaderListSize,
    enableConnectProtocol,
  };
  for (let i = 7; i < list.length; i += 2) (settings.customSettings ??= {})[list[i]] = list[i + 1];
  return settings;
}
