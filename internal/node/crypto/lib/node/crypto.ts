// node:crypto: https://nodejs.org/docs/latest-v24.x/api/crypto.html

//
// The object is put together from three kinds of entries: functions and classes as they are, factories (crypto.createX is new X), and
// accessors for what is loaded late, may not be replaced, or has an old name.

import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { deprecate } from 'internal:util/deprecate';
import { validateString } from 'internal:validators';
import { Hash, Hmac, getHashes, hash } from 'internal:crypto/hash';
import {
  checkPrime, checkPrimeSync, generatePrime, generatePrimeSync, randomBytes, randomFill, randomFillSync, randomInt, randomUUID, randomUUIDv7,
  timingSafeEqual,
} from 'internal:crypto/random';
import { argon2, argon2Sync, hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync } from 'internal:crypto/kdf';
import { Cipheriv, Decipheriv, getCipherInfo, getCiphers, privateDecrypt, privateEncrypt, publicDecrypt, publicEncrypt } from 'internal:crypto/cipher';
import { KeyObject, createPrivateKey, createPublicKey, createSecretKey } from 'internal:crypto/keys';
import { Sign, Verify, signOneShot, verifyOneShot } from 'internal:crypto/sign';
import { DiffieHellman, DiffieHellmanGroup, ECDH, diffieHellman } from 'internal:crypto/dh';
import { generateKey, generateKeyPair, generateKeyPairSync, generateKeySync } from 'internal:crypto/keygen';
import { decapsulate, encapsulate } from 'internal:crypto/kem';
import { Certificate } from 'internal:crypto/certificate';
import { constants } from 'internal:crypto/constants';
import * as native from 'native:crypto';

const { defineProperty } = Object;

// The two that servers call all the time stand alone, so that V8 sees one class in each.
function createHash(algorithm: any, options?: any): any {
  return new Hash(algorithm, options);
}
function createHmac(hmac: any, key: any, options?: any): any {
  return new Hmac(hmac, key, options);
}

/** crypto.createX, declared with `length` parameters, for the class X. */
function factory(Class: any, length: number, name = `create${Class.name}`): any {
  const make = { [name]: function(a: any, b: any, c: any, d: any): any { return new Class(a, b, c, d); } }[name];
  defineProperty(make, 'length', { value: length, configurable: true });
  return make;
}

/** A class that works without `new` as well, which is deprecated. */
function callable(Class: any, code: string, length: number): any {
  const wrapped: any = deprecate((...args: any[]) => new Class(...args), `crypto.${Class.name} constructor is deprecated.`, code);
  wrapped.prototype = Class.prototype;
  defineProperty(wrapped, 'length', { value: length, configurable: true });
  return wrapped;
}

// There is no FIPS provider, no engine and no secure heap in this program; these say so as OpenSSL without them does.
const absent = {
  getFips: (): number => 0,
  setFips(value: any): void {
    if (value) throw new codes.ERR_CRYPTO_FIPS_UNAVAILABLE();
  },
  setEngine(id: any, flags?: any): never {
    validateString(id, 'id');
    if (!['number', 'undefined'].includes(typeof flags)) throw new codes.ERR_INVALID_ARG_TYPE('flags', 'number', flags);
    throw new codes.ERR_CRYPTO_ENGINE_UNKNOWN(id);
  },
  secureHeapUsed: () => ({ total: 0, used: 0, utilization: NaN, min: 2 }),
};

const createDiffieHellmanGroup = factory(DiffieHellmanGroup, 1);

const crypto: any = {
  // hash.ts
  Hash: callable(Hash, 'DEP0179', 2), Hmac: callable(Hmac, 'DEP0181', 3), createHash, createHmac, getHashes, hash,
  // cipher.ts
  Cipheriv, Decipheriv, createCipheriv: factory(Cipheriv, 4), createDecipheriv: factory(Decipheriv, 4), getCipherInfo, getCiphers,
  publicEncrypt, publicDecrypt, privateEncrypt, privateDecrypt,
  // sign.ts
  Sign, Verify, createSign: factory(Sign, 2), createVerify: factory(Verify, 2), sign: signOneShot, verify: verifyOneShot,
  // dh.ts
  DiffieHellman, DiffieHellmanGroup, ECDH, createDiffieHellman: factory(DiffieHellman, 4), createDiffieHellmanGroup,
  getDiffieHellman: createDiffieHellmanGroup, createECDH: factory(ECDH, 1), diffieHellman, getCurves: (): string[] => native.getCurves(),
  // keys.ts, keygen.ts
  KeyObject, createSecretKey, createPublicKey, createPrivateKey, generateKey, generateKeySync, generateKeyPair, generateKeyPairSync,
  // kdf.ts
  scrypt, scryptSync, pbkdf2, pbkdf2Sync, hkdf, hkdfSync, argon2, argon2Sync,
  // random.ts
  randomBytes, randomInt, randomFill, randomFillSync, randomUUID, randomUUIDv7, timingSafeEqual, checkPrime, checkPrimeSync, generatePrime, generatePrimeSync,

  // kem.ts, certificate.ts
  encapsulate, decapsulate, Certificate,

  ...absent,
};

const webcrypto = (): any => load('internal:crypto/webcrypto');

// Read-only views.
for (const [name, get] of [
  ['webcrypto', () => webcrypto().crypto], ['subtle', () => webcrypto().crypto.subtle], ['getRandomValues', () => webcrypto().getRandomValues],
] as Array<[string, () => any]>) {
  defineProperty(crypto, name, { get, enumerable: true });
}
defineProperty(crypto, 'constants', { value: constants, enumerable: true });
defineProperty(crypto, 'fips', {
  get: deprecate(absent.getFips, 'crypto.fips is deprecated. Please use crypto.getFips()', 'DEP0093'),
  set: deprecate(absent.setFips, 'crypto.fips is deprecated. Please use crypto.setFips()', 'DEP0093'),
});

// What is made at the first read, or replaced by a program; from then on it is a plain property.
function late(name: string, enumerable: boolean, make: () => any): void {
  const settle = (value: any): any => {
    defineProperty(crypto, name, { value, enumerable, writable: true, configurable: true });
    return value;
  };
  defineProperty(crypto, name, { get: () => settle(make()), set: settle, enumerable, configurable: true });
}
late('X509Certificate', true, () => load('internal:crypto/x509').X509Certificate);
// randomBytes by its old names.
for (const name of ['prng', 'pseudoRandomBytes', 'rng']) {
  late(name, false, () => {
    const warns = name === 'pseudoRandomBytes' && load('node:process').default.execArgv?.includes('--pending-deprecation');
    return warns ? deprecate(randomBytes, `crypto.${name} is deprecated.`, 'DEP0115') : randomBytes;
  });
}

export default crypto;
