// The list of public builtins.
import { builtinNames } from 'native:runtime';

// Names with "node:" only stay so in the list, as Node has them.
const schemeOnly = new Set(['sea', 'sqlite', 'test', 'test/reporters']);

/** module.builtinModules */
export const builtinModules: string[] = (builtinNames() as string[]).map((name) => (schemeOnly.has(name) ? `node:${name}` : name));
