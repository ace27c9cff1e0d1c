// native:childprocess, implemented in childprocess.go, sync.go and channel.go.
export function spawn(file: string, args: string[], env: string[], cwd: string, stdio: number[], flags: number, uid?: number, gid?: number): number[];
export function spawnSync(file: string, args: string[], env: string[], cwd: string, stdio: number[], flags: number, uid: number | undefined,
  gid: number | undefined, timeout: number, maxBuffer: number, killSignal: number, ...input: (Uint8Array | undefined)[]): any[];
export function processKill(id: number, signal: number): number;
export function processRef(id: number, on: boolean): void;
// channel.go. Ids are handles; negative results are errnos.
export function channelOpen(fd: number): number;
export function channelRead(id: number, on: boolean): number;
export function channelWrite(id: number, data: string | Uint8Array, descriptor: number): number;
export function channelTake(id: number): number;
export function channelClose(id: number): void;
export function channelRef(id: number, on: boolean): void;
export function channelQueued(id: number): number;
// rendezvous.go. Ids are handles; negative results are errnos.
export function rendezvousOpen(fd: number): number;
export function rendezvousWait(id: number, referenced: boolean): number;
export function rendezvousRef(id: number, on: boolean): void;
export function rendezvousClose(id: number): void;
export function closeDescriptor(fd: number): void;
