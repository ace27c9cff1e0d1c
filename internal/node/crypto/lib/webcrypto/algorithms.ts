// The algorithms of Web Crypto, and the dictionaries that each operation takes. https://w3c.github.io/webcrypto/#algorithms
//
// Beside the standard: Secure Curves and Modern Algorithms of the WICG, as Node 24 has them, where their names are experimental.
import { emitExperimentalWarning } from 'internal:util/deprecate';
import { isCryptoKey, slots } from 'internal:crypto/cryptokey';
import { bigInteger, bytesOf, memberOf, unsigned } from 'internal:crypto/webcrypto/convert';
import { dataError, invalidAccess, notSupported, operationError, wrongArgument } from 'internal:crypto/webcrypto/errors';

type Convert = (value: any, where: string) => any;
/** Throws when the converted value can't be; algorithm is what was converted so far. */
type Check = (value: any, algorithm: any) => void;
type Member = [name: string, required: boolean, convert: Convert, check?: Check];
interface Dictionary { name: string; members: Member[] }

const bytes: Convert = bytesOf;
const octet: Convert = (value, where) => unsigned(value, where, 0xFF);
const short: Convert = (value, where) => unsigned(value, where, 0xFFFF);
const long: Convert = (value, where) => unsigned(value, where, 0xFFFF_FFFF);
const text: Convert = (value) => `${value}`;
const hash: Convert = (value) => normalize(value, 'digest');
const publicKey: Convert = (value, where) => {
  if (!isCryptoKey(value)) throw wrongArgument(`${where} is not of type CryptoKey.`);
  return value;
};

const dictionary = (name: string, ...members: Member[]): Dictionary => ({ name, members });
const none = dictionary('Algorithm');

const curveNames: Record<string, string> = { __proto__: null as never, 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };
/** OpenSSL's name of a curve. */
export const curveOf = (name: string): string => curveNames[name];

const checkCurve: Check = (value) => {
  if (curveNames[value] === undefined) throw notSupported('Unrecognized namedCurve');
};
const checkAESLength: Check = (value) => {
  if (value !== 128 && value !== 192 && value !== 256) throw operationError('AES key length must be 128, 192, or 256 bits');
};
/** The length of a key for a MAC, in bits. */
const checkMACLength = (name: string, zero: (message: string) => any): Check => (value) => {
  if (value === 0) throw zero(`${name}.length cannot be 0`);
  // Differs from the specification, as Node 24.12: whole bytes only.
  if (value % 8) throw notSupported(`Unsupported ${name}.length`);
};
const exactly = (name: string, size: number, what = 'algorithm'): Check => (value) => {
  if (value.length !== size) throw operationError(`${what}.${name} must contain exactly ${size} bytes`);
};
const tagLength = (cipher: string, allowed: number[]): Check => (value) => {
  if (!allowed.includes(value)) throw operationError(`${value} is not a valid ${cipher} tag length`);
};
const aead = (checkIV: Check | undefined, checkTag: Check): Dictionary => dictionary('AeadParams', ['additionalData', false, bytes],
  ['iv', true, bytes, checkIV], ['tagLength', false, octet, checkTag]);

const checkPublic: Check = (value, { name }) => {
  const { keyObject, algorithm } = slots(value);
  if (keyObject.type !== 'public') throw invalidAccess('algorithm.public must be a public key');
  if (algorithm.name !== name) throw invalidAccess('key algorithm mismatch');
};
const agreement = dictionary('EcdhKeyDeriveParams', ['public', true, publicKey, checkPublic]);

const argon2 = dictionary('Argon2Params',
  ['associatedData', false, bytes],
  ['nonce', true, bytes],
  ['parallelism', true, long, (value) => {
    if (value < 1 || value > 0xFF_FFFF) throw operationError('parallelism must be > 0 and <= 16777215');
  }],
  ['memory', true, long, (value, { parallelism }) => {
    if (value < 8 * parallelism) throw operationError('memory must be at least 8 times the degree of parallelism');
  }],
  ['passes', true, long, (value) => {
    if (value === 0) throw operationError('passes must be > 0');
  }],
  ['secretValue', false, bytes],
  ['version', false, octet, (value) => {
    if (value !== 0x13) throw operationError(`${value} is not a valid Argon2 version`);
  }]);

const emptyOnly = (member: string): Check => (value) => {
  // Differs from SP 800-185, as Node 24.12: without a function name and a customization cSHAKE is SHAKE.
  if (value.length > 0) throw notSupported(`Unsupported CShakeParams ${member}`);
};
const wholeBytes = (name: string): Check => (value) => {
  if (value % 8) throw notSupported(`Unsupported ${name} length`);
};
const cshake = dictionary('CShakeParams', ['customization', false, bytes, emptyOnly('customization')],
  ['functionName', false, bytes, emptyOnly('functionName')], ['length', true, long, wholeBytes('CShakeParams')]);

