// Flags: --experimental-eventsource
// Events with types and several lines of data, comments, ids and a new connection that tells the last id.
const assert = require('assert');
const http = require('http');
const seen = [];
let connections = 0;
const server = http.createServer((req, res) => {
  connections++;
  seen.push(`connect ${req.headers['last-event-id']} ${req.headers.accept}`);
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  if (connections === 1) {
    res.write('\ufeff: comment\nretry: 1\ndata: a\r\ndata: b\r');
    setTimeout(() => res.end('\n\r\nevent: other\nid: 7\ndata:x\n\ndata: lost'), 20);
  } else {
    res.end('data: again\n\n');
  }
}).listen(0, '127.0.0.1', () => {
  const source = new EventSource(`http://127.0.0.1:${server.address().port}/`);
  assert.strictEqual(source.readyState, EventSource.CONNECTING);
  source.onopen = () => seen.push(`open ${source.readyState}`);
  source.addEventListener('other', (e) => seen.push(`other ${e.data} ${e.lastEventId}`));
  source.onerror = () => seen.push(`error ${source.readyState}`);
  source.onmessage = (e) => {
    seen.push(`message ${JSON.stringify(e.data)} ${e.lastEventId}`);
    if (e.data === 'again') {
      source.close();
      server.close();
      server.closeAllConnections();
      setTimeout(() => {
        assert.deepStrictEqual(seen, ['connect undefined text/event-stream', 'open 1', 'message "a\\nb" ', 'other x 7', 'error 0',
          'connect 7 text/event-stream', 'open 1', 'message "again" 7']);
      }, 20);
    }
  };
});
