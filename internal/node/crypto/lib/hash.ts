// Hash, Hmac and hash(). https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-hash
//
// A request often hashes one short text: data is kept until digest() as long as it is short and can't change, and one native call does all.
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { isAnyArrayBuffer, isArrayBufferView } from 'internal:util/types';
import { validateEncoding, validateString, validateUint32 } from 'internal:validators';
import { deprecate } from 'internal:util/deprecate';
import { LazyTransform } from 'internal:crypto/lazytransform';
import { copyBytes, encode, encodingNumber } from 'internal:crypto/bytes';
import { prepareSecretKey } from 'internal:crypto/keys';
import * as native from 'native:crypto';

const emitLength = deprecate(() => { /* the warning is all */ },
  'Creating SHAKE128/256 digests without an explicit options.outputLength is deprecated.', 'DEP0198');

// A deprecation that only --pending-deprecation shows.
function warnLength(): void {
  if (load('node:process').default.execArgv?.includes('--pending-deprecation')) emitLength();
}

const kHash = Symbol('kHash');
const kKeep = 4096; // bytes or characters that are kept for one call

// Names of digests to the native's numbers.
const ids = new Map<string, number>();

/** The native's number of a digest, -1 when there is none. */
export function digestId(name: string): number {
  let id = ids.get(name);
  if (id === undefined) {
    id = native.hashId(name);
    if (id !== -1) ids.set(name, id);
  }
  return id;
}

/** As digestId; throws ERR_CRYPTO_INVALID_DIGEST. */
export function requireDigest(name: string): number {
  const id = digestId(name);
  if (id === -1) throw new codes.ERR_CRYPTO_INVALID_DIGEST(name);
  return id;
}

function isUTF8(encoding: any): boolean {
  return encoding === undefined || encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer' || encoding === null;
}

function finish(bytes: any, encoding: any, id: number): any {
  return id === -1 ? encode(bytes, encoding) : bytes;
}

