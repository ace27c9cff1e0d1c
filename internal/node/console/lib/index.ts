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

const { apply } = Reflect;
const { defineProperties, defineProperty, getOwnPropertyDescriptor, hasOwn, keys: enumerableKeys } = Object;
const { isArray } = Array;

// Milliseconds of a clock that only goes forward.
function now(): number {
  const [seconds, nanoseconds] = load('node:process').default.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

const MAX_INDENTATION = 1000;

// What a Console keeps, under a symbol that only this module has.
const kState = Symbol('state');
const kIsConsole = Symbol('kIsConsole');

interface State {
  colorMode: boolean | 'auto';
  inspectOptions: any;
  groupIndentation: number;
  indent: string;
  counts: Map<string, number>;
}

const withColors = { colors: true };
const withoutColors = {};

function inspectOptionsFor(state: State, stream: any): any {
  const color = state.colorMode === 'auto' ? shouldColorize(stream) : state.colorMode;
  const options = stream !== undefined && types.isMap(state.inspectOptions) ? (state.inspectOptions as Map<any, any>).get(stream) : state.inspectOptions;
  if (options) {
    if (options.colors === undefined) {
      options.colors = color;
    }
    return options;
  }
  return color ? withColors : withoutColors;
}

function noop(): void {}

// One write of one message. Streams that are full or broken must not end the program, unless ignoreErrors is off.
function write(self: any, toStderr: boolean, text: string): void {
  const state: State = self[kState];
  const stream = toStderr ? self._stderr : self._stdout;
  const handler = toStderr ? self._stderrErrorHandler : self._stdoutErrorHandler;
  const { indent } = state;
  if (indent !== '') {
    text = indent + (text.includes('\n') ? text.replaceAll('\n', `\n${indent}`) : text);
  }
  text += '\n';
  if (self._ignoreErrors === false) {
    stream.write(text);
    return;
  }
  // An error may come while write runs, or later: someone must listen.
  if (stream.listenerCount?.('error') === 0) {
    stream.once('error', noop);
    try {
      stream.write(text, handler);
    } catch (error) {
      // A program that is out of stack should know.
      if (isStackOverflowError(error)) {
        throw error;
      }
    } finally {
      stream.removeListener('error', noop);
    }
    return;
  }
  try {
    stream.write(text, handler);
  } catch (error) {
    if (isStackOverflowError(error)) {
      throw error;
    }
  }
}

// When an asynchronous write fails, the stream emits 'error' after its callback: listen for that one.
function errorHandler(stream: any): (error: unknown) => void {
  return (error) => {
    if (error !== null && error !== undefined && !stream._writableState?.errorEmitted) {
      if (stream.listenerCount('error') === 0) {
        stream.once('error', noop);
      }
    }
  };
}

function formatFor(self: any, stream: any, args: any[]): string {
  if (args.length === 1) {
    // The most usual calls need no directive.
    const [value] = args;
    if (typeof value === 'string') {
      return value;
    }
  }
  return formatWithOptions(inspectOptionsFor(self[kState], stream), ...args);
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

const logChannel = channel('console.log');
const infoChannel = channel('console.info');
const debugChannel = channel('console.debug');
const warnChannel = channel('console.warn');
const errorChannel = channel('console.error');

// The methods of every console. Names of functions are what stacks and inspect show.
const methods: Record<string, (this: any, ...args: any[]) => any> = {
  log(...args) {
    if (logChannel.hasSubscribers) {
      logChannel.publish(args);
    }
    write(this, false, formatFor(this, this._stdout, args));
  },

  info(...args) {
    if (infoChannel.hasSubscribers) {
      infoChannel.publish(args);
    }
    write(this, false, formatFor(this, this._stdout, args));
  },

  debug(...args) {
    if (debugChannel.hasSubscribers) {
      debugChannel.publish(args);
    }
    write(this, false, formatFor(this, this._stdout, args));
  },

  warn(...args) {
    if (warnChannel.hasSubscribers) {
      warnChannel.publish(args);
    }
    write(this, true, formatFor(this, this._stderr, args));
  },

  error(...args) {
    if (errorChannel.hasSubscribers) {
      errorChannel.publish(args);
    }
    write(this, true, formatFor(this, this._stderr, args));
  },

  dir(object, options) {
    write(this, false, inspect(object, { customInspect: false, ...inspectOptionsFor(this[kState], this._stdout), ...options }));
  },

  time(label = 'default') {
    label = `${label}`;
    if (this._times.has(label)) {
      emitWarning(`Label '${label}' already exists for console.time()`);
      return;
    }
    this._times.set(label, now());
  },

  timeEnd(label = 'default') {
    label = `${label}`;
    const start = this._times.get(label);
    if (start === undefined) {
      emitWarning(`No such label '${label}' for console.timeEnd()`);
      return;
    }
    logTime(this, label, start);
    this._times.delete(label);
  },

  timeLog(label = 'default', ...data) {
    label = `${label}`;
    const start = this._times.get(label);
    if (start === undefined) {
      emitWarning(`No such label '${label}' for console.timeLog()`);
      return;
    }
    logTime(this, label, start, data);
  },

  trace: function trace(this: any, ...args) {
    const error: any = { name: 'Trace', message: formatFor(this, this._stderr, args) };
    Error.captureStackTrace(error, trace);
    this.error(error.stack);
  },

  assert(expression, ...args) {
    if (expression) {
      return;
    }
    if (typeof args[0] === 'string') {
      args[0] = `Assertion failed: ${args[0]}`;
    } else {
      args.unshift('Assertion failed');
    }
    this.warn(...args);
  },

  clear() {
    // Only a terminal can be cleared.
    if (this._stdout.isTTY && load('node:process').default.env.TERM !== 'dumb') {
      this._stdout.write('\u001b[1;1H\u001b[0J');
    }
  },

  count(label = 'default') {
    label = `${label}`;
    const { counts } = this[kState] as State;
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    this.log(`${label}: ${count}`);
  },

  countReset(label = 'default') {
    label = `${label}`;
    const { counts } = this[kState] as State;
    if (!counts.delete(label)) {
      emitWarning(`Count for '${label}' does not exist`);
    }
  },

  group(...data) {
    if (data.length > 0) {
      apply(this.log, this, data);
    }
    const state: State = this[kState];
    state.indent += ' '.repeat(state.groupIndentation);
  },

  groupEnd() {
    const state: State = this[kState];
    state.indent = state.indent.slice(0, state.indent.length - state.groupIndentation);
  },

  table(data, properties) {
    if (data === null || typeof data !== 'object') {
      return this.log(data);
    }
    if (properties !== undefined) {
      validateArray(properties, 'properties');
    }
    this.log(tableOf(data, properties, inspectOptionsFor(this[kState], this._stdout)));
  },
};

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

  const columns: Record<string, string[]> = { __proto__: null as never };
  const values: string[] = [];
  let hasPrimitives = false;
  const rows = enumerableKeys(data);
  for (let i = 0; i < rows.length; i++) {
    const item = data[rows[i]];
    const primitive = item === null || (typeof item !== 'function' && typeof item !== 'object');
    if (properties === undefined && primitive) {
      hasPrimitives = true;
      values[i] = cell(item);
      continue;
    }
    for (const key of properties ?? enumerableKeys(item)) {
      columns[key] ??= [];
      columns[key][i] = primitive || !hasOwn(item, key) ? '' : cell(item[key]);
    }
  }
  const head = enumerableKeys(columns);
  const body = head.map((key) => columns[key]);
  if (hasPrimitives) {
    head.push('Values');
    body.push(values);
  }
  return renderTable(['(index)', ...head], [rows, ...body]);
}

const hidden = (value: unknown): PropertyDescriptor => ({ __proto__: null as never, value, writable: true, enumerable: false, configurable: true }) as PropertyDescriptor;

function initialize(self: any, state: State, ignoreErrors: boolean): void {
  defineProperties(self, {
    _ignoreErrors: hidden(ignoreErrors),
    _times: hidden(new Map()),
    [kState]: hidden(state),
    [kIsConsole]: hidden(true),
    [Symbol.toStringTag]: { __proto__: null as never, value: 'console', writable: false, enumerable: false, configurable: true },
  });
}

/** new Console(stdout, stderr?, ignoreErrors?) or new Console({stdout, stderr, ignoreErrors, colorMode, inspectOptions, groupIndentation}). */
export const Console: any = function Console(this: any, options: any, ..._rest: any[]): any {
  // Console() without new works too.
  if (!new.target) {
    return Reflect.construct(Console, arguments);
  }
  if (!options || typeof options.write === 'function') {
    options = { stdout: options, stderr: arguments[1], ignoreErrors: arguments[2] };
  }
  const { stdout, stderr = stdout, ignoreErrors = true, colorMode = 'auto', inspectOptions, groupIndentation } = options;
  if (!stdout || typeof stdout.write !== 'function') {
    throw new codes.ERR_CONSOLE_WRITABLE_STREAM('stdout');
  }
  if (!stderr || typeof stderr.write !== 'function') {
    throw new codes.ERR_CONSOLE_WRITABLE_STREAM('stderr');
  }
  validateOneOf(colorMode, 'colorMode', ['auto', true, false]);
  if (groupIndentation !== undefined) {
    validateInteger(groupIndentation, 'groupIndentation', 0, MAX_INDENTATION);
  }
  if (inspectOptions !== undefined) {
    validateObject(inspectOptions, 'options.inspectOptions');
    for (const one of types.isMap(inspectOptions) ? (inspectOptions as unknown as Map<any, any>).values() : [inspectOptions]) {
      if (one.colors !== undefined && options.colorMode !== undefined) {
        throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
      }
    }
  }
  // Methods are own and bound: they can be passed around. A subclass's methods win.
  for (const key of enumerableKeys(methods)) {
    const method = this[key];
    defineProperty(this, key, {
      __proto__: null as never, value: defineProperty(method.bind(this), 'name', { __proto__: null as never, value: key, configurable: true }),
      writable: true, enumerable: true, configurable: true,
    });
  }
  defineProperties(this, {
    _stdout: hidden(stdout),
    _stderr: hidden(stderr),
    _stdoutErrorHandler: hidden(errorHandler(stdout)),
    _stderrErrorHandler: hidden(errorHandler(stderr)),
  });
  initialize(this, { colorMode, inspectOptions, groupIndentation: groupIndentation ?? 2, indent: '', counts: new Map() }, Boolean(ignoreErrors));
};

for (const key of enumerableKeys(methods)) {
  defineProperty(Console.prototype, key, { __proto__: null as never, value: methods[key], writable: true, enumerable: true, configurable: true });
}
// Other names of the same.
for (const [name, same] of [['dirxml', 'log'], ['groupCollapsed', 'group']]) {
  methods[name] = methods[same];
  defineProperty(Console.prototype, name, { __proto__: null as never, value: methods[same], writable: true, enumerable: true, configurable: true });
}
defineProperty(Console, Symbol.hasInstance, { __proto__: null as never, value: (instance: any) => instance != null && Boolean(instance[kIsConsole]) });

/** The global console: writes to process.stdout and process.stderr, which are looked up when something is printed. */
export const globalConsole: any = Object.create({});

for (const key of enumerableKeys(methods)) {
  defineProperty(globalConsole, key, {
    __proto__: null as never,
    value: defineProperty(methods[key].bind(globalConsole), 'name', { __proto__: null as never, value: key, configurable: true }),
    writable: true, enumerable: true, configurable: true,
  });
}

for (const name of ['stdout', 'stderr'] as const) {
  let stream: any;
  let handler: any;
  const current = () => stream ??= load('node:process').default[name];
  defineProperties(globalConsole, {
    [`_${name}`]: {
      __proto__: null as never, enumerable: false, configurable: true, get: current, set(value: any) {
        stream = value;
        handler = undefined;
      },
    },
    [`_${name}ErrorHandler`]: {
      __proto__: null as never, enumerable: false, configurable: true, get: () => handler ??= errorHandler(current()), set(value: any) {
        handler = value;
      },
    },
  });
}
initialize(globalConsole, { colorMode: 'auto', inspectOptions: undefined, groupIndentation: 2, indent: '', counts: new Map() }, true);
globalConsole.Console = Console;

// V8's own console has what belongs to the inspector: profiles, time stamps, tasks.
const engineConsole: any = (globalThis as any).console;
for (const name of ['profile', 'profileEnd', 'timeStamp', 'context', 'createTask']) {
  const own = engineConsole === undefined ? undefined : getOwnPropertyDescriptor(engineConsole, name);
  globalConsole[name] = own?.value ?? { [name]() {} }[name];
}
