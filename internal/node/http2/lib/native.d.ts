// The Go half of http2. Sessions are handles, streams their protocol numbers. `fields` are header fields: name NUL value NUL ...;
// `secret` are names of fields that are never indexed: NUL name NUL name NUL, or ''.
export function onEvents(deliver: (list?: any[]) => void): void;
export function sessionNew(isServer: boolean, options: number[], customSettings: number[]): number;
/** Whether Go reads and writes the stream itself from now on; otherwise bytes come by receive and go by the event output. */
export function consume(session: number, handle: number, layer?: number, early?: Uint8Array): boolean;
/** Gives the events, as deliver gets them. */
export function receive(session: number, bytes: Uint8Array): any[] | undefined;
/** Sends what is queued, and gives the events that wait. */
export function send(session: number): any[] | undefined;
export function wrote(session: number, bytes: number): void;
/** Whether bytes are still on their way: the event done follows. */
export function destroy(session: number, code: number, goodbye: boolean): boolean | undefined;
export function request(session: number, fields: string, secret: string, method: string, flags: number): number;
export function respond(session: number, stream: number, fields: string, secret: string, flags: number): void;
export function info(session: number, stream: number, fields: string, secret: string): void;
export function trailers(session: number, stream: number, fields: string, secret: string): void;
/** The stream's body will be followed by trailers after all. */
export function waitForTrailers(session: number, stream: number): void;
export function push(session: number, stream: number, fields: string, secret: string, method: string): number;
/** The event written follows. */
export function write(session: number, stream: number, ...chunks: (string | Uint8Array)[]): void;
export function end(session: number, stream: number): void;
export function reset(session: number, stream: number, code: number): void;
export function setReading(session: number, stream: number, on: boolean): void;
export function settings(session: number, payload: Uint8Array): void;
export function ping(session: number, payload: Uint8Array): void;
export function goaway(session: number, code: number, lastStream: number, opaque?: Uint8Array): void;
export function setNextStreamID(session: number, id: number): boolean;
export function setLocalWindowSize(session: number, size: number): void;
export function altsvc(session: number, stream: number, origin: string, value: string): void;
export function origin(session: number, list: string[]): void;
export function settingsOf(session: number, remote: boolean): any[] | undefined;
export function sessionState(session: number): number[] | undefined;
export function streamState(session: number, stream: number): [state: number, localEnd: boolean, remoteEnd: boolean, window: number] | undefined;
export function counts(session: number): [received: number, sent: number, streams: number, most: number, waiting: number] | undefined;
export function errorText(number: number): string;
