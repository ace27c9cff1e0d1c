// native:childprocess, implemented in childprocess.go and sync.go.
export function spawn(file: string, args: string[], env: string[], cwd: string, stdio: number[], flags: number, uid?: number, gid?: number): number[];
export function spawnSync(file: string, args: string[], env: string[], cwd: string, stdio: number[], flags: number, uid: number | undefined,
  gid: number | undefined, timeout: number, maxBuffer: number, killSignal: number, ...input: (Uint8Array | undefined)[]): any[];
export function processKill(id: number, signal: number): number;
export function processRef(id: number, on: boolean): void;
