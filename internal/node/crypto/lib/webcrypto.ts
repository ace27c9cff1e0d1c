// Web Crypto's interfaces. https://w3c.github.io/webcrypto/ and https://nodejs.org/docs/latest-v24.x/api/webcrypto.html
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { promised } from 'internal:request';
import { toArrayBuffer } from 'internal:crypto/bytes';
import { CryptoKey, slots } from 'internal:crypto/cryptokey';
import { digestId } from 'internal:crypto/hash';
import { getRandomValues as fillRandom, randomUUID as newUUID } from 'internal:crypto/random';
import { normalize } from 'internal:crypto/webcrypto/algorithms';
import { crypt } from 'internal:crypto/webcrypto/cipher';
import { argumentOf, arity, bytesOf, cryptoKey, keyFormat, usagesOf } from 'internal:crypto/webcrypto/convert';
import { bitsOf, decapsulate, derive, encapsulate, useFor } from 'internal:crypto/webcrypto/derive';
import { dataError, invalidAccess, wrongArgument } from 'internal:crypto/webcrypto/errors';
import { generate } from 'internal:crypto/webcrypto/generate';
import { checkExportable, exportKey, importKey, publicOf } from 'internal:crypto/webcrypto/keys';
import { sign, verify } from 'internal:crypto/webcrypto/sign';
import { normalizeWrap, supports } from 'internal:crypto/webcrypto/supports';
import * as native from 'native:crypto';

const { defineProperties, getOwnPropertyNames } = Object;

const kLong = 64 * 1024; // bytes from which a digest is worth a goroutine

let making = false;

function begin(receiver: any, method: string, given: number, needed: number): void {
  if (!isSubtle(receiver)) throw new codes.ERR_INVALID_THIS('SubtleCrypto');
  arity(method, given, needed);
}

// The algorithm of a digest as the native has it: without functionName and customization cSHAKE is SHAKE.
async function digestOf({ name, length }: any, data: any): Promise<ArrayBuffer> {
  if (name.startsWith('cSHAKE')) return toArrayBuffer(native.hashOnce(digestId(name.slice(1)), data, 0, length / 8));
  const id = digestId(name);
  return toArrayBuffer(data.length < kLong ? native.hashOnce(id, data, 0) : await promised<any>((req) => native.hashLater(id, data, req)));
}

function wrappedBytes(format: string, exported: any, algorithm: any): any {
  if (format !== 'jwk') return Buffer.from(exported);
  let text = JSON.stringify(exported);
  // AES-KW takes multiples of eight bytes.
  if (algorithm.name === 'AES-KW') text = `${text.slice(0, -1)}${' '.repeat((8 - text.length % 8) % 8)}}`;
  return Buffer.from(text);
}

// wrapKey and unwrapKey say what a key lacks in words of their own.
function useToWrap(key: any, algorithm: any, usage: string): void {
  const of = slots(key);
  if (of.algorithm.name !== algorithm.name) throw invalidAccess('Key algorithm mismatch');
  if (!of.usages.includes(usage)) throw invalidAccess(`Unable to use this key to ${usage}`);
}

let isSubtle: (value: any) => boolean;

export class SubtleCrypto {
  #brand = true;

