// Sign, Verify and their one-shot forms. https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-sign
import { codes } from 'internal:errors';
import { request } from 'internal:request';
import { Writable } from 'internal:stream';
import { isArrayBufferView } from 'internal:util/types';
import { Buffer } from 'internal:buffer';
import { validateEncoding, validateFunction, validateString } from 'internal:validators';
import { bytesOrView, encode } from 'internal:crypto/bytes';
import { digestId, requireDigest } from 'internal:crypto/hash';
import { asymmetricHandle, kConsumePrivate, kConsumePublic } from 'internal:crypto/keys';
import * as native from 'native:crypto';

const { setPrototypeOf, defineProperty } = Object;

const kDigest = Symbol('kDigest');
const kState = Symbol('kState');

function intOption(name: string, value: any): any {
  if (value === undefined) return undefined;
  if (value === value >> 0) return value;
  throw new codes.ERR_INVALID_ARG_VALUE(`options.${name}`, value);
}

function isP1363(options: any): boolean {
  if (typeof options !== 'object' || options === null) return false;
  const { dsaEncoding = 'der' } = options;
  if (dsaEncoding === 'der') return false;
  if (dsaEncoding === 'ieee-p1363') return true;
  throw new codes.ERR_INVALID_ARG_VALUE('options.dsaEncoding', dsaEncoding);
}

function parameters(options: any): [any, any, boolean] {
  if (typeof options !== 'object' || options === null) return [undefined, undefined, false];
  return [intOption('padding', options.padding), intOption('saltLength', options.saltLength), isP1363(options)];
}

function construct(self: any, algorithm: any, options: any): void {
  validateString(algorithm, 'algorithm');
  const id = digestId(/^dss1$/i.test(algorithm) ? 'sha1' : algorithm); // DSS1: SHA-1's old name here
  if (id === -1) {
    const error: any = new TypeError('Invalid digest');
    error.code = 'ERR_CRYPTO_INVALID_DIGEST';
    throw error;
  }
  defineProperty(self, kDigest, { value: id, enumerable: false });
  defineProperty(self, kState, { value: native.hashStart(id, undefined, ''), enumerable: false, writable: true });
  (Writable as any).call(self, options);
}

function digestOf(self: any): any {
  if (self[kState] === undefined) throw new Error('Not initialised');
  const sum = native.hashDigest(self[kState], 0);
  self[kState] = undefined;
  return sum;
}

export function Sign(this: any, algorithm: any, options?: any): any {
  if (!(this instanceof (Sign as any))) return new (Sign as any)(algorithm, options);
  construct(this, algorithm, options);
  return undefined;
}
setPrototypeOf(Sign.prototype, Writable.prototype);
setPrototypeOf(Sign, Writable);

Sign.prototype._write = function _write(chunk: any, encoding: any, callback: any): void {
  this.update(chunk, encoding);
  callback();
};

Sign.prototype.update = function update(data: any, encoding?: any): any {
  if (typeof data === 'string') {
    validateEncoding(data, encoding);
    data = Buffer.from(data, encoding === 'buffer' ? 'utf8' : encoding);
  } else if (!isArrayBufferView(data)) {
    throw new codes.ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  }
  if (this[kState] === undefined) throw new Error('Not initialised');
  native.hashUpdate(this[kState], data);
  return this;
};

Sign.prototype.sign = function sign(options: any, encoding?: any): any {
  if (!options) throw new codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const key = asymmetricHandle(options, kConsumePrivate);
  const [padding, salt, p1363] = parameters(options);
  return encode(native.sign(key, this[kDigest], digestOf(this), true, padding, salt, p1363), encoding);
};

export function Verify(this: any, algorithm: any, options?: any): any {
  if (!(this instanceof (Verify as any))) return new (Verify as any)(algorithm, options);
  construct(this, algorithm, options);
  return undefined;
}
setPrototypeOf(Verify.prototype, Writable.prototype);
setPrototypeOf(Verify, Writable);
Verify.prototype._write = Sign.prototype._write;
Verify.prototype.update = Sign.prototype.update;

Verify.prototype.verify = function verify(options: any, signature: any, encoding?: any): boolean {
  if (typeof options !== 'string') asymmetricHandle(options, kConsumePublic);
  signature = bytesOrView(signature, 'signature', encoding);
  const key = asymmetricHandle(options, kConsumePublic);
  const [padding, salt, p1363] = parameters(options);
  return native.verify(key, this[kDigest], digestOf(this), true, padding, salt, p1363, undefined, signature);
};

function contextOf(options: any): any {
  const context = typeof options === 'object' && options !== null && !isArrayBufferView(options) ? options.context : undefined;
  if (context === undefined) return undefined;
  if (!isArrayBufferView(context) && !(context instanceof ArrayBuffer)) {
    throw new codes.ERR_INVALID_ARG_TYPE('context', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], context);
  }
  if (context.byteLength > 255) {
    const error: any = new RangeError('context string must be at most 255 bytes');
    error.code = 'ERR_OUT_OF_RANGE';
    throw error;
  }
  return context;
}

function algorithmId(algorithm: any): number {
  if (algorithm == null) return -1;
  validateString(algorithm, 'algorithm');
  return requireDigest(algorithm);
}

function bytes(data: any): any {
  data = bytesOrView(data, 'data');
  return data;
}

export function signOneShot(algorithm: any, data: any, key: any, callback?: any): any {
  if (algorithm != null) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  data = bytes(data);
  if (!key) throw new codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const [padding, salt, p1363] = parameters(key);
  const handle = asymmetricHandle(key, kConsumePrivate);
  const id = algorithmId(algorithm);
  const context = contextOf(key);
  if (callback === undefined) return native.sign(handle, id, data, false, padding, salt, p1363, undefined, undefined, context);
  native.sign(handle, id, data, false, padding, salt, p1363, request((err: any, value: any) => {
    if (err !== null) callback(err);
    else callback(null, value);
  }, 'SIGNREQUEST', 'SIGNREQUEST'), undefined, context);
  return undefined;
}

export function verifyOneShot(algorithm: any, data: any, key: any, signature: any, callback?: any): any {
  if (algorithm != null) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  data = bytes(data);
  const [padding, salt, p1363] = parameters(key);
  if (typeof signature === 'string' || !isArrayBufferView(signature) && !(signature instanceof ArrayBuffer)) {
    throw new codes.ERR_INVALID_ARG_TYPE('signature', ['Buffer', 'TypedArray', 'DataView'], signature);
  }
  const handle = asymmetricHandle(key, kConsumePublic);
  const id = algorithmId(algorithm);
  const context = contextOf(key);
  if (callback === undefined) return native.verify(handle, id, data, false, padding, salt, p1363, undefined, signature, context);
  native.verify(handle, id, data, false, padding, salt, p1363, request((err: any, value: any) => {
    if (err !== null) callback(err);
    else callback(null, value);
  }), signature, context);
  return undefined;
}

