// Flags: --experimental-network-inspection
// The Network domain: http and fetch requests are told with their bodies, as are those of inspector.Network; nothing after disable.
'use strict';
const assert = require('node:assert');
const http = require('node:http');
const { Network } = require('node:inspector');
const { Session } = require('node:inspector/promises');

const session = new Session();
session.connect();
const heard = [];
session.on('inspectorNotification', ({ method, params }) => heard.push([method.slice('Network.'.length), params]));
const next = async (event, id) => {
  for (;;) {
    const found = heard.find(([name, params]) => name === event && (id === undefined || params.requestId === id));
    if (found !== undefined) return found[1];
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const server = http.createServer((req, res) => {
  req.resume().on('end', () => {
    res.setHeader('Content-Type', 'text/plain; charset=utf-8');
    res.setHeader('Set-Cookie', ['a=1', 'b=2']);
    res.end('gr\u00fc\u00df dich');
  });
}).listen(0, '127.0.0.1', async () => {
  const at = `http://127.0.0.1:${server.address().port}`;
  Network.requestWillBeSent({}); // nobody listens yet
  await session.post('Network.enable');

  http.get(`${at}/http`, { headers: { Cookie: ['c=3', 'd=4'], age: 7 } }, (res) => res.resume());
  const sent = await next('requestWillBeSent');
  assert.match(sent.requestId, /^node-network-event-\d+$/);
  const { url, method, headers, hasPostData } = sent.request;
  assert.deepStrictEqual([url, method, headers.cookie, headers.age, hasPostData], [`${at}/http`, 'GET', 'c=3; d=4', '7', false]);
  assert.strictEqual(sent.initiator.type, 'script');
  assert.ok(sent.initiator.stack.callFrames.some((frame) => frame.url === __filename));
  const { response, type } = await next('responseReceived', sent.requestId);
  assert.deepStrictEqual([type, response.url, response.status, response.statusText, response.mimeType, response.charset, response.headers['set-cookie']],
    ['Other', `${at}/http`, 200, 'OK', 'text/plain', 'utf-8', 'a=1\nb=2']);
  await next('loadingFinished', sent.requestId);
  assert.deepStrictEqual(await session.post('Network.getResponseBody', { requestId: sent.requestId }), { body: 'gr\u00fc\u00df dich', base64Encoded: false });

  heard.length = 0;
  const answer = await fetch(`${at}/fetch`, { method: 'POST', body: 'what', headers: { 'content-type': 'text/plain; charset=utf-8' } });
  assert.strictEqual(await answer.text(), 'gr\u00fc\u00df dich');
  const posted = await next('requestWillBeSent');
  assert.deepStrictEqual([posted.request.url, posted.request.method, posted.request.hasPostData], [`${at}/fetch`, 'POST', true]);
  assert.strictEqual((await next('responseReceived', posted.requestId)).type, 'Fetch');
  await next('loadingFinished', posted.requestId);
  assert.deepStrictEqual(await session.post('Network.getRequestPostData', { requestId: posted.requestId }), { postData: 'what' });
  assert.strictEqual((await session.post('Network.getResponseBody', { requestId: posted.requestId })).body, 'gr\u00fc\u00df dich');
  server.close();
  server.closeAllConnections();

  heard.length = 0;
  http.get(`${at}/gone`, { agent: false }).on('error', () => {});
  const gone = await next('requestWillBeSent');
  assert.match((await next('loadingFailed', gone.requestId)).errorText, /ECONNREFUSED/);

  const request = { url: 'https://example.com/', method: 'PUT', headers: {}, hasPostData: true };
  Network.requestWillBeSent({ requestId: 'mine', timestamp: 1, wallTime: 2, request });
  await next('requestWillBeSent', 'mine');
  const refused = (command, message, requestId = 'mine') => assert.rejects(session.post(`Network.${command}`, { requestId }),
    { code: 'ERR_INSPECTOR_COMMAND', message: `Inspector error -32602: ${message}` });
  await refused('getRequestPostData', 'Request data is not finished yet');
  await refused('getResponseBody', 'Response data is not finished yet');
  await refused('getResponseBody', 'Request not found', 'nobody');
  const data = Buffer.from([0xff, 1]);
  Network.dataReceived({ requestId: 'mine', timestamp: 3, dataLength: 2, encodedDataLength: 2, data });
  assert.deepStrictEqual(await session.post('Network.streamResourceContent', { requestId: 'mine' }), { bufferedData: '/wE=' });
  Network.dataReceived({ requestId: 'mine', timestamp: 3, dataLength: 2, encodedDataLength: 2, data });
  assert.strictEqual((await next('dataReceived', 'mine')).data, '/wE=');
  assert.throws(() => Network.requestWillBeSent('mine'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => Network.requestWillBeSent({ requestId: 'x' }), { message: 'Missing timestamp in event' });

  await session.post('Network.disable');
  heard.length = 0;
  Network.loadingFinished({ requestId: 'mine', timestamp: 4 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepStrictEqual(heard, []);
  session.disconnect();
});
