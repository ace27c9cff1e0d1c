// tlsSocket._handle._parentWrap names the socket below; over another stream it is a net.Socket around it, whose class packages use to make sockets of streams.
'use strict';
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { Duplex, PassThrough } = require('stream');

const through = new PassThrough();
const wrap = new tls.TLSSocket(through)._handle._parentWrap;
assert(wrap instanceof net.Socket);
assert.strictEqual(wrap.stream, through);
const JSStreamSocket = wrap.constructor;
assert.strictEqual(JSStreamSocket.name, 'JSStreamSocket');

const server = net.createServer((connection) => connection.destroy()).listen(0, '127.0.0.1', () => {
  const below = net.connect(server.address().port, '127.0.0.1', () => {
    const secure = new tls.TLSSocket(below);
    secure.on('error', () => {});
    assert.strictEqual(secure._handle._parentWrap, below);
    below.destroy();
    server.close();
  });
});

const seen = [];
const duplex = new Duplex({
  read() {},
  write(chunk, encoding, done) {
    seen.push(`wrote ${chunk}`);
    done();
  },
  final(done) {
    seen.push('ended');
    done();
  },
});
const socket = new JSStreamSocket(duplex);
assert.strictEqual(socket.readyState, 'open');
assert.strictEqual(socket.connecting, false);
assert.strictEqual(socket.remoteAddress, undefined);
assert.deepStrictEqual(socket.address(), {});
assert.strictEqual(socket.setNoDelay(), socket);
socket._handle.getpeername = () => {};
socket.on('data', (chunk) => seen.push(`read ${chunk}`));
socket.on('end', () => seen.push('read all'));
socket.on('close', (hadError) => {
  assert.strictEqual(hadError, false);
  assert(duplex.destroyed);
  assert.deepStrictEqual(seen, ['wrote out', 'wrote more', 'read in', 'read all', 'ended']);
});
socket.write('out');
socket.write('more', () => {
  duplex.push('in');
  setImmediate(() => {
    duplex.push(null);
    socket.on('end', () => socket.end());
  });
});

const failing = new Duplex({ read() {}, write(chunk, encoding, done) { done(new Error('no write')); } });
const refused = new JSStreamSocket(failing);
let errors = 0;
refused.on('error', (error) => {
  assert.strictEqual(error.message, 'no write');
  errors++;
});
refused.write('x');

const texts = new Duplex({ read() {}, write() {} }).setEncoding('utf8');
const strict = new JSStreamSocket(texts);
strict.on('data', () => assert.fail());
strict.on('error', (error) => {
  assert.strictEqual(error.code, 'ERR_STREAM_WRAP');
  assert.strictEqual(error.message, 'Stream has StringDecoder set or is in objectMode');
  errors++;
});
texts.push('é');
process.on('exit', () => assert.strictEqual(errors, 2));
