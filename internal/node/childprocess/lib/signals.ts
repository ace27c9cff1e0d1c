// Signals by name and number.
import { codes } from 'internal:errors';
import { load } from 'internal:load';

function table(): Record<string, number> {
  return load('node:os').default.constants.signals;
}

/** The number of a signal; a number is checked. undefined and null give undefined. */
export function signalNumber(signal: any): number | undefined {
  if (signal === undefined || signal === null) {
    return undefined;
  }
  const signals = table();
  if (typeof signal === 'number') {
    if (Object.values(signals).includes(signal)) {
      return signal;
    }
    throw new codes.ERR_UNKNOWN_SIGNAL(signal);
  }
  if (typeof signal === 'string') {
    for (const name of [signal, signal.toUpperCase()]) {
      if (Object.hasOwn(signals, name)) {
        return signals[name];
      }
    }
  }
  throw new codes.ERR_UNKNOWN_SIGNAL(signal);
}

/** The name of a signal's number. */
export function signalName(number: number): string | null {
  const signals = table();
  for (const name in signals) {
    if (signals[name] === number) {
      return name;
    }
  }
  return null;
}
