// node:_tls_common, deprecated but required by old packages.
import { SecureContext, createSecureContext, translatePeerCertificate } from 'internal:tls';

export default { SecureContext, createSecureContext, translatePeerCertificate };
