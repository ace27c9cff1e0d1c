// The Body mixin: every reader, every kind of body, used, locked, cloned, teed.
const assert = require('assert');
(async () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  assert.deepStrictEqual([...await new Response(bytes.subarray(1, 3)).bytes()], [2, 3]);
  assert.deepStrictEqual([...new Uint8Array(await new Response(bytes.buffer).arrayBuffer())], [1, 2, 3, 4]);
  const copied = new Response(bytes);
  bytes[0] = 9;
  assert.strictEqual((await copied.bytes())[0], 1);
  assert.strictEqual(await new Response('\ufeffé€').text(), 'é€');
  assert.deepStrictEqual(await new Response('{"a":[1]}').json(), { a: [1] });
  const blob = await new Response('x', { headers: { 'content-type': 'text/html; charset=utf-8' } }).blob();
  assert.strictEqual(blob.type, 'text/html;charset=utf-8');
  assert.strictEqual(await new Response(new Blob(['ab', 'cd'])).text(), 'abcd');
  assert.strictEqual(await new Response(new URLSearchParams({ a: '1 2' })).text(), 'a=1+2');
  await assert.rejects(new Response('{').json(), SyntaxError);

  const used = new Response('x');
  assert.strictEqual(used.bodyUsed, false);
  await used.text();
  assert.strictEqual(used.bodyUsed, true);
  await assert.rejects(used.text(), { name: 'TypeError', message: 'Body is unusable: Body has already been read' });
  assert.throws(() => used.clone(), TypeError);
  assert.strictEqual(used.body.locked, true);

  const both = new Response('clone me');
  const twin = both.clone();
  assert.deepStrictEqual([await both.text(), await twin.text()], ['clone me', 'clone me']);
  const parts = async function* () { yield new TextEncoder().encode('st'); await null; yield new TextEncoder().encode('ream'); };
  const streamed = new Response(ReadableStream.from(parts()));
  const copy = streamed.clone();
  assert.deepStrictEqual([await streamed.text(), await copy.text()], ['stream', 'stream']);
  assert.strictEqual(await new Response(parts()).text(), 'stream');

  const reader = new Response('by hand').body.getReader();
  const first = await reader.read();
  assert.strictEqual(new TextDecoder().decode(first.value), 'by hand');
  assert.strictEqual((await reader.read()).done, true);
  const byob = new Response('abcdef').body.getReader({ mode: 'byob' });
  assert.strictEqual((await byob.read(new Uint8Array(3))).value.byteLength, 3);

  const locked = new Response('x');
  locked.body.getReader();
  await assert.rejects(locked.text(), TypeError);
  await assert.rejects(new Response(new ReadableStream({ start(c) { c.enqueue('text'); c.close(); } })).text(), { message: 'Received non-Uint8Array chunk' });
  await assert.rejects(new Response(new ReadableStream({ start(c) { c.error(new Error('mine')); } })).text(), { message: 'mine' });
  assert.strictEqual(new Response().body, null);
  assert.strictEqual(await new Response().text(), '');
  await assert.rejects(Response.prototype.text.call({}), TypeError);
  let n = 0;
  for await (const chunk of new Response('iterate').body) n += chunk.length;
  assert.strictEqual(n, 7);
})();
