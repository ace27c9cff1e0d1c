// The HTTP server that the scripts of the HTTP clients speak to.
import { createServer } from 'node:http';
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { bytes, digest, listen } from './ends.mjs';

export async function origin() {
  let flaky = 0;
  const sockets = new Set();
  const server = createServer(async (req, res) => {
    sockets.add(req.socket);
    const url = new URL(req.url, 'http://localhost');
    const json = (value, status = 200, headers = {}) => {
      const body = JSON.stringify(value);
      res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers });
      res.end(body);
    };
    switch (url.pathname) {
      case '/echo': {
        const chunks = [];
        for await (const chunk of req) chunks.push(chunk);
        const body = Buffer.concat(chunks);
        return json({
          method: req.method, query: Object.fromEntries(url.searchParams), type: req.headers['content-type']?.replace(/boundary=.*/, 'boundary='),
          length: body.length, digest: body.subarray(0, 200).includes('form-data;') ? parts(body) : digest(body), x: req.headers['x-test'], chunked: req.headers['transfer-encoding'],
        });
      }
      case '/gzip':
        return void res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed '.repeat(1000)));
      case '/br':
        return void res.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('packed '.repeat(1000)));
      case '/deflate':
        return void res.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync('packed '.repeat(1000)));
      case '/redirect':
        return void res.writeHead(Number(url.searchParams.get('status') ?? 302), { location: url.searchParams.get('to') ?? '/echo?redirected=1' }).end();
      case '/loop':
        return void res.writeHead(302, { location: '/loop' }).end();
      case '/status':
        return json({ code: Number(url.searchParams.get('code')) }, Number(url.searchParams.get('code')));
      case '/flaky':
        return ++flaky % 3 ? json({ again: true }, 503) : json({ after: 3 });
      case '/big': {
        res.writeHead(200, { 'content-length': 5 << 20 });
        const part = bytes(1 << 20);
        for (let i = 0; i < 5; i++) if (!res.write(part)) await new Promise((resolve) => res.once('drain', resolve));
        return void res.end();
      }
      case '/slow':
        return void setTimeout(() => json({ slow: true }), 5000).unref();
      case '/drip':
        res.writeHead(200, { 'content-type': 'text/plain', trailer: 'x-sum' });
        for (let i = 0; i < 5; i++) {
          res.write(`part ${i}\n`);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        res.addTrailers({ 'x-sum': '5' });
        return void res.end();
      case '/cut':
        res.writeHead(200, { 'content-length': 100 });
        res.write('half');
        return void setTimeout(() => res.destroy(), 20);
      case '/reset':
        return void req.socket.destroy();
      case '/cookies':
        return json({ got: req.headers.cookie }, 200, { 'set-cookie': ['a=1; Path=/', 'b=2; HttpOnly'] });
      case '/auth':
        return json({ authorization: req.headers.authorization });
      case '/early':
        res.writeEarlyHints({ link: '</style.css>; rel=preload' });
        return json({ early: true });
      default:
        return json({ path: req.url }, 404);
    }
  });
  server.on('upgrade', (req, socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  server.on('connect', (req, socket) => {
    socket.write('HTTP/1.1 200 Connected\r\n\r\n');
    socket.pipe(socket);
  });
  const port = await listen(server);
  return { port, close: () => server.close().closeAllConnections() };
}

/** What is in a multipart body, without its boundary. */
function parts(body) {
  const text = body.toString('latin1');
  return [...text.matchAll(/name="([^"]*)"(?:; filename="([^"]*)")?[^]*?\r\n\r\n([^]*?)\r\n--/g)].map(([, name, file, value]) => [name, file, digest(Buffer.from(value, 'latin1'))]);
}
