// tls over Go's crypto/tls. https://nodejs.org/docs/latest-v24.x/api/tls.html
//
// A TLSSocket is a net.Socket without a handle of its own: the stream below brings and takes encrypted bytes, the session in Go the plain ones.
// Differs from Node: cipher lists (ciphers, honorCipherOrder, ecdhCurve, sigalgs) don't choose anything, Go's own order is used; session
// resumption, PSK, CRLs, PFX files and renegotiation aren't there.
import * as native from 'native:tls';
import { adopt, release } from 'internal:handle';
import { Buffer } from 'internal:buffer';
import { Server as NetServer, Socket, connect as netConnect, isIP, normalizeArgs } from 'internal:net';
import { nextTick } from 'internal:process/task';
import { clearTimeout, setTimeout } from 'internal:timers';
import { load } from 'internal:load';
import { ConnResetException, codes, unavailable } from 'internal:errors';
import { validateFunction, validateObject, validateString } from 'internal:validators';

const { setPrototypeOf, defineProperty } = Object;
const { isArray } = Array;

export const versions = { min: 'TLSv1.2', max: 'TLSv1.3' };
export const DEFAULT_CIPHERS = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256:' +
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384';
const versionNumbers: Record<string, number> = { 'TLSv1': 0x301, 'TLSv1.1': 0x302, 'TLSv1.2': 0x303, 'TLSv1.3': 0x304 };
const protocolNames: Record<string, string> = { TLSv1_method: 'TLSv1', TLSv1_1_method: 'TLSv1.1', TLSv1_2_method: 'TLSv1.2' };

const kContext = Symbol('context');
const kSession = Symbol('session');
const kBelow = Symbol('below');
const kRead = Symbol('read');
const kWriteCallback = Symbol('writeCallback');
const kEndCallback = Symbol('endCallback');
const kInfo = Symbol('info');
const kOptions = Symbol('options');
const kCipher = Symbol('cipher');

// ------------------------------------------------------------------------------------------------ contexts

function pem(value: any, name: string): string {
  if (value === undefined || value === null || value === false) return '';
  const list = isArray(value) ? value : [value];
  let text = '';
  for (let item of list) {
    if (item && typeof item === 'object' && !ArrayBuffer.isView(item) && item.pem !== undefined) {
      if (item.passphrase !== undefined) unavailable('options.passphrase of tls');
      item = item.pem;
    }
    if (typeof item === 'string') text += `${item}\n`;
    else if (ArrayBuffer.isView(item)) text += `${Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('latin1')}\n`;
    else throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], item);
  }
  return text;
}

function versionOf(name: any, fallback: string, kind: string): number {
  if (name === undefined || name === null) return versionNumbers[fallback];
  const found = versionNumbers[name];
  if (found === undefined) throw new codes.ERR_TLS_INVALID_PROTOCOL_VERSION(name, kind);
  return found;
}

export class SecureContext {
  context: object;
  constructor(options: any = {}) {
    for (const name of ['pfx', 'crl', 'privateKeyEngine', 'privateKeyIdentifier', 'clientCertEngine']) {
      if (options[name] !== undefined && options[name] !== null) unavailable(`options.${name} of tls`);
    }
    let min = options.minVersion;
    let max = options.maxVersion;
    if (options.secureProtocol) {
      if (min != null) throw new codes.ERR_TLS_PROTOCOL_VERSION_CONFLICT(min, options.secureProtocol);
      if (max != null) throw new codes.ERR_TLS_PROTOCOL_VERSION_CONFLICT(max, options.secureProtocol);
      min = max = protocolNames[options.secureProtocol.replace(/_(?:client|server)_method$/, '_method')];
    }
    const cert = pem(options.cert, 'options.cert');
    const key = pem(options.key, 'options.key');
    if (options.passphrase !== undefined && options.passphrase !== null) validateString(options.passphrase, 'options.passphrase');
    const ca = options.ca === undefined || options.ca === null ? undefined : pem(options.ca, 'options.ca');
    this.context = native.contextNew(cert, key, options.passphrase ?? '', ca,
      versionOf(min, versions.min, 'minimum'), versionOf(max, versions.max, 'maximum'));
  }
}

