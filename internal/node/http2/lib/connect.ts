// http2.connect. https://nodejs.org/docs/latest-v24.x/api/http2.html#http2connectauthority-options-listener
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import * as net from 'internal:net';
import { URL } from 'internal:url';
import { promisify } from 'internal:util';
import { validateArray, validateObject } from 'internal:validators';
import { ClientHttp2Session, setOrigin } from 'internal:http2/clientsession';

/** The limits that sessions of both sides have, checked. */
export function sessionOptions(options: any): any {
  if (options.remoteCustomSettings !== undefined) {
    validateArray(options.remoteCustomSettings, 'options.remoteCustomSettings');
    if (options.remoteCustomSettings.length > 10) throw new codes.ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
    options.remoteCustomSettings = [...options.remoteCustomSettings];
  }
  if (options.maxSettings !== undefined) options.maxSettings = Math.max(1, options.maxSettings);
  return options;
}

export function connect(authority: any, options?: any, listener?: any): any {
  if (typeof options === 'function') {
    listener = options;
    options = undefined;
  }
  if (options !== undefined) validateObject(options, 'options');
  options = sessionOptions({ ...options });
  if (typeof authority === 'string') authority = new URL(authority);
  if (authority === null || typeof authority !== 'object') throw new codes.ERR_INVALID_ARG_TYPE('authority', ['string', 'Object', 'URL'], authority);

  const protocol = authority.protocol || options.protocol || 'https:';
  const port = String(authority.port === undefined || authority.port === '' ? (protocol === 'http:' ? 80 : 443) : authority.port);
  const host = hostOf(authority);

  let socket;
  if (typeof options.createConnection === 'function') {
    socket = options.createConnection(authority, options);
  } else {
    switch (protocol) {
      case 'http:':
        socket = load('node:net').default.connect({ port, host, ...options });
        break;
      case 'https:':
        socket = load('node:tls').default.connect(port, host, tlsOptions(options, net.isIP(host) ? undefined : host));
        break;
      default:
        throw new codes.ERR_HTTP2_UNSUPPORTED_PROTOCOL(protocol);
    }
  }
  const session = new ClientHttp2Session(options, socket);
  // Differs from Node: an IPv6 address stands in brackets, as URLs have it.
  setOrigin(session, `${net.isIP(host) === 6 ? `[${host}]` : host}:${port}`, protocol);
  if (typeof listener === 'function') session.once('connect', listener);
  return session;
}

// A URL has its IPv6 address in brackets, a socket without.
function hostOf({ hostname, host }: any): string {
  return hostname ? hostname.replace(/^\[(.*)\]$/, '$1') : host || 'localhost';
}

function tlsOptions(options: any, servername: string | undefined): any {
  const o = { ...options };
  o.ALPNProtocols ??= ['h2'];
  if (servername !== undefined && o.servername === undefined) o.servername = servername;
  return o;
}

Object.defineProperty(connect, promisify.custom, {
  __proto__: null,
  value(authority: any, options: any): Promise<any> {
    return new Promise((resolve, reject) => {
      const session = connect(authority, options, () => {
        session.removeListener('error', reject);
        resolve(session);
      });
      session.once('error', reject);
    });
  },
} as any);
