// Import and export of keys in Web Crypto.
import { Buffer } from 'internal:buffer';
import { toArrayBuffer } from 'internal:crypto/bytes';
import { PublicKeyObject, SecretKeyObject, kHandle, wrapKey } from 'internal:crypto/keys';
import { makeCryptoKey, slots } from 'internal:crypto/cryptokey';
import { curveOf, isAsymmetric, normalize, usagesFor } from 'internal:crypto/webcrypto/algorithms';
import { argumentOf, usagesOf } from 'internal:crypto/webcrypto/convert';
import { dataError, invalidAccess, notSupported, operationError, syntaxError } from 'internal:crypto/webcrypto/errors';
import { checkAsymmetricAlgorithm, checkCurve, checkJWK, checkSecretAlgorithm, jwkAlgorithm, jwkType } from 'internal:crypto/webcrypto/jwk';
import * as native from 'native:crypto';

const kInvalid = 'Invalid keyData';

function refuse(usages: string[], allowed: string[], what: string): void {
  if (!usages.every((usage) => allowed.includes(usage))) throw syntaxError(`Unsupported key usage for ${what} key`);
}

const derives = (name: string): boolean => name === 'HKDF' || name === 'PBKDF2' || name.startsWith('Argon2');
// Algorithms that came after 'raw' was split.
const newSecret = (name: string): boolean => name === 'AES-OCB' || name === 'ChaCha20-Poly1305' || name.startsWith('KMAC') || name.startsWith('Argon2');
const encrypts = (name: string): boolean => name === 'RSA-OAEP' || name === 'ECDH' || name === 'X25519' || name === 'X448';
const isEC = (name: string): boolean => name === 'ECDSA' || name === 'ECDH';

function fromJWK(jwk: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  const kty = jwkType(name)!;
  const isPrivate = (kty === 'AKP' ? jwk?.priv : jwk?.d) !== undefined;
  checkJWK(jwk, kty, usages, extractable, encrypts(name) ? 'enc' : 'sig');
  checkAsymmetricAlgorithm(jwk, algorithm);
  const allowed = usagesFor(name);
  refuse(usages, isPrivate ? allowed.private! : allowed.public!, name);
  checkCurve(jwk, algorithm);
  if (kty === 'AKP') {
    if (typeof jwk.pub !== 'string') throw dataError(isPrivate ? 'Invalid JWK' : kInvalid);
    if (isPrivate && typeof jwk.priv !== 'string') throw dataError('Invalid JWK');
    return native.keyFromAKP(jwk.alg, jwk.pub, jwk.priv);
  }
  return native.keyFromJWK(kty, jwk.crv, jwk.n, jwk.e, jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi, jwk.x, jwk.y, isPrivate);
}

function fromRaw(keyData: any, { name, namedCurve }: any): any {
  return native.keyFromRaw(isEC(name) ? namedCurve : name, keyData) ?? invalidData();
}

function invalidData(): never {
  throw dataError(kInvalid);
}

// Is there such a form of a public or private key?
function hasForm(format: string, name: string): boolean {
  const isNew = name.startsWith('ML-');
  switch (format) {
    case 'spki': case 'pkcs8': return true;
    case 'jwk': return jwkType(name) !== undefined;
    case 'raw': return !isNew && !name.startsWith('RSA');
    case 'raw-public': return !name.startsWith('RSA');
    case 'raw-seed': return isNew;
  }
  return false;
}

function parseAsymmetric(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  if (!hasForm(format, name)) throw notSupported(`Unable to import ${name} using ${format} format`);
  if (format === 'jwk') return fromJWK(keyData, algorithm, extractable, usages);
  const allowed = usagesFor(name);
  switch (format) {
    case 'pkcs8':
      refuse(usages, allowed.private!, name);
      return native.keyParse(keyData, 0, 1, undefined, true);
    case 'raw-seed':
      refuse(usages, allowed.private!, name);
      return native.keyFromSeed(name, keyData) ?? invalidData();
    case 'spki':
      refuse(usages, allowed.public!, name);
      return native.keyParse(keyData, 0, 2, undefined, false);
  }
  refuse(usages, allowed.public!, name);
  return fromRaw(keyData, algorithm);
}

