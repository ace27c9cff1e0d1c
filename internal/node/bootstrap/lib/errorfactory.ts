// Errors that Go throws: makeError builds the JavaScript object from what crossed.
import { kIsNodeError, nodeErrorToString } from 'internal:errors';

const { captureStackTrace } = Error;
const { defineProperty } = Object;
const classes: Record<string, new (message?: string) => Error> = { Error, TypeError, RangeError, SyntaxError, URIError };

/**
 * @param kind 'Error', 'TypeError', 'RangeError', 'SyntaxError' or 'URIError'
 * @param code Node's code, '' or undefined for none
 * @param props alternating keys and values; a system error brings its own code among them, in libuv's order
 */
export function makeError(kind: string, code: string | undefined, message: string, ...props: any[]): Error {
  const Class = classes[kind] ?? Error;
  let error: any;
  if (code !== undefined && code.startsWith('ERR_')) {
    error = new Class(message);
    error.code = code;
    defineProperty(error, kIsNodeError, { value: true, enumerable: false, writable: true, configurable: true });
    defineProperty(error, 'toString', { value: nodeErrorToString, enumerable: false, writable: true, configurable: true });
  } else {
    error = new Class(message);
    if (code && props.length === 0) {
      error.code = code;
    }
  }
  for (let i = 0; i + 1 < props.length; i += 2) {
    error[props[i]] = props[i + 1];
  }
  captureStackTrace(error, makeError);
  return error;
}
