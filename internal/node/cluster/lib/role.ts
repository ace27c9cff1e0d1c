// Whether this process is a worker of a cluster. Servers and sockets look here, so the module imports nothing.

/** What a worker's process is to the rest. */
export interface WorkerRole {
  /** The module's public object. */
  cluster: any;
  /** Asks the primary for a place to listen: internal:net/server. */
  shareServer(server: any, place: any, answer: (handle: any, syscall?: string) => void): void;
  /** Asks the primary for a bound UDP socket, or a negative errno. */
  shareSocket(socket: any, place: { address: string | null; port: number | null; type: string; fd: number; flags: number | null }, answer: (handle: any) => void): void;
}

/** Undefined in every process that isn't a worker. */
export let worker: WorkerRole | undefined;

export function becomeWorker(role: WorkerRole): void {
  worker = role;
}