export function createSecureContext(options?: any): SecureContext {
  return new SecureContext(options ?? {});
}

export function getCiphers(): string[] {
  return native.cipherNames();
}

let roots: readonly string[] | undefined;
export function rootCertificates(): readonly string[] {
  return (roots ??= Object.freeze(native.rootCertificates()));
}
export function getCACertificates(type: any = 'default'): readonly string[] {
  validateString(type, 'type');
  if (type === 'default' || type === 'bundled' || type === 'system') return rootCertificates();
  if (type === 'extra') return [];
  throw new codes.ERR_INVALID_ARG_VALUE('type', type);
}

export function convertALPNProtocols(protocols: any, out: any): void {
  if (isArray(protocols)) {
    const parts = protocols.map((p: string) => {
      const bytes = Buffer.from(p, 'latin1');
      if (bytes.length > 255) throw new codes.ERR_OUT_OF_RANGE(`The byte length of the protocol at index ${protocols.indexOf(p)} exceeds the maximum length.`, '<= 255', bytes.length, true);
      return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    });
    out.ALPNProtocols = Buffer.concat(parts);
  } else if (protocols instanceof Uint8Array) {
    out.ALPNProtocols = Buffer.from(protocols);
  } else if (ArrayBuffer.isView(protocols)) {
    out.ALPNProtocols = Buffer.from(protocols.buffer.slice(protocols.byteOffset, protocols.byteOffset + protocols.byteLength));
  }
}

function alpnList(protocols: any): string[] {
  if (protocols === undefined || protocols === null) return [];
  if (isArray(protocols)) return protocols.map((p: any) => (typeof p === 'string' ? p : Buffer.from(p).toString('latin1')));
  const bytes = ArrayBuffer.isView(protocols) ? Buffer.from(protocols.buffer, protocols.byteOffset, protocols.byteLength) : Buffer.from(protocols);
  const list = [];
  for (let i = 0; i < bytes.length; i += 1 + bytes[i]) list.push(bytes.toString('latin1', i + 1, i + 1 + bytes[i]));
  return list;
}

// ------------------------------------------------------------------------------------------------ names of servers

function unfqdn(host: string): string {
  return host.replace(/[.]$/, '');
}

function splitHost(host: string): string[] {
  return unfqdn(host).toLowerCase().split('.');
}

// One pattern of a certificate, whose first label may hold a wildcard (RFC 6125, 6.4).
function matches(hostParts: string[], pattern: string, wildcards: boolean): boolean {
  if (!pattern) return false;
  const patternParts = splitHost(pattern);
  if (hostParts.length !== patternParts.length || patternParts.includes('')) return false;
  if (!patternParts.every((part) => /^[!-~]*$/.test(part))) return false;
  for (let i = hostParts.length - 1; i > 0; i--) {
    if (hostParts[i] !== patternParts[i]) return false;
  }
  const [hostLabel] = hostParts;
  const [label] = patternParts;
  const pieces = label.split('*', 3);
  if (pieces.length === 1 || label.includes('xn--')) return hostLabel === label;
  if (!wildcards || pieces.length > 2 || patternParts.length <= 2) return false;
  const [prefix, suffix] = pieces;
  return prefix.length + suffix.length <= hostLabel.length && hostLabel.startsWith(prefix) && hostLabel.endsWith(suffix);
}

function altNames(text: string): { dns: string[]; ips: string[] } {
  const dns: string[] = [];
  const ips: string[] = [];
  for (const part of text.split(', ')) {
    if (part.startsWith('DNS:')) dns.push(part.slice(4));
    else if (part.startsWith('IP Address:')) ips.push(part.slice(11));
  }
  return { dns, ips };
}

