// encapsulate() and decapsulate(). https://nodejs.org/docs/latest-v24.x/api/crypto.html#cryptoencapsulatekey-callback
import { codes } from 'internal:errors';
import { request } from 'internal:request';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateFunction } from 'internal:validators';
import { asymmetricHandle, kConsumePrivate, kConsumePublic } from 'internal:crypto/keys';
import * as native from 'native:crypto';

// What crosses is [shared key, ciphertext].
const named = ([sharedKey, ciphertext]: any): any => ({ sharedKey, ciphertext });

/** Makes a key that only the owner of the private key can know, and what he needs for it. */
export function encapsulate(key: any, callback?: any): any {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = asymmetricHandle(key, kConsumePublic);
  if (callback === undefined) return named(native.kemEncapsulate(handle));
  native.kemEncapsulate(handle, request((error: any, pair: any) => (error === null ? callback(null, named(pair)) : callback(error)), 'KEMREQUEST'));
  return undefined;
}

/** The key that encapsulate() made. */
export function decapsulate(key: any, ciphertext: any, callback?: any): any {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = asymmetricHandle(key, kConsumePrivate);
  if (!isArrayBufferView(ciphertext) && !isAnyArrayBuffer(ciphertext)) {
    throw new codes.ERR_INVALID_ARG_TYPE('ciphertext', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], ciphertext);
  }
  if (callback === undefined) return native.kemDecapsulate(handle, ciphertext);
  native.kemDecapsulate(handle, ciphertext, request((error: any, shared: any) => (error === null ? callback(null, shared) : callback(error)), 'KEMREQUEST'));
  return undefined;
}
