// dns: lookups, resolvers, and the promises API.
// https://nodejs.org/docs/latest-v24.x/api/dns.html
import * as native from 'native:dns';
import { request } from 'internal:request';
import { nextTick } from 'internal:process/task';
import { isIP } from 'internal:net/handle';
import { commandLineOption } from 'internal:net/options';
import { load } from 'internal:load';
import { finishEntry, now, observed } from 'internal:perfhooks/observed';
import { customPromisifyArgs } from 'internal:util/promisify';
import { DNSException, codes } from 'internal:errors';
import {
  validateArray, validateBoolean, validateFunction, validateInt32, validateNumber, validateOneOf, validatePort, validateString, validateUint32,
} from 'internal:validators';

const { defineProperty } = Object;

export const ADDRCONFIG = 32;
export const V4MAPPED = 8;
export const ALL = 16;

const EAI_AGAIN = -3001;
const EAI_NONAME = -3008;

// Names of errors; their codes have an E in front, but for EOF.
const errorCodes: Record<string, string> = {};
for (const name of [
  'ADDRGETNETWORKPARAMS', 'BADFAMILY', 'BADFLAGS', 'BADHINTS', 'BADNAME', 'BADQUERY', 'BADRESP', 'BADSTR', 'CANCELLED', 'CONNREFUSED', 'DESTRUCTION',
  'EOF', 'FILE', 'FORMERR', 'LOADIPHLPAPI', 'NODATA', 'NOMEM', 'NONAME', 'NOTFOUND', 'NOTIMP', 'NOTINITIALIZED', 'REFUSED', 'SERVFAIL', 'TIMEOUT',
]) {
  errorCodes[name] = name === 'EOF' ? name : `E${name}`;
}

let defaultOrder = '';
function defaultResultOrder(): string {
  if (defaultOrder === '') {
    defaultOrder = commandLineOption('dns-result-order') ?? 'verbatim';
  }
  return defaultOrder;
}
export function setDefaultResultOrder(order: any): void {
  validateOneOf(order, 'dnsOrder', ['verbatim', 'ipv4first', 'ipv6first']);
  defaultOrder = order;
}
export function getDefaultResultOrder(): string {
  return defaultResultOrder();
}

interface LookupOptions { family: number; hints: number; all: boolean; order: string }

