// Secure contexts and the certificates that are trusted. https://nodejs.org/docs/latest-v24.x/api/tls.html#tlscreatesecurecontextoptions
//
// Differs from Node: Go's crypto/tls is below. A client offers every suite of TLS 1.3 and refuses one that its options don't allow; DHE suites, CBC
// suites with SHA-384 and CCM are missing, so dhparam has no effect; a client's sigalgs are not sent. rootCertificates are the system's.
import * as native from 'native:tls';
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateInt32, validateInteger, validateString } from 'internal:validators';

const { isArray } = Array;
const { isView } = ArrayBuffer;
const { freeze } = Object;

const CORE_CIPHERS = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256:' +
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:' +
  'ECDHE-RSA-AES128-SHA256:DHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-SHA256:' +
  'DHE-RSA-AES256-SHA256:HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:!CAMELLIA';
const SUITES_13 = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';

const numbers: Record<string, number> = { 'TLSv1': 0x301, 'TLSv1.1': 0x302, 'TLSv1.2': 0x303, 'TLSv1.3': 0x304 };

// Options of the command line, and of NODE_OPTIONS.
function argument(name: string): string | undefined {
  const { process } = { process: load('node:process').default };
  const list = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv];
  for (let i = list.length - 1; i >= 0; i--) {
    if (list[i] === name) return list[i + 1] ?? '';
    if (list[i].startsWith(`${name}=`)) return list[i].slice(name.length + 1);
  }
  return undefined;
}

interface Defaults { min: string; max: string; ciphers: string; curve: string; keylog: string | undefined }
let made: Defaults | undefined;

/** What the command line says, until the program sets tls.DEFAULT_*. */
export function defaults(): Defaults {
  if (made === undefined) {
    const has = (name: string): boolean => argument(name) !== undefined;
    made = {
      min: has('--tls-min-v1.0') ? 'TLSv1' : has('--tls-min-v1.1') ? 'TLSv1.1' : has('--tls-min-v1.2') ? 'TLSv1.2' : has('--tls-min-v1.3') ? 'TLSv1.3' : 'TLSv1.2',
      max: has('--tls-max-v1.3') ? 'TLSv1.3' : has('--tls-max-v1.2') ? 'TLSv1.2' : 'TLSv1.3',
      ciphers: argument('--tls-cipher-list') || CORE_CIPHERS,
      curve: 'auto',
      keylog: argument('--tls-keylog'),
    };
    if (made.keylog) {
      load('node:process').default.emitWarning(`Using --tls-keylog makes TLS connections insecure by writing secret key material to file ${made.keylog}`);
    }
  }
  return made;
}

let warnedExtra = false;
function warnAboutExtra(): void {
  if (warnedExtra) return;
  warnedExtra = true;
  const text = native.extraError();
  if (text !== undefined) load('node:process').default.emitWarning(text);
}

function failed(message: string): Error {
  const error: any = new Error(message);
  error.code = 'ERR_CRYPTO_OPERATION_FAILED';
  return error;
}

function checkPem(value: any, name: string): void {
  if (typeof value !== 'string' && !isView(value)) throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], value);
}

