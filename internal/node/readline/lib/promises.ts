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
    // What is thrown here rejects.
    return new Promise((resolve, reject) => {
      const signal = options?.signal;
      let answered = resolve;
      if (signal) {
        validateAbortSignal(signal, 'options.signal');
        const aborted = () => new AbortError(undefined, { cause: signal.reason });
        if (signal.aborted) throw aborted();
        const watch = addAbortListener(signal, () => {
          (this as any)[kQuestionCancel]();
          reject(aborted());
        });
        answered = (line) => {
          watch[Symbol.dispose]();
          resolve(line);
        };
      }
      (this as any)[kQuestionStart](query, answered);
    });
  }
}

/** Commands of a terminal that are collected until commit(), or written a tick later each. */
export class Readline {
  #stream: any;
  #pending = '';
  #direct: boolean;
  constructor(stream: any, options?: any) {
    if (!isWritable(stream)) throw new codes.ERR_INVALID_ARG_TYPE('stream', 'Writable', stream);
    this.#stream = stream;
    const direct = options?.autoCommit ?? false;
    validateBoolean(direct, 'options.autoCommit');
    this.#direct = direct;
  }
  #add(command: string): this {
    if (this.#direct) nextTick(() => this.#stream.write(command));
    else this.#pending += command;
    return this;
  }
  #take(): string {
    const commands = this.#pending;
    this.#pending = '';
    return commands;
  }
  clearLine(dir: any): this {
    validateInteger(dir, 'dir', -1, 1);
    return this.#add(clearSequence(dir));
  }
  clearScreenDown(): this {
    return this.#add(clearBelow);
  }
  cursorTo(x: any, y: any = undefined): this {
    validateInteger(x, 'x');
    if (y != null) validateInteger(y, 'y');
    return this.#add(cursorToSequence(x, y));
  }
  moveCursor(dx: any, dy: any): this {
    if (!dx && !dy) return this;
    for (const [name, by] of [['dx', dx], ['dy', dy]]) validateInteger(by, name);
    return this.#add(moveSequence(dx, dy));
  }
  commit(): Promise<void> {
    return new Promise((done) => { this.#stream.write(this.#take(), done); });
  }
  rollback(): this {
    this.#take();
    return this;
  }
}

export function createInterface(input: any, output?: any, completer?: any, terminal?: any): any {
  return new Interface(input, output, completer, terminal);
}
