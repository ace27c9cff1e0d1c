// Who watches the requests of fetch: debuggers, while one has asked for it (internal:inspector/network), and subscribers of its channels
// (channels.ts).

/** What is told of one request. finished or failed come last; what comes after them counts no more. */
export interface Watch {
  sent(chunk: Uint8Array): void;
  sentAll(): void;
  /** The head is there, or the exchange has failed: the connection that it had is known. */
  connected?(exchange: any): void;
  /** headers: name, value, name, value, ... */
  answered(status: number, text: string, url: string, headers: string[]): void;
  received(chunk: Uint8Array): void;
  finished(): void;
  failed(reason: any): void;
}

export const watcher: { begin: ((method: string, url: string, headers: string[], posts: boolean) => Watch) | undefined } = { begin: undefined };
