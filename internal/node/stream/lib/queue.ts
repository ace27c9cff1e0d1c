// The chunks that wait in a stream: a ring whose size is a power of two, so that both ends are cheap and taking one moves nothing.

import { Buffer } from 'internal:buffer';

const nothing: any[] = [];
// A ring that grew beyond this is let go when it has run empty.
const KEPT = 256;

export class ChunkQueue {
  declare count: number;
  // Not private: these are made with every stream.
  declare ring: any[];
  declare head: number;

  constructor() {
    this.count = 0;
    this.ring = nothing;
    this.head = 0;
  }

  push(item: any): void {
    if (this.count === this.ring.length) this.#grow();
    const ring = this.ring;
    ring[(this.head + this.count++) & (ring.length - 1)] = item;
  }

  unshift(item: any): void {
    if (this.count === this.ring.length) this.#grow();
    this.head = (this.head - 1) & (this.ring.length - 1);
    this.ring[this.head] = item;
    this.count++;
  }

  /** The first item, which stays. */
  first(): any {
    return this.ring[this.head];
  }

  replaceFirst(item: any): void {
    this.ring[this.head] = item;
  }

  shift(): any {
    const ring = this.ring;
    const item = ring[this.head];
    ring[this.head] = undefined;
    if (--this.count === 0) {
      this.head = 0;
      if (ring.length > KEPT) this.ring = nothing;
    } else {
      this.head = (this.head + 1) & (ring.length - 1);
    }
    return item;
  }

  clear(): void {
    if (this.ring.length > KEPT) this.ring = nothing;
    else for (let i = 0; i < this.count; i++) this.ring[(this.head + i) & (this.ring.length - 1)] = undefined; // fill() leaves the optimized code
    this.count = 0;
    this.head = 0;
  }

  /** A copy in order. */
  toArray(): any[] {
    const list = new Array(this.count);
    for (let i = 0; i < list.length; i++) list[i] = this.ring[(this.head + i) & (this.ring.length - 1)];
    return list;
  }

  #grow(): void {
    const list = this.toArray();
    list.length = Math.max(4, this.count * 2);
    this.ring = list.fill(undefined, this.count);
    this.head = 0;
  }

  // --- As one run of bytes or of text. The queue doesn't know its length in these: the caller counts.

  /** All of it. */
  takeBytes(): any {
    if (this.count === 1) return this.shift();
    const all = Buffer.concat(this.toArray());
    this.clear();
    return all;
  }

  takeText(): string {
    const all = this.toArray().join('');
    this.clear();
    return all;
  }

  /** The first n bytes; there are more. */
  cutBytes(n: number): any {
    const first = this.first();
    if (n === first.length) return this.shift();
    if (n < first.length) {
      this.replaceFirst(first.subarray(n));
      return first.subarray(0, n);
    }
    const out = Buffer.allocUnsafe(n);
    for (let filled = 0; filled < n;) {
      const piece = this.cutBytes(Math.min(n - filled, this.first().length));
      out.set(piece, filled);
      filled += piece.length;
    }
    return out;
  }

  cutText(n: number): string {
    let out = '';
    while (out.length < n) {
      const piece = this.shift();
      const wanted = n - out.length;
      if (piece.length > wanted) this.unshift(piece.slice(wanted));
      out += piece.slice(0, wanted);
    }
    return out;
  }
}
