// A listener without a socket: the primary of a cluster accepts, and this one gets the connections.
import * as native from 'native:net';
import { Handle } from 'internal:net/handle';

export class FedHandle extends Handle {
  #name: any;
  /** name: what the server's address is, as sockname() gives it */
  constructor(name: any) {
    super(native.listenerFed(), null, 'TCPSERVERWRAP');
    this.#name = name;
  }
  sockname(): any {
    return this.#name;
  }
  listen(): number {
    return 0;
  }
  /** The server gets a connection. The descriptor is gone. */
  feed(fd: number): void {
    native.feed(this.id, fd);
  }
}
