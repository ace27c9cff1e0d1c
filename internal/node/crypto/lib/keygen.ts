// Key generation. https://nodejs.org/docs/latest-v24.x/api/crypto.html#cryptogeneratekeypairtype-options-callback
import { codes } from 'internal:errors';
import { request } from 'internal:request';
import { nextTick } from 'internal:process/task';
import { process } from 'internal:process';
import { customPromisifyArgs } from 'internal:util/promisify';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateFunction, validateInt32, validateInteger, validateObject, validateOneOf, validateString, validateUint32 } from 'internal:validators';
import { PrivateKeyObject, PublicKeyObject, SecretKeyObject, parseEncoding } from 'internal:crypto/keys';
import { digestId } from 'internal:crypto/hash';
import * as native from 'native:crypto';

const { defineProperty } = Object;

function digestName(name: string, what = 'digest'): string {
  if (digestId(name) !== -1) return name;
  const error: any = new TypeError(`Invalid ${what}: ${name}`);
  error.code = 'ERR_CRYPTO_INVALID_DIGEST';
  throw error;
}

// ML-DSA, ML-KEM and SLH-DSA have no options.
const postQuantum = /^(?:ml-dsa-(?:44|65|87)|ml-kem-(?:512|768|1024)|slh-dsa-(?:sha2|shake)-(?:128|192|256)[sf])$/;

// An option of RSA-PSS by its name or its old name, which warns every time.
function deprecatedPair(options: any, name: string, old: string): any {
  const value = options[name];
  const oldValue = options[old];
  if (oldValue !== undefined) {
    process.emitWarning(`"options.${old}" is deprecated, use "options.${name}" instead.`, 'DeprecationWarning', 'DEP0154');
    validateString(oldValue, `options.${old}`);
    if (value !== undefined && value !== oldValue) throw new codes.ERR_INVALID_ARG_VALUE(`options.${old}`, oldValue);
  }
  return value === undefined ? oldValue : value;
}

// The arguments of native.generateKeyPair after the request.
function pairArguments(type: any, options: any): any[] {
  validateString(type, 'type');
  switch (type) {
    case 'rsa':
    case 'rsa-pss': {
      validateObject(options, 'options');
      const { modulusLength } = options;
      validateUint32(modulusLength, 'options.modulusLength');
      let { publicExponent } = options;
      if (publicExponent == null) publicExponent = 0x10001;
      else validateUint32(publicExponent, 'options.publicExponent');
      if (type === 'rsa') return [modulusLength, publicExponent];
      const { saltLength } = options;
      const hash = deprecatedPair(options, 'hashAlgorithm', 'hash');
      const mgf = deprecatedPair(options, 'mgf1HashAlgorithm', 'mgf1Hash');
      if (saltLength !== undefined) validateInt32(saltLength, 'options.saltLength', 0);
      if (hash !== undefined) validateString(hash, 'options.hashAlgorithm');
      if (mgf !== undefined) validateString(mgf, 'options.mgf1HashAlgorithm');
      return [modulusLength, publicExponent, hash && digestName(hash), mgf && digestName(mgf, 'MGF1 digest'), saltLength];
    }
    case 'dsa': {
      validateObject(options, 'options');
      const { modulusLength } = options;
      validateUint32(modulusLength, 'options.modulusLength');
      let { divisorLength } = options;
      if (divisorLength == null) divisorLength = -1;
      else validateInt32(divisorLength, 'options.divisorLength', 0);
      return [modulusLength, divisorLength];
    }
    case 'ec': {
      validateObject(options, 'options');
      const { namedCurve, paramEncoding } = options;
      validateString(namedCurve, 'options.namedCurve');
      if (paramEncoding != null && paramEncoding !== 'named' && paramEncoding !== 'explicit') {
        throw new codes.ERR_INVALID_ARG_VALUE('options.paramEncoding', paramEncoding);
      }
      // Differs from Node: explicit parameters are written as the curve's name.
      return [namedCurve];
    }
    case 'ed25519':
    case 'x25519':
    case 'ed448':
    case 'x448':
      if (options !== undefined) validateObject(options, 'options');
      return [];
    case 'dh': {
      validateObject(options, 'options');
      const { group, primeLength, prime, generator } = options;
      if (group != null) {
        if (prime != null) throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('group', 'prime');
        if (primeLength != null) throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('group', 'primeLength');
        if (generator != null) throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('group', 'generator');
        validateString(group, 'options.group');
        if (native.dhGroup(group) === undefined) throw new codes.ERR_CRYPTO_UNKNOWN_DH_GROUP();
        return [group];
      }
      if (prime != null) {
        if (primeLength != null) throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('prime', 'primeLength');
        if (!isArrayBufferView(prime) && !isAnyArrayBuffer(prime)) {
          throw new codes.ERR_INVALID_ARG_TYPE('options.prime', ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], prime);
        }
      } else if (primeLength != null) {
        validateInt32(primeLength, 'options.primeLength', 0);
      } else {
        throw new codes.ERR_MISSING_OPTION('At least one of the group, prime, or primeLength options');
      }
      if (generator != null) validateInt32(generator, 'options.generator', 0);
      return [prime ?? primeLength, generator ?? undefined];
    }
  }
  if (!postQuantum.test(type)) throw new codes.ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  if (options !== undefined) validateObject(options, 'options');
  return [];
}

