// Options of the command line and of NODE_OPTIONS that net and http look at themselves.
import { config } from 'native:runtime';

/** The value of --name, '' for --name alone, undefined when it isn't there. */
export function commandLineOption(name: string): string | undefined {
  return config().options[name];
}

/** Whether the boolean option --name is on; --no-name takes it back. */
export function commandLineFlag(name: string, fallback: boolean): boolean {
  const { options } = config();
  if (options[`no-${name}`] !== undefined) return false;
  return options[name] !== undefined || fallback;
}
