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

/** @param options of the command line, by long name */
export function installFlagged(options: Record<string, string>): void {
  if (options['experimental-eventsource'] !== undefined) {
    define('EventSource', 'internal:web/eventsource');
  }
}
