// node:sqlite. https://nodejs.org/docs/latest-v24.x/api/sqlite.html
import { unavailable } from 'internal:errors';

// Differs from Node: the SQLite database isn't there.
function DatabaseSync(this: any): void {
  if (!new.target) {
    throw Object.assign(new TypeError('Cannot call constructor without `new`'), { code: 'ERR_CONSTRUCT_CALL_REQUIRED' });
  }
  unavailable('sqlite.DatabaseSync');
}
// The same code as elsewhere, but a plain Error.
function illegal(): Error {
  return Object.assign(new Error('Illegal constructor'), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
}
function StatementSync(): void {
  throw illegal();
}
function Session(): void {
  throw illegal();
}
function backup(_sourceDb: any, _path: any): never {
  return unavailable('sqlite.backup()');
}

function methods(of: any, name: string, list: string[]): void {
  for (const method of list) {
    Object.defineProperty(of.prototype, method, {
      value: { [method]() { unavailable(`sqlite.${name}.${method}()`); } }[method],
      writable: true, enumerable: true, configurable: true,
    });
  }
}
methods(DatabaseSync, 'DatabaseSync', [
  'open', 'close', 'prepare', 'exec', 'function', 'createTagStore', 'location', 'aggregate', 'createSession', 'applyChangeset', 'enableLoadExtension',
  'loadExtension', 'setAuthorizer',
]);
methods(StatementSync, 'StatementSync', [
  'iterate', 'all', 'get', 'run', 'columns', 'setAllowBareNamedParameters', 'setAllowUnknownNamedParameters', 'setReadBigInts', 'setReturnArrays',
]);
methods(Session, 'Session', ['changeset', 'patchset', 'close']);

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
