'use strict';
// One connection to the daemon: a call, notes, an answer. Frames are JSON behind their length, four bytes with the highest first.
// internal/supervisor/control/message.go of Roost has the messages.

const net = require('node:net');

const VERSION = 1;
const MAX_FRAME = 64 << 20;

/** What a daemon refuses: `code` is NOT_FOUND, ALREADY_RUNNING or FAILED. CLOSED: it has ended. */
class Refusal extends Error {
  constructor(message, code) {
    super(message);
    this.name = 'Error';
    this.code = code;
  }
}

function frame(value) {
  const text = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
}

/** Calls onframe with each message of a socket. */
function readFrames(socket, onframe) {
  let held = [], size = 0;
  socket.on('data', (chunk) => {
    held.push(chunk);
    size += chunk.length;
    while (size >= 4) {
      if (held[0].length < 4) held = [Buffer.concat(held)];
      const length = held[0].readUInt32BE(0);
      if (length > MAX_FRAME) {
        socket.destroy(new Error('the daemon sent no frame'));
        return;
      }
      if (size < 4 + length) return;
      const all = held.length === 1 ? held[0] : Buffer.concat(held);
      const rest = all.subarray(4 + length);
      held = rest.length > 0 ? [rest] : [];
      size = rest.length;
      onframe(JSON.parse(all.toString('utf8', 4, 4 + length)));
    }
  });
}

/**
 * Calls a method over a connection of its own.
 * @returns {{answer: Promise<any>, close: () => void}}
 */
function call(path, method, params, onnote) {
  const socket = net.connect(path);
  const answer = new Promise((resolve, reject) => {
    let settled = false;
    const settle = (f, value) => {
      if (settled) return;
      settled = true;
      socket.destroy();
      f(value);
    };
    socket.on('error', (err) => settle(reject, err));
    socket.on('close', () => settle(reject, new Refusal('the daemon has closed the connection', 'CLOSED')));
    readFrames(socket, (m) => {
      if (m.error !== undefined) settle(reject, new Refusal(m.error, m.code));
      else if (m.done) settle(resolve, m.result);
      else if (onnote !== undefined && !settled) onnote(m.note ?? null);
    });
    socket.on('connect', () => socket.write(frame({ v: VERSION, method, params })));
  });
  return { answer, close: () => socket.destroy() };
}

module.exports = { call, Refusal };
