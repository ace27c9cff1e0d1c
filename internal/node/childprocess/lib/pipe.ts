// One end of the socketpair to a child or to the parent: bytes, and descriptors that travel with them.
import * as native from 'native:childprocess';
import { asOperation } from 'internal:asynchooks/operation';
import { errnoException } from 'internal:errors';
import { adopt, release } from 'internal:handle';

const READ = 1, CLOSE = 4, WRITTEN = 5; // 2 is the end, 3 an error

export class ChannelPipe {
  fd: number;
  onread: ((chunk: Uint8Array) => void) | undefined;
  /** The other side has ended, or reading failed. */
  onend: (() => void) | undefined;
  #id: number;
  #referenced = true;
  #waiting: ((errno: number) => void)[] = []; // callbacks of writes that had to wait, in their order

  /** Takes the descriptor over. @throws when it can't be watched */
  constructor(fd: number) {
    this.fd = fd;
    const id = native.channelOpen(fd);
    if (id < 0) throw errnoException(id, 'open');
    this.#id = id;
    adopt(id, this, 'PIPEWRAP');
  }

  onevent(event: number, value?: any): void {
    if (event === READ) {
      this.onread?.(value);
    } else if (event === WRITTEN) {
      this.#waiting.shift()?.(value);
    } else if (event === CLOSE) {
      release(this.#id);
      this.#id = 0;
    } else {
      this.onend?.();
    }
  }

  readStart(): void {
    native.channelRead(this.#id, true);
  }

  /** Writes, passes a descriptor along unless that is -1, and calls back with an errno: at once when the other side took everything. */
  write(data: string | Uint8Array, descriptor: number, callback: (errno: number) => void): void {
    const state = native.channelWrite(this.#id, data, descriptor);
    if (state === 0) this.#waiting.push(asOperation('WRITEWRAP', callback));
    else callback(state > 0 ? 0 : state);
  }

  /** The oldest descriptor that came along, ours to close; -1 when there is none. */
  takeDescriptor(): number {
    return native.channelTake(this.#id);
  }

  /** How many bytes wait to be written. */
  get writeQueueSize(): number {
    return native.channelQueued(this.#id);
  }

  /** Closes once what waits is written. */
  close(): void {
    native.channelClose(this.#id);
  }
  ref(): void {
    this.#referenced = true;
    native.channelRef(this.#id, true);
  }
  unref(): void {
    this.#referenced = false;
    native.channelRef(this.#id, false);
  }
  hasRef(): boolean {
    return this.#referenced;
  }
}

/** Closes a descriptor that came along and that nobody wants. */
export const { closeDescriptor } = native;
