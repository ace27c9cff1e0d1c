// AssertionError and the texts that tell actual from expected.
// https://nodejs.org/docs/latest-v24.x/api/assert.html#class-assertassertionerror

import { load } from 'internal:load';
import { isErrorStackTraceLimitWritable, kIsNodeError } from 'internal:errors';
import { validateObject } from 'internal:validators';
import { customInspectSymbol, inspect } from 'internal:util/inspect';
import { shouldColorize } from 'internal:util/colors';
import { DELETE, INSERT, NOP, myersDiff, type Edit } from 'internal:util/diff';

const { assign, defineProperty, getPrototypeOf } = Object;

const headlines: Record<string, string> = {
  __proto__: null as never,
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: 'Values have same structure but are not reference-equal:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
};

// Two values this short together stand on one line.
const SHORT = 12;
// Longer texts are cut where no difference is shown.
const LONG = 512;
// A run of more equal lines than this is left out of a difference.
const CONTEXT = 5;

interface Palette {
  red: string;
  green: string;
  blue: string;
  gray: string;
  white: string;
}
const plain: Palette = { red: '', green: '', blue: '', gray: '', white: '' };
const colored: Palette = { red: '\u001b[31m', green: '\u001b[32m', blue: '\u001b[34m', gray: '\u001b[90m', white: '\u001b[39m' };

function stderr(): any {
  return load('node:process').default.stderr;
}

function palette(): Palette {
  return shouldColorize(stderr()) ? colored : plain;
}

// Everything that may differ must show, in a fixed order, one entry a line.
function show(value: unknown): string {
  return inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    showProxy: false,
    sorted: true,
    getters: true,
  });
}

function copyError(source: any): any {
  const target = assign({ __proto__: getPrototypeOf(source) }, source);
  defineProperty(target, 'message', { __proto__: null as never, value: source.message });
  if (Object.hasOwn(source, 'cause')) {
    let { cause } = source;
    if (cause instanceof Error) {
      cause = copyError(cause);
    }
    defineProperty(target, 'cause', { __proto__: null as never, value: cause });
  }
  return target;
}

const isObject = (value: unknown) => (typeof value === 'object' && value !== null) || typeof value === 'function';

interface Difference {
  header?: string;
  message: string;
  skipped?: boolean;
}

// Two one-line values: side by side, or one above the other with a mark where they part.
function simpleDifference(actual: unknown, actualText: string, expected: unknown, expectedText: string, colors: Palette): Difference {
  let length = actualText.length + expectedText.length;
  // Quotes don't count.
  length -= typeof actual === 'string' ? 2 : 0;
  length -= typeof expected === 'string' ? 2 : 0;
  if (length <= SHORT) {
    // 0 !== -0 would look wrong.
    const zeros = actual === 0 && expected === 0;
    if (!zeros) {
      return { message: `${actualText} !== ${expectedText}`, header: '' };
    }
  }
  const strings = typeof actual === 'string' && typeof expected === 'string';
  if (strings && colors === colored) {
    return coloredStrings(actualText, expectedText, colors);
  }
  let message = `\n${colors.green}+${colors.white} ${actualText}\n${colors.red}-${colors.white} ${expectedText}`;
  const { isTTY, columns } = stderr() ?? {};
  const width = isTTY ? columns : 80;
  if (strings && actualText.length + expectedText.length <= width) {
    let at = -1;
    for (let i = 0; i < actualText.length; i++) {
      if (actualText[i] !== expectedText[i]) {
        // At the very start it is plain to see.
        if (i >= 3) {
          at = i;
        }
        break;
      }
    }
    if (at !== -1) {
      message += `\n${' '.repeat(at + 2)}^`;
    }
  }
  return { message };
}

// With colors, two strings are shown as one, with what only one of them has in color.
function coloredStrings(actual: string, expected: string, colors: Palette): Difference {
  const header = `${colors.green}actual${colors.white} ${colors.red}expected${colors.white}`;
  let message = '\n';
  for (const [type, text] of myersDiff(actual, expected).reverse()) {
    message += type === INSERT ? colors.green + text : type === DELETE ? colors.red + text : colors.white + text;
  }
  return { message: `${message}${colors.white}`, header };
}

