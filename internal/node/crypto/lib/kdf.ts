// Key derivation: PBKDF2, scrypt, HKDF, Argon2.
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { request } from 'internal:request';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateFunction, validateInt32, validateInteger, validateObject, validateOneOf, validateString, validateUint32 } from 'internal:validators';
import { bytesOrView, kMaxInt, viewOf } from 'internal:crypto/bytes';
import { requireDigest } from 'internal:crypto/hash';
import { isKeyLike, secretHandle } from 'internal:crypto/keys';
import * as native from 'native:crypto';

function settle(callback: any, type: string): number {
  return request((err: any, value: any) => {
    if (err !== null) callback(err);
    else callback(null, value);
  }, type);
}

function pbkdf2Arguments(password: any, salt: any, iterations: any, keylen: any, digest: any): any[] {
  validateString(digest, 'digest');
  password = bytesOrView(password, 'password', 'buffer');
  salt = bytesOrView(salt, 'salt', 'buffer');
  validateInt32(iterations, 'iterations', 1);
  validateInt32(keylen, 'keylen', 0);
  return [requireDigest(digest), password, salt, iterations, keylen];
}

export function pbkdf2(password: any, salt: any, iterations: any, keylen: any, digest: any, callback?: any): void {
  if (typeof digest === 'function') {
    callback = digest;
    digest = undefined;
  }
  const [id, p, s, n, length] = pbkdf2Arguments(password, salt, iterations, keylen, digest);
  validateFunction(callback, 'callback');
  native.pbkdf2(id, p, s, n, length, settle(callback, 'PBKDF2REQUEST'));
}

export function pbkdf2Sync(password: any, salt: any, iterations: any, keylen: any, digest: any): any {
  const [id, p, s, n, length] = pbkdf2Arguments(password, salt, iterations, keylen, digest);
  return native.pbkdf2(id, p, s, n, length);
}

function scryptArguments(password: any, salt: any, keylen: any, options: any): any[] {
  password = bytesOrView(password, 'password');
  salt = bytesOrView(salt, 'salt');
  validateInt32(keylen, 'keylen', 0);
  let N = 16384;
  let r = 8;
  let p = 1;
  let maxmem = 32 * 1024 * 1024;
  if (options && options !== scryptDefaults) {
    const pair = (short: string, long: string, fallback: number, valid: any) => {
      const brief = options[short];
      const full = options[long];
      if (brief !== undefined) {
        valid(brief, short);
        if (full !== undefined) throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR(short, long);
        return brief;
      }
      if (full !== undefined) {
        valid(full, long);
        return full;
      }
      return fallback;
    };
    N = pair('N', 'cost', N, validateUint32) || 16384;
    r = pair('r', 'blockSize', r, validateUint32) || 8;
    p = pair('p', 'parallelization', p, validateUint32) || 1;
    const limit = options.maxmem;
    if (limit !== undefined) {
      maxmem = limit;
      validateInteger(maxmem, 'maxmem', 0);
    }
  }
  return [password, salt, N, r, p, maxmem, keylen];
}

const scryptDefaults = {};

export function scrypt(password: any, salt: any, keylen: any, options: any, callback: any = options): void {
  if (callback === options) options = scryptDefaults;
  const [pw, s, N, r, p, maxmem, length] = scryptArguments(password, salt, keylen, options);
  validateFunction(callback, 'callback');
  native.scrypt(pw, s, N, r, p, maxmem, length, settle(callback, 'SCRYPTREQUEST'));
}

export function scryptSync(password: any, salt: any, keylen: any, options: any = scryptDefaults): any {
  const [pw, s, N, r, p, maxmem, length] = scryptArguments(password, salt, keylen, options);
  return native.scrypt(pw, s, N, r, p, maxmem, length);
}

