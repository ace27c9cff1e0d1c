// --test-rerun-failures: a file of what passed in earlier attempts, which isn't run again.
// https://nodejs.org/docs/latest-v24.x/api/test.html#rerunning-failed-tests
import { load } from 'internal:load';
import type { Run } from 'internal:test/tree';

/** Reads the attempts of a state file; an absent file has none. */
export function readState(path: string): any[] {
  const fs = load('node:fs').default;
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8'));
  } catch (error: any) {
    if (error?.code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

/** Makes a run skip what passed before, and add its attempt to the file when it is the one that writes. */
export function prepare(run: Run, path: string, writes: boolean): void {
  const state = readState(path);
  const attempts: any = { previous: state.at(-1) ?? {}, attempt: state.length, passed: {}, seen: new Map() };
  if (writes) {
    attempts.save = () => load('node:fs').default.writeFileSync(path, JSON.stringify([...state, attempts.passed], null, 2));
  }
  run.attempts = attempts;
}
