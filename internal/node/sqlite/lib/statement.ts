// StatementSync and its iterator. https://nodejs.org/docs/latest-v24.x/api/sqlite.html#class-statementsync
import * as native from 'native:sqlite';
import { failure, invalidState, invalidType } from 'internal:sqlite/connection';
import type { Connection } from 'internal:sqlite/connection';

const { isView } = ArrayBuffer;
const { keys } = Object;

/** Rows that cross from Go in one call. */
const batch = 512;

function isBytes(value: any): boolean {
  return isView(value) || value instanceof ArrayBuffer;
}

/** A value as it is bound to a parameter, whose number an error names. */
function bound(value: any, parameter: number): any {
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'bigint':
      if (value !== BigInt.asIntN(64, value)) throw failure(TypeError, 'ERR_INVALID_ARG_VALUE', 'BigInt value is too large to bind.');
      return value;
    case 'boolean':
      return value ? 1n : 0n;
    case 'object':
      if (value === null || isBytes(value)) return value instanceof ArrayBuffer && value.byteLength === 0 ? null : value;
  }
  throw invalidType(`Provided value cannot be bound to SQLite parameter ${parameter}.`);
}

// Differs from Node: a function that uses the statement that calls it gets ERR_INVALID_STATE; there it is undefined.
export class Statement {
  #connection: Connection;
  #database: any; // keeps it from being collected
  #ref: native.Ref;
  #sql: string;
  #parameters: (string | null)[];
  #bare: Map<string, number> | null = null;
  #bigints: boolean;
  #arrays: boolean;
  #bareNames: boolean;
  #unknownNames: boolean;
  #names: string[] = [];
  #version = -1;
  #use = 0; // counts what makes older iterators invalid

