// The stream of a run's events. https://nodejs.org/docs/latest-v24.x/api/test.html#class-testsstream
import { load } from 'internal:load';

export interface Event {
  type: string;
  data: any;
}

let Stream: any;

/** A TestsStream: an object stream of {type, data} that also emits each type as an event. */
export function newTestsStream(): any {
  if (Stream === undefined) {
    const { Readable } = load('node:stream').default;
    Stream = class TestsStream extends Readable {
      #waiting: Event[] = [];
      #open = false;
      constructor() {
        super({ objectMode: true, highWaterMark: Number.MAX_SAFE_INTEGER });
      }
      _read(): void {
        this.#open = true;
        while (this.#waiting.length > 0 && this.#open) {
          this.#open = this.push(this.#waiting.shift());
        }
      }
      /** Emits an event and queues it for the readers. */
      send(type: string, data: any): void {
        this.emit(type, data);
        const event = { type, data };
        if (this.#open && this.#waiting.length === 0) {
          this.#open = this.push(event);
        } else {
          this.#waiting.push(event);
        }
      }
      finish(): void {
        this.#waiting.push(null as never);
        if (this.#open) {
          this._read();
        }
      }
    };
    for (const name of ['send', 'finish']) {
      Object.defineProperty(Stream.prototype, name, { enumerable: false });
    }
  }
  return new Stream();
}
