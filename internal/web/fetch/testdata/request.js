// Request and Response: members, validation, static constructors.
const assert = require('assert');
(async () => {
  const r = new Request('http://host/p?q#f', { method: 'post', body: 'abc', headers: { a: '1' } });
  assert.deepStrictEqual([r.method, r.url, r.headers.get('a'), r.headers.get('content-type'), r.mode, r.redirect, r.duplex],
    ['POST', 'http://host/p?q#f', '1', 'text/plain;charset=UTF-8', 'cors', 'follow', 'half']);
  const second = new Request(r, { headers: { b: '2' } });
  assert.deepStrictEqual([second.method, second.headers.get('a'), second.headers.get('b')], ['POST', null, '2']);
  assert.strictEqual(r.bodyUsed, true);
  assert.strictEqual(await second.clone().text(), 'abc');
  assert.strictEqual(await second.text(), 'abc');
  assert.throws(() => new Request(r), { name: 'TypeError' });
  for (const [url, init] of [['relative'], ['http://u:p@h/'], ['http://h', { body: 'x' }], ['http://h', { method: 'TRACE' }], ['http://h', { method: 'a b' }],
    ['http://h', { mode: 'navigate' }], ['http://h', { redirect: 'x' }], ['http://h', { signal: 'x' }], ['http://h', 1], ['http://h', { window: 1 }],
    ['http://h', { method: 'POST', body: new ReadableStream() }], ['http://h', { headers: { 'a b': '' } }]]) {
    assert.throws(() => new Request(url, init), TypeError, JSON.stringify([url, init]));
  }
  const controller = new AbortController();
  const aborts = new Request('http://h', { signal: controller.signal });
  assert.notStrictEqual(aborts.signal, controller.signal);
  controller.abort('why');
  assert.deepStrictEqual([aborts.signal.aborted, aborts.signal.reason], [true, 'why']);
  assert.deepStrictEqual([aborts.clone().signal.aborted, new Request(aborts).signal.reason], [true, 'why']);

  const response = new Response('x', { status: 418, statusText: 'teapot' });
  assert.deepStrictEqual([response.status, response.ok, response.statusText, response.type, response.url], [418, false, 'teapot', 'default', '']);
  for (const init of [{ status: 199 }, { status: 600 }, { status: 'x' }]) assert.throws(() => new Response('', init), RangeError);
  for (const init of [{ status: 204 }, { statusText: '\n' }, 5]) assert.throws(() => new Response('', init), TypeError);
  assert.strictEqual(new Response(null, { status: 204 }).body, null);
  assert.deepStrictEqual([Response.error().type, Response.error().status], ['error', 0]);
  const json = Response.json({ a: 1 }, { status: 201 });
  assert.deepStrictEqual([json.status, json.headers.get('content-type'), await json.json()], [201, 'application/json', { a: 1 }]);
  assert.throws(() => Response.json(undefined), TypeError);
  assert.strictEqual(Response.redirect('http://h/é').headers.get('location'), 'http://h/%C3%A9');
  assert.throws(() => Response.redirect('http://h', 200), RangeError);
  assert.throws(() => structuredClone(response), { name: 'DataCloneError' });
})();