// Edits from the last to the first, as lines with + and -.
function linesOf(edits: Edit[], operator: string, colors: Palette): { message: string; skipped: boolean } {
  let message = '';
  let skipped = false;
  let same = 0;
  const equalLine = (text: string) => `${colors.white}  ${text}\n`;
  for (let i = edits.length - 1; i >= 0; i--) {
    const [type, text] = edits[i];
    const before = i < edits.length - 1 ? edits[i + 1][0] : undefined;
    if (before === NOP && type !== NOP) {
      // The run of equal lines ends here. Leaving out one or two lines would save nothing.
      if (same === CONTEXT + 1) {
        message += equalLine(edits[i + 1][1]);
      } else if (same === CONTEXT + 2) {
        message += equalLine(edits[i + 2][1]) + equalLine(edits[i + 1][1]);
      } else if (same >= CONTEXT + 3) {
        message += `${colors.blue}...${colors.white}\n${equalLine(edits[i + 1][1])}`;
        skipped = true;
      }
      same = 0;
    }
    if (type === INSERT) {
      // A partial comparison doesn't mind what actual has besides.
      message += operator === 'partialDeepStrictEqual' ? `${colors.gray}+ ${text}${colors.white}\n` : `${colors.green}+${colors.white} ${text}\n`;
    } else if (type === DELETE) {
      message += `${colors.red}-${colors.white} ${text}\n`;
    } else {
      if (same < CONTEXT) {
        message += equalLine(text);
      }
      same++;
    }
  }
  return { message: `\n${message.trimEnd()}`, skipped };
}

function difference(actual: any, expected: any, operator: string, customMessage: unknown, diff: string): string {
  const colors = palette();
  let headline = operator;
  const actualText = show(actual);
  const expectedText = show(expected);
  const actualLines = actualText.split('\n');
  const expectedLines = expectedText.split('\n');
  let header = `${colors.green}+ actual${colors.white} ${colors.red}- expected${colors.white}`;
  if (operator === 'strictEqual' && ((typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null) ||
      (typeof actual === 'function' && typeof expected === 'function'))) {
    headline = 'strictEqualObject';
  }
  let message = '';
  let skipped = false;
  const bothObjects = typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null;
  if (actualLines.length === 1 && expectedLines.length === 1 && !bothObjects) {
    const simple = simpleDifference(actual, actualLines[0], expected, expectedLines[0], colors);
    ({ message } = simple);
    header = simple.header ?? header;
  } else if (actualText === expectedText) {
    headline = 'notIdentical';
    const lines = actualLines;
    if (lines.length > 50 && diff === 'simple') {
      message = `${lines.slice(0, 50).join('\n')}\n...}`;
      skipped = true;
    } else {
      message = lines.join('\n');
    }
    header = '';
  } else {
    const ignoreComma = actual != null && typeof actual === 'object';
    const edits = linesOf(myersDiff(actualLines, expectedLines, ignoreComma), operator, colors);
    ({ message, skipped } = edits);
  }
  const title = customMessage || headlines[headline];
  return `${title}\n${header}${skipped ? '\n... Skipped lines' : ''}\n${message}\n`;
}

function cut(text: string): string {
  return text.length > LONG ? `${text.slice(0, LONG - 3)}...` : text;
}

