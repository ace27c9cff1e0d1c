// process.setuid and its kin, process.execve.
import { execve as replace, initgroups, setgroups, setid } from 'native:process';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { validateArray, validateObject, validateString, validateUint32 } from 'internal:validators';

function idOf(value: any, name: string, file: string): number {
  if (typeof value === 'number') {
    validateUint32(value, name);
    return value;
  }
  if (typeof value !== 'string') {
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['number', 'string'], value);
  }
  const { readFileSync } = load('node:fs').default;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const fields = line.split(':');
    if (fields[0] === value) {
      return Number(fields[2]);
    }
  }
  throw new codes.ERR_UNKNOWN_CREDENTIAL(file === '/etc/passwd' ? 'User' : 'Group', value);
}

/** setuid, seteuid, setgid, setegid: id is a number or a name. */
export function setID(which: string, id: any): void {
  const number = idOf(id, 'id', which.endsWith('uid') ? '/etc/passwd' : '/etc/group');
  settled(() => setid(which, number));
}

export function setGroups(groups: any): void {
  validateArray(groups, 'groups');
  const numbers = groups.map((group: any, i: number) => idOf(group, `groups[${i}]`, '/etc/group'));
  settled(() => setgroups(numbers));
}

/** initgroups(user, extraGroup): the groups of a user and one more become those of the process. */
export function initGroups(user: any, extraGroup: any): void {
  for (const [name, value] of [['user', user], ['extraGroup', extraGroup]]) {
    if (typeof value !== 'number' && typeof value !== 'string') {
      throw new codes.ERR_INVALID_ARG_TYPE(name, ['number', 'string'], value);
    }
  }
  const group = idOf(extraGroup, 'extraGroup', '/etc/group');
  if (!settled(() => initgroups(String(user), group)) && typeof user === 'number') {
    throw new codes.ERR_UNKNOWN_CREDENTIAL('User', user);
  }
}

// Node reports these calls in another form than those of libuv: errno is positive, the text the C library's.
function settled(change: () => any): any {
  try {
    return change();
  } catch (err: any) {
    const error: any = new Error(`${err.code}, ${err.code === 'EPERM' ? 'Operation not permitted' : err.code === 'EINVAL' ? 'Invalid argument' : err.code}`);
    error.errno = -err.errno;
    error.code = err.code;
    error.syscall = err.syscall;
    throw error;
  }
}

/** Replaces the process. */
export function execve(path: any, args: any = [], environment: any = load('internal:process/env').env): void {
  validateString(path, 'execPath');
  validateArray(args, 'args');
  for (let i = 0; i < args.length; i++) {
    if (typeof args[i] !== 'string' || args[i].includes('\0')) {
      throw new codes.ERR_INVALID_ARG_VALUE(`args[${i}]`, args[i], 'must be a string without null bytes');
    }
  }
  validateObject(environment, 'env');
  replace(path, args, Object.keys(environment).map((key) => `${key}=${environment[key]}`));
}
