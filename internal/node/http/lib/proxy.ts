// Proxies of agents: the option `proxyEnv`, and the environment where NODE_USE_ENV_PROXY or --use-env-proxy asks for it.
// https://nodejs.org/docs/latest-v24.x/api/http.html#built-in-proxy-support
//
// Requests over http: go to the proxy with the whole URL as their target; those over https: through a tunnel that CONNECT opens.
import * as net from 'internal:net';
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { validateObject } from 'internal:validators';
import { commandLineFlag } from 'internal:net/options';

/** Whether the agents that everybody shares take the proxies of the environment. */
export function usesEnvironment(): boolean {
  return commandLineFlag('use-env-proxy', load('node:process').default.env.NODE_USE_ENV_PROXY === '1');
}

function setting(env: any, name: string): string {
  return env[name.toLowerCase()] || env[name] || '';
}

const usualPorts: Record<string, number> = { 'http:': 80, 'https:': 443 };

export class Proxy {
  href: string;
  isSecure: boolean;
  hostname: string;
  port: number;
  authorization: string | undefined; // what Proxy-Authorization says
  #target: string;
  #exceptions: string[];

  constructor(text: string, target: string, exceptions: string) {
    let url: any;
    try {
      url = new (load('internal:url').URL)(text);
    } catch (cause) {
      throw invalid(text, cause);
    }
    if (usualPorts[url.protocol] === undefined || /[\r\n]/.test(text)) throw invalid(text, undefined);
    this.isSecure = url.protocol === 'https:';
    this.hostname = url.hostname.replace(/^\[|\]$/g, '');
    this.port = Number(url.port) || usualPorts[url.protocol];
    this.href = `${url.protocol}//${url.host}`;
    if (url.username || url.password) {
      const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    }
    this.#target = target;
    this.#exceptions = exceptions.split(',').map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '');
  }

