// native:workerthreads. A Parcel is internal:web/message's opaque reference to a serialized value.
type Parcel = object;
export function workerNew(name: string, kind: string, main: string, argv: string[], execArgv: string[] | undefined, envMode: number, env: string[],
  limits: number[], stdin: boolean, keepFDs: boolean, parcel: Parcel): [id: number, threadId: number, limits: Float64Array] | string[];
export function workerStop(id: number): void;
export function workerHold(id: number, ref: boolean): void;
export function workerRelease(id: number): void;
export function workerInput(id: number, chunk: Uint8Array | null): void;
export function workerTaken(id: number, fd: number, bytes: number): void;
export function workerLoop(id: number): Float64Array | undefined;
/** The reports of this thread's running workers, as texts. */
export function workerReports(): string[];
/** answer gives as text what other threads ask of this worker, perhaps in the middle of other JavaScript. */
export function threadReporter(answer: (what: string) => string): void;
/** Asks a worker. */
export function workerEval(id: number, what: string, request: number): void;
export function workerAsk(id: number, what: 'heap' | 'cpu' | 'snapshot', request: number, flags?: number): void;
export function threadInbox(): number;
export function threadSend(to: number, token: number, what: Parcel | number): boolean;
export function threadInit(): [threadId: number, name: string, limits: Float64Array, stdin: boolean, keepFDs: boolean, parcel: Parcel] | undefined;
export function threadHold(ref: boolean): void;
export function threadOnline(): void;
export function threadOutput(fd: number, chunk: Uint8Array): void;
export function threadNeeds(): void;
export function threadFail(parcel: Parcel): void;
