// The stream of a run's events. https://nodejs.org/docs/latest-v24.x/api/test.html#class-testsstream
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';

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
      #waiting: (Event | null)[] = [];
      #open = false;
      #scheduled = false;
      constructor() {
        super({ objectMode: true, highWaterMark: Number.MAX_SAFE_INTEGER });
      }
      _read(): void {
        this.#open = true;
        this.#schedule();
      }
      #schedule(): void {
        if (!this.#scheduled && this.#open && this.#waiting.length > 0) {
          this.#scheduled = true;
          nextTick(() => {
            this.#scheduled = false;
            this.drain();
          });
        }
      }
      /** Hands over what waits, at once. */
      drain(): void {
        while (this.#waiting.length > 0 && this.#open) {
          this.#open = this.push(this.#waiting.shift());
        }
      }
      /** Emits an event and queues it for the readers. */
      send(type: string, data: any): void {
        this.emit(type, data);
        this.#waiting.push({ type, data });
        this.#schedule();
      }
      finish(): void {
        this.#waiting.push(null);
        this.#schedule();
      }
    };
    for (const name of ['drain', 'send', 'finish']) {
      Object.defineProperty(Stream.prototype, name, { enumerable: false });
    }
  }
  return new Stream();
}