  /** Whether connections with these options go through the proxy. */
  covers(options: any): boolean {
    if (options.socketPath) return false;
    const host = String(options.host || 'localhost').toLowerCase().replace(/^\[|\]$/g, '');
    const port = String(options.port || usualPorts[this.#target]);
    return !this.#exceptions.some((entry) => excepts(entry, host, port));
  }
}

function invalid(text: string, cause: unknown): Error {
  const error = new codes.ERR_PROXY_INVALID_CONFIG(`Invalid proxy URL: ${text}`);
  if (cause !== undefined) error.cause = cause;
  return error;
}

// One entry of NO_PROXY: *, a name, .suffix, *.suffix, an address or a range of addresses "first-last"; each may have a port.
function excepts(entry: string, host: string, port: string): boolean {
  if (entry === '*' || entry === host) return true;
  const withPort = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(entry);
  if (withPort !== null) {
    if (withPort[3] !== port) return false;
    entry = withPort[1] ?? withPort[2];
  }
  if (entry === host) return true;
  const suffix = entry.startsWith('*') ? entry.slice(1) : entry;
  if (suffix.startsWith('.') && (host.endsWith(suffix) || host === suffix.slice(1))) return true;
  const dash = entry.indexOf('-');
  return dash > 0 && net.isIP(host) !== 0 && isBetween(host, entry.slice(0, dash), entry.slice(dash + 1));
}

function isBetween(address: string, first: string, last: string): boolean {
  const family = net.isIP(address);
  if (net.isIP(first) !== family || net.isIP(last) !== family) return false;
  const list = new net.BlockList();
  try {
    list.addRange(first, last, `ipv${family}`);
  } catch {
    return false; // the wrong way round
  }
  return list.check(address, `ipv${family}`);
}

/** The proxy that proxyEnv names for a protocol, null for none. Throws ERR_PROXY_INVALID_CONFIG. */
export function proxyFrom(proxyEnv: any, protocol: string): Proxy | null {
  if (proxyEnv === null || typeof proxyEnv !== 'object') return null;
  const text = setting(proxyEnv, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  return text === '' ? null : new Proxy(text, protocol, setting(proxyEnv, 'NO_PROXY'));
}

/** Makes a request one to a proxy: its target is the whole URL. */
export function rewrite(req: any, options: any, proxy: Proxy): void {
  const host = String(options.host || 'localhost');
  const name = net.isIP(host) === 6 ? `[${host}]` : host;
  const port = options.port && Number(options.port) !== usualPorts['http:'] ? `:${options.port}` : '';
  const before = req.path;
  req.path = `http://${name}${port}${before}`;
  const connection = req.shouldKeepAlive ? 'keep-alive' : 'close';
  if (req._header) {
    // The head is text already.
    const end = req._header.indexOf('\r\n');
    const more = `Proxy-Connection: ${connection}\r\n${proxy.authorization ? `Proxy-Authorization: ${proxy.authorization}\r\n` : ''}`;
    req._header = `${req.method} ${req.path} HTTP/1.1\r\n${more}${req._header.slice(end + 2)}`;
    return;
  }
  req.setHeader('proxy-connection', connection);
  if (proxy.authorization && !req.getHeader('proxy-authorization')) req.setHeader('proxy-authorization', proxy.authorization);
}

/** A connection to the proxy. */
export function connectToProxy(proxy: Proxy, options: any): any {
  const { localAddress, family, timeout, keepAlive, keepAliveInitialDelay, noDelay, signal } = options;
  const own: any = { host: proxy.hostname, port: proxy.port, localAddress, family, timeout, keepAlive, keepAliveInitialDelay, noDelay, signal };
  if (!proxy.isSecure) return (net.connect as any)(own);
  const servername = net.isIP(proxy.hostname) === 0 ? proxy.hostname : '';
  return load('internal:tls').connect({ ...own, servername, ca: options.ca, rejectUnauthorized: options.rejectUnauthorized, ALPNProtocols: ['http/1.1'] });
}

const maxHead = 16 << 10;

/** Asks the proxy for a connection to the host of options: done(error, socket). */
export function openTunnel(proxy: Proxy, options: any, keepAlive: boolean, done: (err: any, socket?: any) => void): void {
  const host = String(options.host || 'localhost');
  const target = `${net.isIP(host) === 6 ? `[${host}]` : host}:${options.port || usualPorts['https:']}`;
  const socket = connectToProxy(proxy, options);
  let head = Buffer.alloc(0);

  const leave = (): void => {
    socket.removeListener('data', onData);
    socket.removeListener('end', onEnd);
    socket.removeListener('error', onError);
    socket.removeListener('timeout', onTimeout);
  };
  const fail = (error: any): void => {
    leave();
    socket.on('error', () => {});
    socket.destroy();
    done(error);
  };
  const tunnelError = (message: string): any => new codes.ERR_PROXY_TUNNEL(message);
  const onError = (error: any): void => fail(error);
  const onEnd = (): void => fail(tunnelError('Connection to establish proxy tunnel ended unexpectedly'));
  const onTimeout = (): void => {
    const error = tunnelError(`Connection to establish proxy tunnel timed out after ${options.timeout}ms`);
    error.proxyTunnelTimeout = options.timeout;
    fail(error);
  };
  const onData = (chunk: any): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) {
      if (head.length > maxHead) fail(tunnelError(`Failed to establish tunnel to ${target} via ${proxy.href}: the response is too long`));
      return;
    }
    const status = head.latin1Slice(0, head.indexOf('\r\n'));
    if (!/^HTTP\/1\.[01] 200(?: |$)/.test(status)) {
      fail(tunnelError(`Failed to establish tunnel to ${target} via ${proxy.href}: ${status}`));
      return;
    }
    leave();
    socket.pause();
    socket.setTimeout(0);
    if (end + 4 < head.length) socket.unshift(head.subarray(end + 4));
    done(null, socket);
  };
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('error', onError);
  if (options.timeout) {
    socket.setTimeout(options.timeout);
    socket.on('timeout', onTimeout);
  }
  const authorization = proxy.authorization ? `proxy-authorization: ${proxy.authorization}\r\n` : '';
  socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n${keepAlive ? 'proxy-connection: keep-alive\r\n' : ''}${authorization}\r\n`);
}

/**
 * Requests of the shared agents and of fetch use the proxies that proxyEnv names, from now on. The result puts back what was before.
 * https://nodejs.org/docs/latest-v24.x/api/http.html#httpsetglobalproxyfromenvproxyenv
 */
export function setGlobalProxyFromEnv(...args: any[]): () => void {
  const proxyEnv = args[0] === undefined ? load('node:process').default.env : args[0];
  validateObject(proxyEnv, 'proxyEnv');
  const http = load('internal:http/agent');
  const https = load('internal:https');
  const options = { keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv };
  const plain = setting(proxyEnv, 'HTTP_PROXY') === '' ? undefined : new http.Agent(options);
  const secure = setting(proxyEnv, 'HTTPS_PROXY') === '' ? undefined : new https.Agent(options);
  const before = [http.getGlobalAgent(), https.getGlobalAgent()];
  const restoreFetch = load('internal:web/fetch/proxies').useProxies(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].map((name) => setting(proxyEnv, name)));
  if (plain !== undefined) http.setGlobalAgent(plain);
  if (secure !== undefined) https.setGlobalAgent(secure);
  return () => {
    http.setGlobalAgent(before[0]);
    https.setGlobalAgent(before[1]);
    restoreFetch();
  };
}
