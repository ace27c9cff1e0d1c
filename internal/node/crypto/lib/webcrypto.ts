// Web Crypto: placeholder of the parts below.
import { getRandomValues as fill, randomUUID as uuid } from 'internal:crypto/random';
import { CryptoKey } from 'internal:crypto/keys';
export class SubtleCrypto {}
export class Crypto {
  getRandomValues(data: any): any { return fill(data); }
  randomUUID(options?: any): string { return uuid(options); }
}
export const crypto: any = new Crypto();
export const getRandomValues = (data: any): any => fill(data);
export { CryptoKey };