function hkdfArguments(hash: any, key: any, salt: any, info: any, length: any): any[] {
  validateString(hash, 'digest');
  if (isKeyLike(key)) {
    key = secretHandle(key);
  } else if (typeof key === 'string' || isAnyArrayBuffer(key) || isArrayBufferView(key)) {
    key = bytesOrView(key, 'ikm');
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('ikm', ['string', 'SecretKeyObject', 'ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'], key);
  }
  salt = checkBytes(salt, 'salt');
  info = checkBytes(info, 'info');
  validateInteger(length, 'length', 0, kMaxInt);
  if (info.byteLength > 1024) {
    throw new codes.ERR_OUT_OF_RANGE('info', 'must not contain more than 1024 bytes', info.byteLength);
  }
  const id = requireDigest(hash);
  return [id, key, salt, info, length];
}

function checkBytes(value: any, name: string): any {
  if (typeof value === 'string') return Buffer.from(value);
  if (isAnyArrayBuffer(value)) return viewOf(value);
  if (!isArrayBufferView(value)) {
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'TypedArray', 'DataView', 'Buffer', 'string'], value);
  }
  return value;
}

const hashSizes: Record<string, number> = { __proto__: null as never };

function checkHKDFLength(name: string, id: number, length: number): void {
  hashSizes[name] ??= native.hashOnce(id, '', 0).length;
  if (length > 255 * hashSizes[name]) throw new codes.ERR_CRYPTO_INVALID_KEYLEN();
}

export function hkdf(hash: any, key: any, salt: any, info: any, length: any, callback?: any): void {
  const [id, k, s, i, n] = hkdfArguments(hash, key, salt, info, length);
  validateFunction(callback, 'callback');
  checkHKDFLength(hash, id, n);
  native.hkdf(id, k, s, i, n, settle(callback, 'DERIVEBITSREQUEST'));
}

export function hkdfSync(hash: any, key: any, salt: any, info: any, length: any): any {
  const [id, k, s, i, n] = hkdfArguments(hash, key, salt, info, length);
  checkHKDFLength(hash, id, n);
  return native.hkdf(id, k, s, i, n);
}

const argonKinds: Record<string, number> = { __proto__: null as never, argon2d: 0, argon2i: 1, argon2id: 2 };
const kMaxUint = 2 ** 32 - 1;

function argon2Arguments(algorithm: any, parameters: any): any[] {
  validateString(algorithm, 'algorithm');
  validateOneOf(algorithm, 'algorithm', ['argon2d', 'argon2i', 'argon2id']);
  validateObject(parameters, 'parameters');
  const { parallelism, tagLength, memory, passes } = parameters;
  const message = bytesOrView(parameters.message, 'parameters.message');
  const nonce = bytesOrView(parameters.nonce, 'parameters.nonce');
  const limited = (bytes: any, name: string, min: number) => {
    if (bytes.byteLength < min || bytes.byteLength > kMaxUint) {
      throw new codes.ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${kMaxUint}`, bytes.byteLength);
    }
  };
  limited(message, 'parameters.message.byteLength', 0);
  limited(nonce, 'parameters.nonce.byteLength', 8);
  validateInteger(parallelism, 'parameters.parallelism', 1, 2 ** 24 - 1);
  validateInteger(tagLength, 'parameters.tagLength', 4, kMaxUint);
  validateInteger(memory, 'parameters.memory', 8 * parallelism, kMaxUint);
  validateUint32(passes, 'parameters.passes', true);
  const secret = parameters.secret === undefined ? undefined : bytesOrView(parameters.secret, 'parameters.secret');
  const data = parameters.associatedData === undefined ? undefined : bytesOrView(parameters.associatedData, 'parameters.associatedData');
  return [argonKinds[algorithm], message, nonce, parallelism, tagLength, memory, passes, secret, data];
}

export function argon2(algorithm: any, parameters: any, callback: any): void {
  const a = argon2Arguments(algorithm, parameters);
  validateFunction(callback, 'callback');
  native.argon2(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], settle(callback, 'ARGON2REQUEST'));
}

export function argon2Sync(algorithm: any, parameters: any): any {
  const a = argon2Arguments(algorithm, parameters);
  return native.argon2(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
}
