// What the process object of a worker is without: what concerns the process as a whole belongs to the main thread.
// https://nodejs.org/docs/latest-v24.x/api/worker_threads.html#class-worker
import { cwd } from 'native:process';
import { codes } from 'internal:errors';

const { defineProperty } = Object;

function refusing(name: string): any {
  const refuse: any = function unavailableInWorker(): never {
    throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION(name);
  };
  refuse.disabled = true;
  return refuse;
}

// Where there would be a channel to a parent process. Without one its names are absent, by which programs know where they run (ava does).
function refuseChannel(process: any): void {
  for (const name of ['send', 'disconnect']) {
    process[name] = refusing(`process.${name}()`);
  }
  for (const name of ['channel', 'connected']) {
    defineProperty(process, name, { configurable: true, enumerable: false, get: refusing(`process.${name}`) });
  }
}

/** Makes process a worker's. */
export function restrict(process: any): void {
  for (const name of ['abort', 'chdir', 'initgroups', 'setgroups', 'setegid', 'seteuid', 'setgid', 'setuid', 'execve']) {
    process[name] = refusing(`process.${name}()`);
  }
  if (process.env.NODE_CHANNEL_FD !== undefined) {
    refuseChannel(process);
  }
  const { umask } = process;
  process.umask = function (mask?: any): number {
    if (mask !== undefined) {
      throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION('Setting process.umask()');
    }
    return umask();
  };
  // The main thread may change the directory at any time.
  process.cwd = () => cwd();
  let { title } = process;
  defineProperty(process, 'title', {
    enumerable: true,
    configurable: true,
    get: () => title,
    set(value) {
      title = `${value}`;
    },
  });
  delete process._startProfilerIdleNotifier;
}
