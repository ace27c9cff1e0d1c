// Cipheriv, Decipheriv and RSA encryption. https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-cipheriv
import { Buffer } from 'internal:buffer';
import { codes } from 'internal:errors';
import { StringDecoder } from 'internal:stringdecoder';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateEncoding, validateInt32, validateObject, validateString, validateUint32 } from 'internal:validators';
import { deprecate } from 'internal:util/deprecate';
import { LazyTransform } from 'internal:crypto/lazytransform';
import { bytesOrView } from 'internal:crypto/bytes';
import { requireDigest } from 'internal:crypto/hash';
import { asymmetricHandle, isKeyLike, kConsumePrivate, kConsumePublic, prepareSecretKey } from 'internal:crypto/keys';
import * as native from 'native:crypto';

const { defineProperty, setPrototypeOf } = Object;
const { allocUnsafeSlow } = Buffer;

const warnShortTag = deprecate(() => { /* the warning is all */ }, 'Using AES-GCM authentication tags of less than 128 bits without ' +
  'specifying the authTagLength option when initializing decryption is deprecated.', 'DEP0182');
const kImplicitTag = Symbol('kImplicitTag'); // GCM whose tag length was not said

const kCipher = Symbol('kHandle');
const kRoom = 512; // bytes of data from which the output is written to memory that is made here
const kMaxUpdate = 2 ** 31 - 1 - 32; // bytes

function decoderFor(decoder: any, encoding: any): any {
  const wanted = Buffer.isEncoding(encoding) ? `${encoding}`.toLowerCase() : undefined;
  if (decoder) {
    if (decoder.encoding !== new StringDecoder(encoding).encoding) {
      const error: any = new codes.ERR_INTERNAL_ASSERTION('Cannot change encoding');
      throw error;
    }
    return decoder;
  }
  if (wanted === undefined) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
  return new StringDecoder(encoding);
}

/** Gives data to a cipher; see cipherUpdate in cipher.go. */
function feed(cipher: any, data: any): any {
  if (typeof data === 'string' || data.byteLength < kRoom) return native.cipherUpdate(cipher, data);
  const room = allocUnsafeSlow(data.byteLength);
  const out = native.cipherUpdate(cipher, data, room);
  return out === true ? room : out;
}

function construct(self: any, encrypt: boolean, cipher: any, key: any, iv: any, options: any): void {
  validateString(cipher, 'cipher');
  const encoding = options?.encoding;
  key = prepareSecretKey(key, encoding);
  iv = iv === null ? undefined : bytesOrView(iv, 'iv');
  let tagLength: any;
  if (options != null && options.authTagLength != null) {
    tagLength = options.authTagLength;
    if (typeof tagLength !== 'number' || !Number.isInteger(tagLength) || tagLength < 0 || tagLength > 2 ** 31 - 1) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.authTagLength', tagLength);
    }
  }
  self[kCipher] = native.cipherNew(cipher, encrypt, key, iv, tagLength);
  if (!encrypt && tagLength === undefined && /gcm$/i.test(cipher)) defineProperty(self, kImplicitTag, { value: true });
  self._decoder = null;
  (LazyTransform as any).call(self, options);
}

export function Cipheriv(this: any, cipher: any, key: any, iv: any, options?: any): any {
  if (!(this instanceof Cipheriv)) return new (Cipheriv as any)(cipher, key, iv, options);
  construct(this, true, cipher, key, iv, options);
  return undefined;
}
setPrototypeOf(Cipheriv.prototype, LazyTransform.prototype);
setPrototypeOf(Cipheriv, LazyTransform);

