// Flags: --experimental-eventsource
// An answer of another type ends it for good.
const assert = require('assert');
const http = require('http');
const server = http.createServer((req, res) => res.end('no')).listen(0, '127.0.0.1', () => {
  const source = new EventSource(`http://127.0.0.1:${server.address().port}/`);
  source.onerror = () => {
    assert.strictEqual(source.readyState, EventSource.CLOSED);
    server.close();
    server.closeAllConnections();
  };
});
assert.throws(() => new EventSource('no url'), { name: 'SyntaxError' });
