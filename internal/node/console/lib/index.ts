// The Console class and the global console.
// https://nodejs.org/docs/latest-v24.x/api/console.html

import { previewEntries } from 'native:engine';
import { load } from 'internal:load';
import { codes, isStackOverflowError } from 'internal:errors';
import { validateArray, validateInteger, validateObject, validateOneOf } from 'internal:validators';
import { formatWithOptions, inspect } from 'internal:util/inspect';
import { shouldColorize } from 'internal:util/colors';
import { renderTable } from 'internal:console/table';
import { channel } from 'internal:diagnosticschannel';
import * as types from 'internal:util/types';

const { defineProperties, defineProperty, getOwnPropertyDescriptor, hasOwn, keys: enumerableKeys } = Object;
const { isArray } = Array;

// Milliseconds of a clock that only goes forward.
function now(): number {
  const [seconds, nanoseconds] = load('node:process').default.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

const MAX_INDENTATION = 1000;

// A Console keeps its printer under a symbol that only this module has.
const kPrinter = Symbol('state');
const kIsConsole = Symbol('kIsConsole');

interface Settings {
  colorMode?: boolean | 'auto';
  inspectOptions?: any;
  groupIndentation?: number;
}

/** How a console makes text of values: colors, groups; and its counters. */
class Printer {
  readonly counts = new Map<string, number>();
  #margin = '';
  #step: string;
  #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#step = ' '.repeat(settings.groupIndentation ?? 2);
  }

  /** Options of inspect() for what goes to a stream. */
  optionsFor(stream: any): any {
    const { inspectOptions } = this.#settings;
    const options = types.isMap(inspectOptions) ? (inspectOptions as Map<any, any>).get(stream) : inspectOptions;
    const { colorMode = 'auto' } = this.#settings;
    if (options?.colors !== undefined) return options;
    const colors = colorMode === 'auto' ? shouldColorize(stream) : colorMode;
    if (options) options.colors = colors;
    return options || { colors };
  }

  format(stream: any, args: any[]): string {
    // The most usual calls need no directive.
    return args.length === 1 && typeof args[0] === 'string' ? args[0] : formatWithOptions(this.optionsFor(stream), ...args);
  }

  indent(): void {
    this.#margin += this.#step;
  }

  outdent(): void {
    this.#margin = this.#margin.slice(this.#step.length);
  }

  /** A text as its lines are printed. */
  lines(text: string): string {
    const margin = this.#margin;
    return margin === '' ? `${text}\n` : `${margin}${text.replaceAll('\n', `\n${margin}`)}\n`;
  }
}

/** Names of the properties that one of a console's two outputs has. */
interface Output { stream: string; handler: string }
const out: Output = { stream: '_stdout', handler: '_stdoutErrorHandler' };
const err: Output = { stream: '_stderr', handler: '_stderrErrorHandler' };

function noop(): void {}

// One write of one message. Streams that are full or broken must not end the program, unless ignoreErrors is off.
function write(self: any, output: Output, text: string): void {
  const stream = self[output.stream];
  const lines = self[kPrinter].lines(text);
  if (self._ignoreErrors === false) {
    stream.write(lines);
    return;
  }
  // An error that comes while write runs needs a listener; the handler is for one that comes later.
  const alone = stream.listenerCount?.('error') === 0;
  if (alone) stream.once('error', noop);
  try {
    stream.write(lines, self[output.handler]);
  } catch (error) {
    // Only a program that is out of stack is told.
    if (isStackOverflowError(error)) throw error;
  } finally {
    if (alone) stream.removeListener('error', noop);
  }
}

function print(self: any, output: Output, args: any[]): void {
  write(self, output, self[kPrinter].format(self[output.stream], args));
}

// When an asynchronous write fails, the stream emits 'error' after its callback: listen for that one.
function errorHandler(stream: any): (error: unknown) => void {
  return (error) => {
    if (error == null || stream._writableState?.errorEmitted) return;
    if (stream.listenerCount('error') === 0) stream.once('error', noop);
  };
}