export function checkServerIdentity(hostname: string, cert: any): Error | undefined {
  const { subject, subjectaltname } = cert;
  const { dns, ips } = subjectaltname ? altNames(subjectaltname) : { dns: [], ips: [] };
  let valid = false;
  let reason = 'Unknown reason';
  hostname = unfqdn(`${hostname}`);
  if (isIP(hostname)) {
    valid = ips.includes(hostname);
    if (!valid) reason = `IP: ${hostname} is not in the cert's list: ${ips.join(', ')}`;
  } else if (dns.length > 0 || subject?.CN) {
    const parts = splitHost(hostname);
    if (dns.length > 0) {
      valid = dns.some((name) => matches(parts, name, true));
      if (!valid) reason = `Host: ${hostname}. is not in the cert's altnames: ${subjectaltname}`;
    } else {
      const cn = subject.CN;
      valid = isArray(cn) ? cn.some((name: string) => matches(parts, name, true)) : cn ? matches(parts, cn, true) : false;
      if (!valid) reason = `Host: ${hostname}. is not cert's CN: ${cn}`;
    }
  } else {
    reason = 'Cert does not contain a DNS name';
  }
  if (valid) return undefined;
  const error: any = new codes.ERR_TLS_CERT_ALTNAME_INVALID(reason, hostname, cert);
  error.reason ??= reason;
  error.host ??= hostname;
  error.cert ??= cert;
  return error;
}

// ------------------------------------------------------------------------------------------------ TLSSocket

export function TLSSocket(this: any, socket?: any, options?: any): void {
  const o = { ...options };
  this[kOptions] = o;
  this.authorized = false;
  this.authorizationError = null;
  this.encrypted = true;
  this.alpnProtocol = null;
  this.servername = null;
  this.secureConnecting = true;
  this._securePending = false;
  this._tlsOptions = o;
  this._secureEstablished = false;
  this._controlReleased = true;
  this._SNICallback = null;
  this.ssl = null;
  (Socket as any).call(this, { allowHalfOpen: socket ? socket.allowHalfOpen || o.allowHalfOpen : o.allowHalfOpen, manualStart: true, highWaterMark: o.highWaterMark });
  this[kRead] = false;
  this[kWriteCallback] = null;
  this[kEndCallback] = null;
  this[kInfo] = null;
  const context = o.secureContext ?? createSecureContext(o);
  if (!(context instanceof SecureContext)) throw new codes.ERR_TLS_INVALID_CONTEXT('options.secureContext');
  this[kContext] = context;
  let alpn: string[] = alpnList(o.ALPNProtocols);
  if (o.ALPNCallback !== undefined) {
    validateFunction(o.ALPNCallback, 'options.ALPNCallback');
    unavailable('options.ALPNCallback of tls');
  }
  const name = typeof o.servername === 'string' && !isIP(o.servername) ? o.servername : '';
  this[kSession] = native.sessionNew(context.context, o.isServer === true, name, alpn, o.requestCert === true);
  this.ssl = { verifyError: () => this.authorizationError };
  this[kBelow] = null;
  adopt(this[kSession], this);
  if (socket) setBelow(this, socket);
  this.on('end', onTLSEnd);
}
setPrototypeOf(TLSSocket.prototype, Socket.prototype);
setPrototypeOf(TLSSocket, Socket);

const T: any = TLSSocket.prototype;

function onTLSEnd(this: any): void {
  if (this._tlsOptions.isServer !== true && !this._secureEstablished) return;
}

