// axios: methods, interceptors, forms, streams, redirects, compression, progress, timeouts, cancelling, errors, an agent that keeps connections, both adapters.
import http from 'node:http';
import { Readable } from 'node:stream';
import axios from 'axios';
import { bytes, digest, ends, print } from './ends.mjs';
import { origin } from './origin.mjs';

async function client(port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 5 });
  for (const adapter of ['http', 'fetch']) {
    const api = axios.create({ baseURL: `http://127.0.0.1:${port}`, adapter, httpAgent: agent, headers: { 'x-test': adapter } });
    api.interceptors.request.use((config) => ({ ...config, params: { ...config.params, added: 'yes' } }));
    api.interceptors.response.use((response) => ({ ...response, seen: true }));
    const get = await api.get('/echo', { params: { a: 1, list: [1, 2], text: 'é 猫' } });
    print(adapter, get.status, get.statusText, get.headers['content-type'], get.seen, get.data);
    print(adapter, 'json', (await api.post('/echo', { a: { b: [1, 'é'] } })).data);
    print(adapter, 'url encoded', (await api.post('/echo', new URLSearchParams({ a: '1 2', b: 'é' }))).data);
    const form = new FormData();
    form.append('field', 'é猫');
    form.append('file', new File([bytes(100_000)], 'a.bin'));
    print(adapter, 'form', (await api.post('/echo', form)).data.digest, (await api.postForm('/echo', { a: 1, b: { c: 'é' } })).data.digest);
    print(adapter, 'buffer', (await api.put('/echo', bytes(300_000))).data);
    for (const method of ['delete', 'patch', 'options', 'head']) print(adapter, method, (await api[method]('/echo')).data.method);
    for (const coding of ['gzip', 'br', 'deflate']) print(adapter, coding, (await api.get(`/${coding}`)).data.length);
    print(adapter, 'redirect', (await api.get('/redirect')).data.query);
    print(adapter, 'big', digest(Buffer.from((await api.get('/big', { responseType: 'arraybuffer' })).data)));
    print(adapter, 'drip', (await api.get('/drip')).data);
    let last = 0;
    await api.get('/big', { responseType: 'arraybuffer', onDownloadProgress: (e) => (last = e.loaded) });
    print(adapter, 'progress', last);
    await api.get('/status', { params: { code: 404 } }).catch((error) => print(adapter, 'status', error.code, error.message, error.response.status, error.response.data));
    print(adapter, 'allowed', (await api.get('/status', { params: { code: 418 }, validateStatus: () => true })).status);
    await api.get('/slow', { timeout: 50 }).catch((error) => print(adapter, 'timeout', error.code, error.message));
    const aborter = new AbortController();
    setTimeout(() => aborter.abort(), 20);
    await api.get('/slow', { signal: aborter.signal }).catch((error) => print(adapter, 'cancelled', axios.isCancel(error), error.code));
    await api.get('/cut').catch((error) => print(adapter, 'cut', error.name));
    await api.get('/reset').catch((error) => print(adapter, 'reset', error.code));
    await axios.get('http://127.0.0.1:1/', { adapter }).catch((error) => print(adapter, 'nobody there', error.code));
    print(adapter, 'auth', (await api.get('/auth', { auth: { username: 'u', password: 'é' } })).data);
    print(adapter, 'parallel', (await Promise.all(Array.from({ length: 100 }, (_, i) => api.get('/echo', { params: { i } })))).reduce((sum, r) => sum + Number(r.data.query.i), 0));
    await api.get('/big', { responseType: 'arraybuffer', maxContentLength: 1000 }).catch((error) => print(adapter, 'too large', error.code));
  }
  const api = axios.create({ baseURL: `http://127.0.0.1:${port}`, httpAgent: agent });
  const stream = (await api.get('/big', { responseType: 'stream' })).data;
  let length = 0;
  for await (const chunk of stream) length += chunk.length;
  print('stream', length);
  print('upload', (await api.post('/echo', Readable.from([bytes(100_000), bytes(100_000, 2)]))).data);
  await api.get('/loop', { maxRedirects: 3 }).catch((error) => print('loop', error.code));
  agent.destroy();
  print('bye');
}

await ends({ serve: origin, client });