function encodings(type: string, options: any): [any, any] {
  const read = (name: string, isPublic: boolean) => {
    const encoding = options?.[name];
    if (encoding == null) return undefined;
    if (typeof encoding !== 'object') throw new codes.ERR_INVALID_ARG_VALUE(`options.${name}`, encoding);
    if (encoding.format === 'jwk') return 'jwk';
    return parseEncoding(encoding, type, isPublic, `options.${name}`, true);
  };
  return [read('publicKeyEncoding', true), read('privateKeyEncoding', false)];
}

function output(handle: any, encoding: any, Class: any): any {
  if (encoding === undefined) return new Class(handle);
  if (encoding === 'jwk') return native.keyToJWK(handle);
  return native.keyExport(handle, encoding.format, encoding.type, encoding.cipher, encoding.passphrase);
}

export function generateKeyPair(type: any, options: any, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  const args = pairArguments(type, options);
  validateFunction(callback, 'callback');
  const [pub, priv] = encodings(type, options);
  native.generateKeyPair(type, request((err: any, keys: any) => {
    if (err !== null) {
      callback(err);
      return;
    }
    let a: any;
    let b: any;
    try {
      a = output(keys[0], pub, PublicKeyObject);
      b = output(keys[1], priv, PrivateKeyObject);
    } catch (error) {
      callback(error);
      return;
    }
    callback(null, a, b);
  }, 'KEYPAIRGENREQUEST'), args[0], args[1], args[2], args[3], args[4]);
}
defineProperty(generateKeyPair, customPromisifyArgs, { value: ['publicKey', 'privateKey'], enumerable: false });

export function generateKeyPairSync(type: any, options?: any): any {
  const args = pairArguments(type, options);
  const [pub, priv] = encodings(type, options);
  const keys = native.generateKeyPair(type, undefined, args[0], args[1], args[2], args[3], args[4]);
  return { publicKey: output(keys[0], pub, PublicKeyObject), privateKey: output(keys[1], priv, PrivateKeyObject) };
}

function secretLength(type: any, options: any): number {
  validateString(type, 'type');
  validateObject(options, 'options');
  const { length } = options;
  if (type === 'hmac') {
    validateInteger(length, 'options.length', 8, 2 ** 31 - 1);
    return Math.floor(length / 8);
  }
  if (type === 'aes') {
    validateOneOf(length, 'options.length', [128, 192, 256]);
    return length / 8;
  }
  throw new codes.ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
}

export function generateKey(type: any, options: any, callback?: any): void {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'callback');
  const length = secretLength(type, options);
  const key = new SecretKeyObject(native.keySecret(native.randomBytes(length)));
  nextTick(callback, null, key);
}

export function generateKeySync(type: any, options: any): any {
  return new SecretKeyObject(native.keySecret(native.randomBytes(secretLength(type, options))));
}

