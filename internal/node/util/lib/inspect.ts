// util.inspect and util.format: values as text for people.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utilinspectobject-options
//
// A Printer walks one value. Each kind of object says what stands before its braces, which entries it has beside its properties, and which
// properties to show; layout() then decides between one line, columns and one entry a line.

import {
  getConstructorName as engineConstructorName, getOwnNonIndexProperties, getPromiseDetails, getProxyDetails, previewEntries,
} from 'native:engine';
import * as types from 'internal:util/types';
import { getStringWidth, stripAnsi } from 'internal:util/stringwidth';
import { addNumericalSeparator, isStackOverflowError } from 'internal:errors';
import { validateObject, validateString } from 'internal:validators';
import { load } from 'internal:load';

const {
  assign, create, defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, hasOwn, is,
  keys: enumerableKeys, setPrototypeOf,
} = Object;
const { ownKeys } = Reflect;
const { isArray } = Array;
const uncurry = Function.prototype.bind.bind(Function.prototype.call) as <F>(fn: F) => (self: any, ...args: any[]) => any;
const propertyIsEnumerable = uncurry(Object.prototype.propertyIsEnumerable);
const objectText = uncurry(Object.prototype.toString);
const functionText = uncurry(Function.prototype.toString);
const regexpText = uncurry(RegExp.prototype.toString);
const symbolText = uncurry(Symbol.prototype.toString);
const errorText = uncurry(Error.prototype.toString);
const dateText = uncurry(Date.prototype.toString);
const dateISO = uncurry(Date.prototype.toISOString);
const dateTime = uncurry(Date.prototype.getTime);
const setValues = uncurry(Set.prototype.values);
const mapEntries = uncurry(Map.prototype.entries);
const setSize = uncurry(getOwnPropertyDescriptor(Set.prototype, 'size')!.get);
const mapSize = uncurry(getOwnPropertyDescriptor(Map.prototype, 'size')!.get);
const typedArrayProto = getPrototypeOf(Uint8Array.prototype);
const typedArrayLength = uncurry(getOwnPropertyDescriptor(typedArrayProto, 'length')!.get);
const typedArrayTag = uncurry(getOwnPropertyDescriptor(typedArrayProto, Symbol.toStringTag)!.get);
const setIteratorNext = (() => {
  const { next } = getPrototypeOf(new Set().values());
  return uncurry(next);
})();
const mapIteratorNext = (() => {
  const { next } = getPrototypeOf(new Map().entries());
  return uncurry(next);
})();
const boxValue: Record<string, (self: any) => any> = {
  Number: uncurry(Number.prototype.valueOf), String: uncurry(String.prototype.valueOf), Boolean: uncurry(Boolean.prototype.valueOf),
  BigInt: uncurry(BigInt.prototype.valueOf), Symbol: uncurry(Symbol.prototype.valueOf),
};

export const customInspectSymbol = Symbol.for('nodejs.util.inspect.custom');

type StyleName = 'special' | 'number' | 'bigint' | 'boolean' | 'undefined' | 'null' | 'string' | 'symbol' | 'date' | 'regexp' | 'module' | 'name';

interface Options {
  showHidden: boolean;
  depth: number | null;
  colors: boolean;
  customInspect: boolean;
  showProxy: boolean;
  maxArrayLength: number | null;
  maxStringLength: number | null;
  breakLength: number;
  compact: number | boolean;
  sorted: boolean | ((a: string, b: string) => number);
  getters: boolean | 'get' | 'set';
  numericSeparator: boolean;
}

