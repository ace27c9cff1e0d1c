// Web Crypto. https://w3c.github.io/webcrypto/ and https://nodejs.org/docs/latest-v24.x/api/webcrypto.html
//
// Differs from Node: without ML-DSA, ML-KEM, KMAC, cSHAKE, TurboSHAKE and Argon2.
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { promised } from 'internal:request';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { toArrayBuffer, viewOf } from 'internal:crypto/bytes';
import { digestId } from 'internal:crypto/hash';
import {
  CryptoKey, PrivateKeyObject, PublicKeyObject, SecretKeyObject, isCryptoKey, kHandle, keyOfCryptoKey, makeCryptoKey, wrapKey,
} from 'internal:crypto/keys';
import { domException, getRandomValues as fillRandom, randomUUID as newUUID } from 'internal:crypto/random';
import * as native from 'native:crypto';

const { defineProperties, keys } = Object;
const { isArray } = Array;

const notSupported = (message: string) => domException(message, 'NotSupportedError');
const dataError = (message: string) => domException(message, 'DataError');
const invalidAccess = (message: string) => domException(message, 'InvalidAccessError');
const syntaxError = (message: string) => domException(message, 'SyntaxError');

function operationError(message = 'The operation failed for an operation-specific reason', cause?: any): Error {
  const error: any = domException(message, 'OperationError');
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true, enumerable: false });
  return error;
}

const hashes: Record<string, string> = {
  __proto__: null as never, 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512',
  'SHA3-256': 'sha3-256', 'SHA3-384': 'sha3-384', 'SHA3-512': 'sha3-512',
};
const blockBits: Record<string, number> = {
  __proto__: null as never, 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024, 'SHA3-256': 1088, 'SHA3-384': 832, 'SHA3-512': 576,
};
const rsaNames = ['RSASSA-PKCS1-v1_5', 'RSA-PSS', 'RSA-OAEP'];
const aesNames = ['AES-CTR', 'AES-CBC', 'AES-GCM', 'AES-OCB', 'AES-KW'];
const secretNames = [...aesNames, 'ChaCha20-Poly1305'];
const asymmetric = [...rsaNames, 'ECDSA', 'ECDH', 'Ed25519', 'X25519', 'Ed448', 'X448'];

const supported: Record<string, string[]> = {
  __proto__: null as never,
  digest: keys(hashes),
  encrypt: ['RSA-OAEP', 'AES-CTR', 'AES-CBC', 'AES-GCM', 'AES-OCB', 'ChaCha20-Poly1305'],
  sign: ['RSASSA-PKCS1-v1_5', 'RSA-PSS', 'ECDSA', 'HMAC', 'Ed25519', 'Ed448'],
  deriveBits: ['HKDF', 'PBKDF2', 'ECDH', 'X25519', 'X448'],
  generateKey: [...asymmetric, ...secretNames, 'HMAC'],
  importKey: [...asymmetric, ...secretNames, 'HMAC', 'HKDF', 'PBKDF2'],
  wrapKey: ['AES-KW'],
};

// The members of the algorithm dictionaries that an operation reads; ! marks the required.
const members: Record<string, Record<string, string[]>> = {
  __proto__: null as never,
  encrypt: { 'RSA-OAEP': ['label'], 'AES-CTR': ['counter!', 'length!'], 'AES-CBC': ['iv!'], 'AES-GCM': ['iv!', 'tagLength', 'additionalData'],
    'AES-OCB': ['iv!', 'tagLength', 'additionalData'], 'ChaCha20-Poly1305': ['iv!', 'tagLength', 'additionalData'] },
  sign: { 'RSA-PSS': ['saltLength!'], ECDSA: ['hash!'], Ed448: ['context'] },
  deriveBits: { HKDF: ['hash!', 'salt!', 'info!'], PBKDF2: ['hash!', 'salt!', 'iterations!'], ECDH: ['public!'], X25519: ['public!'], X448: ['public!'] },
  generateKey: {
    'RSASSA-PKCS1-v1_5': ['modulusLength!', 'publicExponent!', 'hash!'], 'RSA-PSS': ['modulusLength!', 'publicExponent!', 'hash!'],
    'RSA-OAEP': ['modulusLength!', 'publicExponent!', 'hash!'], ECDSA: ['namedCurve!'], ECDH: ['namedCurve!'], 'AES-CTR': ['length!'],
    'AES-CBC': ['length!'], 'AES-GCM': ['length!'], 'AES-KW': ['length!'], 'AES-OCB': ['length!'], HMAC: ['hash!', 'length'],
  },
  importKey: {
    'RSASSA-PKCS1-v1_5': ['hash!'], 'RSA-PSS': ['hash!'], 'RSA-OAEP': ['hash!'], ECDSA: ['namedCurve!'], ECDH: ['namedCurve!'], HMAC: ['hash!', 'length'],
  },
  wrapKey: {},
  digest: {},
};

const dictionaries: Record<string, string> = {
  __proto__: null as never,
  'generateKey RSASSA-PKCS1-v1_5': 'RsaHashedKeyGenParams', 'generateKey RSA-PSS': 'RsaHashedKeyGenParams', 'generateKey RSA-OAEP': 'RsaHashedKeyGenParams',
  'generateKey ECDSA': 'EcKeyGenParams', 'generateKey ECDH': 'EcKeyGenParams', 'generateKey HMAC': 'HmacKeyGenParams',
  'generateKey AES-CTR': 'AesKeyGenParams', 'generateKey AES-CBC': 'AesKeyGenParams', 'generateKey AES-GCM': 'AesKeyGenParams',
  'generateKey AES-KW': 'AesKeyGenParams', 'importKey RSASSA-PKCS1-v1_5': 'RsaHashedImportParams', 'importKey RSA-PSS': 'RsaHashedImportParams',
  'importKey RSA-OAEP': 'RsaHashedImportParams', 'importKey ECDSA': 'EcKeyImportParams', 'importKey ECDH': 'EcKeyImportParams',
  'importKey HMAC': 'HmacImportParams', 'encrypt RSA-OAEP': 'RsaOaepParams', 'encrypt AES-CTR': 'AesCtrParams', 'encrypt AES-CBC': 'AesCbcParams',
  'encrypt AES-GCM': 'AeadParams', 'sign RSA-PSS': 'RsaPssParams', 'sign ECDSA': 'EcdsaParams', 'deriveBits HKDF': 'HkdfParams',
  'deriveBits PBKDF2': 'Pbkdf2Params', 'deriveBits ECDH': 'EcdhKeyDeriveParams', 'deriveBits X25519': 'EcdhKeyDeriveParams',
};