function notEqualText(actual: any, operator: string, diff: string, colors: Palette): string {
  let headline = headlines[operator];
  const lines = show(actual).split('\n');
  if (operator === 'notStrictEqual' && isObject(actual)) {
    headline = headlines.notStrictEqualObject;
  }
  if (lines.length > 50 && diff !== 'full') {
    lines[46] = `${colors.blue}...${colors.white}`;
    lines.length = 47;
  }
  if (lines.length === 1) {
    return `${headline}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
  }
  return `${headline}\n\n${lines.join('\n')}\n`;
}

function otherText(actual: unknown, expected: unknown, operator: string, diff: string): string {
  let left = show(actual);
  let right = show(expected);
  const headline = headlines[operator];
  if (operator === 'notDeepEqual' && left === right) {
    left = `${headline}\n\n${left}`;
    return left.length > 1024 && diff !== 'full' ? `${left.slice(0, 1021)}...` : left;
  }
  if (diff !== 'full') {
    left = cut(left);
    right = cut(right);
  }
  if (operator === 'deepEqual') {
    return `${headline}\n\n${left}\n\nshould loosely deep-equal\n\n${right}`;
  }
  if (operator === 'notDeepEqual') {
    return `${headlines.notDeepEqualUnequal}\n\n${left}\n\nshould not loosely deep-equal\n\n${right}`;
  }
  return `${left} ${operator} ${right}`;
}

function messageOf(options: any): string {
  const { message, operator, diff } = options;
  let { actual, expected } = options;
  if (message != null) {
    return operator === 'deepStrictEqual' || operator === 'strictEqual' || operator === 'partialDeepStrictEqual' ? difference(actual, expected, operator, message, diff) : String(message);
  }
  // Their stacks differ always; they aren't what is compared.
  if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null &&
      'stack' in actual && actual instanceof Error && 'stack' in expected && expected instanceof Error) {
    actual = copyError(actual);
    expected = copyError(expected);
  }
  switch (operator) {
    case 'deepStrictEqual':
    case 'strictEqual':
    case 'partialDeepStrictEqual':
      return difference(actual, expected, operator, message, diff);
    case 'notDeepStrictEqual':
    case 'notStrictEqual':
      return notEqualText(actual, operator, diff, palette());
    default:
      return otherText(actual, expected, operator, diff);
  }
}

// actual and expected may be long strings: ten lines of them do.
function shorten(value: string): string {
  const lines = value.split('\n', 11);
  if (lines.length > 10) {
    lines.length = 10;
    return `${lines.join('\n')}\n...`;
  }
  // Node shows the end of a long line, not its beginning.
  return value.length > LONG ? `${value.slice(LONG)}...` : value;
}

/** options: {message, actual, expected, operator, stackStartFn, diff}. Without a message one is made of the values. */
export class AssertionError extends Error {
  declare generatedMessage: boolean;
  declare code: string;
  declare actual: any;
  declare expected: any;
  declare operator: string;
  declare diff: string;

  constructor(options: any) {
    validateObject(options, 'options');
    const { message, operator, stackStartFn, details, stackStartFunction, actual, expected, diff = 'simple' } = options;
    // The stack is taken below, from the function that the program called.
    const writable = isErrorStackTraceLimitWritable();
    const limit = Error.stackTraceLimit;
    if (writable) {
      Error.stackTraceLimit = 0;
    }
    try {
      super(messageOf({ message, operator, actual, expected, diff }));
    } finally {
      if (writable) {
        Error.stackTraceLimit = limit;
      }
    }
    this.generatedMessage = !message;
    defineProperty(this, 'name', { __proto__: null as never, value: 'AssertionError', enumerable: false, writable: true, configurable: true });
    this.code = 'ERR_ASSERTION';
    if (details) {
      (this as any).actual = undefined;
      (this as any).expected = undefined;
      (this as any).operator = undefined;
      for (let i = 0; i < details.length; i++) {
        (this as any)[`message ${i}`] = details[i].message;
        (this as any)[`actual ${i}`] = details[i].actual;
        (this as any)[`expected ${i}`] = details[i].expected;
        (this as any)[`operator ${i}`] = details[i].operator;
        (this as any)[`stack trace ${i}`] = details[i].stack;
      }
    } else {
      this.actual = actual;
      this.expected = expected;
      this.operator = operator;
    }
    this.diff = diff;
    Error.captureStackTrace(this, stackStartFn || stackStartFunction);
    // Made now, while the name and the code are as they should show.
    void this.stack;
  }

  toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [customInspectSymbol](_depth: number, options: any): string {
    const { actual, expected } = this;
    if (typeof actual === 'string') {
      this.actual = shorten(actual);
    }
    if (typeof expected === 'string') {
      this.expected = shorten(expected);
    }
    const text = inspect(this, { ...options, customInspect: false, depth: 0 });
    this.actual = actual;
    this.expected = expected;
    return text;
  }
}
defineProperty(AssertionError.prototype, kIsNodeError, { __proto__: null as never, value: true, configurable: true, enumerable: false });
