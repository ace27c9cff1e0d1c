// Messages as resources of async_hooks: one for each request that a server reads, and for each answer that a client waits for.
import { type Operation, beginOperation } from 'internal:asynchooks/operation';

export type MessageResource = Operation | undefined;

/** A server reads a request, the next one of its connection; `before` stands for the last. */
export function nextIncoming(before: MessageResource): MessageResource {
  before?.destroy();
  return beginOperation('HTTPINCOMINGMESSAGE');
}

/** A client waits for an answer. */
export function clientRequest(): MessageResource {
  return beginOperation('HTTPCLIENTREQUEST');
}