function bytes(value: any): string | Uint8Array {
  return typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function listOf(value: any): any[] {
  return isArray(value) ? value : [value];
}

// The methods that secureSocket protocols name: [lowest, highest].
function protocolRange(method: string): [number, number] {
  const name = method.replace(/_(?:client|server)_method$/, '_method');
  switch (name) {
    case 'TLS_method': return [0x301, 0x304];
    case 'SSLv23_method': return [versionOf(defaults().min, 'minimum'), 0x303];
    case 'TLSv1_method': return [0x301, 0x301];
    case 'TLSv1_1_method': return [0x302, 0x302];
    case 'TLSv1_2_method': return [0x303, 0x303];
    case 'SSLv2_method': throw new codes.ERR_TLS_INVALID_PROTOCOL_METHOD('SSLv2 methods disabled');
    case 'SSLv3_method': throw new codes.ERR_TLS_INVALID_PROTOCOL_METHOD('SSLv3 methods disabled');
  }
  throw new codes.ERR_TLS_INVALID_PROTOCOL_METHOD(`Unknown method: ${method}`);
}

function versionOf(name: any, kind: string): number {
  const found = numbers[name];
  if (found === undefined) throw new codes.ERR_TLS_INVALID_PROTOCOL_VERSION(name, kind);
  return found;
}

/** What secureContext.context is: the context of the Go half. */
export class NativeContext {
  #handle = native.contextNew();
  #min = 0;
  #max = 0;
  own = false;

  static handle(context: NativeContext): native.Context { return context.#handle; }
  static is(value: any): value is NativeContext { return typeof value === 'object' && value !== null && #handle in value; }

  get _external(): unknown { return this.#handle; }
  setVersions(min: number, max: number): void {
    this.#min = min;
    this.#max = max;
    native.contextVersions(this.#handle, min, max);
  }
  setMinProto(version: number): void { this.setVersions(version, this.#max); }
  setMaxProto(version: number): void { this.setVersions(this.#min, version); }
  getMinProto(): number { return this.#min; }
  getMaxProto(): number { return this.#max; }
  // Beside those that are trusted already: the default ones, unless options.ca was given.
  addCACert(pem: any): void {
    if (this.own) native.contextCA(this.#handle, bytes(pem));
    else native.contextDefaultCA(this.#handle, bytes(pem));
  }
  addRootCerts(): void { native.contextDefaultCA(this.#handle, ''); }
  addCRL(pem: any): void {
    if (!native.contextCRL(this.#handle, bytes(pem))) throw failed('Failed to parse CRL');
  }
  setCert(pem: any): void { native.contextCert(this.#handle, bytes(pem)); }
  setKey(pem: any, passphrase?: any): void {
    if (native.contextKey(this.#handle, bytes(pem))) return;
    const { createPrivateKey } = load('internal:crypto/keys');
    const key = createPrivateKey({ key: bytes(pem), format: 'pem', passphrase: passphrase ?? '' });
    native.contextKey(this.#handle, key.export({ type: 'pkcs8', format: 'pem' }));
  }
  getCertificate(): any { return native.contextCertificate(this.#handle) ?? null; }
  getIssuer(): any { return native.contextIssuer(this.#handle) ?? null; }
  getTicketKeys(): any { return native.contextTicketKeys(this.#handle); }
  setTicketKeys(keys: any): void { native.contextTicketKeys(this.#handle, bytes(keys) as Uint8Array); }
  close(): void {}
}

export const handleOf = NativeContext.handle;
export const isNativeContext = NativeContext.is;
delete (NativeContext as any).handle;
delete (NativeContext as any).is;

/** tls.SecureContext */
export function SecureContext(this: any, secureProtocol?: any, secureOptions?: any, minVersion?: any, maxVersion?: any): any {
  if (!(this instanceof (SecureContext as any))) return new (SecureContext as any)(secureProtocol, secureOptions, minVersion, maxVersion);
  let min;
  let max;
  if (secureProtocol) {
    if (minVersion != null) throw new codes.ERR_TLS_PROTOCOL_VERSION_CONFLICT(minVersion, secureProtocol);
    if (maxVersion != null) throw new codes.ERR_TLS_PROTOCOL_VERSION_CONFLICT(maxVersion, secureProtocol);
    validateString(secureProtocol, 'secureProtocol');
    [min, max] = protocolRange(secureProtocol);
  } else {
    min = versionOf(minVersion ?? defaults().min, 'minimum');
    max = versionOf(maxVersion ?? defaults().max, 'maximum');
  }
  if (secureOptions) {
    validateInteger(secureOptions, 'secureOptions');
    // SSL_OP_NO_TLSv1 and those after it.
    const no: [number, number][] = [[0x301, 0x4000000], [0x302, 0x10000000], [0x303, 0x8000000], [0x304, 0x20000000]];
    for (const [version, bit] of no) {
      if ((secureOptions & bit) !== 0 && version === min) min++;
    }
    for (const [version, bit] of no.reverse()) {
      if ((secureOptions & bit) !== 0 && version === max) max--;
    }
  }
  this.context = new NativeContext();
  this.context.setVersions(min, max);
  return undefined;
}

// Cipher strings name suites of TLS 1.3 by TLS_, others by OpenSSL's rules.
function setCiphers(context: NativeContext, ciphers: string): void {
  const names = ciphers.split(':').filter((name) => name.length > 0);
  const old = names.filter((name) => !name.startsWith('TLS_') && !name.startsWith('!TLS_')).join(':');
  const suites = names.filter((name) => name.startsWith('TLS_')).join(':');
  if (old === '' && suites === '') throw new codes.ERR_INVALID_ARG_VALUE('options.ciphers', ciphers);
  native.contextCiphers(handleOf(context), old, suites || SUITES_13);
}

/** tls.createSecureContext(options) */
export function createSecureContext(options: any = {}): any {
  options ??= {};
  warnAboutExtra();
  const result = new (SecureContext as any)(options.secureProtocol, options.secureOptions, options.minVersion, options.maxVersion);
  configure(result.context, options);
  return result;
}

function configure(context: NativeContext, options: any): void {
  const { allowPartialTrustChain, ca, cert, ciphers, clientCertEngine, crl, dhparam, ecdhCurve, honorCipherOrder, key, passphrase, pfx, privateKeyEngine,
    privateKeyIdentifier, secureOptions, sessionIdContext, sessionTimeout, sigalgs, ticketKeys } = options;
  const handle = handleOf(context);
  void dhparam;

  // The cipher string comes first: its security level counts for what is loaded after.
  if (ciphers !== undefined && ciphers !== null) validateString(ciphers, 'options.ciphers');
  setCiphers(context, ciphers || defaults().ciphers);

  if (ca) {
    context.own = true;
    for (const item of listOf(ca)) {
      checkPem(item, 'options.ca');
      native.contextCA(handle, bytes(item));
    }
  }
  if (cert) {
    for (const item of listOf(cert)) {
      checkPem(item, 'options.cert');
      context.setCert(item);
    }
  }
  if (passphrase !== undefined && passphrase !== null) validateString(passphrase, 'options.passphrase');
  if (key) {
    for (const item of listOf(key)) {
      const own = isArray(key) && item !== null && typeof item === 'object' && !isView(item) && item.pem !== undefined;
      const pem = own ? item.pem : item;
      checkPem(pem, 'options.key');
      const word = own ? item.passphrase ?? passphrase : passphrase;
      if (word !== undefined && word !== null) validateString(word, 'options.passphrase');
      context.setKey(pem, word);
    }
  }
  if (sigalgs !== undefined && sigalgs !== null) {
    validateString(sigalgs, 'options.sigalgs');
    if (sigalgs === '') throw new codes.ERR_INVALID_ARG_VALUE('options.sigalgs', sigalgs);
    if (!native.contextSigalgs(handle, sigalgs)) throw new Error('error:00000000:lib(0)::reason(0)');
  }
  if (privateKeyIdentifier !== undefined && privateKeyIdentifier !== null) {
    if (privateKeyEngine === undefined || privateKeyEngine === null) {
      throw new codes.ERR_INVALID_ARG_VALUE('options.privateKeyEngine', privateKeyEngine);
    }
    if (typeof privateKeyEngine !== 'string') {
      throw new codes.ERR_INVALID_ARG_TYPE('options.privateKeyEngine', ['string', 'null', 'undefined'], privateKeyEngine);
    }
    if (typeof privateKeyIdentifier !== 'string') {
      throw new codes.ERR_INVALID_ARG_TYPE('options.privateKeyIdentifier', ['string', 'null', 'undefined'], privateKeyIdentifier);
    }
    throw new codes.ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED();
  }
  const curve = ecdhCurve ?? defaults().curve;
  validateString(curve, 'options.ecdhCurve');
  if (curve !== 'auto' && !native.contextCurves(handle, curve)) throw failed('Failed to set ECDH curve');
  if (crl) {
    for (const item of listOf(crl)) {
      checkPem(item, 'options.crl');
      context.addCRL(item);
    }
  }
  if (sessionIdContext !== undefined && sessionIdContext !== null) validateString(sessionIdContext, 'options.sessionIdContext');
  if (pfx) {
    for (const item of listOf(pfx)) {
      const own = item !== null && typeof item === 'object' && !isView(item) && item.buf !== undefined;
      const data = own ? item.buf : item;
      checkPem(data, 'options.pfx');
      const word = (own ? item.passphrase : undefined) ?? passphrase;
      if (word !== undefined && word !== null) validateString(word, 'options.passphrase');
      const [privateKey, own1, ...others] = load('internal:crypto/pkcs12').pkcs12Parse(bytes(data), word ?? '');
      context.setCert([own1, ...others].join(''));
      context.setKey(privateKey);
      // The other certificates are trusted, beside those that are anyway.
      if (others.length > 0) context.addCACert(others.join(''));
    }
  }
  if (clientCertEngine !== undefined && clientCertEngine !== null) {
    if (typeof clientCertEngine !== 'string') {
      throw new codes.ERR_INVALID_ARG_TYPE('options.clientCertEngine', ['string', 'null', 'undefined'], clientCertEngine);
    }
    throw new codes.ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED();
  }
  if (ticketKeys !== undefined && ticketKeys !== null) {
    if (!isView(ticketKeys)) throw new codes.ERR_INVALID_ARG_TYPE('options.ticketKeys', ['Buffer', 'TypedArray', 'DataView'], ticketKeys);
    if (ticketKeys.byteLength !== 48) throw new codes.ERR_INVALID_ARG_VALUE('options.ticketKeys', ticketKeys.byteLength, 'must be exactly 48 bytes');
    context.setTicketKeys(ticketKeys);
  }
  if (sessionTimeout !== undefined && sessionTimeout !== null) validateInt32(sessionTimeout, 'options.sessionTimeout', 0);
  const serverOrder = honorCipherOrder || ((secureOptions ?? 0) & 0x400000) !== 0;
  native.contextOptions(handle, allowPartialTrustChain === true, sessionTimeout ?? 0, sessionIdContext ?? '', secureOptions ?? 0, !serverOrder);
}

/** tls.getCiphers() */
export function getCiphers(): string[] {
  return native.cipherNames();
}

const cached: Record<string, readonly string[]> = { __proto__: null } as any;
function certificates(type: 'default' | 'system' | 'extra'): readonly string[] {
  if (type !== 'system') warnAboutExtra();
  return (cached[type] ??= freeze(native.caCertificates(type)));
}

/** tls.rootCertificates */
export function rootCertificates(): readonly string[] {
  return certificates('system');
}

/** tls.getCACertificates([type]) */
export function getCACertificates(type: any = 'default'): readonly string[] {
  validateString(type, 'type');
  switch (type) {
    case 'default': return certificates('default');
    case 'extra': return certificates('extra');
    case 'bundled': case 'system': return certificates('system');
  }
  throw new codes.ERR_INVALID_ARG_VALUE('type', type);
}

/** tls.setDefaultCACertificates(certs) */
export function setDefaultCACertificates(certs: any): void {
  if (!isArray(certs)) throw new codes.ERR_INVALID_ARG_TYPE('certs', 'Array', certs);
  const texts: string[] = [];
  for (let i = 0; i < certs.length; i++) {
    const cert = certs[i];
    if (typeof cert === 'string') texts.push(cert);
    else if (isView(cert)) texts.push(Buffer.from(cert.buffer, cert.byteOffset, cert.byteLength).toString('latin1'));
    else throw new codes.ERR_INVALID_ARG_TYPE(`certs[${i}]`, ['string', 'ArrayBufferView'], cert);
  }
  native.setDefaultCA(texts);
  load('internal:web/fetch/trust').setRoots(texts); // fetch has a client of its own
  delete cached.default;
}

/** tls.convertALPNProtocols(protocols, out): out.ALPNProtocols gets the wire form. */
export function convertALPNProtocols(protocols: any, out: any): void {
  if (isArray(protocols)) {
    const parts = protocols.map((name: any, i: number) => {
      const text = Buffer.from(`${name}`, 'latin1');
      if (text.length > 255) throw new codes.ERR_OUT_OF_RANGE(`The byte length of the protocol at index ${i} exceeds the maximum length.`, '<= 255', text.length, true);
      return Buffer.concat([Buffer.from([text.length]), text]);
    });
    out.ALPNProtocols = Buffer.concat(parts);
  } else if (protocols instanceof Uint8Array) {
    out.ALPNProtocols = Buffer.from(protocols);
  } else if (isView(protocols)) {
    out.ALPNProtocols = Buffer.from(protocols.buffer.slice(protocols.byteOffset, protocols.byteOffset + protocols.byteLength));
  }
}

/** The names in the wire form of ALPN. */
export function alpnList(wire: any): string[] {
  const list: string[] = [];
  if (wire === undefined || wire === null) return list;
  for (let i = 0; i < wire.length; i += 1 + wire[i]) list.push(wire.latin1Slice(i + 1, i + 1 + wire[i]));
  return list;
}

/** For --tls-keylog. */
export function logKeys(line: any): void {
  const { keylog } = defaults();
  if (keylog) native.appendLine(keylog, line);
}

/** What require('_tls_common') gives beside SecureContext. */
export function translatePeerCertificate(cert: any): any {
  if (!cert) return null;
  if (cert.issuerCertificate != null && cert.issuerCertificate !== cert) cert.issuerCertificate = translatePeerCertificate(cert.issuerCertificate);
  if (cert.infoAccess != null) {
    const info: any = { __proto__: null };
    for (const line of `${cert.infoAccess}`.split('\n')) {
      const at = line.indexOf(':');
      if (at < 0) continue;
      const name = line.slice(0, at);
      let value = line.slice(at + 1);
      if (value[0] === '"') value = JSON.parse(value);
      if (Object.hasOwn(info, name)) info[name].push(value);
      else Object.defineProperty(info, name, { __proto__: null, value: [value], configurable: true, enumerable: true, writable: true } as any);
    }
    cert.infoAccess = info;
  }
  return cert;
}

