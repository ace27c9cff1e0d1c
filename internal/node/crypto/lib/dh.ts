// ECDH, DiffieHellman and diffieHellman(). https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-diffiehellman
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { request } from 'internal:request';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateFunction, validateInt32, validateObject, validateString } from 'internal:validators';
import { bytesOrView, encode, viewOf } from 'internal:crypto/bytes';
import { kHandle, isKeyObject } from 'internal:crypto/keys';
import * as native from 'native:crypto';

const { defineProperty } = Object;

const kPrime = Symbol('kPrime');
const kGenerator = Symbol('kGenerator');
const kPublic = Symbol('kPublic');
const kPrivate = Symbol('kPrivate');

function hide(target: any, key: symbol, value: any): void {
  defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
}

function opensslError(number: string, library: string, reason: string, code: string): Error {
  const error: any = new Error(`error:${number}:${library}::${reason}`);
  error.library = library;
  error.reason = reason;
  error.code = code;
  return error;
}

const byteTypes = ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];
const isBytes = (value: any): boolean => isArrayBufferView(value) || isAnyArrayBuffer(value);

function badGenerator(): Error {
  return opensslError('0280006C', 'Diffie-Hellman routines', 'bad generator', 'ERR_OSSL_DH_BAD_GENERATOR');
}

/** A generator as big-endian bytes: 2 when none is given. */
function generatorOf(value: any, encoding: any): any {
  let bytes;
  if (!value) {
    bytes = Buffer.from([2]);
  } else if (typeof value === 'number') {
    validateInt32(value, 'generator');
    if (value < 2) throw badGenerator();
    bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    bytes = bytes.subarray(Math.clz32(value) >> 3);
  } else if (typeof value === 'string' || isBytes(value)) {
    bytes = Buffer.from(viewOf(bytesOrView(value, 'generator', encoding)));
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('generator', ['number', ...byteTypes], value);
  }
  // Neither 0 nor a single byte 1.
  if (bytes.length === 1 ? bytes[0] < 2 : !bytes.some(Boolean)) throw badGenerator();
  return bytes;
}

// The lengths of primes that are made.
const limits: [(bits: number) => boolean, string, string][] = [
  [(bits) => bits < 2, '0280007E', 'modulus too small'],
  [(bits) => bits > 10000, '02800067', 'modulus too large'],
];

/** A prime: given as bytes, or made with so many bits. */
function primeOf(value: any, encoding: any): any {
  if (typeof value !== 'number') return Buffer.from(viewOf(bytesOrView(value, 'sizeOrKey', encoding)));
  for (const [outside, number, reason] of limits) {
    if (outside(value)) {
      throw opensslError(number, 'Diffie-Hellman routines', reason, `ERR_OSSL_DH_${reason.toUpperCase().replaceAll(' ', '_')}`);
    }
  }
  return Buffer.from(native.generatePrime(value, true, undefined, undefined));
}

/** DiffieHellman(prime, primeEncoding?, generator?, generatorEncoding?) or DiffieHellman(primeLength, generator?) */
export function DiffieHellman(this: any, sizeOrKey: any, ...rest: any[]): any {
  if (!(this instanceof (DiffieHellman as any))) return Reflect.construct(DiffieHellman, [sizeOrKey, ...rest]);
  if (typeof sizeOrKey === 'number') validateInt32(sizeOrKey, 'sizeOrKey');
  else if (typeof sizeOrKey !== 'string' && !isBytes(sizeOrKey)) throw new codes.ERR_INVALID_ARG_TYPE('sizeOrKey', ['number', ...byteTypes], sizeOrKey);
  // The encoding of the prime may be left out.
  const [second] = rest;
  if (second && second !== 'buffer' && !Buffer.isEncoding(second)) rest.unshift(undefined);
  const encoding = rest[0] || 'buffer';
  const g = generatorOf(rest[1], rest[2] || encoding);
  init(this, primeOf(sizeOrKey, encoding), g);
  return undefined;
}
defineProperty(DiffieHellman, 'length', { value: 4, configurable: true });

function init(self: any, prime: any, generator: any): void {
  hide(self, kPrime, prime);
  hide(self, kGenerator, generator);
  hide(self, kPublic, undefined);
  hide(self, kPrivate, undefined);
  const verdict = native.dhCheck(prime, generator);
  defineProperty(self, 'verifyError', { configurable: true, enumerable: true, value: verdict, writable: false });
}

