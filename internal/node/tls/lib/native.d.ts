// The Go half of tls. Events are named in tls.go.
export function contextNew(cert: string, key: string, passphrase: string, ca: string | undefined, min: number, max: number): object;
export function sessionNew(context: object, isServer: boolean, serverName: string, alpn: string[], requestCert: boolean): number;
export function start(session: number): void;
export function accept(session: number): void;
export function feed(session: number, bytes: Uint8Array): boolean | undefined;
export function feedEnd(session: number): void;
export function write(session: number, data: string | Uint8Array): void;
export function end(session: number): void;
export function setReading(session: number, on: boolean): void;
export function destroy(session: number): void;
export function peerCertificates(session: number): any[] | undefined;
export function rootCertificates(): string[];
export function cipherNames(): string[];
