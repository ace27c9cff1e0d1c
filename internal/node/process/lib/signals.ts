// Signals: process.kill and 'SIG...' events. https://nodejs.org/docs/latest-v24.x/api/process.html#signal-events
import { signalStart, signalStop } from 'native:process';
import { codes, ErrnoException } from 'internal:errors';
import { ownListenerCount } from 'internal:events';
import { load } from 'internal:load';

const process = load('internal:process').process;
const numbers: Record<string, number> = load('node:os').default.constants.signals;

// The names that are listened to; some are two names of one signal. process.listenerCount isn't asked: tsx hides a listener of its own from it.
const heard = new Set<string>();

let id = 0;
const target = {
  hasRef: () => false, // listening to a signal keeps nothing alive
  onevent(signum: number): void {
    for (const name of Object.keys(numbers)) {
      if (numbers[name] === signum && heard.has(name)) {
        process.emit(name, name, signum);
        return;
      }
    }
  },
};

/** A listener for a signal is about to be added. */
export function listening(name: string): void {
  const signum = numbers[name];
  if (signum === undefined || heard.has(name)) {
    return;
  }
  if (id === 0) {
    id = load('internal:process/signalhandle').adoptSignals(target);
  }
  signalStart(signum, id);
  heard.add(name);
}

/** A listener was removed. */
export function unlistening(name: string): void {
  const signum = numbers[name];
  if (signum !== undefined && ownListenerCount(process, name) === 0 && heard.delete(name) && !isHeard(signum)) {
    signalStop(signum);
  }
}

function isHeard(signum: number): boolean {
  for (const name of heard) {
    if (numbers[name] === signum) {
      return true;
    }
  }
  return false;
}

// Signals that end a program which doesn't listen to them.
const fatal = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGABRT', 'SIGKILL', 'SIGALRM', 'SIGTERM', 'SIGUSR2'];

/** process.kill(pid, signal = 'SIGTERM') */
export function kill(pid: any, signal: any): true {
  // eslint-disable-next-line eqeqeq
  if (pid != (pid | 0)) {
    throw new codes.ERR_INVALID_ARG_TYPE('pid', 'number', pid);
  }
  let signum: number;
  if (typeof signal === 'number') {
    signum = signal;
  } else {
    const name = signal || 'SIGTERM';
    signum = numbers[name];
    if (signum === undefined) {
      throw new codes.ERR_UNKNOWN_SIGNAL(name);
    }
  }
  if ((pid | 0) === process.pid && fatal.some((name) => numbers[name] === signum && (name === 'SIGKILL' || !heard.has(name)))) {
    load('internal:process/lifecycle').writeMeasures(); // profiles and coverage of a program that ends itself
  }
  const errno = process._kill(pid | 0, signum); // packages replace it
  if (errno) {
    throw ErrnoException(errno, 'kill');
  }
  return true;
}
