// process.setuid and its kin, process.execve.
import { execve as replace, setgroups, setid } from 'native:process';
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
  setid(which, idOf(id, 'id', which.endsWith('uid') ? '/etc/passwd' : '/etc/group'));
}

export function setGroups(groups: any): void {
  validateArray(groups, 'groups');
  setgroups(groups.map((group: any, i: number) => idOf(group, `groups[${i}]`, '/etc/group')));
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
