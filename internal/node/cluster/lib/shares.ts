// What workers listen on together, in the primary. https://nodejs.org/docs/latest-v24.x/api/cluster.html#how-it-works
//
// Two ways: the primary accepts and hands each connection to a worker whose turn it is (RoundRobin), or every worker gets the socket and
// accepts, or receives datagrams, by itself (Shared).
import { clearTimeout, setTimeout } from 'internal:timers';
import { Handle } from 'internal:net/handle';
import { type Place, Server, bindAt } from 'internal:net/server';

/** What a worker is told about a share: the answer's fields, and a handle that goes with it. */
export type Reply = (errno: number | null, fields?: object, handle?: any) => void;

/** What the shares need to know of a worker. */
export interface Member {
  /** Sends a message of the cluster; settled tells whether the handle arrived. @returns false when the channel is closed */
  post(message: any, options: { handle?: any; answer?: (message: any, handle: any) => void; settled?: (received: boolean) => void }): boolean;
}

export interface Share {
  /** What the first worker's server told the others (_getServerData). */
  data: any;
  has(member: Member): boolean;
  add(member: Member, reply: Reply): void;
  /** @returns whether nobody is left, and the share is closed */
  remove(member: Member): boolean;
}

/** The socket itself is shared. open gives it, bound, or a negative errno. */
export class Shared implements Share {
  data: any = undefined;
  #handle: any;
  #errno = 0;
  #members = new Set<Member>();

  constructor(open: () => any) {
    const got = open();
    if (typeof got === 'number') this.#errno = got;
    else this.#handle = got;
  }
  has(member: Member): boolean {
    return this.#members.has(member);
  }
  add(member: Member, reply: Reply): void {
    this.#members.add(member);
    reply(this.#errno, undefined, this.#handle);
  }
  remove(member: Member): boolean {
    if (!this.#members.delete(member) || this.#members.size > 0) return false;
    this.#handle?.close();
    this.#handle = undefined;
    return true;
  }
}

/** The socket of stream servers, bound: their workers listen. */
export function sharedServer(place: Place): Shared {
  return new Shared(() => bindAt(place));
}

/** A connection on its way to a worker. */
interface Passenger {
  handle: Handle;
  refusedBy: Set<Member> | undefined; // until somebody did
}

// Differs from Node: a connection that every worker refuses rests for a moment; there it is offered again at once, in a loop that takes a whole core.
/** How long a connection waits that every worker has refused, before they are asked again. */
const PATIENCE = 10;

export class RoundRobin implements Share {
  data: any = undefined;
  #key: string;
  #server: any = new (Server as any)();
  #asking: Reply[] | null = []; // until it is known whether the server listens
  #errno: number | null = null;
  #members = new Set<Member>();
  #free: Member[] = []; // the first is the one whose turn it is
  #queue: Passenger[] = [];
  #refused: Passenger[] = [];
  #retry: any = null;

  constructor(key: string, place: Place) {
    this.#key = key;
    const server = this.#server;
    const { address, backlog, fd, flags, mode, path, port } = place;
    const listening = (errno: number | null): void => {
      this.#errno = errno;
      const asking = this.#asking ?? [];
      this.#asking = null;
      for (const reply of asking) this.#answer(reply);
      for (const member of this.#members) this.#isFree(member);
    };
    server.once('listening', () => listening(null));
    server.once('error', (err: any) => listening(err.errno));
    // Connections go on as they are: no socket is made of them here.
    server.onhandle = (_event: number, id: number) => this.#arrive({ handle: new Handle(id, null), refusedBy: undefined });
    if (fd >= 0) server.listen({ fd, backlog });
    else if (path !== null) server.listen({ path, backlog, readableAll: (mode & 0o444) !== 0, writableAll: (mode & 0o222) !== 0 });
    else server.listen({ port, host: address ?? undefined, backlog, ipv6Only: (flags & 1) !== 0 });
  }

  has(member: Member): boolean {
    return this.#members.has(member);
  }

  add(member: Member, reply: Reply): void {
    this.#members.add(member);
    if (this.#asking !== null) {
      this.#asking.push(reply);
      return;
    }
    this.#answer(reply);
    this.#isFree(member);
  }

  #answer(reply: Reply): void {
    const name = this.#errno === null ? this.#server.address() : null;
    reply(this.#errno, name !== null && typeof name === 'object' ? { sockname: name } : undefined);
  }

  remove(member: Member): boolean {
    if (!this.#members.delete(member)) return false;
    this.#free = this.#free.filter((other) => other !== member);
    if (this.#members.size > 0) {
      this.#askAgain();
      return false;
    }
    for (const { handle } of [...this.#queue, ...this.#refused]) handle.close();
    this.#queue = [];
    this.#refused = [];
    clearTimeout(this.#retry);
    this.#server.close();
    return true;
  }

  #arrive(passenger: Passenger): void {
    if (this.#members.size === 0) {
      passenger.handle.close();
      return;
    }
    // The worker whose turn it is, but for those that don't want it.
    const at = this.#free.findIndex((member) => !passenger.refusedBy?.has(member));
    if (at >= 0) {
      const [member] = this.#free.splice(at, 1);
      this.#hand(member, passenger);
    } else if ([...this.#members].every((member) => passenger.refusedBy?.has(member))) {
      this.#refused.push(passenger);
      this.#retry ??= setTimeout(() => this.#askAgain(), PATIENCE);
    } else {
      this.#queue.push(passenger);
    }
  }

  // Every worker had refused them: one may have room by now.
  #askAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = null;
    for (const passenger of this.#refused.splice(0)) {
      passenger.refusedBy = undefined;
      this.#arrive(passenger);
    }
  }

  // A worker can take a connection: the oldest that it hasn't refused.
  #isFree(member: Member): void {
    if (!this.#members.has(member)) return;
    const at = this.#queue.findIndex(({ refusedBy }) => !refusedBy?.has(member));
    if (at >= 0) this.#hand(member, this.#queue.splice(at, 1)[0]);
    else this.#free.push(member);
  }

  #hand(member: Member, passenger: Passenger): void {
    let arrived = true;
    const sent = member.post({ act: 'newconn', key: this.#key }, {
      handle: passenger.handle,
      // A worker that ends without an answer may have served a part of what came in: nobody else gets it.
      answer: (message) => {
        if (message === undefined) {
          if (arrived) passenger.handle.close();
          return;
        }
        if (message.accepted) {
          passenger.handle.close();
        } else {
          (passenger.refusedBy ??= new Set()).add(member);
          this.#arrive(passenger);
        }
        this.#isFree(member);
      },
      settled: (received) => {
        arrived = received;
        if (!received) this.#arrive(passenger); // it never saw it
      },
    });
    if (!sent) this.#arrive(passenger);
  }
}