const kNormalize = 'Failed to normalize algorithm: passed algorithm';

function wrongMember(message: string, code = 'ERR_INVALID_ARG_TYPE'): Error {
  const error: any = new TypeError(message);
  error.code = code;
  return error;
}

function copied(value: any, name: string): any {
  if (!isArrayBufferView(value) && !isAnyArrayBuffer(value)) {
    throw wrongMember(`Failed to normalize algorithm: ${name} in passed algorithm is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`);
  }
  return Buffer.from(viewOf(value));
}

function whole(value: any, name: string, max: number): number {
  const n = Number(value);
  if (n !== n || n === Infinity || n === -Infinity) throw wrongMember(`${kNormalize}'s '${name}' is not a finite number.`);
  const t = Math.trunc(n);
  if (t < 0 || t > max) throw wrongMember(`${kNormalize}'s '${name}' is outside the expected range of 0 to ${max}.`, 'ERR_OUT_OF_RANGE');
  return t;
}

/** Normalizes an algorithm for an operation (section 18.4.4). */
function normalize(algorithm: any, op: string): any {
  if (typeof algorithm === 'string') return normalize({ name: algorithm }, op);
  if (typeof algorithm !== 'object' || algorithm === null) {
    throw wrongMember(`${kNormalize} cannot be converted to a dictionary.`);
  }
  if (algorithm.name === undefined) {
    throw wrongMember(`${kNormalize} cannot be converted to 'Algorithm' because 'name' is required in 'Algorithm'.`, 'ERR_MISSING_OPTION');
  }
  const wanted = `${algorithm.name}`.toLowerCase();
  const name = supported[op].find((known) => known.toLowerCase() === wanted);
  if (name === undefined) throw notSupported('Unrecognized algorithm name');
  const out: any = { name };
  for (const entry of members[op][name] ?? []) {
    const required = entry.endsWith('!');
    const member = required ? entry.slice(0, -1) : entry;
    const value = algorithm[member];
    if (value === undefined) {
      if (required) {
        const dictionary = dictionaries[`${op} ${name}`] ?? 'Algorithm';
        throw wrongMember(`${kNormalize} cannot be converted to '${dictionary}' because '${member}' is required in '${dictionary}'.`, 'ERR_MISSING_OPTION');
      }
      continue;
    }
    switch (member) {
      case 'hash': out.hash = normalize(value, 'digest'); break;
      case 'iv': case 'counter': case 'additionalData': case 'label': case 'salt': case 'info': case 'context': out[member] = copied(value, member); break;
      case 'publicExponent':
        if (!(value instanceof Uint8Array)) throw wrongMember(`${kNormalize}'s 'publicExponent' is not an instance of Uint8Array.`);
        out.publicExponent = new Uint8Array(value);
        break;
      case 'length': out.length = whole(value, member, name === 'AES-CTR' && op === 'encrypt' ? 255 : name === 'HMAC' ? 2 ** 32 - 1 : 65535); break;
      case 'tagLength': out.tagLength = whole(value, member, 255); break;
      case 'modulusLength': case 'saltLength': case 'iterations': out[member] = whole(value, member, 2 ** 32 - 1); break;
      case 'namedCurve': out.namedCurve = `${value}`; break;
      case 'public':
        if (!isCryptoKey(value)) throw wrongMember(`${kNormalize}'s 'public' is not of type CryptoKey.`);
        out.public = value;
        break;
    }
  }
  return out;
}

const allUsages = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];

function checkUsages(usages: any, method: string, position: string): string[] {
  if (typeof usages !== 'object' || usages === null || typeof usages[Symbol.iterator] !== 'function') {
    throw wrongMember(`Failed to execute '${method}' on 'SubtleCrypto': ${position} argument can not be converted to sequence.`);
  }
  const given = [...usages].map(String);
  for (const usage of given) {
    if (!allUsages.includes(usage)) {
      throw wrongMember(`Failed to execute '${method}' on 'SubtleCrypto': ${position} argument value '${usage}' is not a valid enum value of type KeyUsage.`,
        'ERR_INVALID_ARG_VALUE');
    }
  }
  return allUsages.filter((usage) => given.includes(usage));
}

function only(usages: string[], allowed: string[], what: string): void {
  for (const usage of usages) {
    if (!allowed.includes(usage)) throw syntaxError(`Unsupported key usage for ${what} key`);
  }
}

// What each kind of key may be used for: [public, private] or [secret].
function usagesOf(name: string): string[][] {
  switch (name) {
    case 'RSA-OAEP': return [['encrypt', 'wrapKey'], ['decrypt', 'unwrapKey']];
    case 'RSASSA-PKCS1-v1_5': case 'RSA-PSS': case 'ECDSA': case 'Ed25519': case 'Ed448': return [['verify'], ['sign']];
    case 'ECDH': case 'X25519': case 'X448': return [[], ['deriveKey', 'deriveBits']];
    case 'AES-KW': return [['wrapKey', 'unwrapKey']];
    case 'HMAC': return [['sign', 'verify']];
    case 'HKDF': case 'PBKDF2': return [['deriveKey', 'deriveBits']];
  }
  return [['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']];
}

