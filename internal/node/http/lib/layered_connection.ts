// A connection of Go over TLS: Go reads and writes through the session of a TLS socket (layered.go) once hands are shaken. Unlike that of a plain
// connection, the socket is there already. While Go has the connection it has a prototype that notices what needs the bytes.
import * as native from 'native:http';
import { getContext } from 'native:engine';
import { adopt, release } from 'internal:handle';
import { kLend } from 'internal:net';
import { ErrnoException } from 'internal:errors';
import { Connection, guarded, kFast } from 'internal:http/connection';
import { kNative } from 'internal:http/settings';
import { socketOnError } from 'internal:http/serve';
import { refuseEncoding } from 'internal:http/stream_connection';

const { getPrototypeOf, setPrototypeOf } = Object;

const guards = new Map<any, any>();

export class LayeredConnection extends Connection {
  under: any; // the socket
  takeBack: () => void;
  prototype: any; // the socket's own

  constructor(server: any, id: number, socket: any, takeBack: () => void) {
    super(server, id);
    this.context = getContext();
    this.under = socket;
    this.takeBack = takeBack;
    const prototype = (this.prototype = getPrototypeOf(socket));
    let guard = guards.get(prototype);
    if (guard === undefined) guards.set(prototype, guard = guarded(prototype));
    setPrototypeOf(socket, guard);
    socket[kFast] = this;
    socket.server = server;
    socket.on('error', socketOnError);
  }

  newSocket(): any {
    return this.under;
  }

  giveBack(): void {
    const { under } = this;
    setPrototypeOf(under, this.prototype);
    under.setEncoding = refuseEncoding;
    release(this.id);
    this.id = 0;
    this.takeBack();
  }
  startReading(): void {
    delete this.under.setEncoding;
  }
  // The stream below tells the session.
  endLater(): void {}

  onErrno(errno: number): void {
    this.under.destroy(ErrnoException(errno, 'read'));
  }

  destroy(err: any): void {
    this.under.destroy(err);
  }

  endOfSocket(): void {
    if (!this.under.destroyed) this.under.destroy();
  }
}

/**
 * Lets Go have the connection of a socket with a session.
 * @param seen whether the program has the socket already, and may look at it
 * @returns whether it has it
 */
export function takeOver(server: any, socket: any, seen: boolean): boolean {
  const id = server[kNative];
  if (!id || typeof socket[kLend] !== 'function') return false;
  const lent = socket[kLend]();
  if (lent === null) return false;
  const number = native.takeOver(id, lent.stream, lent.layer);
  if (number === undefined) {
    lent.takeBack();
    return false;
  }
  const conn = new LayeredConnection(server, number, socket, lent.takeBack);
  adopt(number, conn);
  if (seen) conn.makeSocket();
  if (server.timeout > 0) conn.makeSocket().setTimeout(server.timeout);
  return true;
}
