// KeyObject and the forms that keys come in. https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-keyobject
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { isAnyArrayBuffer, isArrayBufferView, setKeyPredicates } from 'internal:util/types';
import { validateObject, validateOneOf, validateString } from 'internal:validators';
import { bytesOrView } from 'internal:crypto/bytes';
import { isCryptoKey, keyOfCryptoKey } from 'internal:crypto/cryptokey';
import * as native from 'native:crypto';

const { defineProperty, defineProperties } = Object;

export const kHandle = Symbol('kHandle');
const kKeyType = Symbol('kKeyType');
const kAsymmetricKeyType = Symbol('kAsymmetricKeyType');
const kAsymmetricKeyDetails = Symbol('kAsymmetricKeyDetails');

// What a key is asked for.
export const kConsumePublic = 0;
export const kConsumePrivate = 1;
export const kCreatePublic = 2;
export const kCreatePrivate = 3;

export class KeyObject {
  constructor(type: any, handle: any) {
    if (type !== 'secret' && type !== 'public' && type !== 'private') throw new codes.ERR_INVALID_ARG_VALUE('type', type);
    if (typeof handle !== 'object' || handle === null) throw new codes.ERR_INVALID_ARG_TYPE('handle', 'object', handle);
    defineProperty(this, kKeyType, { value: type, enumerable: false });
    defineProperty(this, kHandle, { value: handle, enumerable: false });
  }

  get type(): string {
    return (this as any)[kKeyType];
  }

  static from(key: any): any {
    if (!isCryptoKey(key)) throw new codes.ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
    return keyOfCryptoKey(key);
  }

  equals(other: any): boolean {
    if (!isKeyObject(other)) throw new codes.ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', other);
    return other.type === this.type && native.keyEquals((this as any)[kHandle], other[kHandle]);
  }
}
defineProperties(KeyObject.prototype, {
  [Symbol.toStringTag]: { __proto__: null as never, configurable: true, value: 'KeyObject' } as any,
  // The structured clone: another object of the same native key, which is immutable, also in another thread.
  [Symbol.for('roost.clone')]: {
    value(this: any): any {
      return ['internal:crypto/keys', 'wrapKey', this[kHandle], true];
    },
  },
});
setKeyPredicates(isCryptoKey, isKeyObject);

export class SecretKeyObject extends KeyObject {
  constructor(handle: any) {
    super('secret', handle);
  }

  get symmetricKeySize(): number {
    return native.keyInfo((this as any)[kHandle])[2];
  }

  export(options?: any): any {
    if (options !== undefined) {
      validateObject(options, 'options');
      validateOneOf(options.format, 'options.format', [undefined, 'buffer', 'jwk']);
      if (options.format === 'jwk') return native.keyToJWK((this as any)[kHandle]);
    }
    return native.keySecretOf((this as any)[kHandle]);
  }

  toCryptoKey(algorithm: any, extractable: any, keyUsages: any): any {
    return load('internal:crypto/webcrypto/keys').fromKeyObject(this, algorithm, extractable, keyUsages);
  }
}

class AsymmetricKeyObject extends KeyObject {
  get asymmetricKeyType(): string {
    (this as any)[kAsymmetricKeyType] ??= hidden(this, kAsymmetricKeyType, native.keyInfo((this as any)[kHandle])[1]);
    return (this as any)[kAsymmetricKeyType];
  }

  get asymmetricKeyDetails(): any {
    (this as any)[kAsymmetricKeyDetails] ?? hidden(this, kAsymmetricKeyDetails, native.keyDetails((this as any)[kHandle]));
    return { ...(this as any)[kAsymmetricKeyDetails] };
  }

  toCryptoKey(algorithm: any, extractable: any, keyUsages: any): any {
    return load('internal:crypto/webcrypto/keys').fromKeyObject(this, algorithm, extractable, keyUsages);
  }
}

function hidden(target: any, key: symbol, value: any): any {
  defineProperty(target, key, { value, enumerable: false, writable: true, configurable: true });
  return value;
}

export class PublicKeyObject extends AsymmetricKeyObject {
  constructor(handle: any) {
    super('public', handle);
  }

  export(options: any): any {
    return exportAsymmetric(this, options, true);
  }
}

export class PrivateKeyObject extends AsymmetricKeyObject {
  constructor(handle: any) {
    super('private', handle);
  }

  export(options: any): any {
    return exportAsymmetric(this, options, false);
  }
}

