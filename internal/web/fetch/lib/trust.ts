// What fetch trusts, for tls.setDefaultCACertificates().
export { setRoots } from 'native:web/fetch';
