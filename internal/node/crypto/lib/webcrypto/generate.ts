// Key generation of Web Crypto.
import { promised } from 'internal:request';
import { PrivateKeyObject, PublicKeyObject, SecretKeyObject } from 'internal:crypto/keys';
import { makeCryptoKey } from 'internal:crypto/cryptokey';
import { curveOf, isAsymmetric, usagesFor } from 'internal:crypto/webcrypto/algorithms';
import { defaultLength } from 'internal:crypto/webcrypto/lengths';
import { notSupported, operationError, syntaxError } from 'internal:crypto/webcrypto/errors';
import * as native from 'native:crypto';

const kEmpty = 'Usages cannot be empty when creating a key.';

function refuse(usages: string[], allowed: string[], name: string): void {
  if (!usages.every((usage) => allowed.includes(usage))) throw syntaxError(`Unsupported key usage for ${name} key`);
}


// The native's arguments, and the algorithm of the keys.
function pairArguments(algorithm: any): [type: string, a: any, b: any, of: any] {
  const { name } = algorithm;
  if (name.startsWith('RSA')) {
    const { modulusLength, publicExponent, hash } = algorithm;
    const e = publicExponent.reduce((n: number, byte: number) => n * 256 + byte, 0);
    if (e > 0xFFFF_FFFF) throw operationError('The publicExponent must be equivalent to an unsigned 32-bit value');
    return ['rsa', modulusLength, e, { name, modulusLength, publicExponent, hash: { name: hash.name } }];
  }
  if (name === 'ECDSA' || name === 'ECDH') {
    const { namedCurve } = algorithm;
    return ['ec', curveOf(namedCurve), undefined, { name, namedCurve }];
  }
  return [name.toLowerCase(), undefined, undefined, { name }];
}

async function generatePair(algorithm: any, extractable: boolean, usages: string[]): Promise<any> {
  const { name } = algorithm;
  const allowed = usagesFor(name);
  refuse(usages, [...allowed.public!, ...allowed.private!], name);
  const [type, a, b, of] = pairArguments(algorithm);
  const forPrivate = usages.filter((usage) => allowed.private!.includes(usage));
  if (forPrivate.length === 0) throw syntaxError(kEmpty);
  let pair: any;
  try {
    pair = await promised<any>((req) => native.generateKeyPair(type, req, a, b));
  } catch (error) {
    throw operationError(undefined, error);
  }
  return {
    publicKey: makeCryptoKey(new PublicKeyObject(pair[0]), of, usages.filter((usage) => allowed.public!.includes(usage)), true),
    privateKey: makeCryptoKey(new PrivateKeyObject(pair[1]), of, forPrivate, extractable),
  };
}

function generateSecret(algorithm: any, extractable: boolean, usages: string[]): any {
  const { name } = algorithm;
  refuse(usages, usagesFor(name).secret!, name);
  const length = defaultLength(algorithm);
  if (length === undefined) throw notSupported('Explicit algorithm length member is required');
  const of: any = { name };
  if (name !== 'ChaCha20-Poly1305') of.length = length;
  if (name === 'HMAC') of.hash = { name: algorithm.hash.name };
  if (usages.length === 0) throw syntaxError(kEmpty);
  return makeCryptoKey(new SecretKeyObject(native.keySecret(native.randomBytes(length >> 3))), of, usages, extractable);
}

/** A CryptoKey, or a pair of them. */
export async function generate(algorithm: any, extractable: boolean, usages: string[]): Promise<any> {
  return isAsymmetric(algorithm.name) ? generatePair(algorithm, extractable, usages) : generateSecret(algorithm, extractable, usages);
}
