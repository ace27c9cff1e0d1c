// The global scope. What is rarely used is a getter that loads its builtin at first use.
// https://nodejs.org/docs/latest-v24.x/api/globals.html
import { load } from 'internal:load';
import { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'internal:timers';
import { queueMicrotask } from 'internal:process/task';

const { defineProperty } = Object;

// name: [builtin, export]; writable and configurable as in Node, enumerable only where Node's are.
const lazy: Record<string, [string, string]> = {
  Buffer: ['internal:buffer', 'Buffer'],
  atob: ['internal:buffer', 'atob'],
  btoa: ['internal:buffer', 'btoa'],
  Blob: ['internal:web/blob', 'Blob'],
  File: ['internal:web/blob', 'File'],
  URL: ['internal:url', 'URL'],
  URLSearchParams: ['internal:url', 'URLSearchParams'],
  URLPattern: ['internal:url/pattern', 'URLPattern'],
  TextEncoder: ['internal:web/encoding', 'TextEncoder'],
  TextDecoder: ['internal:web/encoding', 'TextDecoder'],
  AbortController: ['internal:events/abort', 'AbortController'],
  AbortSignal: ['internal:events/abort', 'AbortSignal'],
  Event: ['internal:events/target', 'Event'],
  EventTarget: ['internal:events/target', 'EventTarget'],
  CustomEvent: ['internal:events/target', 'CustomEvent'],
  DOMException: ['internal:web/domexception', 'DOMException'],
  ReadableStream: ['internal:web/streams', 'ReadableStream'],
  ReadableStreamDefaultReader: ['internal:web/streams', 'ReadableStreamDefaultReader'],
  ReadableStreamBYOBReader: ['internal:web/streams', 'ReadableStreamBYOBReader'],
  ReadableStreamBYOBRequest: ['internal:web/streams', 'ReadableStreamBYOBRequest'],
  ReadableByteStreamController: ['internal:web/streams', 'ReadableByteStreamController'],
  ReadableStreamDefaultController: ['internal:web/streams', 'ReadableStreamDefaultController'],
  WritableStream: ['internal:web/streams', 'WritableStream'],
  WritableStreamDefaultWriter: ['internal:web/streams', 'WritableStreamDefaultWriter'],
  WritableStreamDefaultController: ['internal:web/streams', 'WritableStreamDefaultController'],
  TransformStream: ['internal:web/streams', 'TransformStream'],
  TransformStreamDefaultController: ['internal:web/streams', 'TransformStreamDefaultController'],
  ByteLengthQueuingStrategy: ['internal:web/streams', 'ByteLengthQueuingStrategy'],
  CountQueuingStrategy: ['internal:web/streams', 'CountQueuingStrategy'],
  TextEncoderStream: ['internal:web/streams', 'TextEncoderStream'],
  TextDecoderStream: ['internal:web/streams', 'TextDecoderStream'],
  CompressionStream: ['internal:web/streams', 'CompressionStream'],
  DecompressionStream: ['internal:web/streams', 'DecompressionStream'],
  fetch: ['internal:web/fetch', 'fetch'],
  Headers: ['internal:web/fetch', 'Headers'],
  Request: ['internal:web/fetch', 'Request'],
  Response: ['internal:web/fetch', 'Response'],
  FormData: ['internal:web/fetch', 'FormData'],
  WebSocket: ['internal:web/fetch/websocket', 'WebSocket'],
  CloseEvent: ['internal:events/target', 'CloseEvent'],
  MessageChannel: ['internal:web/message', 'MessageChannel'],
  MessagePort: ['internal:web/message', 'MessagePort'],
  MessageEvent: ['internal:web/message', 'MessageEvent'],
  BroadcastChannel: ['internal:web/message', 'BroadcastChannel'],
  structuredClone: ['internal:web/message', 'structuredClone'],
  performance: ['internal:perfhooks', 'performance'],
  Performance: ['internal:perfhooks', 'Performance'],
  PerformanceEntry: ['internal:perfhooks', 'PerformanceEntry'],
  PerformanceMark: ['internal:perfhooks', 'PerformanceMark'],
  PerformanceMeasure: ['internal:perfhooks', 'PerformanceMeasure'],
  PerformanceObserver: ['internal:perfhooks', 'PerformanceObserver'],
  PerformanceObserverEntryList: ['internal:perfhooks', 'PerformanceObserverEntryList'],
  PerformanceResourceTiming: ['internal:perfhooks', 'PerformanceResourceTiming'],
  navigator: ['internal:web/navigator', 'navigator'],
  Navigator: ['internal:web/navigator', 'Navigator'],
  crypto: ['internal:crypto/webcrypto', 'crypto'],
  Crypto: ['internal:crypto/webcrypto', 'Crypto'],
  CryptoKey: ['internal:crypto/webcrypto', 'CryptoKey'],
  SubtleCrypto: ['internal:crypto/webcrypto', 'SubtleCrypto'],
  console: ['internal:console', 'globalConsole'],
  process: ['internal:process', 'process'],
};
const enumerable = new Set(['fetch', 'structuredClone', 'atob', 'btoa', 'performance', 'navigator', 'crypto']);

/** Whether a descriptor is that of a global that isn't loaded yet. Its getter replaces it, which has no other effect. */
export function isLazyGlobal(name: string, descriptor: any): boolean {
  return Object.hasOwn(lazy, name) && descriptor?.get?.name === `get ${name}`;
}

/** V8's own console, which hands everything to the inspector. */
export const engineConsole: any = globalThis.console;

/** Defines the globals on target. */
const named = (name: string, fn: any): any => defineProperty(fn, 'name', { value: name, configurable: true });

export function installGlobals(target: any): void {
  const define = (name: string, value: any, isEnumerable = false) =>
    defineProperty(target, name, { value, writable: true, enumerable: isEnumerable, configurable: true });
  define('global', target, true);
  define('clearImmediate', clearImmediate, true);
  define('setImmediate', setImmediate, true);
  define('clearInterval', clearInterval, true);
  define('clearTimeout', clearTimeout, true);
  define('setInterval', setInterval, true);
  define('setTimeout', setTimeout, true);
  define('queueMicrotask', queueMicrotask, true);
  for (const name in lazy) {
    const from = lazy[name];
    defineProperty(target, name, {
      enumerable: enumerable.has(name),
      configurable: true,
      get: named(`get ${name}`, () => {
        const value = load(from[0])[from[1]];
        define(name, value, enumerable.has(name));
        return value;
      }),
      set: named(`set ${name}`, (value: any) => {
        define(name, value, enumerable.has(name));
      }),
    });
  }
  defineProperty(target, Symbol.toStringTag, { value: 'global', writable: false, enumerable: false, configurable: true });
}
