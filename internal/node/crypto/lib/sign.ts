// Sign, Verify and their one-shot forms. https://nodejs.org/docs/latest-v24.x/api/crypto.html#class-sign
import { codes } from 'internal:errors';
import { request } from 'internal:request';
import { Writable } from 'internal:stream';
import { isArrayBufferView } from 'internal:util/types';
import { validateEncoding, validateFunction, validateString } from 'internal:validators';
import { bytesOrView, encode } from 'internal:crypto/bytes';
import { digestId, requireDigest } from 'internal:crypto/hash';
import { asymmetricHandle, kConsumePrivate, kConsumePublic } from 'internal:crypto/keys';
import * as native from 'native:crypto';

const { assign, defineProperty, setPrototypeOf } = Object;

const kDigesting = Symbol('kDigesting');

function intOption(name: string, value: any): any {
  if (value === undefined) return undefined;
  if (value === value >> 0) return value;
  throw new codes.ERR_INVALID_ARG_VALUE(`options.${name}`, value);
}

function isP1363(options: any): boolean {
  if (typeof options !== 'object' || options === null) return false;
  const { dsaEncoding = 'der' } = options;
  if (dsaEncoding === 'der') return false;
  if (dsaEncoding === 'ieee-p1363') return true;
  throw new codes.ERR_INVALID_ARG_VALUE('options.dsaEncoding', dsaEncoding);
}

function parameters(options: any): [any, any, boolean] {
  if (typeof options !== 'object' || options === null) return [undefined, undefined, false];
  return [intOption('padding', options.padding), intOption('saltLength', options.saltLength), isP1363(options)];
}

/** The digest's number of a Sign or Verify. */
function digestNumber(algorithm: any): number {
  validateString(algorithm, 'algorithm');
  const id = digestId(/^dss1$/i.test(algorithm) ? 'sha1' : algorithm); // DSS1: SHA-1's old name here
  if (id >= 0) return id;
  const error: any = new TypeError('Invalid digest');
  error.code = 'ERR_CRYPTO_INVALID_DIGEST';
  throw error;
}

/** The running digest of what a Sign or Verify was given; one use ends it. */
class Digesting {
  #id: number;
  #running: any;
  constructor(id: number) {
    this.#id = id;
    this.#running = native.hashStart(id, undefined, '');
  }
  get #open(): any {
    if (this.#running === undefined) throw new Error('Not initialised');
    return this.#running;
  }
  add(bytes: any): void {
    native.hashUpdate(this.#open, bytes);
  }
  /** The digest's number and its value. */
  end(): [number, any] {
    const sum = native.hashDigest(this.#open, 0);
    this.#running = undefined;
    return [this.#id, sum];
  }
}

/** What Sign and Verify share: a writable stream on a digest. */
const shared = {
  _write(this: any, chunk: any, encoding: any, done: any): void {
    this.update(chunk, encoding);
    done();
  },
  update(this: any, data: any, encoding?: any): any {
    if (typeof data === 'string') validateEncoding(data, encoding);
    else if (!isArrayBufferView(data)) throw new codes.ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    this[kDigesting].add(bytesOrView(data, 'data', encoding));
    return this;
  },
};

/** A class that can be called without new. */
function streamClass(name: string, methods: Record<string, any>): any {
  const Class: any = function(this: any, algorithm: any, options?: any): any {
    if (!(this instanceof Class)) return new Class(algorithm, options);
    defineProperty(this, kDigesting, { value: new Digesting(digestNumber(algorithm)) });
    (Writable as any).call(this, options);
  };
  defineProperty(Class, 'name', { value: name });
  setPrototypeOf(Class, Writable);
  setPrototypeOf(Class.prototype, Writable.prototype);
  return assign(Class.prototype, shared, methods).constructor;
}

export const Sign = streamClass('Sign', {
  sign(this: any, options: any, encoding?: any): any {
    if (!options) throw new codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
    const key = asymmetricHandle(options, kConsumePrivate);
    const how = parameters(options);
    return encode(native.sign(key, ...(this[kDigesting] as Digesting).end(), true, ...how), encoding);
  },
});

export const Verify = streamClass('Verify', {
  verify(this: any, options: any, signature: any, encoding?: any): boolean {
    // A key that is text is looked at last.
    const early = typeof options === 'string' ? undefined : asymmetricHandle(options, kConsumePublic);
    const claimed = bytesOrView(signature, 'signature', encoding);
    const key = early ?? asymmetricHandle(options, kConsumePublic);
    const how = parameters(options);
    return native.verify(key, ...(this[kDigesting] as Digesting).end(), true, ...how, undefined, claimed);
  },
});

function contextOf(options: any): any {
  const context = typeof options === 'object' && options !== null && !isArrayBufferView(options) ? options.context : undefined;
  if (context === undefined) return undefined;
  if (!isArrayBufferView(context) && !(context instanceof ArrayBuffer)) {
    throw new codes.ERR_INVALID_ARG_TYPE('context', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], context);
  }
  if (context.byteLength > 255) {
    const error: any = new RangeError('context string must be at most 255 bytes');
    error.code = 'ERR_OUT_OF_RANGE';
    throw error;
  }
  return context;
}

/** Does a job at once, or as a request when there is a callback. The job gets the request. */
function now(callback: any, name: string | undefined, job: (request: any) => any): any {
  if (callback === undefined) return job(undefined);
  job(request((error: any, value: any) => (error === null ? callback(null, value) : callback(error)), name, name));
  return undefined;
}

function checkOneShot(algorithm: any, data: any, callback: any): any {
  if (algorithm != null) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  return bytesOrView(data, 'data');
}

// Keys of Ed25519 and the like choose the digest themselves: -1.
const digestOrNone = (algorithm: any): number => (algorithm == null ? -1 : requireDigest(algorithm));

export function signOneShot(algorithm: any, data: any, key: any, callback?: any): any {
  const message = checkOneShot(algorithm, data, callback);
  if (!key) throw new codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const how = parameters(key);
  const handle = asymmetricHandle(key, kConsumePrivate);
  const digest = digestOrNone(algorithm);
  const context = contextOf(key);
  return now(callback, 'SIGNREQUEST', (job) => native.sign(handle, digest, message, false, ...how, job, undefined, context));
}

export function verifyOneShot(algorithm: any, data: any, key: any, signature: any, callback?: any): any {
  const message = checkOneShot(algorithm, data, callback);
  const how = parameters(key);
  if (!isArrayBufferView(signature) && !(signature instanceof ArrayBuffer)) {
    throw new codes.ERR_INVALID_ARG_TYPE('signature', ['Buffer', 'TypedArray', 'DataView'], signature);
  }
  const handle = asymmetricHandle(key, kConsumePublic);
  const digest = digestOrNone(algorithm);
  const context = contextOf(key);
  return now(callback, undefined, (job) => native.verify(handle, digest, message, false, ...how, job, signature, context));
}