const defaults: Options = {
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

// What the entries of an object are: properties, the elements of an array, or the properties that an array has besides.
const OBJECT = 0;
const ELEMENT = 1;
const ARRAY = 2;

const ALL = 0;
const ENUMERABLE = 2;

// Classes of the language: their prototypes hold nothing that showHidden should list, and their toString isn't the user's.
const builtins = new Set([
  'AggregateError', 'Array', 'ArrayBuffer', 'AsyncDisposableStack', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date',
  'DisposableStack', 'Error', 'EvalError', 'FinalizationRegistry', 'Float16Array', 'Float32Array', 'Float64Array', 'Function', 'Infinity', 'Int16Array',
  'Int32Array', 'Int8Array', 'Intl', 'Iterator', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError', 'ReferenceError',
  'Reflect', 'RegExp', 'Set', 'String', 'SuppressedError', 'Symbol', 'SyntaxError', 'TypeError', 'TypedArray', 'URIError', 'Uint16Array',
  'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet', 'WebAssembly',
].filter((name) => name === 'TypedArray' || name in globalThis));

const prototypeNames = new Map<object, string>([
  [Array.prototype, 'Array'], [ArrayBuffer.prototype, 'ArrayBuffer'], [Function.prototype, 'Function'], [Map.prototype, 'Map'],
  [Set.prototype, 'Set'], [Object.prototype, 'Object'], [typedArrayProto, 'TypedArray'],
  ...[Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((maker): [object, string] => [maker.prototype, maker.name]),
]);

// ---------------------------------------------------------------------------------------------------------------
// Strings and numbers
// ---------------------------------------------------------------------------------------------------------------

// Control characters, halves of surrogate pairs that stand alone (with the u flag no others match), the backslash and the quote.
const needsEscape = /[\p{Cc}\p{Cs}\\']/u;
const toEscape = /[\p{Cc}\p{Cs}\\']/gu;
const toEscapeButQuote = /[\p{Cc}\p{Cs}\\]/gu;
const shortEscapes: Record<string, string> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\', "'": "\\'" };

function escapeChar(char: string): string {
  const short = shortEscapes[char];
  if (short !== undefined) {
    return short;
  }
  const code = char.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.toUpperCase().padStart(2, '0')}`;
}

/** text as a string literal: in single quotes, or in those that save escaping. */
export function quote(text: string): string {
  let mark = "'";
  let pattern = toEscape;
  if (text.includes("'")) {
    if (!text.includes('"')) {
      mark = '"';
    } else if (!text.includes('`') && !text.includes('${')) {
      mark = '`';
    }
    if (mark !== "'") {
      pattern = toEscapeButQuote;
    }
  }
  return needsEscape.test(text) ? `${mark}${text.replace(pattern, escapeChar)}${mark}` : `${mark}${text}${mark}`;
}

type Style = (text: string, style: StyleName) => string;

function plainStyle(text: string): string {
  return text;
}

function colorStyle(text: string, name: StyleName): string {
  const style = inspect.styles[name];
  if (style !== undefined) {
    if (typeof style === 'function') {
      return style(text);
    }
    const color = inspect.colors[style];
    if (color !== undefined) {
      return `\u001b[${color[0]}m${text}\u001b[${color[1]}m`;
    }
  }
  return text;
}

function formatNumber(style: Style, value: number, separator: boolean): string {
  if (!separator) {
    return style(is(value, -0) ? '-0' : `${value}`, 'number');
  }
  const text = is(value, -0) ? '-0' : String(value);
  if (!Number.isFinite(value) || text.includes('e')) {
    return style(text, 'number');
  }
  const point = text.indexOf('.');
  if (point === -1) {
    return style(addNumericalSeparator(text), 'number');
  }
  const decimals = text.slice(point + 1).replace(/\d{3}(?=\d)/g, '$&_');
  return style(`${addNumericalSeparator(text.slice(0, point))}.${decimals}`, 'number');
}

function formatBigInt(style: Style, value: bigint, separator: boolean): string {
  const text = String(value);
  return style(`${separator ? addNumericalSeparator(text) : text}n`, 'bigint');
}

const plural = (n: number) => n > 1 ? 's' : '';
const moreItems = (n: number) => `... ${n} more item${plural(n)}`;

// "Foo(2) [Tag] ", "[Array(2): null prototype] ": what stands before the braces.
function prefixOf(maker: string | null, tag: string, fallback: string, size = ''): string {
  if (maker === null) {
    return tag !== '' && fallback !== tag ? `[${fallback}${size}: null prototype] [${tag}] ` : `[${fallback}${size}: null prototype] `;
  }
  return tag !== '' && maker !== tag ? `${maker}${size} [${tag}] ` : `${maker}${size} `;
}

function instanceOf(value: any, maker: any): boolean {
  try {
    return value instanceof maker;
  } catch {
    return false;
  }
}

function visibleKeys(value: object, showHidden: boolean): PropertyKey[] {
  const symbols = getOwnPropertySymbols(value);
  if (showHidden) {
    return symbols.length > 0 ? ownKeys(value) : getOwnPropertyNames(value);
  }
  let list: PropertyKey[];
  try {
    list = enumerableKeys(value);
  } catch {
    // A module namespace with a binding that isn't initialised yet.
    list = getOwnPropertyNames(value);
  }
  for (let k = 0; k < symbols.length; k++) {
    const symbol = symbols[k];
    if (propertyIsEnumerable(value, symbol)) {
      list.push(symbol);
    }
  }
  return list;
}

// ---------------------------------------------------------------------------------------------------------------
// Printer
// ---------------------------------------------------------------------------------------------------------------

// How one object is shown, besides its properties.
interface Shape {
  open: string;
  close: string;
  base: string;
  keys: PropertyKey[];
  kind: number;
  entries: ((printer: Printer, level: number) => string[]) | null;
}

class Printer implements Options {
  declare showHidden: boolean;
  declare depth: number | null;
  declare colors: boolean;
  declare customInspect: boolean;
  declare showProxy: boolean;
  declare maxArrayLength: number;
  declare maxStringLength: number;
  declare breakLength: number;
  declare compact: number | boolean;
  declare sorted: boolean | ((a: string, b: string) => number);
  declare getters: boolean | 'get' | 'set';
  declare numericSeparator: boolean;

  style: Style = plainStyle;
  userOptions: object | undefined = undefined;
  seen: any[] = [];
  indent = 0;
  // The level of the object that was entered last.
  current = 0;
  circular: Map<any, number> | undefined = undefined;
  budget: Record<number, number> = {};

  constructor() {
    assign(this, defaults);
  }

  tooDeep(level: number): boolean {
    return this.depth !== null && level > this.depth;
  }

  value(value: any, level: number, insideTypedArray = false): string {
    if ((typeof value !== 'object' && typeof value !== 'function') && !isUndetectable(value)) {
      return this.primitive(value, this.style);
    }
    if (value === null) {
      return this.style('null', 'null');
    }
    // A custom function sees the proxy; everything else is shown from the target, without running its traps.
    const receiver = value;
    let proxy: [any, any] | undefined = getProxyDetails(value);
    const isProxied = proxy !== undefined;
    if (proxy !== undefined) {
      if (proxy[0] === null) {
        return this.style('<Revoked Proxy>', 'special');
      }
      if (this.showProxy) {
        return this.proxy(proxy, level);
      }
      while (proxy !== undefined) {
        value = proxy[0];
        if (value === null) {
          return this.style('<Revoked Proxy>', 'special');
        }
        proxy = getProxyDetails(value);
      }
    }
    if (this.customInspect) {
      const custom = value[customInspectSymbol];
      if (typeof custom === 'function' && custom !== inspect) {
        const maker = getOwnPropertyDescriptor(value, 'constructor');
        if (maker === undefined || typeof maker.value !== 'function' || maker.value.prototype !== value) {
          const depth = this.depth === null ? null : this.depth - level;
          const foreign = isProxied || !(receiver instanceof Object);
          const result = custom.call(receiver, depth, this.optionsForUser(foreign), inspect);
          if (result !== receiver) {
            const text = typeof result === 'string' ? result : this.value(result, level);
            return text.replaceAll('\n', `\n${' '.repeat(this.indent)}`);
          }
        }
      }
    }
    if (this.seen.includes(value)) {
      this.circular ??= new Map();
      let index = this.circular.get(value);
      if (index === undefined) {
        index = this.circular.size + 1;
        this.circular.set(value, index);
      }
      return this.style(`[Circular *${index}]`, 'special');
    }
    return this.object(value, level, insideTypedArray);
  }

  // The options that a custom function may pass on to inspect. Another realm (or a proxy's handler) gets none of our objects.
  optionsForUser(foreign: boolean): any {
    const options: any = { stylize: this.style };
    for (let k = 0, list = enumerableKeys(defaults); k < list.length; k++) {
      const key = list[k];
      options[key] = (this as any)[key];
    }
    assign(options, this.userOptions);
    if (foreign) {
      setPrototypeOf(options, null);
      for (let k = 0, list = enumerableKeys(options); k < list.length; k++) {
        const key = list[k];
        if ((typeof options[key] === 'object' || typeof options[key] === 'function') && options[key] !== null) {
          delete options[key];
        }
      }
      const { style } = this;
      options.stylize = setPrototypeOf((text: any, name: any) => {
        let result;
        try {
          result = `${style(text, name)}`;
        } catch {
          // A text that can't be styled stays as it is.
        }
        return typeof result === 'string' ? result : text;
      }, null);
    }
    return options;
  }

  primitive(value: any, style: Style): string {
    switch (typeof value) {
      case 'string': {
        let more = '';
        if (value.length > this.maxStringLength) {
          const left = value.length - this.maxStringLength;
          value = value.slice(0, this.maxStringLength);
          more = `... ${left} more character${plural(left)}`;
        }
        if (this.compact !== true && value.length > 16 && value.length > this.breakLength - this.indent - 4) {
          return value.split(/(?<=\n)/).map((line: string) => style(quote(line), 'string')).join(` +\n${' '.repeat(this.indent + 2)}`) + more;
        }
        return style(quote(value), 'string') + more;
      }
      case 'number':
        return formatNumber(style, value, this.numericSeparator);
      case 'bigint':
        return formatBigInt(style, value, this.numericSeparator);
      case 'boolean':
        return style(`${value}`, 'boolean');
      case 'undefined':
        return style('undefined', 'undefined');
      default:
        return style(symbolText(value), 'symbol');
    }
  }

  proxy(details: [any, any], level: number): string {
    if (this.tooDeep(level)) {
      return this.style('Proxy [Array]', 'special');
    }
    level++;
    this.indent += 2;
    const entries = [this.value(details[0], level), this.value(details[1], level)];
    this.indent -= 2;
    return this.layout(entries, '', 'Proxy [', ']', ARRAY, level, undefined);
  }

  // The name of the class of value; null when it has no prototype. hidden collects what its prototypes hold, for showHidden.
  makerName(value: any, level: number, hidden?: string[]): string | null {
    let first: any;
    let object = value;
    while (object || isUndetectable(object)) {
      // The language's prototypes are known whatever a program has done to their constructors.
      const known = object === value ? undefined : prototypeNames.get(object);
      if (known !== undefined) {
        if (hidden !== undefined && first !== object) {
          this.inheritedProperties(value, first || value, level, hidden);
        }
        return known;
      }
      const maker = getOwnPropertyDescriptor(object, 'constructor');
      if (maker !== undefined && typeof maker.value === 'function' && maker.value.name !== '' && instanceOf(value, maker.value)) {
        if (hidden !== undefined && (first !== object || !builtins.has(maker.value.name))) {
          this.inheritedProperties(value, first || value, level, hidden);
        }
        return String(maker.value.name);
      }
      object = getPrototypeOf(object);
      if (first === undefined) {
        first = object;
      }
    }
    if (first === null) {
      return null;
    }
    const name = engineConstructorName(value);
    if (this.tooDeep(level)) {
      return `${name} <Complex prototype>`;
    }
    const parent = this.makerName(first, level + 1, hidden);
    if (parent === null) {
      return `${name} <${inspect(first, { ...this.plainOptions(), customInspect: false, depth: -1 })}>`;
    }
    return `${name} <${parent}>`;
  }

  plainOptions(): object {
    const options: any = {};
    for (let k = 0, list = enumerableKeys(defaults); k < list.length; k++) {
      const key = list[k];
      options[key] = (this as any)[key];
    }
    return options;
  }

  // The data properties and accessors of up to three prototypes that aren't the language's own.
  inheritedProperties(main: any, object: any, level: number, out: string[]): void {
    const listed = new Set<PropertyKey>();
    for (let step = 0; step < 3; step++) {
      if (step !== 0 || main === object) {
        object = getPrototypeOf(object);
        if (object === null) {
          return;
        }
        const maker = getOwnPropertyDescriptor(object, 'constructor');
        if (maker !== undefined && typeof maker.value === 'function' && builtins.has(maker.value.name)) {
          return;
        }
      }
      this.seen.push(main);
      const keys = ownKeys(object);
      for (let k = 0; k < keys.length; k++) {
        const key = keys[k];
        if (key === 'constructor' || hasOwn(main, key) || listed.has(key)) {
          continue;
        }
        const desc = getOwnPropertyDescriptor(object, key)!;
        if (typeof desc.value === 'function') {
          continue;
        }
        const text = this.property(object, level, key, OBJECT, desc, main);
        out.push(this.colors ? `\u001b[2m${text}\u001b[22m` : text);
      }
      this.seen.pop();
      for (let k = 0; k < keys.length; k++) {
        const key = keys[k];
        listed.add(key);
      }
    }
  }

  object(value: any, level: number, insideTypedArray: boolean): string {
    const hidden: string[] | undefined = this.showHidden && !this.tooDeep(level) ? [] : undefined;
    const maker = this.makerName(value, level, hidden);
    const inherited = hidden !== undefined && hidden.length > 0 ? hidden : undefined;
    let tag: any;
    try {
      tag = value[Symbol.toStringTag];
    } catch {
      tag = '';
    }
    // An own tag is listed among the properties already.
    if (typeof tag !== 'string' || (tag !== '' && (this.showHidden ? hasOwn(value, Symbol.toStringTag) : propertyIsEnumerable(value, Symbol.toStringTag)))) {
      tag = '';
    } else if (tag !== '' && maker !== null && maker !== tag && hasWord(maker, tag)) {
      tag = '';
    }
    const shape = this.shape(value, maker, tag, level, insideTypedArray, inherited === undefined);
    if (typeof shape === 'string') {
      return shape;
    }
    if (this.tooDeep(level)) {
      const name = prefixOf(maker, tag, maker === null ? hiddenMaker(value, tag) : '').slice(0, -1);
      return this.style(maker !== null ? `[${name}]` : name, 'special');
    }
    level++;
    this.seen.push(value);
    this.current = level;
    const { indent } = this;
    let output: string[];
    const { keys } = shape;
    try {
      output = shape.entries === null ? [] : shape.entries(this, level);
      for (let i = 0; i < keys.length; i++) {
        output.push(this.property(value, level, keys[i], shape.kind));
      }
      if (inherited !== undefined) {
        output.push(...inherited);
      }
    } catch (error) {
      if (!isStackOverflowError(error)) {
        throw error;
      }
      this.seen.pop();
      this.indent = indent;
      const name = prefixOf(maker, tag, isArray(value) ? 'Array' : 'Object').slice(0, -1);
      return this.style(`[${name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`, 'special');
    }
    let { base, open } = shape;
    const index = this.circular?.get(value);
    if (index !== undefined) {
      const reference = this.style(`<ref *${index}>`, 'special');
      if (this.compact !== true) {
        base = base === '' ? reference : `${reference} ${base}`;
      } else {
        open = `${reference} ${open}`;
      }
    }
    this.seen.pop();
    if (this.sorted) {
      const compare = this.sorted === true ? undefined : this.sorted;
      if (shape.kind === OBJECT) {
        output.sort(compare);
      } else if (keys.length > 1) {
        const at = output.length - keys.length;
        output.splice(at, keys.length, ...output.slice(at).sort(compare));
      }
    }
    const text = this.layout(output, base, open, shape.close, shape.kind, level, value);
    // An enormous result ends the descent instead of the process.
    const spent = (this.budget[this.indent] ?? 0) + text.length;
    this.budget[this.indent] = spent;
    if (spent > 2 ** 27) {
      this.depth = -1;
    }
    return text;
  }

  // A string when nothing is left to list.
  shape(value: any, maker: string | null, tag: string, level: number, insideTypedArray: boolean, noInherited: boolean): Shape | string {
    const shape: Shape = { open: '{', close: '}', base: '', keys: [], kind: OBJECT, entries: null };
    const filter = this.showHidden ? ALL : ENUMERABLE;
    if (Symbol.iterator in value || maker === null) {
      if (isArray(value)) {
        const prefix = maker !== 'Array' || tag !== '' ? prefixOf(maker, tag, 'Array', `(${value.length})`) : '';
        shape.keys = getOwnNonIndexProperties(value, filter);
        shape.open = `${prefix}[`;
        shape.close = ']';
        if (value.length === 0 && shape.keys.length === 0 && noInherited) {
          return `${shape.open}]`;
        }
        shape.kind = ARRAY;
        shape.entries = (printer, at) => printer.elements(value, at);
        return shape;
      }
      if (types.isSet(value)) {
        const size = setSize(value);
        const prefix = prefixOf(maker, tag, 'Set', `(${size})`);
        shape.keys = visibleKeys(value, this.showHidden);
        if (size === 0 && shape.keys.length === 0 && noInherited) {
          return `${prefix}{}`;
        }
        shape.open = `${prefix}{`;
        shape.entries = (printer, at) => printer.set(value, size, at);
        return shape;
      }
      if (types.isMap(value)) {
        const size = mapSize(value);
        const prefix = prefixOf(maker, tag, 'Map', `(${size})`);
        shape.keys = visibleKeys(value, this.showHidden);
        if (size === 0 && shape.keys.length === 0 && noInherited) {
          return `${prefix}{}`;
        }
        shape.open = `${prefix}{`;
        shape.entries = (printer, at) => printer.map(value, size, at);
        return shape;
      }
      if (types.isTypedArray(value)) {
        shape.keys = getOwnNonIndexProperties(value, filter);
        const fallback = maker === null ? typedArrayTag(value) : '';
        const size = typedArrayLength(value);
        shape.open = `${prefixOf(maker, tag, fallback, `(${size})`)}[`;
        shape.close = ']';
        if (size === 0 && shape.keys.length === 0 && !this.showHidden) {
          return `${shape.open}]`;
        }
        shape.kind = ARRAY;
        shape.entries = (printer, at) => printer.numbers(value, size, at);
        return shape;
      }
      if (types.isMapIterator(value)) {
        shape.keys = visibleKeys(value, this.showHidden);
        shape.open = iteratorOpen('Map', tag);
        shape.entries = (printer, at) => printer.iterator(value, shape, at);
        return shape;
      }
      if (types.isSetIterator(value)) {
        shape.keys = visibleKeys(value, this.showHidden);
        shape.open = iteratorOpen('Set', tag);
        shape.entries = (printer, at) => printer.iterator(value, shape, at);
        return shape;
      }
    }
    const keys = shape.keys = visibleKeys(value, this.showHidden);
    const empty = () => keys.length === 0 && noInherited;
    if (types.isArgumentsObject(value)) {
      shape.open = `${maker === 'Object' ? '[Arguments] ' : prefixOf(maker, tag === 'Arguments' ? '' : tag, 'Arguments')}{`;
      return empty() ? `${shape.open}}` : shape;
    }
    if (typeof value === 'function') {
      shape.base = this.functionBase(value, maker, tag);
      if (empty()) {
        return this.style(shape.base, 'special');
      }
      return shape;
    }
    if (maker === 'Object') {
      if (tag !== '') {
        shape.open = `${prefixOf(maker, tag, 'Object')}{`;
      }
      return empty() ? `${shape.open}}` : shape;
    }
    if (types.isRegExp(value)) {
      shape.base = regexpText(maker !== null ? value : new RegExp(value));
      const prefix = prefixOf(maker, tag, 'RegExp');
      if (prefix !== 'RegExp ') {
        shape.base = `${prefix}${shape.base}`;
      }
      if (empty() || this.tooDeep(level)) {
        return this.style(shape.base, 'regexp');
      }
      return shape;
    }
    if (types.isDate(value)) {
      shape.base = Number.isNaN(dateTime(value)) ? dateText(value) : dateISO(value);
      const prefix = prefixOf(maker, tag, 'Date');
      if (prefix !== 'Date ') {
        shape.base = `${prefix}${shape.base}`;
      }
      return empty() ? this.style(shape.base, 'date') : shape;
    }
    if (isError(value)) {
      shape.base = this.error(value, maker, tag, keys);
      return empty() ? shape.base : shape;
    }
    if (types.isAnyArrayBuffer(value)) {
      const prefix = prefixOf(maker, tag, types.isArrayBuffer(value) ? 'ArrayBuffer' : 'SharedArrayBuffer');
      if (insideTypedArray && empty()) {
        return `${prefix}{ [byteLength]: ${formatNumber(this.style, (value as any).byteLength, false)} }`;
      }
      shape.entries = (printer, at) => {
        const bytes = insideTypedArray ? [] : printer.bytes(value as ArrayBuffer);
        return bytes.concat(printer.accessors(value, ['byteLength'], at));
      };
      shape.open = `${prefix}{`;
      return shape;
    }
    if (types.isDataView(value)) {
      shape.open = `${prefixOf(maker, tag, 'DataView')}{`;
      shape.entries = (printer, at) => printer.accessors(value, ['byteLength', 'byteOffset', 'buffer'], at);
      return shape;
    }
    if (types.isPromise(value)) {
      shape.open = `${prefixOf(maker, tag, 'Promise')}{`;
      shape.entries = (printer, at) => printer.promise(value, at);
      return shape;
    }
    if (types.isWeakSet(value)) {
      shape.open = `${prefixOf(maker, tag, 'WeakSet')}{`;
      shape.entries = (printer, at) => printer.weak(value, false, at);
      return shape;
    }
    if (types.isWeakMap(value)) {
      shape.open = `${prefixOf(maker, tag, 'WeakMap')}{`;
      shape.entries = (printer, at) => printer.weak(value, true, at);
      return shape;
    }
    if (types.isModuleNamespaceObject(value)) {
      shape.open = `${prefixOf(maker, tag, 'Module')}{`;
      shape.keys = [];
      shape.entries = (printer, at) => printer.namespace(value, keys, at);
      return shape;
    }
    if (types.isBoxedPrimitive(value)) {
      shape.base = this.box(value, keys, maker, tag);
      return empty() ? shape.base : shape;
    }
    if ((maker === 'URL' || tag === 'URL') && isURL(value) && !this.tooDeep(level)) {
      shape.base = value.href;
      if (empty()) {
        return shape.base;
      }
    }
    if (empty()) {
      if (types.isExternal(value)) {
        return this.style('[External: <address>]', 'special');
      }
      return `${prefixOf(maker, tag, maker === null ? hiddenMaker(value, tag) : '')}{}`;
    }
    shape.open = `${prefixOf(maker, tag, maker === null ? hiddenMaker(value, tag) : '')}{`;
    return shape;
  }

  functionBase(value: Function, maker: string | null, tag: string): string {
    const source: string = functionText(value);
    if (source.startsWith('class') && source.endsWith('}')) {
      // "class" may begin a method's name: then a parameter list precedes the brace. Comments may hold anything.
      const body = source.slice(5, -1);
      if (/^[^({]*\{/.test(source.slice(5)) || /^\s[^({]*\{/.test(`${body.replace(/\/\*[^]*?\*\/|\/\/.*/g, '')}}`)) {
        return this.classBase(value, maker, tag);
      }
    }
    let kind = 'Function';
    if (types.isGeneratorFunction(value)) {
      kind = `Generator${kind}`;
    }
    if (types.isAsyncFunction(value)) {
      kind = `Async${kind}`;
    }
    let base = `[${kind}`;
    if (maker === null) {
      base += ' (null prototype)';
    }
    base += value.name === '' ? ' (anonymous)]' : `: ${typeof value.name === 'string' ? value.name : this.value(value.name, this.current)}]`;
    if (maker !== kind && maker !== null) {
      base += ` ${maker}`;
    }
    if (tag !== '' && maker !== tag) {
      base += ` [${tag}]`;
    }
    return base;
  }

  classBase(value: Function, maker: string | null, tag: string): string {
    const words = ['class', (hasOwn(value, 'name') && value.name) || '(anonymous)'];
    const kinds = [maker === 'Function' ? null : maker, tag === maker ? '' : tag];
    for (let k = 0; k < kinds.length; k++) if (kinds[k] !== null && kinds[k] !== '') words.push(`[${kinds[k]}]`);
    const parent = maker === null ? '[null prototype]' : getPrototypeOf(value).name;
    if (parent) words.push('extends', parent);
    return `[${words.join(' ')}]`;
  }

  box(value: any, keys: PropertyKey[], maker: string | null, tag: string): string {
    let type: string;
    if (types.isNumberObject(value)) {
      type = 'Number';
    } else if (types.isStringObject(value)) {
      type = 'String';
      // The characters are in the value already.
      keys.splice(0, (value as any).length);
    } else if (types.isBooleanObject(value)) {
      type = 'Boolean';
    } else if (types.isBigIntObject(value)) {
      type = 'BigInt';
    } else {
      type = 'Symbol';
    }
    let base = `[${type}`;
    if (type !== maker) {
      base += maker === null ? ' (null prototype)' : ` (${maker})`;
    }
    base += `: ${this.primitive(boxValue[type](value), plainStyle)}]`;
    if (tag !== '' && tag !== maker) {
      base += ` [${tag}]`;
    }
    return keys.length !== 0 || this.style === plainStyle ? base : this.style(base, type.toLowerCase() as StyleName);
  }

  // -- Errors ----------------------------------------------------------------------------------------------------

  error(error: any, maker: string | null, tag: string, keys: PropertyKey[]): string {
    let name: string;
    let message: string;
    let stack: string;
    try {
      stack = this.stackOf(error);
    } catch {
      // A getter threw, or there is no error behind the prototype.
      return objectText(error);
    }
    let rawName: unknown;
    try {
      rawName = error.name;
      name = rawName != null ? String(rawName) : 'Error';
    } catch {
      name = 'Error';
    }
    try {
      message = typeof error.message === 'string' ? error.message : '';
    } catch {
      message = '';
    }
    if (!this.showHidden && keys.length !== 0) {
      for (let k = 0, list = ['name', 'message', 'stack']; k < list.length; k++) {
        const key = list[k];
        const at = keys.indexOf(key);
        if (at !== -1) {
          let own: any;
          try {
            own = error[key];
          } catch {
            continue;
          }
          // What the stack says already isn't repeated.
          if (typeof own !== 'string' || stack.includes(own)) {
            keys.splice(at, 1);
          }
        }
      }
    }
    if ('cause' in error && !keys.includes('cause')) {
      keys.push('cause');
    }
    if (isArray(getOwnPropertyDescriptor(error, 'errors')?.value) && !keys.includes('errors')) {
      keys.push('errors');
    }
    stack = betterHead(stack, maker, name, tag);
    if (typeof rawName !== 'string' && rawName != null) {
      // A name that isn't a string: say the class too.
      stack = stack.replace(name, () => `${name} [${prefixOf(maker, tag, 'Error').slice(0, -1)}]`);
    }
    let from = message !== '' ? stack.indexOf(message) : -1;
    if (from !== -1) {
      from += message.length;
    }
    const framesAt = stack.indexOf('\n    at', from);
    if (framesAt === -1) {
      stack = `[${stack}]`;
    } else {
      const frames = this.frames(error, stack.slice(framesAt + 1));
      stack = stack.slice(0, framesAt);
      if (this.colors) {
        const cwd = workingDirectory();
        for (let k = 0; k < frames.length; k++) {
          const frame = frames[k];
          stack += `\n${this.colorFrame(frame, cwd)}`;
        }
      } else {
        stack += `\n${frames.join('\n')}`;
      }
    }
    if (this.indent !== 0) {
      stack = stack.replaceAll('\n', `\n${' '.repeat(this.indent)}`);
    }
    return stack;
  }

  stackOf(error: any): string {
    const { stack } = error;
    if (stack) {
      return typeof stack === 'string' ? stack : this.foreignStack(error, stack);
    }
    return errorText(error);
  }

  // A program may have put anything in `stack`: show it in full below the message.
  foreignStack(error: any, stack: any): string {
    const { compact, depth } = this;
    this.seen.push(error);
    this.indent += 4;
    if (compact !== true) {
      this.compact = false;
    }
    this.depth = null;
    const text = this.value(stack, this.current);
    this.depth = depth;
    this.compact = compact;
    this.indent -= 4;
    this.seen.pop();
    return `${errorText(error)}\n    ${text}`;
  }

  // Frames that the cause's stack has too are shown once.
  frames(error: any, text: string): string[] {
    const frames = text.split('\n');
    let cause;
    try {
      ({ cause } = error);
    } catch {
      cause = undefined;
    }
    if (cause != null && isError(cause)) {
      const other = this.stackOf(cause);
      const at = other.indexOf('\n    at');
      if (at !== -1) {
        const { length, offset } = overlap(frames, other.slice(at + 1).split('\n'));
        if (length > 3) {
          const left = length - 2;
          frames.splice(offset + 1, left, this.style(`    ... ${left} lines matching cause stack trace ...`, 'undefined'));
        }
      }
    }
    // Recursion repeats frames: say how often.
    if (frames.length > 10) {
      const repeats = repetitions(frames);
      for (let i = repeats.length - 1; i >= 0; i--) {
        const { offset, length, count } = repeats[i];
        const which = count > 1 ? `${length} lines ${count} times...` : 'lines ...';
        frames.splice(offset, length * count, this.style(`    ... collapsed ${length * count} duplicate lines matching above ${which}`, 'undefined'));
      }
    }
    return frames;
  }

  colorFrame(frame: string, cwd: string | undefined): string {
    if (/^ {4}at (?:[^/\\(]+ \(|)node:.+:\d+:\d+(?:\)|$)/.test(frame)) {
      return this.style(frame, 'undefined');
    }
    // Names of packages stand out.
    let out = '';
    let last = 0;
    for (const match of frame.matchAll(/[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)(?=[/\\])/g)) {
      const start = match.index + match[0].length - match[1].length;
      out += frame.slice(last, start) + this.style(match[1], 'module');
      last = start + match[1].length;
    }
    out += frame.slice(last);
    if (cwd !== undefined) {
      for (let k = 0, list = [frame.includes('file:') ? directoryURL(cwd) : cwd, cwd]; k < list.length; k++) {
        const prefix = list[k];
        const at = out.indexOf(prefix);
        if (at !== -1) {
          const open = out.lastIndexOf('(', at) !== -1 && out.endsWith(')');
          let start = at;
          let end = at + prefix.length + 1;
          if (open && out[start - 1] === '(') {
            start--;
            return `${out.slice(0, start)}${this.style(out.slice(start, end), 'undefined')}${out.slice(end, -1)}${this.style(')', 'undefined')}`;
          }
          return `${out.slice(0, start)}${this.style(out.slice(start, end), 'undefined')}${out.slice(end)}`;
        }
      }
    }
    return out;
  }

  // -- Entries ---------------------------------------------------------------------------------------------------

  elements(value: any, level: number): string[] {
    const { length } = value;
    const shown = Math.min(Math.max(0, this.maxArrayLength), length);
    const output: string[] = [];
    for (let i = 0; i < shown; i++) {
      if (!hasOwn(value, i)) {
        return this.sparse(value, level, shown, output, i);
      }
      output.push(this.property(value, level, i as any, ELEMENT));
    }
    if (length > shown) {
      output.push(moreItems(length - shown));
    }
    return output;
  }

  // From the first hole on: runs of holes count as one entry.
  sparse(value: any, level: number, limit: number, output: string[], index: number): string[] {
    const keys = enumerableKeys(value);
    const holes = (n: number) => this.style(`<${n} empty item${plural(n)}>`, 'undefined');
    for (let i = index; i < keys.length && output.length < limit; i++) {
      const key = keys[i];
      const at = Number(key);
      if (!/^(?:0|[1-9][0-9]*)$/.test(key) || at > 2 ** 32 - 2) {
        break;
      }
      if (at !== index) {
        output.push(holes(at - index));
        index = at;
        if (output.length === limit) {
          break;
        }
      }
      output.push(this.property(value, level, key, ELEMENT));
      index++;
    }
    const left = value.length - index;
    if (left > 0) {
      output.push(output.length !== limit ? holes(left) : moreItems(left));
    }
    return output;
  }

  numbers(value: any, length: number, level: number): string[] {
    const shown = Math.min(Math.max(0, this.maxArrayLength), length);
    const output: string[] = new Array(shown);
    const big = length > 0 && typeof value[0] === 'bigint';
    for (let i = 0; i < shown; i++) {
      output[i] = big ? formatBigInt(this.style, value[i], this.numericSeparator) : formatNumber(this.style, value[i], this.numericSeparator);
    }
    if (length > shown) {
      output.push(moreItems(length - shown));
    }
    if (this.showHidden) {
      this.indent += 2;
      for (let k = 0, list = ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']; k < list.length; k++) {
        const key = list[k];
        output.push(`${this.style(`[${key}]`, 'string')}: ${this.value(value[key], level, true)}`);
      }
      this.indent -= 2;
    }
    return output;
  }

  bytes(value: ArrayBuffer): string[] {
    let data: Uint8Array;
    try {
      data = new Uint8Array(value);
    } catch {
      return [this.style('(detached)', 'special')];
    }
    const shown = Math.min(Math.max(0, this.maxArrayLength), data.length);
    const hex: string[] = [];
    for (let i = 0; i < shown; i++) {
      hex.push(data[i].toString(16).padStart(2, '0'));
    }
    let text = hex.join(' ');
    const left = data.length - shown;
    if (left > 0) {
      text += ` ... ${left} more byte${plural(left)}`;
    }
    return [`${this.style('[Uint8Contents]', 'special')}: <${text}>`];
  }

  // What a prototype's getters say about value.
  accessors(value: any, names: string[], level: number): string[] {
    this.indent += 2;
    const output = names.map((name) => {
      let text: string;
      try {
        text = this.value(value[name], level);
      } catch {
        // A view whose buffer is detached.
        // Differs from Node: there the lines of such a view are indented by four more.
        text = name === 'byteLength' ? this.value(0, level) : this.value(undefined, level);
      }
      return `${this.style(`[${name}]`, 'string')}: ${text}`;
    });
    this.indent -= 2;
    return output;
  }

  set(value: any, size: number, level: number): string[] {
    const shown = Math.min(Math.max(0, this.maxArrayLength), size);
    const output: string[] = [];
    const iterator = setValues(value);
    this.indent += 2;
    for (let step = setIteratorNext(iterator), i = 0; i < shown && !step.done; step = setIteratorNext(iterator), i++) {
      output.push(this.value(step.value, level));
    }
    this.indent -= 2;
    if (size > shown) {
      output.push(moreItems(size - shown));
    }
    return output;
  }

  map(value: any, size: number, level: number): string[] {
    const shown = Math.min(Math.max(0, this.maxArrayLength), size);
    const output: string[] = [];
    const iterator = mapEntries(value);
    this.indent += 2;
    for (let step = mapIteratorNext(iterator), i = 0; i < shown && !step.done; step = mapIteratorNext(iterator), i++) {
      output.push(`${this.value(step.value[0], level)} => ${this.value(step.value[1], level)}`);
    }
    this.indent -= 2;
    if (size > shown) {
      output.push(moreItems(size - shown));
    }
    return output;
  }

  // Weak collections in no particular order: sorted, so that the text doesn't change from run to run.
  weak(value: any, pairs: boolean, level: number): string[] {
    if (!this.showHidden) {
      return [this.style('<items unknown>', 'special')];
    }
    const entries: any[] = entriesOf(value)[0];
    return pairs ? this.pairs(entries, level, 'weak') : this.singles(entries, level, true);
  }

  iterator(value: any, shape: Shape, level: number): string[] {
    const { 0: entries, 1: keyed } = entriesOf(value);
    if (keyed) {
      shape.open = shape.open.replace(/ Iterator\] \{$/, ' Entries] {');
      return this.pairs(entries, level, 'entries');
    }
    return this.singles(entries, level, false);
  }

  singles(entries: any[], level: number, sort: boolean): string[] {
    const shown = Math.min(Math.max(0, this.maxArrayLength), entries.length);
    const output: string[] = [];
    this.indent += 2;
    for (let i = 0; i < shown; i++) {
      output.push(this.value(entries[i], level));
    }
    this.indent -= 2;
    if (sort && !this.sorted) {
      output.sort();
    }
    if (entries.length > shown) {
      output.push(moreItems(entries.length - shown));
    }
    return output;
  }

  pairs(entries: any[], level: number, kind: 'weak' | 'entries'): string[] {
    const count = entries.length / 2;
    const shown = Math.min(Math.max(0, this.maxArrayLength), count);
    const output: string[] = [];
    this.indent += 2;
    for (let i = 0; i < shown; i++) {
      const key = this.value(entries[2 * i], level);
      const value = this.value(entries[2 * i + 1], level);
      output.push(kind === 'weak' ? `${key} => ${value}` : this.layout([key, value], '', '[', ']', ARRAY, level, undefined));
    }
    this.indent -= 2;
    if (kind === 'weak' && !this.sorted) {
      output.sort();
    }
    if (count > shown) {
      output.push(moreItems(count - shown));
    }
    return output;
  }

  promise(value: any, level: number): string[] {
    const { 0: state, 1: result } = getPromiseDetails(value);
    if (state === 0) {
      return [this.style('<pending>', 'special')];
    }
    this.indent += 2;
    const text = this.value(result, level);
    this.indent -= 2;
    return [state === 2 ? `${this.style('<rejected>', 'special')} ${text}` : text];
  }

  namespace(value: any, keys: PropertyKey[], level: number): string[] {
    return keys.map((key) => {
      try {
        return this.property(value, level, key, OBJECT);
      } catch (error) {
        if (!(types.isNativeError(error) && (error as Error).name === 'ReferenceError')) {
          throw error;
        }
        // A binding that isn't initialised yet.
        return `${this.key(key, { enumerable: true })}: ${this.style('<uninitialized>', 'special')}`;
      }
    });
  }

  key(key: PropertyKey, desc: { enumerable?: boolean }): string {
    if (typeof key === 'symbol') {
      const text = this.style(symbolText(key).replace(toEscapeButQuote, escapeChar), 'symbol');
      return desc.enumerable === false ? `[${text}]` : text;
    }
    if (key === '__proto__') {
      return desc.enumerable === false ? "[['__proto__']]" : "['__proto__']";
    }
    const plain = /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key as string);
    if (desc.enumerable === false) {
      return `[${plain ? String(key) : this.style(quote(key as string), 'string')}]`;
    }
    return plain ? this.style(key as string, 'name') : this.style(quote(key as string), 'string');
  }

  // One entry "key: value", or the value alone for an element. receiver: what a getter is called on.
  property(value: any, level: number, key: PropertyKey, kind: number, desc?: PropertyDescriptor, receiver = value): string {
    desc ??= getOwnPropertyDescriptor(value, key) ?? { value: value[key], configurable: true, enumerable: true };
    let text: string;
    let gap = ' ';
    if (desc.value !== undefined) {
      const step = this.compact !== true || kind !== OBJECT ? 2 : 3;
      this.indent += step;
      text = this.value(desc.value, level);
      if (step === 3 && this.breakLength < getStringWidth(text, this.colors)) {
        gap = `\n${' '.repeat(this.indent)}`;
      }
      this.indent -= step;
    } else if (desc.get !== undefined) {
      const label = desc.set !== undefined ? 'Getter/Setter' : 'Getter';
      const { getters } = this;
      if (getters && (getters === true || (getters === 'get') === (desc.set === undefined))) {
        text = this.getter(desc.get, receiver, label, level);
      } else {
        text = this.style(`[${label}]`, 'special');
      }
    } else if (desc.set !== undefined) {
      text = this.style('[Setter]', 'special');
    } else {
      text = this.style('undefined', 'undefined');
    }
    return kind === ELEMENT ? text : `${this.key(key, desc)}:${gap}${text}`;
  }

  getter(get: () => any, receiver: any, label: string, level: number): string {
    const { style } = this;
    try {
      const result = get.call(receiver);
      this.indent += 2;
      let text: string;
      if (result === null) {
        text = `${style(`[${label}:`, 'special')} ${style('null', 'null')}${style(']', 'special')}`;
      } else if (typeof result === 'object' || typeof result === 'function') {
        text = `${style(`[${label}]`, 'special')} ${this.value(result, level)}`;
      } else {
        text = `${style(`[${label}:`, 'special')} ${this.primitive(result, style)}${style(']', 'special')}`;
      }
      this.indent -= 2;
      return text;
    } catch (error: any) {
      return `${style(`[${label}:`, 'special')} <Inspection threw (${thrownText(error)})>${style(']', 'special')}`;
    }
  }

  // -- Layout ----------------------------------------------------------------------------------------------------

  layout(output: string[], base: string, open: string, close: string, kind: number, level: number, value: any): string {
    const lead = base === '' ? '' : `${base} `;
    if (this.compact !== true) {
      if (typeof this.compact === 'number' && this.compact >= 1) {
        const count = output.length;
        if (kind === ARRAY && count > 6) {
          output = this.columns(output, value);
        }
        // The innermost levels go on one line when they fit, unless they were set in columns.
        if (this.current - level < this.compact && count === output.length) {
          const start = output.length + this.indent + open.length + base.length + 10;
          if (this.fits(output, start, base)) {
            const joined = concat(output, ', ');
            if (!joined.includes('\n')) {
              return `${lead}${open} ${joined} ${close}`;
            }
          }
        }
      }
      const line = `\n${' '.repeat(this.indent)}`;
      return `${lead}${open}${line}  ${concat(output, `,${line}  `)}${line}${close}`;
    }
    if (this.fits(output, 0, base)) {
      return `${open}${base === '' ? '' : ` ${base}`} ${concat(output, ', ')} ${close}`;
    }
    const line = `\n${' '.repeat(this.indent)}`;
    const first = base === '' && open.length === 1 ? ' ' : `${base === '' ? '' : ` ${base}`}${line}  `;
    return `${open}${first}${concat(output, `,${line}  `)} ${close}`;
  }

  fits(output: string[], start: number, base: string): boolean {
    let total = output.length + start;
    if (total + output.length > this.breakLength) {
      return false;
    }
    for (let k = 0; k < output.length; k++) {
      const entry = output[k];
      total += this.colors ? stripAnsi(entry).length : entry.length;
      if (total > this.breakLength) {
        return false;
      }
    }
    return base === '' || !base.includes('\n');
  }

  // More than six short elements stand in columns, about two and a half times as wide as high.
  columns(output: string[], value: any): string[] {
    let total = 0;
    let widest = 0;
    // "... n more items" stays a line of its own.
    const hasMore = this.maxArrayLength < output.length;
    const count = hasMore ? output.length - 1 : output.length;
    const gap = 2;
    const widths: number[] = new Array(count);
    for (let i = 0; i < count; i++) {
      const width = getStringWidth(output[i], this.colors);
      widths[i] = width;
      total += width + gap;
      if (width > widest) {
        widest = width;
      }
    }
    const cell = widest + gap;
    // Long elements, or one very long among short ones, would leave gaps.
    if (cell * 3 + this.indent >= this.breakLength || (total / cell <= 5 && widest > 6)) {
      return output;
    }
    const bias = Math.max(cell - 3 - Math.sqrt(cell - total / output.length), 1);
    const perLine = Math.min(
      Math.round(Math.sqrt(2.5 * bias * count) / bias),
      Math.floor((this.breakLength - this.indent) / cell),
      (this.compact as number) * 4,
      15,
    );
    if (perLine <= 1) {
      return output;
    }
    const columnWidths: number[] = [];
    for (let column = 0; column < perLine; column++) {
      let width = 0;
      for (let i = column; i < count; i += perLine) {
        width = Math.max(width, widths[i]);
      }
      columnWidths.push(width + gap);
    }
    let alignRight = value !== undefined;
    for (let i = 0; alignRight && i < output.length; i++) {
      alignRight = typeof value[i] === 'number' || typeof value[i] === 'bigint';
    }
    const lines: string[] = [];
    for (let i = 0; i < count; i += perLine) {
      const end = Math.min(i + perLine, count);
      let line = '';
      let j = i;
      for (; j < end - 1; j++) {
        const width = columnWidths[j - i] + output[j].length - widths[j];
        line += alignRight ? `${output[j]}, `.padStart(width) : `${output[j]}, `.padEnd(width);
      }
      line += alignRight ? output[j].padStart(columnWidths[j - i] + output[j].length - widths[j] - gap) : output[j];
      lines.push(line);
    }
    if (hasMore) {
      lines.push(output[count]);
    }
    return lines;
  }
}

// Like join, but by concatenation: V8 then keeps references to the parts, where join would copy everything on each level.
function concat(parts: string[], separator: string): string {
  let text = parts.length > 0 ? parts[0] : '';
  for (let i = 1; i < parts.length; i++) {
    text += separator;
    text += parts[i];
  }
  return text;
}

// document.all and its like: typeof says 'undefined', but there are properties.
function isUndetectable(value: any): boolean {
  return typeof value === 'undefined' && value !== undefined;
}

function isError(value: any): boolean {
  return types.isNativeError(value) || isPrototypeOf(Error.prototype, value);
}
const isPrototypeOf = uncurry(Object.prototype.isPrototypeOf);

// Whether a class's name says the tag already: "MySet" and "SetOfNames" say Set, "Settings" doesn't.
function hasWord(name: string, word: string): boolean {
  for (let at = name.indexOf(word); at !== -1; at = name.indexOf(word, at + 1)) {
    const next = name[at + word.length];
    if (next === undefined || (next >= 'A' && next <= 'Z')) {
      return true;
    }
  }
  return false;
}

// The class of an object without a prototype, as the engine remembers it. The engine takes the tag for it where there is one.
function hiddenMaker(value: object, tag: string): string {
  const name = engineConstructorName(value);
  return name === tag ? 'Object' : name;
}

// A URL by what it has.
function isURL(value: any): boolean {
  try {
    return Boolean(value.href && value.protocol && value.auth === undefined && value.path === undefined);
  } catch {
    return false;
  }
}

function iteratorOpen(type: string, tag: string): string {
  if (tag !== `${type} Iterator`) {
    tag = tag !== '' ? `${tag}] [${type} Iterator` : `${type} Iterator`;
  }
  return `[${tag}] {`;
}

function entriesOf(value: any): [any[], boolean] {
  const result = previewEntries(value, true) as any;
  return isArray(result) && result.length === 2 && isArray(result[0]) && typeof result[1] === 'boolean' ? result as [any[], boolean] : [result, false];
}

function thrownText(error: any): string {
  try {
    return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : inspect(error);
  } catch {
    return '<unknown>';
  }
}

function directoryURL(path: string): string {
  return load('node:url').default.pathToFileURL(path).href;
}

function workingDirectory(): string | undefined {
  try {
    return load('node:process').default.cwd();
  } catch {
    return undefined;
  }
}

// The stack starts with the name that the error had when it was made. Say the class when that differs.
function betterHead(stack: string, maker: string | null, name: string, tag: string): string {
  let { length } = name;
  const matches = name.endsWith('Error') && stack.startsWith(name) && (stack.length === length || stack[length] === ':' || stack[length] === '\n');
  if (maker !== null && !matches) {
    return stack;
  }
  let fallback = 'Error';
  if (maker === null) {
    const start = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    fallback = start?.[1] ?? '';
    ({ length } = fallback);
    fallback ||= 'Error';
  }
  const prefix = prefixOf(maker, tag, fallback).slice(0, -1);
  if (name === prefix) {
    return stack;
  }
  if (prefix.includes(name)) {
    return length === 0 ? `${prefix}: ${stack}` : `${prefix}${stack.slice(length)}`;
  }
  return `${prefix} [${name}]${stack.slice(length)}`;
}

// The first run of frames of a that b ends with or holds.
function overlap(a: string[], b: string[]): { length: number; offset: number } {
  for (let i = 0; i < a.length - 3; i++) {
    const at = b.indexOf(a[i]);
    if (at === -1) {
      continue;
    }
    const rest = b.length - at;
    if (rest > 3) {
      let length = 1;
      const max = Math.min(a.length - i, rest);
      while (length < max && a[i + length] === b[at + length]) {
        length++;
      }
      if (length > 3) {
        return { length, offset: i };
      }
    }
  }
  return { length: 0, offset: 0 };
}

// Runs of frames that repeat themselves: where the repetition starts, how many frames it has, how often it comes.
function repetitions(frames: string[]): { offset: number; length: number; count: number }[] {
  const found: { offset: number; length: number; count: number }[] = [];
  for (let i = 0; i < frames.length;) {
    let best: { offset: number; length: number; count: number } | undefined;
    for (let length = 1; i + 2 * length <= frames.length; length++) {
      let count = 0;
      while (sameRun(frames, i, i + (count + 1) * length, length)) {
        count++;
      }
      if (count > 0 && length * count >= 3 && (best === undefined || count * length > best.count * best.length)) {
        best = { offset: i + length, length, count };
      }
    }
    if (best !== undefined) {
      found.push(best);
      i = best.offset + best.length * best.count;
    } else {
      i++;
    }
  }
  return found;
}

function sameRun(frames: string[], a: number, b: number, length: number): boolean {
  if (b + length > frames.length) {
    return false;
  }
  for (let i = 0; i < length; i++) {
    if (frames[a + i] !== frames[b + i]) {
      return false;
    }
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------------------
// inspect
// ---------------------------------------------------------------------------------------------------------------

/**
 * value as text. options: showHidden, depth, colors, customInspect, showProxy, maxArrayLength, maxStringLength, breakLength, compact, sorted,
 * getters, numericSeparator; or the old form inspect(value, showHidden, depth, colors).
 */
export const inspect: any = function inspect(value: any, options?: any, ...legacy: any[]): string {
  const printer: any = new Printer();
  if (arguments.length > 1) {
    if (legacy.length > 0) {
      if (legacy[0] !== undefined) {
        printer.depth = legacy[0];
      }
      if (legacy.length > 1 && legacy[1] !== undefined) {
        printer.colors = legacy[1];
      }
    }
    if (typeof options === 'boolean') {
      printer.showHidden = options;
    } else if (options) {
      for (let k = 0, list = enumerableKeys(options); k < list.length; k++) {
        const key = list[k];
        if (hasOwn(defaults, key) || key === 'stylize') {
          if (key === 'stylize') {
            printer.style = options.stylize;
          } else {
            printer[key] = options[key];
          }
        } else if (printer.userOptions === undefined) {
          // A custom function gets the options that only it knows.
          printer.userOptions = options;
        }
      }
    }
  }
  if (printer.colors) {
    printer.style = colorStyle;
  }
  if (printer.maxArrayLength === null) {
    printer.maxArrayLength = Infinity;
  }
  if (printer.maxStringLength === null) {
    printer.maxStringLength = Infinity;
  }
  return printer.value(value, 0);
};

inspect.custom = customInspectSymbol;

defineProperty(inspect, 'defaultOptions', {
  __proto__: null as never,
  get() {
    return defaults;
  },
  set(options: any) {
    validateObject(options, 'options');
    assign(defaults, options);
  },
  configurable: false,
  enumerable: false,
});

// ECMA-48, 8.3.117 (SGR): the code that begins a style and the one that ends it.
const styleCodes: Record<string, [number, number]> = create(null);
function styles(list: string): void {
  for (const entry of list.split(' ')) {
    const [name, begin, end] = entry.split(':');
    styleCodes[name] = [Number(begin), Number(end)];
  }
}
// Eight colors have neighbouring codes: text from 30 on, background ten more, both in a bright form sixty more.
const hues = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
function colors(first: number, end: number, nameOf: (hue: string) => string): void {
  hues.forEach((hue, i) => {
    styleCodes[nameOf(hue)] = [first + i, end];
  });
}
const capital = (word: string) => word[0].toUpperCase() + word.slice(1);
styles('reset:0:0 bold:1:22 dim:2:22 italic:3:23 underline:4:24 blink:5:25 inverse:7:27 hidden:8:28 strikethrough:9:29 doubleunderline:21:24');
colors(30, 39, (hue) => hue);
colors(40, 49, (hue) => `bg${capital(hue)}`);
styles('framed:51:54 overlined:53:55');
// Bright black is gray.
colors(90, 39, (hue) => hue === 'black' ? 'gray' : `${hue}Bright`);
colors(100, 49, (hue) => hue === 'black' ? 'bgGray' : `bg${capital(hue)}Bright`);
inspect.colors = styleCodes;

// Other names of the same colors: assigning to one changes the color itself.
for (const [name, ...others] of [
  ['gray', 'grey', 'blackBright'], ['bgGray', 'bgGrey', 'bgBlackBright'], ['dim', 'faint'], ['strikethrough', 'crossedout', 'strikeThrough', 'crossedOut'],
  ['hidden', 'conceal'], ['inverse', 'swapColors', 'swapcolors'], ['doubleunderline', 'doubleUnderline'],
]) {
  for (const other of others) {
    defineProperty(inspect.colors, other, {
      __proto__: null as never,
      get() {
        return this[name];
      },
      set(value) {
        this[name] = value;
      },
      configurable: true,
      enumerable: false,
    });
  }
}

inspect.styles = assign(create(null), {
  special: 'cyan',
  number: 'yellow',
  bigint: 'yellow',
  boolean: 'yellow',
  undefined: 'grey',
  null: 'bold',
  string: 'green',
  symbol: 'green',
  date: 'magenta',
  regexp: 'red',
  module: 'underline',
});

// ---------------------------------------------------------------------------------------------------------------
// format
// ---------------------------------------------------------------------------------------------------------------

// Whether String(value) would run no code of the user's: then inspecting says more.
function hasBuiltinToString(value: any): boolean {
  // Look past a proxy: its traps are the user's.
  for (let proxy = getProxyDetails(value); proxy !== undefined; proxy = getProxyDetails(value)) {
    value = proxy[0];
    if (value === null) {
      return true;
    }
  }
  if (typeof value.toString !== 'function') {
    return true;
  }
  if (hasOwn(value, 'toString') || hasOwn(value, Symbol.toPrimitive)) {
    return false;
  }
  // Which class is it of? A method between value and that class's prototype is the user's.
  let pointer = value;
  do {
    pointer = getPrototypeOf(pointer);
    if (pointer === null) {
      return true;
    }
  } while (!hasOwn(pointer, 'toString') && !hasOwn(pointer, Symbol.toPrimitive));
  const maker = getOwnPropertyDescriptor(pointer, 'constructor');
  return maker !== undefined && typeof maker.value === 'function' && builtins.has(maker.value.name);
}

let circularMessage: string | undefined;

function json(value: unknown): string {
  try {
    return JSON.stringify(value) as string;
  } catch (error: any) {
    if (circularMessage === undefined) {
      try {
        const ring: any = {};
        ring.ring = ring;
        JSON.stringify(ring);
      } catch (ringError: any) {
        circularMessage = ringError.message.split('\n', 1)[0];
      }
    }
    if (error?.name === 'TypeError' && String(error.message).split('\n', 1)[0] === circularMessage) {
      return '[Circular]';
    }
    throw error;
  }
}

/** util.format: fills %s %d %i %f %j %o %O %c %% and appends what is left. */
export function format(...args: any[]): string {
  return formatArgs(undefined, args);
}

/** util.formatWithOptions: format with options for inspect. */
export function formatWithOptions(options: any, ...args: any[]): string {
  validateObject(options, 'inspectOptions', 4 | 2);
  return formatArgs(options, args);
}

function numberText(value: number, options: any): string {
  return formatNumber(plainStyle, value, options?.numericSeparator ?? defaults.numericSeparator);
}

function bigintText(value: bigint, options: any): string {
  return formatBigInt(plainStyle, value, options?.numericSeparator ?? defaults.numericSeparator);
}

function formatArgs(options: any, args: any[]): string {
  const first = args[0];
  let used = 0;
  let text = '';
  let gap = '';
  if (typeof first === 'string') {
    if (args.length === 1) {
      return first;
    }
    let last = 0;
    for (let i = 0; i < first.length - 1; i++) {
      if (first.charCodeAt(i) !== 37) {
        continue;
      }
      const kind = first[i + 1];
      if (kind === '%') {
        text += first.slice(last, ++i);
        last = i + 1;
        continue;
      }
      if (used + 1 === args.length || !'sdifjoOc'.includes(kind)) {
        continue;
      }
      text += first.slice(last, i);
      last = ++i + 1;
      text += directive(kind, args[++used], options);
    }
    if (last !== 0) {
      used++;
      gap = ' ';
      if (last < first.length) {
        text += first.slice(last);
      }
    } else if (used !== 0) {
      used++;
      gap = ' ';
    }
  }
  for (; used < args.length; used++) {
    const value = args[used];
    text += gap;
    text += typeof value !== 'string' ? inspect(value, options) : value;
    gap = ' ';
  }
  return text;
}

function directive(kind: string, value: any, options: any): string {
  switch (kind) {
    case 's':
      if (typeof value === 'number') {
        return numberText(value, options);
      }
      if (typeof value === 'bigint') {
        return bigintText(value, options);
      }
      if (typeof value !== 'object' || value === null || !hasBuiltinToString(value)) {
        return String(value);
      }
      return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
    case 'd':
      if (typeof value === 'bigint') {
        return bigintText(value, options);
      }
      return typeof value === 'symbol' ? numberText(NaN, options) : numberText(Number(value), options);
    case 'i':
      if (typeof value === 'bigint') {
        return bigintText(value, options);
      }
      return typeof value === 'symbol' ? numberText(NaN, options) : numberText(Number.parseInt(value), options);
    case 'f':
      return typeof value === 'symbol' ? numberText(NaN, options) : numberText(Number.parseFloat(value), options);
    case 'j':
      return json(value);
    case 'o':
      return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 'O':
      return inspect(value, options);
    default:
      // %c: CSS, for which a terminal has no use.
      return '';
  }
}

/** text without ANSI escape codes. */
export function stripVTControlCharacters(text: string): string {
  validateString(text, 'str');
  return stripAnsi(text);
}