function importAsymmetric(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  let handle: any;
  try {
    handle = parseAsymmetric(format, keyData, algorithm, extractable, usages);
  } catch (error: any) {
    if (error?.name === 'DataError' || error?.name === 'SyntaxError' || error?.name === 'NotSupportedError') throw error;
    throw dataError(kInvalid, error);
  }
  return finishAsymmetric(wrapKey(handle), algorithm, extractable, usages);
}

// The CryptoKey of a key that was read; it must be of the algorithm's type.
function finishAsymmetric(keyObject: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  const type = keyObject.asymmetricKeyType;
  if (type !== (name.startsWith('RSA') ? 'rsa' : isEC(name) ? 'ec' : name.toLowerCase())) throw dataError('Invalid key type');
  const of: any = { name };
  if (type === 'rsa') {
    const details = keyObject.asymmetricKeyDetails;
    const hex = details.publicExponent.toString(16);
    of.modulusLength = details.modulusLength;
    of.publicExponent = new Uint8Array(Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'));
    of.hash = { name: algorithm.hash.name };
  } else if (type === 'ec') {
    if (keyObject.asymmetricKeyDetails.namedCurve !== curveOf(algorithm.namedCurve)) throw dataError('Named curve mismatch');
    of.namedCurve = algorithm.namedCurve;
  }
  if (keyObject.type === 'private' && usages.length === 0) throw syntaxError('Usages cannot be empty when importing a private key.');
  return makeCryptoKey(keyObject, of, usages, extractable);
}

function secretBytes(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  if (format === 'raw-secret' || format === 'raw' && !newSecret(name)) return keyData;
  if (format !== 'jwk' || derives(name)) throw notSupported(`Unable to import ${name} using ${format} format`);
  checkJWK(keyData, 'oct', usages, extractable, name === 'HMAC' || name.startsWith('KMAC') ? 'sig' : 'enc');
  if (typeof keyData.k !== 'string') throw dataError(kInvalid);
  return Buffer.from(keyData.k, 'base64url');
}

// The algorithm of a secret key of these bytes.
function secretAlgorithm(algorithm: any, size: number, extractable: boolean): any {
  const { name, length } = algorithm;
  const bits = size * 8;
  if (derives(name)) {
    if (extractable) throw syntaxError(`${name} keys are not extractable`);
    return { name };
  }
  if (name === 'HMAC' || name.startsWith('KMAC')) {
    if (bits === 0) throw dataError('Zero-length key is not supported');
    if (length !== undefined && length !== bits) throw dataError('Invalid key length');
    return name === 'HMAC' ? { name, length: bits, hash: { name: algorithm.hash.name } } : { name, length: bits };
  }
  if (name === 'ChaCha20-Poly1305') {
    if (bits !== 256) throw dataError('Invalid key length');
    return { name };
  }
  if (bits !== 128 && bits !== 192 && bits !== 256) throw dataError('Invalid key length');
  return { name, length: bits };
}

function importSecret(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  refuse(usages, usagesFor(name).secret!, derives(name) ? `a ${name}` : name);
  const bytes = secretBytes(format, keyData, algorithm, extractable, usages);
  const of = secretAlgorithm(algorithm, bytes.length, extractable);
  if (format === 'jwk') checkSecretAlgorithm(keyData, of);
  if (usages.length === 0) throw syntaxError('Usages cannot be empty when importing a secret key.');
  return makeCryptoKey(new SecretKeyObject(native.keySecret(bytes)), of, usages, extractable);
}

/** A key of bytes, or of a JWK's object; the algorithm is normalized. */
export function importKey(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): any {
  return (isAsymmetric(algorithm.name) ? importAsymmetric : importSecret)(format, keyData, algorithm, extractable, usages);
}

/** KeyObject.prototype.toCryptoKey() */
export function fromKeyObject(keyObject: any, algorithm: any, extractable: any, keyUsages: any): any {
  algorithm = normalize(algorithm, 'importKey');
  const usages = usagesOf(keyUsages, argumentOf('importKey', '4th'));
  const { name } = algorithm;
  if (isAsymmetric(name) === (keyObject.type === 'secret')) throw dataError('Invalid key type');
  if (keyObject.type === 'secret') return importSecret('raw-secret', native.keySecretOf(keyObject[kHandle]), algorithm, !!extractable, usages);
  const allowed = usagesFor(name);
  refuse(usages, keyObject.type === 'public' ? allowed.public! : allowed.private!, name);
  return finishAsymmetric(keyObject, algorithm, !!extractable, usages);
}

function exportSecret(format: string, name: string, handle: any): ArrayBuffer | undefined {
  if (format === 'raw-secret' || format === 'raw' && !newSecret(name)) return toArrayBuffer(native.keySecretOf(handle));
  return undefined;
}

// The seed is what RFC 9881 and 9935 recommend to keep; a key that came without it can't be exported.
function seedOf(bytes: any): ArrayBuffer {
  if (bytes !== undefined) return toArrayBuffer(bytes);
  const cause: any = new Error('Failed to get raw seed');
  cause.code = 'ERR_CRYPTO_OPERATION_FAILED';
  throw operationError(undefined, cause);
}

function exportAsymmetric(format: string, name: string, type: string, handle: any): ArrayBuffer | undefined {
  const isPublic = type === 'public';
  if (!hasForm(format, name)) return undefined;
  switch (format) {
    case 'spki': return isPublic ? toArrayBuffer(native.keyExport(handle, 0, 2)) : undefined;
    case 'pkcs8':
      if (isPublic) return undefined;
      return name.startsWith('ML-') ? seedOf(native.keySeedPKCS8(handle)) : toArrayBuffer(native.keyExport(handle, 0, 1));
    case 'raw-seed': return isPublic ? undefined : seedOf(native.keySeed(handle));
  }
  return isPublic ? toArrayBuffer(native.keyToRaw(handle)) : undefined;
}

function exportJWK(handle: any, { algorithm, usages, extractable }: any): any {
  let members: any;
  try {
    members = native.keyToJWK(handle);
  } catch (error) {
    throw operationError(undefined, error);
  }
  const jwk = { key_ops: [...usages], ext: extractable, ...members };
  const alg = jwkAlgorithm(algorithm);
  if (alg !== undefined) jwk.alg = alg;
  return jwk;
}

/** An ArrayBuffer, or a JWK's object. */
export function exportKey(format: string, key: any): any {
  const of = slots(key);
  const { keyObject, algorithm: { name } } = of;
  const handle = keyObject[kHandle];
  const { type } = keyObject;
  let out: any;
  if (!derives(name)) {
    if (format !== 'jwk') out = type === 'secret' ? exportSecret(format, name, handle) : exportAsymmetric(format, name, type, handle);
    else if (type === 'secret' || jwkType(name) !== undefined) out = exportJWK(handle, of);
  }
  if (out === undefined) throw notSupported(`Unable to export ${name} ${type} key using ${format} format`);
  return out;
}

/** Refuses what isn't extractable, or never is. */
export function checkExportable(key: any): void {
  const { algorithm: { name }, extractable } = slots(key);
  if (derives(name)) throw notSupported(`${name} key export is not supported`);
  if (!extractable) throw invalidAccess('key is not extractable');
}

/** SubtleCrypto.prototype.getPublicKey() */
export function publicOf(key: any, usages: string[]): any {
  const { keyObject, algorithm } = slots(key);
  if (keyObject.type !== 'private') throw (keyObject.type === 'secret' ? notSupported : invalidAccess)('key must be a private key');
  refuse(usages, usagesFor(algorithm.name).public!, algorithm.name);
  return makeCryptoKey(new PublicKeyObject(native.keyPublic(keyObject[kHandle])), algorithm, usages, true);
}
