// A UDP socket of Go as the object behind dgram.Socket.
import * as native from 'native:dgram';
import { getContext, setContext } from 'native:engine';
import { asOperation } from 'internal:asynchooks/operation';
import { errnoException } from 'internal:errors';
import { adopt, release } from 'internal:handle';
import { newAsyncId } from 'internal:asynchooks/state';

/** What a handle reports to its socket. */
export interface Owner {
  onmessage(data: any, rinfo: any): void;
  onreceiveerror(errno: number): void;
}

type Sent = (errno: number, bytes: number) => void;

export class UDP {
  #id: number;
  #owner: Owner | null = null;
  #closing = false;
  #context: any = getContext();
  #asyncId = 0;
  #pending = new Map<number, [callback: Sent, context: any]>();
  #next = 1;
  /** (hostname, callback(err, address)); set by the socket. */
  lookup: any = undefined;

  /** id: of a socket that is there already. */
  constructor(v6: boolean, id: number = native.create(v6)) {
    this.#id = id;
    adopt(this.#id, this, 'UDPWRAP');
  }

  setOwner(owner: Owner | null): void {
    this.#owner = owner;
  }

  // Events of dgram.go.
  onevent(event: number, a: any, b: any, c: any, d: any): void {
    const before = getContext();
    let context = this.#context;
    let sent: Sent | undefined;
    if (event === 3) {
      const found = this.#pending.get(a);
      this.#pending.delete(a);
      if (found === undefined) return;
      [sent, context] = found;
    }
    if (before !== context) setContext(context);
    if (sent !== undefined) {
      sent(b, c);
    } else if (event === 1) {
      this.#owner?.onmessage(a, { address: b, family: c, port: d, size: a.length });
    } else if (event === 2) {
      this.#owner?.onreceiveerror(a);
    } else {
      release(this.#id);
      this.#id = 0;
      this.#owner = null;
    }
    if (before !== context) setContext(before); // after an exception it stays, for the handlers of the exception
  }

  open(fd: number): number {
    return native.open(this.#id, fd);
  }
  bind(address: string, port: number, flags: number): number {
    return native.bind(this.#id, address, port, flags);
  }
  connect(address: string, port: number): number {
    return native.connect(this.#id, address, port);
  }
  disconnect(): number {
    return native.disconnect(this.#id);
  }
  /** Bytes + 1 when the datagram was sent at once; 0 when sent() will be called; a negative errno. */
  send(address: string | undefined, port: number, list: ArrayBufferView[], sent: Sent): number {
    const request = this.#next++;
    const result = list.length === 1
      ? native.send(this.#id, request, address, port, list[0])
      : native.send(this.#id, request, address, port, ...list);
    if (result === 0) this.#pending.set(request, [asOperation('UDPSENDWRAP', sent), getContext()]);
    return result;
  }
  recvStart(): number {
    return native.receive(this.#id, true);
  }
  recvStop(): number {
    return native.receive(this.#id, false);
  }
  close(): void {
    if (!this.#closing) {
      this.#closing = true;
      native.close(this.#id);
    }
  }
  /** Other processes will receive from the socket too. */
  share(): void {
    native.share(this.#id);
  }
  ref(): void {
    native.ref(this.#id, true);
  }
  unref(): void {
    native.ref(this.#id, false);
  }
  hasRef(): boolean {
    return native.hasRef(this.#id);
  }
  get fd(): number {
    return native.fd(this.#id);
  }
  getAsyncId(): number {
    return this.#asyncId === 0 ? (this.#asyncId = newAsyncId()) : this.#asyncId;
  }
  getsockname(out: any): number {
    return put(out, native.localAddress(this.#id));
  }
  getpeername(out: any): number {
    return put(out, native.remoteAddress(this.#id));
  }
  getSendQueueSize(): number {
    return native.queue(this.#id)[0];
  }
  getSendQueueCount(): number {
    return native.queue(this.#id)[1];
  }
  bufferSize(receive: boolean, size: number): number {
    return native.bufferSize(this.#id, receive, size);
  }
  setBroadcast(on: any): number {
    return native.setOption(this.#id, 'broadcast', on ? 1 : 0);
  }
  setTTL(ttl: number): number {
    return native.setOption(this.#id, 'ttl', ttl);
  }
  setMulticastTTL(ttl: number): number {
    return native.setOption(this.#id, 'multicastTtl', ttl);
  }
  setMulticastLoopback(on: any): number {
    return native.setOption(this.#id, 'multicastLoopback', on ? 1 : 0);
  }
  setMulticastInterface(address: string): number {
    return native.setMulticastInterface(this.#id, address);
  }
  membership(join: boolean, group: any, nic: any): number {
    return native.membership(this.#id, join, `${group}`, nic == null ? undefined : `${nic}`);
  }
  sourceMembership(join: boolean, source: string, group: string, nic: any): number {
    return native.sourceMembership(this.#id, join, source, group, nic == null ? undefined : `${nic}`);
  }
}

function put(out: any, got: any): number {
  if (typeof got === 'number') return got;
  out.address = got[0];
  out.family = got[1];
  out.port = got[2];
  return 0;
}

/** Under which a dgram.Socket keeps its endpoint. Packages look it up by this description, for `handle`. */
export const kEndpoint = Symbol('state symbol');

/** The handle of a dgram.Socket; null when it is closed. */
export function handleOf(socket: any): UDP | null {
  return socket[kEndpoint].handle;
}

/** The handle over a socket that came from another process. */
export function receive(fd: number): UDP {
  const id = native.adopt(fd);
  if (id < 0) throw errnoException(id, 'open');
  return new UDP(false, id);
}

/** A handle that is bound to an address, or over what fd is; a negative errno when that fails. */
export function openAt(address: any, port: any, v6: boolean, fd: any, flags: any): UDP | number {
  const handle = new UDP(v6);
  const errno = bindTo(handle, address, port, fd, flags);
  if (errno >= 0) return handle;
  handle.close();
  return errno;
}

/** Binds a new handle to an address, unless there is none, or opens what fd is. @returns an errno */
export function bindTo(handle: UDP, address: any, port: any, fd: any, flags: any): number {
  if (Number.isInteger(fd) && fd > 0) return descriptorKind(fd) === 'UDP' ? handle.open(fd) : -22; // EINVAL
  return address || port ? handle.bind(address, port || 0, flags | 0) : 0;
}

/** What a descriptor is: 'UDP', 'TCP', 'PIPE', 'FILE' or 'UNKNOWN'. */
export function descriptorKind(fd: number): string {
  return native.descriptorKind(fd);
}
