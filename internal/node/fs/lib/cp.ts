// fs.cp: copies files and trees. https://nodejs.org/docs/latest-v24.x/api/fs.html#fscpsrc-dest-options-callback
//
// One algorithm, written as a generator that yields each file operation: cpNow does them at once, cpPromise one after the other.
import * as native from 'native:fs';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { promised } from 'internal:request';
import { posix } from 'internal:path';
import { validateBoolean, validateFunction, validateObject } from 'internal:validators';
import { copyMode } from 'internal:fs/arguments';
import { statsOf } from 'internal:fs/stats';
import { join } from 'internal:fs/join';

const defaults = {
  dereference: false, errorOnExist: false, filter: undefined, force: true, preserveTimestamps: false, recursive: false, verbatimSymlinks: false, mode: 0,
};

/** Validated options with defaults. */
export function cpOptions(options: any): any {
  if (options === undefined) {
    return { ...defaults };
  }
  validateObject(options, 'options');
  options = { ...defaults, ...options };
  for (const name of ['dereference', 'errorOnExist', 'force', 'preserveTimestamps', 'recursive', 'verbatimSymlinks']) {
    validateBoolean(options[name], `options.${name}`);
  }
  options.mode = copyMode(options.mode);
  if (options.dereference === true && options.verbatimSymlinks === true) {
    throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('dereference', 'verbatimSymlinks');
  }
  if (options.filter !== undefined) {
    validateFunction(options.filter, 'options.filter');
  }
  return options;
}

type Errors = (code: string, path: any, errno: number, name: string, message: string) => Error;

// The promise form reports in the form of a system error, the synchronous one plainly.
const systemErrors: Errors = (code, path, errno, name, message) =>
  new codes[code]({ message, path: String(path), syscall: 'cp', errno, code: name });
const plainErrors: Errors = (code, path, errno, name, message) => {
  if (code === 'ERR_FS_CP_EEXIST') {
    return systemErrors(code, path, errno, name, message);
  }
  if (code === 'ERR_FS_EISDIR') {
    message = `Recursive option not enabled, cannot copy a directory: ${String(path).replace(/\/*$/, '/')}`;
  }
  if (message.startsWith('src and dest')) {
    message += ` ${path}`;
  }
  const first = message.startsWith('src and dest') || code === 'ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY' ? message[0] : message[0].toUpperCase();
  const err: any = new Error(first + message.slice(1));
  err.code = code;
  return err;
};

/** An operation: called with undefined it works at once, with a request number it settles that. */
type Operation = ((request: any) => any) | { filter: any; src: any; dest: any };
type Steps<T> = Generator<Operation, T, any>;

class Copier {
  options: any;
  fail: Errors;
  constructor(options: any, fail: Errors) {
    this.options = options;
    this.fail = fail;
  }

  *stat(path: any, ofLink: boolean): Steps<any> {
    return statsOf(yield (id: any) => id === undefined ? now(path, ofLink, true) : native.stat(path, ofLink, undefined, true, true, id));
  }
  *statOrNull(path: any, ofLink: boolean): Steps<any> {
    try {
      return yield* this.stat(path, ofLink);
    } catch (err: any) {
      if (err.code === 'ENOENT') {
        return null;
      }
      throw err;
    }
  }

  *run(src: any, dest: any): Steps<void> {
    const check = yield* this.check(src, dest);
    if (check === null) {
      return;
    }
    yield* this.checkParents(src, check.src, dest);
    const parent = posix.dirname(String(dest));
    if ((yield* this.statOrNull(parent, false)) === null) {
      yield (id: any) => native.mkdir(parent, 0o777, true, id);
    }
    yield* this.copy(src, dest, check.src, check.dest);
  }

