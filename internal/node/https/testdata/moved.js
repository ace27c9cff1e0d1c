'use strict';
// What Go has of a connection goes on where the program reads or writes the socket itself: in the middle of a request, with requests that come
// before their answers, after an upgrade or CONNECT, with a broken request, and when the client has ended its side.
const assert = require('assert');
const fs = require('fs');
const https = require('https');
const path = require('path');
const tls = require('tls');
const read = (name) => fs.readFileSync(path.join(__dirname, '../../tls/testdata/keys', name), 'utf8');
const ca = read('ca.pem');
const keys = { key: read('server-key.pem'), cert: read('server.pem') };

// Sends pieces, each once what came matches, and gives all that came.
function talk(port, steps, end) {
  return new Promise((resolve, reject) => {
    const client = tls.connect({ port, host: '127.0.0.1', ca, servername: 'localhost' });
    let text = '';
    const next = () => {
      while (steps.length > 0 && (typeof steps[0] === 'string' || steps[0].test(text))) {
        const step = steps.shift();
        if (typeof step === 'string') client.write(step);
      }
      if (steps.length === 0 && end) client.end();
    };
    client.setEncoding('latin1');
    client.on('secureConnect', next);
    client.on('data', (chunk) => { text += chunk; next(); });
    client.on('error', reject);
    client.on('close', () => resolve(text));
  });
}
const get = (url, more = '') => `GET ${url} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

let raw = '';
const server = https.createServer(keys, (req, res) => {
  assert.ok(req.socket instanceof tls.TLSSocket);
  assert.strictEqual(req.socket.encrypted, true);
  assert.strictEqual(req.socket.alpnProtocol, false);
  if (req.url === '/watch') {
    req.socket.on('data', (chunk) => { raw += chunk.toString('latin1'); });
    req.on('data', (chunk) => res.write(chunk));
    req.on('end', () => res.end('.'));
  } else if (req.url === '/slow') {
    setTimeout(() => res.end('slow'), 30);
  } else if (req.url === '/raw') {
    req.socket.write('HTTP/1.1 299 By hand\r\nContent-Length: 0\r\n\r\n');
    req.socket.end();
  } else {
    res.end(req.url);
  }
});
server.on('upgrade', (req, socket, head) => {
  assert.ok(socket instanceof tls.TLSSocket);
  socket.write(`HTTP/1.1 101 Go on\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n[${head}]`);
  socket.pipe(socket);
});
server.on('connect', (req, socket, head) => {
  socket.end(`HTTP/1.1 200 There\r\n\r\n[${req.url}${head}]`);
});
server.on('clientError', (err, socket) => {
  assert.strictEqual(socket.encrypted, true);
  socket.end(`HTTP/1.1 400 ${err.code}\r\n\r\n`);
});
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  let text = await talk(port, [get('/first'), /\/first$/, 'POST /watch HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhe', /he\r\n$/, 'll', /0\r\n\r\n$/,
    get('/last', 'Connection: close\r\n')]);
  assert.match(text, /2\r\nhe\r\n.*ll.*\/last$/s);
  assert.strictEqual(raw, 'll' + get('/last', 'Connection: close\r\n'));

  text = await talk(port, [get('/slow') + get('/two') + get('/three', 'Connection: close\r\n')]);
  assert.match(text, /slow.*\/two.*\/three$/s);

  text = await talk(port, [get('/raw')]);
  assert.match(text, /^HTTP\/1.1 299 By hand/);

  text = await talk(port, [get('/a'), /\/a$/, `${get('/up', 'Connection: Upgrade\r\nUpgrade: echo\r\n')}early`, /\[early\]$/, 'more', /more$/], true);
  assert.match(text, /101 Go on.*\[early\]more$/s);

  text = await talk(port, ['CONNECT b:1 HTTP/1.1\r\nHost: a\r\n\r\nx']);
  assert.match(text, /200 There\r\n\r\n\[b:1x\]$/);

  text = await talk(port, [get('/a'), /\/a$/, 'nonsense\r\n\r\n']);
  assert.match(text, /\/a.*400 HPE_INVALID_METHOD\r\n\r\n$/s);

  text = await talk(port, [get('/a'), /\/a$/], true);
  assert.match(text, /\/a$/);
  server.close();
});
