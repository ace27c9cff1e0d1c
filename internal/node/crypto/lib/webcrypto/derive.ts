// deriveBits(), deriveKey(), and key encapsulation.
import { Buffer } from 'internal:buffer';
import { promised } from 'internal:request';
import { toArrayBuffer } from 'internal:crypto/bytes';
import { slots } from 'internal:crypto/cryptokey';
import { digestId } from 'internal:crypto/hash';
import { kHandle } from 'internal:crypto/keys';
import { settled } from 'internal:crypto/webcrypto/cipher';
import { defaultLength } from 'internal:crypto/webcrypto/lengths';
import { invalidAccess, notSupported, operationError } from 'internal:crypto/webcrypto/errors';
import * as native from 'native:crypto';

const argonTypes: Record<string, number> = { __proto__: null as never, Argon2d: 0, Argon2i: 1, Argon2id: 2 };

/** Throws when an algorithm can't give so many bits; null means all that there are. */
export function checkBits({ name }: any, length: number | null): void {
  if (name === 'ECDH' || name === 'X25519' || name === 'X448') return;
  if (length === null) throw operationError('length cannot be null');
  if (length % 8) throw operationError('length must be a multiple of 8');
  if (argonTypes[name] !== undefined && length < 32) throw operationError('length must be >= 32');
}

/** The bits that a key of a normalized algorithm needs; null: as many as there are. */
export function bitsOf(algorithm: any): number | null {
  const { name, hash } = algorithm;
  if (name === 'HKDF' || name === 'PBKDF2' || argonTypes[name] !== undefined) return null;
  const length = defaultLength(algorithm);
  if (length === undefined) throw notSupported(`Explicit algorithm length member is required with ${hash.name}`);
  return length;
}

/** Checks a key for deriveKey or deriveBits. */
export function useFor(key: any, algorithm: any, usage: string): void {
  const of = slots(key);
  if (!of.usages.includes(usage)) throw invalidAccess(`baseKey does not have ${usage} usage`);
  if (of.algorithm.name !== algorithm.name) throw invalidAccess('Key algorithm mismatch');
}

export async function derive(algorithm: any, key: any, length: number | null): Promise<ArrayBuffer> {
  checkBits(algorithm, length);
  const handle = slots(key).keyObject[kHandle];
  const { name } = algorithm;
  if (name === 'ECDH' || name === 'X25519' || name === 'X448') return agree(algorithm, key, length);
  if (length === 0) return new ArrayBuffer(0);
  const size = length! / 8;
  switch (name) {
    case 'HKDF': {
      const id = digestId(algorithm.hash.name);
      return settled((req) => native.hkdf(id, handle, algorithm.salt, algorithm.info, size, req));
    }
    case 'PBKDF2': {
      const id = digestId(algorithm.hash.name);
      return settled((req) => native.pbkdf2(id, handle, algorithm.salt, algorithm.iterations, size, req));
    }
  }
  const { nonce, parallelism, memory, passes, secretValue, associatedData } = algorithm;
  return settled((req) => native.argon2(argonTypes[name], handle, nonce, parallelism, size, memory, passes, secretValue, associatedData, req));
}

async function agree(algorithm: any, key: any, length: number | null): Promise<ArrayBuffer> {
  const own = slots(key);
  const other = slots(algorithm.public);
  if (own.keyObject.type !== 'private') throw invalidAccess('baseKey must be a private key');
  if (other.algorithm.namedCurve !== own.algorithm.namedCurve) throw invalidAccess('Named curve mismatch');
  let bits: any;
  try {
    bits = await promised<any>((req) => native.keyAgree(own.keyObject[kHandle], other.keyObject[kHandle], req));
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

function useForKEM(key: any, algorithm: any, which: string, usage: string): any {
  const { algorithm: { name }, usages, keyObject } = slots(key);
  if (!usages.includes(usage)) throw invalidAccess(`${which} does not have ${usage} usage`);
  if (name !== algorithm.name) throw invalidAccess('key algorithm mismatch');
  return keyObject[kHandle];
}

/** usage: encapsulateBits or encapsulateKey */
export async function encapsulate(algorithm: any, key: any, usage: string): Promise<{ sharedKey: ArrayBuffer; ciphertext: ArrayBuffer }> {
  const handle = useForKEM(key, algorithm, 'encapsulationKey', usage);
  try {
    const [sharedKey, ciphertext] = await promised<any>((req) => native.kemEncapsulate(handle, req));
    return { sharedKey: toArrayBuffer(sharedKey), ciphertext: toArrayBuffer(ciphertext) };
  } catch (error) {
    throw operationError(undefined, error);
  }
}

/** usage: decapsulateBits or decapsulateKey */
export async function decapsulate(algorithm: any, key: any, ciphertext: any, usage: string): Promise<ArrayBuffer> {
  const handle = useForKEM(key, algorithm, 'decapsulationKey', usage);
  return settled((req) => native.kemDecapsulate(handle, ciphertext, req));
}
