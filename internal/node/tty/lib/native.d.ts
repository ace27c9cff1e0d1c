// native:tty, implemented in tty.go. Numbers called errno are 0 or negative.
export function isatty(fd: number): boolean;
export function guessHandleType(fd: number): 'FILE' | 'TTY' | 'PIPE' | 'TCP' | 'UDP' | 'UNKNOWN' | 'INVALID';
export function windowSize(fd: number): [columns: number, rows: number] | number;
export function setRawMode(fd: number, on: boolean): number;
export function writeSync(fd: number, data: Uint8Array | string): number;
export function descriptorOpen(fd: number, shared: boolean, kind: string): number;
export function descriptorRead(id: number, on: boolean): number;
export function descriptorWrite(id: number, data: Uint8Array, request: number): number;
export function descriptorShutdown(id: number, request: number): void;
export function descriptorClose(id: number): void;
export function descriptorRef(id: number, on: boolean): void;