const context = dictionary('ContextParams', ['context', false, bytes]);
const rsaGenerate = dictionary('RsaHashedKeyGenParams', ['modulusLength', true, long], ['publicExponent', true, bigInteger], ['hash', true, hash]);
const rsaImport = dictionary('RsaHashedImportParams', ['hash', true, hash]);
const ecGenerate = dictionary('EcKeyGenParams', ['namedCurve', true, text, checkCurve]);
const ecImport = dictionary('EcKeyImportParams', ['namedCurve', true, text, checkCurve]);
const aesGenerate = dictionary('AesKeyGenParams', ['length', true, short, checkAESLength]);
const aesDerived = dictionary('AesDerivedKeyParams', ['length', true, short, checkAESLength]);
const hmacImport = dictionary('HmacImportParams', ['hash', true, hash], ['length', false, long, checkMACLength('HmacImportParams', dataError)]);
const kmacImport = dictionary('KmacImportParams', ['length', false, long, checkMACLength('KmacImportParams', dataError)]);

export type Usages = { public?: string[]; private?: string[]; secret?: string[] };

/** An algorithm: for whom its keys are, and what it takes in the operations that it has. */
interface Algorithm { usages?: Usages; experimental?: boolean; takes: Record<string, Dictionary> }

const signature: Usages = { public: ['verify'], private: ['sign'] };
const exchange: Usages = { public: [], private: ['deriveKey', 'deriveBits'] };
const cipher: Usages = { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] };
const mac: Usages = { secret: ['sign', 'verify'] };
const derivation: Usages = { secret: ['deriveKey', 'deriveBits'] };
const kem: Usages = { public: ['encapsulateKey', 'encapsulateBits'], private: ['decapsulateKey', 'decapsulateBits'] };

const bareKey = { generateKey: none, importKey: none, exportKey: none };
const rsaKey = { generateKey: rsaGenerate, importKey: rsaImport, exportKey: none };
const ecKey = { generateKey: ecGenerate, importKey: ecImport, exportKey: none };
const aesKey = { generateKey: aesGenerate, importKey: none, exportKey: none, keyLength: aesDerived };
const derivationKey = { importKey: none, keyLength: none };
const digest: Algorithm = { takes: { digest: none } };
const newDigest: Algorithm = { takes: { digest: none }, experimental: true };

const algorithms: Record<string, Algorithm> = {
  __proto__: null as never,
  'SHA-1': digest, 'SHA-256': digest, 'SHA-384': digest, 'SHA-512': digest,
  'SHA3-256': newDigest, 'SHA3-384': newDigest, 'SHA3-512': newDigest,
  cSHAKE128: { takes: { digest: cshake }, experimental: true }, cSHAKE256: { takes: { digest: cshake }, experimental: true },

  'RSASSA-PKCS1-v1_5': { usages: signature, takes: { ...rsaKey, sign: none } },
  'RSA-PSS': { usages: signature, takes: { ...rsaKey, sign: dictionary('RsaPssParams', ['saltLength', true, long]) } },
  'RSA-OAEP': {
    usages: { public: ['encrypt', 'wrapKey'], private: ['decrypt', 'unwrapKey'] },
    takes: { ...rsaKey, encrypt: dictionary('RsaOaepParams', ['label', false, bytes]) },
  },
  ECDSA: { usages: signature, takes: { ...ecKey, sign: dictionary('EcdsaParams', ['hash', true, hash]) } },
  ECDH: { usages: exchange, takes: { ...ecKey, deriveBits: agreement } },
  Ed25519: { usages: signature, takes: { ...bareKey, sign: none } },
  Ed448: { usages: signature, experimental: true, takes: { ...bareKey, sign: context } },
  X25519: { usages: exchange, takes: { ...bareKey, deriveBits: agreement } },
  X448: { usages: exchange, experimental: true, takes: { ...bareKey, deriveBits: agreement } },

  'AES-CBC': { usages: cipher, takes: { ...aesKey, encrypt: dictionary('AesCbcParams', ['iv', true, bytes, exactly('iv', 16)]) } },
  'AES-CTR': {
    usages: cipher,
    takes: {
      ...aesKey, encrypt: dictionary('AesCtrParams', ['counter', true, bytes, exactly('counter', 16)], ['length', true, octet, (value) => {
        if (value === 0 || value > 128) throw operationError('AES-CTR algorithm.length must be between 1 and 128');
      }]),
    },
  },
  'AES-GCM': {
    usages: cipher,
    takes: {
      ...aesKey, encrypt: aead((value) => {
        if (value.length === 0) throw operationError('algorithm.iv must not be empty');
      }, tagLength('AES-GCM', [32, 64, 96, 104, 112, 120, 128])),
    },
  },
  'AES-OCB': {
    usages: cipher, experimental: true,
    takes: {
      ...aesKey, encrypt: aead((value) => {
        if (value.length < 1 || value.length > 15) throw operationError('AES-OCB algorithm.iv must be no more than 15 bytes');
      }, tagLength('AES-OCB', [64, 96, 128])),
    },
  },
  'AES-KW': { usages: { secret: ['wrapKey', 'unwrapKey'] }, takes: { ...aesKey, wrapKey: none } },
  'ChaCha20-Poly1305': {
    usages: cipher, experimental: true,
    takes: { ...bareKey, keyLength: none, encrypt: aead(exactly('iv', 12, 'ChaCha20-Poly1305 algorithm'), tagLength('ChaCha20-Poly1305', [128])) },
  },

  HMAC: {
    usages: mac,
    takes: {
      generateKey: dictionary('HmacKeyGenParams', ['hash', true, hash], ['length', false, long, checkMACLength('HmacKeyGenParams', operationError)]),
      importKey: hmacImport, exportKey: none, keyLength: hmacImport, sign: none,
    },
  },
  HKDF: {
    usages: derivation,
    takes: { ...derivationKey, deriveBits: dictionary('HkdfParams', ['hash', true, hash], ['info', true, bytes], ['salt', true, bytes]) },
  },
  PBKDF2: {
    usages: derivation,
    takes: {
      ...derivationKey, deriveBits: dictionary('Pbkdf2Params', ['hash', true, hash], ['iterations', true, long, (value) => {
        if (value === 0) throw operationError('iterations cannot be zero');
      }], ['salt', true, bytes]),
    },
  },
};

