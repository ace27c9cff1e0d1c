// The REPL's options on the command line.
import { config } from 'native:runtime';

export function option(name: string): string | undefined {
  return config().options?.[name];
}
