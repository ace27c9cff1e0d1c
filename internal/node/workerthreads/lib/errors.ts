// What ends a worker crosses to its parent: errors keep their class among the built-in ones, their stack and those properties that can be
// cloned; other values are cloned, or told as text.
import { isNativeError, isProxy } from 'native:engine';
import { load } from 'internal:load';
import { parcelOf, serialize } from 'internal:web/message';

const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;
const classes: Record<string, any> = { Error, TypeError, RangeError, URIError, SyntaxError, ReferenceError, EvalError, AggregateError };
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** How a value crosses. */
interface Told {
  kind: 'error' | 'value' | 'text' | 'symbol' | 'shown';
  value?: any; // a parcel's value, or text
  className?: string;
  properties?: [key: string, isEnumerable: boolean, value: any][];
}

function cloneable(value: any): boolean {
  try {
    load('internal:web/message').structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

function className(error: any): string | undefined {
  for (let o = error; o !== null; o = getPrototypeOf(o)) {
    const d = getOwnPropertyDescriptor(o, 'constructor');
    if (d !== undefined && typeof d.value === 'function' && d.value.prototype === o && Object.hasOwn(classes, d.value.name)) {
      return d.value.name;
    }
  }
  return undefined;
}

function tellError(error: any, name: string, excerpt: string): Told {
  const properties: [string, boolean, any][] = [];
  const seen = new Set<string>();
  for (let o = error; o !== null && !Object.hasOwn(classes, o.constructor?.name ?? '') || o === error; o = getPrototypeOf(o)) {
    for (const key of getOwnPropertyNames(o)) {
      if (seen.has(key) || key === 'constructor' || (o !== error && key === 'name')) {
        continue;
      }
      seen.add(key);
      let value: any;
      try {
        value = error[key];
      } catch {
        continue;
      }
      if (key === 'stack' && typeof value === 'string') {
        value = `${excerpt}${value}`;
      }
      if ((key === 'stack' && typeof value !== 'string') || (o !== error && typeof value === 'function') || !cloneable(value)) {
        continue;
      }
      properties.push([key, getOwnPropertyDescriptor(o, key)!.enumerable!, value]);
    }
    if (getPrototypeOf(o) === null) {
      break;
    }
  }
  if (!seen.has('name')) {
    properties.push(['name', false, `${error.name}`]);
  }
  return { kind: 'error', className: name, properties };
}

/** What crosses of an error, or of anything else that was thrown. */
export function tell(error: any, excerpt: string): Told {
  try {
    if (typeof error === 'symbol') {
      return { kind: 'symbol', value: error.toString() };
    }
    if ((typeof error === 'object' && error !== null && !isProxy(error)) && (isNativeError(error) || error instanceof Error)) {
      const name = className(error);
      if (name !== undefined) {
        return tellError(error, name, excerpt);
      }
    }
    if (typeof error === 'object' && error !== null && !isProxy(error) && inspectCustom in error) {
      return { kind: 'shown', value: load('internal:util/inspect').inspect(error) };
    }
    if (cloneable(error)) {
      return { kind: 'value', value: error };
    }
    return { kind: 'text', value: load('internal:util/inspect').inspect(error) };
  } catch {
    return { kind: 'text', value: '<error>' };
  }
}

/**
 * @param excerpt what stands before the stack: file, source line and caret
 * @returns a parcel for raise
 */
export function pack(error: any, excerpt: string): any {
  const told = tell(error, excerpt);
  try {
    return parcelOf(serialize(told, []));
  } catch {
    return parcelOf(serialize({ kind: 'text', value: load('internal:util/inspect').inspect(error) }, []));
  }
}

/** The error that pack told. */
export function unpack(told: Told): any {
  switch (told.kind) {
    case 'error': {
      const Class = classes[told.className!];
      const error = Class === AggregateError ? new AggregateError([]) : new Class();
      for (const key of getOwnPropertyNames(error)) {
        delete error[key];
      }
      let hasStack = false;
      for (const [key, isEnumerable, value] of told.properties!) {
        hasStack ||= key === 'stack';
        defineProperty(error, key, { value, enumerable: isEnumerable, writable: true, configurable: true });
      }
      if (!hasStack) {
        defineProperty(error, 'stack', { value: undefined, enumerable: false, writable: true, configurable: true });
      }
      return error;
    }
    case 'symbol':
      return Symbol(told.value.slice(7, -1));
    case 'shown':
      return { [inspectCustom]: () => told.value };
    default:
      return told.value;
  }
}
