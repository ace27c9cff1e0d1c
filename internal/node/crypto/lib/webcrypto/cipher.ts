// encrypt(), decrypt(), and AES key wrap.
import { Buffer } from 'internal:buffer';
import { promised } from 'internal:request';
import { toArrayBuffer } from 'internal:crypto/bytes';
import { slots } from 'internal:crypto/cryptokey';
import { digestId } from 'internal:crypto/hash';
import { kHandle } from 'internal:crypto/keys';
import { invalidAccess, operationError } from 'internal:crypto/webcrypto/errors';
import * as native from 'native:crypto';

const kOAEP = 4; // OpenSSL's number of the padding
const kLong = 16 * 1024; // bytes from which a message is worth a goroutine

function useFor(key: any, algorithm: any, usage: string): any {
  const of = slots(key);
  if (of.algorithm.name !== algorithm.name || !of.usages.includes(usage)) {
    throw invalidAccess('The requested operation is not valid for the provided key');
  }
  return of;
}

/** A message through a cipher; usage: encrypt, decrypt, wrapKey or unwrapKey. data is a copy. */
export async function crypt(usage: string, algorithm: any, key: any, data: any): Promise<ArrayBuffer> {
  const encrypt = usage === 'encrypt' || usage === 'wrapKey';
  const of = useFor(key, algorithm, usage);
  const handle = of.keyObject[kHandle];
  const { name } = algorithm;
  if (name === 'RSA-OAEP') return oaep(encrypt, of, algorithm, data);
  const n = of.algorithm.length;
  switch (name) {
    case 'AES-CBC': return once(`aes-${n}-cbc`, encrypt, handle, algorithm.iv, undefined, undefined, data);
    case 'AES-CTR': return counterMode(`aes-${n}-ctr`, handle, algorithm, data);
    case 'AES-KW': return once(`aes${n}-wrap`, encrypt, handle, Buffer.alloc(8, 0xA6), undefined, undefined, data);
  }
  const bits = algorithm.tagLength ?? 128;
  if (!encrypt && data.length < bits / 8) throw operationError('The provided data is too small.');
  const cipher = name === 'ChaCha20-Poly1305' ? 'chacha20-poly1305' : `aes-${n}-${name.slice(4).toLowerCase()}`;
  return once(cipher, encrypt, handle, algorithm.iv, algorithm.additionalData, bits / 8, data);
}

async function oaep(encrypt: boolean, { keyObject, algorithm: { hash } }: any, algorithm: any, data: any): Promise<ArrayBuffer> {
  if (keyObject.type !== (encrypt ? 'public' : 'private')) throw invalidAccess('The requested operation is not valid for the provided key');
  const id = digestId(hash.name);
  const work = encrypt ? native.rsaPublicEncrypt : native.rsaPrivateDecrypt;
  return settled((req) => work(keyObject[kHandle], data, kOAEP, id, algorithm.label, req));
}

/** The result of a native as an ArrayBuffer; its error as the cause of an OperationError. */
export async function settled(start: (req: number) => void): Promise<ArrayBuffer> {
  try {
    return toArrayBuffer(await promised<any>(start));
  } catch (error) {
    throw operationError(undefined, error);
  }
}

async function once(cipher: string, encrypt: boolean, handle: any, iv: any, aad: any, tag: any, data: any): Promise<ArrayBuffer> {
  if (data.length >= kLong) return settled((req) => native.cipherOnce(cipher, encrypt, handle, iv, aad, tag, data, req));
  try {
    return toArrayBuffer(native.cipherOnce(cipher, encrypt, handle, iv, aad, tag, data));
  } catch (error) {
    throw operationError(undefined, error);
  }
}

// Only the last `length` bits count, and wrap on their own.
async function counterMode(cipher: string, handle: any, { counter, length }: any, data: any): Promise<ArrayBuffer> {
  const blocks = BigInt(Math.ceil(data.length / 16));
  const value = BigInt(`0x${counter.toString('hex')}`);
  const space = 1n << BigInt(length);
  if (blocks > space) throw operationError('AES-CTR counter must not repeat');
  const until = space - value % space; // blocks before it wraps
  if (blocks <= until) return once(cipher, true, handle, counter, undefined, undefined, data);
  const cut = Number(until) * 16;
  const wrapped = Buffer.from((value - value % space).toString(16).padStart(32, '0'), 'hex');
  const parts = await Promise.all([
    once(cipher, true, handle, counter, undefined, undefined, data.subarray(0, cut)),
    once(cipher, true, handle, wrapped, undefined, undefined, data.subarray(cut)),
  ]);
  return toArrayBuffer(Buffer.concat(parts.map((part) => Buffer.from(part))));
}
