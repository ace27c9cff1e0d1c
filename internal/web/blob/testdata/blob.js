// Blobs hold copies, slice without copying, and stream.
const assert = require('assert');
const { Blob, File, resolveObjectURL } = require('buffer');
(async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const blob = new Blob(['é', bytes, new Blob(['z'])], { type: 'Text/Plain' });
  bytes[0] = 9;
  assert.strictEqual(blob.size, 6);
  assert.strictEqual(blob.type, 'text/plain');
  assert.deepStrictEqual([...await blob.bytes()], [0xc3, 0xa9, 1, 2, 3, 0x7a]);
  assert.strictEqual(await blob.slice(-1).text(), 'z');
  let size = 0;
  for await (const chunk of new Blob(['x'.repeat(200000)]).stream()) size += chunk.length;
  assert.strictEqual(size, 200000);
  const file = new File(['a'], 'n.txt', { lastModified: 5 });
  assert.deepStrictEqual([file.name, file.lastModified, file.size], ['n.txt', 5, 1]);
  const url = URL.createObjectURL(blob);
  assert.strictEqual(resolveObjectURL(url).size, 6);
  URL.revokeObjectURL(url);
  assert.strictEqual(resolveObjectURL(url), undefined);
})();
