// FormData and multipart bodies, there and back.
const assert = require('assert');
(async () => {
  const form = new FormData();
  form.append('text', 'a\nb');
  form.append('na"me', 'é');
  form.append('file', new File(['content', new Uint8Array([0, 255])], 'f"ü.bin', { type: 'application/x-test' }));
  form.append('blob', new Blob(['b']));
  form.append('text', 'second');
  const response = new Response(form);
  assert.match(response.headers.get('content-type'), /^multipart\/form-data; boundary=/);
  const back = await response.formData();
  assert.deepStrictEqual([...back.keys()], ['text', 'na"me', 'file', 'blob', 'text']);
  assert.deepStrictEqual(back.getAll('text'), ['a\r\nb', 'second']);
  assert.strictEqual(back.get('na"me'), 'é');
  const file = back.get('file');
  assert.ok(file instanceof File);
  assert.deepStrictEqual([file.name, file.type, file.size], ['f"ü.bin', 'application/x-test', 9]);
  assert.strictEqual((await file.bytes())[8], 255);
  assert.strictEqual(back.get('blob').name, 'blob');

  form.set('text', 'one');
  assert.deepStrictEqual(form.getAll('text'), ['one']);
  form.delete('file');
  assert.strictEqual(form.has('file'), false);
  assert.strictEqual(form.get('file'), null);
  assert.throws(() => form.append('a', 'b', 'name'), TypeError);
  assert.throws(() => form.append('a'), TypeError);
  assert.throws(() => new FormData(1), TypeError);

  const parse = (text, boundary = 'x') => new Response(text, { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }).formData();
  const simple = await parse('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--x\r\ncontent-disposition: form-data; name="f"; filename="n"\r\nContent-Type: text/html\r\n\r\n\r\n--x--\r\n');
  assert.deepStrictEqual([simple.get('a'), simple.get('f').size, simple.get('f').type], ['v', 0, 'text/html']);
  for (const bad of ['', 'x', '--x', '--x\r\n', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nno end', '--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n',
    '--x\r\nContent-Disposition: form-data; name="a\r\n\r\nv\r\n--x--\r\n']) {
    await assert.rejects(parse(bad), TypeError, JSON.stringify(bad));
  }
  const query = await new Response(new URLSearchParams('a=1&b=%20&a=2')).formData();
  assert.deepStrictEqual([...query], [['a', '1'], ['b', ' '], ['a', '2']]);
  await assert.rejects(new Response('x').formData(), TypeError);
})();
