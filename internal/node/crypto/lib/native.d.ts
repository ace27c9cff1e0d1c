// native:crypto — the Go half. `req` is a request number; without it the native works at once and returns or throws.
// Bytes in are views or ArrayBuffers, text is UTF-8, bytes out are Buffers unless said otherwise. Numbers of digests come from hashId.

type Bytes = ArrayBufferView | ArrayBuffer;
type Data = Bytes | string;
/** Opaque. A key is secret, public or private, and immutable. */
export interface Key { readonly key: unique symbol }
export interface HashState { readonly hash: unique symbol }
export interface CipherState { readonly cipher: unique symbol }
export interface Certificate { readonly certificate: unique symbol }

export function hashes(): string[];
/** -1: no such digest; 64 is added when the output can have any length. */
export function hashId(name: string): number;
/** encoding: 0 Buffer, 1 hex, 2 base64, 3 base64url, 4 latin1 */
export function hashOnce(id: number, data: Data, encoding: number, outputLength?: number): any;
/** For long data that doesn't change meanwhile. */
export function hashLater(id: number, data: Bytes, req?: number): any;
export function hashStart(id: number, outputLength: number | undefined, data: Data): HashState;
export function hashUpdate(state: HashState, data: Data): void;
export function hashDigest(state: HashState, encoding: number): any;
export function hashCopy(state: HashState, outputLength?: number): HashState;
export function hmacStart(id: number, key: Data | Key): HashState;
export function hmacOnce(id: number, key: Data | Key, data: Data, encoding: number): any;
export function hmacLater(id: number, key: Data | Key, data: Bytes, req?: number): any;
/** strength: 128 or 256; size in bytes */
export function kmac(strength: number, key: Data | Key, data: Bytes, customization: Bytes | undefined, size: number, req?: number): any;

export function randomBytes(size: number, req?: number): any;
/** offset and size are bytes */
export function randomFill(view: Bytes, offset: number, size: number, req?: number): void;
/** The lengths are equal. */
export function timingSafeEqual(a: Bytes, b: Bytes): boolean;
/** An ArrayBuffer, big-endian. */
export function generatePrime(bits: number, safe: boolean, add: Bytes | undefined, rem: Bytes | undefined, req?: number): any;
export function checkPrime(candidate: Bytes, checks: number, req?: number): any;

export function pbkdf2(digest: number, password: Data | Key, salt: Data, iterations: number, length: number, req?: number): any;
export function scrypt(password: Data, salt: Data, N: number, r: number, p: number, maxmem: number, length: number, req?: number): any;
/** An ArrayBuffer. */
export function hkdf(digest: number, key: Data | Key, salt: Data, info: Data, length: number, req?: number): any;
/** type: 0 argon2d, 1 argon2i, 2 argon2id */
export function argon2(type: number, message: Data, nonce: Bytes, lanes: number, length: number, memory: number, passes: number,
  secret: Bytes | undefined, associated: Bytes | undefined, req?: number): any;

export function getCiphers(): string[];
export function cipherInfo(nameOrNid: string | number, keyLength?: number, ivLength?: number): any;
export function cipherNew(name: string, encrypt: boolean, key: Data | Key, iv: Data | undefined, authTagLength: number | undefined): CipherState;
/** A Buffer; true when the output filled the room, which has the data's size. */
export function cipherUpdate(cipher: CipherState, data: Data, room?: Bytes): any;
/** A whole message, with the tag at its end; data doesn't change meanwhile. */
export function cipherOnce(name: string, encrypt: boolean, key: Data | Key, iv: Bytes, aad: Bytes | undefined, tagLength: number | undefined, data: Bytes,
  req?: number): any;
export function cipherFinal(cipher: CipherState): any;
/** false: too late */
export function cipherSetAutoPadding(cipher: CipherState, on: boolean): boolean;
export function cipherSetAAD(cipher: CipherState, data: Bytes, plaintextLength: number | undefined): boolean;
/** 0 done, 1 invalid state, 2 invalid length */
export function cipherSetAuthTag(cipher: CipherState, tag: Bytes): number;
export function cipherGetAuthTag(cipher: CipherState): any;

