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

/** process.debugPort before the endpoint was open. */
export function initialPort(options: Record<string, string>): number {
  for (const option of ['inspect-brk', 'inspect-wait', 'inspect', 'inspect-port']) {
    const port = options[option] === undefined ? undefined : place(options[option].split('\0').at(-1) as string).port;
    if (port !== undefined) return port;
  }
  return DEFAULT_PORT;
}

function openAt(host: string, port: number): boolean {
  const { process } = load('internal:process');
  try {
    load('internal:inspector').open(port, host);
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
    openAt(place(config().options['inspect-port'] ?? '').host, load('internal:process').process.debugPort);
  }
}

/** @returns whether the program is to stop at its first statement */
export function startInspector(options: Record<string, string>): boolean {
  const brk = options['inspect-brk'];
  const given = brk ?? options['inspect-wait'] ?? options.inspect;
  const { host, port } = place(given.split('\0').at(-1) || options['inspect-port'] || '');
  if (!openAt(host, port ?? place(options['inspect-port'] ?? '').port ?? DEFAULT_PORT)) {
    return false;
  }
  if (brk !== undefined || options['inspect-wait'] !== undefined) {
    load('internal:inspector').waitForDebugger();
  }
  return brk !== undefined;
}
