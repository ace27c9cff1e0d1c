// native:vm
/** From now on SIGINT ends runs with breakOnSigint. */
export function listenForInterrupts(): void;
