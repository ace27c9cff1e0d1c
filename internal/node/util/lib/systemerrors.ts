// The errors of the operating system by their negative numbers, from the Go side's one table.

import * as native from 'native:util';

let map: Map<number, [string, string]> | undefined;

/** errno -> [name, message]; made on first use. */
export function systemErrorMap(): Map<number, [string, string]> {
  if (map === undefined) {
    map = new Map();
    const flat = native.systemErrors();
    for (let i = 0; i < flat.length; i += 3) {
      map.set(flat[i] as number, [flat[i + 1] as string, flat[i + 2] as string]);
    }
  }
  return map;
}
