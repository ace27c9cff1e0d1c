// The errors of Web Crypto. https://w3c.github.io/webcrypto/#dfn-an-error
import { domException } from 'internal:crypto/random';

const { defineProperty } = Object;

export const notSupported = (message: string): any => domException(message, 'NotSupportedError');
export const dataError = (message: string, cause?: any): any => caused(domException(message, 'DataError'), cause);
export const invalidAccess = (message: string): any => domException(message, 'InvalidAccessError');
export const syntaxError = (message: string): any => domException(message, 'SyntaxError');

export function operationError(message = 'The operation failed for an operation-specific reason', cause?: any): any {
  return caused(domException(message, 'OperationError'), cause);
}

function caused(error: any, cause: any): any {
  if (cause !== undefined) defineProperty(error, 'cause', { value: cause, configurable: true, writable: true, enumerable: false });
  return error;
}

/** A TypeError with a code, as a failed conversion of an argument throws. */
export function wrongArgument(message: string, code = 'ERR_INVALID_ARG_TYPE'): any {
  const error: any = new TypeError(message);
  error.code = code;
  return error;
}

/** An error for operationError's cause. */
export function outOfRange(message: string): any {
  const error: any = new RangeError(message);
  error.code = 'ERR_OUT_OF_RANGE';
  return error;
}