// What update() takes, as it crosses: text of UTF-8 as it is, other text as bytes.
function inputOf(data: any, encoding: any): any {
  if (typeof data !== 'string') {
    if (!isArrayBufferView(data)) {
      throw new codes.ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    return data;
  }
  if (isUTF8(encoding)) {
    return data;
  }
  validateEncoding(data, encoding);
  return Buffer.from(data, encoding);
}

export class Hash extends (LazyTransform as any) {
  #id: number;
  #length: number | undefined;
  #pending: any = undefined;
  #state: any = undefined;
  #finalized = false;

  constructor(algorithm: any, options?: any, from?: any) {
    if (from !== kHash) validateString(algorithm, 'algorithm');
    const length = options === undefined || options === null || typeof options !== 'object' ? undefined : options.outputLength;
    if (length !== undefined) validateUint32(length, 'options.outputLength');
    super(options);
    this.#length = length;
    if (from === kHash) {
      // copy()
      this.#id = algorithm.#id;
      this.#pending = algorithm.#pending;
      if (algorithm.#state !== undefined) {
        this.#state = native.hashCopy(algorithm.#state, length);
      } else {
        this.#check();
      }
      return;
    }
    this.#id = digestId(algorithm);
    if (this.#id === -1) throw new Error('Digest method not supported');
    if (length !== undefined) this.#check();
    else if (this.#id >= 64) warnLength();
  }

  // A length that doesn't fit is refused at once.
  #check(): void {
    if (this.#length !== undefined && this.#id < 64) native.hashOnce(this.#id, '', 0, this.#length);
  }

  #start(data: any): void {
    this.#state = native.hashStart(this.#id, this.#length, data);
    this.#pending = undefined;
  }

  copy(options?: any): any {
    if (this.#finalized) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    return new Hash(this, options, kHash);
  }

  _transform(chunk: any, encoding: any, callback: any): void {
    this.update(chunk, encoding);
    callback();
  }

  _flush(callback: any): void {
    // digest() stays possible.
    this.push(this.#state === undefined ? native.hashOnce(this.#id, this.#pending ?? '', 0, this.#length) : native.hashDigest(this.#state, 0));
    callback();
  }

  update(data: any, encoding?: any): this {
    if (this.#finalized) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    data = inputOf(data, encoding);
    if (this.#state !== undefined) {
      native.hashUpdate(this.#state, data);
    } else if (this.#pending !== undefined) {
      this.#start(this.#pending);
      native.hashUpdate(this.#state, data);
    } else if (typeof data === 'string') {
      this.#pending = data;
    } else if (data.byteLength <= kKeep) {
      this.#pending = copyBytes(data);
    } else {
      this.#start(data);
    }
    return this;
  }

  digest(encoding?: any): any {
    if (this.#finalized) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    this.#finalized = true;
    const id = encodingNumber(encoding);
    if (this.#state === undefined) {
      const data = this.#pending ?? '';
      this.#pending = undefined;
      return finish(native.hashOnce(this.#id, data, id, this.#length), encoding, id);
    }
    return finish(native.hashDigest(this.#state, id), encoding, id);
  }
}

export class Hmac extends (LazyTransform as any) {
  #id: number;
  #key: any;
  #pending: any = undefined;
  #state: any = undefined;
  #finalized = false;

  constructor(hmac: any, key: any, options?: any) {
    validateString(hmac, 'hmac');
    const encoding = options?.encoding;
    let secret = prepareSecretKey(key, encoding);
    super(options);
    this.#id = digestId(hmac);
    if (this.#id === -1) throw new codes.ERR_CRYPTO_INVALID_DIGEST(hmac);
    if (this.#id >= 64) throw new Error('error:00000000:lib(0)::reason(0)');
    if (isArrayBufferView(secret)) secret = copyBytes(secret);
    else if (isAnyArrayBuffer(secret)) secret = new Uint8Array(secret.slice(0));
    this.#key = secret;
  }

  #start(): void {
    this.#state = native.hmacStart(this.#id, this.#key);
    if (this.#pending !== undefined) {
      native.hashUpdate(this.#state, this.#pending);
      this.#pending = undefined;
    }
  }

  update(data: any, encoding?: any): this {
    if (this.#finalized) throw new codes.ERR_CRYPTO_HASH_FINALIZED();
    data = inputOf(data, encoding);
    if (this.#state === undefined && this.#pending === undefined && (typeof data === 'string' || data.byteLength <= kKeep)) {
      this.#pending = typeof data === 'string' ? data : copyBytes(data);
      return this;
    }
    if (this.#state === undefined) this.#start();
    native.hashUpdate(this.#state, data);
    return this;
  }

  digest(encoding?: any): any {
    if (this.#finalized) {
      const empty = Buffer.from('');
      return encoding && encoding !== 'buffer' ? empty.toString(encoding) : empty;
    }
    this.#finalized = true;
    const id = encodingNumber(encoding);
    if (this.#state === undefined) {
      const data = this.#pending ?? '';
      this.#pending = undefined;
      return finish(native.hmacOnce(this.#id, this.#key, data, id), encoding, id);
    }
    return finish(native.hashDigest(this.#state, id), encoding, id);
  }
}
(Hmac.prototype as any)._flush = function(this: any, callback: any): void {
  this.push(this.digest());
  callback();
};
(Hmac.prototype as any)._transform = (Hash.prototype as any)._transform;

/** A whole digest in one call. */
export function hash(algorithm: any, input: any, options?: any): any {
  validateString(algorithm, 'algorithm');
  if (typeof input !== 'string' && !isArrayBufferView(input)) {
    throw new codes.ERR_INVALID_ARG_TYPE('input', ['Buffer', 'TypedArray', 'DataView', 'string'], input);
  }
  let outputEncoding: any = 'hex';
  let outputLength: any;
  if (typeof options === 'string') {
    outputEncoding = options;
  } else if (options !== undefined) {
    if (options === null || typeof options !== 'object') throw new codes.ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
    ({ outputLength, outputEncoding = 'hex' } = options);
    if (outputLength !== undefined) validateUint32(outputLength, 'options.outputLength');
  }
  validateString(outputEncoding, 'outputEncoding');
  if (outputEncoding !== 'buffer' && !Buffer.isEncoding(outputEncoding)) {
    throw new codes.ERR_INVALID_ARG_VALUE('outputEncoding', outputEncoding);
  }
  const id = digestId(algorithm);
  if (id === -1) throw new Error(`Digest method ${algorithm} is not supported`);
  const number = encodingNumber(outputEncoding);
  if (id >= 64 && outputLength === undefined) warnLength();
  if (outputLength !== undefined && id < 64 && outputLength !== native.hashOnce(id, '', 0).length) {
    throw new Error(`Output length ${outputLength} is invalid for ${algorithm}, which does not support XOF`);
  }
  return finish(native.hashOnce(id, input, number, outputLength), outputEncoding, number);
}

let names: string[] | undefined;

export function getHashes(): string[] {
  names ??= native.hashes();
  return [...names as string[]];
}