function exportAsymmetric(key: any, options: any, isPublic: boolean): any {
  validateObject(options, 'options');
  if (options.format === 'jwk') {
    if (!isPublic && options.passphrase !== undefined) {
      throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('jwk', 'does not support encryption');
    }
    return native.keyToJWK(key[kHandle]);
  }
  const e = parseEncoding(options, key.asymmetricKeyType, isPublic, undefined, true);
  return native.keyExport(key[kHandle], e.format, e.type, e.cipher, e.passphrase);
}

const types: Record<string, number> = { __proto__: null as never, pkcs1: 0, pkcs8: 1, spki: 2, sec1: 3 };

function optionName(name: string, objName?: string): string {
  return objName === undefined ? `options.${name}` : `${objName}.${name}`;
}

/** Checks { format, type, cipher, passphrase, encoding } of an output (or, for an input, what there is of it). */
export function parseEncoding(enc: any, keyType: string | undefined, isPublic: boolean | undefined, objName?: string, output = false): any {
  validateObject(enc, objName ?? 'options');
  const { format: formatText, type: typeText } = enc;
  let format: number;
  if (formatText === undefined && !output) format = 1;
  else if (formatText === 'pem') format = 1;
  else if (formatText === 'der') format = 0;
  else throw new codes.ERR_INVALID_ARG_VALUE(optionName('format', objName), formatText);

  let type: number | undefined;
  const required = output || format === 0;
  if (typeText === undefined && !required) {
    type = undefined;
  } else if (typeText === 'pkcs1') {
    if (keyType !== undefined && keyType !== 'rsa') throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('pkcs1', 'can only be used for RSA keys');
    type = types.pkcs1;
  } else if (typeText === 'spki' && isPublic !== false) {
    type = types.spki;
  } else if (typeText === 'pkcs8' && isPublic !== true) {
    type = types.pkcs8;
  } else if (typeText === 'sec1' && isPublic !== true) {
    if (keyType !== undefined && keyType !== 'ec') throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('sec1', 'can only be used for EC keys');
    type = types.sec1;
  } else {
    throw new codes.ERR_INVALID_ARG_VALUE(optionName('type', objName), typeText);
  }

  let cipher: any;
  let passphrase: any;
  if (isPublic !== true) {
    ({ cipher, passphrase } = enc);
    const { encoding } = enc;
    if (output) {
      if (cipher != null) {
        if (typeof cipher !== 'string') throw new codes.ERR_INVALID_ARG_VALUE(optionName('cipher', objName), cipher);
        if (format === 0 && (type === types.pkcs1 || type === types.sec1)) {
          throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(typeText, 'does not support encryption');
        }
      } else if (passphrase !== undefined) {
        throw new codes.ERR_INVALID_ARG_VALUE(optionName('cipher', objName), cipher);
      }
    }
    const given = passphrase !== undefined;
    if (given && !isBytesOrText(passphrase) || output && cipher != null && !given) {
      throw new codes.ERR_INVALID_ARG_VALUE(optionName('passphrase', objName), passphrase);
    }
    if (given) passphrase = bytesOrView(passphrase, 'key.passphrase', encoding);
  }
  return { format, type, cipher: cipher ?? undefined, passphrase };
}

function isBytesOrText(value: any): boolean {
  return typeof value === 'string' || isArrayBufferView(value) || isAnyArrayBuffer(value);
}

export function isKeyObject(value: any): boolean {
  return typeof value === 'object' && value !== null && value[kHandle] !== undefined && value[kKeyType] !== undefined;
}

export function isKeyLike(value: any): boolean {
  return isKeyObject(value) || isCryptoKey(value);
}

export function wrapKey(handle: any): any {
  const kind = native.keyInfo(handle)[0];
  return kind === 'secret' ? new SecretKeyObject(handle) : kind === 'public' ? new PublicKeyObject(handle) : new PrivateKeyObject(handle);
}

/** The native key of a secret KeyObject or CryptoKey. */
export function secretHandle(key: any): any {
  if (isCryptoKey(key)) key = keyOfCryptoKey(key);
  if (key.type !== 'secret') throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, 'secret');
  return key[kHandle];
}

/** A secret: bytes, or the native key. */
export function prepareSecretKey(key: any, encoding: any, bufferOnly = false): any {
  if (!bufferOnly && isKeyLike(key)) return secretHandle(key);
  if (typeof key !== 'string' && !isArrayBufferView(key) && !isAnyArrayBuffer(key)) {
    throw new codes.ERR_INVALID_ARG_TYPE('key', typesOf(!bufferOnly), key);
  }
  return bytesOrView(key, 'key', encoding);
}

function typesOf(keys: boolean): string[] {
  const list = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView', 'string'];
  if (keys) list.push('KeyObject', 'CryptoKey');
  return list;
}

