// Errors of the protocol. https://nodejs.org/docs/latest-v24.x/api/errors.html
import * as native from 'native:http2';
import { codes, kIsNodeError } from 'internal:errors';
import { constants } from 'internal:http2/constants';

/** An error of nghttp2's, by its number; code: an ERR_HTTP2_ code that says more. */
export class NghttpError extends Error {
  code: string;
  errno: number;
  constructor(errno: number, code = '') {
    super(code === '' ? native.errorText(errno) : new codes[code]().message);
    this.code = code === '' ? 'ERR_HTTP2_ERROR' : code;
    this.errno = errno;
    Object.defineProperty(this, kIsNodeError, { value: true });
  }
  toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

const names: string[] = [];
for (const name of ['NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED', 'FRAME_SIZE_ERROR',
  'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED']) {
  names[constants[`NGHTTP2_${name}`]] = `NGHTTP2_${name}`;
}

/** What a stream fails with that was reset with a code. */
export function streamError(code: number): Error {
  return new codes.ERR_HTTP2_STREAM_ERROR(names[code] ?? code);
}
