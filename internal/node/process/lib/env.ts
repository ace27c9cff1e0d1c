// process.env: strings only, written through to the process's environment.
// https://nodejs.org/docs/latest-v24.x/api/process.html#processenv
import { dateTimeConfigurationChanged } from 'native:engine';
import { environ, environVersion, setenv, unsetenv } from 'native:process';
import { config } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';

const values: Record<string, string> = Object.create(Object.prototype);
function read(): void {
  for (const entry of environ() as string[]) {
    const i = entry.indexOf('=', 1);
    if (i > 0) {
      values[entry.slice(0, i)] = entry.slice(i + 1);
    }
  }
}
read();

function write(key: string, value: any): boolean {
  if (typeof value === 'symbol' || typeof key === 'symbol') {
    throw new TypeError('Cannot convert a Symbol value to a string');
  }
  if (typeof value !== 'string') {
    warnOfType(value);
  }
  const text = `${value}`;
  // setenv(3) knows no such variable.
  if (key === '' || key.includes('\0')) {
    return true;
  }
  values[key] = text;
  setenv(key, text);
  if (key === 'TZ') {
    timeZoneChanged();
  }
  return true;
}

// A worker's TZ is its own affair: the time zone is the process's.
function timeZoneChanged(): void {
  if (config().worker === '' || config().sharesEnv) {
    dateTimeConfigurationChanged();
  }
}

let warnedOfType = false;
function warnOfType(value: any): void {
  if (warnedOfType || typeof value === 'number' || typeof value === 'boolean') {
    return;
  }
  if (config().options['pending-deprecation'] !== undefined || values.NODE_PENDING_DEPRECATION === '1') {
    warnedOfType = true;
    load('internal:process').process.emitWarning(
      'Assigning any value other than a string, number, or boolean to a process.env property is deprecated. Please make sure to convert the value ' +
        'to a string before setting process.env with it.', 'DeprecationWarning', 'DEP0104');
  }
}

const handler: ProxyHandler<any> = {
  set(_target, key, value) {
    return write(key as string, value);
  },
  defineProperty(_target, key, descriptor) {
    if ('value' in descriptor) {
      if (!descriptor.configurable || !descriptor.writable || !descriptor.enumerable) {
        throw new codes.ERR_INVALID_OBJECT_DEFINE_PROPERTY("'process.env' only accepts a configurable, writable, and enumerable data descriptor");
      }
      return write(key as string, descriptor.value);
    }
    if ('get' in descriptor || 'set' in descriptor) {
      throw new codes.ERR_INVALID_OBJECT_DEFINE_PROPERTY("'process.env' does not accept an accessor(getter/setter) descriptor");
    }
    throw new codes.ERR_INVALID_OBJECT_DEFINE_PROPERTY("'process.env' only accepts a configurable, writable, and enumerable data descriptor");
  },
  deleteProperty(target, key) {
    if (typeof key === 'string') {
      delete target[key];
      unsetenv(key);
      if (key === 'TZ') {
        timeZoneChanged();
      }
    }
    return true;
  },
};
export const env: any = new Proxy(values, handler);

/** Whether a value is process.env: V8 does not clone proxies. */
export function isEnv(value: any): boolean {
  return value === env;
}

let shared = false;
let version = 0;
function refresh(): void {
  const now = environVersion();
  if (now !== version) {
    version = now;
    for (const key of Object.keys(values)) {
      delete values[key];
    }
    read();
  }
}
/** Another thread has the same environment from now on: what it changes is seen. */
export function shareEnvironment(): void {
  if (shared) {
    return;
  }
  shared = true;
  version = environVersion();
  handler.get = (target, key) => {
    refresh();
    return target[key];
  };
  handler.has = (target, key) => {
    refresh();
    return key in target;
  };
  handler.ownKeys = (target) => {
    refresh();
    return Reflect.ownKeys(target);
  };
  handler.getOwnPropertyDescriptor = (target, key) => {
    refresh();
    return Object.getOwnPropertyDescriptor(target, key);
  };
}
if (config().sharesEnv) {
  shareEnvironment();
}
