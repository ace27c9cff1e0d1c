// A request with a condition of its own passes the caches on the way by; what the program says of caching stays.
'use strict';
const assert = require('assert');
const http = require('http');

const server = http.createServer((req, res) => {
  const { pragma, 'cache-control': control } = req.headers;
  res.end(JSON.stringify([pragma ?? '', control ?? '']));
}).listen(0, '127.0.0.1', async () => {
  const ask = async (options) => await (await fetch(`http://127.0.0.1:${server.address().port}`, options)).json();
  assert.deepStrictEqual(await ask({}), ['', '']);
  for (const name of ['if-modified-since', 'if-none-match', 'if-unmodified-since', 'if-match', 'if-range']) {
    assert.deepStrictEqual(await ask({ headers: { [name]: 'x' } }), ['no-cache', 'no-cache']);
  }
  assert.deepStrictEqual(await ask({ headers: { 'if-match': 'x', 'cache-control': 'max-age=3' } }), ['no-cache', 'max-age=3']);
  assert.deepStrictEqual(await ask({ headers: { 'if-match': 'x' }, cache: 'no-cache' }), ['', 'max-age=0']);
  assert.deepStrictEqual(await ask({ headers: { 'if-match': 'x' }, cache: 'force-cache' }), ['', '']);
  server.close();
  server.closeAllConnections();
});
