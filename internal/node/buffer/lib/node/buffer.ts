// node:buffer: https://nodejs.org/docs/latest-v24.x/api/buffer.html

import {
  Buffer, SlowBuffer, atob, btoa, constants, getInspectMaxBytes, isAscii, isUtf8, kMaxLength, kStringMaxLength,
  setInspectMaxBytes, transcode,
} from 'internal:buffer';
import { load } from 'internal:load';

const { defineProperty, defineProperties } = Object;

const buffer: any = {
  Buffer, SlowBuffer, transcode, isUtf8, isAscii, kMaxLength, kStringMaxLength, btoa, atob,
};

// Blob, File and object URLs are rarely used: their module is loaded by the first reader.
function lazy(name: string) {
  defineProperty(buffer, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = load('internal:web/blob')[name];
      defineProperty(buffer, name, { value, configurable: true, enumerable: true, writable: true });
      return value;
    },
    set(value) {
      defineProperty(buffer, name, { value, configurable: true, enumerable: true, writable: true });
    },
  });
}

defineProperties(buffer, {
  constants: { configurable: false, enumerable: true, value: constants },
  INSPECT_MAX_BYTES: { configurable: true, enumerable: true, get: getInspectMaxBytes, set: setInspectMaxBytes },
});
lazy('Blob');
lazy('resolveObjectURL');
lazy('File');

export default buffer;
