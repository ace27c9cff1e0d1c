// internal:web/storage/file: the items of localStorage, in an SQLite database that several processes and threads may use at once. Its tables are
// those of Node's files, so that either reads what the other wrote: names and values are UTF-16LE, triggers count their bytes.
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { atEnd } from 'internal:process/lifecycle';
import { QUOTA, quotaExceeded, type Items } from 'internal:web/storage/items';

const bytesOf = (row: string): string => `(octet_length(${row}.key) + octet_length(${row}.value))`;
const count = (event: string, change: string): string => `create trigger if not exists nodejs_quota_${event} after ${event} on nodejs_webstorage
  begin update nodejs_webstorage_state set total_size = total_size ${change}; ${event === 'delete' ? '' : 'select raise(abort, \'QuotaExceeded\') from nodejs_webstorage_state where total_size > max_size;'} end;`;

const schema = `
create table if not exists nodejs_webstorage(key blob not null, value blob not null, primary key(key)) strict;
create table if not exists nodejs_webstorage_state(max_size integer not null default ${QUOTA}, total_size integer not null,
  schema_version integer not null default 0, single_row_ integer not null default 1 check(single_row_ = 1), primary key(single_row_)) strict;
insert or ignore into nodejs_webstorage_state(total_size, schema_version) values (0, 1);
${count('insert', `+ ${bytesOf('new')}`)}
${count('update', `+ ${bytesOf('new')} - ${bytesOf('old')}`)}
${count('delete', `- ${bytesOf('old')}`)}`;

const encode = (text: string): any => Buffer.from(text, 'utf16le');
const decode = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');

/** An error of the database, in the form that storage has for it. */
function translated(error: any): any {
  if (/QuotaExceeded/.test(error?.message)) return quotaExceeded();
  return Object.assign(new Error(error?.errstr ?? error?.message), { code: 'ERR_INVALID_STATE' });
}

/** Opens its file when it is first used. Every method may throw ERR_INVALID_STATE. */
export class FileItems implements Items {
  #path: string;
  #database: any;
  #statements = new Map<string, any>();
  constructor(path: string) {
    this.#path = path;
  }
  #open(): any {
    if (this.#database === undefined) {
      const database = new (load('node:sqlite').default.DatabaseSync)(this.#path, { timeout: 5000 });
      try {
        database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
        database.exec(`begin immediate; ${schema} commit;`);
      } catch (error) {
        database.close();
        throw error;
      }
      this.#database = database;
      atEnd(() => database.isOpen && database.close());
    }
    return this.#database;
  }
  #run(method: 'get' | 'all' | 'run', sql: string, ...values: any[]): any {
    try {
      let statement = this.#statements.get(sql);
      if (statement === undefined) {
        statement = this.#open().prepare(sql);
        this.#statements.set(sql, statement);
      }
      return statement[method](...values);
    } catch (error) {
      throw translated(error);
    }
  }
  get(name: string): string | undefined {
    const row = this.#run('get', 'select value from nodejs_webstorage where key = ?', encode(name));
    return row === undefined ? undefined : decode(row.value);
  }
  set(name: string, value: string): void {
    this.#run('run', 'insert into nodejs_webstorage(key, value) values (?, ?) on conflict(key) do update set value = excluded.value where value <> excluded.value',
      encode(name), encode(value));
  }
  remove(name: string): void {
    this.#run('run', 'delete from nodejs_webstorage where key = ?', encode(name));
  }
  clear(): void {
    this.#run('run', 'delete from nodejs_webstorage');
  }
  size(): number {
    return this.#run('get', 'select count(*) as n from nodejs_webstorage').n;
  }
  names(): string[] {
    return this.#run('all', 'select key from nodejs_webstorage order by key').map(({ key }: any) => decode(key));
  }
}