const methods: any = {
  _transform(this: any, chunk: any, encoding: any, callback: any): void {
    this.push(feed(this[kCipher], typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
    callback();
  },

  _flush(this: any, callback: any): void {
    try {
      this.push(this.final());
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  },

  update(this: any, data: any, inputEncoding?: any, outputEncoding?: any): any {
    if (typeof data === 'string') {
      validateEncoding(data, inputEncoding);
      if (inputEncoding !== undefined && inputEncoding !== 'utf8' && inputEncoding !== 'utf-8' && inputEncoding !== 'buffer') {
        data = Buffer.from(data, inputEncoding);
      }
    } else if (!isArrayBufferView(data)) {
      throw new codes.ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    if (data.byteLength > kMaxUpdate) throw new Error('Trying to add data in unsupported state');
    const out = feed(this[kCipher], data);
    if (outputEncoding && outputEncoding !== 'buffer') {
      this._decoder = decoderFor(this._decoder, outputEncoding);
      return this._decoder.write(out);
    }
    return out;
  },

  final(this: any, outputEncoding?: any): any {
    const out = native.cipherFinal(this[kCipher]);
    if (outputEncoding && outputEncoding !== 'buffer') {
      this._decoder = decoderFor(this._decoder, outputEncoding);
      return this._decoder.end(out);
    }
    return out;
  },

  setAutoPadding(this: any, on: any): any {
    if (!native.cipherSetAutoPadding(this[kCipher], on === undefined ? true : !!on)) {
      throw new codes.ERR_CRYPTO_INVALID_STATE('setAutoPadding');
    }
    return this;
  },

  getAuthTag(this: any): any {
    const tag = native.cipherGetAuthTag(this[kCipher]);
    if (tag === undefined) throw new codes.ERR_CRYPTO_INVALID_STATE('getAuthTag');
    return tag;
  },

  setAAD(this: any, data: any, options?: any): any {
    const bytes = bytesOrView(data, 'aadbuf', options?.encoding);
    let length: any;
    if (options != null && options.plaintextLength != null) {
      length = options.plaintextLength;
      if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > 2 ** 31 - 1) {
        throw new codes.ERR_INVALID_ARG_VALUE('options.plaintextLength', length);
      }
    }
    if (!native.cipherSetAAD(this[kCipher], bytes, length)) throw new codes.ERR_CRYPTO_INVALID_STATE('setAAD');
    return this;
  },

  setAuthTag(this: any, tag: any, encoding?: any): any {
    const bytes = bytesOrView(tag, 'tag', encoding);
    switch (native.cipherSetAuthTag(this[kCipher], bytes)) {
      case 1:
        throw new codes.ERR_CRYPTO_INVALID_STATE('setAuthTag');
      case 2: {
        const error: any = new codes.ERR_CRYPTO_INVALID_AUTH_TAG();
        const wrong: any = new TypeError(`Invalid authentication tag length: ${bytes.byteLength}`);
        wrong.code = error.code;
        throw wrong;
      }
    }
    if (this[kImplicitTag] && bytes.byteLength < 16) warnShortTag();
    return this;
  },
};

function install(prototype: any, names: string[]): void {
  for (const name of names) prototype[name] = methods[name];
}
install(Cipheriv.prototype, ['_transform', '_flush', 'update', 'final', 'setAutoPadding', 'getAuthTag', 'setAAD']);

export function Decipheriv(this: any, cipher: any, key: any, iv: any, options?: any): any {
  if (!(this instanceof Decipheriv)) return new (Decipheriv as any)(cipher, key, iv, options);
  construct(this, false, cipher, key, iv, options);
  return undefined;
}
setPrototypeOf(Decipheriv.prototype, LazyTransform.prototype);
setPrototypeOf(Decipheriv, LazyTransform);
install(Decipheriv.prototype, ['_transform', '_flush', 'update', 'final', 'setAutoPadding', 'setAuthTag', 'setAAD']);

export function getCipherInfo(nameOrNid: any, options?: any): any {
  if (typeof nameOrNid !== 'string' && typeof nameOrNid !== 'number') {
    throw new codes.ERR_INVALID_ARG_TYPE('nameOrNid', ['string', 'number'], nameOrNid);
  }
  if (typeof nameOrNid === 'number') validateInt32(nameOrNid, 'nameOrNid');
  let keyLength: any;
  let ivLength: any;
  if (options !== undefined) {
    validateObject(options, 'options');
    ({ keyLength, ivLength } = options);
    if (keyLength !== undefined) validateInt32(keyLength, 'options.keyLength');
    if (ivLength !== undefined) validateInt32(ivLength, 'options.ivLength');
  }
  return native.cipherInfo(nameOrNid, keyLength, ivLength);
}

export function getCiphers(): string[] {
  return native.getCiphers();
}

function rsa(method: any, name: string, ctx: number, defaultPadding: number): any {
  const f = {
    [name](options: any, buffer: any): any {
      const plain = typeof options === 'string' || isArrayBufferView(options) || isAnyArrayBuffer(options) || isKeyLike(options);
      const encoding = plain ? undefined : options?.encoding;
      const { oaepHash = 'sha1' } = plain ? {} as any : options ?? {};
      validateString(oaepHash, 'key.oaepHash');
      const id = requireOAEP(oaepHash);
      let label = plain ? undefined : options?.oaepLabel;
      if (label !== undefined) label = bytesOrView(label, 'key.oaepLabel', encoding);
      const handle = asymmetricHandle(options, ctx);
      const padding = (plain ? undefined : options.padding) || defaultPadding;
      buffer = bytesOrView(buffer, 'buffer', encoding);
      validateUint32(padding, 'padding');
      return method(handle, buffer, padding, id, label);
    },
  }[name];
  return f;
}

function requireOAEP(name: string): number {
  try {
    return requireDigest(name);
  } catch {
    const error: any = new Error('Invalid digest used');
    error.code = 'ERR_OSSL_EVP_INVALID_DIGEST';
    throw error;
  }
}

export const publicEncrypt = rsa(native.rsaPublicEncrypt, 'publicEncrypt', kConsumePublic, 4);
export const privateDecrypt = rsa(native.rsaPrivateDecrypt, 'privateDecrypt', kConsumePrivate, 4);
export const privateEncrypt = rsa(native.rsaPrivateEncrypt, 'privateEncrypt', kConsumePrivate, 1);
export const publicDecrypt = rsa(native.rsaPublicDecrypt, 'publicDecrypt', kConsumePublic, 1);
