// native:inspector
export function open(port: number, host: string, title: string, file: string, publish: string, wait: boolean): string;
export function close(): void;
export function url(): string | undefined;
export function waitForDebugger(opened: boolean): void;
export function breakNext(): void;
export function waitForDisconnect(): void;
export function connectMain(): number;
export function tellMain(id: number, message: string): void;
export function leaveMain(id: number): void;
export function joinOwn(): number;
export function tellOwn(id: number, message: string): string[] | undefined;
export function tellNetwork(event: string, id: string, params: string, charset: string, bytes: Uint8Array | undefined, flag: boolean): void;
export function leaveOwn(id: number): void;