// The stream below: a net.Socket or any Duplex.
function setBelow(tls: any, below: any): void {
  tls[kBelow] = below;
  tls._parent = below instanceof (Socket as any) ? below : null;
  tls.connecting = below.connecting ?? false;
  below.on('data', (chunk: any) => {
    if (tls[kSession] !== 0 && native.feed(tls[kSession], chunk) === false) {
      below.pause();
      tls.throttled = true;
    }
  });
  below.on('end', () => { if (tls[kSession] !== 0) native.feedEnd(tls[kSession]); });
  below.on('error', (err: any) => tls.destroy(err));
  below.on('close', () => {
    if (tls[kSession] !== 0 && !tls.destroyed) {
      native.feedEnd(tls[kSession]);
      // What was read before may still come: the session tells of the end.
      nextTick(() => {
        if (!tls._secureEstablished) tls.destroy(tls._tlsOptions.isServer ? undefined : disconnected());
      });
    }
  });
  if (below.timeout !== undefined) below.on('timeout', () => tls.emit('timeout'));
  const begin = (): void => {
    if (tls.destroyed) return;
    tls.connecting = false;
    if (below !== tls && tls.wasConnecting) {
      tls.emit('connect');
      tls.emit('ready');
    }
    native.start(tls[kSession]);
  };
  if (below.connecting) {
    tls.wasConnecting = true;
    below.once('connect', begin);
  } else {
    tls.connecting = false;
    native.start(tls[kSession]);
  }
}

function disconnected(): Error {
  return new ConnResetException('Client network socket disconnected before secure TLS connection was established');
}

T.onevent = function(this: any, event: number, a: any, b: any, c: any, d: any, e: any): void {
  switch (event) {
    case 1: onSecure(this, a, b, c, d, e); break;
    case 2:
      if (this.push(a) === false) {
        this[kRead] = false;
        native.setReading(this[kSession], false);
      }
      break;
    case 3:
      if (!this._secureEstablished) {
        this.destroy(this._tlsOptions.isServer ? undefined : disconnected());
      } else {
        this.push(null);
        this.read(0);
      }
      break;
    case 4: {
      if (a.code === 'ECONNRESET' && this._tlsOptions.isServer) {
        this.destroy(new ConnResetException('socket hang up'));
      } else {
        if (a.code?.startsWith?.('ERR_SSL_')) {
          a.library = 'SSL routines';
          a.reason = a.message.replace(/^.*:/, '');
        }
        if (!this._secureEstablished && this._tlsOptions.isServer) this._tlsOptions.server?.emit('tlsClientError', a, this);
        this.destroy(this._tlsOptions.isServer && !this._secureEstablished ? undefined : a);
      }
      break;
    }
    case 5: {
      const below = this[kBelow];
      if (below !== null && !below.destroyed && below.writable) below.write(a);
      if (this.throttled) {
        this.throttled = false;
        below.resume();
      }
      break;
    }
    case 6: {
      const callback = this[kWriteCallback];
      const below = this[kBelow];
      this[kWriteCallback] = null;
      if (callback === null) break;
      // The stream below may be full.
      if (below !== null && below.writableNeedDrain) below.once('drain', callback);
      else callback();
      break;
    }
    case 7: {
      const callback = this[kEndCallback];
      this[kEndCallback] = null;
      const below = this[kBelow];
      if (below !== null && !below.destroyed) below.end();
      if (callback !== null) callback();
      break;
    }
  }
  if (event === 2 && this.throttled && this[kBelow] !== null) {
    this.throttled = false;
    this[kBelow].resume();
  }
};

function onSecure(tls: any, protocol: string, cipher: string, alpn: string, code: string, text: string): void {
  const o = tls._tlsOptions;
  tls._secureEstablished = true;
  tls.secureConnecting = false;
  tls[kInfo] = protocol;
  tls[kCipher] = cipher;
  tls.alpnProtocol = alpn === '' ? false : alpn;
  let error: any = null;
  if (o.isServer) {
    if (o.requestCert) {
      const has = (native.peerCertificates(tls[kSession]) ?? []).length > 0;
      if (!has) {
        code = 'UNABLE_TO_GET_ISSUER_CERT';
        tls.authorizationError = code;
        if (o.rejectUnauthorized) {
          tls.destroy();
          return;
        }
      } else if (code !== '') {
        tls.authorizationError = code;
        if (o.rejectUnauthorized) {
          tls.destroy();
          return;
        }
      } else {
        tls.authorized = true;
      }
    }
    native.accept(tls[kSession]);
    tls.emit('secure');
    tls.emit('_tlsSecure');
    tls.read(0);
    return;
  }
  if (code !== '') {
    error = new Error(code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' || code === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' ? text : text);
    error.code = code;
  } else {
    const host = o.servername || o.host || tls._host || 'localhost';
    error = (o.checkServerIdentity ?? checkServerIdentity)(host, tls.getPeerCertificate(true)) ?? null;
  }
  if (error) {
    tls.authorized = false;
    tls.authorizationError = error.code || error.message;
    if (o.rejectUnauthorized !== false) {
      tls.destroy(error);
      return;
    }
  } else {
    tls.authorized = true;
  }
  // Not a byte of the application was sent before this.
  native.accept(tls[kSession]);
  tls.emit('secure');
  tls.emit('secureConnect');
  tls.read(0);
}

