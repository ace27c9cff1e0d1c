// fs.Dir: one open directory. https://nodejs.org/docs/latest-v24.x/api/fs.html#class-fsdir
import * as native from 'native:fs';
import { codes } from 'internal:errors';
import { promised, request } from 'internal:request';
import { validateBoolean, validateFunction, validateUint32 } from 'internal:validators';
import { decodeName, getOptions, later, toPath, wantsBuffer } from 'internal:fs/arguments';
import { Dirent } from 'internal:fs/stats';
import { join } from 'internal:fs/join';

const { defineProperty } = Object;

export class Dir {
  #handle: any;
  #path: any;
  #options: any;
  #closed = false;
  // Operations wait for one another: the directory has one position.
  #queue: (() => void)[] | null = null;
  #entries: any[] = [];
  #below: any[] = []; // [relative path] of directories still to be read, with recursive
  #prefix: any;

  constructor(handle: any, path: any, options: any) {
    if (handle == null) {
      throw new codes.ERR_MISSING_ARGS('handle');
    }
    this.#handle = handle;
    this.#path = path;
    this.#prefix = path;
    this.#options = { bufferSize: 32, ...getOptions(options, { encoding: 'utf8' }) };
    validateUint32(this.#options.bufferSize, 'options.bufferSize', true);
    if (this.#options.recursive != null) {
      validateBoolean(this.#options.recursive, 'options.recursive');
    }
  }

  get path(): any {
    if (!(#path in this)) {
      throw new codes.ERR_INVALID_THIS('Dir');
    }
    return this.#path;
  }

  read(callback?: any): any {
    return this.#read(true, callback);
  }

  #read(shared: boolean, callback?: any): any {
    if (callback === undefined) {
      if (this.#closed) {
        return Promise.reject(new codes.ERR_DIR_CLOSED());
      }
      return new Promise((resolve, reject) => this.#read(shared, (err: any, entry: any) => err ? reject(err) : resolve(entry)));
    }
    validateFunction(callback, 'callback');
    if (this.#closed) {
      later(callback, new codes.ERR_DIR_CLOSED());
      return undefined;
    }
    if (this.#queue !== null) {
      this.#queue.push(() => this.#read(shared, callback));
      return undefined;
    }
    if (this.#entries.length > 0) {
      later(callback, null, this.#entries.shift());
      return undefined;
    }
    this.#queue = [];
    this.#fill((err, entry) => {
      this.#drain();
      callback(err, entry);
    });
    return undefined;
  }

  #drain(): void {
    const queue = this.#queue ?? [];
    this.#queue = null;
    for (const next of queue) {
      next();
    }
  }

  #fill(callback: (err: any, entry?: any) => void): void {
    native.dirRead(this.#handle, this.#options.bufferSize, wantsBuffer(this.#options.encoding), request((err, list) => {
      if (err !== null) {
        callback(err);
        return;
      }
      if (list !== null) {
        this.#take(list);
        callback(null, this.#entries.shift());
        return;
      }
      const next = this.#below.shift();
      if (next === undefined) {
        callback(null, null);
        return;
      }
      native.dirClose(this.#handle);
      native.opendir(next, request((failure, handle) => {
        if (failure !== null) {
          callback(failure);
          return;
        }
        this.#handle = handle;
        this.#prefix = next;
        this.#fill(callback);
      }));
    }));
  }

  #take(list: any[]): void {
    const { encoding, recursive } = this.#options;
    for (let i = 0; i < list.length; i += 2) {
      const name = decodeName(list[i], encoding);
      const entry = new Dirent(name, this.#prefix, list[i + 1]);
      this.#entries.push(entry);
      if (recursive && entry.isDirectory()) {
        this.#below.push(join(this.#prefix, list[i]));
      }
    }
  }

  readSync(): any {
    if (this.#closed) {
      throw new codes.ERR_DIR_CLOSED();
    }
    if (this.#queue !== null) {
      throw new codes.ERR_DIR_CONCURRENT_OPERATION();
    }
    while (this.#entries.length === 0) {
      const list = native.dirRead(this.#handle, this.#options.bufferSize, wantsBuffer(this.#options.encoding));
      if (list !== null) {
        this.#take(list);
        continue;
      }
      const next = this.#below.shift();
      if (next === undefined) {
        return null;
      }
      native.dirClose(this.#handle);
      this.#handle = native.opendir(next);
      this.#prefix = next;
    }
    return this.#entries.shift();
  }

  close(callback?: any): any {
    if (callback === undefined) {
      if (this.#closed) {
        return Promise.reject(new codes.ERR_DIR_CLOSED());
      }
      return new Promise<void>((resolve, reject) => this.close((err: any) => err ? reject(err) : resolve()));
    }
    validateFunction(callback, 'callback');
    if (this.#closed) {
      later(callback, new codes.ERR_DIR_CLOSED());
      return undefined;
    }
    if (this.#queue !== null) {
      this.#queue.push(() => this.close(callback));
      return undefined;
    }
    this.#closed = true;
    native.dirClose(this.#handle, request((err) => callback(err)));
    return undefined;
  }

  closeSync(): void {
    if (this.#closed) {
      throw new codes.ERR_DIR_CLOSED();
    }
    if (this.#queue !== null) {
      throw new codes.ERR_DIR_CONCURRENT_OPERATION();
    }
    this.#closed = true;
    native.dirClose(this.#handle);
  }

  async* entries(): AsyncGenerator<any> {
    try {
      while (true) {
        const entry = await this.#read(false);
        if (entry === null) {
          break;
        }
        yield entry;
      }
    } finally {
      await this.close();
    }
  }

  [Symbol.dispose](): void {
    if (this.#closed) {
      return;
    }
    this.closeSync();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) {
      return;
    }
    await this.close();
  }
}
defineProperty(Dir.prototype, Symbol.asyncIterator, { enumerable: false, writable: true, configurable: true, value: Dir.prototype.entries });

function validate(options: any): any {
  options = getOptions(options, { encoding: 'utf8' });
  if (options.bufferSize !== undefined) {
    validateUint32(options.bufferSize, 'options.bufferSize', true);
  }
  return options;
}

export function opendir(path: any, options: any, callback?: any): void {
  callback = typeof options === 'function' ? options : callback;
  validateFunction(callback, 'callback');
  path = toPath(path);
  options = validate(options);
  native.opendir(path, request((err, handle) => err !== null ? callback(err) : callback(null, new Dir(handle, path, options))));
}
export function opendirSync(path: any, options?: any): any {
  path = toPath(path);
  options = validate(options);
  return new Dir(native.opendir(path), path, options);
}
export function opendirPromise(path: any, options?: any): Promise<any> {
  path = toPath(path);
  options = validate(options);
  return promised((id) => native.opendir(path, id)).then((handle) => new Dir(handle, path, options));
}
