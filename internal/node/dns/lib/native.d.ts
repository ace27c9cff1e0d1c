// The Go half of dns. Failures carry c-ares' codes.
export function lookup(request: number, host: string, family: number, addrconfig: boolean, v4mapped: boolean, order: string): void;
export function lookupService(request: number, address: string, port: number): void;
export function resolverNew(timeoutMs: number, tries: number, maxTimeoutMs: number): object;
export function resolverServers(resolver: object): string[];
export function resolverSetServers(resolver: object, servers: string[]): void;
export function resolverLocal(resolver: object, ipv4: string, ipv6: string): void;
export function query(request: number, resolver: object, name: string, type: string): void;
export function reverse(request: number, resolver: object, address: string, name: string): void;
export function cancel(resolver: object): void;
export function canonical(address: string): string | undefined;