function arity(method: string, given: number, needed: number): void {
  if (given < needed) {
    throw wrongMember(
      `Failed to execute '${method}' on 'SubtleCrypto': ${needed} arguments required, but only ${given} present.`, 'ERR_MISSING_ARGS');
  }
}

function keyArgument(key: any, method: string, position: string): any {
  if (!isCryptoKey(key)) {
    throw wrongMember(`Failed to execute '${method}' on 'SubtleCrypto': ${position} argument is not of type CryptoKey.`);
  }
  return key;
}

function bytesArgument(value: any, method: string, position: string): any {
  if (!isArrayBufferView(value) && !isAnyArrayBuffer(value)) {
    throw wrongMember(`Failed to execute '${method}' on 'SubtleCrypto': ${position} argument is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`);
  }
  return Buffer.from(viewOf(value));
}

const handleOf = (key: any): any => keyOfCryptoKey(key)[kHandle];

function useKey(key: any, algorithm: any, usage: string, action = usage): void {
  const usable = key.usages.includes(usage);
  if ((usage === 'sign' || usage === 'verify') && !usable) throw invalidAccess(`Unable to use this key to ${action}`);
  if (algorithm.name !== key.algorithm.name) throw invalidAccess('Key algorithm mismatch');
  if (algorithm.name === 'RSA-OAEP' && (usage === 'encrypt' || usage === 'decrypt') && key.type !== (usage === 'encrypt' ? 'public' : 'private')) {
    throw invalidAccess('The requested operation is not valid for the provided key');
  }
  if (!usable) throw invalidAccess(`Unable to use this key to ${action}`);
}

// Numbers of paddings as OpenSSL has them.
const PKCS1 = 1;
const OAEP = 4;
const PSS = 6;

async function crypt(encrypt: boolean, algorithm: any, key: any, data: any): Promise<ArrayBuffer> {
  try {
    switch (algorithm.name) {
      case 'RSA-OAEP': {
        if (key.type !== (encrypt ? 'public' : 'private')) throw invalidAccess('The requested operation is not valid for the provided key');
        const f = encrypt ? native.rsaPublicEncrypt : native.rsaPrivateDecrypt;
        const id = digestId(hashes[key.algorithm.hash.name]);
        return toArrayBuffer(await promised<any>((req) => f(handleOf(key), data, OAEP, id, algorithm.label, req)));
      }
      case 'AES-CBC':
        if (algorithm.iv.length !== 16) throw operationError('algorithm.iv must contain exactly 16 bytes');
        return runCipher('cbc', encrypt, key, algorithm.iv, data);
      case 'AES-CTR': return counterMode(key, algorithm, data);
      case 'ChaCha20-Poly1305':
        if (algorithm.iv.length !== 12) throw operationError('ChaCha20-Poly1305 algorithm.iv must contain exactly 12 bytes');
        if (algorithm.tagLength !== undefined && algorithm.tagLength !== 128) throw operationError(`${algorithm.tagLength} is not a valid ChaCha20-Poly1305 tag length`);
        if (!encrypt && data.length < 16) throw operationError('The provided data is too small.');
        return runCipher('', encrypt, key, algorithm.iv, data, 16, algorithm.additionalData);
      case 'AES-OCB': {
        const bits = algorithm.tagLength ?? 128;
        if (bits !== 64 && bits !== 96 && bits !== 128) throw operationError(`${bits} is not a valid AES-OCB tag length`);
        if (algorithm.iv.length < 1 || algorithm.iv.length > 15) throw operationError('AES-OCB algorithm.iv must be no more than 15 bytes');
        if (!encrypt && data.length < bits / 8) throw operationError('The provided data is too small.');
        return runCipher('ocb', encrypt, key, algorithm.iv, data, bits / 8, algorithm.additionalData);
      }
      case 'AES-GCM': {
        const tagBits = algorithm.tagLength ?? 128;
        if (![32, 64, 96, 104, 112, 120, 128].includes(tagBits)) throw operationError(`${tagBits} is not a valid AES-GCM tag length`);
        if (algorithm.iv.length === 0) throw operationError('algorithm.iv must not be empty');
        const n = tagBits / 8;
        if (!encrypt && data.length < n) throw operationError('The provided data is too small.');
        return runCipher('gcm', encrypt, key, algorithm.iv, data, n, algorithm.additionalData);
      }
    }
  } catch (error: any) {
    if (error?.name === 'OperationError' || error?.name === 'InvalidAccessError') throw error;
    throw operationError(undefined, error);
  }
  throw notSupported('Unrecognized algorithm name');
}

function runCipher(mode: string, encrypt: boolean, key: any, iv: any, data: any, tagLength?: number, aad?: any): ArrayBuffer {
  const c = native.cipherNew(mode === '' ? 'chacha20-poly1305' : `aes-${key.algorithm.length}-${mode}`, encrypt, handleOf(key), iv, tagLength);
  if (aad !== undefined) native.cipherSetAAD(c, aad, undefined);
  if (!encrypt && tagLength !== undefined) {
    native.cipherSetAuthTag(c, data.subarray(data.length - tagLength));
    data = data.subarray(0, data.length - tagLength);
  }
  const parts = [native.cipherUpdate(c, data), native.cipherFinal(c)];
  if (encrypt && tagLength !== undefined) parts.push(native.cipherGetAuthTag(c));
  return toArrayBuffer(Buffer.concat(parts));
}

// Only the last `length` bits count, and wrap on their own.
function counterMode(key: any, algorithm: any, data: any): ArrayBuffer {
  const { counter, length } = algorithm;
  if (counter.length !== 16) throw operationError('algorithm.counter must contain exactly 16 bytes');
  if (length === 0 || length > 128) throw operationError('AES-CTR algorithm.length must be between 1 and 128');
  const blocks = BigInt(Math.ceil(data.length / 16));
  const value = BigInt(`0x${counter.toString('hex')}`);
  const space = 1n << BigInt(length);
  if (blocks > space) throw operationError('AES-CTR counter must not repeat');
  const until = space - value % space; // blocks before it wraps
  if (blocks <= until) return runCipher('ctr', true, key, counter, data);
  const cut = Number(until) * 16;
  const wrapped = Buffer.from((value - value % space).toString(16).padStart(32, '0'), 'hex');
  return toArrayBuffer(Buffer.concat([
    Buffer.from(runCipher('ctr', true, key, counter, data.subarray(0, cut))), Buffer.from(runCipher('ctr', true, key, wrapped, data.subarray(cut))),
  ]));
}

