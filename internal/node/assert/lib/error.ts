// AssertionError and the texts that tell actual from expected.
// https://nodejs.org/docs/latest-v24.x/api/assert.html#class-assertassertionerror

import { load } from 'internal:load';
import { kIsNodeError } from 'internal:errors';
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

const isThing = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isObject = (value: unknown) => isThing(value) || typeof value === 'function';

// At which character two texts part; the length of the first when it is the beginning of the second.
function firstDifference(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

interface Difference {
  header?: string;
  message: string;
  skipped?: boolean;
}

// Two one-line values: side by side, or one above the other with a mark where they part.
function simpleDifference(actual: unknown, actualText: string, expected: unknown, expectedText: string, colors: Palette): Difference {
  const strings = Number(typeof actual === 'string') + Number(typeof expected === 'string');
  const width = actualText.length + expectedText.length;
  // Quotes don't count; and 0 !== -0 would look wrong.
  const isShort = width - 2 * strings <= SHORT;
  if (isShort && !(actual === 0 && expected === 0)) return { message: `${actualText} !== ${expectedText}`, header: '' };
  const both = strings === 2;
  if (both && colors === colored) return coloredStrings(actualText, expectedText, colors);
  const lines = ['', `${colors.green}+${colors.white} ${actualText}`, `${colors.red}-${colors.white} ${expectedText}`];
  const { isTTY, columns } = stderr() ?? {};
  if (both && width <= (isTTY ? columns : 80)) {
    // At the very start it is plain to see.
    const at = firstDifference(actualText, expectedText);
    if (at > 2 && at < actualText.length) lines.push(`${' '.repeat(at + 2)}^`);
  }
  return { message: lines.join('\n') };
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
  const actualText = show(actual), expectedText = show(expected);
  const actualLines = actualText.split('\n'), expectedLines = expectedText.split('\n');
  const things = isThing(actual) && isThing(expected);
  let headline = operator;
  let header = `${colors.green}+ actual${colors.white} ${colors.red}- expected${colors.white}`;
  let message;
  let skipped = false;
  if (operator === 'strictEqual' && (things || [actual, expected].every((value) => typeof value === 'function'))) headline = 'strictEqualObject';
  if (!things && actualLines.length === 1 && expectedLines.length === 1) {
    const simple = simpleDifference(actual, actualText, expected, expectedText, colors);
    message = simple.message;
    header = simple.header ?? header;
  } else if (actualText !== expectedText) {
    // A comma at the end of a line comes and goes with what follows.
    ({ message, skipped } = linesOf(myersDiff(actualLines, expectedLines, isThing(actual)), operator, colors));
  } else {
    headline = 'notIdentical';
    header = '';
    skipped = actualLines.length > 50 && diff === 'simple';
    message = skipped ? `${actualLines.slice(0, 50).join('\n')}\n...}` : actualText;
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

// Errors are compared without their stacks, which differ always.
const hasStack = (value: any) => value instanceof Error && 'stack' in value;

function messageOf({ message, operator, diff, actual, expected }: any): string {
  const showsDifference = operator === 'strictEqual' || operator === 'deepStrictEqual' || operator === 'partialDeepStrictEqual';
  const given = message !== null && message !== undefined;
  if (given && !showsDifference) return String(message);
  const errors = !given && hasStack(actual) && hasStack(expected);
  const left = errors ? copyError(actual) : actual;
  const right = errors ? copyError(expected) : expected;
  if (showsDifference) return difference(left, right, operator, message, diff);
  if (operator === 'notStrictEqual' || operator === 'notDeepStrictEqual') return notEqualText(left, operator, diff, palette());
  return otherText(left, right, operator, diff);
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
    super(messageOf({ message, operator, actual, expected, diff }));
    // Who prepares stacks (source-map-support) sees the code in the name.
    defineProperty(this, 'name', { value: 'AssertionError [ERR_ASSERTION]', writable: true, configurable: true });
    const compared = details ? { actual: undefined, expected: undefined, operator: undefined } : { actual, expected, operator };
    assign(this, { generatedMessage: !message, code: 'ERR_ASSERTION', ...compared });
    // Several failures in one, numbered.
    details?.forEach((one: any, i: number) => {
      for (const field of ['message', 'actual', 'expected', 'operator']) (this as any)[`${field} ${i}`] = one[field];
      (this as any)[`stack trace ${i}`] = one.stack;
    });
    this.diff = diff;
    // From the function that the program called on; made now, while the name and the code are as they should show.
    Error.captureStackTrace(this, stackStartFn || stackStartFunction);
    void this.stack;
    this.name = 'AssertionError';
  }

  toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [customInspectSymbol](_depth: number, options: any): string {
    const { actual, expected } = this;
    if (typeof actual === 'string') this.actual = shorten(actual);
    if (typeof expected === 'string') this.expected = shorten(expected);
    const text = inspect(this, { ...options, customInspect: false, depth: 0 });
    this.actual = actual;
    this.expected = expected;
    return text;
  }
}
defineProperty(AssertionError.prototype, kIsNodeError, { __proto__: null as never, value: true, configurable: true, enumerable: false });
