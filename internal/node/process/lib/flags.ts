// process.allowedNodeEnvironmentFlags. https://nodejs.org/docs/latest-v24.x/api/process.html#processallowednodeenvironmentflags

const { freeze } = Object;

/** The set of the options that NODE_OPTIONS may hold: it can be asked for any spelling of one, and not be changed. */
export function makeFlags(flags: string[]): Set<string> {
  const list = freeze([...flags]);
  const known = new Set(list);

  class AllowedFlags extends Set<string> {
    // What Set's constructor would call would not find it.
    add(): this {
      return this;
    }
    delete(): boolean {
      return false;
    }
    clear(): void {}
    has(flag: any): boolean {
      if (typeof flag !== 'string') {
        return false;
      }
      let name = flag;
      // A value counts for options, not for words.
      if (name.startsWith('-')) {
        const i = name.indexOf('=');
        name = i < 0 ? name : name.slice(0, i);
      }
      name = name.replaceAll('_', '-');
      return name.startsWith('-') ? known.has(name) : known.has(`--${name}`) || known.has(`-${name}`);
    }
    get size(): number {
      return list.length;
    }
    forEach(callback: any, thisArg?: any): void {
      list.forEach((flag) => Reflect.apply(callback, thisArg, [flag, flag, this]));
    }
    keys(): any {
      return new Set(list).keys();
    }
    values(): any {
      return new Set(list).values();
    }
    entries(): any {
      return new Set(list).entries();
    }
    [Symbol.iterator](): any {
      return this.values();
    }
  }
  freeze(AllowedFlags.prototype);
  return freeze(new AllowedFlags());
}
