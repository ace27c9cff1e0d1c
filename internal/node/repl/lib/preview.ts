// Previews of the REPL: while a line is typed, what it would give stands below it, and what Tab would add behind it.
// https://nodejs.org/docs/latest-v24.x/api/repl.html#replstartoptions (preview)
//
// The line is run by V8's inspector, which stops it before it changes anything and after a third of a second.
import { inspectorConnect, inspectorDisconnect, inspectorDispatch } from 'native:engine';
import { load } from 'internal:load';
import { inspect } from 'internal:util/inspect';
import { getStringWidth } from 'internal:util/stringwidth';
import { clearLine, cursorTo, moveCursor } from 'internal:readline/callbacks';

const patience = 333; // milliseconds
const widest = 250;

/** What a line gave: a value, or an exception of the class that is named. */
export type Outcome = { value: any; exception?: string };

// ---- evaluation ----

// Under this name a value comes out of the inspector, whose answers hold none.
const handover = 'roost.repl.preview';

/** The inspector knows contexts that were made after it. */
export function prepare(): void {
  inspectorDisconnect(inspectorConnect(() => {}));
}

/** Runs lines in one context, without their effects. */
export class Evaluator {
  #session = 0;
  #last = 0;
  #answer: any;
  /** Whose text it runs. */
  readonly context: any;
  #contextId: number | undefined; // undefined: the main one
  #global: boolean;
  constructor(context: any, global: boolean) {
    this.context = context;
    this.#global = global;
  }
  #connect(): void {
    this.#session = inspectorConnect((message: string) => {
      const answer = JSON.parse(message);
      if (answer.id === this.#last) {
        this.#answer = answer.result;
      } else if (answer.method === 'Runtime.executionContextCreated') {
        this.#contexts.push(answer.params.context.id);
      }
    });
    if (!this.#global) this.#findContext();
  }
  #contexts: number[] = [];

  // The inspector names contexts by numbers. Ours is the one that has the mark.
  #findContext(): void {
    this.#post('Runtime.enable');
    const mark = Symbol.for(handover);
    Object.defineProperty(this.context, mark, { configurable: true, value: true });
    for (const contextId of this.#contexts) {
      const answer = this.#post('Runtime.evaluate', { contextId, expression: `Symbol.for('${handover}') in globalThis`, returnByValue: true });
      if (answer?.result?.value === true) this.#contextId = contextId;
    }
    delete this.context[mark];
    this.#contexts.length = 0;
    this.#post('Runtime.disable');
  }
  #post(method: string, params?: any): any {
    this.#answer = undefined;

    inspectorDispatch(this.#session, JSON.stringify({ id: ++this.#last, method, params }));
    return this.#answer;
  }

  // A global that isn't loaded yet would be an effect.
  #loadGlobals(expression: string): void {
    const { isLazyGlobal } = load('internal:globals');
    for (const name of expression.match(/[a-zA-Z]\w*/g) ?? []) {
      const descriptor = Object.getOwnPropertyDescriptor(this.context, name);
      if (isLazyGlobal(name, descriptor)) {
        Object.defineProperty(this.context, name, { value: this.context[name], writable: true, enumerable: descriptor!.enumerable, configurable: true });
      }
    }
  }

  /** @returns undefined when the line could not be run without an effect, or not at all */
  run(expression: string): Outcome | undefined {
    if (this.#session === 0) this.#connect();
    this.#loadGlobals(expression);
    const answer = this.#post('Runtime.evaluate', {
      expression, contextId: this.#contextId, throwOnSideEffect: true, timeout: patience, silent: true, objectGroup: handover,
    });
    if (answer === undefined) {
      return undefined;
    }
    const { result, exceptionDetails } = answer;
    const object = exceptionDetails === undefined ? result : exceptionDetails.exception;
    if (object === undefined) {
      return undefined;
    }
    const outcome: Outcome | undefined = this.#valueOf(object);
    if (outcome !== undefined && exceptionDetails !== undefined) {
      outcome.exception = object.className ?? object.type;
    }
    this.#post('Runtime.releaseObjectGroup', { objectGroup: handover });
    return outcome;
  }
  #valueOf(object: any): Outcome | undefined {
    if (object.objectId === undefined) {
      const { type, value, unserializableValue } = object;
      if (unserializableValue === undefined) return { value: type === 'undefined' ? undefined : value };
      return { value: type === 'bigint' ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue) };
    }
    let outcome: Outcome | undefined;
    const key = Symbol.for(handover);
    Object.defineProperty(this.context, key, { configurable: true, value: (value: any) => { outcome = { value }; } });
    try {
      this.#post('Runtime.callFunctionOn', {
        functionDeclaration: `function(value) { globalThis[Symbol.for('${handover}')](value) }`, objectId: object.objectId,
        arguments: [{ objectId: object.objectId }], silent: true,
      });
    } finally {
      delete this.context[key];
    }
    return outcome;
  }
  close(): void {
    if (this.#session !== 0) {
      inspectorDisconnect(this.#session);
      this.#session = 0;
    }
  }
}

