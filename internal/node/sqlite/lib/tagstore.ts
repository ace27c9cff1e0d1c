// SQLTagStore: prepared statements by the text of a template. https://nodejs.org/docs/latest-v24.x/api/sqlite.html#class-sqltagstore
import { failure, invalidType } from 'internal:sqlite/connection';
import { Statement } from 'internal:sqlite/statement';

export class SQLTagStore {
  #prepare: (sql: string) => any;
  #isOpen: () => void;
  #cache = new Map<string, any>(); // the least recently used first

  constructor(database: any, capacity: number, prepare: (sql: string) => any, isOpen: () => void) {
    this.#prepare = prepare;
    this.#isOpen = isOpen;
    const accessor = (get: () => any) => ({ __proto__: null, get, enumerable: true, configurable: false }) as any;
    Object.defineProperties(this, {
      capacity: accessor(() => capacity),
      db: accessor(() => database),
      size: accessor(() => this.#cache.size),
    });
  }

  #statement(strings: any, values: any[]): any {
    this.#isOpen();
    if (!Array.isArray(strings) || !strings.every((s) => typeof s === 'string')) {
      throw invalidType('First argument must be an array of strings (template literal).');
    }
    const sql = strings.join('?');
    let statement = this.#cache.get(sql);
    if (statement !== undefined) {
      this.#cache.delete(sql);
      if (Statement.isFinalized(statement)) statement = undefined;
    }
    if (statement === undefined) {
      statement = this.#prepare(sql);
      while (this.#cache.size >= (this as any).capacity) this.#cache.delete(this.#cache.keys().next().value as string);
    }
    this.#cache.set(sql, statement);
    if (Statement.parameterCount(statement) !== values.length) {
      throw failure(TypeError, 'ERR_INVALID_ARG_VALUE', 'SQLite parameters must be bound using template literal placeholders.');
    }
    // The first value is never an object of named parameters.
    if (values.length > 0 && typeof values[0] === 'object' && values[0] !== null && !ArrayBuffer.isView(values[0]) && !(values[0] instanceof ArrayBuffer)) {
      throw invalidType('Provided value cannot be bound to SQLite parameter 1.');
    }
    return statement;
  }

  get(strings: any, ...values: any[]): any {
    return this.#statement(strings, values).get(...values);
  }
  all(strings: any, ...values: any[]): any {
    return this.#statement(strings, values).all(...values);
  }
  iterate(strings: any, ...values: any[]): any {
    return this.#statement(strings, values).iterate(...values);
  }
  run(strings: any, ...values: any[]): any {
    return this.#statement(strings, values).run(...values);
  }
  clear(): void {
    this.#cache.clear();
  }
}
