// The spec reporter: a tree of results, then the failures. https://nodejs.org/docs/latest-v24.x/api/test.html#test-reporters
import { load } from 'internal:load';
import { inspect } from 'internal:util/inspect';

const symbols = { pass: '\u2714 ', fail: '\u2716 ', skip: '\ufe63 ', todo: '\u26a0 ', open: '\u25b6 ', info: '\u2139 ' };

/** Whether what goes to standard output is to be coloured. */
export function colorsWanted(): boolean {
  const { process } = load('internal:process');
  const { FORCE_COLOR, NO_COLOR, NODE_DISABLE_COLORS } = process.env;
  if (FORCE_COLOR !== undefined) {
    return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  }
  return Boolean(process.stdout.isTTY) && !NO_COLOR && !NODE_DISABLE_COLORS;
}

export function indented(text: string, by: string): string {
  return text.split('\n').map((line) => by + line).join('\n');
}

/** What a failure shows: its cause, when the runner wrapped it. */
export function shownError(error: any): any {
  return error?.code === 'ERR_TEST_FAILURE' && Object.hasOwn(error, 'cause') ? error.cause : error;
}

/** One result as spec and dot print it. */
export function resultLine(type: string, data: any, colors: boolean): string {
  const paint = (color: number, text: string) => (colors ? `\u001b[${color}m${text}\u001b[39m` : text);
  const time = ` ${paint(90, `(${data.details.duration_ms}ms)`)}`;
  if (data.skip !== undefined) {
    return paint(90, `${symbols.skip}${data.name} (${data.details.duration_ms}ms) # ${data.skip === true || data.skip === '' ? 'SKIP' : data.skip}`);
  }
  const todo = data.todo !== undefined ? ` # ${data.todo === true || data.todo === '' ? 'TODO' : data.todo}` : data.expectFailure !== undefined ? ' # EXPECTED FAILURE' : '';
  if (type === 'test:pass') {
    return paint(32, symbols.pass + data.name) + time + todo;
  }
  return (data.todo === undefined ? paint(31, symbols.fail + data.name) : paint(33, symbols.todo + data.name)) + time + todo;
}

class SpecText {
  #open: { name: string; nesting: number; shown: boolean }[] = [];
  #failed: any[] = [];
  #colors: boolean | undefined;
  get colors(): boolean { return this.#colors ??= colorsWanted(); }
  #paint(color: number, text: string): string {
    return this.colors ? `\u001b[${color}m${text}\u001b[39m` : text;
  }
  #result(type: string, data: any): string {
    let out = '';
    this.#open.pop();
    for (const parent of this.#open) {
      if (!parent.shown) {
        parent.shown = true;
        out += `${'  '.repeat(parent.nesting)}${symbols.open}${parent.name}\n`;
      }
    }
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') {
      this.#failed.push(data);
    }
    return `${out}${'  '.repeat(data.nesting)}${resultLine(type, data, this.colors)}\n`;
  }
  // Diagnostics of the whole run come as one piece.
  #closing = '';
  /** The text of an event. */
  event(event: any): string {
    const text = this.#event(event);
    if (event.type === 'test:diagnostic' && event.data.nesting === 0 && event.data.file === undefined) {
      this.#closing += text;
      return '';
    }
    if (event.type === 'test:summary' && event.data.file === undefined) {
      return this.end(); // another run may follow: watch mode
    }
    if (this.#closing === '' || text === '') {
      return text;
    }
    const before = this.#closing;
    this.#closing = '';
    return before + text;
  }
  #event({ type, data }: any): string {
    switch (type) {
      case 'test:start':
        this.#open.push({ name: data.name, nesting: data.nesting, shown: false });
        return '';
      case 'test:pass':
      case 'test:fail':
        return this.#result(type, data);
      case 'test:stdout':
      case 'test:stderr':
        return data.message;
      case 'test:diagnostic':
        return `${'  '.repeat(data.nesting)}${this.#paint(data.level === 'error' ? 31 : data.level === 'warn' ? 33 : 34, symbols.info + data.message)}\n`;
      case 'test:coverage':
        return this.#paint(34, load('internal:test/coverage/table').coverageTable(data.summary, `${'  '.repeat(data.nesting)}${symbols.info}`, this.colors));
      default:
        return '';
    }
  }
  /** What is left to say of a run: its diagnostics and failures. */
  end(): string {
    const closing = this.#closing;
    this.#closing = '';
    if (this.#failed.length === 0) {
      return closing;
    }
    let out = `${closing}\n${this.#paint(31, `${symbols.fail}failing tests:`)}\n`;
    const cwd = load('internal:process').process.cwd();
    for (const data of this.#failed.splice(0)) {
      const place = data.file === undefined ? '' : `${data.details.type ?? 'test'} at ${load('node:path').default.relative(cwd, data.file)}:${data.line}:${data.column}\n`;
      out += `\n${place}${resultLine('test:fail', data, this.colors)}\n${indented(inspect(shownError(data.details.error), { colors: this.colors }), '  ')}\n`;
    }
    return out;
  }
}

let Spec: any;
/** The class of spec: a Transform from events to text; it may be called without new. */
export function specClass(): any {
  if (Spec === undefined) {
    const { Transform } = load('node:stream').default;
    class SpecReporter extends Transform {
      #text = new SpecText();
      constructor() {
        super({ writableObjectMode: true, readableObjectMode: true }); // a piece of text an event
      }
      _transform(event: any, _encoding: any, callback: any): void {
        const text = this.#text.event(event);
        if (text !== '') this.push(text);
        callback();
      }
      _flush(callback: any): void {
        const text = this.#text.end();
        if (text !== '') this.push(text);
        callback();
      }
    }
    Spec = SpecReporter;
  }
  return Spec;
}
