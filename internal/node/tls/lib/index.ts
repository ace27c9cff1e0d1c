// What other builtins import of tls.
export {
  SecureContext, alpnList, convertALPNProtocols, createSecureContext, defaults, getCACertificates, getCiphers, rootCertificates, setDefaultCACertificates,
  translatePeerCertificate,
} from 'internal:tls/context';
export { checkServerIdentity } from 'internal:tls/identity';
export { TLSSocket, connect } from 'internal:tls/socket';
export { Server, createServer } from 'internal:tls/server';
