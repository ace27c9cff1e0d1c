// tls.Server. https://nodejs.org/docs/latest-v24.x/api/tls.html#class-tlsserver
import { Buffer } from 'internal:buffer';
import { Server as NetServer } from 'internal:net';
import { clearTimeout, setTimeout } from 'internal:timers';
import { ConnResetException, codes, unavailable } from 'internal:errors';
import { validateBuffer, validateFunction, validateInt32, validateNumber, validateObject, validateString } from 'internal:validators';
import { convertALPNProtocols, createSecureContext, isNativeContext } from 'internal:tls/context';
import { TLSSocket, kEarlyError } from 'internal:tls/socket';

const { setPrototypeOf } = Object;

const kOptions = Symbol('handshake');
const HANDSHAKE_TIMEOUT = 120000;

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
  if (options.sessionTimeout) {
    validateInt32(options.sessionTimeout, 'options.sessionTimeout', 0);
    this.sessionTimeout = options.sessionTimeout;
  }
  if (options.ticketKeys) this.ticketKeys = options.ticketKeys;
  if (options.ALPNProtocols) convertALPNProtocols(options.ALPNProtocols, this);
  if (options.ALPNCallback !== undefined && options.ALPNCallback !== null) {
    validateFunction(options.ALPNCallback, 'options.ALPNCallback');
    if (options.ALPNProtocols) throw new codes.ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS();
    this.ALPNCallback = options.ALPNCallback;
  }
  if (options.pskCallback !== undefined && options.pskCallback !== null) {
    validateFunction(options.pskCallback, 'options.pskCallback');
    unavailable('options.pskCallback of tls');
  }
  if (options.pskIdentityHint !== undefined && options.pskIdentityHint !== null) {
    validateString(options.pskIdentityHint, 'options.pskIdentityHint');
    unavailable('options.pskIdentityHint of tls');
  }
  if (options.enableTrace) unavailable('options.enableTrace of tls');
  this.setSecureContext(options);
  if (options.handshakeTimeout !== undefined && options.handshakeTimeout !== null && options.handshakeTimeout !== 0) {
    validateNumber(options.handshakeTimeout, 'options.handshakeTimeout');
  }
  this[kOptions] = { handshakeTimeout: options.handshakeTimeout || HANDSHAKE_TIMEOUT, highWaterMark: options.highWaterMark };
  if (options.SNICallback !== undefined && options.SNICallback !== null) validateFunction(options.SNICallback, 'options.SNICallback');
  this.SNICallback = options.SNICallback ?? null;
  (NetServer as any).call(this, options, onConnection);
  if (listener) this.on('secureConnection', listener);
  return undefined;
}
setPrototypeOf(Server.prototype, NetServer.prototype);
setPrototypeOf(Server, NetServer);

function onConnection(this: any, socket: any): void {
  const tls = new (TLSSocket as any)(socket, {
    isServer: true, server: this, secureContext: this._sharedCreds, requestCert: this.requestCert, rejectUnauthorized: this.rejectUnauthorized,
    ALPNProtocols: this.ALPNProtocols, ALPNCallback: this.ALPNCallback, SNICallback: this.SNICallback, allowHalfOpen: this.allowHalfOpen,
    highWaterMark: this[kOptions].highWaterMark, pauseOnConnect: this.pauseOnConnect,
  });
  tls.server = this;
  let told = false;
  const early = (err: any): void => {
    if (told || tls._controlReleased) return;
    told = true;
    clearTimeout(timer);
    this.emit('tlsClientError', err, tls);
  };
  const timer = setTimeout(() => {
    early(new codes.ERR_TLS_HANDSHAKE_TIMEOUT());
    tls.destroy();
  }, this[kOptions].handshakeTimeout);
  tls[kEarlyError] = early;
  tls.on('error', early);
  tls.on('close', () => {
    clearTimeout(timer);
    early(new ConnResetException('socket hang up'));
  });
  tls.on('secure', () => {
    clearTimeout(timer);
    if (this.requestCert) {
      const error = tls.ssl.verifyError();
      if (error !== null) {
        tls.authorizationError = error.code;
        if (this.rejectUnauthorized) {
          tls.destroy();
          return;
        }
      } else {
        tls.authorized = true;
      }
    }
    tls._releaseControl();
    tls.removeListener('error', early);
    this.emit('secureConnection', tls);
  });
}

