// The test runner's options on the command line. https://nodejs.org/docs/latest-v24.x/api/cli.html#--test
import { config } from 'native:runtime';

/** The values of an option that may be given more than once; [] when it wasn't given. */
export function listOption(name: string): string[] {
  const text: string | undefined = config().options?.[name];
  return text === undefined ? [] : text.split('\0');
}
/** The last value of an option. */
export function option(name: string): string | undefined {
  return listOption(name).at(-1);
}
export function flag(name: string): boolean {
  return config().options?.[name] !== undefined;
}

/** A pattern of the command line: /source/flags, or the source alone. */
export function pattern(text: string): RegExp {
  const m = /^\/(.*)\/([a-z]*)$/s.exec(text);
  return m === null ? new RegExp(text) : new RegExp(m[1], m[2]);
}