export function createSecretKey(key: any, encoding?: any): any {
  key = prepareSecretKey(key, encoding, true);
  return new SecretKeyObject(native.keySecret(key));
}

function fromJWK(jwk: any, wantPrivate: boolean | undefined): any {
  validateObject(jwk, 'key.key');
  validateOneOf(jwk.kty, 'key.kty', ['RSA', 'EC', 'OKP', 'AKP']);
  if (jwk.kty === 'AKP') return fromAKP(jwk, wantPrivate ?? jwk.priv !== undefined);
  const isPrivate = jwk.d !== undefined;
  if (jwk.kty === 'OKP') {
    validateString(jwk.crv, 'key.crv');
    validateOneOf(jwk.crv, 'key.crv', ['Ed25519', 'Ed448', 'X25519', 'X448']);
    validateString(jwk.x, 'key.x');
    if (wantPrivate) validateString(jwk.d, 'key.d');
  } else if (jwk.kty === 'EC') {
    validateString(jwk.crv, 'key.crv');
    validateOneOf(jwk.crv, 'key.crv', ['P-256', 'secp256k1', 'P-384', 'P-521']);
    validateString(jwk.x, 'key.x');
    validateString(jwk.y, 'key.y');
    if (wantPrivate) validateString(jwk.d, 'key.d');
  } else {
    validateString(jwk.n, 'key.n');
    validateString(jwk.e, 'key.e');
    if (wantPrivate) {
      for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi']) validateString(jwk[name], `key.${name}`);
    }
  }
  return native.keyFromJWK(jwk.kty, jwk.crv, jwk.n, jwk.e, jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi, jwk.x, jwk.y,
    wantPrivate === true || wantPrivate === undefined && isPrivate);
}

// A key of RFC 9964.
function fromAKP(jwk: any, wantPrivate: boolean): any {
  validateOneOf(jwk.alg, 'key.alg', ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']);
  validateString(jwk.pub, 'key.pub');
  if (wantPrivate) validateString(jwk.priv, 'key.priv');
  return native.keyFromAKP(jwk.alg, jwk.pub, wantPrivate ? jwk.priv : undefined);
}

/** The native public or private key of anything that names one. */
export function asymmetricHandle(key: any, ctx: number): any {
  const wantPrivate = ctx === kConsumePrivate || ctx === kCreatePrivate;
  if (isKeyObject(key)) return fromKeyObject(key, ctx);
  if (isCryptoKey(key)) return fromKeyObject(keyOfCryptoKey(key), ctx);
  if (typeof key === 'string' || isArrayBufferView(key) || isAnyArrayBuffer(key)) {
    return native.keyParse(bytesOrView(key, 'key'), 1, undefined, undefined, wantPrivate);
  }
  if (typeof key === 'object' && key !== null) {
    const { key: data, encoding, format } = key;
    if (isKeyObject(data)) return fromKeyObject(data, ctx);
    if (isCryptoKey(data)) return fromKeyObject(keyOfCryptoKey(data), ctx);
    if (format === 'jwk') {
      const jwkPrivate = wantPrivate ? true : ctx === kCreatePublic || ctx === kConsumePublic ? false : undefined;
      return fromJWK(data, jwkPrivate);
    }
    if (typeof data !== 'string' && !isArrayBufferView(data) && !isAnyArrayBuffer(data)) {
      throw new codes.ERR_INVALID_ARG_TYPE('key.key', typesOf(ctx !== kCreatePrivate), data);
    }
    const isPublic = ctx === kConsumePrivate || ctx === kCreatePrivate ? false : undefined;
    const e = parseEncoding(key, undefined, isPublic);
    return native.keyParse(bytesOrView(data, 'key', encoding), e.format, e.type, e.passphrase, wantPrivate);
  }
  throw new codes.ERR_INVALID_ARG_TYPE('key', typesOf(ctx !== kCreatePrivate), key);
}

function fromKeyObject(key: any, ctx: number): any {
  if (ctx === kCreatePrivate) throw new codes.ERR_INVALID_ARG_TYPE('key', typesOf(false), key);
  if (key.type !== 'private') {
    if (ctx === kConsumePrivate || ctx === kCreatePublic) throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, 'private');
    if (key.type !== 'public') throw new codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, 'private or public');
  }
  return key[kHandle];
}

export function createPublicKey(key: any): any {
  const handle = asymmetricHandle(key, kCreatePublic);
  return new PublicKeyObject(native.keyPublic(handle));
}

export function createPrivateKey(key: any): any {
  return new PrivateKeyObject(asymmetricHandle(key, kCreatePrivate));
}

