// session.socket: the socket below, without what would disturb the protocol on it.
// https://nodejs.org/docs/latest-v24.x/api/http2.html#http2sessionsocket
import { codes } from 'internal:errors';

const forbidden = new Set<any>(['destroy', 'emit', 'end', 'pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay']);
const ofSession = new Set<any>(['setTimeout', 'ref', 'unref']);

const handler = {
  get(core: any, name: any): any {
    if (ofSession.has(name)) return core.facade[name].bind(core.facade);
    if (forbidden.has(name)) throw new codes.ERR_HTTP2_NO_SOCKET_MANIPULATION();
    const { socket } = core;
    if (socket === undefined) throw new codes.ERR_HTTP2_SOCKET_UNBOUND();
    const value = socket[name];
    return typeof value === 'function' ? value.bind(socket) : value;
  },
  getPrototypeOf(core: any): any {
    const { socket } = core;
    if (socket === undefined) throw new codes.ERR_HTTP2_SOCKET_UNBOUND();
    return Reflect.getPrototypeOf(socket);
  },
  has(core: any, name: any): boolean {
    const { socket } = core;
    if (socket === undefined) throw new codes.ERR_HTTP2_SOCKET_UNBOUND();
    return Reflect.has(socket, name);
  },
  set(core: any, name: any, value: any): boolean {
    if (ofSession.has(name)) {
      core.facade[name] = value;
      return true;
    }
    if (forbidden.has(name)) throw new codes.ERR_HTTP2_NO_SOCKET_MANIPULATION();
    const { socket } = core;
    if (socket === undefined) throw new codes.ERR_HTTP2_SOCKET_UNBOUND();
    socket[name] = value;
    return true;
  },
};

export function socketProxy(core: any): any {
  return new Proxy(core, handler as any);
}
