// Lengths of secret keys, in bits.

// Blocks of the digests, which HMAC's keys have as their size when none is said. That of SHA-3 is not defined:
// https://github.com/WICG/webcrypto-modern-algos/issues/23
const blocks: Record<string, number> = { __proto__: null as never, 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };

/** What a secret key of a normalized algorithm has; undefined: it must be said. */
export function defaultLength({ name, length, hash }: any): number | undefined {
  if (length !== undefined) return length;
  switch (name) {
    case 'ChaCha20-Poly1305': return 256;
    case 'KMAC128': return 128;
    case 'KMAC256': return 256;
    case 'HMAC': return blocks[hash.name];
  }
  return undefined;
}
