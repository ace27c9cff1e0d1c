// An import whose hook never settles never settles: it holds up neither the program nor its end.
import assert from 'node:assert';
import { register } from 'node:module';

register(`data:text/javascript,${encodeURIComponent(`
  export function resolve(specifier, context, next) { return specifier === 'virtual:never' ? new Promise(() => {}) : next(specifier); }
`)}`);
let settled = false;
import('virtual:never').finally(() => { settled = true; });
await new Promise((resolve) => setTimeout(resolve, 50));
assert.strictEqual((await import('node:path')).sep, '/');
assert.strictEqual(settled, false);