  constructor() {
    if (!making) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  static {
    isSubtle = (value) => typeof value === 'object' && value !== null && #brand in value;
  }

  static supports(operation: any, algorithm: any, extra: any = null): boolean {
    if (this !== SubtleCrypto) throw new codes.ERR_INVALID_THIS('SubtleCrypto constructor');
    arity('supports', arguments.length, 2);
    return supports(`${operation}`, algorithm, extra);
  }

  async encrypt(algorithm: any, key: any, data: any): Promise<any> {
    begin(this, 'encrypt', arguments.length, 3);
    key = cryptoKey(key, argumentOf('encrypt', '2nd'));
    data = bytesOf(data, argumentOf('encrypt', '3rd'));
    return crypt('encrypt', normalize(algorithm, 'encrypt'), key, data);
  }

  async decrypt(algorithm: any, key: any, data: any): Promise<any> {
    begin(this, 'decrypt', arguments.length, 3);
    key = cryptoKey(key, argumentOf('decrypt', '2nd'));
    data = bytesOf(data, argumentOf('decrypt', '3rd'));
    return crypt('decrypt', normalize(algorithm, 'encrypt'), key, data);
  }

  async sign(algorithm: any, key: any, data: any): Promise<any> {
    begin(this, 'sign', arguments.length, 3);
    key = cryptoKey(key, argumentOf('sign', '2nd'));
    data = bytesOf(data, argumentOf('sign', '3rd'));
    return sign(normalize(algorithm, 'sign'), key, data);
  }

  async verify(algorithm: any, key: any, signature: any, data: any): Promise<boolean> {
    begin(this, 'verify', arguments.length, 4);
    key = cryptoKey(key, argumentOf('verify', '2nd'));
    signature = bytesOf(signature, argumentOf('verify', '3rd'));
    data = bytesOf(data, argumentOf('verify', '4th'));
    return verify(normalize(algorithm, 'sign'), key, signature, data);
  }

  async digest(algorithm: any, data: any): Promise<any> {
    begin(this, 'digest', arguments.length, 2);
    data = bytesOf(data, argumentOf('digest', '2nd'));
    return digestOf(normalize(algorithm, 'digest'), data);
  }

  async generateKey(algorithm: any, extractable: any, keyUsages: any): Promise<any> {
    begin(this, 'generateKey', arguments.length, 3);
    const usages = usagesOf(keyUsages, argumentOf('generateKey', '3rd'));
    return generate(normalize(algorithm, 'generateKey'), !!extractable, usages);
  }

  async deriveKey(algorithm: any, baseKey: any, derivedKeyType: any, extractable: any, keyUsages: any): Promise<any> {
    begin(this, 'deriveKey', arguments.length, 5);
    baseKey = cryptoKey(baseKey, argumentOf('deriveKey', '2nd'));
    const usages = usagesOf(keyUsages, argumentOf('deriveKey', '5th'));
    algorithm = normalize(algorithm, 'deriveBits');
    const imported = normalize(derivedKeyType, 'importKey');
    const length = normalize(derivedKeyType, 'keyLength');
    useFor(baseKey, algorithm, 'deriveKey');
    const bits = await derive(algorithm, baseKey, bitsOf(length));
    return importKey('raw-secret', Buffer.from(bits), imported, !!extractable, usages);
  }

  async deriveBits(algorithm: any, baseKey: any, length: any = null): Promise<any> {
    begin(this, 'deriveBits', arguments.length, 2);
    baseKey = cryptoKey(baseKey, argumentOf('deriveBits', '2nd'));
    if (length !== null) length = +length >>> 0;
    algorithm = normalize(algorithm, 'deriveBits');
    useFor(baseKey, algorithm, 'deriveBits');
    return derive(algorithm, baseKey, length);
  }

  async importKey(format: any, keyData: any, algorithm: any, extractable: any, keyUsages: any): Promise<any> {
    begin(this, 'importKey', arguments.length, 5);
    format = keyFormat(format, argumentOf('importKey', '1st'));
    if (format !== 'jwk') {
      keyData = bytesOf(keyData, argumentOf('importKey', '2nd'));
    } else if (typeof keyData !== 'object' && typeof keyData !== 'function' && keyData !== undefined) {
      throw wrongArgument(`${argumentOf('importKey', '2nd')} cannot be converted to a dictionary.`);
    } else {
      keyData = { ...keyData };
    }
    const usages = usagesOf(keyUsages, argumentOf('importKey', '5th'));
    return importKey(format, keyData, normalize(algorithm, 'importKey'), !!extractable, usages);
  }

  async exportKey(format: any, key: any): Promise<any> {
    begin(this, 'exportKey', arguments.length, 2);
    format = keyFormat(format, argumentOf('exportKey', '1st'));
    key = cryptoKey(key, argumentOf('exportKey', '2nd'));
    checkExportable(key);
    return exportKey(format, key);
  }

  async wrapKey(format: any, key: any, wrappingKey: any, wrapAlgorithm: any): Promise<any> {
    begin(this, 'wrapKey', arguments.length, 4);
    format = keyFormat(format, argumentOf('wrapKey', '1st'));
    key = cryptoKey(key, argumentOf('wrapKey', '2nd'));
    wrappingKey = cryptoKey(wrappingKey, argumentOf('wrapKey', '3rd'));
    const algorithm = normalizeWrap(wrapAlgorithm);
    useToWrap(wrappingKey, algorithm, 'wrapKey');
    checkExportable(key);
    return crypt('wrapKey', algorithm, wrappingKey, wrappedBytes(format, exportKey(format, key), algorithm));
  }

  async unwrapKey(format: any, wrappedKey: any, unwrappingKey: any, unwrapAlgo: any, unwrappedKeyAlgo: any, extractable: any, keyUsages: any): Promise<any> {
    begin(this, 'unwrapKey', arguments.length, 7);
    format = keyFormat(format, argumentOf('unwrapKey', '1st'));
    wrappedKey = bytesOf(wrappedKey, argumentOf('unwrapKey', '2nd'));
    unwrappingKey = cryptoKey(unwrappingKey, argumentOf('unwrapKey', '3rd'));
    const usages = usagesOf(keyUsages, argumentOf('unwrapKey', '7th'));
    const algorithm = normalizeWrap(unwrapAlgo);
    const target = normalize(unwrappedKeyAlgo, 'importKey');
    useToWrap(unwrappingKey, algorithm, 'unwrapKey');
    let keyData: any = Buffer.from(await crypt('unwrapKey', algorithm, unwrappingKey, wrappedKey));
    if (format === 'jwk') {
      try {
        keyData = JSON.parse(keyData.toString('utf8'));
      } catch {
        throw dataError('Invalid wrapped JWK key');
      }
    }
    return importKey(format, keyData, target, !!extractable, usages);
  }

  async getPublicKey(key: any, keyUsages: any): Promise<any> {
    begin(this, 'getPublicKey', arguments.length, 2);
    key = cryptoKey(key, argumentOf('getPublicKey', '1st'));
    return publicOf(key, usagesOf(keyUsages, argumentOf('getPublicKey', '2nd')));
  }

  async encapsulateBits(encapsulationAlgorithm: any, encapsulationKey: any): Promise<any> {
    begin(this, 'encapsulateBits', arguments.length, 2);
    encapsulationKey = cryptoKey(encapsulationKey, argumentOf('encapsulateBits', '2nd'));
    return encapsulate(normalize(encapsulationAlgorithm, 'encapsulate'), encapsulationKey, 'encapsulateBits');
  }

  async encapsulateKey(encapsulationAlgorithm: any, encapsulationKey: any, sharedKeyAlgorithm: any, extractable: any, keyUsages: any): Promise<any> {
    begin(this, 'encapsulateKey', arguments.length, 5);
    encapsulationKey = cryptoKey(encapsulationKey, argumentOf('encapsulateKey', '2nd'));
    const usages = usagesOf(keyUsages, argumentOf('encapsulateKey', '5th'));
    const algorithm = normalize(encapsulationAlgorithm, 'encapsulate');
    const target = normalize(sharedKeyAlgorithm, 'importKey');
    const { sharedKey, ciphertext } = await encapsulate(algorithm, encapsulationKey, 'encapsulateKey');
    return { ciphertext, sharedKey: importKey('raw-secret', Buffer.from(sharedKey), target, !!extractable, usages) };
  }

  async decapsulateBits(decapsulationAlgorithm: any, decapsulationKey: any, ciphertext: any): Promise<any> {
    begin(this, 'decapsulateBits', arguments.length, 3);
    decapsulationKey = cryptoKey(decapsulationKey, argumentOf('decapsulateBits', '2nd'));
    ciphertext = bytesOf(ciphertext, argumentOf('decapsulateBits', '3rd'));
    return decapsulate(normalize(decapsulationAlgorithm, 'encapsulate'), decapsulationKey, ciphertext, 'decapsulateBits');
  }

  async decapsulateKey(decapsulationAlgorithm: any, decapsulationKey: any, ciphertext: any, sharedKeyAlgorithm: any, extractable: any,
    keyUsages: any): Promise<any> {
    begin(this, 'decapsulateKey', arguments.length, 6);
    decapsulationKey = cryptoKey(decapsulationKey, argumentOf('decapsulateKey', '2nd'));
    ciphertext = bytesOf(ciphertext, argumentOf('decapsulateKey', '3rd'));
    const usages = usagesOf(keyUsages, argumentOf('decapsulateKey', '6th'));
    const algorithm = normalize(decapsulationAlgorithm, 'encapsulate');
    const target = normalize(sharedKeyAlgorithm, 'importKey');
    const bits = await decapsulate(algorithm, decapsulationKey, ciphertext, 'decapsulateKey');
    return importKey('raw-secret', Buffer.from(bits), target, !!extractable, usages);
  }
}

let isCrypto: (value: any) => boolean;

export class Crypto {
  #brand = true;