  /** Stats of both ends; null when the filter says no. */
  *check(src: any, dest: any): Steps<{ src: any; dest: any } | null> {
    const { filter, dereference } = this.options;
    if (filter !== undefined && !(yield { filter, src, dest })) {
      return null;
    }
    const from = yield* this.stat(src, !dereference);
    const to = yield* this.statOrNull(dest, !dereference);
    if (to !== null) {
      if (same(from, to)) {
        throw this.fail('ERR_FS_CP_EINVAL', dest, 22, 'EINVAL', 'src and dest cannot be the same');
      }
      if (from.isDirectory() && !to.isDirectory()) {
        throw this.fail('ERR_FS_CP_DIR_TO_NON_DIR', dest, 21, 'EISDIR', `cannot overwrite non-directory ${dest} with directory ${src}`);
      }
      if (!from.isDirectory() && to.isDirectory()) {
        throw this.fail('ERR_FS_CP_NON_DIR_TO_DIR', dest, 20, 'ENOTDIR', `cannot overwrite directory ${dest} with non-directory ${src}`);
      }
    }
    if (from.isDirectory() && isBelow(src, dest)) {
      throw this.below(src, dest, dest);
    }
    return { src: from, dest: to };
  }
  below(src: any, dest: any, path: any): Error {
    const from = this.fail === plainErrors && src !== '' && path === dest ? String(src).replace(/\/*$/, '/') : src;
    return this.fail('ERR_FS_CP_EINVAL', path, 22, 'EINVAL', `cannot copy ${from} to a subdirectory of self ${dest}`);
  }

  /** dest must not be in src under another name. */
  *checkParents(src: any, from: any, dest: any): Steps<void> {
    const srcParent = posix.resolve(posix.dirname(String(src)));
    let parent = posix.resolve(posix.dirname(String(dest)));
    while (parent !== srcParent && parent !== posix.parse(parent).root) {
      const stats = yield* this.statOrNull(parent, false);
      if (stats === null) {
        return;
      }
      if (same(from, stats)) {
        throw this.below(src, dest, dest);
      }
      parent = posix.resolve(posix.dirname(parent));
    }
  }

  *copy(src: any, dest: any, from: any, to: any): Steps<void> {
    if (from.isDirectory() && !this.options.recursive) {
      throw this.fail('ERR_FS_EISDIR', src, 21, 'EISDIR', `${src} is a directory (not copied)`);
    }
    if (from.isDirectory()) {
      yield* this.directory(src, dest, from, to);
    } else if (from.isFile() || from.isCharacterDevice() || from.isBlockDevice()) {
      yield* this.file(src, dest, from, to);
    } else if (from.isSymbolicLink()) {
      yield* this.link(src, dest, to);
    } else if (from.isSocket()) {
      throw this.fail('ERR_FS_CP_SOCKET', dest, 22, 'EINVAL', `cannot copy a socket file: ${dest}`);
    } else if (from.isFIFO()) {
      throw this.fail('ERR_FS_CP_FIFO_PIPE', dest, 22, 'EINVAL', `cannot copy a FIFO pipe: ${dest}`);
    } else {
      throw this.fail('ERR_FS_CP_UNKNOWN', dest, 22, 'EINVAL', `cannot copy an unknown file type: ${dest}`);
    }
  }

  *directory(src: any, dest: any, from: any, to: any): Steps<void> {
    if (to === null) {
      yield (id: any) => native.mkdir(dest, 0o777, false, id);
    }
    const names = yield (id: any) => native.readdir(src, false, false, false, id);
    for (const name of names) {
      const srcItem = join(src, name);
      const destItem = join(dest, name);
      const check = yield* this.check(srcItem, destItem);
      if (check !== null) {
        yield* this.copy(srcItem, destItem, check.src, check.dest);
      }
    }
    if (to === null) {
      yield (id: any) => native.chmod(dest, Number(from.mode) & 0o7777, id);
    }
  }

  *file(src: any, dest: any, from: any, to: any): Steps<void> {
    const { force, errorOnExist, mode, preserveTimestamps } = this.options;
    if (to !== null) {
      if (!force) {
        if (errorOnExist) {
          throw this.fail('ERR_FS_CP_EEXIST', dest, 17, 'EEXIST', `${dest} already exists`);
        }
        return;
      }
      yield (id: any) => native.unlink(dest, id);
    }
    yield (id: any) => native.copyFile(src, dest, mode, id);
    const permissions = Number(from.mode) & 0o7777;
    if (preserveTimestamps) {
      if ((permissions & 0o200) === 0) {
        yield (id: any) => native.chmod(dest, permissions | 0o200, id);
      }
      // The copy has changed the time of the last access.
      const fresh = yield* this.stat(src, false);
      yield (id: any) => native.utimes(dest, Number(fresh.atimeNs) / 1e9, Number(fresh.mtimeNs) / 1e9, false, id);
    }
    yield (id: any) => native.chmod(dest, permissions, id);
  }

  *link(src: any, dest: any, to: any): Steps<void> {
    const contents = yield (id: any) => native.readlink(src, false, id);
    let target = contents;
    if (!this.options.verbatimSymlinks && !posix.isAbsolute(target)) {
      target = posix.resolve(posix.dirname(String(src)), target);
    }
    if (to === null) {
      yield (id: any) => native.symlink(target, dest, id);
      return;
    }
    let there: string;
    try {
      there = yield (id: any) => native.readlink(dest, false, id);
    } catch (err: any) {
      if (err.code === 'EINVAL' || err.code === 'UNKNOWN') {
        // A file is in the way.
        yield (id: any) => native.symlink(target, dest, id);
        return;
      }
      throw err;
    }
    if (!posix.isAbsolute(there)) {
      there = posix.resolve(posix.dirname(String(dest)), there);
    }
    // The synchronous form looks at what the link says, as seen from the working directory.
    const stats = yield* this.statOrNull(this.fail === plainErrors ? contents : src, false);
    if (stats?.isDirectory() && isBelow(target, there)) {
      throw this.fail('ERR_FS_CP_EINVAL', dest, 22, 'EINVAL', `cannot copy ${target} to a subdirectory of self ${there}`);
    }
    // Don't replace a link by one to something inside of what it points to.
    if (stats?.isDirectory() && isBelow(there, target)) {
      throw this.fail('ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY', dest, 22, 'EINVAL', `cannot overwrite ${there} with ${target}`);
    }
    yield (id: any) => native.unlink(dest, id);
    yield (id: any) => native.symlink(target, dest, id);
  }
}

function now(path: any, ofLink: boolean, bigint: boolean): any {
  const into = bigint ? new BigInt64Array(18) : new Float64Array(18);
  native.stat(path, ofLink, into, bigint, true);
  return into;
}
function same(a: any, b: any): boolean {
  return b.ino !== undefined && b.ino === a.ino && b.dev === a.dev;
}
function parts(path: any): string[] {
  return posix.resolve(String(path)).split('/').filter(Boolean);
}
/** Whether dest is src or inside of it. */
function isBelow(src: any, dest: any): boolean {
  const from = parts(src);
  const to = parts(dest);
  return from.every((part, i) => to[i] === part);
}

export function cpNow(src: any, dest: any, options: any): void {
  const steps = new Copier(options, plainErrors).run(src, dest);
  let step = steps.next();
  while (!step.done) {
    let value: any;
    try {
      value = typeof step.value === 'function' ? step.value(undefined) : filterNow(step.value);
    } catch (err) {
      step = steps.throw(err);
      continue;
    }
    step = steps.next(value);
  }
}
function filterNow({ filter, src, dest }: any): boolean {
  const answer = filter(src, dest);
  if (load('internal:util/types').isPromise(answer)) {
    throw new codes.ERR_INVALID_RETURN_VALUE('boolean', 'filter', answer);
  }
  return answer;
}

export async function cpPromise(src: any, dest: any, options: any): Promise<void> {
  const steps = new Copier(options, systemErrors).run(src, dest);
  let step = steps.next();
  while (!step.done) {
    let value: any;
    try {
      const operation = step.value;
      value = typeof operation === 'function' ? await promised((id) => operation(id)) : await operation.filter(operation.src, operation.dest);
    } catch (err) {
      step = steps.throw(err);
      continue;
    }
    step = steps.next(value);
  }
}