function signParameters(algorithm: any, key: any): [number, any, any, boolean] {
  switch (algorithm.name) {
    case 'RSASSA-PKCS1-v1_5': return [digestId(hashes[key.algorithm.hash.name]), PKCS1, undefined, false];
    case 'RSA-PSS': return [digestId(hashes[key.algorithm.hash.name]), PSS, algorithm.saltLength, false];
    case 'ECDSA': return [digestId(hashes[algorithm.hash.name]), undefined, undefined, true];
  }
  return [-1, undefined, undefined, false];
}

const curveBits: Record<string, number> = { __proto__: null as never, 'P-256': 256, 'P-384': 384, 'P-521': 521 };
const curveNames: Record<string, string> = { __proto__: null as never, 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };

async function generate(algorithm: any, extractable: boolean, usages: string[]): Promise<any> {
  const { name } = algorithm;
  const [pubUsages, privUsages] = usagesOf(name);
  if (asymmetric.includes(name)) {
    only(usages, [...pubUsages, ...privUsages], name);
    let args: any[];
    let type: string;
    let result: any;
    if (rsaNames.includes(name)) {
      const e = algorithm.publicExponent.reduce((n: number, b: number) => n * 256 + b, 0);
      if (!(e === 3 || e === 65537 || e > 3 && e < 2 ** 31 && e % 2 === 1)) throw operationError('The publicExponent must be equivalent to an unsigned 32-bit value');
      type = 'rsa';
      args = [algorithm.modulusLength, e];
      result = { name, modulusLength: algorithm.modulusLength, publicExponent: algorithm.publicExponent, hash: { name: algorithm.hash.name } };
    } else if (name === 'ECDSA' || name === 'ECDH') {
      if (curveBits[algorithm.namedCurve] === undefined) throw notSupported('Unrecognized namedCurve');
      type = 'ec';
      args = [curveNames[algorithm.namedCurve]];
      result = { name, namedCurve: algorithm.namedCurve };
    } else {
      type = name.toLowerCase();
      args = [];
      result = { name };
    }
    const forPrivate = usages.filter((u) => privUsages.includes(u));
    if (forPrivate.length === 0) throw syntaxError('Usages cannot be empty when creating a key.');
    let pair: any;
    try {
      pair = await promised<any>((req) => native.generateKeyPair(type, req, args[0], args[1]));
    } catch (error) {
      throw operationError(undefined, error);
    }
    return {
      publicKey: makeCryptoKey(new PublicKeyObject(pair[0]), result, usages.filter((u) => pubUsages.includes(u)), true),
      privateKey: makeCryptoKey(new PrivateKeyObject(pair[1]), result, forPrivate, extractable),
    };
  }
  only(usages, pubUsages, name);
  let { length } = algorithm;
  let result: any;
  if (name === 'ChaCha20-Poly1305') {
    length = 256;
    result = { name };
  } else if (name === 'HMAC') {
    length ??= blockBits[algorithm.hash.name];
    if (length === 0) throw operationError('HmacKeyGenParams.length cannot be 0');
    result = { name, length, hash: { name: algorithm.hash.name } };
  } else {
    if (length !== 128 && length !== 192 && length !== 256) throw operationError('AES key length must be 128, 192, or 256 bits');
    result = { name, length };
  }
  if (usages.length === 0) throw syntaxError('Usages cannot be empty when creating a key.');
  return makeCryptoKey(new SecretKeyObject(native.keySecret(native.randomBytes(Math.ceil(length / 8)))), result, usages, extractable);
}

function aesJWKName(name: string, length: number): string {
  return `A${length}${name.slice(4)}`;
}

const rsaJWK: Record<string, (hash: string) => string> = {
  __proto__: null as never,
  'RSASSA-PKCS1-v1_5': (hash) => `RS${hash.slice(4) === '1' ? '1' : hash.slice(4)}`,
  'RSA-PSS': (hash) => `PS${hash.slice(4) === '1' ? '1' : hash.slice(4)}`,
  'RSA-OAEP': (hash) => hash === 'SHA-1' ? 'RSA-OAEP' : `RSA-OAEP-${hash.slice(4)}`,
};

function jwkName(algorithm: any): string | undefined {
  const { name, hash } = algorithm;
  if (name === 'HMAC') return hash.name.startsWith('SHA-') ? `HS${hash.name.slice(4)}` : undefined;
  if (aesNames.includes(name)) return aesJWKName(name, algorithm.length);
  if (name === 'ChaCha20-Poly1305') return 'C20P';
  if (rsaNames.includes(name)) return hash.name.startsWith('SHA-') ? rsaJWK[name](hash.name) : undefined;
  if (name === 'Ed25519' || name === 'Ed448') return name;
  return undefined;
}

function checkJWK(jwk: any, kty: string, usages: string[], extractable: boolean, use: string): void {
  if (typeof jwk !== 'object' || jwk === null) throw dataError('Invalid keyData');
  if (jwk.kty !== kty) throw dataError('Invalid JWK "kty" Parameter');
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) throw dataError('Invalid JWK "use" Parameter');
  if (jwk.key_ops !== undefined) {
    if (!isArray(jwk.key_ops) || new Set(jwk.key_ops).size !== jwk.key_ops.length || !usages.every((u) => jwk.key_ops.includes(u))) {
      throw dataError('Key operations and usage mismatch');
    }
  }
  if (jwk.ext !== undefined && jwk.ext === false && extractable) throw dataError('JWK "ext" Parameter and extractable mismatch');
}

