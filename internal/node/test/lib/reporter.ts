// What the test runner prints. https://nodejs.org/docs/latest-v24.x/api/test.html#test-reporters
import { load } from 'internal:load';
import { inspect } from 'internal:util/inspect';

export interface Result {
  name: string;
  nesting: number;
  number: number;
  type: 'test' | 'suite';
  passed: boolean;
  duration: number;
  skip: string | boolean | undefined;
  todo: string | boolean | undefined;
  error: any;
  kind: string; // failureType
  location: string;
  children: number;
  parent: any;
  diagnostics: string[];
}
export type Counts = [name: string, value: number][];

const symbols = { pass: '\u2714 ', fail: '\u2716 ', skip: '\ufe63 ', todo: '\u26a0 ', open: '\u25b6 ', info: '\u2139 ' };

function indented(text: string, by: string): string {
  return text.split('\n').map((line) => by + line).join('\n');
}

/** The default: a tree of results, then the failures. */
export class SpecReporter {
  #opened = new Set<any>();
  #failed: Result[] = [];
  #colors: boolean;
  constructor(colors: boolean) {
    this.#colors = colors;
  }
  #paint(color: number, text: string): string {
    return this.#colors ? `\u001b[${color}m${text}\u001b[39m` : text;
  }
  #line(r: Result): string {
    const time = ` (${r.duration}ms)`;
    if (r.skip !== undefined) {
      return this.#paint(90, `${symbols.skip}${r.name}${time} # ${r.skip === true ? 'SKIP' : r.skip}`);
    }
    const todo = r.todo === undefined ? '' : ` # ${r.todo === true ? 'TODO' : r.todo}`;
    if (r.passed) {
      return this.#paint(32, symbols.pass) + r.name + time + todo;
    }
    return (todo === '' ? this.#paint(31, symbols.fail) : this.#paint(33, symbols.todo)) + r.name + time + todo;
  }
  start(): string { return ''; }
  result(r: Result, ancestors: { key: any; name: string }[]): string {
    let out = '';
    ancestors.forEach(({ key, name }, depth) => {
      if (!this.#opened.has(key)) {
        this.#opened.add(key);
        out += `${'  '.repeat(depth)}${symbols.open}${name}\n`;
      }
    });
    if (!r.passed && r.kind !== 'subtestsFailed' && r.skip === undefined) {
      this.#failed.push(r);
    }
    out += `${'  '.repeat(r.nesting)}${this.#line(r)}\n`;
    for (const message of r.diagnostics) {
      out += `${'  '.repeat(r.nesting)}${this.#paint(34, symbols.info + message)}\n`;
    }
    return out;
  }
  end(_tests: number, counts: Counts): string {
    let out = '';
    for (const [name, value] of counts) {
      out += `${this.#paint(34, `${symbols.info}${name} ${value}`)}\n`;
    }
    if (this.#failed.length > 0) {
      out += `\n${this.#paint(31, `${symbols.fail}failing tests:`)}\n`;
      for (const r of this.#failed) {
        const error = r.error?.code === 'ERR_TEST_FAILURE' && r.error.kind !== undefined ? r.error.message : r.error;
        out += `\n${r.location === '' ? '' : `${r.type} at ${load('node:path').default.relative(load('internal:process').process.cwd(), r.location)}\n`}${this.#line(r)}\n${indented(inspect(error, { colors: this.#colors }), '  ')}\n`;
      }
    }
    return out;
  }
}

function tapEscape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('#', '\\#').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}
function yaml(indent: string, name: string, value: any): string {
  if (value === undefined) {
    return '';
  }
  if (typeof value !== 'string') {
    return `${indent}${name}: ${inspect(value, { breakLength: Infinity })}\n`;
  }
  if (!value.includes('\n')) {
    return `${indent}${name}: '${value.replaceAll("'", "''")}'\n`;
  }
  return `${indent}${name}: |-\n${indented(value, `${indent}  `)}\n`;
}

/** TAP version 13. https://testanything.org/tap-version-13-specification.html */
export class TapReporter {
  #opened = new Set<any>();
  start(): string { return 'TAP version 13\n'; }
  result(r: Result, ancestors: { key: any; name: string }[]): string {
    let out = '';
    ancestors.forEach(({ key, name }, depth) => {
      if (!this.#opened.has(key)) {
        this.#opened.add(key);
        out += `${'    '.repeat(depth)}# Subtest: ${tapEscape(name)}\n`;
      }
    });
    const indent = '    '.repeat(r.nesting);
    if (r.children === 0) {
      out += `${indent}# Subtest: ${tapEscape(r.name)}\n`;
    } else {
      out += `${indent}    1..${r.children}\n`;
    }
    const directive = r.skip !== undefined ? ` # SKIP${r.skip === true ? '' : ` ${tapEscape(`${r.skip}`)}`}` :
      r.todo !== undefined ? ` # TODO${r.todo === true ? '' : ` ${tapEscape(`${r.todo}`)}`}` : '';
    out += `${indent}${r.passed ? 'ok' : 'not ok'} ${r.number} - ${tapEscape(r.name)}${directive}\n${indent}  ---\n`;
    out += `${indent}  duration_ms: ${r.duration}\n${indent}  type: '${r.type}'\n`;
    if (!r.passed) {
      const { error } = r;
      const inside = `${indent}  `;
      out += yaml(inside, 'location', r.location === '' ? undefined : r.location);
      out += yaml(inside, 'failureType', r.kind);
      out += yaml(inside, 'error', typeof error?.message === 'string' ? error.message : inspect(error));
      out += yaml(inside, 'code', error?.code ?? 'ERR_TEST_FAILURE');
      if (typeof error?.name === 'string' && error.name !== 'Error') {
        out += yaml(inside, 'name', error.name);
      }
      if (error?.code === 'ERR_ASSERTION') {
        out += yaml(inside, 'expected', error.expected) + yaml(inside, 'actual', error.actual) + yaml(inside, 'operator', error.operator);
      }
      const stack = typeof error?.stack === 'string' ? error.stack.split('\n').filter((l: string) => /^\s+at /.test(l)) : [];
      if (stack.length > 0 && error.kind === undefined) {
        out += yaml(inside, 'stack', stack.map((l: string) => l.trim().slice(3)).join('\n'));
      }
    }
    out += `${indent}  ...\n`;
    for (const message of r.diagnostics) {
      out += `${indent}# ${tapEscape(message)}\n`;
    }
    return out;
  }
  end(tests: number, counts: Counts): string {
    return `1..${tests}\n${counts.map(([name, value]) => `# ${name} ${value}\n`).join('')}`;
  }
}
