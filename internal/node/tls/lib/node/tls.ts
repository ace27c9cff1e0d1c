// node:tls. https://nodejs.org/docs/latest-v24.x/api/tls.html
import {
  SecureContext, Server, TLSSocket, checkServerIdentity, connect, convertALPNProtocols, createSecureContext, createServer, defaults,
  getCACertificates, getCiphers, rootCertificates, setDefaultCACertificates,
} from 'internal:tls';

const tls: any = { CLIENT_RENEG_LIMIT: 3, CLIENT_RENEG_WINDOW: 600 };

function setting(name: string, key: 'min' | 'max' | 'ciphers' | 'curve'): void {
  Object.defineProperty(tls, name, {
    __proto__: null, configurable: true, enumerable: true, get: () => defaults()[key], set: (value: string) => { defaults()[key] = value; },
  } as any);
}
setting('DEFAULT_CIPHERS', 'ciphers');
setting('DEFAULT_ECDH_CURVE', 'curve');
setting('DEFAULT_MIN_VERSION', 'min');
setting('DEFAULT_MAX_VERSION', 'max');

tls.getCiphers = getCiphers;
tls.getCertificateCompressionAlgorithms = () => [];
Object.defineProperty(tls, 'rootCertificates', { __proto__: null, configurable: false, enumerable: true, get: rootCertificates } as any);
Object.assign(tls, {
  getCACertificates, setDefaultCACertificates, convertALPNProtocols, checkServerIdentity, createSecureContext, SecureContext, TLSSocket, Server,
  createServer, connect,
});

export default tls;
