// JSON Web Keys in Web Crypto: the checks before an import, and the names of algorithms (RFC 7518, RFC 8037, RFC 9964).
import { dataError } from 'internal:crypto/webcrypto/errors';

const { isArray } = Array;

const curveAlgorithms: Record<string, string> = { __proto__: null as never, 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

/** "alg" of keys whose algorithm has one; undefined for the rest. */
export function jwkAlgorithm({ name, hash, length }: any): string | undefined {
  const bits = hash?.name.startsWith('SHA-') ? hash.name.slice(4) : undefined; // SHA-3 has none
  switch (name) {
    case 'HMAC': return bits && `HS${bits}`;
    case 'RSASSA-PKCS1-v1_5': return bits && `RS${bits}`;
    case 'RSA-PSS': return bits && `PS${bits}`;
    case 'RSA-OAEP': return bits && (bits === '1' ? 'RSA-OAEP' : `RSA-OAEP-${bits}`);
    case 'ChaCha20-Poly1305': return 'C20P';
    case 'KMAC128': case 'KMAC256': return `K${name.slice(4)}`;
    case 'Ed25519': case 'Ed448': return name;
  }
  return name.startsWith('AES-') ? `A${length}${name.slice(4)}` : undefined;
}

/** "kty" of an asymmetric algorithm's keys; undefined: they have no JWK. */
export function jwkType(name: string): string | undefined {
  if (name.startsWith('RSA')) return 'RSA';
  if (name === 'ECDSA' || name === 'ECDH') return 'EC';
  if (name.startsWith('ML-DSA')) return 'AKP';
  return name.startsWith('ML-') ? undefined : 'OKP';
}

/** The members that are common to all types. */
export function checkJWK(jwk: any, kty: string, usages: string[], extractable: boolean, use: string): void {
  if (typeof jwk !== 'object' || jwk === null || !jwk.kty) throw dataError('Invalid keyData');
  if (jwk.kty !== kty) throw dataError('Invalid JWK "kty" Parameter');
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) throw dataError('Invalid JWK "use" Parameter');
  const operations = jwk.key_ops;
  if (operations !== undefined) {
    if (!isArray(operations) || new Set(operations).size !== operations.length || !usages.every((usage) => operations.includes(usage))) {
      throw dataError('Key operations and usage mismatch');
    }
  }
  if (jwk.ext === false && extractable) throw dataError('JWK "ext" Parameter and extractable mismatch');
}

const kOther = 'JWK "alg" does not match the requested algorithm';

/** "alg" of a secret key. */
export function checkSecretAlgorithm(jwk: any, algorithm: any): void {
  const expected = jwkAlgorithm(algorithm);
  if (jwk.alg !== undefined && expected !== undefined && jwk.alg !== expected) throw dataError(kOther);
}

/** "alg" of a public or private key, and "crv" where it is the algorithm. */
export function checkAsymmetricAlgorithm(jwk: any, algorithm: any): void {
  const { name } = algorithm;
  if (name.startsWith('ML-DSA')) {
    if (jwk.alg !== name) throw dataError('JWK "alg" Parameter and algorithm name mismatch');
    return;
  }
  if (jwk.alg !== undefined) {
    if (name === 'Ed25519' || name === 'Ed448') {
      if (jwk.alg !== name && jwk.alg !== 'EdDSA') throw dataError(kOther);
    } else {
      const expected = name === 'ECDSA' ? curveAlgorithms[algorithm.namedCurve] : jwkAlgorithm(algorithm);
      if (expected !== undefined && jwk.alg !== expected) throw dataError(kOther);
    }
  }
}

/** "crv". */
export function checkCurve(jwk: any, algorithm: any): void {
  if (jwk.kty === 'EC' && jwk.crv !== algorithm.namedCurve) throw dataError('JWK "crv" does not match the requested algorithm');
  if (jwk.kty === 'OKP' && jwk.crv !== algorithm.name) throw dataError('JWK "crv" Parameter and algorithm name mismatch');
}
