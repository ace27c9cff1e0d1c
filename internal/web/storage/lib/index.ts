// Web storage, behind --experimental-webstorage: Storage, sessionStorage and localStorage.
// https://nodejs.org/docs/latest-v24.x/api/globals.html#localstorage, https://html.spec.whatwg.org/multipage/webstorage.html
//
// A storage is a proxy: items are properties, but for names that Storage and Object have, which only its methods reach. Symbols are plain properties.
import { config } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { emitExperimentalWarning } from 'internal:util/deprecate';
import type { Items } from 'internal:web/storage/items';

const { create, defineProperty } = Object;
const { defineProperty: reflectDefine, deleteProperty, get, getOwnPropertyDescriptor, has, ownKeys, set } = Reflect;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

emitExperimentalWarning('Web Storage');

const itemsOf = new WeakMap<object, Items>();

function own(storage: any): Items {
  const items = typeof storage === 'object' && storage !== null ? itemsOf.get(storage) : undefined;
  if (items === undefined) throw new TypeError('Illegal invocation');
  return items;
}
function need(given: number, wanted: number, method: string): void {
  if (given < wanted) {
    throw Object.assign(new TypeError(`Failed to execute '${method}' on 'Storage': ${wanted} argument${wanted === 1 ? '' : 's'} required`), { code: 'ERR_MISSING_ARGS' });
  }
}

export function Storage(this: any): void {
  throw Object.assign(new Error('Illegal constructor'), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
}
const methods: any = {
  clear(this: any): void {
    own(this).clear();
  },
  getItem(this: any, ...args: any[]): string | null {
    const items = own(this);
    need(args.length, 1, 'getItem');
    return items.get(`${args[0]}`) ?? null;
  },
  key(this: any, ...args: any[]): string | null {
    const items = own(this);
    need(args.length, 1, 'key');
    const index = Math.trunc(Number(args[0])) || 0;
    return index >= 0 ? items.names()[index] ?? null : null;
  },
  removeItem(this: any, ...args: any[]): void {
    const items = own(this);
    need(args.length, 1, 'removeItem');
    items.remove(`${args[0]}`);
  },
  setItem(this: any, ...args: any[]): void {
    const items = own(this);
    need(args.length, 2, 'setItem');
    items.set(`${args[0]}`, `${args[1]}`);
  },
};
const prototype: any = create(Object.prototype);
defineProperty(prototype, 'length', { get: { get(this: any) { return own(this).size(); } }.get, enumerable: true, configurable: false });
for (const name of Object.keys(methods)) {
  defineProperty(prototype, name, { value: methods[name], writable: true, enumerable: true, configurable: true });
}
defineProperty(prototype, 'constructor', { value: Storage, writable: true, enumerable: false, configurable: true });
defineProperty(Storage, 'prototype', { value: prototype, writable: false, enumerable: false, configurable: false });

function handlerOf(items: Items): ProxyHandler<any> {
  // What the prototypes have hides an item of its name. https://webidl.spec.whatwg.org/#dfn-named-property-visibility
  const item = (target: any, name: any): string | undefined => (typeof name === 'string' && !has(target, name) ? items.get(name) : undefined);
  return {
    get: (target, name, receiver) => (typeof name !== 'string' || has(target, name) ? get(target, name, receiver) : items.get(name)),
    set(target, name, value) {
      if (typeof name !== 'string') return set(target, name, value);
      items.set(name, `${value}`);
      return true;
    },
    has: (target, name) => has(target, name) && name !== inspectCustom || item(target, name) !== undefined,
    deleteProperty(target, name) {
      if (typeof name !== 'string') return deleteProperty(target, name);
      items.remove(name);
      return true;
    },
    ownKeys: (target) => [...items.names().filter((name) => !has(target, name)), ...ownKeys(target).filter((name) => name !== inspectCustom)],
    getOwnPropertyDescriptor(target, name) {
      if (typeof name !== 'string') return name === inspectCustom ? undefined : getOwnPropertyDescriptor(target, name);
      const value = item(target, name);
      return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
    },
    defineProperty(target, name, descriptor) {
      if (typeof name !== 'string') return reflectDefine(target, name, descriptor);
      if ('value' in descriptor) items.set(name, `${descriptor.value}`);
      return true;
    },
    preventExtensions(): never {
      throw new TypeError('Cannot prevent extensions');
    },
  };
}

function newStorage(items: Items): any {
  const target = create(prototype);
  defineProperty(target, inspectCustom, {
    configurable: true,
    value(_depth: any, options: any, inspect: any) {
      const shown = create(prototype);
      for (const name of items.names()) {
        if (!has(prototype, name)) defineProperty(shown, name, { value: items.get(name), writable: true, enumerable: true, configurable: true });
      }
      return inspect(shown, options);
    },
  });
  const storage = new Proxy(target, handlerOf(items));
  itemsOf.set(storage, items);
  return storage;
}

let session: any;
let local: any;
/** The storage of this thread. */
export function sessionStorage(): any {
  return session ??= newStorage(new (load('internal:web/storage/memory').MemoryItems)());
}
/** The storage of --localstorage-file. @throws ERR_INVALID_ARG_VALUE without one */
export function localStorage(): any {
  if (local === undefined) {
    const path: string = config().options['localstorage-file']?.split('\0').at(-1) ?? '';
    if (path === '') throw new codes.ERR_INVALID_ARG_VALUE('--localstorage-file', path, 'is an invalid localStorage location');
    local = newStorage(new (load('internal:web/storage/file').FileItems)(path));
  }
  return local;
}
