// Globals that an option of the command line asks for.
import { load } from 'internal:load';

const { defineProperty } = Object;

function define(name: string, specifier: string): void {
  defineProperty(globalThis, name, {
    configurable: true,
    enumerable: false,
    get() {
      const value = load(specifier)[name];
      defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
      return value;
    },
    set(value) {
      defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
    },
  });
}

// A storage is made when it is first asked for, which fails where there is no place for it.
function defineStorage(name: 'localStorage' | 'sessionStorage'): void {
  const { get, set } = Object.getOwnPropertyDescriptor({
    get [name]() {
      return load('internal:web/storage')[name]();
    },
    set [name](value: any) {
      defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
    },
  }, name)!;
  defineProperty(globalThis, name, { configurable: true, enumerable: true, get, set });
}

/** @param options of the command line, by long name */
export function installFlagged(options: Record<string, string>): void {
  if (options['experimental-eventsource'] !== undefined) {
    define('EventSource', 'internal:web/eventsource');
  }
  if (options['experimental-webstorage'] !== undefined || options.webstorage !== undefined) {
    define('Storage', 'internal:web/storage');
    defineStorage('localStorage');
    defineStorage('sessionStorage');
  }
}