function emitWarning(text: string): void {
  load('node:process').default.emitWarning(text);
}

/** "1.234ms", "1.234s", "1:02.345 (m:ss.mmm)", "1:02:03.456 (h:mm:ss.mmm)". */
export function formatTime(ms: number): string {
  let hours = 0;
  let minutes = 0;
  let seconds: number | string = 0;
  if (ms >= 1000) {
    if (ms >= 60_000) {
      if (ms >= 3_600_000) {
        hours = Math.floor(ms / 3_600_000);
        ms %= 3_600_000;
      }
      minutes = Math.floor(ms / 60_000);
      ms %= 60_000;
    }
    seconds = ms / 1000;
  }
  if (hours !== 0 || minutes !== 0) {
    const [whole, fraction] = (seconds as number).toFixed(3).split('.');
    const rest = `${whole.padStart(2, '0')}.${fraction}`;
    return hours !== 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest} (h:mm:ss.mmm)` : `${minutes}:${rest} (m:ss.mmm)`;
  }
  return seconds !== 0 ? `${(seconds as number).toFixed(3)}s` : `${Number(ms.toFixed(3))}ms`;
}

function logTime(self: any, label: string, start: number, data?: any[]): void {
  const text = formatTime(now() - start);
  if (data === undefined || data.length === 0) {
    self.log('%s: %s', label, text);
  } else {
    self.log('%s: %s', label, text, ...data);
  }
}

// The methods of every console. Names of functions are what stacks and inspect show.
const methods: Record<string, (this: any, ...args: any[]) => any> = {};

for (const [name, output] of [['log', out], ['info', out], ['debug', out], ['warn', err], ['error', err]] as [string, Output][]) {
  const printed = channel(`console.${name}`);
  methods[name] = { [name](this: any, ...args: any[]): void {
    if (printed.hasSubscribers) printed.publish(args);
    print(this, output, args);
  } }[name];
}

Object.assign(methods, {
  dir(this: any, object: any, options?: any) {
    write(this, out, inspect(object, { customInspect: false, ...this[kPrinter].optionsFor(this._stdout), ...options }));
  },

  time(this: any, label: any = 'default') {
    label = `${label}`;
    if (this._times.has(label)) {
      emitWarning(`Label '${label}' already exists for console.time()`);
      return;
    }
    this._times.set(label, now());
  },

  timeEnd(this: any, label: any = 'default') {
    label = `${label}`;
    const start = this._times.get(label);
    if (start === undefined) {
      emitWarning(`No such label '${label}' for console.timeEnd()`);
      return;
    }
    logTime(this, label, start);
    this._times.delete(label);
  },

  timeLog(this: any, label: any = 'default', ...data: any[]) {
    label = `${label}`;
    const start = this._times.get(label);
    if (start === undefined) {
      emitWarning(`No such label '${label}' for console.timeLog()`);
      return;
    }
    logTime(this, label, start, data);
  },

  trace: function trace(this: any, ...args: any[]) {
    const error: any = { name: 'Trace', message: this[kPrinter].format(this._stderr, args) };
    Error.captureStackTrace(error, trace);
    this.error(error.stack);
  },

  assert(this: any, expression: any, ...args: any[]) {
    if (expression) return;
    const [first] = args;
    // A text goes in front of the user's, for its directives; of anything else it is the first argument.
    args.splice(0, typeof first === 'string' ? 1 : 0, typeof first === 'string' ? `Assertion failed: ${first}` : 'Assertion failed');
    this.warn(...args);
  },

  clear(this: any) {
    // Only a terminal can be cleared.
    if (this._stdout.isTTY && load('node:process').default.env.TERM !== 'dumb') {
      this._stdout.write('\u001b[1;1H\u001b[0J');
    }
  },

  count(this: any, label: any = 'default') {
    label = `${label}`;
    const { counts } = this[kPrinter] as Printer;
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    this.log(`${label}: ${count}`);
  },

  countReset(this: any, label: any = 'default') {
    label = `${label}`;
    const { counts } = this[kPrinter] as Printer;
    if (!counts.delete(label)) {
      emitWarning(`Count for '${label}' does not exist`);
    }
  },

  group(this: any, ...data: any[]) {
    if (data.length > 0) this.log(...data);
    this[kPrinter].indent();
  },

  groupEnd(this: any) {
    this[kPrinter].outdent();
  },

  table(this: any, data: any, properties?: any) {
    if (data === null || typeof data !== 'object') {
      return this.log(data);
    }
    if (properties !== undefined) {
      validateArray(properties, 'properties');
    }
    this.log(tableOf(data, properties, this[kPrinter].optionsFor(this._stdout)));
  },
});

function tableOf(data: any, properties: string[] | undefined, options: any): string {
  const cell = (value: any): string => inspect(value, {
    ...options,
    // A table in a table would be unreadable.
    depth: value !== null && typeof value === 'object' && !isArray(value) && enumerableKeys(value).length > 2 ? -1 : 0,
    maxArrayLength: 3,
    breakLength: Infinity,
  });
  const numbers = (length: number) => Array.from({ length }, (_, i) => cell(i));

  let entries: any[] | undefined;
  let keyed = false;
  if (types.isMapIterator(data) || types.isSetIterator(data)) {
    const result: any = previewEntries(data, true);
    [entries, keyed] = isArray(result) && result.length === 2 && isArray(result[0]) ? result as any : [result, false];
  } else if (types.isMap(data)) {
    keyed = true;
    entries = [];
    for (const [key, value] of data as Map<any, any>) {
      entries.push(key, value);
    }
  } else if (types.isSet(data)) {
    entries = [...data as Set<any>];
  }
  if (entries !== undefined) {
    if (keyed && !types.isSetIterator(data)) {
      const keys: string[] = [];
      const values: string[] = [];
      for (let i = 0; i < entries.length; i += 2) {
        keys.push(cell(entries[i]));
        values.push(cell(entries[i + 1]));
      }
      return renderTable(['(iteration index)', 'Key', 'Values'], [numbers(keys.length), keys, values]);
    }
    const values = entries.map(cell);
    return renderTable(['(iteration index)', 'Values'], [numbers(values.length), values]);
  }

  // A column is an array with holes where a row has nothing.
  const rows = enumerableKeys(data);
  const columns = new Map<string, string[]>();
  const plain: string[] = [];
  rows.forEach((row, i) => {
    const item = data[row];
    const isObject = item !== null && ['function', 'object'].includes(typeof item);
    if (!isObject && properties === undefined) {
      plain[i] = cell(item);
      return;
    }
    for (const name of properties ?? enumerableKeys(item)) {
      let column = columns.get(name);
      if (column === undefined) columns.set(name, column = []);
      column[i] = isObject && hasOwn(item, name) ? cell(item[name]) : '';
    }
  });
  // Columns are in the order that an object's keys have: numbers first.
  const head = enumerableKeys(Object.fromEntries(columns));
  const body = head.map((name) => columns.get(name) as string[]);
  if (plain.length > 0) {
    head.push('Values');
    body.push(plain);
  }
  return renderTable(['(index)', ...head], [rows, ...body]);
}

/** A descriptor of a property that isn't listed. */
const hidden = (value: unknown, writable = true): any => ({ __proto__: null, value, writable, enumerable: false, configurable: true });
/** A descriptor of a property that is. */
const listed = (value: unknown): any => ({ ...hidden(value), enumerable: true });

/** Makes an object a console that has its two outputs already. */
function equip(self: any, settings: Settings, ignoreErrors: boolean): void {
  defineProperties(self, {
    _ignoreErrors: hidden(ignoreErrors),
    _times: hidden(new Map()),
    [kPrinter]: hidden(new Printer(settings)),
    [kIsConsole]: hidden(true),
    [Symbol.toStringTag]: hidden('console', false),
  });
}

/** Gives a console the methods of its own that can be passed around: those of `from`, bound. */
function bindMethods(self: any, from: any): void {
  for (const name of enumerableKeys(methods)) {
    const bound = from[name].bind(self);
    defineProperty(bound, 'name', { ...hidden(name, false) });
    defineProperty(self, name, listed(bound));
  }
}

function checkSettings({ colorMode, inspectOptions, groupIndentation }: Settings): void {
  validateOneOf(colorMode === undefined ? 'auto' : colorMode, 'colorMode', ['auto', true, false]);
  if (groupIndentation !== undefined) validateInteger(groupIndentation, 'groupIndentation', 0, MAX_INDENTATION);
  if (inspectOptions === undefined) return;
  validateObject(inspectOptions, 'options.inspectOptions');
  const each: any[] = types.isMap(inspectOptions) ? [...(inspectOptions as unknown as Map<any, any>).values()] : [inspectOptions];
  if (colorMode !== undefined && each.some((options) => options.colors !== undefined)) {
    throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
  }
}

/** new Console(stdout, stderr?, ignoreErrors?) or new Console({stdout, stderr, ignoreErrors, colorMode, inspectOptions, groupIndentation}). */
export const Console: any = function Console(this: any, options: any, ...rest: any[]): any {
  // Console() without new works too.
  if (!new.target) return Reflect.construct(Console, [options, ...rest]);
  const given = options && typeof options.write !== 'function' ? options : { stdout: options, stderr: rest[0], ignoreErrors: rest[1] };
  const { ignoreErrors = true, colorMode, groupIndentation, inspectOptions } = given;
  const streams = { stdout: given.stdout, stderr: given.stderr === undefined ? given.stdout : given.stderr };
  for (const [name, stream] of Object.entries(streams)) {
    if (typeof stream?.write !== 'function') throw new codes.ERR_CONSOLE_WRITABLE_STREAM(name);
  }
  const settings: Settings = { colorMode, groupIndentation, inspectOptions };
  checkSettings(settings);
  // A subclass's methods win.
  bindMethods(this, this);
  for (const [output, stream] of [[out, streams.stdout], [err, streams.stderr]] as [Output, any][]) {
    defineProperty(this, output.stream, hidden(stream));
    defineProperty(this, output.handler, hidden(errorHandler(stream)));
  }
  equip(this, settings, Boolean(ignoreErrors));
};

// Other names of the same.
methods.dirxml = methods.log;
methods.groupCollapsed = methods.group;
for (const name of enumerableKeys(methods)) defineProperty(Console.prototype, name, listed(methods[name]));
defineProperty(Console, Symbol.hasInstance, { __proto__: null as never, value: (instance: any) => Boolean(instance?.[kIsConsole]) });

/** One of the outputs of the global console: the process's stream, looked up when something is printed, until another is set. */
class GlobalOutput {
  #name: string;
  #stream: any;
  #handler: any;
  constructor(name: string) {
    this.#name = name;
  }
  get stream(): any {
    return this.#stream ??= load('node:process').default[this.#name];
  }
  set stream(value: any) {
    this.#stream = value;
    this.#handler = undefined;
  }
  get handler(): any {
    return this.#handler ??= errorHandler(this.stream);
  }
  set handler(value: any) {
    this.#handler = value;
  }
  install(target: any, names: Output): void {
    for (const key of ['stream', 'handler'] as const) {
      defineProperty(target, names[key], { configurable: true, get: () => this[key], set: (value) => { this[key] = value; } });
    }
  }
}

/** The global console. */
export const globalConsole: any = Object.create({});

bindMethods(globalConsole, methods);
new GlobalOutput('stdout').install(globalConsole, out);
new GlobalOutput('stderr').install(globalConsole, err);
equip(globalConsole, {}, true);
globalConsole.Console = Console;

// V8's own console has what belongs to the inspector: profiles, time stamps, tasks.
const engineConsole: any = (globalThis as any).console;
for (const name of ['profile', 'profileEnd', 'timeStamp', 'context', 'createTask']) {
  const own = engineConsole === undefined ? undefined : getOwnPropertyDescriptor(engineConsole, name);
  globalConsole[name] = own?.value ?? { [name]() {} }[name];
}
