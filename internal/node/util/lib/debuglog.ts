// util.debuglog: messages for sections that the environment variable NODE_DEBUG names.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utildebuglogsection-callback

import { load } from 'internal:load';
import { formatWithOptions } from 'internal:util/inspect';
import { shouldColorize } from 'internal:util/colors';

let pattern: RegExp | null | undefined;

function isEnabled(section: string): boolean {
  if (pattern === undefined) {
    const list: string = load('node:process').default.env.NODE_DEBUG ?? '';
    // Names separated by commas; * stands for anything.
    pattern = list === '' ? null
      : new RegExp(`^(?:${list.replace(/[|\\{}()[\]^$+?.]/g, '\\$&').replaceAll('*', '.*').replaceAll(',', '|')})$`, 'i');
  }
  return pattern !== null && pattern.test(section);
}

/** A function that writes like console.error when section is enabled. callback gets the logger that replaces it, at the first call. */
export function debuglog(section: string, callback?: (logger: any) => void): any {
  let enabled: boolean | undefined;
  const test = () => enabled ??= isEnabled(section);
  let write = (...args: any[]): void => {
    const upper = String(section).toUpperCase();
    if (test()) {
      const { emitWarning, pid, stderr } = load('node:process').default;
      if (upper === 'HTTP' || upper === 'HTTP2') {
        emitWarning(`Setting the NODE_DEBUG environment variable to '${upper.toLowerCase()}' can expose sensitive data ` +
          '(such as passwords, tokens and authentication headers) in the resulting log.');
      }
      write = (...values) => {
        const colors = shouldColorize(stderr);
        const text = formatWithOptions({ colors }, ...values);
        const mark = formatWithOptions({ colors }, '%s %d:', upper, pid);
        stderr.write(`${mark} ${text}\n`);
      };
    } else {
      write = () => {};
    }
    if (typeof callback === 'function') {
      callback(write);
    }
    write(...args);
  };
  const logger = (...args: any[]) => write(...args);
  Object.defineProperty(logger, 'enabled', { __proto__: null as never, get: () => test(), configurable: true, enumerable: true });
  return logger;
}
