// The stream face of hashes and ciphers, made at first use: most are never used as streams.
import { Transform } from 'internal:stream';

const { defineProperty, setPrototypeOf } = Object;

export function LazyTransform(this: any, options?: any): void {
  this._options = options;
}
setPrototypeOf(LazyTransform.prototype, Transform.prototype);
setPrototypeOf(LazyTransform, Transform);

function lazy(name: string): void {
  defineProperty(LazyTransform.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: any) {
      (Transform as any).call(this, this._options);
      this._writableState.decodeStrings = false;
      return this[name];
    },
    set(this: any, value: any) {
      defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
    },
  });
}
lazy('_readableState');
lazy('_writableState');
