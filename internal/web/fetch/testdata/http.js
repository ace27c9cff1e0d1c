// fetch over HTTP: methods, bodies both ways, redirects, codings, errors and their causes.
const assert = require('assert');
const http = require('http');
const zlib = require('zlib');
const net = require('net');
const server = http.createServer((req, res) => {
  const url = new URL(req.url, 'http://h');
  const say = (text, head = {}) => { res.writeHead(200, head); res.end(text); };
  switch (url.pathname) {
    case '/echo': {
      const chunks = [];
      req.on('data', (c) => chunks.push(c)).on('end', () => say(JSON.stringify({ method: req.method, body: Buffer.concat(chunks).toString('latin1'), headers: req.headers })));
      return;
    }
    case '/redirect':
      res.writeHead(+url.searchParams.get('status'), { location: url.searchParams.get('to') });
      res.end('moved');
      return;
    case '/cookies': res.setHeader('set-cookie', ['a=1', 'b=2']); say(''); return;
    case '/latin1': res.setHeader('x', Buffer.from('é').toString('latin1')); say(''); return;
    case '/gzip': say(zlib.gzipSync('squeezed'), { 'content-encoding': 'gzip' }); return;
    case '/deflate': say(zlib.deflateSync('squeezed'), { 'content-encoding': 'deflate' }); return;
    case '/raw': say(zlib.deflateRawSync('squeezed'), { 'content-encoding': 'deflate' }); return;
    case '/br': say(zlib.brotliCompressSync('squeezed'), { 'content-encoding': 'br' }); return;
    case '/twice': say(zlib.gzipSync(zlib.deflateSync('squeezed')), { 'content-encoding': 'deflate, gzip' }); return;
    case '/damaged': say('this is no gzip data', { 'content-encoding': 'gzip' }); return;
    case '/none': res.writeHead(204); res.end(); return;
    case '/short': res.writeHead(200, { 'content-length': 10 }); res.write('abc'); setTimeout(() => res.destroy(), 20); return;
    case '/destroy': req.socket.destroy(); return;
    default: res.writeHead(404); res.end(req.url);
  }
});
server.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const echo = async (init, path = '/echo') => (await fetch(base + path, init)).json();
  const get = await echo();
  assert.strictEqual(get.method, 'GET');
  assert.deepStrictEqual(['accept', 'accept-language', 'sec-fetch-mode', 'user-agent', 'accept-encoding', 'connection'].map((n) => get.headers[n]),
    ['*/*', '*', 'cors', 'node', 'gzip, deflate', 'keep-alive']);
  assert.deepStrictEqual(await echo({ method: 'PUT', body: 'é', headers: { 'X-A': 'b' } }).then((e) => [e.method, e.body, e.headers['x-a'], e.headers['content-length']]), ['PUT', 'Ã©', 'b', '2']);
  assert.strictEqual((await echo({ method: 'POST' })).headers['content-length'], '0');
  assert.strictEqual((await echo({ method: 'DELETE' })).headers['content-length'], undefined);
  const form = new FormData();
  form.append('a', new Blob(['x'.repeat(400000)]));
  const sent = await echo({ method: 'POST', body: form });
  assert.strictEqual(+sent.headers['content-length'], sent.body.length);
  const chunks = async function* () { for (let i = 0; i < 5; i++) yield Buffer.alloc(50000, `${i}`); };
  const streamed = await echo({ method: 'POST', body: chunks(), duplex: 'half' });
  assert.deepStrictEqual([streamed.body.length, streamed.body.at(-1), streamed.headers['transfer-encoding']], [250000, '4', 'chunked']);
  await assert.rejects(echo({ method: 'POST', duplex: 'half', body: new ReadableStream({ pull(c) { c.error(new Error('mine')); } }) }), (e) => e.message === 'fetch failed' && e.cause.message === 'mine');

  // Strange targets go out as they are.
  assert.strictEqual(await (await fetch(`${base}/a|b%zz//c?x=|"#f`)).text(), '/a|b%zz//c?x=|%22');
  assert.strictEqual(await (await fetch(`${base}//double`)).text().then((t) => t.endsWith('//double')), true);

  // Redirects.
  for (const [status, method] of [[301, 'GET'], [302, 'GET'], [303, 'GET'], [307, 'POST'], [308, 'POST']]) {
    const e = await echo({ method: 'POST', body: 'abc', headers: { authorization: 'x' } }, `/redirect?status=${status}&to=/echo`);
    assert.deepStrictEqual([e.method, e.body, e.headers.authorization], [method, method === 'GET' ? '' : 'abc', 'x']);
  }
  const followed = await fetch(`${base}/redirect?status=302&to=/x%23new`);
  assert.deepStrictEqual([followed.redirected, followed.url], [true, `${base}/x`]);
  assert.strictEqual((await fetch(`${base}/redirect?status=302&to=/x`, { redirect: 'manual' })).status, 302);
  const other = http.createServer((req, res) => res.end(JSON.stringify(req.headers))).listen(0, '127.0.0.1');
  await new Promise((r) => other.once('listening', r));
  const crossed = await echo({ headers: { authorization: 'secret', cookie: 'c', 'x-kept': '1' } }, `/redirect?status=302&to=http://127.0.0.1:${other.address().port}/`);
  assert.deepStrictEqual([crossed.authorization, crossed.cookie, crossed['x-kept']], [undefined, undefined, '1']);
  other.close();
  const cause = async (promise, message = 'fetch failed') => {
    try {
      await promise;
    } catch (e) {
      assert.ok(e instanceof TypeError);
      assert.strictEqual(e.message, message);
      return e.cause;
    }
    assert.fail('did not reject');
  };
  assert.strictEqual((await cause(fetch(`${base}/redirect?status=302&to=/x`, { redirect: 'error' }))).message, 'unexpected redirect');
  assert.strictEqual((await cause(fetch(`${base}/redirect?status=302&to=${encodeURIComponent('/redirect?status=302&to=')}`))).message, 'redirect count exceeded');
  assert.strictEqual((await cause(fetch(`${base}/redirect?status=302&to=ftp://x`))).message, 'URL scheme must be a HTTP(S) scheme');

  // Codings.
  for (const path of ['/gzip', '/deflate', '/raw', '/br', '/twice']) assert.strictEqual(await (await fetch(base + path)).text(), 'squeezed', path);
  assert.strictEqual((await cause((await fetch(`${base}/damaged`)).text(), 'terminated')).code, 'Z_DATA_ERROR');

  assert.deepStrictEqual((await fetch(`${base}/cookies`)).headers.getSetCookie(), ['a=1', 'b=2']);
  assert.strictEqual((await fetch(`${base}/latin1`)).headers.get('x'), 'Ã©');
  assert.strictEqual((await fetch(`${base}/none`)).body, null);
  assert.strictEqual((await fetch(`${base}/echo`, { method: 'HEAD' })).body, null);

  // Failures.
  assert.strictEqual((await cause((await fetch(`${base}/short`)).text(), 'terminated')).code, 'UND_ERR_SOCKET');
  const closed = await cause(fetch(`${base}/destroy`));
  assert.deepStrictEqual([closed.name, closed.message, closed.code, closed.socket.remoteAddress], ['SocketError', 'other side closed', 'UND_ERR_SOCKET', '127.0.0.1']);
  const free = net.createServer().listen(0, '127.0.0.1');
  await new Promise((r) => free.once('listening', r));
  const { port } = free.address();
  await new Promise((r) => free.close(r));
  const refused = await cause(fetch(`http://127.0.0.1:${port}/`));
  assert.deepStrictEqual([refused.code, refused.errno, refused.syscall, refused.address, refused.port, refused.message],
    ['ECONNREFUSED', -111, 'connect', '127.0.0.1', port, `connect ECONNREFUSED 127.0.0.1:${port}`]);
  assert.strictEqual((await cause(fetch('http://127.0.0.1:1'))).message, 'bad port');
  assert.strictEqual((await cause(fetch('foo:bar'))).message, 'unknown scheme');
  assert.strictEqual((await cause(fetch('http://name.invalid/'))).code, 'ENOTFOUND');
  assert.strictEqual((await cause(fetch(base, { headers: { upgrade: 'x' } }))).code, 'UND_ERR_INVALID_ARG');
  await assert.rejects(fetch('no url'), { message: 'Failed to parse URL from no url' });

  assert.strictEqual(await (await fetch('data:text/plain;charset=utf-8,h%C3%A9')).text(), 'hé');
  const objectURL = URL.createObjectURL(new Blob(['0123456789'], { type: 'a/b' }));
  const part = await fetch(objectURL, { headers: { range: 'bytes=2-4' } });
  assert.deepStrictEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 2-4/10', '234']);
  const integrity = 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';
  assert.strictEqual(await (await fetch('data:,abc', { integrity })).text(), 'abc');
  assert.strictEqual((await cause(fetch('data:,abd', { integrity }))).message, 'integrity mismatch');
  server.close();
  server.closeAllConnections();
});
