// node:sqlite. https://nodejs.org/docs/latest-v24.x/api/sqlite.html
// Differs from Node: SQLite is built without FTS3 and FTS4 (FTS5 is there).
import * as native from 'native:sqlite';
import { unavailable } from 'internal:errors';
import { promised } from 'internal:request';
import { URL } from 'internal:url';
import { Connection, answer, failure, invalidState, invalidType } from 'internal:sqlite/connection';
import { Statement } from 'internal:sqlite/statement';
import { SQLTagStore } from 'internal:sqlite/tagstore';

const { defineProperty, getOwnPropertyNames } = Object;

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

const badPath = 'The "path" argument must be a string, Uint8Array, or URL without null bytes.';

/** The path of a database: a string, bytes in UTF-8, or a file: URL, whose parameters SQLite reads. */
function readPath(path: any): string {
  let text: string;
  if (typeof path === 'string') {
    text = path;
  } else if (path instanceof Uint8Array) {
    text = new TextDecoder().decode(path);
  } else if (path instanceof URL || (typeof path === 'object' && path !== null && typeof path.href === 'string' && typeof path.protocol === 'string')) {
    if (path.protocol !== 'file:') throw failure(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file:');
    text = path.href;
  } else {
    throw invalidType(badPath);
  }
  if (text.includes('\0')) throw invalidType(badPath);
  return text;
}

/** A boolean option. */
function flag(options: any, name: string, missing: boolean): boolean {
  const value = options[name];
  if (value === undefined) return missing;
  if (typeof value !== 'boolean') throw invalidType(`The "options.${name}" argument must be a boolean.`);
  return value;
}

function isObject(value: any): boolean {
  return typeof value === 'object' && value !== null;
}

function checkOptions(options: any): void {
  if (!isObject(options)) throw invalidType('The "options" argument must be an object.');
}

// https://www.sqlite.org/c3ref/c_limit_attached.html, in the order of the library's numbers.
const limitNames = [
  'length', 'sqlLength', 'column', 'exprDepth', 'compoundSelect', 'vdbeOp', 'functionArg', 'attach', 'likePatternLength', 'variableNumber',
  'triggerDepth',
];
const most = 2147483647;

function makeLimits(connection: Connection): any {
  const limits = {};
  limitNames.forEach((name, number) => {
    defineProperty(limits, name, {
      __proto__: null,
      get: () => native.limit(connection.open(), number, -1),
      set(value: any) {
        const ref = connection.open();
        if (value !== Infinity && !(Number.isInteger(value) && Math.abs(value) <= most)) {
          throw invalidType('Limit value must be a non-negative integer or Infinity.');
        }
        if (value < 0) throw failure(RangeError, 'ERR_OUT_OF_RANGE', 'Limit value must be non-negative.');
        native.limit(ref, number, Math.min(value, most));
      },
      enumerable: true,
      configurable: false,
    } as any);
  });
  defineProperty(limits, inspectCustom, { __proto__: null, value: () => ({ ...limits }), enumerable: false } as any);
  return limits;
}

// Function flags of the Go half.
const BIGINTS = 1;
const DETERMINISTIC = 2;
const DIRECT_ONLY = 4;

class Database {
  #connection = new Connection();
  #open: (() => void) | null;
  #limits: any = undefined;

  constructor(path?: any, options?: any) {
    path = readPath(path);
    let openNow = true;
    let readOnly = false;
    let foreignKeys = true;
    let doubleQuotedStrings = false;
    let timeout = 0;
    let defensive = false;
    const limits: [number, number][] = [];
    const connection = this.#connection;
    if (options !== undefined) {
      checkOptions(options);
      openNow = flag(options, 'open', true);
      readOnly = flag(options, 'readOnly', false);
      foreignKeys = flag(options, 'enableForeignKeyConstraints', true);
      doubleQuotedStrings = flag(options, 'enableDoubleQuotedStringLiterals', false);
      connection.extensions = flag(options, 'allowExtension', false);
      connection.extensionsEnabled = connection.extensions;
      if (options.timeout !== undefined) {
        if (!Number.isInteger(options.timeout)) throw invalidType('The "options.timeout" argument must be an integer.');
        timeout = options.timeout;
      }
      connection.bigints = flag(options, 'readBigInts', false);
      connection.arrays = flag(options, 'returnArrays', false);
      connection.bareNames = flag(options, 'allowBareNamedParameters', true);
      connection.unknownNames = flag(options, 'allowUnknownNamedParameters', false);
      defensive = flag(options, 'defensive', false);
      if (options.limits !== undefined) {
        if (!isObject(options.limits)) throw invalidType('The "options.limits" argument must be an object.');
        limitNames.forEach((name, number) => {
          const value = options.limits[name];
          if (value === undefined) return;
          if (!Number.isInteger(value) || Math.abs(value) > most) throw invalidType(`The "options.limits.${name}" argument must be an integer.`);
          if (value < 0) throw failure(RangeError, 'ERR_OUT_OF_RANGE', `The "options.limits.${name}" argument must be non-negative.`);
          limits.push([number, value]);
        });
      }
    }
    this.#open = () => {
      const ref = native.open(path, readOnly, foreignKeys, doubleQuotedStrings, Math.max(timeout, 0), defensive);
      for (const [number, value] of limits) native.limit(ref, number, value);
      connection.ref = ref;
    };
    const accessor = (get: () => any) => ({ __proto__: null, get, enumerable: true, configurable: false }) as any;
    Object.defineProperties(this, {
      isOpen: accessor(() => connection.ref !== null),
      isTransaction: accessor(() => native.isTransaction(connection.open())),
      limits: accessor(() => {
        connection.open();
        return (this.#limits ??= makeLimits(connection));
      }),
      [Symbol.for('sqlite-type')]: { __proto__: null, value: 'node:sqlite', writable: true, enumerable: true, configurable: true } as any,
    });
    if (openNow) this.#open();
  }

  static is(value: any): value is Database {
    return isObject(value) && #connection in value;
  }
  static connection(database: Database): Connection {
    return database.#connection;
  }

  open(): void {
    if (this.#connection.ref !== null) throw invalidState('database is already open');
    this.#open?.();
  }

  // Differs from Node: `DatabaseSync.close()` inside of a function that the database calls throws; there it ends the process.
  close(): void {
    native.close(this.#connection.open());
    this.#connection.ref = null;
    this.#connection.closures.clear();
  }

  [Symbol.dispose](): void {
    if (this.#connection.ref !== null) this.close();
  }

  #prepare(sql: string, options: any): any {
    const connection = this.#connection;
    const got = connection.call(native.prepare, connection.open(), sql);
    if (got === undefined) throw failure(TypeError, 'ERR_INVALID_ARG_VALUE', 'The SQL query contains no statements.');
    return new (Statement as any)(connection, this, got[0], sql, got[1], options);
  }

  prepare(sql?: any, options?: any): any {
    this.#connection.open();
    if (typeof sql !== 'string') throw invalidType('The "sql" argument must be a string.');
    let own;
    if (options !== undefined) {
      checkOptions(options);
      own = {
        readBigInts: flag(options, 'readBigInts', this.#connection.bigints),
        returnArrays: flag(options, 'returnArrays', this.#connection.arrays),
        allowBareNamedParameters: flag(options, 'allowBareNamedParameters', this.#connection.bareNames),
        allowUnknownNamedParameters: flag(options, 'allowUnknownNamedParameters', this.#connection.unknownNames),
      };
    }
    return this.#prepare(sql, own);
  }

  exec(sql?: any): void {
    const ref = this.#connection.open();
    if (typeof sql !== 'string') throw invalidType('The "sql" argument must be a string.');
    this.#connection.call(native.exec, ref, sql);
  }

  location(dbName: any = 'main'): string | null {
    const ref = this.#connection.open();
    if (typeof dbName !== 'string') throw invalidType('The "dbName" argument must be a string.');
    return native.location(ref, dbName);
  }

  createTagStore(maxSize: any = 1000): any {
    this.#connection.open();
    if (typeof maxSize !== 'number' || !Number.isInteger(maxSize)) throw invalidType('The "maxSize" argument must be a positive integer.');
    if (maxSize <= 0) throw failure(RangeError, 'ERR_OUT_OF_RANGE', 'The "maxSize" argument must be a positive integer.');
    return new SQLTagStore(this, maxSize, (sql) => this.#prepare(sql, undefined), () => { this.#connection.open(); });
  }

  function(name?: any, options?: any, fn?: any): void {
    const connection = this.#connection;
    const ref = connection.open();
    if (typeof name !== 'string') throw invalidType('The "name" argument must be a string.');
    if (fn === undefined) {
      fn = options;
      options = {};
      if (typeof fn !== 'function') throw invalidType('The "function" argument must be a function.');
    } else {
      checkOptions(options);
    }
    const bigints = flag(options, 'useBigIntArguments', false);
    const varargs = flag(options, 'varargs', false);
    const deterministic = flag(options, 'deterministic', false);
    const directOnly = flag(options, 'directOnly', false);
    if (typeof fn !== 'function') throw invalidType('The "function" argument must be a function.');
    const flags = (bigints ? BIGINTS : 0) | (deterministic ? DETERMINISTIC : 0) | (directOnly ? DIRECT_ONLY : 0);
    const count = varargs ? -1 : fn.length;
    native.createFunction(ref, name, count, flags, connection.closure((...args) => answer(fn(...args))));
  }

  aggregate(name?: any, options?: any): void {
    const connection = this.#connection;
    const ref = connection.open();
    if (typeof name !== 'string') throw invalidType('The "name" argument must be a string.');
    const { start } = options;
    if (start === undefined) throw invalidType('The "options.start" argument must be a function or a primitive value.');
    const { step, inverse, result } = options;
    if (typeof step !== 'function') throw invalidType('The "options.step" argument must be a function.');
    const bigints = flag(options, 'useBigIntArguments', false);
    const varargs = flag(options, 'varargs', false);
    const directOnly = flag(options, 'directOnly', false);
    if (inverse !== undefined && typeof inverse !== 'function') throw invalidType('The "options.inverse" argument must be a function.');
    const count = varargs ? -1 : Math.max(Math.max(step.length - 1, 0), inverse === undefined ? 0 : Math.max(inverse.length - 1, 0));
    // States by the number that Go gives to each use of the aggregate.
    const states = new Map<number, { value: any; asked: boolean }>();
    const fresh = () => ({ value: typeof start === 'function' ? start() : start, asked: false });
    const state = (id: number) => {
      let found = states.get(id);
      if (found === undefined) states.set(id, found = fresh());
      return found;
    };
    const give = (value: any) => answer(typeof result === 'function' ? result(value) : value);
    const onStep = connection.closure((id, ...args) => {
      if (connection.failed) return;
      const s = state(id);
      s.value = step(s.value, ...args);
    });
    const onFinal = connection.closure((id) => {
      const s = states.get(id);
      states.delete(id);
      // A window function has given its results, one a row.
      if (connection.failed || s?.asked) return;
      give((s ?? fresh()).value);
    });
    const onValue = inverse === undefined ? 0 : connection.closure((id) => {
      if (connection.failed) return;
      const s = state(id);
      s.asked = true;
      give(s.value);
    });
    const onInverse = inverse === undefined ? 0 : connection.closure((id, ...args) => {
      if (connection.failed) return;
      const s = state(id);
      s.value = inverse(s.value, ...args);
    });
    native.createAggregate(ref, name, count, (bigints ? BIGINTS : 0) | (directOnly ? DIRECT_ONLY : 0), onStep, onFinal, onValue, onInverse);
  }

  setAuthorizer(callback?: any): void {
    const connection = this.#connection;
    const ref = connection.open();
    if (callback === null) {
      native.setAuthorizer(ref, 0);
      return;
    }
    if (typeof callback !== 'function') throw invalidType('The "callback" argument must be a function or null.');
    native.setAuthorizer(ref, connection.closure((...args) => {
      const code = callback(...args);
      if (!Number.isInteger(code)) throw failure(TypeError, 'ERR_INVALID_ARG_TYPE', 'Authorizer callback must return an integer authorization code');
      if (code !== constants.SQLITE_OK && code !== constants.SQLITE_DENY && code !== constants.SQLITE_IGNORE) {
        throw failure(RangeError, 'ERR_OUT_OF_RANGE', 'Authorizer callback returned a invalid authorization code');
      }
      native.answerNumber(code);
    }));
  }

  createSession(options?: any): any {
    const ref = this.#connection.open();
    let table;
    let name = 'main';
    if (options !== undefined) {
      checkOptions(options);
      if (options.table !== undefined) {
        if (typeof options.table !== 'string') throw invalidType('The "options.table" argument must be a string.');
        ({ table } = options);
      }
      if (options.db !== undefined) {
        if (typeof options.db !== 'string') throw invalidType('The "options.db" argument must be a string.');
        name = options.db;
      }
    }
    return new (SessionOf as any)(this.#connection, this, native.sessionCreate(ref, name, table));
  }

  applyChangeset(changeset?: any, options?: any): boolean {
    const connection = this.#connection;
    const ref = connection.open();
    if (!(changeset instanceof Uint8Array)) throw invalidType('The "changeset" argument must be a Uint8Array.');
    let filter = 0;
    let conflict = 0;
    if (options !== undefined) {
      checkOptions(options);
      const { filter: wanted, onConflict } = options;
      if (onConflict !== undefined && typeof onConflict !== 'function') throw invalidType('The "options.onConflict" argument must be a function.');
      if (wanted !== undefined && typeof wanted !== 'function') throw invalidType('The "options.filter" argument must be a function.');
      if (wanted !== undefined) {
        filter = connection.closure((table) => native.answerNumber(!connection.failed && wanted(table) ? 1 : 0));
      }
      if (onConflict !== undefined) {
        conflict = connection.closure((kind) => {
          const code = onConflict(kind);
          native.answerNumber(Number.isInteger(code) ? code : -1);
        });
      }
    }
    try {
      return connection.call(native.applyChangeset, ref, changeset, filter, conflict);
    } finally {
      connection.closures.delete(filter);
      connection.closures.delete(conflict);
    }
  }

  enableDefensive(active?: any): void {
    const ref = this.#connection.open();
    if (typeof active !== 'boolean') throw invalidType('The "active" argument must be a boolean.');
    native.defensive(ref, active);
  }

  enableLoadExtension(allow?: any): void {
    const connection = this.#connection;
    connection.open();
    if (typeof allow !== 'boolean') throw invalidType('The "allow" argument must be a boolean.');
    if (allow && !connection.extensions) {
      throw invalidState('Cannot enable extension loading because it was disabled at database creation.');
    }
    connection.extensionsEnabled = allow;
  }

  // Differs from Node: extensions, which are C libraries, can't be loaded.
  loadExtension(path?: any): void {
    const connection = this.#connection;
    connection.open();
    if (!connection.extensions || !connection.extensionsEnabled) throw invalidState('extension loading is not allowed');
    if (typeof path !== 'string') throw invalidType('The "path" argument must be a string.');
    unavailable('sqlite.DatabaseSync.loadExtension()');
  }

  serialize(dbName: any = 'main'): Uint8Array {
    const ref = this.#connection.open();
    if (typeof dbName !== 'string') throw invalidType('The "dbName" argument must be a string.');
    return native.serialize(ref, dbName);
  }

  deserialize(buffer?: any, options?: any): void {
    const ref = this.#connection.open();
    if (!(buffer instanceof Uint8Array)) throw invalidType('The "buffer" argument must be a Uint8Array.');
    if (buffer.byteLength === 0) throw failure(TypeError, 'ERR_INVALID_ARG_VALUE', 'The "buffer" argument must not be empty.');
    let name = 'main';
    if (options !== undefined) {
      checkOptions(options);
      if (options.dbName !== undefined) {
        if (typeof options.dbName !== 'string') throw invalidType('The "options.dbName" argument must be a string.');
        name = options.dbName;
      }
    }
    native.deserialize(ref, buffer, name);
  }
}

class SessionOf {
  #connection: Connection;
  #database: any; // keeps it from being collected
  #ref: native.Ref;
  #closed = false;

  constructor(connection: Connection, database: any, ref: native.Ref) {
    this.#connection = connection;
    this.#database = database;
    this.#ref = ref;
  }
  #check(): void {
    this.#connection.open();
    if (this.#closed) throw invalidState('session is not open');
  }
  changeset(): Uint8Array {
    this.#check();
    return this.#connection.call(native.sessionChanges, this.#ref, false);
  }
  patchset(): Uint8Array {
    this.#check();
    return this.#connection.call(native.sessionChanges, this.#ref, true);
  }
  close(): void {
    this.#check();
    native.sessionClose(this.#ref);
    this.#closed = true;
  }
  [Symbol.dispose](): void {
    if (!this.#closed && this.#connection.ref !== null) this.close();
  }
}

/** A constructor that can be called without new, to say so, and with it when make does. */
function facade(name: string, Class: any, make: (args: any[], target: any) => any): any {
  const f: any = function(this: any, ...args: any[]): any {
    return make(args, new.target);
  };
  defineProperty(f, 'name', { __proto__: null, value: name, configurable: true } as any);
  f.prototype = Class.prototype;
  defineProperty(f, 'prototype', { __proto__: null, writable: false } as any);
  defineProperty(f.prototype, 'constructor', { __proto__: null, value: f, writable: true, configurable: true, enumerable: false } as any);
  for (const method of getOwnPropertyNames(f.prototype)) {
    if (method === 'constructor') continue;
    defineProperty(f.prototype, method, { __proto__: null, enumerable: true } as any);
    defineProperty(f.prototype[method], 'length', { __proto__: null, value: 0, configurable: true } as any);
  }
  return f;
}

function illegal(): never {
  throw failure(Error, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
}

const DatabaseSync = facade('DatabaseSync', Database, (args, target) => {
  if (target === undefined) throw failure(TypeError, 'ERR_CONSTRUCT_CALL_REQUIRED', 'Cannot call constructor without `new`');
  return Reflect.construct(Database, args, target);
});
const StatementSync = facade('StatementSync', Statement, illegal);
const Session = facade('Session', SessionOf, illegal);

async function copy(connection: Connection, sourceDb: any, ref: native.Ref, rate: number, progress: any): Promise<number> {
  for (;;) {
    const [done, totalPages, remainingPages] = await promised<any>((req) => native.backupStep(ref, rate, req));
    if (done) return totalPages;
    if (progress !== undefined) progress({ totalPages, remainingPages });
    void sourceDb; // not collected before the last step
    void connection;
  }
}

function backup(sourceDb: any, path: any, ...rest: any[]): Promise<number> {
  if (!isObject(sourceDb)) throw invalidType('The "sourceDb" argument must be an object.');
  const file = readPath(path);
  const [options] = rest;
  let rate = 100;
  let source = 'main';
  let target = 'main';
  let progress;
  if (options !== undefined) {
    checkOptions(options);
    if (options.rate !== undefined) {
      if (!Number.isInteger(options.rate)) throw invalidType('The "options.rate" argument must be an integer.');
      ({ rate } = options);
    }
    if (options.source !== undefined) {
      if (typeof options.source !== 'string') throw invalidType('The "options.source" argument must be a string.');
      ({ source } = options);
    }
    if (options.target !== undefined) {
      if (typeof options.target !== 'string') throw invalidType('The "options.target" argument must be a string.');
      ({ target } = options);
    }
    if (options.progress !== undefined) {
      if (typeof options.progress !== 'function') throw invalidType('The "options.progress" argument must be a function.');
      ({ progress } = options);
    }
  }
  if (!Database.is(sourceDb)) throw invalidType('The "sourceDb" argument must be an object.');
  const connection = Database.connection(sourceDb);
  return copy(connection, sourceDb, native.backupCreate(connection.open(), file, source, target), rate, progress);
}

// https://www.sqlite.org/session/c_changeset_abort.html and https://www.sqlite.org/c3ref/c_alter_table.html
const constants: any = Object.freeze({
  SQLITE_CHANGESET_OMIT: 0, SQLITE_CHANGESET_REPLACE: 1, SQLITE_CHANGESET_ABORT: 2,
  SQLITE_CHANGESET_DATA: 1, SQLITE_CHANGESET_NOTFOUND: 2, SQLITE_CHANGESET_CONFLICT: 3, SQLITE_CHANGESET_CONSTRAINT: 4,
  SQLITE_CHANGESET_FOREIGN_KEY: 5,
  SQLITE_OK: 0, SQLITE_DENY: 1, SQLITE_IGNORE: 2,
  SQLITE_CREATE_INDEX: 1, SQLITE_CREATE_TABLE: 2, SQLITE_CREATE_TEMP_INDEX: 3, SQLITE_CREATE_TEMP_TABLE: 4, SQLITE_CREATE_TEMP_TRIGGER: 5,
  SQLITE_CREATE_TEMP_VIEW: 6, SQLITE_CREATE_TRIGGER: 7, SQLITE_CREATE_VIEW: 8, SQLITE_DELETE: 9, SQLITE_DROP_INDEX: 10, SQLITE_DROP_TABLE: 11,
  SQLITE_DROP_TEMP_INDEX: 12, SQLITE_DROP_TEMP_TABLE: 13, SQLITE_DROP_TEMP_TRIGGER: 14, SQLITE_DROP_TEMP_VIEW: 15, SQLITE_DROP_TRIGGER: 16,
  SQLITE_DROP_VIEW: 17, SQLITE_INSERT: 18, SQLITE_PRAGMA: 19, SQLITE_READ: 20, SQLITE_SELECT: 21, SQLITE_TRANSACTION: 22, SQLITE_UPDATE: 23,
  SQLITE_ATTACH: 24, SQLITE_DETACH: 25, SQLITE_ALTER_TABLE: 26, SQLITE_REINDEX: 27, SQLITE_ANALYZE: 28, SQLITE_CREATE_VTABLE: 29,
  SQLITE_DROP_VTABLE: 30, SQLITE_FUNCTION: 31, SQLITE_SAVEPOINT: 32, SQLITE_COPY: 0, SQLITE_RECURSIVE: 33,
});

export default { DatabaseSync, StatementSync, Session, constants, backup };
