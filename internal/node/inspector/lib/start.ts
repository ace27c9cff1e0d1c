// --inspect, --inspect-wait and --inspect-brk. https://nodejs.org/docs/latest-v24.x/api/cli.html#--inspecthostport
import { config } from 'native:runtime';
import { load } from 'internal:load';

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

/** @returns whether the program is to stop at its first statement */
export function startInspector(options: Record<string, string>): boolean {
  const { open, waitForDebugger } = load('internal:inspector');
  const brk = options['inspect-brk'];
  const given = brk ?? options['inspect-wait'] ?? options.inspect;
  const { process } = load('internal:process');
  const { host, port } = place(given.split('\0').at(-1) || options['inspect-port'] || '');
  try {
    open(port ?? place(options['inspect-port'] ?? '').port ?? 9229, host);
  } catch (err: any) {
    const reason = err.code === 'EADDRINUSE' ? 'address already in use' : err.message;
    process._rawDebug(`Starting inspector on ${host}:${port ?? 9229} failed: ${reason}`);
    return false;
  }
  if (brk !== undefined || options['inspect-wait'] !== undefined) {
    waitForDebugger();
  }
  return brk !== undefined;
}
