// What the scripts of the web frameworks ask of their server, over the global fetch and bare sockets.
import net from 'node:net';
import { bytes, digest, print } from './ends.mjs';

/** Asks everything and prints the answers. */
export async function ask(port) {
  const url = `http://127.0.0.1:${port}`;
  const get = async (path, options) => {
    const response = await fetch(url + path, options);
    const type = response.headers.get('content-type');
    const body = type?.includes('json') ? await response.json() : await response.text();
    return [response.status, type, body];
  };
  const json = { 'content-type': 'application/json' };
  print('hello', await get('/hello/w%C3%B6rld?a=1&b=2&b=3'));
  const hello = await fetch(`${url}/hello/x`);
  await hello.text();
  print('headers', hello.headers.get('x-middleware'), hello.headers.get('etag') !== null, hello.headers.get('content-length'));
  print('json', await get('/json', { method: 'POST', headers: json, body: JSON.stringify({ a: [1, 'é', null] }) }));
  print('bad json', (await get('/json', { method: 'POST', headers: json, body: '{"a":' }))[0]);
  // A server that answers at once and closes may break the sending of the rest before its answer is read.
  print('too large', [413, 'EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET'].includes((await get('/json', { method: 'POST', headers: json, body: JSON.stringify({ a: 'x'.repeat(3_000_000) }) }).catch((error) => [error.cause?.code]))[0]));
  print('async', await get('/async'));
  print('throws', (await get('/throws'))[0]);
  print('rejects', await get('/rejects'));
  print('missing', (await get('/nowhere'))[0]);
  print('method', (await get('/hello/x', { method: 'DELETE' }))[0]);
  print('head', (await fetch(`${url}/hello/x`, { method: 'HEAD' })).status);
  print('redirect', await get('/redirect'));
  print('cookie', (await fetch(`${url}/cookie`, { headers: { cookie: 'a=1; b=%20two' } }).then(async (r) => [await r.text(), r.headers.getSetCookie().length])));

  const file = await fetch(`${url}/static/data.txt`);
  print('static', file.status, file.headers.get('content-type'), digest(await file.text()));
  print('cached', (await fetch(`${url}/static/data.txt`, { headers: { 'if-modified-since': file.headers.get('last-modified') } })).status);
  print('static missing', (await get('/static/none.txt'))[0]);
  print('outside', (await raw(port, 'GET /static/..%2f..%2fpackage.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).split(' ')[1] !== '200');

  const form = new FormData();
  form.set('title', 'é猫');
  form.set('file', new File([bytes(500_000)], 'photo é.bin', { type: 'application/x-photo' }));
  print('upload', await get('/upload', { method: 'POST', body: form }));
  print('streamed', await get('/stream'));
  print('raw', await get('/raw', { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: bytes(400_000) }));
  print('parallel', (await Promise.all(Array.from({ length: 100 }, (_, i) => get(`/hello/${i}`)))).filter(([status]) => status === 200).length);
  const pipelined = await raw(port, 'GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\nGET /hello/b HTTP/1.1\r\nHost: x\r\n\r\nGET /hello/c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  print('pipelined', [...pipelined.matchAll(/"name":"(\w)"/g)].map((m) => m[1]));
  print('bad request', (await raw(port, 'NONSENSE\r\n\r\n')).split('\r\n')[0]);
  print('bye');
}

function raw(port, text) {
  return new Promise((resolve, reject) => {
    let got = '';
    net.connect(port, '127.0.0.1', function () { this.write(text); }).setEncoding('latin1')
      .on('data', (chunk) => (got += chunk)).on('close', () => resolve(got)).on('error', reject);
  });
}
