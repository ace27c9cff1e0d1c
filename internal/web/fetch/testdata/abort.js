// Aborting: before, while waiting for the head, while the body comes, while it goes; the async context around it.
const assert = require('assert');
const http = require('http');
const { once, EventEmitter } = require('events');
const { AsyncLocalStorage } = require('async_hooks');
const events = new EventEmitter();
const server = http.createServer((req, res) => {
  res.on('close', () => events.emit(`close ${req.url}`));
  req.on('error', () => {});
  req.resume();
  if (req.url === '/body') res.write('first');
  if (req.url === '/ok') res.end('ok');
  events.emit(`request ${req.url}`);
});
server.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  await assert.rejects(fetch(`${base}/ok`, { signal: AbortSignal.abort() }), { name: 'AbortError', code: 20 });
  await assert.rejects(fetch(`${base}/timeout`, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError', code: 23 });
  const reason = new Error('mine');
  let controller = new AbortController();
  let gone = once(events, 'close /hang');
  events.once('request /hang', () => controller.abort(reason));
  await assert.rejects(fetch(`${base}/hang`, { signal: controller.signal }), (e) => e === reason);
  await gone;

  controller = new AbortController();
  gone = once(events, 'close /body');
  const response = await fetch(`${base}/body`, { signal: controller.signal });
  const reader = response.body.getReader();
  assert.strictEqual(Buffer.from((await reader.read()).value).toString(), 'first');
  setTimeout(() => controller.abort(reason), 10);
  await assert.rejects(reader.read(), (e) => e === reason);
  await assert.rejects(reader.closed, (e) => e === reason);
  await gone;

  controller = new AbortController();
  gone = once(events, 'close /body');
  const whole = await fetch(`${base}/body`, { signal: controller.signal });
  const text = whole.text();
  setTimeout(() => controller.abort(), 10);
  await assert.rejects(text, { name: 'AbortError' });
  await gone;

  controller = new AbortController();
  gone = once(events, 'close /upload');
  events.once('request /upload', () => controller.abort(reason));
  const upload = fetch(`${base}/upload`, { method: 'POST', duplex: 'half', signal: controller.signal, body: new ReadableStream({
    async pull(c) {
      await new Promise((r) => setTimeout(r, 5));
      if (controller.signal.aborted) c.close();
      else c.enqueue(new Uint8Array(10));
    },
  }) });
  await assert.rejects(upload, (e) => e === reason);
  await gone;

  gone = once(events, 'close /body');
  const stopped = await fetch(`${base}/body`);
  await stopped.body.cancel();
  await gone;

  const storage = new AsyncLocalStorage();
  await storage.run('context', async () => {
    const r = await fetch(`${base}/ok`);
    assert.strictEqual(storage.getStore(), 'context');
    await r.text();
    assert.strictEqual(storage.getStore(), 'context');
  });
  server.close();
  server.closeAllConnections();
});