T._read = function(this: any, _n: number): void {
  if (this[kSession] !== 0 && !this[kRead]) {
    this[kRead] = true;
    native.setReading(this[kSession], true);
  }
};
T.read = function(this: any, n?: any): any {
  return (Socket as any).prototype.read.call(this, n);
};
T.resume = function(this: any): any {
  return (Socket as any).prototype.resume.call(this);
};

T._write = function(this: any, data: any, encoding: any, callback: any): void {
  if (typeof data === 'string' && encoding !== 'utf8' && encoding !== 'utf-8' && encoding !== 'buffer') data = Buffer.from(data, encoding);
  if (this[kSession] === 0) {
    callback(new codes.ERR_SOCKET_CLOSED());
    return;
  }
  this[kWriteCallback] = callback;
  native.write(this[kSession], data);
};
T._writev = null;

T._final = function(this: any, callback: any): void {
  if (this[kSession] === 0) {
    callback();
    return;
  }
  if (!this._secureEstablished) {
    const go = (): void => this._final(callback);
    this.once(this._tlsOptions.isServer ? 'secure' : 'secureConnect', go);
    this.once('close', () => this.removeListener('secureConnect', go));
    return;
  }
  this[kEndCallback] = callback;
  native.end(this[kSession]);
};

T._destroy = function(this: any, exception: any, callback: any): void {
  const id = this[kSession];
  if (id !== 0) {
    this[kSession] = 0;
    if (this._secureEstablished) this.lastCertificates = native.peerCertificates(id);
    native.destroy(id);
    release(id);
  }
  const pending = this[kWriteCallback];
  this[kWriteCallback] = null;
  const ending = this[kEndCallback];
  this[kEndCallback] = null;
  const below = this[kBelow];
  this.connecting = false;
  const hadError = Boolean(exception);
  if (this._server) {
    const server = this._server;
    this._server = null;
    void server;
  }
  if (below !== null && !below.destroyed) {
    below.once('close', () => this.emit('close', hadError));
    below.destroy();
    callback(exception);
  } else {
    callback(exception);
    nextTick(() => this.emit('close', hadError));
  }
  if (pending !== null) pending(new codes.ERR_STREAM_DESTROYED('write'));
  if (ending !== null) ending();
};

T.connect = function(this: any, ...args: any[]): any {
  const below = new (Socket as any)();
  below.connect(...args);
  setBelow(this, below);
  return this;
};

// What concerns the connection itself is the stream's below.
for (const name of ['setNoDelay', 'setKeepAlive', 'ref', 'unref']) {
  T[name] = function(this: any, ...args: any[]): any {
    this[kBelow]?.[name]?.(...args);
    return this;
  };
}
T.setTimeout = function(this: any, msecs: any, callback?: any): any {
  const below = this[kBelow];
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
    if (msecs === 0) this.removeListener('timeout', callback);
    else this.once('timeout', callback);
  }
  this.timeout = msecs;
  if (below !== null && typeof below.setTimeout === 'function') {
    if (this.forwardsTimeout !== true) {
      this.forwardsTimeout = true;
      below.on('timeout', () => this.emit('timeout'));
    }
    below.setTimeout(msecs);
  }
  return this;
};
T._unrefTimer = function(this: any): void { this[kBelow]?._unrefTimer?.(); };
T._getpeername = function(this: any): any { return this[kBelow]?._getpeername?.() ?? {}; };
T._getsockname = function(this: any): any { return this[kBelow]?._getsockname?.() ?? {}; };
T.address = function(this: any): any { return this[kBelow]?.address?.() ?? {}; };
for (const name of ['bytesRead', 'bytesWritten', '_bytesDispatched', 'pending']) {
  defineProperty(T, name, { __proto__: null, configurable: true, enumerable: true, get(this: any) { return this[kBelow]?.[name]; } } as any);
}

