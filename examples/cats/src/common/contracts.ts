// Only types: this module has no value to export, and the files that import from it do not say `import type`.
export interface Named {
  name: string;
}

export interface Repository<T extends Named> {
  all(): T[];
  get(id: number): T | undefined;
  add(item: Omit<T, 'id'>): T;
  remove(id: number): boolean;
}

export type Role = 'admin' | 'guest';

export type Clock = () => number;

export interface Settings {
  greeting: string;
  retries: number;
}

/** Keeps a class of an import cycle out of the emitted metadata. */
export type Deferred<T> = T;
