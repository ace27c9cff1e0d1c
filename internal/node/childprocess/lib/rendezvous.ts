// Where a supervisor whose channel has ended finds the process again: a listening socket that it has left here. Whoever comes brings a channel.
import * as native from 'native:childprocess';
import { adopt, release } from 'internal:handle';

const RETURNED = 1, CLOSE = 4; // as in pipe.ts

export class Rendezvous {
  fd: number;
  /** Somebody has come back: the descriptor of a channel, ours. */
  onreturn: ((fd: number) => void) | undefined;
  #id: number;
  #referenced = false;

  private constructor(fd: number, id: number) {
    this.fd = fd;
    this.#id = id;
    adopt(id, this, 'PIPEWRAP');
  }

  /** Takes a listening socket over; undefined when it is none. */
  static open(fd: number): Rendezvous | undefined {
    const id = native.rendezvousOpen(fd);
    return id > 0 ? new Rendezvous(fd, id) : undefined;
  }

  onevent(event: number, value?: any): void {
    if (event === RETURNED) {
      this.onreturn?.(value);
    } else if (event === CLOSE) {
      release(this.#id);
      this.#id = 0;
    }
  }

  /** Waits for one. @returns whether it can */
  wait(referenced: boolean): boolean {
    this.#referenced = referenced;
    return native.rendezvousWait(this.#id, referenced) === 0;
  }
  ref(): void {
    this.#referenced = true;
    native.rendezvousRef(this.#id, true);
  }
  unref(): void {
    this.#referenced = false;
    native.rendezvousRef(this.#id, false);
  }
  hasRef(): boolean {
    return this.#referenced;
  }
  close(): void {
    native.rendezvousClose(this.#id);
  }
}
