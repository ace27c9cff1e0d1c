// Every method of sessions and streams that are in use is called with values that misbehave: errors are fine, the process survives.
const http2 = require('http2');
const server = http2.createServer();
const live = new Set();
let n = 0;
const values = [
  undefined, null, 0, -1, NaN, Infinity, 2 ** 31, 2 ** 32, 2 ** 53, '', 'x', {}, [], () => {}, Symbol('q'), Buffer.alloc(8), new Uint16Array(4), 1n,
  new Proxy({}, { get() { throw new Error('trap'); } }), { toString() { throw new Error('no text'); } },
  { [Symbol.toPrimitive]() { for (const x of live) x.destroy(); return 'z'; } },
];

function abuse(object) {
  for (let p = object; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    for (const key of Reflect.ownKeys(p)) {
      if (['constructor', 'emit', 'on', 'once', 'addListener'].includes(key)) continue;
      for (let i = 0; i < 3; i++) {
        try {
          const result = object[key](...Array.from({ length: i + 1 }, () => values[(n++ * 7) % values.length]));
          result?.catch?.(() => {});
        } catch { /* as expected */ }
      }
    }
  }
}

process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
server.on('sessionError', () => {});
server.on('stream', (stream) => {
  live.add(stream).add(stream.session);
  stream.on('error', () => {});
  stream.session.on('error', () => {});
  const how = n % 3;
  if (how > 0) stream.respond();
  abuse(stream);
  if (how === 2 && stream.session) abuse(stream.session);
});
let round = 0;
function next() {
  if (round++ === 12) process.exit(0);
  const client = http2.connect(`http://localhost:${server.address().port}`);
  client.on('error', () => {});
  live.add(client);
  for (let i = 0; i < 3; i++) {
    const req = client.request({ ':method': 'POST' }, { endStream: false });
    req.on('error', () => {});
    live.add(req);
    req.on('response', () => abuse(req));
    req.write('abc');
  }
  if (round % 4 === 0) client.once('connect', () => abuse(client));
  setTimeout(() => {
    for (const x of live) x.destroy();
    live.clear();
    next();
  }, 30);
}
server.listen(0, next);
