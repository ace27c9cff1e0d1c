// FormData. https://xhr.spec.whatwg.org/#interface-formdata
import { markUncloneable } from 'native:engine';
import { load } from 'internal:load';
import { Blob, File, isBlob } from 'internal:web/blob';
import { USVString, argumentCount, finishClass, illegalInvocation, pairIterator } from 'internal:web/fetch/webidl';

const { defineProperty } = Object;
const kInspect = Symbol.for('nodejs.util.inspect.custom');

export type Entry = [string, any];

let entriesOf: (form: any) => Entry[];
let isFormData: (value: any) => boolean;

export class FormData {
  #entries: Entry[] = [];

  static {
    entriesOf = (form) => form.#entries;
    isFormData = (value) => typeof value === 'object' && value !== null && #entries in value;
  }

  constructor(form: any = undefined) {
    markUncloneable(this);
    if (form !== undefined) throw new TypeError('FormData constructor: Argument 1 could not be converted to: undefined.');
  }

  static #check(self: any): void {
    if (!isFormData(self)) throw illegalInvocation();
  }

  append(name: any, value: any, filename: any = undefined): void {
    FormData.#check(this);
    argumentCount(arguments.length, 2, 'FormData.append');
    this.#entries.push(makeEntry('FormData.append', name, value, filename, arguments.length > 2));
  }

  delete(name: any): void {
    FormData.#check(this);
    argumentCount(arguments.length, 1, 'FormData.delete');
    const key = USVString(name, 'FormData.delete', 'name');
    this.#entries = this.#entries.filter((entry) => entry[0] !== key);
  }

  get(name: any): any {
    FormData.#check(this);
    argumentCount(arguments.length, 1, 'FormData.get');
    const key = USVString(name, 'FormData.get', 'name');
    for (const entry of this.#entries) {
      if (entry[0] === key) return entry[1];
    }
    return null;
  }

  getAll(name: any): any[] {
    FormData.#check(this);
    argumentCount(arguments.length, 1, 'FormData.getAll');
    const key = USVString(name, 'FormData.getAll', 'name');
    return this.#entries.filter((entry) => entry[0] === key).map((entry) => entry[1]);
  }

  has(name: any): boolean {
    FormData.#check(this);
    argumentCount(arguments.length, 1, 'FormData.has');
    const key = USVString(name, 'FormData.has', 'name');
    return this.#entries.some((entry) => entry[0] === key);
  }

  set(name: any, value: any, filename: any = undefined): void {
    FormData.#check(this);
    argumentCount(arguments.length, 2, 'FormData.set');
    const made = makeEntry('FormData.set', name, value, filename, arguments.length > 2);
    const at = this.#entries.findIndex((entry) => entry[0] === made[0]);
    if (at < 0) {
      this.#entries.push(made);
    } else {
      this.#entries = [...this.#entries.slice(0, at), made, ...this.#entries.slice(at + 1).filter((entry) => entry[0] !== made[0])];
    }
  }

  keys(): any {
    FormData.#check(this);
    return iterators.keys(this);
  }
  values(): any {
    FormData.#check(this);
    return iterators.values(this);
  }
  entries(): any {
    FormData.#check(this);
    return iterators.entries(this);
  }

  forEach(callback: any, thisArg: any = undefined): void {
    FormData.#check(this);
    argumentCount(arguments.length, 1, 'FormData.forEach');
    if (typeof callback !== 'function') throw new TypeError("Failed to execute 'forEach' on 'FormData': parameter 1 is not of type 'Function'.");
    for (let i = 0; i < this.#entries.length; i++) {
      const [name, value] = this.#entries[i];
      callback.call(thisArg, value, name, this);
    }
  }

  [kInspect](depth: any, options: any): any {
    if (!isFormData(this)) return this;
    const shown: any = { __proto__: null };
    for (const [name, value] of this.#entries) {
      shown[name] = name in shown ? (Array.isArray(shown[name]) ? [...shown[name], value] : [shown[name], value]) : value;
    }
    const text = load('internal:util').inspect(shown, { ...options, depth: options.depth ?? depth });
    return `FormData ${text.slice(text.indexOf(']') + 2)}`;
  }
}

const iterators = pairIterator('FormData', (form) => entriesOf(form));
defineProperty(FormData.prototype, Symbol.iterator, { value: FormData.prototype.entries, writable: true, enumerable: false, configurable: true });
finishClass(FormData, 'FormData', ['append', 'delete', 'get', 'getAll', 'has', 'set', 'keys', 'values', 'entries', 'forEach']);

/** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#create-an-entry */
function makeEntry(where: string, name: any, value: any, filename: any, hasFilename: boolean): Entry {
  name = USVString(name, where, 'name');
  if (!hasFilename && !isBlob(value)) return [name, USVString(value, where, 'value')];
  if (!isBlob(value)) throw new TypeError(`${where}: Expected value ("${show(value)}") to be an instance of Blob.`);
  if (hasFilename && filename !== undefined) {
    value = new File([value], USVString(filename, where, 'filename'), { type: value.type, lastModified: value instanceof File ? value.lastModified : undefined });
  } else if (!(value instanceof File)) {
    value = new File([value], 'blob', { type: value.type });
  }
  return [name, value];
}

function show(value: any): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

/** A FormData with these entries. */
export function formDataOf(entries: Entry[]): FormData {
  const form = new FormData();
  entriesOf(form).push(...entries);
  return form;
}

export { Blob, File, entriesOf, isFormData };
