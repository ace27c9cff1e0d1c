// --inspect, --inspect-wait and --inspect-brk. https://nodejs.org/docs/latest-v24.x/api/cli.html#--inspecthostport
import { config } from 'native:runtime';
import { load } from 'internal:load';

const DEFAULT_PORT = 9229;

/** Where an option tells to listen: "[host:]port", either may be missing. */
function place(text: string): { host: string; port: number | undefined } {
  if (/^\d+$/.test(text)) {
    return { host: '127.0.0.1', port: Number(text) };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(text);
  return { host: match?.[1] || match?.[2] || '127.0.0.1', port: match?.[3] === undefined ? undefined : Number(match[3]) };
}

/** Where the endpoint's id is told: --inspect-publish-uid. */
export function published(): string {
  return config().options['inspect-publish-uid'] ?? 'stderr,http';
}

// The place that the options name together, of which a later one counts more: --inspect=1 --inspect-port=2 is port 2. Those of NODE_OPTIONS come first.
function chosenPlace(options: Record<string, string>): { host: string; port: number } {
  let { host, port } = { host: '', port: undefined as number | undefined };
  const take = (text: string): void => {
    const next = place(text);
    if (next.port !== undefined) ({ port } = next);
    if (!/^\d*$/.test(text)) ({ host } = next);
  };
  for (const option of ['inspect-port', 'inspect', 'inspect-wait', 'inspect-brk']) {
    if (options[option] !== undefined) take(options[option].split('\0').at(-1) as string);
  }
  const args: string[] = load('internal:process').process.execArgv;
  for (let i = 0; i < args.length; i++) {
    const match = /^--(?:inspect(?:-brk|-wait|-port)?|debug-port)(?:=(.+))?$/.exec(args[i]);
    if (match?.[1] !== undefined) take(match[1]);
    else if (/^--(?:inspect|debug)-port$/.test(args[i])) take(args[++i] ?? '');
  }
  return { host: host || '127.0.0.1', port: port ?? DEFAULT_PORT };
}

/** process.debugPort before the endpoint was open. */
export function initialPort(options: Record<string, string>): number {
  return chosenPlace(options).port;
}

function openAt(host: string, port: number, wait: boolean): boolean {
  const { process } = load('internal:process');
  try {
    load('internal:inspector').open(port, host, wait);
    return true;
  } catch (err: any) {
    const reason = err.code === 'EADDRINUSE' ? 'address already in use' : err.message;
    process._rawDebug(`Starting inspector on ${host}:${port} failed: ${reason}`);
    return false;
  }
}

/** SIGUSR1: opens the endpoint, unless it is open. It may come in the middle of other JavaScript. */
export function openBySignal(): void {
  if (load('internal:inspector').url() === undefined) {
    openAt(place(config().options['inspect-port'] ?? '').host, load('internal:process').process.debugPort, false);
  }
}

/** @returns whether the program is to stop at its first statement */
export function startInspector(options: Record<string, string>): boolean {
  const brk = options['inspect-brk'];
  const { host, port } = chosenPlace(options);
  return openAt(host, port, brk !== undefined || options['inspect-wait'] !== undefined) && brk !== undefined;
}
