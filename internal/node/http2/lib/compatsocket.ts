// request.socket and response.socket: the connection as HTTP/1 programs expect it, with the stream's end in place of the socket's.
// https://nodejs.org/docs/latest-v24.x/api/http2.html#requestsocket
import { codes } from 'internal:errors';
import { kCore } from 'internal:http2/session';

/** The request of a stream. */
export const kRequest = Symbol('request');
const kProxy = Symbol('proxySocket');

const ofStream = new Set<any>(['on', 'once', 'end', 'emit', 'destroy']);
const stateOfStream = new Set<any>(['writable', 'destroyed', 'readable']);
const forbidden = new Set<any>(['write', 'read', 'pause', 'resume']);

function below(stream: any): any {
  return stream.session?.[kCore].socket ?? stream;
}

const handler = {
  get(stream: any, name: any): any {
    if (ofStream.has(name)) return stream[name].bind(stream);
    if (name === 'readable') return !stream.destroyed && (stream[kRequest] ?? stream).readable;
    if (stateOfStream.has(name)) return stream[name];
    if (forbidden.has(name)) throw new codes.ERR_HTTP2_NO_SOCKET_MANIPULATION();
    if (name === 'setTimeout') {
      const target = stream.session ?? stream;
      return target.setTimeout.bind(target);
    }
    const socket = below(stream);
    const value = socket[name];
    return typeof value === 'function' ? value.bind(socket) : value;
  },
  getPrototypeOf(stream: any): any {
    return Reflect.getPrototypeOf(below(stream));
  },
  has(stream: any, name: any): boolean {
    return Reflect.has(below(stream), name);
  },
  set(stream: any, name: any, value: any): boolean {
    if (forbidden.has(name)) throw new codes.ERR_HTTP2_NO_SOCKET_MANIPULATION();
    if (ofStream.has(name) || stateOfStream.has(name)) stream[name] = value;
    else if (name === 'setTimeout') (stream.session ?? stream).setTimeout = value;
    else below(stream)[name] = value;
    return true;
  },
};

export function compatSocket(stream: any): any {
  return (stream[kProxy] ??= new Proxy(stream, handler as any));
}
