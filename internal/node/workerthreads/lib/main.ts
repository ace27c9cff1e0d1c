// The start of a worker: what its parent gave it, and what is different in its process object.
import { abortOnUncaught } from 'native:engine';
import { threadFail, threadInit, threadOnline, threadReporter } from 'native:workerthreads';
import { load } from 'internal:load';
import { restrict } from 'internal:process/worker';
import { excerpt, setEnd } from 'internal:process/lifecycle';
import { openParcel } from 'internal:web/message';
import { limitsOf, state } from 'internal:workerthreads/state';
import { openInbox } from 'internal:workerthreads/thread';

const { defineProperty } = Object;

/** Before anything of the user runs. */
export function prepare(): void {
  const [threadId, name, limits, stdin, , parcel] = threadInit()!;
  state.isMainThread = false;
  abortOnUncaught(false); // its parent hears of the exception
  state.threadId = threadId;
  state.threadName = name;
  threadReporter((what) => (what === 'report' ? load('internal:process/report').subreport() : load('internal:workerthreads/profile').answer(what)));
  state.resourceLimits = limitsOf(limits);
  const { process } = load('internal:process');
  restrict(process);
  const stdio = () => load('internal:workerthreads/stdio');
  for (const stream of ['stdin', 'stdout', 'stderr']) {
    defineProperty(process, stream, {
      enumerable: true,
      configurable: true,
      get: () => stdio()[stream](),
      set(value) {
        defineProperty(process, stream, { value, enumerable: true, configurable: true, writable: true });
      },
    });
  }
  if (stdin) {
    stdio().setInput(true);
  }
  setEnd(fail, () => {
    if (Object.getOwnPropertyDescriptor(process, 'stdout')?.get !== undefined) {
      stdio().flush();
    }
  });
  openInbox();
  const { workerData, environmentData, port } = openParcel(parcel);
  state.workerData = workerData;
  state.environmentData = environmentData;
  state.parentPort = port;
}

/** User code is about to run. */
export function online(): void {
  threadOnline();
}

// An exception that nobody handled ends the worker: the parent hears of it.
function fail(error: any, where: any): void {
  let before = '';
  try {
    before = where === undefined ? '' : `${excerpt(where)}\n`;
  } catch {
    // The stack alone tells enough.
  }
  threadFail(load('internal:workerthreads/errors').pack(error, before));
}