  constructor() {
    if (!making) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  static {
    isCrypto = (value) => typeof value === 'object' && value !== null && #brand in value;
  }

  get subtle(): SubtleCrypto {
    if (!isCrypto(this)) throw new codes.ERR_INVALID_THIS('Crypto');
    return subtle;
  }

  getRandomValues(array: any): any {
    if (!isCrypto(this)) throw new codes.ERR_INVALID_THIS('Crypto');
    if (arguments.length < 1) {
      throw wrongArgument("Failed to execute 'getRandomValues' on 'Crypto': 1 argument required, but only 0 present.", 'ERR_MISSING_ARGS');
    }
    return fillRandom(array);
  }

  randomUUID(options?: any): string {
    if (!isCrypto(this)) throw new codes.ERR_INVALID_THIS('Crypto');
    return newUUID(options);
  }
}

function publish(prototype: any, name: string): void {
  const all: PropertyDescriptorMap = { [Symbol.toStringTag]: { configurable: true, value: name } };
  for (const key of getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') all[key] = { enumerable: true };
  }
  defineProperties(prototype, all);
}
publish(SubtleCrypto.prototype, 'SubtleCrypto');
publish(Crypto.prototype, 'Crypto');
defineProperties(SubtleCrypto, { supports: { enumerable: true } });

making = true;
const subtle = new SubtleCrypto();
export const crypto = new Crypto();
making = false;

/** crypto.getRandomValues as node:crypto has it, without a receiver. */
export const getRandomValues = function getRandomValues(array: any): any {
  return crypto.getRandomValues(array);
};

export { CryptoKey };
