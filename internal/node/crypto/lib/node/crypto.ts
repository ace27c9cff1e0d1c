// node:crypto — https://nodejs.org/docs/latest-v24.x/api/crypto.html

import { codes, unavailable } from 'internal:errors';
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
import { constants } from 'internal:crypto/constants';
import * as native from 'native:crypto';

const { defineProperties } = Object;

function createHash(algorithm: any, options?: any): any {
  return new Hash(algorithm, options);
}

function createHmac(hmac: any, key: any, options?: any): any {
  return new Hmac(hmac, key, options);
}

function createCipheriv(cipher: any, key: any, iv: any, options?: any): any {
  return new (Cipheriv as any)(cipher, key, iv, options);
}

function createDecipheriv(cipher: any, key: any, iv: any, options?: any): any {
  return new (Decipheriv as any)(cipher, key, iv, options);
}

function createSign(algorithm: any, options?: any): any {
  return new (Sign as any)(algorithm, options);
}

function createVerify(algorithm: any, options?: any): any {
  return new (Verify as any)(algorithm, options);
}

function createDiffieHellman(sizeOrKey: any, keyEncoding?: any, generator?: any, genEncoding?: any): any {
  return new (DiffieHellman as any)(sizeOrKey, keyEncoding, generator, genEncoding);
}

function createDiffieHellmanGroup(name: any): any {
  return new (DiffieHellmanGroup as any)(name);
}

function createECDH(curve: any): any {
  return new (ECDH as any)(curve);
}

function getCurves(): string[] {
  return native.getCurves();
}

function getFips(): number {
  return 0;
}

function setFips(value: any): void {
  if (value) throw new codes.ERR_CRYPTO_FIPS_UNAVAILABLE();
}

function setEngine(id: any, flags?: any): any {
  validateString(id, 'id');
  if (flags !== undefined && typeof flags !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('flags', 'number', flags);
  throw new codes.ERR_CRYPTO_ENGINE_UNKNOWN(id);
}

function secureHeapUsed(): any {
  return { total: 0, used: 0, utilization: 0 / 0, min: 2 };
}

function encapsulate(): never {
  return unavailable('crypto.encapsulate');
}

function decapsulate(): never {
  return unavailable('crypto.decapsulate');
}

/** SPKAC, of HTML's dead <keygen>. */
class Certificate {
  static exportChallenge(): never { return unavailable('crypto.Certificate'); }
  static exportPublicKey(): never { return unavailable('crypto.Certificate'); }
  static verifySpkac(): never { return unavailable('crypto.Certificate'); }
  exportChallenge(): never { return unavailable('crypto.Certificate'); }
  exportPublicKey(): never { return unavailable('crypto.Certificate'); }
  verifySpkac(): never { return unavailable('crypto.Certificate'); }
}

// Node's constructors worked without `new` once; that is deprecated.
function callable(Class: any, code: string): any {
  const construct = function(this: any, ...args: any[]): any {
    return new Class(...args);
  };
  const wrapped: any = deprecate(construct, `crypto.${Class.name} constructor is deprecated.`, code);
  wrapped.prototype = Class.prototype;
  return wrapped;
}

const crypto: any = {
  argon2, argon2Sync, checkPrime, checkPrimeSync, createCipheriv, createDecipheriv, createDiffieHellman, createDiffieHellmanGroup, createECDH,
  createHash, createHmac, createPrivateKey, createPublicKey, createSecretKey, createSign, createVerify, diffieHellman, generatePrime,
  generatePrimeSync, getCiphers, getCipherInfo, getCurves, getDiffieHellman: createDiffieHellmanGroup, getHashes, hkdf, hkdfSync, pbkdf2, pbkdf2Sync,
  generateKeyPair, generateKeyPairSync, generateKey, generateKeySync, privateDecrypt, privateEncrypt, publicDecrypt, publicEncrypt, randomBytes,
  randomFill, randomFillSync, randomInt, randomUUID, randomUUIDv7, scrypt, scryptSync, sign: signOneShot, setEngine, timingSafeEqual, getFips, setFips,
  verify: verifyOneShot, hash, encapsulate, decapsulate,

  Certificate, Cipheriv, Decipheriv, DiffieHellman, DiffieHellmanGroup, ECDH, Hash: callable(Hash, 'DEP0179'), Hmac: callable(Hmac, 'DEP0181'),
  KeyObject, Sign, Verify,
};

function lazyClass(name: string, specifier: string): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: true,
    get() {
      const value = load(specifier)[name];
      Object.defineProperty(crypto, name, { value, writable: true, enumerable: true, configurable: true });
      return value;
    },
    set(value) {
      Object.defineProperty(crypto, name, { value, writable: true, enumerable: true, configurable: true });
    },
  };
}

defineProperties(crypto, {
  X509Certificate: lazyClass('X509Certificate', 'internal:crypto/x509'),
  secureHeapUsed: { configurable: true, enumerable: true, writable: true, value: secureHeapUsed },
  fips: {
    configurable: false,
    enumerable: false,
    get: deprecate(getFips, 'crypto.fips is deprecated. Please use crypto.getFips()', 'DEP0093'),
    set: deprecate(setFips, 'crypto.fips is deprecated. Please use crypto.setFips()', 'DEP0093'),
  },
  constants: { configurable: false, enumerable: true, value: constants },
  webcrypto: { configurable: false, enumerable: true, get: () => load('internal:crypto/webcrypto').crypto, set: undefined },
  subtle: { configurable: false, enumerable: true, get: () => load('internal:crypto/webcrypto').crypto.subtle, set: undefined },
  getRandomValues: { configurable: false, enumerable: true, get: () => load('internal:crypto/webcrypto').getRandomValues, set: undefined },
  // The old names of randomBytes.
  prng: { configurable: true, enumerable: false, writable: true, value: randomBytes },
  pseudoRandomBytes: {
    configurable: true,
    enumerable: false,
    get() {
      const pending = load('node:process').default.execArgv?.includes('--pending-deprecation');
      return pending ? deprecate(randomBytes, 'crypto.pseudoRandomBytes is deprecated.', 'DEP0115') : randomBytes;
    },
    set(value: any) {
      Object.defineProperty(crypto, 'pseudoRandomBytes', { value, writable: true, configurable: true, enumerable: false });
    },
  },
  rng: { configurable: true, enumerable: false, writable: true, value: randomBytes },
});

export default crypto;
