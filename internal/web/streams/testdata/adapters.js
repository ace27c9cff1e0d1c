// toWeb() and fromWeb() carry data, ends and errors both ways.
'use strict';
const assert = require('node:assert');
const { Duplex, PassThrough, Readable, Writable } = require('node:stream');

(async () => {
  const web = Readable.toWeb(Readable.from(['a', 'b']));
  assert.deepStrictEqual(await Array.fromAsync(web), ['a', 'b']);
  assert.deepStrictEqual(await Readable.fromWeb(ReadableStream.from([1, 2]), { objectMode: true }).toArray(), [1, 2]);

  const chunks = [];
  const writer = Writable.toWeb(new Writable({ write(c, e, cb) { chunks.push(String(c)); cb(); } })).getWriter();
  await writer.write('x');
  await writer.close();
  assert.deepStrictEqual(chunks, ['x']);

  const destroyed = new Readable({ read() {} });
  const reader = Readable.toWeb(destroyed).getReader();
  destroyed.destroy(new Error('gone'));
  await assert.rejects(reader.read(), /gone/);

  const duplex = Duplex.fromWeb(Duplex.toWeb(new PassThrough()), { encoding: 'utf8' });
  duplex.end('echo');
  let text = '';
  for await (const chunk of duplex) text += chunk;
  assert.strictEqual(text, 'echo');
})();
