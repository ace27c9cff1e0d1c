// module.register: hooks on their own thread, in a chain whose youngest link runs first; initialize() gets data and ports; errors keep their code.
import assert from 'node:assert';
import { createRequire, register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

const hooks = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
const { port1, port2 } = new MessageChannel();
const told = new Promise((resolve) => port1.once('message', resolve));

register(hooks(`
  import { isMainThread } from 'node:worker_threads';
  let name;
  export async function initialize({ port, given }) { name = given; port.postMessage({ given, isMainThread }); port.close(); }
  export async function resolve(specifier, context, nextResolve) {
    if (specifier === 'virtual:failing') throw Object.assign(new RangeError('refused'), { code: 'ERR_REFUSED', detail: { a: 1 } });
    if (specifier === 'virtual:incomplete') return { url: specifier };
    if (specifier.startsWith('virtual:')) return { url: specifier, format: 'module', shortCircuit: true };
    return nextResolve(specifier);
  }
  export async function load(url, context, nextLoad) {
    await new Promise((done) => setTimeout(done, 5));
    if (url === 'virtual:text') return { format: 'module', source: 'export default ' + JSON.stringify(name), shortCircuit: true };
    if (url === 'virtual:bytes') return { format: 'module', source: new TextEncoder().encode('export default "größe"'), shortCircuit: true };
    if (url === 'virtual:json') return { format: 'json', source: '{"a":1}', shortCircuit: true };
    if (url === 'virtual:tree') return { format: 'module', source: 'import a from "virtual:text"; import { sep } from "node:path"; export default a + sep;', shortCircuit: true };
    return nextLoad(url);
  }
`), { data: { port: port2, given: 'first' }, transferList: [port2] });

assert.deepStrictEqual(await told, { given: 'first', isMainThread: false });
assert.strictEqual((await import('virtual:text')).default, 'first');
assert.strictEqual((await import('virtual:bytes')).default, 'größe');
assert.deepStrictEqual((await import('virtual:json', { with: { type: 'json' } })).default, { a: 1 });
assert.strictEqual((await import('virtual:tree')).default, 'first/');
await assert.rejects(import('virtual:failing'), { name: 'RangeError', code: 'ERR_REFUSED', message: 'refused', detail: { a: 1 } });
await assert.rejects(import('virtual:incomplete'), { code: 'ERR_LOADER_CHAIN_INCOMPLETE' });
await assert.rejects(import('virtual:unknown'), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' });

// A second link runs first, and sees what the first one answers.
register(hooks(`
  export async function resolve(specifier, context, nextResolve) {
    const answer = await nextResolve(specifier === 'alias' ? 'virtual:text' : specifier, { conditions: [...context.conditions, 'mine'] });
    return { ...answer, url: answer.url === 'virtual:text' && specifier === 'alias' ? 'virtual:text?2' : answer.url };
  }
  export async function load(url, context, nextLoad) {
    const answer = await nextLoad(url.replace('?2', ''));
    return url.endsWith('?2') ? { ...answer, source: answer.source + ' + " again"' } : answer;
  }
`));
assert.strictEqual((await import('alias')).default, 'first again');

// require() of CommonJS doesn't ask them.
assert.throws(() => createRequire(import.meta.url)('virtual:text'), { code: 'MODULE_NOT_FOUND' });
assert.throws(() => register('./not-there.mjs', import.meta.url), { code: 'ERR_MODULE_NOT_FOUND' });
assert.throws(() => register(hooks('syntax error')), { name: 'SyntaxError' });
assert.throws(() => register(hooks('export function initialize() { throw new TypeError("not today") }')), { name: 'TypeError', message: 'not today' });
