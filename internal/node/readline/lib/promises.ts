// readline/promises: an Interface whose question is a promise, and Readline, which batches terminal commands.
import { AbortError, codes } from 'internal:errors';
import { addAbortListener } from 'internal:events/abort';
import { isWritable } from 'internal:stream/state';
import { nextTick } from 'internal:process/task';
import { validateAbortSignal, validateBoolean, validateInteger } from 'internal:validators';
import { clearBelow, clearSequence, cursorToSequence, moveSequence } from 'internal:readline/callbacks';
import { Interface as Base, kQuestionCancel, kQuestionStart } from 'internal:readline/interface';

export class Interface extends (Base as any) {
  constructor(input: any, output?: any, completer?: any, terminal?: any) {
    super(input, output, completer, terminal);
    Object.defineProperty(this, '_completesByPromise', { value: true });
  }
  /** Asks; resolves with the line. options: {signal} */
  question(query: any, options: any = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      let callback: any = resolve;
      if (options?.signal) {
        validateAbortSignal(options.signal, 'options.signal');
        if (options.signal.aborted) {
          reject(new AbortError(undefined, { cause: options.signal.reason }));
          return;
        }
        const disposable = addAbortListener(options.signal, () => {
          (this as any)[kQuestionCancel]();
          reject(new AbortError(undefined, { cause: options.signal.reason }));
        });
        callback = (answer: any) => {
          disposable[Symbol.dispose]();
          resolve(answer);
        };
      }
      (this as any)[kQuestionStart](query, callback);
    });
  }
}

export class Readline {
  #stream: any;
  #todo: string[] = [];
  #autoCommit = false;
  constructor(stream: any, options?: any) {
    if (!isWritable(stream)) {
      throw new codes.ERR_INVALID_ARG_TYPE('stream', 'Writable', stream);
    }
    this.#stream = stream;
    if (options?.autoCommit != null) {
      validateBoolean(options.autoCommit, 'options.autoCommit');
      this.#autoCommit = options.autoCommit;
    }
  }
  #add(data: string): this {
    if (this.#autoCommit) {
      nextTick(() => this.#stream.write(data));
    } else {
      this.#todo.push(data);
    }
    return this;
  }
  cursorTo(x: any, y: any = undefined): this {
    validateInteger(x, 'x');
    if (y != null) {
      validateInteger(y, 'y');
    }
    return this.#add(cursorToSequence(x, y));
  }
  moveCursor(dx: any, dy: any): this {
    if (dx || dy) {
      validateInteger(dx, 'dx');
      validateInteger(dy, 'dy');
      return this.#add(moveSequence(dx, dy));
    }
    return this;
  }
  clearLine(dir: any): this {
    validateInteger(dir, 'dir', -1, 1);
    return this.#add(clearSequence(dir));
  }
  clearScreenDown(): this {
    return this.#add(clearBelow);
  }
  commit(): Promise<void> {
    return new Promise((resolve) => {
      this.#stream.write(this.#todo.join(''), resolve);
      this.#todo = [];
    });
  }
  rollback(): this {
    this.#todo = [];
    return this;
  }
}

export function createInterface(input: any, output?: any, completer?: any, terminal?: any): any {
  return new Interface(input, output, completer, terminal);
}