  constructor(connection: Connection, database: any, ref: native.Ref, sql: string, parameters: (string | null)[], options: any) {
    this.#connection = connection;
    this.#database = database;
    this.#ref = ref;
    this.#sql = sql;
    this.#parameters = parameters;
    this.#bigints = options?.readBigInts ?? connection.bigints;
    this.#arrays = options?.returnArrays ?? connection.arrays;
    this.#bareNames = options?.allowBareNamedParameters ?? connection.bareNames;
    this.#unknownNames = options?.allowUnknownNamedParameters ?? connection.unknownNames;
    const accessor = (get: () => any) => ({ __proto__: null, get, enumerable: true, configurable: false }) as any;
    Object.defineProperty(this, 'sourceSQL', accessor(() => {
      this.#check();
      return this.#sql;
    }));
    Object.defineProperty(this, 'expandedSQL', accessor(() => native.expandedSQL(this.#ref)));
  }

  #check(): void {
    if (native.finalized(this.#ref)) throw invalidState('statement has been finalized');
  }

  /** How many parameters the text has. */
  static parameterCount(statement: Statement): number {
    return statement.#parameters.length;
  }
  static isFinalized(statement: Statement): boolean {
    return native.finalized(statement.#ref);
  }

  /** The parameter of a name, with its prefix or, where that is allowed, without; 0 for none. */
  #find(name: string): number {
    const at = this.#parameters.indexOf(name);
    if (at >= 0) return at + 1;
    if (!this.#bareNames) return 0;
    return this.#bareMap().get(name) ?? 0;
  }
  #bareMap(): Map<string, number> {
    if (this.#bare === null) {
      const map = new Map<string, number>();
      this.#parameters.forEach((full, i) => {
        if (full === null) return;
        const name = full.slice(1);
        const other = map.get(name);
        if (other !== undefined) {
          throw invalidState(
            `Cannot create bare named parameter '${name}' because of conflicting names '${this.#parameters[other - 1]}' and '${full}'.`);
        }
        map.set(name, i + 1);
      });
      this.#bare = map;
    }
    return this.#bare;
  }

  /** The arguments of a call as the values of the parameters in order. */
  #values(args: any[]): any[] {
    this.#check();
    this.#use++;
    const parameters = this.#parameters;
    const out: any[] = [];
    let i = 0;
    const [first] = args;
    if (args.length > 0 && typeof first === 'object' && first !== null && !isBytes(first)) {
      i = 1;
      if (this.#bareNames) this.#bareMap();
      for (const name of keys(first)) {
        const at = this.#find(name);
        if (at === 0) {
          if (this.#unknownNames) continue;
          throw invalidState(`Unknown named parameter '${name}'`);
        }
        out[at - 1] = bound(first[name], at);
      }
    }
    for (let at = 0; i < args.length; i++, at++) {
      // A positional argument is for the next parameter that has no name.
      for (let name = parameters[at]; name != null && name[0] !== '?'; name = parameters[at]) at++;
      out[at] = bound(args[i], at + 1);
    }
    for (let k = 0; k < out.length; k++) out[k] ??= null;
    return out;
  }

  #row(values: any[], from: number, version: number): any {
    if (version !== this.#version) {
      this.#names = native.columnNames(this.#ref);
      this.#version = version;
    }
    const names = this.#names;
    if (this.#arrays) return values.slice(from, from + names.length);
    const row: any = { __proto__: null };
    for (let k = 0; k < names.length; k++) row[names[k]] = values[from + k];
    return row;
  }

  get(...args: any[]): any {
    const values = this.#values(args);
    const got = this.#connection.call(native.get, this.#ref, this.#bigints, ...values);
    return got === undefined || got.length === 1 ? undefined : this.#row(got, 1, got[0]);
  }

  all(...args: any[]): any[] {
    const values = this.#values(args);
    this.#connection.call(native.bind, this.#ref, ...values);
    const out: any[] = [];
    for (;;) {
      const got = this.#connection.call(native.rows, this.#ref, this.#bigints, batch);
      const count = got[1];
      const width = count === 0 ? 0 : (got.length - 2) / count;
      for (let k = 0; k < count; k++) out.push(this.#row(got, 2 + k * width, got[0]));
      if (count < batch) return out;
    }
  }

  run(...args: any[]): any {
    const values = this.#values(args);
    const [changes, lastInsertRowid] = this.#connection.call(native.run, this.#ref, this.#bigints, ...values);
    return { changes, lastInsertRowid };
  }

  iterate(...args: any[]): any {
    const values = this.#values(args);
    this.#connection.call(native.bind, this.#ref, ...values);
    const use = this.#use;
    const check = () => {
      this.#check();
      if (use !== this.#use) throw invalidState('iterator was invalidated');
    };
    return new StatementSyncIterator(() => {
      check();
      const got = this.#connection.call(native.rows, this.#ref, this.#bigints, 1);
      return got[1] === 0 ? undefined : this.#row(got, 2, got[0]);
    }, () => {
      this.#check();
      if (use === this.#use) native.reset(this.#ref);
    });
  }

  columns(): any[] {
    const all = native.columns(this.#ref);
    const out = [];
    for (let k = 0; k < all.length; k += 5) {
      out.push({ __proto__: null, column: all[k], database: all[k + 1], name: all[k + 2], table: all[k + 3], type: all[k + 4] });
    }
    return out;
  }

  setAllowBareNamedParameters(enabled: any): void {
    this.#check();
    if (typeof enabled !== 'boolean') throw invalidType('The "allowBareNamedParameters" argument must be a boolean.');
    this.#bareNames = enabled;
  }
  setAllowUnknownNamedParameters(enabled: any): void {
    this.#check();
    if (typeof enabled !== 'boolean') throw invalidType('The "enabled" argument must be a boolean.');
    this.#unknownNames = enabled;
  }
  setReadBigInts(enabled: any): void {
    this.#check();
    if (typeof enabled !== 'boolean') throw invalidType('The "readBigInts" argument must be a boolean.');
    this.#bigints = enabled;
  }
  setReturnArrays(enabled: any): void {
    this.#check();
    if (typeof enabled !== 'boolean') throw invalidType('The "returnArrays" argument must be a boolean.');
    this.#arrays = enabled;
  }
}

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

class StatementSyncIterator {
  #next: () => any;
  #end: () => void;
  #done = false;
  constructor(next: () => any, end: () => void) {
    this.#next = next;
    this.#end = end;
  }
  next(): any {
    if (!this.#done) {
      const value = this.#next();
      if (value !== undefined) return { __proto__: null, done: false, value };
      this.#done = true;
    }
    return { __proto__: null, done: true, value: null };
  }
  return(): any {
    if (!this.#done) this.#end();
    this.#done = true;
    return { __proto__: null, done: true, value: null };
  }
}
Object.setPrototypeOf(StatementSyncIterator.prototype, IteratorPrototype);
for (const name of ['next', 'return']) {
  Object.defineProperty(StatementSyncIterator.prototype, name, { enumerable: true });
}
