// internal:web/storage/memory: the items of sessionStorage, which end with the thread that made them.
import { QUOTA, quotaExceeded, type Items } from 'internal:web/storage/items';

const { fromCharCode } = String;

// Names stand in the order of their UTF-16LE bytes, as in the file of localStorage: the low byte of a unit comes first.
function swapped(name: string): string {
  let out = '';
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    out += fromCharCode(((unit & 0xff) << 8) | (unit >> 8));
  }
  return out;
}

export class MemoryItems implements Items {
  #items = new Map<string, string>();
  #names: string[] | undefined; // in order; undefined: not known
  #bytes = 0;

  get(name: string): string | undefined {
    return this.#items.get(name);
  }
  set(name: string, value: string): void {
    const old = this.#items.get(name);
    const bytes = this.#bytes + 2 * (old === undefined ? name.length + value.length : value.length - old.length);
    if (bytes > QUOTA) throw quotaExceeded();
    this.#bytes = bytes;
    this.#items.set(name, value);
    if (old === undefined) this.#names = undefined;
  }
  remove(name: string): void {
    const old = this.#items.get(name);
    if (old === undefined) return;
    this.#bytes -= 2 * (name.length + old.length);
    this.#items.delete(name);
    this.#names = undefined;
  }
  clear(): void {
    this.#items.clear();
    this.#names = undefined;
    this.#bytes = 0;
  }
  size(): number {
    return this.#items.size;
  }
  names(): string[] {
    return this.#names ??= [...this.#items.keys()].map((name) => [swapped(name), name]).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
  }
}
