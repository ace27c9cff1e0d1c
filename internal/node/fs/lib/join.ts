// Joins a directory and a name; either may be bytes.
import { Buffer } from 'internal:buffer';
import { posix } from 'internal:path';

export function join(path: any, name: any): any {
  if (typeof path === 'string' && typeof name === 'string') {
    return posix.join(path, name);
  }
  const bytes = (value: any) => typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([bytes(path), Buffer.from('/'), bytes(name)]);
}
