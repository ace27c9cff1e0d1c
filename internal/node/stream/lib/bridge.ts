// A Duplex in front of other streams: what is written to it goes to one of them (the head), what is read from it comes from another (the tail).
// compose() and Duplex.from() make these; the streams behind may be classic or web streams.

import { AbortError } from 'internal:errors';
import { Duplex } from 'internal:stream/duplex';
import { isNodeStream, isTransformStream, nop } from 'internal:stream/state';

interface BridgeOptions {
  head: any;
  tail: any;
  readable: boolean;
  writable: boolean;
  /** Destroys what is behind. `isOver`: it has reported its end already. */
  breakDown: (err: any, isOver: boolean) => void;
}

export class Bridge {
  duplex: any;
  /** The stream behind has ended or failed. */
  isOver = false;
  // Callbacks that wait for something behind: for room, for the end, for the end before destroy() is done.
  #room: any = null;
  #finished: any = null;
  #destroyed: any = null;
  #wantsChunks = false;

  constructor({ head, tail, readable, writable, breakDown }: BridgeOptions) {
    const duplex = this.duplex = new (Duplex as any)({
      readable,
      writable,
      readableObjectMode: !!tail?.readableObjectMode,
      writableObjectMode: !!head?.writableObjectMode,
    });
    if (writable) {
      if (isNodeStream(head)) this.#writeToNode(head);
      else this.#writeToWeb(isTransformStream(head) ? head.writable : head);
    }
    if (readable) {
      if (isNodeStream(tail)) this.#readFromNode(tail);
      else this.#readFromWeb(isTransformStream(tail) ? tail.readable : tail);
    }
    duplex._destroy = (err: any, callback: any) => {
      const reason = err || this.isOver ? err : new AbortError();
      this.#room = this.#finished = null;
      this.#wantsChunks = false;
      breakDown(reason, this.isOver);
      if (this.isOver) callback(reason);
      else this.#destroyed = callback;
    };
  }

  /** The head took the last chunk. */
  finish(): void {
    const callback = this.#finished;
    this.#finished = null;
    callback?.();
  }

  /** What is behind has ended. */
  over(err: any): void {
    this.isOver = true;
    const callback = this.#destroyed;
    this.#destroyed = null;
    if (callback !== null) callback(err);
    else if (err) this.duplex.destroy(err);
  }

  #writeToNode(head: any): void {
    head.on('drain', () => {
      const callback = this.#room;
      this.#room = null;
      callback?.();
    });
    this.duplex._write = (chunk: any, encoding: any, callback: any) => {
      if (head.write(chunk, encoding)) callback();
      else this.#room = callback;
    };
    this.duplex._final = (callback: any) => {
      // Ending may finish it at once, but never calls back at once.
      head.end();
      this.#finished = callback;
    };
  }

  #writeToWeb(head: any): void {
    const writer = head.getWriter();
    // Failures of the write itself are reported by the stream.
    this.duplex._write = (chunk: any, _encoding: any, callback: any) => {
      writer.ready.then(() => { writer.write(chunk).catch(nop); }).then(callback, callback);
    };
    this.duplex._final = (callback: any) => {
      writer.ready.then(() => {
        this.#finished = callback;
        writer.close().catch(nop);
      }).catch(callback);
    };
  }

  #readFromNode(tail: any): void {
    const { duplex } = this;
    const move = () => {
      for (;;) {
        const chunk = tail.read();
        this.#wantsChunks = chunk === null;
        if (chunk === null || !duplex.push(chunk)) return;
      }
    };
    tail.on('readable', () => { if (this.#wantsChunks) move(); });
    tail.on('end', () => duplex.push(null));
    duplex._read = move;
  }

  #readFromWeb(tail: any): void {
    const { duplex } = this;
    const reader = tail.getReader();
    const move = (): any => reader.read().then((result: any) => {
      if (duplex.push(result.done ? null : result.value)) return move();
    });
    // The pipeline reports failures.
    duplex._read = () => { move().catch(nop); };
  }
}