T.getProtocol = function(this: any): string | null { return this[kInfo]; };
T.getCipher = function(this: any): any {
  if (this[kInfo] === null) return undefined;
  const standard = this[kInfo] === 'TLSv1.3' ? this[kCipher] : this[kCipher];
  return { name: this[kCipher], standardName: standard, version: this[kInfo] };
};
T.getPeerCertificate = function(this: any, detailed?: boolean): any {
  const list = this[kSession] !== 0 ? native.peerCertificates(this[kSession]) : this.lastCertificates;
  if (!list || list.length === 0) return this._secureEstablished ? {} : null;
  for (const cert of list) {
    setPrototypeOf(cert.subject, null);
    setPrototypeOf(cert.issuer, null);
  }
  if (detailed) {
    for (let i = 0; i < list.length; i++) list[i].issuerCertificate = list[i + 1] ?? list[i];
  }
  return list[0];
};
T.getPeerX509Certificate = function(this: any): any {
  const cert = this.getPeerCertificate();
  if (!cert?.raw) return undefined;
  const { X509Certificate } = load('node:crypto').default;
  return new X509Certificate(cert.raw);
};
T.getCertificate = function(): any { return null; };
T.getSession = function(): any { return undefined; };
T.getTLSTicket = function(): any { return undefined; };
T.isSessionReused = function(): boolean { return false; };
T.setSession = function(): void {};
T.getEphemeralKeyInfo = function(this: any): any { return this._tlsOptions.isServer ? null : {}; };
T.getFinished = function(): any { return undefined; };
T.getPeerFinished = function(): any { return undefined; };
T.getSharedSigalgs = function(): any { return []; };
T.exportKeyingMaterial = function(): any { unavailable('tlsSocket.exportKeyingMaterial'); };
T.renegotiate = function(this: any, _options: any, callback: any): boolean {
  if (callback !== undefined) nextTick(callback, new codes.ERR_TLS_RENEGOTIATION_DISABLED());
  return false;
};
T.disableRenegotiation = function(): void {};
T.enableTrace = function(): void { unavailable('tlsSocket.enableTrace'); };
T.setMaxSendFragment = function(): boolean { return false; };
T.setServername = function(this: any, name: any): void {
  validateString(name, 'name');
  if (this._tlsOptions.isServer) throw new codes.ERR_TLS_SNI_FROM_SERVER();
};

let warnedReject = false;
function rejectsByDefault(): boolean {
  const process = load('node:process').default;
  const allow = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
  if (allow && !warnedReject) {
    warnedReject = true;
    process.emitWarning("Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by disabling certificate verification.");
  }
  return !allow;
}

