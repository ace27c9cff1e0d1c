// fs.glob: walks the tree along compiled patterns, reading each directory once.
// https://nodejs.org/docs/latest-v24.x/api/fs.html#fspromisesglobpattern-options
import * as native from 'native:fs';
import { promised } from 'internal:request';
import { posix } from 'internal:path';
import { compile, isGlobstar, matches, matchesSegment } from 'internal:path/glob';
import { codes } from 'internal:errors';
import { validateBoolean, validateFunction, validateObject, validateString, validateStringArray } from 'internal:validators';
import { toPath } from 'internal:fs/arguments';
import { Dirent } from 'internal:fs/stats';

const DIRECTORY = 2;
const LINK = 3;

interface Entry {
  name: string;
  kind: number;
}
/** A place in the tree and the patterns that go on there, each with the segment that is next. */
interface Place {
  path: string; // relative to the root as it is reported: '' at the start, '/' for absolute patterns
  states: [pattern: any[], index: number][];
}

export class Glob {
  #root: string;
  #exclude: ((value: any) => boolean) | undefined;
  #excludePatterns: any[][] = [];
  #withFileTypes: boolean;
  #patterns: any[][] = [];
  #found = new Set<string>();

  constructor(pattern: any, options: any = {}) {
    options ??= {};
    validateObject(options, 'options');
    const { exclude, cwd, withFileTypes } = options;
    this.#root = cwd === undefined || cwd === null ? '.' : String(toPath(cwd, 'options.cwd'));
    this.#withFileTypes = !!withFileTypes;
    if (withFileTypes !== undefined && withFileTypes !== null) {
      validateBoolean(withFileTypes, 'options.withFileTypes');
    }
    if (exclude != null) {
      if (Array.isArray(exclude)) {
        validateStringArray(exclude, 'options.exclude');
        this.#excludePatterns = exclude;
      } else if (typeof exclude === 'function') {
        validateFunction(exclude, 'options.exclude');
        this.#exclude = exclude;
      } else {
        throw new codes.ERR_INVALID_ARG_TYPE('options.exclude', ['function', 'string[]'], exclude);
      }
    }
    let list: string[];
    if (typeof pattern === 'object') {
      validateStringArray(pattern, 'patterns');
      list = pattern;
    } else {
      validateString(pattern, 'patterns');
      list = [pattern];
    }
    for (const one of list) {
      this.#patterns.push(...compile(one, false));
    }
  }

  #full(path: string): string {
    return path.startsWith('/') ? path : posix.join(this.#root, path) || '.';
  }

