// SubtleCrypto.supports(). https://wicg.github.io/webcrypto-modern-algos/#SubtleCrypto-method-supports
import { isAsymmetric, normalize } from 'internal:crypto/webcrypto/algorithms';
import { bitsOf, checkBits } from 'internal:crypto/webcrypto/derive';

// Operations that take one algorithm, to what normalize calls them.
const plain: Record<string, string> = {
  __proto__: null as never, encrypt: 'encrypt', decrypt: 'encrypt', sign: 'sign', verify: 'sign', digest: 'digest', generateKey: 'generateKey',
  importKey: 'importKey', exportKey: 'exportKey', encapsulateBits: 'encapsulate', decapsulateBits: 'encapsulate',
};

/** AES-KW wraps on its own; others encrypt. */
export function normalizeWrap(algorithm: any): any {
  const name = typeof algorithm === 'object' && algorithm !== null ? algorithm.name : algorithm;
  return normalize(algorithm, `${name}`.toLowerCase() === 'aes-kw' ? 'wrapKey' : 'encrypt');
}

function attempt(operation: string, algorithm: any, extra: any): boolean {
  switch (operation) {
    case 'deriveBits':
      algorithm = normalize(algorithm, 'deriveBits');
      checkBits(algorithm, extra === null ? null : +extra >>> 0);
      return true;
    case 'deriveKey':
      algorithm = normalize(algorithm, 'deriveBits');
      normalize(extra, 'importKey');
      checkBits(algorithm, bitsOf(normalize(extra, 'keyLength')));
      return true;
    case 'wrapKey':
      normalizeWrap(algorithm);
      normalize(extra, 'exportKey');
      return true;
    case 'unwrapKey':
      normalizeWrap(algorithm);
      normalize(extra, 'importKey');
      return true;
    case 'encapsulateKey':
    case 'decapsulateKey': {
      normalize(algorithm, 'encapsulate');
      const { name, length } = normalize(extra, 'importKey');
      return !isAsymmetric(name) && (length === undefined || length === 256); // the shared key has 256 bits
    }
    case 'getPublicKey':
      return isAsymmetric(normalize(algorithm, 'exportKey').name);
  }
  const as = plain[operation];
  if (as === undefined) return false;
  algorithm = normalize(algorithm, as);
  if (operation === 'generateKey' && algorithm.name === 'HMAC') bitsOf(algorithm);
  return true;
}

/** Would the operation take these? extra is the length of deriveBits, or the algorithm of the key that another operation makes or takes. */
export function supports(operation: string, algorithm: any, extra: any): boolean {
  try {
    return attempt(operation, algorithm, extra);
  } catch {
    return false;
  }
}