/** tls.connect(options | port[, host][, options][, callback]) */
export function connect(...args: any[]): any {
  const normalized = normalizeArgs(args);
  let [options, callback] = normalized;
  if (args[1] !== null && typeof args[1] === 'object') options = { ...options, ...args[1] };
  else if (args[2] !== null && typeof args[2] === 'object') options = { ...options, ...args[2] };
  options = { minDHSize: 1024, ...options };
  if (options.rejectUnauthorized === undefined) options.rejectUnauthorized = rejectsByDefault();
  if (options.pskCallback !== undefined && options.pskCallback !== null) unavailable('options.pskCallback of tls');
  if (!options.keepAlive) options.singleUse = true;
  if (options.checkServerIdentity !== undefined) validateFunction(options.checkServerIdentity, 'options.checkServerIdentity');
  if (options.servername === undefined && options.host && !isIP(options.host)) options.servername = options.host;

  const below = options.socket ?? (options.path ? (netConnect as any)({ path: options.path }) : undefined);
  const tls = new (TLSSocket as any)(undefined, { ...options, isServer: false, host: options.servername || options.host });
  if (callback) tls.once('secureConnect', callback);
  tls._host = options.host;
  if (below !== undefined) {
    setBelow(tls, below);
  } else {
    const { signal, onread, ...rest } = options;
    void onread;
    const socket = new (Socket as any)({ ...rest, allowHalfOpen: false, signal: undefined });
    tls._parent = socket;
    socket.connect(rest);
    if (options.timeout) socket.setTimeout(options.timeout);
    setBelow(tls, socket);
    if (options.timeout) tls.setTimeout(options.timeout);
    socket.on('lookup', (...values: any[]) => tls.emit('lookup', ...values));
    if (signal) load('internal:stream').addAbortSignal(signal, tls);
  }
  return tls;
}

// ------------------------------------------------------------------------------------------------ Server

export function createServer(options?: any, listener?: any): any {
  return new (Server as any)(options, listener);
}

export function Server(this: any, options?: any, listener?: any): any {
  if (!(this instanceof (Server as any))) return new (Server as any)(options, listener);
  if (typeof options === 'function') {
    listener = options;
    options = {};
  } else if (options == null || typeof options === 'object') {
    options ??= {};
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  }
  this._contexts = [];
  this.requestCert = options.requestCert === true;
  this.rejectUnauthorized = options.rejectUnauthorized !== false;
  if (options.pskCallback !== undefined) unavailable('options.pskCallback of tls');
  if (options.SNICallback !== undefined && options.SNICallback !== null) {
    validateFunction(options.SNICallback, 'options.SNICallback');
    unavailable('options.SNICallback of tls');
  }
  this[kOptions] = { ...options };
  this._sharedCreds = options.secureContext ?? createSecureContext(options);
  (NetServer as any).call(this, options, onConnection);
  if (listener) this.on('secureConnection', listener);
  return undefined;
}
setPrototypeOf(Server.prototype, NetServer.prototype);
setPrototypeOf(Server, NetServer);

const HANDSHAKE_TIMEOUT = 120000;

function onConnection(this: any, socket: any): void {
  const o = this[kOptions];
  const tls = new (TLSSocket as any)(socket, {
    isServer: true, server: this, secureContext: this._sharedCreds, requestCert: this.requestCert, rejectUnauthorized: this.rejectUnauthorized,
    ALPNProtocols: o.ALPNProtocols, allowHalfOpen: this.allowHalfOpen, highWaterMark: o.highWaterMark,
  });
  tls.server = this;
  const timer = setTimeout(() => {
    this.emit('tlsClientError', new codes.ERR_TLS_HANDSHAKE_TIMEOUT(), tls);
    tls.destroy();
  }, o.handshakeTimeout || HANDSHAKE_TIMEOUT);
  tls.once('close', () => clearTimeout(timer));
  const early = (err: any): void => {
    if (!tls._secureEstablished) this.emit('tlsClientError', err, tls);
  };
  tls.on('error', early);
  tls.once('_tlsSecure', () => {
    clearTimeout(timer);
    tls.removeListener('error', early);
    if (!tls.destroyed) this.emit('secureConnection', tls);
  });
}

const S: any = Server.prototype;
S.setSecureContext = function(this: any, options: any): void {
  validateObject(options, 'options');
  this._sharedCreds = options.secureContext ?? createSecureContext(options);
};
S.addContext = function(): void { unavailable('server.addContext'); };
S.getTicketKeys = function(): void { unavailable('server.getTicketKeys'); };
S.setTicketKeys = function(): void { unavailable('server.setTicketKeys'); };
