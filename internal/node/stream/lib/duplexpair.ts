// stream.duplexPair(). https://nodejs.org/docs/latest-v24.x/api/stream.html#streamduplexpairoptions

import { nextTick } from 'internal:process/task';
import { Duplex } from 'internal:stream/duplex';

const kPeer = Symbol('peer');
// The callback of a write whose chunk the other side hasn't read yet.
const kUnread = Symbol('unread');

function Side(this: any, options: any): void {
  (Duplex as any).call(this, options);
  this[kPeer] = null;
  this[kUnread] = null;
}
const S: any = Object.setPrototypeOf(Side.prototype, Duplex.prototype);
Object.setPrototypeOf(Side, Duplex);

S._write = function(chunk: any, _encoding: any, callback: any): void {
  const peer = this[kPeer];
  if (chunk.length === 0) {
    nextTick(callback);
  } else {
    peer.push(chunk);
    peer[kUnread] = callback;
  }
};

S._read = function(): void {
  const done = this[kUnread];
  this[kUnread] = null;
  done?.();
};

S._final = function(callback: any): void {
  const peer = this[kPeer];
  peer.on('end', callback);
  peer.push(null);
};

S._destroy = function(err: any, callback: any): void {
  const peer = this[kPeer];
  // In a later tick, so that what was written before arrives first.
  if (peer !== null && !peer.destroyed) nextTick(leaveAlone, peer, err);
  callback(err);
};

/** The other side is gone. */
function leaveAlone(side: any, err: any): void {
  if (side.destroyed) return;
  if (err) side.destroy();
  else side.push(null);
}

/** Two streams: what is written to one is read from the other. */
export function duplexPair(options?: any): [any, any] {
  const pair: [any, any] = [new (Side as any)(options), new (Side as any)(options)];
  pair[0][kPeer] = pair[1];
  pair[1][kPeer] = pair[0];
  return pair;
}
