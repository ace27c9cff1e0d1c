// node:tls. https://nodejs.org/docs/latest-v24.x/api/tls.html
import {
  DEFAULT_CIPHERS, SecureContext, Server, TLSSocket, checkServerIdentity, connect, convertALPNProtocols, createSecureContext, createServer,
  getCACertificates, getCiphers, rootCertificates, versions,
} from 'internal:tls';

const tls: any = {
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  getCiphers,
  getCACertificates,
  convertALPNProtocols,
  checkServerIdentity,
  DEFAULT_CIPHERS,
  DEFAULT_ECDH_CURVE: 'auto',
  TLSSocket,
  Server,
  createServer,
  connect,
  SecureContext,
  createSecureContext,
};
Object.defineProperties(tls, {
  rootCertificates: { __proto__: null as never, configurable: false, enumerable: true, get: rootCertificates },
  DEFAULT_MIN_VERSION: { __proto__: null as never, configurable: true, enumerable: true, get: () => versions.min, set: (v: string) => { versions.min = v; } },
  DEFAULT_MAX_VERSION: { __proto__: null as never, configurable: true, enumerable: true, get: () => versions.max, set: (v: string) => { versions.max = v; } },
});

export default tls;