// ---- on the terminal ----

/** What a preview needs to know of its REPL. */
interface Host {
  readonly strict: boolean;
  readonly options: any; // of inspect
  readonly busy: boolean; // lines of an input stand above, or one runs
}

/** The previews of one REPL. */
export class Previews {
  #server: any;
  #host: Host;
  #result: string | undefined; // stands below the line
  #completion: string | undefined; // stands behind it
  #hidden: string | undefined; // the line whose completion Escape took away

  constructor(server: any, host: Host) {
    this.#server = server;
    this.#host = host;
  }

  /** Takes what is shown away; called before a key is handled, which may take the completion over. */
  clear(key: any): void {
    const { output } = this.#server;
    if (this.#result !== undefined) {
      const rows = this.#rowsBelow() + 1;
      moveCursor(output, 0, rows);
      clearLine(output, 0);
      moveCursor(output, 0, -rows);
      this.#result = undefined;
    }
    if (this.#completion === undefined) {
      return;
    }
    const completion = this.#completion;
    this.#completion = undefined;
    this.#atEnd(() => clearLine(output, 1));
    if (this.#takesOver(key)) {
      this.#server._moveCursor(+Infinity);
      this.#server._insertString(completion);
    }
  }
  #takesOver(key: any): boolean {
    const { line, cursor } = this.#server;
    if (key.meta || key.shift) {
      return false;
    }
    switch (key.ctrl ? `ctrl ${key.name}` : key.name) {
      case 'end': case 'ctrl e':
        return true;
      case 'right': case 'ctrl f':
        return cursor === line.length;
      case 'return': case 'enter':
        // What stands there is no name of anything.
        return cursor === line.length && this.#run(line)?.exception === 'ReferenceError';
    }
    return false;
  }

  /** Shows what there is to the line. */
  show(withCompletion: boolean): void {
    const server = this.#server;
    const { line } = server;
    if (!withCompletion) {
      this.#hidden = line;
    } else if (this.#hidden !== line) {
      this.#hidden = undefined;
    }
    if (line.trim() === '' || !server.isCompletionEnabled || this.#result !== undefined || this.#completion !== undefined || this.#host.busy ||
      line.includes('\n')) {
      return;
    }
    if (this.#hidden === undefined) {
      this.#showCompletion();
    }
    const text = this.#textOf(line, server.cursor === line.length ? this.#completion ?? '' : '');
    if (text === undefined) {
      return;
    }
    const { output } = server;
    this.#result = text;
    const cursor = server.getCursorPos();
    const rows = this.#rowsBelow();
    if (rows > 0) moveCursor(output, 0, rows);
    output.write(server.useColors ? `\n\x1b[90m${text}\x1b[39m` : `\n// ${text}`);
    cursorTo(output, cursor.cols);
    moveCursor(output, 0, -rows - 1);
  }
  #showCompletion(): void {
    const server = this.#server;
    const { line } = server;
    if (unlikely.test(line)) {
      return;
    }
    let suffix: string | undefined;
    server.completer(line, (error: any, result: any) => {
      if (!error && Array.isArray(result)) suffix = suffixOf(result[0], result[1]);
    });
    // It must fit into the row.
    if (suffix === undefined || server._getDisplayPos(`${server.getPrompt()}${line}`).cols + suffix.length + (server.useColors ? 0 : 4) >= server.columns) {
      return;
    }
    this.#completion = suffix;
    const shown = server.useColors ? `\x1b[90m${suffix}\x1b[39m` : ` // ${suffix}`;
    this.#atEnd(() => server.output.write(shown), true);
  }

  // Runs write with the cursor behind the line, and takes it back.
  #atEnd(write: () => void, moves = false): void {
    const server = this.#server;
    const end = server._getDisplayPos(server.getPrompt() + server.line);
    const cursor = server.getCursorPos();
    const rows = end.rows - cursor.rows;
    const elsewhere = server.cursor !== server.line.length;
    if (elsewhere) {
      cursorTo(server.output, end.cols);
      if (rows > 0) moveCursor(server.output, 0, rows);
    }
    write();
    if (elsewhere || moves) {
      cursorTo(server.output, cursor.cols);
      if (rows > 0) moveCursor(server.output, 0, -rows);
    }
  }
  // Rows of the line under the cursor's.
  #rowsBelow(): number {
    const server = this.#server;
    return server._getDisplayPos(server.getPrompt() + server.line).rows - server.getCursorPos().rows;
  }

  #run(line: string): Outcome | undefined {
    const evaluator = this.#server.evaluator();
    const strict = this.#host.strict ? "'use strict'; void 0;\n" : '';
    if (/^\s*\{/.test(line) && !/;\s*$/.test(line)) {
      // An object literal isn't a block.
      const outcome = evaluator.run(`${strict}(${line.trim()})`);
      if (outcome?.exception !== 'SyntaxError') return outcome;
    }
    return evaluator.run(strict + line);
  }

  // The text of a preview; undefined where there is none, or it would say no more than the line.
  #textOf(line: string, completion: string): string | undefined {
    const outcome = this.#run(line + completion);
    if (outcome === undefined) {
      return undefined;
    }
    const { value, exception } = outcome;
    if (exception === 'SyntaxError' || exception === 'EvalError' || (exception === 'ReferenceError' && !this.#host.strict) ||
      (exception === undefined && value === undefined && this.#server.ignoreUndefined)) {
      return undefined;
    }
    let text: string;
    try {
      text = inspect(value, { ...this.#host.options, depth: 1, compact: true, breakLength: Infinity, colors: false });
    } catch {
      return undefined;
    }
    // One row.
    text = (/^[^\n\r\v]*/.exec(text) as RegExpExecArray)[0];
    const columns = Math.min(this.#server.columns, widest);
    const mark = this.#server.useColors ? 0 : 3;
    if (getStringWidth(text) > columns - mark) {
      let width = 0;
      let cut = '';
      for (const char of text) {
        width += getStringWidth(char);
        if (width > columns - 4 - mark) break;
        cut += char;
      }
      text = `${cut}...`;
    }
    return text === line.trim() ? undefined : text;
  }
}

// Names that are being declared, and words right behind a bracket or a quote, get no completion before Tab asks for it, as in Node.
const unlikely = /(?:[([{'"`]|\b(?:let|const|var|class|function)\s+)[\w$.?]*$/;

// What all completions have in common behind what was typed.
function suffixOf(completions: any, typed: any): string | undefined {
  if (!Array.isArray(completions) || typeof typed !== 'string' || typed === '') {
    return undefined;
  }
  const names = completions.filter((name) => typeof name === 'string' && name !== '');
  if (names.length === 0) {
    return undefined;
  }
  let common: string = names[0];
  for (const name of names) {
    while (!name.startsWith(common)) common = common.slice(0, -1);
  }
  return common.length > typed.length && common.startsWith(typed) ? common.slice(typed.length) : undefined;
}
