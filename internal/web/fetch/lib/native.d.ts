// The Go half of web/fetch. An exchange is opaque; it is closed when it is collected.
type Exchange = object;
/** Whether requests use the proxies of the environment. Before the first request. */
export function proxies(on: boolean): void;
/** Other proxies than the environment's, from now on; on false: the environment's. */
export function proxiesFrom(on: boolean, http: string, https: string, except: string): void;
/** kind: 0 no body, 1 bytes, 2 pieces by write (then body is the length, -1 when not known). headers: names and values joined by line feeds. */
export function send(request: number, method: string, scheme: string, host: string, target: string, headers: string, kind: number, body: Uint8Array | number | undefined): Exchange;
/** The next chunk; null at the end; undefined when none has come yet. Throws when the body broke off. */
export function take(exchange: Exchange): Uint8Array | null | undefined;
export function read(request: number, exchange: Exchange): void;
/** Settles with false when nobody takes the body any more. */
export function write(request: number, exchange: Exchange, bytes: Uint8Array): void;
export function finish(exchange: Exchange): void;
export function abort(exchange: Exchange): void;
export function discard(exchange: Exchange): void;
/** The connection that the request went out on; undefined when there was none. */
export function peer(exchange: Exchange): { localAddress: string; localPort: number; remoteAddress: string; remotePort: number; remoteFamily: string } | undefined;
export function digest(algorithm: string, bytes: Uint8Array): Uint8Array;
/** What this isolate trusts from now on: PEM texts. */
export function setRoots(pems: string[]): void;
export function insecure(): boolean;
/** Starts a WebSocket and gives its id; events come to what adopts it. headers as in send, protocols joined by ", ". */
export function wsConnect(scheme: string, host: string, target: string, headers: string, protocols: string): number;
export function wsSend(id: number, data: string | Uint8Array): void;
export function wsClose(id: number, code: number, reason: string): void;
