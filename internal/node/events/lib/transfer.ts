// Abort signals that are posted to another thread: util.transferableAbortSignal and transferableAbortController.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utiltransferableabortsignalsignal
//
// What travels is the signal's state and one end of a channel; the abort follows through the channel. The sender's signal stays what it was.
import { codes } from 'internal:errors';
import { AbortController, createAbortSignal, isAbortSignal, setAborted } from 'internal:events/abort';
import { load } from 'internal:load';

const { defineProperty } = Object;
const kClone = Symbol.for('roost.clone');
const kTransfer = Symbol.for('messaging_transfer_symbol');

// Ports of signals that were dropped without an abort: nobody will use them any more.
const dropped = new FinalizationRegistry<any>((port) => port.close());

function transfer(this: any): any[] {
  const signal = this;
  const { aborted, reason } = signal;
  if (aborted) {
    return ['internal:events/transfer', 'receive', { aborted, reason, port: undefined }, () => {}, []];
  }
  const { port1, port2 } = new (load('internal:web/message').MessageChannel)();
  port1.unref();
  signal.addEventListener('abort', () => {
    port1.postMessage(signal.reason);
    port1.close();
    dropped.unregister(port1);
  }, { once: true });
  dropped.register(signal, port1, port1);
  return ['internal:events/transfer', 'receive', { aborted, reason: undefined, port: port2 }, () => {}, [port2]];
}

/** The signal that arrives. */
export function receive({ aborted, reason, port }: any): any {
  const signal = createAbortSignal();
  if (aborted) {
    setAborted(signal, reason);
    return signal;
  }
  mark(signal);
  port.onmessage = ({ data }: any) => {
    setAborted(signal, data);
    port.close();
  };
  port.unref();
  return signal;
}

function mark(signal: any): any {
  defineProperty(signal, kClone, { value: null, configurable: true, writable: true, enumerable: false }); // by transfer only
  defineProperty(signal, kTransfer, { value: transfer, configurable: true, writable: true, enumerable: false });
  return signal;
}

/** Marks a signal as one that may be in a transfer list. @throws ERR_INVALID_ARG_TYPE */
export function transferableAbortSignal(signal: any): any {
  if (!isAbortSignal(signal)) {
    throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  }
  return mark(signal);
}

/** A controller whose signal may be in a transfer list. */
export function transferableAbortController(): any {
  const controller = new AbortController();
  mark(controller.signal);
  return controller;
}
