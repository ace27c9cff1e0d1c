// Conversions of Web IDL with the messages that Node's fetch gives. https://webidl.spec.whatwg.org/
import { toWellFormed } from 'native:engine';

const { defineProperty } = Object;
const getPrototypeOf = Object.getPrototypeOf;

/** The error of a method called on something else. */
export function illegalInvocation(): TypeError {
  const err: any = new TypeError('Illegal invocation');
  err.code = 'ERR_INVALID_THIS';
  return err;
}

/** Throws unless there are `min` arguments. */
export function argumentCount(got: number, min: number, where: string): void {
  if (got < min) {
    throw new TypeError(`${where}: ${min} argument${min === 1 ? '' : 's'} required, but${got > 0 ? ' only' : ''} ${got} found.`);
  }
}

/** https://webidl.spec.whatwg.org/#js-DOMString */
export function DOMString(value: any, where: string, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'symbol') throw new TypeError(`${where}: ${name} is a symbol, which cannot be converted to a DOMString.`);
  return String(value);
}

/** https://webidl.spec.whatwg.org/#js-USVString */
export function USVString(value: any, where: string, name: string): string {
  return toWellFormed(DOMString(value, where, name));
}

/** https://webidl.spec.whatwg.org/#js-ByteString */
export function ByteString(value: any, where: string, name: string): string {
  if (typeof value === 'symbol') throw new TypeError(`${where}: ${name} is a symbol, which cannot be converted to a ByteString.`);
  const text = typeof value === 'string' ? value : String(value);
  if (/[^\x00-\xff]/.test(text)) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 255) {
        throw new TypeError(`Cannot convert argument to a ByteString because the character at index ${i} has a value of ${code} which is greater than 255.`);
      }
    }
  }
  return text;
}

/** A dictionary argument: undefined and null are the empty one. */
export function dictionary(value: any): any {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' && typeof value !== 'function') {
    throw new TypeError(`undefined: Expected ${String(value)} to be one of: Null, Undefined, Object.`);
  }
  return value;
}

/** A member of a dictionary that is an enumeration. */
export function enumeration(value: any, allowed: string[]): string {
  const text = DOMString(value, 'undefined', 'value');
  if (!allowed.includes(text)) throw new TypeError(`undefined: ${text} is not an accepted type. Expected one of ${allowed.join(', ')}.`);
  return text;
}

/** Makes the members of a class enumerable and names its instances, as Web IDL does. */
export function finishClass(cls: any, name: string, members: string[]): void {
  for (const member of members) {
    const descriptor: any = Object.getOwnPropertyDescriptor(cls.prototype, member);
    descriptor.enumerable = true;
    defineProperty(cls.prototype, member, descriptor);
  }
  defineProperty(cls.prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/**
 * The iterator of a pair iterable. https://webidl.spec.whatwg.org/#js-default-iterator-object
 * @param list gives the pairs of a target as they are now
 */
export function pairIterator(name: string, list: (target: any) => [any, any][]): { keys: any; values: any; entries: any } {
  const IteratorPrototype = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()));
  class PairIterator {
    #target: any;
    #kind: number;
    #index = 0;
    constructor(target: any, kind: number) {
      this.#target = target;
      this.#kind = kind;
    }
    next(): any {
      if (typeof this !== 'object' || this === null || !(#target in this)) {
        throw new TypeError(`'next' called on an object that does not implement interface ${name} Iterator.`);
      }
      const pairs = list(this.#target);
      if (this.#index >= pairs.length) return { value: undefined, done: true };
      const [key, value] = pairs[this.#index++];
      return { value: this.#kind === 0 ? key : this.#kind === 1 ? value : [key, value], done: false };
    }
  }
  delete (PairIterator.prototype as any).constructor;
  Object.setPrototypeOf(PairIterator.prototype, IteratorPrototype);
  defineProperty(PairIterator.prototype, 'next', { enumerable: true });
  defineProperty(PairIterator.prototype, Symbol.toStringTag, { value: `${name} Iterator`, configurable: true });
  return {
    keys: (target: any) => new PairIterator(target, 0),
    values: (target: any) => new PairIterator(target, 1),
    entries: (target: any) => new PairIterator(target, 2),
  };
}