export function keySecret(bytes: Data): Key;
/** format: 0 DER, 1 PEM; type: 0 pkcs1, 1 pkcs8, 2 spki, 3 sec1 */
export function keyParse(data: Data, format: number, type: number | undefined, passphrase: Data | undefined, isPrivate: boolean): Key;
/** [secret | public | private, asymmetricKeyType, bytes of the secret] */
export function keyInfo(key: Key): [string, string, number];
export function keyDetails(key: Key): any;
/** Text for PEM, a Buffer for DER. */
export function keyExport(key: Key, format: number, type: number, cipher?: string, passphrase?: Data): any;
export function keySecretOf(key: Key): any;
export function keyToJWK(key: Key): any;
export function keyFromJWK(kty: string, crv: any, n: any, e: any, d: any, p: any, q: any, dp: any, dq: any, qi: any, x: any, y: any, isPrivate: boolean): Key;
/** A public key; undefined when the bytes are wrong. */
export function keyFromRaw(typeOrCurve: string, bytes: Bytes): Key | undefined;
export function keyToRaw(key: Key): any;
export function keyFromECDSA(curve: string, scalar: Bytes): Key | undefined;
/** A key of a JWK of type AKP. */
export function keyFromAKP(alg: string, pub: string, priv?: string): Key;
/** Of ML-DSA and ML-KEM; undefined when the seed has the wrong size. */
export function keyFromSeed(type: string, seed: Bytes): Key | undefined;
/** undefined: not known */
export function keySeed(key: Key): any;
/** PKCS #8 with the seed alone; undefined: not known */
export function keySeedPKCS8(key: Key): any;
export function keyEquals(a: Key, b: Key): boolean;
export function keyPublic(key: Key): Key;

/** padding: OpenSSL's number; digest and label are OAEP's */
export function rsaPublicEncrypt(key: Key, data: Data, padding: number, digest: number, label: Bytes | undefined, req?: number): any;
export function rsaPrivateDecrypt(key: Key, data: Data, padding: number, digest: number, label: Bytes | undefined, req?: number): any;
export function rsaPrivateEncrypt(key: Key, data: Data, padding: number, digest: number, label: Bytes | undefined, req?: number): any;
export function rsaPublicDecrypt(key: Key, data: Data, padding: number, digest: number, label: Bytes | undefined, req?: number): any;

/** digest -1: the key's own; digested: data is the digest; p1363: r and s side by side instead of ASN.1 */
export function sign(key: Key, digest: number, data: Data, digested: boolean, padding: number | undefined, salt: number | undefined, p1363: boolean,
  req?: number, reserved?: undefined, context?: Bytes): any;
export function verify(key: Key, digest: number, data: Data, digested: boolean, padding: number | undefined, salt: number | undefined, p1363: boolean,
  req: number | undefined, signature: Bytes, context?: Bytes): any;

export function getCurves(): string[];
/** [private, public uncompressed] */
export function ecdhGenerate(curve: string): any;
export function ecdhPublic(curve: string, d: Bytes): any;
export function ecdhCompute(curve: string, d: Bytes, point: Bytes): any;
/** form: 2 compressed, 4 uncompressed, 6 hybrid; undefined: no point, null: no curve */
export function ecdhConvert(curve: string, point: Bytes, form: number): any;
export function keyAgree(privateKey: Key, publicKey: Key, req?: number): any;

/** [shared key, ciphertext] */
export function kemEncapsulate(publicKey: Key, req?: number): any;
/** The shared key. */
export function kemDecapsulate(privateKey: Key, ciphertext: Bytes, req?: number): any;

/** [prime, generator] */
export function dhGroup(name: string): any;
export function dhCheck(prime: Bytes, generator: Bytes): number;
/** [private, public] */
export function dhGenerate(prime: Bytes, generator: Bytes, x: Bytes | undefined): any;
/** The secret, or 1 or 2 when the public key is too small or too large. */
export function dhCompute(prime: Bytes, x: Bytes, y: Bytes): any;

/** [public, private]; see generate.go for the arguments of each type */
export function generateKeyPair(type: string, req: number | undefined, a?: any, b?: any, c?: any, d?: any, e?: any): any;

export function certParse(data: Data): Certificate;
export function certInfo(cert: Certificate): any;
export function certKey(cert: Certificate): Key;
/** kind: host, email or ip */
export function certCheckHost(cert: Certificate, kind: string, name: string, subject: string, wildcards: boolean, partial: boolean, multi: boolean): string | undefined;
export function certCheckIssued(cert: Certificate, other: Certificate): boolean;
export function certCheckKey(cert: Certificate, key: Key): boolean;
export function certVerify(cert: Certificate, key: Key): boolean;
export function pkcs12Parse(data: Data, passphrase: Data): string[];

/** SPKAC is base64 text. undefined: it can't be read. */
export function spkacVerify(spkac: Data): boolean;
export function spkacPublicKey(spkac: Data): any;
export function spkacChallenge(spkac: Data): any;