const dhMethods: any = {
  generateKeys(this: any, encoding?: any): any {
    const [x, y] = native.dhGenerate(this[kPrime], this[kGenerator], this[kPrivate]);
    if (this[kPrivate] === undefined) this[kPrivate] = x;
    this[kPublic] = y;
    return encode(pad(this, y), encoding);
  },

  computeSecret(this: any, otherPublicKey: any, inputEncoding?: any, outputEncoding?: any): any {
    const other = bytesOrView(otherPublicKey, 'otherPublicKey', inputEncoding || 'buffer');
    if (this[kPrivate] === undefined) {
      throw opensslError('0280006B', 'Diffie-Hellman routines', 'no private value', 'ERR_OSSL_DH_NO_PRIVATE_VALUE');
    }
    const secret = native.dhCompute(this[kPrime], this[kPrivate], other);
    if (typeof secret === 'number') {
      const error: any = new RangeError(secret === 1 ? 'Supplied key is too small' : 'Supplied key is too large');
      error.code = 'ERR_CRYPTO_INVALID_KEYLEN';
      throw error;
    }
    return encode(secret, outputEncoding);
  },

  getPrime(this: any, encoding?: any): any {
    return encode(Buffer.from(this[kPrime]), encoding);
  },

  getGenerator(this: any, encoding?: any): any {
    return encode(Buffer.from(this[kGenerator]), encoding);
  },

  getPublicKey(this: any, encoding?: any): any {
    if (this[kPublic] === undefined) {
      const error: any = new Error('No public key - did you forget to generate one?');
      error.code = 'ERR_CRYPTO_INVALID_STATE';
      throw error;
    }
    return encode(pad(this, this[kPublic]), encoding);
  },

  getPrivateKey(this: any, encoding?: any): any {
    if (this[kPrivate] === undefined) {
      const error: any = new Error('No private key - did you forget to generate one?');
      error.code = 'ERR_CRYPTO_INVALID_STATE';
      throw error;
    }
    return encode(Buffer.from(this[kPrivate]), encoding);
  },

  setPublicKey(this: any, key: any, encoding?: any): any {
    this[kPublic] = Buffer.from(viewOf(bytesOrView(key, 'key', encoding || 'buffer')));
    return this;
  },

  setPrivateKey(this: any, key: any, encoding?: any): any {
    this[kPrivate] = Buffer.from(viewOf(bytesOrView(key, 'key', encoding || 'buffer')));
    return this;
  },
};

// Public keys are as long as the prime.
function pad(self: any, key: any): any {
  const length = self[kPrime].length;
  if (key.length >= length) return Buffer.from(key);
  return Buffer.concat([Buffer.alloc(length - key.length), key]);
}

function install(prototype: any, names: string[]): void {
  for (const name of names) prototype[name] = dhMethods[name];
}
install(DiffieHellman.prototype, ['generateKeys', 'computeSecret', 'getPrime', 'getGenerator', 'getPublicKey', 'getPrivateKey', 'setPublicKey', 'setPrivateKey']);

export function DiffieHellmanGroup(this: any, name: any): any {
  if (!(this instanceof (DiffieHellmanGroup as any))) return new (DiffieHellmanGroup as any)(name);
  const group = native.dhGroup(`${name}`.toLowerCase());
  if (group === undefined) throw new codes.ERR_CRYPTO_UNKNOWN_DH_GROUP();
  init(this, group[0], group[1]);
  return undefined;
}
install(DiffieHellmanGroup.prototype, ['generateKeys', 'computeSecret', 'getPrime', 'getGenerator', 'getPublicKey', 'getPrivateKey']);

const forms: Record<string, number> = { __proto__: null as never, compressed: 2, uncompressed: 4, hybrid: 6 };

function formOf(format: any): number {
  if (!format) return forms.uncompressed;
  const form = forms[format];
  if (form === undefined) throw new codes.ERR_CRYPTO_ECDH_INVALID_FORMAT(format);
  return form;
}

const kCurve = Symbol('kCurve');
const kMismatch = Symbol('kMismatch'); // setPublicKey() gave a key that is not the private key's

export function ECDH(this: any, curve: any): any {
  if (!(this instanceof (ECDH as any))) return new (ECDH as any)(curve);
  validateString(curve, 'curve');
  if (!native.getCurves().includes(curve)) {
    const error: any = new TypeError('Invalid EC curve name');
    error.code = 'ERR_CRYPTO_INVALID_CURVE';
    throw error;
  }
  hide(this, kCurve, curve);
  hide(this, kMismatch, false);
  hide(this, kPublic, undefined);
  hide(this, kPrivate, undefined);
  return undefined;
}

