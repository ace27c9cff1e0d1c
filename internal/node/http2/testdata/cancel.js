// A stream that the client cancels is aborted at the server, without an error; other codes are errors on both sides.
const assert = require('assert');
const http2 = require('http2');
const server = http2.createServer();
const seen = [];
server.on('stream', (stream, headers) => {
  stream.respond();
  stream.write('x');
  stream.on('aborted', () => seen.push(`${headers[':path']} aborted`));
  stream.on('error', (e) => seen.push(`${headers[':path']} ${e.code}`));
  stream.on('close', () => seen.push(`${headers[':path']} ${stream.rstCode}`));
});
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`);
  const one = client.request({ ':path': '/8' });
  one.once('data', () => one.close(http2.constants.NGHTTP2_CANCEL));
  one.on('close', () => {
    const two = client.request({ ':path': '/2' });
    two.once('data', () => two.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
    two.on('error', (e) => assert.strictEqual(e.message, 'Stream closed with error code NGHTTP2_INTERNAL_ERROR'));
    two.on('close', () => setTimeout(() => {
      assert.deepStrictEqual(seen, ['/8 aborted', '/8 8', '/2 aborted', '/2 ERR_HTTP2_STREAM_ERROR', '/2 2']);
      client.close();
      server.close();
    }, 50));
  });
});