// The native key of an encoded asymmetric key.
function asymmetricFrom(format: string, keyData: any, name: string, usages: string[], extractable: boolean, algorithm: any): any {
  const [pubUsages, privUsages] = usagesOf(name);
  const checked = (isPublic: boolean) => only(usages, isPublic ? pubUsages : privUsages, name);
  try {
    switch (format) {
      case 'spki':
        checked(true);
        return native.keyParse(keyData, 0, 2, undefined, false);
      case 'pkcs8':
        checked(false);
        return native.keyParse(keyData, 0, 1, undefined, true);
      case 'raw': case 'raw-public': {
        if (rsaNames.includes(name)) break;
        checked(true);
        const key = native.keyFromRaw(name === 'ECDSA' || name === 'ECDH' ? algorithm.namedCurve : name, keyData);
        if (key === undefined) throw dataError('Invalid keyData');
        return key;
      }
      case 'jwk': {
        const kty = rsaNames.includes(name) ? 'RSA' : name === 'ECDSA' || name === 'ECDH' ? 'EC' : 'OKP';
        const isPrivate = keyData?.d !== undefined;
        checkJWK(keyData, kty, usages, extractable, name === 'RSA-OAEP' || name === 'ECDH' || name === 'X25519' || name === 'X448' ? 'enc' : 'sig');
        if (keyData.alg !== undefined) {
          const expected = kty === 'RSA' ? jwkName(algorithm) : undefined;
          if (expected !== undefined && keyData.alg !== expected) throw dataError('JWK "alg" does not match the requested algorithm');
          if ((name === 'Ed25519' || name === 'Ed448') && keyData.alg !== name && keyData.alg !== 'EdDSA') throw dataError('JWK "alg" does not match the requested algorithm');
          if (name === 'ECDSA') {
            const wanted = ({ 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' } as any)[algorithm.namedCurve];
            if (keyData.alg !== wanted) throw dataError('JWK "alg" does not match the requested algorithm');
          }
        }
        checked(!isPrivate);
        if (kty === 'EC' && keyData.crv !== algorithm.namedCurve) throw dataError('JWK "crv" does not match the requested algorithm');
        if (kty === 'OKP' && keyData.crv !== name) throw dataError('JWK "crv" Parameter and algorithm name mismatch');
        return native.keyFromJWK(kty, keyData.crv, keyData.n, keyData.e, keyData.d, keyData.p, keyData.q, keyData.dp, keyData.dq, keyData.qi,
          keyData.x, keyData.y, isPrivate);
      }
    }
  } catch (error: any) {
    if (error?.name === 'DataError' || error?.name === 'SyntaxError') throw error;
    const wrapped: any = dataError('Invalid keyData');
    Object.defineProperty(wrapped, 'cause', { value: error, configurable: true, writable: true, enumerable: false });
    throw wrapped;
  }
  throw notSupported(`Unable to import ${name} using ${format} format`);
}

function importAsymmetric(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  if ((name === 'ECDSA' || name === 'ECDH') && curveBits[algorithm.namedCurve] === undefined) throw notSupported('Unrecognized namedCurve');
  const handle = asymmetricFrom(format, keyData, name, usages, extractable, algorithm);
  return finishAsymmetric(wrapKey(handle), algorithm, extractable, usages);
}

function finishAsymmetric(keyObject: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  const type = keyObject.asymmetricKeyType;
  let result: any;
  if (rsaNames.includes(name)) {
    if (type !== 'rsa') throw dataError('Invalid key type');
    const details = keyObject.asymmetricKeyDetails;
    let hex = details.publicExponent.toString(16);
    if (hex.length % 2) hex = `0${hex}`;
    result = { name, modulusLength: details.modulusLength, publicExponent: new Uint8Array(Buffer.from(hex, 'hex')), hash: { name: algorithm.hash.name } };
  } else if (name === 'ECDSA' || name === 'ECDH') {
    if (type !== 'ec') throw dataError('Invalid key type');
    if (keyObject.asymmetricKeyDetails.namedCurve !== curveNames[algorithm.namedCurve]) throw dataError('Named curve mismatch');
    result = { name, namedCurve: algorithm.namedCurve };
  } else {
    if (type !== name.toLowerCase()) throw dataError('Invalid key type');
    result = { name };
  }
  if (keyObject.type === 'private' && usages.length === 0) throw syntaxError('Usages cannot be empty when importing a private key.');
  return makeCryptoKey(keyObject, result, usages, keyObject.type === 'public' ? true && extractable : extractable);
}

function importSecret(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  only(usages, usagesOf(name)[0], name === 'HKDF' || name === 'PBKDF2' ? `a ${name}` : name);
  let bytes: any;
  if (format === 'raw' && name !== 'AES-OCB' && name !== 'ChaCha20-Poly1305' || format === 'raw-secret') {
    bytes = keyData;
  } else if (format === 'jwk' && name !== 'HKDF' && name !== 'PBKDF2') {
    checkJWK(keyData, 'oct', usages, extractable, name === 'HMAC' ? 'sig' : 'enc');
    if (typeof keyData.k !== 'string') throw dataError('Invalid keyData');
    bytes = Buffer.from(keyData.k, 'base64url');
  } else {
    throw notSupported(`Unable to import ${name} using ${format} format`);
  }
  let result: any;
  if (name === 'HMAC') {
    const bits = bytes.length * 8;
    if (bits === 0) throw dataError('Zero-length key is not supported');
    let { length } = algorithm;
    if (length !== undefined) {
      if (length > bits || length <= bits - 8) throw dataError('Invalid key length');
    } else {
      length = bits;
    }
    result = { name, length, hash: { name: algorithm.hash.name } };
  } else if (aesNames.includes(name)) {
    const bits = bytes.length * 8;
    if (bits !== 128 && bits !== 192 && bits !== 256) throw dataError('Invalid key length');
    result = { name, length: bits };
  } else if (name === 'ChaCha20-Poly1305') {
    if (bytes.length !== 32) throw dataError('Invalid key length');
    result = { name };
  } else {
    if (extractable) throw syntaxError(`${name} keys are not extractable`);
    result = { name };
  }
  if (format === 'jwk' && keyData.alg !== undefined) {
    const expected = jwkName(result);
    if (expected !== undefined && keyData.alg !== expected) throw dataError('JWK "alg" does not match the requested algorithm');
  }
  if (usages.length === 0) throw syntaxError('Usages cannot be empty when importing a secret key.');
  return makeCryptoKey(new SecretKeyObject(native.keySecret(bytes)), result, usages, extractable);
}

const formats = ['raw', 'pkcs8', 'spki', 'jwk', 'raw-public', 'raw-secret', 'raw-seed'];

function formatArgument(format: any, method: string): string {
  const text = `${format}`;
  if (!formats.includes(text)) {
    throw wrongMember(`Failed to execute '${method}' on 'SubtleCrypto': 1st argument '${text}' is not a valid enum value of type KeyFormat.`, 'ERR_INVALID_ARG_VALUE');
  }
  return text;
}

function importAny(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  return asymmetric.includes(algorithm.name) ? importAsymmetric(format, keyData, algorithm, extractable, usages)
    : importSecret(format, keyData, algorithm, extractable, usages);
}

/** KeyObject.prototype.toCryptoKey() */
export function fromKeyObject(keyObject: any, algorithm: any, extractable: any, keyUsages: any): any {
  const normalized = normalize(algorithm, 'importKey');
  const usages = checkUsages(keyUsages, 'importKey', '4th');
  if (keyObject.type === 'secret') {
    if (asymmetric.includes(normalized.name)) throw dataError('Invalid key type');
    return importSecret('raw-secret', native.keySecretOf(keyObject[kHandle]), normalized, !!extractable, usages);
  }
  const { name } = normalized;
  if (!asymmetric.includes(name)) throw dataError('Invalid key type');
  const [pub, priv] = usagesOf(name);
  only(usages, keyObject.type === 'public' ? pub : priv, name);
  if ((name === 'ECDSA' || name === 'ECDH') && curveBits[normalized.namedCurve] === undefined) throw notSupported('Unrecognized namedCurve');
  return finishAsymmetric(keyObject, normalized, !!extractable, usages);
}

function exportAny(format: string, key: any): any {
  const { name } = key.algorithm;
  const handle = handleOf(key);
  const refuse = () => notSupported(`Unable to export ${name} ${key.type} key using ${format} format`);
  if (name === 'HKDF' || name === 'PBKDF2') throw refuse();
  switch (format) {
    case 'spki':
      if (key.type !== 'public') throw refuse();
      return toArrayBuffer(native.keyExport(handle, 0, 2));
    case 'pkcs8':
      if (key.type !== 'private') throw refuse();
      return toArrayBuffer(native.keyExport(handle, 0, 1));
    case 'raw': case 'raw-public': case 'raw-secret':
      if (key.type === 'secret' && format === 'raw' && (name === 'AES-OCB' || name === 'ChaCha20-Poly1305')) throw refuse();
      if (key.type === 'secret' && format !== 'raw-public') return toArrayBuffer(native.keySecretOf(handle));
      if (key.type !== 'public' || rsaNames.includes(name) || format === 'raw-secret') throw refuse();
      return toArrayBuffer(native.keyToRaw(handle));
    case 'jwk': {
      const jwk = { key_ops: [...key.usages], ext: key.extractable, ...native.keyToJWK(handle) };
      const alg = jwkName(key.algorithm);
      if (alg !== undefined) jwk.alg = alg;
      return jwk;
    }
  }
  throw refuse();
}

async function derive(algorithm: any, key: any, length: number | null): Promise<ArrayBuffer> {
  const { name } = algorithm;
  if (name === 'HKDF' || name === 'PBKDF2') {
    if (length === null) throw operationError('length cannot be null');
    if (length % 8 !== 0) throw operationError('length must be a multiple of 8');
    const id = digestId(hashes[algorithm.hash.name]);
    if (name === 'PBKDF2' && algorithm.iterations === 0) throw operationError('iterations cannot be zero');
    if (length === 0) return new ArrayBuffer(0);
    try {
      const out = name === 'HKDF'
        ? await promised<any>((req) => native.hkdf(id, handleOf(key), algorithm.salt, algorithm.info, length / 8, req))
        : await promised<any>((req) => native.pbkdf2(id, handleOf(key), algorithm.salt, algorithm.iterations, length / 8, req));
      return toArrayBuffer(out);
    } catch (error) {
      throw operationError(undefined, error);
    }
  }
  const other = algorithm.public;
  if (other.type !== 'public') throw invalidAccess('algorithm.public must be a public key');
  if (key.type !== 'private') throw invalidAccess('baseKey must be a private key');
  if (other.algorithm.name !== name) throw invalidAccess('key algorithm mismatch');
  if (name === 'ECDH' && other.algorithm.namedCurve !== key.algorithm.namedCurve) throw invalidAccess('Named curve mismatch');
  let bits: any;
  try {
    bits = await promised<any>((req) => native.keyAgree(handleOf(key), handleOf(other), req));
  } catch (error) {
    throw operationError(undefined, error);
  }
  if (length === null) return toArrayBuffer(bits);
  const bytes = Math.ceil(length / 8);
  if (bits.length < bytes) throw operationError('derived bit length is too small');
  const out = Buffer.from(bits.subarray(0, bytes));
  if (length % 8 !== 0) out[bytes - 1] &= 0xFF << 8 - length % 8;
  return toArrayBuffer(out);
}

// The number of bits that a derived key needs; null for all.
function derivedLength(algorithm: any): number | null {
  const { name } = algorithm;
  if (aesNames.includes(name)) {
    if (![128, 192, 256].includes(algorithm.length)) throw operationError('Invalid key length');
    return algorithm.length;
  }
  if (name === 'ChaCha20-Poly1305') return 256;
  if (name === 'HMAC') {
    if (algorithm.length === 0) throw operationError('Invalid key length');
    return algorithm.length ?? blockBits[algorithm.hash.name];
  }
  return null;
}

function normalizeDerived(algorithm: any): any {
  const name = typeof algorithm === 'string' ? algorithm : algorithm?.name;
  return /^aes-|^hmac$|^chacha20-/i.test(`${name}`) ? normalize(algorithm, 'generateKey') : normalize(algorithm, 'importKey');
}

// AES-KW wraps on its own; others encrypt.
function normalizeWrap(algorithm: any): any {
  const name = typeof algorithm === 'string' ? algorithm : algorithm?.name;
  return `${name}`.toLowerCase() === 'aes-kw' ? normalize(algorithm, 'wrapKey') : normalize(algorithm, 'encrypt');
}

function keyWrap(encrypt: boolean, key: any, data: any): any {
  if (data.length % 8 !== 0) throw operationError('The wrapped key has a length that AES-KW cannot take');
  try {
    const c = native.cipherNew(`aes${key.algorithm.length}-wrap`, encrypt, handleOf(key), Buffer.alloc(8, 0xA6), undefined);
    return native.cipherUpdate(c, data);
  } catch (error) {
    throw operationError(undefined, error);
  }
}

let making = false;
const kBrand = Symbol('kBrand');

function brand(value: any, name: string): void {
  if (typeof value !== 'object' || value === null || value[kBrand] !== name) throw new codes.ERR_INVALID_THIS(name);
}

export class SubtleCrypto {
  constructor() {
    if (!making) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    Object.defineProperty(this, kBrand, { value: 'SubtleCrypto' });
  }

  async encrypt(algorithm: any, key: any, data: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('encrypt', arguments.length, 3);
    algorithm = normalize(algorithm, 'encrypt');
    keyArgument(key, 'encrypt', '2nd');
    data = bytesArgument(data, 'encrypt', '3rd');
    useKey(key, algorithm, 'encrypt');
    return crypt(true, algorithm, key, data);
  }

  async decrypt(algorithm: any, key: any, data: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('decrypt', arguments.length, 3);
    algorithm = normalize(algorithm, 'encrypt');
    keyArgument(key, 'decrypt', '2nd');
    data = bytesArgument(data, 'decrypt', '3rd');
    useKey(key, algorithm, 'decrypt');
    return crypt(false, algorithm, key, data);
  }

  async sign(algorithm: any, key: any, data: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('sign', arguments.length, 3);
    algorithm = normalize(algorithm, 'sign');
    keyArgument(key, 'sign', '2nd');
    data = bytesArgument(data, 'sign', '3rd');
    useKey(key, algorithm, 'sign');
    if (algorithm.name === 'HMAC') {
      return toArrayBuffer(native.hmacOnce(digestId(hashes[key.algorithm.hash.name]), handleOf(key), data, 0));
    }
    const [id, padding, salt, p1363] = signParameters(algorithm, key);
    try {
      return toArrayBuffer(await promised<any>((req) => native.sign(handleOf(key), id, data, false, padding, salt, p1363, req, undefined, algorithm.context)));
    } catch (error) {
      throw operationError(undefined, error);
    }
  }

  async verify(algorithm: any, key: any, signature: any, data: any): Promise<boolean> {
    brand(this, 'SubtleCrypto');
    arity('verify', arguments.length, 4);
    algorithm = normalize(algorithm, 'sign');
    keyArgument(key, 'verify', '2nd');
    signature = bytesArgument(signature, 'verify', '3rd');
    data = bytesArgument(data, 'verify', '4th');
    useKey(key, algorithm, 'verify');
    if (algorithm.name === 'HMAC') {
      const sum = native.hmacOnce(digestId(hashes[key.algorithm.hash.name]), handleOf(key), data, 0);
      return sum.length === signature.length && native.timingSafeEqual(sum, signature);
    }
    const [id, padding, salt, p1363] = signParameters(algorithm, key);
    try {
      return await promised<boolean>((req) => native.verify(handleOf(key), id, data, false, padding, salt, p1363, req, signature, algorithm.context));
    } catch (error) {
      throw operationError(undefined, error);
    }
  }

  async digest(algorithm: any, data: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('digest', arguments.length, 2);
    algorithm = normalize(algorithm, 'digest');
    if (!isArrayBufferView(data) && !isAnyArrayBuffer(data)) bytesArgument(data, 'digest', '2nd');
    return toArrayBuffer(native.hashOnce(digestId(hashes[algorithm.name]), data, 0));
  }

  async generateKey(algorithm: any, extractable: any, keyUsages: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('generateKey', arguments.length, 3);
    const usages = checkUsages(keyUsages, 'generateKey', '3rd');
    return generate(normalize(algorithm, 'generateKey'), !!extractable, usages);
  }

  async deriveKey(algorithm: any, baseKey: any, derivedKeyType: any, extractable: any, keyUsages: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('deriveKey', arguments.length, 5);
    const usages = checkUsages(keyUsages, 'deriveKey', '5th');
    algorithm = normalize(algorithm, 'deriveBits');
    const target = normalizeDerived(derivedKeyType);
    const imported = normalize(derivedKeyType, 'importKey');
    keyArgument(baseKey, 'deriveKey', '2nd');
    if (!baseKey.usages.includes('deriveKey')) throw invalidAccess('baseKey does not have deriveKey usage');
    useKey(baseKey, algorithm, 'deriveKey');
    const bits = await derive(algorithm, baseKey, derivedLength(target));
    return importAny('raw-secret', Buffer.from(bits), imported, !!extractable, usages);
  }

  async deriveBits(algorithm: any, baseKey: any, length: any = null): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('deriveBits', arguments.length, 2);
    algorithm = normalize(algorithm, 'deriveBits');
    keyArgument(baseKey, 'deriveBits', '2nd');
    if (length !== null) length = Number(length) >>> 0;
    if (!baseKey.usages.includes('deriveBits')) throw invalidAccess('baseKey does not have deriveBits usage');
    useKey(baseKey, algorithm, 'deriveBits');
    return derive(algorithm, baseKey, length);
  }

  async importKey(format: any, keyData: any, algorithm: any, extractable: any, keyUsages: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('importKey', arguments.length, 5);
    format = formatArgument(format, 'importKey');
    const usages = checkUsages(keyUsages, 'importKey', '5th');
    if (format === 'jwk') {
      if (typeof keyData !== 'object' || keyData === null || isArrayBufferView(keyData) || isAnyArrayBuffer(keyData)) {
        throw wrongMember("Failed to execute 'importKey' on 'SubtleCrypto': 2nd argument cannot be converted to a dictionary.");
      }
      keyData = { ...keyData };
    } else {
      keyData = bytesArgument(keyData, 'importKey', '2nd');
    }
    return importAny(format, keyData, normalize(algorithm, 'importKey'), !!extractable, usages);
  }

  async exportKey(format: any, key: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('exportKey', arguments.length, 2);
    format = formatArgument(format, 'exportKey');
    keyArgument(key, 'exportKey', '2nd');
    const { name } = key.algorithm;
    if (name === 'HKDF' || name === 'PBKDF2') throw notSupported(`${name} key export is not supported`);
    if (!key.extractable) throw invalidAccess('key is not extractable');
    return exportAny(format, key);
  }

  async wrapKey(format: any, key: any, wrappingKey: any, wrapAlgorithm: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('wrapKey', arguments.length, 4);
    format = formatArgument(format, 'wrapKey');
    const algorithm = normalizeWrap(wrapAlgorithm);
    keyArgument(key, 'wrapKey', '2nd');
    keyArgument(wrappingKey, 'wrapKey', '3rd');
    useKey(wrappingKey, algorithm, 'wrapKey', 'wrapKey');
    if (!key.extractable) throw invalidAccess('key is not extractable');
    const exported = exportAny(format, key);
    let bytes: any;
    if (format === 'jwk') {
      let text = JSON.stringify(exported);
      // AES-KW takes multiples of eight bytes.
      if (algorithm.name === 'AES-KW') text = text.slice(0, -1) + ' '.repeat((8 - text.length % 8) % 8) + '}';
      bytes = Buffer.from(text);
    } else {
      bytes = Buffer.from(exported);
    }
    if (algorithm.name === 'AES-KW') return toArrayBuffer(keyWrap(true, wrappingKey, bytes));
    return crypt(true, algorithm, wrappingKey, bytes);
  }

  async unwrapKey(format: any, wrappedKey: any, unwrappingKey: any, unwrapAlgo: any, unwrappedKeyAlgo: any, extractable: any, keyUsages: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('unwrapKey', arguments.length, 7);
    format = formatArgument(format, 'unwrapKey');
    wrappedKey = bytesArgument(wrappedKey, 'unwrapKey', '2nd');
    keyArgument(unwrappingKey, 'unwrapKey', '3rd');
    const algorithm = normalizeWrap(unwrapAlgo);
    const target = normalize(unwrappedKeyAlgo, 'importKey');
    const usages = checkUsages(keyUsages, 'unwrapKey', '7th');
    useKey(unwrappingKey, algorithm, 'unwrapKey', 'unwrapKey');
    const bytes = algorithm.name === 'AES-KW' ? keyWrap(false, unwrappingKey, wrappedKey)
      : Buffer.from(await crypt(false, algorithm, unwrappingKey, wrappedKey));
    let keyData: any = bytes;
    if (format === 'jwk') {
      try {
        keyData = JSON.parse(bytes.toString('utf8'));
      } catch {
        throw dataError('Invalid wrapped JWK key');
      }
    }
    return importAny(format, keyData, target, !!extractable, usages);
  }

  async getPublicKey(key: any, keyUsages: any): Promise<any> {
    brand(this, 'SubtleCrypto');
    arity('getPublicKey', arguments.length, 2);
    keyArgument(key, 'getPublicKey', '1st');
    const usages = checkUsages(keyUsages, 'getPublicKey', '2nd');
    if (key.type !== 'private') throw key.type === 'secret' ? notSupported('key must be a private key') : invalidAccess('key must be a private key');
    only(usages, usagesOf(key.algorithm.name)[0], key.algorithm.name);
    return makeCryptoKey(new PublicKeyObject(native.keyPublic(handleOf(key))), key.algorithm, usages, true);
  }
}

export class Crypto {
  constructor() {
    if (!making) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    Object.defineProperty(this, kBrand, { value: 'Crypto' });
  }

  get subtle(): SubtleCrypto {
    brand(this, 'Crypto');
    return subtle;
  }

  getRandomValues(array: any): any {
    brand(this, 'Crypto');
    if (arguments.length < 1) {
      throw wrongMember("Failed to execute 'getRandomValues' on 'Crypto': 1 argument required, but only 0 present.", 'ERR_MISSING_ARGS');
    }
    return fillRandom(array);
  }

  randomUUID(options?: any): string {
    brand(this, 'Crypto');
    return newUUID(options);
  }
}

function publish(prototype: any, name: string): void {
  const all: PropertyDescriptorMap = { [Symbol.toStringTag]: { configurable: true, value: name } };
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') all[key] = { enumerable: true };
  }
  defineProperties(prototype, all);
}
publish(SubtleCrypto.prototype, 'SubtleCrypto');
publish(Crypto.prototype, 'Crypto');

making = true;
const subtle = new SubtleCrypto();
export const crypto = new Crypto();
making = false;

/** crypto.getRandomValues as node:crypto has it, without a receiver. */
export const getRandomValues = function getRandomValues(array: any): any {
  return crypto.getRandomValues(array);
};

export { CryptoKey };