function validateHints(hints: any): void {
  if ((hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0) throw new codes.ERR_INVALID_ARG_VALUE('hints', hints);
}

function lookupOptions(options: any): LookupOptions {
  const out = { family: 0, hints: 0, all: false, order: defaultResultOrder() };
  if (typeof options === 'number') {
    validateOneOf(options, 'family', [0, 4, 6]);
    out.family = options;
    return out;
  }
  if (options === undefined || options === null) return out;
  if (typeof options !== 'object') throw new codes.ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
  if (options.hints != null) {
    validateNumber(options.hints, 'options.hints');
    out.hints = options.hints >>> 0;
    validateHints(out.hints);
  }
  if (options.family != null) {
    if (options.family === 'IPv4') out.family = 4;
    else if (options.family === 'IPv6') out.family = 6;
    else {
      validateOneOf(options.family, 'options.family', [0, 4, 6]);
      out.family = options.family;
    }
  }
  if (options.all != null) {
    validateBoolean(options.all, 'options.all');
    out.all = options.all;
  }
  if (options.verbatim != null) {
    validateBoolean(options.verbatim, 'options.verbatim');
    out.order = options.verbatim ? 'verbatim' : 'ipv4first';
  }
  if (options.order != null) {
    validateOneOf(options.order, 'options.order', ['verbatim', 'ipv4first', 'ipv6first']);
    out.order = options.order;
  }
  return out;
}

function lookupError(err: any, hostname: string): Error {
  return DNSException(err.code === 'ENOTFOUND' ? EAI_NONAME : err.code === 'EAI_AGAIN' || err.code === 'ETIMEOUT' ? EAI_AGAIN : err.code, 'getaddrinfo', hostname);
}

// done(error, addresses as [{address, family}])
function startLookup(hostname: string, o: LookupOptions, done: (err: any, list: any) => void): void {
  const begin = observed.dns > 0 ? now() : undefined;
  native.lookup(request((err, list) => {
    if (err !== null) {
      done(lookupError(err, hostname), undefined);
      return;
    }
    if (begin !== undefined) {
      finishEntry('lookup', 'dns', begin, {
        hostname, family: o.family, hints: o.hints, verbatim: o.order === 'verbatim', order: o.order, addresses: list,
      });
    }
    done(null, list.map((address: string) => ({ address, family: isIP(address) })));
  }, 'GETADDRINFOREQWRAP'), hostname, o.family, (o.hints & ADDRCONFIG) !== 0, (o.hints & V4MAPPED) !== 0, o.order);
}

let warned = false;
function warnInvalidHostname(hostname: any): void {
  if (warned) return;
  warned = true;
  load('node:process').default.emitWarning(
    `The provided hostname "${String(hostname)}" is not a valid hostname, and is supported in the dns module solely for compatibility.`,
    'DeprecationWarning', 'DEP0118');
}

/** dns.lookup(hostname[, options], callback) */
export function lookup(hostname: any, options: any, callback?: any): any {
  if (hostname) validateString(hostname, 'hostname');
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  } else {
    validateFunction(callback, 'callback');
  }
  const o = lookupOptions(options);
  if (!hostname) {
    warnInvalidHostname(hostname);
    if (o.all) nextTick(callback, null, []);
    else nextTick(callback, null, null, o.family === 6 ? 6 : 4);
    return {};
  }
  const type = isIP(hostname);
  if (type) {
    if (o.all) nextTick(callback, null, [{ address: hostname, family: type }]);
    else nextTick(callback, null, hostname, type);
    return {};
  }
  startLookup(hostname, o, (err, list) => {
    if (err) callback(err);
    else if (o.all) callback(null, list);
    else callback(null, list[0].address, list[0].family);
  });
  return {};
}
defineProperty(lookup, customPromisifyArgs, { value: ['address', 'family'], enumerable: false });

function lookupPromise(hostname: any, options?: any): Promise<any> {
  if (hostname) validateString(hostname, 'hostname');
  const o = lookupOptions(options);
  return new Promise((resolve, reject) => {
    if (!hostname) {
      warnInvalidHostname(hostname);
      resolve(o.all ? [] : { address: null, family: o.family === 6 ? 6 : 4 });
      return;
    }
    const type = isIP(hostname);
    if (type) {
      const one = { address: hostname, family: type };
      resolve(o.all ? [one] : one);
      return;
    }
    startLookup(hostname, o, (err, list) => {
      if (err) reject(err);
      else resolve(o.all ? list : list[0]);
    });
  });
}

/** dns.lookupService(address, port, callback) */
export function lookupService(address: any, port: any, callback: any): any {
  if (arguments.length !== 3) throw new codes.ERR_MISSING_ARGS('address', 'port', 'callback');
  if (isIP(address) === 0) throw new codes.ERR_INVALID_ARG_VALUE('address', address);
  validatePort(port);
  validateFunction(callback, 'callback');
  const begin = observed.dns > 0 ? now() : undefined;
  native.lookupService(request((err, found) => {
    if (err !== null) {
      callback(DNSException(err.code === 'ENOTFOUND' ? EAI_NONAME : err.code === 'ETIMEOUT' ? EAI_AGAIN : err.code, 'getnameinfo', address));
      return;
    }
    const [hostname, service] = found;
    if (begin !== undefined) finishEntry('lookupService', 'dns', begin, { host: address, port: +port, hostname, service });
    callback(null, hostname, service);
  }, 'GETNAMEINFOREQWRAP'), address, +port);
  return {};
}
defineProperty(lookupService, customPromisifyArgs, { value: ['hostname', 'service'], enumerable: false });

