// The debugger's ports of processes that a process starts: those of a cluster, those of test files.
import { load } from 'internal:load';
import { validatePort } from 'internal:validators';

/** Whether options of the command line open the inspector's endpoint. */
export function opensInspector(options: string[]): boolean {
  return options.some((option) => /^--inspect(?:-brk|-port|-wait)?(?:=|$)/.test(option));
}

/** Whether this process was asked to open the endpoint, by its command line or NODE_OPTIONS. */
export function isInspecting(): boolean {
  const { process } = load('internal:process');
  return opensInspector(process.execArgv) || opensInspector((process.env.NODE_OPTIONS ?? '').split(/\s+/));
}

/**
 * Makes the function that gives each process its port: the number that is wanted, or what the function that is wanted gives; the next
 * after this process's own when nothing is.
 */
export function newPorts(): (wanted: any) => number {
  let last = 0;
  return (wanted) => {
    if (wanted === null || wanted === undefined) {
      const port = load('internal:process').process.debugPort + ++last;
      // Beyond the last port it begins with the first that needs no privileges.
      return port > 65535 ? port - 65536 + 1024 : port;
    }
    const port = typeof wanted === 'function' ? wanted() : wanted;
    validatePort(port, 'inspectPort');
    return port;
  };
}
