// got: retries, hooks, streams, pagination, cookies, timeouts, redirects, compression, forms, errors.
import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import got from 'got';
import { bytes, digest, ends, print } from './ends.mjs';
import { origin } from './origin.mjs';

async function client(port) {
  const api = got.extend({ prefixUrl: `http://127.0.0.1:${port}`, headers: { 'x-test': 'got' }, retry: { limit: 0 } });
  print('json', await api('echo', { searchParams: { a: 1, text: 'é 猫' } }).json());
  print('post', await api.post('echo', { json: { a: ['é'] } }).json());
  print('form', await api.post('echo', { form: { a: '1 2', b: 'é' } }).json());
  const form = new FormData();
  form.set('field', 'é猫');
  form.set('file', new Blob([bytes(50_000)]), 'b.bin');
  print('multipart', (await api.post('echo', { body: form }).json()).digest);
  print('buffer', digest(await api('big').buffer()));
  for (const coding of ['gzip', 'br', 'deflate']) print(coding, (await api(coding).text()).length);
  const redirected = await api('redirect');
  print('redirect', redirected.redirectUrls.map((u) => u.pathname), JSON.parse(redirected.body).query);
  await api('loop', { maxRedirects: 3 }).catch((error) => print('loop', error.name, error.code));
  print('retried', await api('flaky', { retry: { limit: 5, backoffLimit: 5 } }).json());
  await api('status', { searchParams: { code: 404 } }).catch((error) => print('status', error.name, error.code, error.response.statusCode, error.message.replace(/:\d+/, ':port')));
  await api('slow', { timeout: { request: 60 } }).catch((error) => print('timeout', error.name, error.event));
  await api('slow', { timeout: { response: 60 } }).catch((error) => print('response timeout', error.event));
  const aborter = new AbortController();
  setTimeout(() => aborter.abort(), 20);
  await api('slow', { signal: aborter.signal }).catch((error) => print('aborted', error.name));
  await api('cut').catch((error) => print('cut', error.name, error.code));
  await api('reset').catch((error) => print('reset', error.name, error.code));
  await got('http://127.0.0.1:1', { retry: { limit: 0 } }).catch((error) => print('nobody there', error.name, error.code));
  await api('drip').json().catch((error) => print('no json', error.name));
  const seen = [];
  await api('echo', { hooks: { beforeRequest: [(o) => void seen.push(o.method)], afterResponse: [(r) => (seen.push(r.statusCode), r)] } });
  print('hooks', seen);
  const timed = await api('echo');
  print('timings', typeof timed.timings.phases.total, timed.ip, timed.httpVersion);
  const progress = [];
  const stream = api.stream('big').on('downloadProgress', (p) => progress.push(p.transferred));
  const file = join(tmpdir(), `got-${process.pid}`);
  await pipeline(stream, createWriteStream(file));
  print('to a file', digest(readFileSync(file)), progress.at(-1));
  rmSync(file);
  const up = api.stream.post('echo');
  const chunks = [];
  await pipeline(Readable.from([bytes(80_000), bytes(80_000, 2)]), up, async (source) => {
    for await (const chunk of source) chunks.push(chunk);
  });
  print('upload', JSON.parse(Buffer.concat(chunks)));
  print('cookies', (await api('cookies')).headers['set-cookie']);
  const pages = await got.paginate.all(`http://127.0.0.1:${port}/echo?page=1`, {
    responseType: 'json',
    pagination: { transform: (r) => [Number(r.body.query.page)], paginate: ({ response }) => (Number(response.body.query.page) < 4 ? { searchParams: { page: Number(response.body.query.page) + 1 } } : false) },
  });
  print('pages', pages);
  print('parallel', (await Promise.all(Array.from({ length: 100 }, (_, i) => api('echo', { searchParams: { i } }).json()))).reduce((sum, r) => sum + Number(r.query.i), 0));
  print('bye');
}

await ends({ serve: origin, client });