function lookupServicePromise(address: any, port: any): Promise<any> {
  if (arguments.length !== 2) throw new codes.ERR_MISSING_ARGS('address', 'port');
  if (isIP(address) === 0) throw new codes.ERR_INVALID_ARG_VALUE('address', address);
  validatePort(port);
  return new Promise((resolve, reject) => {
    lookupService(address, port, (err: any, hostname: string, service: string) => (err ? reject(err) : resolve({ hostname, service })));
  });
}

// ------------------------------------------------------------------------------------------------ resolvers

// What `resolver._handle` is: the resolver of Go.
class Channel {
  #resolver: object;
  active = 0; // queries that aren't answered

  constructor(timeout: number, tries: number, maxTimeout: number) {
    this.#resolver = native.resolverNew(timeout, tries, maxTimeout);
  }
  /** [address, port] of each server. */
  getServers(): [string, number][] {
    return native.resolverServers(this.#resolver).map((server) => {
      const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(server) as RegExpExecArray;
      return [host, Number(port)];
    });
  }
  setServers(list: string[]): void {
    native.resolverSetServers(this.#resolver, list);
  }
  setLocalAddress(ipv4: string, ipv6: string): void {
    native.resolverLocal(this.#resolver, ipv4, ipv6);
  }
  cancel(): void {
    native.cancel(this.#resolver);
  }
  /** done(error code or null, list) */
  query(name: string, type: string, done: (code: string | null, list: any) => void): void {
    native.query(this.#request(done), this.#resolver, name, type);
  }
  reverse(address: string, name: string, done: (code: string | null, list: any) => void): void {
    native.reverse(this.#request(done), this.#resolver, address, name);
  }
  #request(done: (code: string | null, list: any) => void): number {
    this.active++;
    return request((err, list) => {
      this.active--;
      done(err === null ? null : err.code, list);
    }, 'QUERYWRAP');
  }
}

class ResolverBase {
  declare _handle: Channel;

  constructor(options?: any) {
    let timeout = -1;
    let tries = 4;
    let maxTimeout = 0;
    if (options !== undefined && options !== null) {
      if (options.timeout !== undefined) {
        validateInt32(options.timeout, 'options.timeout', -1);
        timeout = options.timeout;
      }
      if (options.tries !== undefined) {
        validateInt32(options.tries, 'options.tries', 1);
        tries = options.tries;
      }
      if (options.maxTimeout !== undefined) {
        validateUint32(options.maxTimeout, 'options.maxTimeout');
        maxTimeout = options.maxTimeout;
      }
    }
    this._handle = new Channel(timeout, tries, maxTimeout);
  }
  cancel(): void {
    this._handle.cancel();
  }
  getServers(): string[] {
    return (this._handle.getServers() || []).map(([host, port]) => {
      if (!port || port === 53) return host;
      return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
    });
  }
  setServers(servers: any): void {
    validateArray(servers, 'servers');
    const list: string[] = [];
    servers.forEach((server: any, index: number) => {
      validateString(server, `servers[${index}]`);
      const kind = isIP(server);
      if (kind !== 0) {
        list.push(kind === 6 ? `[${native.canonical(server)}]:53` : `${server}:53`);
        return;
      }
      const bracketed = /^\[([^[\]]*)\](?::(\d+))?/.exec(server);
      if (bracketed !== null && isIP(bracketed[1]) === 6) {
        list.push(`[${native.canonical(bracketed[1])}]:${bracketed[2] ?? 53}`);
        return;
      }
      const plain = /^([^:]+)(?::(\d+))?$/.exec(server);
      if (plain !== null && isIP(plain[1]) !== 0) {
        list.push(`${plain[1]}:${plain[2] ?? 53}`);
        return;
      }
      throw new codes.ERR_INVALID_IP_ADDRESS(server);
    });
    if (this._handle.active > 0) throw new codes.ERR_DNS_SET_SERVERS_FAILED('There are pending queries.', servers);
    this._handle.setServers(list);
  }
  setLocalAddress(ipv4: any, ipv6?: any): void {
    validateString(ipv4, 'ipv4');
    if (ipv6 !== undefined) validateString(ipv6, 'ipv6');
    if (isIP(ipv4) === 0) throw new codes.ERR_INVALID_ARG_VALUE('ipv4', ipv4, 'Invalid IP address');
    const four = isIP(ipv4) === 4 ? ipv4 : '';
    if (four !== '' && ipv6 !== undefined && isIP(ipv6) !== 6) throw new codes.ERR_INVALID_ARG_VALUE('ipv6', ipv6, 'Invalid IPv6 address');
    if (four === '' && ipv6 !== undefined) throw new codes.ERR_INVALID_ARG_VALUE('ipv6', ipv6, 'Cannot specify two IPv6 addresses');
    this._handle.setLocalAddress(four, four === '' ? ipv4 : ipv6 ?? '');
  }
}

function resultOf(type: string, list: any, ttl: boolean): any {
  if (type === 'A' || type === 'AAAA') {
    return list.map((pair: any) => (ttl ? { address: pair[0], ttl: pair[1] } : pair[0]));
  }
  return list;
}

const queries: Record<string, [type: string, binding: string]> = {
  resolveAny: ['ANY', 'queryAny'], resolve4: ['A', 'queryA'], resolve6: ['AAAA', 'queryAaaa'], resolveCaa: ['CAA', 'queryCaa'],
  resolveCname: ['CNAME', 'queryCname'], resolveMx: ['MX', 'queryMx'], resolveNs: ['NS', 'queryNs'], resolveTxt: ['TXT', 'queryTxt'],
  resolveTlsa: ['TLSA', 'queryTlsa'], resolveSrv: ['SRV', 'querySrv'], resolvePtr: ['PTR', 'queryPtr'], resolveNaptr: ['NAPTR', 'queryNaptr'],
  resolveSoa: ['SOA', 'querySoa'],
};
const methodOfType: Record<string, string> = { __proto__: null as never };
for (const name of Object.keys(queries)) methodOfType[queries[name][0]] = name;

// The reverse name of an address, as PTR records have it.
function reverseName(ip: string): string {
  const canonical = native.canonical(ip) as string;
  if (isIP(ip) === 4) return `${canonical.split('.').reverse().join('.')}.in-addr.arpa`;
  const plain = canonical.replace(/%.*$/, '');
  let text = plain;
  const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (v4 !== null) text = `${v4[1]}${((+v4[2] << 8) | +v4[3]).toString(16)}:${((+v4[4] << 8) | +v4[5]).toString(16)}`;
  const [left, right] = text.split('::');
  const a = left === '' ? [] : left.split(':');
  const b = right === undefined || right === '' ? [] : right.split(':');
  const groups = right === undefined ? a : [...a, ...new Array(8 - a.length - b.length).fill('0'), ...b];
  return `${groups.map((g) => g.padStart(4, '0')).join('').split('').reverse().join('.')}.ip6.arpa`;
}

function start(resolver: any, type: string, binding: string, hostname: string, ttl: boolean, done: (err: any, list: any) => void): void {
  const begin = observed.dns > 0 ? now() : undefined;
  const answer = (code: string | null, list: any): void => {
    if (code !== null) {
      done(DNSException(code, binding, hostname), undefined);
      return;
    }
    const result = resultOf(type, list, ttl);
    if (begin !== undefined) finishEntry(binding, 'dns', begin, { host: hostname, ttl, result });
    done(null, result);
  };
  if (binding === 'getHostByAddr') resolver._handle.reverse(hostname, reverseName(hostname), answer);
  else resolver._handle.query(hostname, type, answer);
}

export class Resolver extends ResolverBase {
  resolve(hostname: any, rrtype: any, callback?: any): any {
    let method;
    if (typeof rrtype === 'string') method = methodOfType[rrtype];
    else if (typeof rrtype === 'function') {
      method = 'resolve4';
      callback = rrtype;
    } else {
      throw new codes.ERR_INVALID_ARG_TYPE('rrtype', 'string', rrtype);
    }
    if (method === undefined) throw new codes.ERR_INVALID_ARG_VALUE('rrtype', rrtype);
    return (this as any)[method](hostname, callback);
  }
  reverse(ip: any, callback: any): any {
    validateString(ip, 'name');
    validateFunction(callback, 'callback');
    if (isIP(ip) === 0) throw DNSException('EINVAL', 'getHostByAddr', ip);
    start(this, 'PTR', 'getHostByAddr', ip, false, (err, list) => (err ? callback(err) : callback(null, list)));
    return {};
  }
}

export class PromisesResolver extends ResolverBase {
  resolve(hostname: any, rrtype?: any): Promise<any> {
    let method;
    if (rrtype !== undefined) {
      validateString(rrtype, 'rrtype');
      method = methodOfType[rrtype];
      if (method === undefined) throw new codes.ERR_INVALID_ARG_VALUE('rrtype', rrtype);
    } else {
      method = 'resolve4';
    }
    return (this as any)[method](hostname);
  }
  reverse(ip: any): Promise<any> {
    validateString(ip, 'name');
    return new Promise((resolve, reject) => {
      if (isIP(ip) === 0) throw DNSException('EINVAL', 'getHostByAddr', ip);
      start(this, 'PTR', 'getHostByAddr', ip, false, (err, list) => (err ? reject(err) : resolve(list)));
    });
  }
}

for (const name of Object.keys(queries)) {
  const [type, binding] = queries[name];
  const method = function(this: any, hostname: any, options: any, callback?: any): any {
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    validateString(hostname, 'name');
    validateFunction(callback, 'callback');
    const ttl = Boolean(options?.ttl);
    start(this, type, binding, hostname, ttl, (err, list) => (err ? callback(err) : callback(null, list)));
    return {};
  };
  const promised = function(this: any, hostname: any, options?: any): Promise<any> {
    validateString(hostname, 'name');
    const ttl = Boolean(options?.ttl);
    return new Promise((resolve, reject) => {
      start(this, type, binding, hostname, ttl, (err, list) => (err ? reject(err) : resolve(list)));
    });
  };
  defineProperty(method, 'name', { value: binding });
  defineProperty(promised, 'name', { value: binding });
  (Resolver.prototype as any)[name] = method;
  (PromisesResolver.prototype as any)[name] = promised;
}

let defaultResolver: any;
let defaultPromisesResolver: any;
function theResolver(): any {
  return (defaultResolver ??= new Resolver());
}
function thePromisesResolver(): any {
  if (defaultPromisesResolver === undefined) {
    defaultPromisesResolver = new PromisesResolver();
    if (defaultResolver !== undefined) defaultPromisesResolver.setServers(defaultResolver.getServers());
  }
  return defaultPromisesResolver;
}

/** For queries from now on: those on their way keep their servers. */
export function setServers(servers: any): void {
  const resolver = new Resolver();
  resolver.setServers(servers);
  const promisesResolver = new PromisesResolver();
  promisesResolver.setServers(servers);
  defaultResolver = resolver;
  defaultPromisesResolver = promisesResolver;
}
export function getServers(): string[] {
  return theResolver().getServers();
}

export const dns: any = {
  lookup, lookupService, Resolver, getDefaultResultOrder, setDefaultResultOrder, setServers, getServers, ADDRCONFIG, ALL, V4MAPPED,
};
export const promises: any = {
  lookup: lookupPromise, lookupService: lookupServicePromise, Resolver: PromisesResolver, getDefaultResultOrder, setDefaultResultOrder, setServers, getServers,
};
for (const name of [...Object.keys(queries), 'resolve', 'reverse']) {
  dns[name] = (...args: any[]) => theResolver()[name](...args);
  promises[name] = (...args: any[]) => thePromisesResolver()[name](...args);
}
for (const name of Object.keys(errorCodes)) {
  dns[name] = errorCodes[name];
  promises[name] = errorCodes[name];
}
defineProperty(dns, 'promises', { __proto__: null, configurable: true, enumerable: true, get: () => promises } as any);
