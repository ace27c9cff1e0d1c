// pipeline(): one error, all streams destroyed; AbortSignal; generators; the value of an async sink.
'use strict';
const assert = require('node:assert');
const { PassThrough, Readable, Writable } = require('node:stream');
const { pipeline } = require('node:stream/promises');

(async () => {
  const source = new Readable({ read() {} });
  const middle = new PassThrough();
  const sink = new Writable({ write(chunk, encoding, callback) { callback(new Error('full')); } });
  source.push('x');
  await assert.rejects(pipeline(source, middle, sink), /full/);
  assert.ok(source.destroyed && middle.destroyed && sink.destroyed);

  const result = await pipeline(['a', 'b'], async function* (chunks) {
    for await (const chunk of chunks) yield chunk.toUpperCase();
  }, async (chunks) => {
    let text = '';
    for await (const chunk of chunks) text += chunk;
    return text;
  });
  assert.strictEqual(result, 'AB');

  const controller = new AbortController();
  const endless = new Readable({ read() {} });
  const waiting = pipeline(endless, new PassThrough(), { signal: controller.signal });
  controller.abort();
  await assert.rejects(waiting, { name: 'AbortError', code: 'ABORT_ERR' });
  assert.ok(endless.destroyed);
})();
