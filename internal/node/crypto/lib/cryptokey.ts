// CryptoKey. https://w3c.github.io/webcrypto/#cryptokey-interface
//
// Its slots are private fields: what a program does to the algorithm and usages that it reads changes nothing. Both are made when they are read.
import { codes } from 'internal:errors';
import { load } from 'internal:load';

const { defineProperties, defineProperty } = Object;

let making = false;

// The slots of a key, for the builtins; undefined for everything else.
let slotsOf: (value: any) => Slots | undefined;
let fill: (key: any, slots: Slots) => void;

interface Slots {
  keyObject: any;
  algorithm: any;
  usages: string[];
  extractable: boolean;
}

export class CryptoKey {
  #slots: Slots | undefined;
  #algorithm: any;
  #usages: string[] | undefined;

  constructor() {
    if (!making) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  static {
    slotsOf = (value) => typeof value === 'object' && value !== null && #slots in value ? (value as CryptoKey).#slots : undefined;
    fill = (key, slots) => {
      key.#slots = slots;
    };
  }

  get type(): string {
    return slotsIn(this).keyObject.type;
  }

  get extractable(): boolean {
    return slotsIn(this).extractable;
  }

  get algorithm(): any {
    const { algorithm } = slotsIn(this);
    return this.#algorithm ??= copyAlgorithm(algorithm);
  }

  get usages(): string[] {
    const { usages } = slotsIn(this);
    return this.#usages ??= [...usages];
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: any, options: any): any {
    if (depth < 0) return this;
    const { keyObject, extractable, algorithm, usages } = slotsIn(this);
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `CryptoKey ${load('internal:util/inspect').inspect({ type: keyObject.type, extractable, algorithm, usages }, inner)}`;
  }
}

defineProperties(CryptoKey.prototype, {
  type: { enumerable: true }, extractable: { enumerable: true }, algorithm: { enumerable: true }, usages: { enumerable: true },
  [Symbol.toStringTag]: { configurable: true, value: 'CryptoKey' },
});
// The structured clone: another object with the same slots.
defineProperty(CryptoKey.prototype, Symbol.for('roost.clone'), {
  value(this: any): any {
    return ['internal:crypto/cryptokey', 'receivedCryptoKey', { ...slotsIn(this) }];
  },
});

function slotsIn(key: any): Slots {
  const slots = slotsOf(key);
  if (slots === undefined) throw new codes.ERR_INVALID_THIS('CryptoKey');
  return slots;
}

function copyAlgorithm(algorithm: any): any {
  const copy = { ...algorithm };
  if (copy.hash !== undefined) copy.hash = { ...copy.hash };
  if (copy.publicExponent !== undefined) copy.publicExponent = new Uint8Array(copy.publicExponent);
  return copy;
}

/** A key; algorithm and usages are its own from now on. */
export function makeCryptoKey(keyObject: any, algorithm: any, usages: string[], extractable: boolean): any {
  making = true;
  let key: any;
  try {
    key = new CryptoKey();
  } finally {
    making = false;
  }
  fill(key, { keyObject, algorithm, usages, extractable });
  return key;
}

/** What the structured clone makes of a message. */
export function receivedCryptoKey({ keyObject, algorithm, usages, extractable }: Slots): any {
  return makeCryptoKey(keyObject, algorithm, usages, extractable);
}

export function isCryptoKey(value: any): boolean {
  return slotsOf(value) !== undefined;
}

/** The slots of a CryptoKey: what the key is, whatever a program did to the object. */
export function slots(key: any): Slots {
  return slotsIn(key);
}

/** The KeyObject of a CryptoKey. */
export function keyOfCryptoKey(key: any): any {
  return slotsIn(key).keyObject;
}
