// Handles that go from one process to another. The descriptor travels beside a message that says what it is; who receives it makes an object
// of its own over the same socket. https://nodejs.org/docs/latest-v24.x/api/child_process.html#example-sending-a-server-object
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { closeDescriptor } from 'internal:childprocess/pipe';
import { holdConnection, lendConnection } from 'internal:childprocess/connections';

/** The message that a descriptor travels with; `msg` is the program's. */
export interface Envelope {
  cmd: 'NODE_HANDLE';
  type: string;
  msg: any;
  key?: string;
  dgramType?: string;
}

/** What is given away: a descriptor, and what ends our side once the other process has it. */
export interface Gift {
  fd: number;
  settle(): void;
}

interface Kind {
  type: string;
  is(handle: any): boolean;
  /** Called when the message is written; undefined when the handle is closed by then: the message goes alone. */
  give(handle: any, envelope: Envelope, target: any, keepOpen: boolean): Gift | undefined;
  /** Makes the object of a descriptor that came, and passes it on. */
  take(fd: number, envelope: Envelope, target: any, deliver: (handle: any) => void): void;
}

const nothing = (): void => {};

function shared(fd: number | undefined): Gift | undefined {
  return fd === undefined || fd < 0 ? undefined : { fd, settle: nothing };
}

function sharedUdp(handle: any): Gift | undefined {
  handle?.share();
  return shared(handle?.fd);
}

const net = (): any => load('internal:net');
const udp = (): any => load('internal:dgram/handle');
const dgram = (): any => load('node:dgram').default;

const kinds: Kind[] = [
  {
    type: 'net.Socket',
    is: (handle) => (handle instanceof net().Socket && !handle.encrypted) || handle instanceof load('internal:tty/descriptor').DescriptorStream,
    give(socket, envelope, target, keepOpen) {
      const handle = socket._handle;
      const gift = shared(handle?.fd);
      if (gift === undefined) return undefined;
      if (socket.server) lendConnection(socket.server, envelope, target, keepOpen);
      if (keepOpen) return gift;
      // From here on it is the other process's: nothing is read, nothing is told.
      handle.leave?.();
      handle.readStop();
      handle.owner = null;
      socket._handle = null;
      socket.setTimeout(0);
      gift.settle = () => handle.close();
      return gift;
    },
    take(fd, envelope, target, deliver) {
      const handle = net().receive(fd, 'stream');
      const socket = new (net().Socket)({ handle, readable: true, writable: true });
      if (envelope.key) holdConnection(target, envelope.key, socket);
      deliver(socket);
    },
  },
  {
    type: 'net.Server',
    is: (handle) => handle instanceof net().Server,
    give: (server) => shared(server._handle?.fd),
    take(fd, _envelope, _target, deliver) {
      const server = new (net().Server)();
      server.listen(net().receive(fd, 'listener'), () => deliver(server));
    },
  },
  {
    type: 'net.Native',
    is: (handle) => handle instanceof net().Handle,
    give: (handle) => shared(handle.fd),
    take: (fd, _envelope, _target, deliver) => deliver(net().receive(fd, '')),
  },
  {
    type: 'dgram.Socket',
    is: (handle) => handle instanceof dgram().Socket,
    give(socket, envelope) {
      envelope.dgramType = socket.type;
      return sharedUdp(udp().handleOf(socket));
    },
    take(fd, envelope, _target, deliver) {
      const socket = dgram().createSocket(envelope.dgramType);
      socket.bind(udp().receive(fd), () => deliver(socket));
    },
  },
  {
    type: 'dgram.Native',
    is: (handle) => handle instanceof udp().UDP,
    give: sharedUdp,
    take: (fd, _envelope, _target, deliver) => deliver(udp().receive(fd)),
  },
];

/** @throws ERR_INVALID_HANDLE_TYPE */
export function kindOf(handle: any): Kind {
  const found = typeof handle === 'object' ? kinds.find((kind) => kind.is(handle)) : undefined;
  if (found === undefined) throw new codes.ERR_INVALID_HANDLE_TYPE();
  return found;
}

/** Passes the object on that a received descriptor stands for; undefined where its kind isn't known, or it can't be used. */
export function unpack(fd: number, envelope: Envelope, target: any, deliver: (handle: any) => void): void {
  const kind = kinds.find(({ type }) => type === envelope.type);
  if (kind === undefined) {
    closeDescriptor(fd);
    deliver(undefined);
  } else {
    kind.take(fd, envelope, target, deliver);
  }
}
