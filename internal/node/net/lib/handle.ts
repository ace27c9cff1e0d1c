// A stream or listener of Go as the object behind socket._handle and server._handle.
import * as native from 'native:net';
import { getContext, setContext } from 'native:engine';
import type { Operation } from 'internal:asynchooks/operation';
import { errnoException } from 'internal:errors';
import { adopt, asyncIdOf, release } from 'internal:handle';

/** The events of net.go. */
export const events = { read: 1, end: 2, readError: 3, drain: 4, connect: 5, shutdown: 6, close: 7, connection: 8 };

interface Owner {
  onhandle(event: number, value: any): void;
}

export class Handle {
  id: number;
  owner: Owner | null;
  reading = false;
  closing = false;
  context: any;
  onclose: (() => void) | undefined = undefined;
  /** The connect that is under way, for async_hooks. */
  operation: Operation | undefined = undefined;
  asyncId: number;
  type: string;

  /** id: of a stream or listener that has no other owner; type: what async_hooks calls it. */
  constructor(id: number, owner: Owner | null, type = 'TCPWRAP') {
    this.id = id;
    this.owner = owner;
    this.type = type;
    this.context = getContext();
    adopt(id, this, type);
    this.asyncId = asyncIdOf(id);
  }

  onevent(event: number, value: any): void {
    const before = getContext();
    if (before !== this.context) {
      setContext(this.context);
    }
    if (event === 7) {
      release(this.id);
      this.id = 0;
      const { onclose } = this;
      this.owner = null;
      if (onclose !== undefined) {
        this.onclose = undefined;
        onclose();
      }
    } else if (this.owner !== null) {
      this.owner.onhandle(event, value);
    }
    // After an exception the context stays, for the handlers of the exception.
    if (before !== this.context) {
      setContext(before);
    }
  }

  close(callback?: () => void): void {
    if (this.closing) {
      return;
    }
    this.closing = true;
    this.onclose = callback;
    if (this.operation !== undefined) this.operation.destroy();
    native.close(this.id);
  }
  readStart(): number {
    this.reading = true;
    return native.readStart(this.id) ?? 0;
  }
  readStop(): number {
    this.reading = false;
    native.readStop(this.id);
    return 0;
  }
  ref(): void {
    if (this.id !== 0) native.ref(this.id, true);
  }
  unref(): void {
    if (this.id !== 0) native.ref(this.id, false);
  }
  hasRef(): boolean {
    return this.id !== 0 && native.hasRef(this.id);
  }
  get fd(): number {
    return this.id === 0 ? -1 : native.fd(this.id);
  }
  setNoDelay(on: boolean): number {
    return native.setNoDelay(this.id, on);
  }
  setKeepAlive(on: boolean, seconds: number): number {
    return native.setKeepAlive(this.id, on, seconds);
  }
  /** The own address of the socket: [address, family, port], a path, or a negative errno. */
  sockname(): any {
    return native.localAddress(this.id);
  }
  /** As Node's handles have it: fills in out. @returns an errno */
  getsockname(out: any): number {
    const got = this.sockname();
    if (typeof got === 'number') return got;
    if (typeof got === 'string') out.path = got;
    else [out.address, out.family, out.port] = got;
    return 0;
  }
  /** Of a listener: a connection has come. Programs that watch their server's handle replace it. */
  onconnection(err: number, connection: Handle): void {
    (this.owner as any)?.onconnection(err, connection);
  }
  /** Begins to accept. @returns an errno */
  listen(backlog: number): number {
    return native.listen(this.id, backlog);
  }
  getAsyncId(): number {
    return this.asyncId;
  }
  setBlocking(): number {
    return 0;
  }
  get bytesRead(): number {
    return this.id === 0 ? 0 : native.counts(this.id)[0];
  }
  get bytesWritten(): number {
    return this.id === 0 ? 0 : native.counts(this.id)[1];
  }
  get writeQueueSize(): number {
    return this.id === 0 ? 0 : native.queued(this.id);
  }
}

/** The handle over a socket that came from another process. what: 'stream', 'listener', or '' for what it looks like. */
export function receive(fd: number, what: string): Handle {
  const got = native.adoptDescriptor(fd, what);
  if (typeof got === 'number') throw errnoException(got, 'open');
  return new Handle(got[0], null, got[1]);
}

/** 4, 6, or 0 when the text is no IP address. */
export function isIP(text: any): number {
  return native.isIP(`${text}`);
}
export function isIPv4(text: any): boolean {
  return native.isIP(`${text}`) === 4;
}
export function isIPv6(text: any): boolean {
  return native.isIP(`${text}`) === 6;
}

/** [address, family, port] of a stream's ends, a path, or a negative errno. */
export const { localAddress, remoteAddress } = native;
/** Gives net a stream that another builtin had; the Handle with its number must be adopted before. */
export const { streamAdopt } = native;
