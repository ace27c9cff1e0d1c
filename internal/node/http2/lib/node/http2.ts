// node:http2. https://nodejs.org/docs/latest-v24.x/api/http2.html
import { Buffer } from 'internal:buffer';
import { codes, unavailable } from 'internal:errors';
import { isTypedArray } from 'internal:util/types';
import { validateObject } from 'internal:validators';
import { constants } from 'internal:http2/constants';

// Differs from Node: sessions, servers and streams of HTTP/2 aren't there; constants and settings frames are.
function connect(_authority: any, _options: any, _listener: any): never {
  return unavailable('http2.connect()');
}
function createServer(_options: any, _handler: any): never {
  return unavailable('http2.createServer()');
}
function createSecureServer(_options: any, _handler: any): never {
  return unavailable('http2.createSecureServer()');
}
function performServerHandshake(_socket: any, _options: any = {}): never {
  return unavailable('http2.performServerHandshake()');
}
class Http2ServerRequest {
  constructor(_stream: any, _headers: any, _options: any, _rawHeaders: any) {
    unavailable('http2.Http2ServerRequest');
  }
}
class Http2ServerResponse {
  constructor(_stream: any, _options: any) {
    unavailable('http2.Http2ServerResponse');
  }
}

// ---- settings: https://www.rfc-editor.org/rfc/rfc9113#name-defined-settings ----

const max32 = 2 ** 32 - 1;

// number in the frame, name, smallest and largest value; no limits: a boolean
const known: [number, string, number?, number?][] = [
  [constants.NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, 'headerTableSize', 0, max32],
  [constants.NGHTTP2_SETTINGS_ENABLE_PUSH, 'enablePush'],
  [constants.NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 'maxConcurrentStreams', 0, max32],
  [constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 'initialWindowSize', 0, constants.MAX_INITIAL_WINDOW_SIZE],
  [constants.NGHTTP2_SETTINGS_MAX_FRAME_SIZE, 'maxFrameSize', constants.MIN_MAX_FRAME_SIZE, constants.MAX_MAX_FRAME_SIZE],
  [constants.NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 'maxHeaderListSize', 0, max32],
  [constants.NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 'enableConnectProtocol'],
];

// The same code as for a wrong type, but a RangeError.
function outOfRange(name: string, value: any, low: number, high: number): Error {
  const { message } = new codes.ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
  return Object.assign(new RangeError(message), { code: 'ERR_HTTP2_INVALID_SETTING_VALUE', actual: value, min: low, max: high });
}

function validateSettings(settings: any): void {
  for (const [, name, low, high] of [...known, [0, 'maxHeaderSize', 0, max32] as [number, string, number, number]]) {
    const value = settings[name];
    if (value === undefined) {
      continue;
    }
    if (low === undefined) {
      if (typeof value !== 'boolean') {
        throw new codes.ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
      }
    } else if (typeof value !== 'number' || !(value >= low && value <= (high as number))) {
      throw outOfRange(name, value, low, high as number);
    }
  }
}

function getDefaultSettings(): any {
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
function getPackedSettings(settings: any = {}): any {
  validateObject(settings, 'settings');
  validateSettings(settings);
  const all = { ...settings };
  all.maxHeaderListSize = all.maxHeaderSize ?? all.maxHeaderListSize; // the same setting; Node's older name wins
  const present = known.filter(([, name]) => all[name] !== undefined);
  const out = Buffer.alloc(present.length * 6);
  for (const [i, [id, name]] of present.entries()) {
    out.writeUInt16BE(id, i * 6);
    out.writeUInt32BE(Number(all[name]), i * 6 + 2);
  }
  return out;
}

function getUnpackedSettings(buf: any, options: any = {}): any {
  if (!isTypedArray(buf)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray'], buf);
  }
  if (buf.length % 6 !== 0) {
    throw new codes.ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH();
  }
  const bytes = Buffer.from((buf as any).buffer, (buf as any).byteOffset, (buf as any).byteLength);
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

export default {
  connect,
  constants,
  createServer,
  createSecureServer,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  performServerHandshake,
  sensitiveHeaders: Symbol('sensitiveHeaders'),
  Http2ServerRequest,
  Http2ServerResponse,
};
