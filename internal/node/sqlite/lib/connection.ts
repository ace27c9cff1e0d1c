// What the classes of node:sqlite share of one database: its reference, and the closures that SQLite calls while a native runs.
import * as native from 'native:sqlite';

/** An error with a code and nothing else, as this module throws them. */
export function failure(Class: any, code: string, message: string): Error {
  const error = new Class(message);
  error.code = code;
  return error;
}
export function invalidType(message: string): Error {
  return failure(TypeError, 'ERR_INVALID_ARG_TYPE', message);
}
export function invalidState(message: string): Error {
  return failure(Error, 'ERR_INVALID_STATE', message);
}

type Closure = (...args: any[]) => void;

let current: Connection | null = null;
let registered = false;

// Called by Go, inside of a native that was called by Connection.call.
function dispatch(id: number, ...args: any[]): void {
  current?.closures.get(id)?.(...args);
}

export class Connection {
  ref: native.Ref | null = null;
  closures = new Map<number, Closure>();
  #next = 1;
  #failed = false;
  #error: any = undefined;
  // Defaults of the statements.
  bigints = false;
  arrays = false;
  bareNames = true;
  unknownNames = false;
  extensions = false;
  extensionsEnabled = false;

  /** The reference of the open database; throws when it is closed. */
  open(): native.Ref {
    if (this.ref === null) throw invalidState('database is not open');
    return this.ref;
  }

  /** Registers a closure and gives its number. What it throws becomes the error of the native that runs it. */
  closure(f: Closure): number {
    if (!registered) {
      registered = true;
      native.register(dispatch);
    }
    const id = this.#next++;
    this.closures.set(id, (...args) => {
      try {
        f(...args);
      } catch (error) {
        this.fail(error);
        native.answerError('');
      }
    });
    return id;
  }

  get failed(): boolean {
    return this.#failed;
  }
  /** From a closure: the first error counts. */
  fail(error: any): void {
    if (!this.#failed) {
      this.#failed = true;
      this.#error = error;
    }
  }

  /** Calls a native that may run closures. */
  call(f: (...args: any[]) => any, ...args: any[]): any {
    if (this.closures.size === 0) return f(...args);
    const before = current;
    current = this;
    try {
      return f(...args);
    } finally {
      current = before;
      if (this.#failed) {
        this.#failed = false;
        const error = this.#error;
        this.#error = undefined;
        throw error; // in place of SQLite's own error
      }
    }
  }
}

/** Answers with the value of an SQL function. */
export function answer(value: any): void {
  if (value === null || value === undefined) {
    native.answerValue(null);
  } else if (typeof value === 'number' || typeof value === 'string' || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    native.answerValue(value as any);
  } else if (typeof value === 'bigint') {
    if (value !== BigInt.asIntN(64, value)) native.answerError('BigInt value is too large for SQLite');
    else native.answerValue(value);
  } else if (value instanceof Promise) {
    native.answerError('Asynchronous user-defined functions are not supported');
  } else {
    native.answerError('Returned JavaScript value cannot be converted to a SQLite value');
  }
}
