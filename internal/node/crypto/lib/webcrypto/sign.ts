// sign() and verify().
import { promised } from 'internal:request';
import { toArrayBuffer } from 'internal:crypto/bytes';
import { slots } from 'internal:crypto/cryptokey';
import { digestId } from 'internal:crypto/hash';
import { kHandle } from 'internal:crypto/keys';
import { settled } from 'internal:crypto/webcrypto/cipher';
import { invalidAccess, operationError, outOfRange } from 'internal:crypto/webcrypto/errors';
import * as native from 'native:crypto';

// OpenSSL's numbers of paddings.
const kPKCS1 = 1;
const kPSS = 6;

const kLong = 64 * 1024; // bytes from which a MAC is worth a goroutine

function useFor(key: any, algorithm: any, usage: string): any {
  const of = slots(key);
  if (!of.usages.includes(usage) || of.algorithm.name !== algorithm.name) throw invalidAccess(`Unable to use this key to ${usage}`);
  return of;
}

// The native's digest, padding, salt length and whether r and s stand side by side.
function parameters(algorithm: any, { algorithm: { hash, modulusLength } }: any): [number, any, any, boolean] {
  switch (algorithm.name) {
    case 'RSASSA-PKCS1-v1_5': return [digestId(hash.name), kPKCS1, undefined, false];
    case 'RSA-PSS': {
      const id = digestId(hash.name);
      const max = Math.ceil((modulusLength - 1) / 8) - native.hashOnce(id, '', 0).length - 2;
      const { saltLength } = algorithm;
      if (saltLength > max) {
        const cause = outOfRange(`The value of "algorithm.saltLength" is out of range. It must be >= 0 && <= ${max}. Received ${saltLength}`);
        throw operationError(undefined, cause);
      }
      return [id, kPSS, saltLength, false];
    }
    case 'ECDSA': return [digestId(algorithm.hash.name), undefined, undefined, true];
  }
  if (algorithm.context?.length > 255) throw operationError(undefined, outOfRange('context string must be at most 255 bytes'));
  return [-1, undefined, undefined, false];
}

/** The MAC of secret algorithms; undefined for the rest. */
function mac(algorithm: any, { algorithm: { hash }, keyObject }: any, data: any): any {
  const handle = keyObject[kHandle];
  switch (algorithm.name) {
    case 'HMAC':
      return data.length < kLong ? native.hmacOnce(digestId(hash.name), handle, data, 0)
        : promised((req) => native.hmacLater(digestId(hash.name), handle, data, req));
    case 'KMAC128': case 'KMAC256':
      return data.length < kLong ? native.kmac(+algorithm.name.slice(4), handle, data, algorithm.customization, algorithm.length / 8)
        : promised((req) => native.kmac(+algorithm.name.slice(4), handle, data, algorithm.customization, algorithm.length / 8, req));
  }
  return undefined;
}

/** data is a copy. */
export async function sign(algorithm: any, key: any, data: any): Promise<ArrayBuffer> {
  const of = useFor(key, algorithm, 'sign');
  const sum = mac(algorithm, of, data);
  if (sum !== undefined) return toArrayBuffer(await sum);
  const [id, padding, salt, p1363] = parameters(algorithm, of);
  return settled((req) => native.sign(of.keyObject[kHandle], id, data, false, padding, salt, p1363, req, undefined, algorithm.context));
}

/** signature and data are copies. */
export async function verify(algorithm: any, key: any, signature: any, data: any): Promise<boolean> {
  const of = useFor(key, algorithm, 'verify');
  const sum = await mac(algorithm, of, data);
  if (sum !== undefined) return sum.length === signature.length && native.timingSafeEqual(sum, signature);
  const [id, padding, salt, p1363] = parameters(algorithm, of);
  try {
    return await promised<boolean>((req) =>
      native.verify(of.keyObject[kHandle], id, data, false, padding, salt, p1363, req, signature, algorithm.context));
  } catch (error) {
    throw operationError(undefined, error);
  }
}