const S: any = Server.prototype;

// The options of a secure context stay with the server: what a later call leaves out is not set.
S.setSecureContext = function(this: any, options: any): void {
  validateObject(options, 'options');
  for (const name of ['pfx', 'key', 'passphrase', 'cert', 'clientCertEngine', 'ca', 'minVersion', 'maxVersion', 'secureProtocol', 'crl', 'sigalgs', 'ciphers',
    'ecdhCurve', 'dhparam', 'privateKeyIdentifier', 'privateKeyEngine', 'secureOptions', 'allowPartialTrustChain']) {
    this[name] = options[name] || undefined;
  }
  if (options.ciphers !== undefined) this.ciphers = options.ciphers;
  if (options.ecdhCurve !== undefined) this.ecdhCurve = options.ecdhCurve;
  this.honorCipherOrder = options.honorCipherOrder === undefined ? true : Boolean(options.honorCipherOrder);
  if (options.sessionIdContext) this.sessionIdContext = options.sessionIdContext;
  const old = this._sharedCreds;
  this._sharedCreds = options.secureContext ?? createSecureContext({
    pfx: this.pfx, key: this.key, passphrase: options.passphrase, cert: this.cert, clientCertEngine: options.clientCertEngine, ca: this.ca, ciphers: this.ciphers,
    sigalgs: options.sigalgs, ecdhCurve: this.ecdhCurve, dhparam: this.dhparam, minVersion: this.minVersion, maxVersion: this.maxVersion,
    secureProtocol: this.secureProtocol, secureOptions: this.secureOptions, honorCipherOrder: this.honorCipherOrder, crl: this.crl,
    sessionIdContext: this.sessionIdContext, sessionTimeout: this.sessionTimeout, ticketKeys: options.ticketKeys ?? this.ticketKeys,
    privateKeyIdentifier: options.privateKeyIdentifier, privateKeyEngine: options.privateKeyEngine, allowPartialTrustChain: this.allowPartialTrustChain,
  });
  if (!isNativeContext(this._sharedCreds.context)) throw new codes.ERR_TLS_INVALID_CONTEXT('options.secureContext');
  if (old && !options.ticketKeys && !options.secureContext) this._sharedCreds.context.setTicketKeys(old.context.getTicketKeys());
};

S.addContext = function(this: any, servername: any, context: any): void {
  if (!servername) throw new codes.ERR_TLS_REQUIRED_SERVER_NAME();
  const pattern = `${servername}`.replace(/([.^$+?\-\\[\]{}()|])/g, '\\$1').replace(/\*/g, '[^.]*');
  const own = isNativeContext(context?.context) ? context : createSecureContext(context);
  this._contexts.push([new RegExp(`^${pattern}$`, 'i'), own.context]);
};

S.getTicketKeys = function(this: any): any {
  return this._sharedCreds.context.getTicketKeys();
};

S.setTicketKeys = function(this: any, keys: any): void {
  validateBuffer(keys, 'buffer');
  if (keys.byteLength !== 48) throw new codes.ERR_INVALID_ARG_VALUE('keys', keys.byteLength, 'Session ticket keys must be a 48-byte buffer');
  this._sharedCreds.context.setTicketKeys(keys);
};

// Servers of the workers of a cluster have the same keys: a session goes on in any of them.
S._getServerData = function(this: any): any {
  return { ticketKeys: this.getTicketKeys().toString('hex') };
};
S._setServerData = function(this: any, data: any): void {
  this.setTicketKeys(Buffer.from(data.ticketKeys, 'hex'));
};

S[Symbol.for('nodejs.rejection')] = function(this: any, err: any, event: any, socket: any): void {
  if (event === 'secureConnection') socket.destroy(err);
  else (NetServer as any).prototype[Symbol.for('nodejs.rejection')].call(this, err, event, socket);
};
