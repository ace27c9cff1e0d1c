// Connections of a net.Server that other processes have. The server still counts them, and has closed when they have: who gave a connection
// away asks, who has it answers. The messages are Node's.
import { codes } from 'internal:errors';
import { nextTick } from 'internal:process/task';
import type { Envelope } from 'internal:childprocess/transfer';

const ASK_COUNT = 'NODE_SOCKET_GET_COUNT', COUNT = 'NODE_SOCKET_COUNT';
const ASK_CLOSED = 'NODE_SOCKET_NOTIFY_CLOSE', ALL_CLOSED = 'NODE_SOCKET_ALL_CLOSED';

// ---------------------------------------------------------------------------------------------------------------
// Who gave them away
// ---------------------------------------------------------------------------------------------------------------

type Answer = (err: any, message: any) => void;

/** What one child has of one server. */
class LentConnections {
  #child: any;
  #key: string;
  constructor(child: any, key: string) {
    this.#child = child;
    this.#key = key;
  }

  #ask(cmd: string, expected: string, answer: Answer): void {
    const child = this.#child;
    if (!child.connected) {
      nextTick(answer, null, undefined);
      return;
    }
    const done: Answer = (err, message) => {
      child.removeListener('internalMessage', onMessage);
      child.removeListener('exit', onEnd);
      child.removeListener('disconnect', onEnd);
      answer(err, message);
    };
    const onMessage = (message: any): void => {
      if (message.cmd === expected && message.key === this.#key) done(null, message);
    };
    const onEnd = (): void => done(new codes.ERR_CHILD_CLOSED_BEFORE_REPLY(), undefined);
    child.on('internalMessage', onMessage);
    child.on('exit', onEnd);
    child.on('disconnect', onEnd);
    child._send({ cmd, key: this.#key }, undefined, true);
  }

  /** callback(err, n) */
  getConnections(callback: (err: any, n: number) => void): void {
    this.#ask(ASK_COUNT, COUNT, (err, message) => callback(err, message?.count ?? 0));
  }

  /** Calls back when the child has closed them all, or is gone. */
  whenClosed(callback: () => void): void {
    this.#ask(ASK_CLOSED, ALL_CLOSED, () => callback());
  }
}

const keys = new WeakMap<object, string>();
const lent = new WeakMap<object, Map<string, LentConnections>>(); // by child, then by key
let servers = 0;

/** A connection of server goes to target: the envelope says whose it is, and the server learns where to ask. */
export function lendConnection(server: any, envelope: Envelope, target: any, keepOpen: boolean): void {
  let key = keys.get(server);
  if (key === undefined) keys.set(server, key = `server:${++servers}`);
  envelope.key = key;
  let ofTarget = lent.get(target);
  if (ofTarget === undefined) lent.set(target, ofTarget = new Map());
  if (!ofTarget.has(key)) {
    const list = new LentConnections(target, key);
    ofTarget.set(key, list);
    server._setupWorker(list);
    target.once('exit', () => server._dropWorker(list));
  }
  if (!keepOpen) server._connections--;
}

// ---------------------------------------------------------------------------------------------------------------
// Who has them
// ---------------------------------------------------------------------------------------------------------------

/** How many connections of one server this process has from target. */
class HeldConnections {
  #target: any;
  #key: string;
  #count = 0;
  #asked = false;

  constructor(target: any, key: string) {
    this.#target = target;
    this.#key = key;
  }

  asked(cmd: string): void {
    if (cmd === ASK_COUNT) {
      this.#answer({ cmd: COUNT, key: this.#key, count: this.#count });
    } else if (cmd === ASK_CLOSED) {
      this.#asked = true;
      this.#tellClosed();
    }
  }

  add(socket: any): void {
    this.#count++;
    socket.once('close', () => {
      this.#count--;
      this.#tellClosed();
    });
  }

  #tellClosed(): void {
    if (!this.#asked || this.#count > 0) return;
    this.#asked = false;
    this.#answer({ cmd: ALL_CLOSED, key: this.#key });
  }

  #answer(message: any): void {
    if (this.#target.connected) this.#target._send(message, undefined, true);
  }
}

const held = new WeakMap<object, Map<string, HeldConnections>>();

/** socket came from target with the key of its server. */
export function holdConnection(target: any, key: string, socket: any): void {
  let ofTarget = held.get(target);
  if (ofTarget === undefined) {
    const byKey = new Map<string, HeldConnections>();
    held.set(target, ofTarget = byKey);
    target.on('internalMessage', (message: any) => byKey.get(message.key)?.asked(message.cmd));
  }
  let list = ofTarget.get(key);
  if (list === undefined) ofTarget.set(key, list = new HeldConnections(target, key));
  list.add(socket);
}
