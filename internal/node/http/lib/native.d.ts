// The Go half of http. Events and flags are named in http.go.
export function serverNew(): number;
export function serverListen(server: number, listener: number): void;
/** layer: what is laid over the stream. */
export function takeOver(server: number, stream: number, layer: number): number | undefined;
export function serverOptions(server: number, maxHeaderSize: number, lenient: boolean, halfOpen: boolean, keepAliveMs: number, headersMs: number,
  requestMs: number): void;
export function serverClose(server: number): void;
export function checkTimeouts(server: number): void;
export function closeConnections(server: number, all: boolean): void;
export function send(conn: number, flags: number, header: string | Uint8Array | undefined, data: string | Uint8Array | undefined, trailers: string | undefined): number;
export function pause(conn: number): void;
export function resume(conn: number): void;
export function discard(conn: number): void;
export function detach(conn: number): Uint8Array;
export function release(conn: number): [parser: object, rest: Uint8Array, flags: number, age: number, begun: number] | undefined;
export function bodySent(conn: number): number;
export function closeSoon(conn: number): void;
export function closeNow(conn: number): void;
/** A request whose connection is JavaScript's. */
export function exchangeBegan(): number;
/** @param status 0: there will be no answer */
export function exchangeEnded(begun: number, status: number): void;
export function methods(): string[];
export function parserNew(response: boolean, maxHeaderSize: number, lenient: boolean): object;
export function parserReset(parser: object, response: boolean, maxHeaderSize: number, lenient: boolean): void;
export function parserIsResponse(parser: object): boolean;
export function parserUpgrade(parser: object, on: boolean): void;
export function parserSkipBody(parser: object): void;
export function parserExpect(parser: object, flags: number): void;
export function parserExecute(parser: object, bytes: Uint8Array, from: number): any[];
export function parserFinish(parser: object): any[];