ECDH.prototype.computeSecret = function computeSecret(otherPublicKey: any, inputEncoding?: any, outputEncoding?: any): any {
  const other = bytesOrView(otherPublicKey, 'otherPublicKey', inputEncoding || 'buffer');
  if (this[kPrivate] === undefined) throw plain('Failed to compute ECDH key', 'ERR_CRYPTO_OPERATION_FAILED');
  if (this[kMismatch]) throw new codes.ERR_CRYPTO_INVALID_KEYPAIR();
  const secret = native.ecdhCompute(this[kCurve], this[kPrivate], viewOf(other));
  if (secret === undefined) throw new codes.ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY();
  return encode(secret, outputEncoding);
};

function plain(message: string, code?: string, Class: any = Error): Error {
  const error: any = new Class(message);
  if (code !== undefined) error.code = code;
  return error;
}

ECDH.prototype.setPrivateKey = function setPrivateKey(key: any, encoding?: any): any {
  const bytes = bytesOrView(key, 'key', encoding || 'buffer');
  const pair = native.ecdhPublic(this[kCurve], viewOf(bytes));
  if (pair === undefined) throw plain('Private key is not valid for specified curve.', 'ERR_CRYPTO_INVALID_KEYTYPE', RangeError);
  this[kPrivate] = pair[0];
  this[kPublic] = pair[1];
  this[kMismatch] = false;
  return this;
};

ECDH.prototype.setPublicKey = function setPublicKey(key: any, encoding?: any): any {
  const bytes = bytesOrView(key, 'key', encoding || 'buffer');
  const point = native.ecdhConvert(this[kCurve], viewOf(bytes), forms.uncompressed);
  if (point === undefined) throw plain('Failed to convert Buffer to EC_POINT', 'ERR_CRYPTO_OPERATION_FAILED');
  this[kPublic] = point;
  this[kMismatch] = this[kPrivate] !== undefined && !native.ecdhPublic(this[kCurve], this[kPrivate])[1].equals(point);
  return this;
};

ECDH.prototype.getPrivateKey = function getPrivateKey(encoding?: any): any {
  if (this[kPrivate] === undefined) throw plain('Failed to get ECDH private key', 'ERR_CRYPTO_OPERATION_FAILED');
  return encode(Buffer.from(this[kPrivate]), encoding);
};

ECDH.prototype.generateKeys = function generateKeys(encoding?: any, format?: any): any {
  [this[kPrivate], this[kPublic]] = native.ecdhGenerate(this[kCurve]);
  this[kMismatch] = false;
  return this.getPublicKey(encoding, format);
};

ECDH.prototype.getPublicKey = function getPublicKey(encoding?: any, format?: any): any {
  const form = formOf(format);
  if (this[kPublic] === undefined) throw plain('Failed to get ECDH public key', 'ERR_CRYPTO_OPERATION_FAILED');
  return encode(native.ecdhConvert(this[kCurve], this[kPublic], form), encoding);
};

(ECDH as any).convertKey = function convertKey(key: any, curve: any, inEnc?: any, outEnc?: any, format?: any): any {
  validateString(curve, 'curve');
  const bytes = bytesOrView(key, 'key', inEnc || 'buffer');
  const form = formOf(format);
  const out = native.ecdhConvert(curve, viewOf(bytes), form);
  if (out === null) throw plain('Invalid EC curve name', 'ERR_CRYPTO_INVALID_CURVE', TypeError);
  if (out === undefined) throw plain('Failed to convert Buffer to EC_POINT', 'ERR_CRYPTO_OPERATION_FAILED');
  return encode(out, outEnc);
};

const agreeing = new Set(['dh', 'ec', 'x448', 'x25519']);

/** The secret that two keys agree on. */
export function diffieHellman(options: any, callback?: any): any {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const secretOf = [options.privateKey, options.publicKey];
  secretOf.forEach((key, i) => {
    if (!isKeyObject(key)) throw new codes.ERR_INVALID_ARG_VALUE(`options.${i === 0 ? 'privateKey' : 'publicKey'}`, key);
  });
  const [own, other] = secretOf;
  // A private key holds its public one too.
  if (own.type !== 'private') throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(own.type, 'private');
  if (other.type === 'secret') throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(other.type, 'private or public');
  const types = [own.asymmetricKeyType, other.asymmetricKeyType];
  if (types[0] !== types[1] || !agreeing.has(types[0])) {
    throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY('key types for Diffie-Hellman', types.join(' and '));
  }
  const handles = secretOf.map((key) => key[kHandle]);
  if (callback === undefined) return native.keyAgree(...handles);
  native.keyAgree(...handles, request((error: any, secret: any) => {
    if (error === null) callback(null, secret);
    else callback(error);
  }, 'DERIVEBITSREQUEST'));
  return undefined;
}