for (const name of ['Argon2d', 'Argon2i', 'Argon2id']) {
  algorithms[name] = { usages: derivation, experimental: true, takes: { ...derivationKey, deriveBits: argon2 } };
}
for (const name of ['KMAC128', 'KMAC256']) {
  algorithms[name] = {
    usages: mac, experimental: true,
    takes: {
      generateKey: dictionary('KmacKeyGenParams', ['length', false, long, checkMACLength('KmacKeyGenParams', operationError)]),
      importKey: kmacImport, exportKey: none, keyLength: kmacImport,
      sign: dictionary('KmacParams', ['customization', false, bytes], ['length', true, long, wholeBytes('KmacParams')]),
    },
  };
}
for (const name of ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']) {
  algorithms[name] = { usages: signature, experimental: true, takes: { ...bareKey, sign: context } };
}
for (const name of ['ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024']) {
  algorithms[name] = { usages: kem, experimental: true, takes: { ...bareKey, encapsulate: none } };
}

// Names as programs write them, to names as they are.
const known = new Map<string, string>();
for (const name of Object.keys(algorithms)) known.set(name.toLowerCase(), name);

/** What the keys of an algorithm may be used for. */
export function usagesFor(name: string): Usages {
  return algorithms[name].usages!;
}

export function isAsymmetric(name: string): boolean {
  return algorithms[name].usages?.public !== undefined;
}

/**
 * Normalizes an algorithm for an operation (section 18.4.4): its name as it is, the members of its dictionary converted and checked.
 * operation: digest, encrypt, sign, deriveBits, wrapKey, generateKey, importKey, exportKey, keyLength or encapsulate.
 * @throws DOMException NotSupportedError for an algorithm that is unknown or has no such operation
 */
export function normalize(algorithm: any, operation: string): any {
  if (typeof algorithm !== 'object' && typeof algorithm !== 'function' || algorithm === null) algorithm = { name: `${algorithm}` };
  if (algorithm.name === undefined) {
    throw wrongArgument("Failed to normalize algorithm: passed algorithm cannot be converted to 'Algorithm' because 'name' is required in 'Algorithm'.",
      'ERR_MISSING_OPTION');
  }
  const name = known.get(`${algorithm.name}`.toLowerCase());
  const taken = name === undefined ? undefined : algorithms[name].takes[operation];
  if (taken === undefined) throw notSupported('Unrecognized algorithm name');
  if (algorithms[name!].experimental) emitExperimentalWarning(`The ${name} Web Crypto API algorithm`);
  const out: any = { name };
  for (const [member, required, convert] of taken.members) {
    const value = algorithm[member];
    if (value === undefined) {
      if (!required) continue;
      throw wrongArgument(`Failed to normalize algorithm: passed algorithm cannot be converted to '${taken.name}' because '${member}' is required in '${
        taken.name}'.`, 'ERR_MISSING_OPTION');
    }
    out[member] = convert(value, memberOf(member));
  }
  for (const [member, , , check] of taken.members) {
    if (check !== undefined && out[member] !== undefined) check(out[member], out);
  }
  return out;
}
