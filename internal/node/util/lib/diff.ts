// The shortest edit script between two sequences.
// E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986).

import { validateArray, validateString } from 'internal:validators';

export const DELETE = -1;
export const NOP = 0;
export const INSERT = 1;
export type Edit = [-1 | 0 | 1, string];

/**
 * The edits from the last to the first: 1 is only in actual, -1 only in expected, 0 in both.
 * ignoreComma: whether lines that differ in a comma at their end alone are the same.
 */
export function myersDiff(actual: ArrayLike<string>, expected: ArrayLike<string>, ignoreComma = false): Edit[] {
  const n = actual.length;
  const m = expected.length;
  const max = n + m;
  const same = (a: string, b: string) => a === b || (ignoreComma && (`${a},` === b || `${b},` === a));
  // furthest[max + k]: how far in actual a path on diagonal k has come.
  const furthest = new Int32Array(2 * max + 2);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= max; d++) {
    trace.push(furthest.slice(max - d, max + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const at = max + k;
      let x = k === -d || (k !== d && furthest[at - 1] < furthest[at + 1]) ? furthest[at + 1] : furthest[at - 1] + 1;
      let y = x - k;
      while (x < n && y < m && same(actual[x], expected[y])) {
        x++;
        y++;
      }
      furthest[at] = x;
      if (x >= n && y >= m) {
        return backtrack(trace, actual, expected, ignoreComma);
      }
    }
  }
  return [];
}

function backtrack(trace: Int32Array[], actual: ArrayLike<string>, expected: ArrayLike<string>, ignoreComma: boolean): Edit[] {
  const result: Edit[] = [];
  let x = actual.length;
  let y = expected.length;
  for (let d = trace.length - 1; d >= 0; d--) {
    const row = trace[d];
    const read = (k: number) => row[k + d] ?? 0;
    const k = x - y;
    const previousK = k === -d || (k !== d && read(k - 1) < read(k + 1)) ? k + 1 : k - 1;
    const previousX = d === 0 ? 0 : read(previousK);
    const previousY = d === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY) {
      x--;
      y--;
      result.push([NOP, ignoreComma && !actual[x].endsWith(',') ? expected[y] : actual[x]]);
    }
    if (d > 0) {
      if (x > previousX) {
        result.push([INSERT, actual[--x]]);
      } else {
        result.push([DELETE, expected[--y]]);
      }
    }
  }
  return result;
}

/** util.diff: the edits between two strings (by characters) or arrays of strings, first to last. */
export function diff(actual: string | string[], expected: string | string[]): Edit[] {
  if (actual === expected) {
    return [];
  }
  check(actual, 'actual');
  check(expected, 'expected');
  return myersDiff(actual, expected).reverse();
}

function check(value: unknown, name: string): void {
  if (!Array.isArray(value)) {
    validateString(value, name);
    return;
  }
  validateArray(value, name);
  for (let i = 0; i < value.length; i++) {
    validateString(value[i], `${name}[${i}]`);
  }
}
