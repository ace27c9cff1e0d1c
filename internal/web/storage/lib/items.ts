// internal:web/storage/items: what sessionStorage and localStorage keep their items in.
import { load } from 'internal:load';

/** Names and values in bytes of UTF-16. */
export const QUOTA = 10 * 1024 * 1024;

export interface Items {
  get(name: string): string | undefined;
  /** @throws QuotaExceededError */
  set(name: string, value: string): void;
  remove(name: string): void;
  clear(): void;
  size(): number;
  /** The names in order; borrowed. */
  names(): string[];
}

export function quotaExceeded(): Error {
  return new (load('internal:web/domexception').DOMException)('Setting the value exceeded the quota', 'QuotaExceededError') as any;
}