  #isExcluded(path: string, entry: Entry | undefined): boolean {
    if (this.#exclude !== undefined) {
      const value = this.#withFileTypes ? new Dirent(posix.basename(path), posix.dirname(this.#full(path)), entry?.kind ?? DIRECTORY) : path;
      if (this.#exclude(value)) {
        return true;
      }
    }
    return this.#excludePatterns.some((one: any) => matches(path, one, false));
  }

  #result(path: string, kind: number): any {
    if (!this.#withFileTypes) {
      return path;
    }
    const full = posix.resolve(this.#full(path));
    return new Dirent(posix.basename(full), posix.dirname(full), kind);
  }

  // What a name in a place means: reports a match, gives the states for what is below.
  #step(place: Place, entry: Entry, below: Place[], report: (path: string, kind: number) => void): void {
    const path = place.path === '' ? entry.name : place.path === '/' ? `/${entry.name}` : `${place.path}/${entry.name}`;
    const next: [any[], number][] = [];
    let matched = false;
    const seen = new Set<string>();
    const push = (pattern: any[], index: number) => {
      const key = `${this.#patterns.indexOf(pattern)}:${index}`;
      if (!seen.has(key)) {
        seen.add(key);
        next.push([pattern, index]);
      }
    };
    const arrive = (pattern: any[], index: number) => {
      // index segments are used up by this name.
      if (index >= pattern.length) {
        matched = true;
        return;
      }
      if (index === pattern.length - 1 && pattern[index] === '') {
        if (entry.kind === DIRECTORY) {
          matched = true;
          report(`${path}/`, entry.kind);
          matched = false;
        }
        return;
      }
      push(pattern, index);
      // 'a/**' also means 'a'.
      if (isGlobstar(pattern[index]) && index === pattern.length - 1) {
        matched = true;
      }
    };
    for (const [pattern, index] of place.states) {
      const segment = pattern[index];
      if (isGlobstar(segment)) {
        const hidden = entry.name.startsWith('.');
        if (!hidden) {
          if (index === pattern.length - 1) {
            matched = true;
          }
          if (entry.kind === DIRECTORY) {
            push(pattern, index);
          }
        }
        // ** stands for nothing as well.
        if (index + 1 < pattern.length && !isGlobstar(pattern[index + 1]) && pattern[index + 1] !== '' && matchesSegment(pattern[index + 1], entry.name)) {
          arrive(pattern, index + 2);
        }
        if (pattern[index + 1] === '' && index + 2 === pattern.length && entry.kind === DIRECTORY && !hidden) {
          report(`${path}/`, entry.kind);
        }
      } else if (matchesSegment(segment, entry.name)) {
        arrive(pattern, index + 1);
      }
    }
    if (!matched && next.length === 0) {
      return;
    }
    if (this.#isExcluded(path, entry)) {
      return;
    }
    if (matched) {
      report(path, entry.kind);
    }
    if (next.length > 0 && (entry.kind === DIRECTORY || entry.kind === LINK)) {
      // A link to a directory is entered by a pattern that names it, not by **.
      const states = entry.kind === DIRECTORY ? next : next.filter(([pattern, index]) => !isGlobstar(pattern[index]));
      if (states.length > 0) {
        below.push({ path, states });
      }
    }
  }

  // Segments that name one entry are looked up, not searched: '..', '.', and text.
  #start(): Place[] {
    const places = new Map<string, Place>();
    const at = (path: string) => {
      let place = places.get(path);
      if (place === undefined) {
        place = { path, states: [] };
        places.set(path, place);
      }
      return place;
    };
    for (const pattern of this.#patterns) {
      let index = 0;
      let path = '';
      if (pattern[0] === '') {
        path = '/';
        index = 1;
      }
      while (index < pattern.length - 1 && (pattern[index] === '..' || pattern[index] === '.')) {
        path = path === '' ? pattern[index] : path === '/' ? '/' : `${path}/${pattern[index]}`;
        index++;
      }
      at(path).states.push([pattern, index]);
    }
    return [...places.values()];
  }

  #special(place: Place, report: (path: string, kind: number) => void): void {
    for (const [pattern, index] of place.states) {
      // A pattern that ends in '.' or '..', or that is empty.
      if (index === pattern.length - 1 && (pattern[index] === '.' || pattern[index] === '..')) {
        report(place.path === '' ? pattern[index] : `${place.path}/${pattern[index]}`, DIRECTORY);
      } else if (index === pattern.length - 1 && isGlobstar(pattern[index]) && place.path === '') {
        report('.', DIRECTORY);
      }
    }
  }

  #entries(list: any[]): Entry[] {
    const out = new Array(list.length / 2);
    for (let i = 0; i < out.length; i++) {
      out[i] = { name: list[2 * i], kind: list[2 * i + 1] };
    }
    return out;
  }

  *#visit(place: Place, entries: Entry[], below: Place[]): Generator<any> {
    const found: [string, number][] = [];
    for (const entry of entries) {
      this.#step(place, entry, below, (path, kind) => found.push([path, kind]));
    }
    for (const [path, kind] of found) {
      if (!this.#found.has(path)) {
        this.#found.add(path);
        yield this.#result(path, kind);
      }
    }
  }

  #begin(): [Place[], any[]] {
    const queue = this.#start();
    const out: any[] = [];
    for (const place of queue) {
      this.#special(place, (path, kind) => {
        if (!this.#found.has(path) && !this.#isExcluded(path, { name: path, kind })) {
          this.#found.add(path);
          out.push(this.#result(path, kind));
        }
      });
    }
    return [queue, out];
  }

  all(): any[] {
    const [queue, out] = this.#begin();
    for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
      let list: any[];
      try {
        list = native.readdir(this.#full(place.path), true, false, false);
      } catch {
        continue;
      }
      out.push(...this.#visit(place, this.#entries(list), queue));
    }
    return out;
  }

  async* iterate(): AsyncGenerator<any> {
    const [queue, first] = this.#begin();
    yield* first;
    for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
      let list: any[];
      const path = this.#full(place.path);
      try {
        list = await promised<any>((id) => native.readdir(path, true, false, false, id));
      } catch {
        continue;
      }
      yield* this.#visit(place, this.#entries(list), queue);
    }
  }
}
