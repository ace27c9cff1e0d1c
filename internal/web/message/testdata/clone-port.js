// A port or stream that structuredClone() transfers goes on as the clone; the old object is detached.
const assert = require('node:assert');
const { port1, port2 } = new MessageChannel();
const { moved } = structuredClone({ moved: port2 }, { transfer: [port2] });
const seen = [];
moved.onmessage = ({ data }) => { seen.push(data); moved.postMessage('back'); };
port1.onmessage = ({ data }) => { seen.push(data); port1.close(); };
port1.postMessage('there');
assert.throws(() => structuredClone(port2, { transfer: [port2] }), { name: 'DataCloneError' });

const source = new ReadableStream({ start(controller) { controller.enqueue('chunk'); controller.close(); } });
const stream = structuredClone(source, { transfer: [source] });
assert.ok(source.locked);
(async () => { for await (const chunk of stream) seen.push(chunk); })();
process.on('exit', () => assert.deepStrictEqual(seen.sort(), ['back', 'chunk', 'there']));
