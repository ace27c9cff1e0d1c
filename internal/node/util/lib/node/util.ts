// node:util
// https://nodejs.org/docs/latest-v24.x/api/util.html

import { dotenv } from 'native:util';
import { codes, errnoException, exceptionWithHostPort, hideFrames } from 'internal:errors';
import { load } from 'internal:load';
import { validateString } from 'internal:validators';
import { format, formatWithOptions, inspect, stripVTControlCharacters } from 'internal:util/inspect';
import { callbackify, promisify } from 'internal:util/promisify';
import { deprecate } from 'internal:util/deprecate';
import { debuglog } from 'internal:util/debuglog';
import { styleText } from 'internal:util/colors';
import { isDeepStrictEqual } from 'internal:util/comparisons';
import { parseArgs } from 'internal:util/parseargs';
import { diff } from 'internal:util/diff';
import { MIMEParams, MIMEType } from 'internal:util/mime';
import { aborted, transferableAbortController, transferableAbortSignal } from 'internal:util/abort';
import { getCallSites } from 'internal:util/callsites';
import { convertProcessSignalToExitCode, getSystemErrorMap, getSystemErrorMessage, getSystemErrorName, toUSVString } from 'internal:util';
import { TextDecoder, TextEncoder } from 'internal:web/encoding';
import types from 'node:util/types';

/** Makes ctor inherit from superCtor (before there were classes). */
function inherits(ctor: any, superCtor: any): void {
  if (ctor === undefined || ctor === null) {
    throw new codes.ERR_INVALID_ARG_TYPE('ctor', 'Function', ctor);
  }
  if (superCtor === undefined || superCtor === null) {
    throw new codes.ERR_INVALID_ARG_TYPE('superCtor', 'Function', superCtor);
  }
  if (superCtor.prototype === undefined) {
    throw new codes.ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', superCtor.prototype);
  }
  Object.defineProperty(ctor, 'super_', { __proto__: null as never, value: superCtor, writable: true, configurable: true });
  Object.setPrototypeOf(ctor.prototype, superCtor.prototype);
}

function extend(target: any, source: any): any {
  if (source === null || typeof source !== 'object') {
    return target;
  }
  for (const key of Object.keys(source)) {
    target[key] = source[key];
  }
  return target;
}

/** The variables that a text in the format of .env files sets. */
function parseEnv(content: string): Record<string, string> {
  validateString(content, 'content');
  const found = dotenv(content);
  const out: Record<string, string> = {};
  for (let i = 0; i < found.length; i += 2) {
    out[found[i]] = found[i + 1];
  }
  return out;
}

function checkErrno(errno: unknown): void {
  if (typeof errno !== 'number') {
    throw hideFrames(new codes.ERR_INVALID_ARG_TYPE('err', 'number', errno), checkErrno);
  }
  if (errno >= 0 || !Number.isSafeInteger(errno)) {
    throw hideFrames(new codes.ERR_OUT_OF_RANGE('err', 'a negative integer', errno), checkErrno);
  }
}

export default {
  _errnoException(errno: number, syscall: string, original?: string) {
    checkErrno(errno);
    return errnoException(errno, syscall, original);
  },
  _exceptionWithHostPort(errno: number, syscall: string, address?: string, port?: number, additional?: string) {
    checkErrno(errno);
    return exceptionWithHostPort(errno, syscall, address, port, additional);
  },
  _extend: deprecate(extend, 'The `util._extend` API is deprecated. Please use Object.assign() instead.', 'DEP0060'),
  callbackify,
  convertProcessSignalToExitCode,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  styleText,
  formatWithOptions,
  getCallSites,
  getSystemErrorMap,
  getSystemErrorName,
  getSystemErrorMessage,
  inherits,
  inspect,
  isArray: deprecate(Array.isArray, 'The `util.isArray` API is deprecated. Please use `Array.isArray()` instead.', 'DEP0044'),
  isDeepStrictEqual(a: unknown, b: unknown, skipPrototype?: boolean) {
    return isDeepStrictEqual(a, b, Boolean(skipPrototype));
  },
  promisify,
  stripVTControlCharacters,
  toUSVString,
  transferableAbortSignal,
  transferableAbortController,
  aborted,
  types,
  parseEnv,
  parseArgs,
  TextDecoder,
  TextEncoder,
  MIMEType,
  MIMEParams,
  diff,
  /** Whether SIGINT, where the program doesn't listen to it, prints the stack before it ends the program. */
  setTraceSigInt(enable: any): void {
    load('internal:process/interrupt').setTraceSigInt(Boolean(enable));
  },
};
