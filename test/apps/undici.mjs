// undici as a package: its fetch, request, stream, pipeline, pools, pipelining, upgrades, retries, mocks, forms, aborts, errors, a WebSocket, and its dispatcher under the global fetch.
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import undici, { Agent, Client, Pool, MockAgent, RetryAgent, FormData, fetch, request, stream } from 'undici';
import { bytes, digest, ends, print } from './ends.mjs';
import { origin } from './origin.mjs';

async function client(port) {
  const url = `http://127.0.0.1:${port}`;
  print('fetch', await (await fetch(`${url}/echo?a=1`, { headers: { 'x-test': 'y' } })).json());
  print('post', await (await fetch(`${url}/echo`, { method: 'POST', body: JSON.stringify({ a: 'é' }), headers: { 'content-type': 'application/json' } })).json());
  const form = new FormData();
  form.append('field', 'é猫');
  form.append('file', new File([bytes(100_000)], 'a.bin', { type: 'application/x-b' }));
  print('form', await (await fetch(`${url}/echo`, { method: 'POST', body: form })).json());
  print('stream body', await (await fetch(`${url}/echo`, { method: 'PUT', duplex: 'half', body: ReadableStream.from((async function* () { for (let i = 0; i < 10; i++) yield new Uint8Array(bytes(10_000, i)); })()) })).json());
  for (const coding of ['gzip', 'br', 'deflate']) print(coding, (await (await fetch(`${url}/${coding}`)).text()).length);
  const redirected = await fetch(`${url}/redirect`);
  print('redirect', redirected.redirected, new URL(redirected.url).pathname, (await redirected.json()).query);
  print('manual', (await fetch(`${url}/redirect`, { redirect: 'manual' })).status);
  await fetch(`${url}/loop`).catch((error) => print('loop', error.message, error.cause?.message));
  print('big', digest(Buffer.from(await (await fetch(`${url}/big`)).arrayBuffer())));
  let chunks = '';
  for await (const chunk of (await fetch(`${url}/drip`)).body.pipeThrough(new TextDecoderStream())) chunks += chunk;
  print('drip', chunks);
  await fetch(`${url}/slow`, { signal: AbortSignal.timeout(50) }).catch((error) => print('timeout', error.name));
  const aborter = new AbortController();
  const aborted = fetch(`${url}/slow`, { signal: aborter.signal }).catch((error) => print('aborted', error.name, error.message));
  aborter.abort();
  await aborted;
  await (await fetch(`${url}/cut`)).text().catch((error) => print('cut', error.name, error.message, error.cause?.code));
  await fetch(`${url}/reset`).catch((error) => print('reset', error.message, error.cause?.code));
  await fetch('http://127.0.0.1:1/').catch((error) => print('nobody there', error.message, error.cause?.code ?? error.cause?.message));
  print('cookies', (await fetch(`${url}/cookies`)).headers.getSetCookie());

  const { statusCode, headers, body, trailers } = await request(`${url}/drip`);
  print('request', statusCode, headers['content-type'], (await body.text()).length, trailers);
  print('status', (await request(`${url}/status?code=418`)).statusCode);
  const sink = [];
  await stream(`${url}/big`, { method: 'GET', opaque: sink }, ({ opaque }) => new Writable({
    write(chunk, _, done) {
      opaque.push(chunk.length);
      done();
    },
  }));
  print('stream', sink.reduce((n, c) => n + c, 0));

  const pool = new Pool(url, { connections: 5, pipelining: 4 });
  const answers = await Promise.all(Array.from({ length: 200 }, async (_, i) => (await (await pool.request({ path: `/echo?i=${i}`, method: 'GET' })).body.json()).query.i));
  print('pool', answers.reduce((a, b) => a + Number(b), 0), pool.stats.connected <= 5);
  await pool.close();
  const single = new Client(url, { pipelining: 10 });
  const order = [];
  await Promise.all(Array.from({ length: 50 }, async (_, i) => {
    const r = await single.request({ path: `/echo?i=${i}`, method: 'GET' });
    order.push(Number((await r.body.json()).query.i));
  }));
  print('pipelining', order.every((n, i) => n === i));
  const { socket } = await single.upgrade({ path: '/up', protocol: 'echo' });
  socket.write('through the upgrade');
  print('upgrade', String((await socket[Symbol.asyncIterator]().next()).value));
  socket.destroy();
  const tunnel = await single.connect({ path: 'example.org:80' });
  tunnel.socket.write('through the tunnel');
  print('connect', tunnel.statusCode, String((await tunnel.socket[Symbol.asyncIterator]().next()).value));
  tunnel.socket.destroy();
  await single.destroy();
  const through = [];
  await pipeline(Readable.from([bytes(50_000)]), undici.pipeline(`${url}/echo`, { method: 'POST' }, ({ body: answer }) => answer), async (source) => {
    for await (const chunk of source) through.push(chunk);
  });
  print('pipeline', JSON.parse(Buffer.concat(through)).digest === digest(bytes(50_000)));

  const retrying = new RetryAgent(new Agent(), { minTimeout: 1, maxTimeout: 5, maxRetries: 5 });
  print('retried', await (await request(`${url}/flaky`, { dispatcher: retrying })).body.json());
  await retrying.close();
  const short = new Agent({ headersTimeout: 100, bodyTimeout: 100 });
  await request(`${url}/slow`, { dispatcher: short }).catch((error) => print('headers timeout', error.code));
  await short.destroy();
  const mock = new MockAgent();
  mock.disableNetConnect();
  mock.get('http://mocked').intercept({ path: '/x' }).reply(200, { mocked: true });
  print('mock', await (await fetch('http://mocked/x', { dispatcher: mock })).json());
  await mock.close();
  const redirecting = new Agent().compose(undici.interceptors.redirect({ maxRedirections: 3 }));
  print('redirect interceptor', (await (await request(`${url}/redirect?status=307`, { method: 'POST', body: 'kept', dispatcher: redirecting })).body.json()).method);
  await redirecting.close();
  await undici.getGlobalDispatcher().close();
  print('bye');
}

await ends({ serve: origin, client });
