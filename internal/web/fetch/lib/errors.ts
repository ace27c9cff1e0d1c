// The causes of a failed fetch, under the names and codes that undici gives them.
// https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
const { defineProperty, setPrototypeOf } = Object;

class UndiciError extends Error {}
class SocketError extends UndiciError {}
class ConnectTimeoutError extends UndiciError {}
class HeadersTimeoutError extends UndiciError {}
class BodyTimeoutError extends UndiciError {}
class HeadersOverflowError extends UndiciError {}
class InvalidArgumentError extends UndiciError {}
class NotSupportedError extends UndiciError {}
class RequestContentLengthMismatchError extends UndiciError {}
class HTTPParserError extends UndiciError {}

const classes: Record<string, any> = {
  __proto__: null as any,
  UND_ERR_SOCKET: SocketError,
  UND_ERR_CONNECT_TIMEOUT: ConnectTimeoutError,
  UND_ERR_HEADERS_TIMEOUT: HeadersTimeoutError,
  UND_ERR_BODY_TIMEOUT: BodyTimeoutError,
  UND_ERR_HEADERS_OVERFLOW: HeadersOverflowError,
  UND_ERR_INVALID_ARG: InvalidArgumentError,
  UND_ERR_NOT_SUPPORTED: NotSupportedError,
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: RequestContentLengthMismatchError,
  HPE: HTTPParserError,
};

/** Gives an error of Go undici's class, where its code is one of undici's. */
export function named(err: any): any {
  const Class = typeof err?.code === 'string' ? classes[err.code] : undefined;
  if (Class !== undefined) {
    const { stack } = err;
    setPrototypeOf(err, Class.prototype);
    defineProperty(err, 'name', { value: Class.name, writable: true, enumerable: false, configurable: true });
    if (typeof stack === 'string' && stack.startsWith('Error')) {
      defineProperty(err, 'stack', { value: Class.name + stack.slice(5), writable: true, enumerable: false, configurable: true });
    }
    if (err.code === 'HPE') err.code = undefined;
  }
  return err;
}

/** Makes an error of this code. */
export function undiciError(code: string, message: string): any {
  const err: any = new Error(message);
  err.code = code;
  return named(err);
}
