// What fs says about files: Stats, BigIntStats, StatFs and Dirent. https://nodejs.org/docs/latest-v24.x/api/fs.html#class-fsstats

const { defineProperty, setPrototypeOf } = Object;

// inode(7): the bits of st_mode that say what a file is, and our number for each kind.
const TYPE_BITS = 0xf000;
const UNKNOWN = 0, FILE = 1, DIR = 2, LINK = 3, FIFO = 4, SOCKET = 5, CHAR = 6, BLOCK = 7;
const kinds: Array<[test: string, kind: number, bits: number]> = [
  ['isDirectory', DIR, 0x4000], ['isFile', FILE, 0x8000], ['isBlockDevice', BLOCK, 0x6000], ['isCharacterDevice', CHAR, 0x2000],
  ['isSymbolicLink', LINK, 0xa000], ['isFIFO', FIFO, 0x1000], ['isSocket', SOCKET, 0xc000],
];

/** Where to find what in the numbers that natives give: ten numbers, then seconds and nanoseconds of four times. */
type Numbers = ArrayLike<any>;

// The properties that don't depend on the kind of number. Their order is that of the numbers, and shows in listings.
function fill(stats: any, n: Numbers): void {
  stats.dev = n[0];
  stats.mode = n[1];
  stats.nlink = n[2];
  stats.uid = n[3];
  stats.gid = n[4];
  stats.rdev = n[5];
  stats.blksize = n[6];
  stats.ino = n[7];
  stats.size = n[8];
  stats.blocks = n[9];
}

function Base(): void {}
for (const [test, , bits] of kinds) {
  Base.prototype[test] = function(this: any): boolean { return this._checkModeProperty(bits); };
}

/** fs.Stats takes its fourteen numbers one by one; that is deprecated, but old programs and tests do it. */
export function Stats(this: any, ...numbers: any[]): void {
  fill(this, numbers);
  setTimes(this, numbers[10], numbers[11], numbers[12], numbers[13]);
}
defineProperty(Stats, 'length', { value: 14, configurable: true });
inherit(Stats, (mode, bits) => (mode & TYPE_BITS) === bits);

/** The same with bigints; they alone have the times in nanoseconds. */
export function BigIntStats(this: any, n: BigInt64Array): void {
  fill(this, n);
  setTimes(this, inUnits(n, 10, 1000n), inUnits(n, 12, 1000n), inUnits(n, 14, 1000n), inUnits(n, 16, 1000n));
  this.atimeNs = inUnits(n, 10, 1000000000n);
  this.mtimeNs = inUnits(n, 12, 1000000000n);
  this.ctimeNs = inUnits(n, 14, 1000000000n);
  this.birthtimeNs = inUnits(n, 16, 1000000000n);
}
inherit(BigIntStats, (mode, bits) => (mode & BigInt(TYPE_BITS)) === BigInt(bits));

// The time at `at` (seconds, nanoseconds) in units of which a second has `perSecond`.
function inUnits(n: BigInt64Array, at: number, perSecond: bigint): bigint {
  return n[at] * perSecond + n[at + 1] / (1000000000n / perSecond);
}

function setTimes(stats: any, accessed: any, modified: any, changed: any, born: any): void {
  stats.atimeMs = accessed;
  stats.mtimeMs = modified;
  stats.ctimeMs = changed;
  stats.birthtimeMs = born;
}

function inherit(Class: any, hasType: (mode: any, bits: number) => boolean): void {
  setPrototypeOf(Class.prototype, Base.prototype);
  setPrototypeOf(Class, Base);
  dates(Class.prototype);
  Class.prototype._checkModeProperty = function(this: any, bits: number) { return hasType(this.mode, bits); };
}

// Dates are made when they are read: most programs look at mode and size alone.
function dates(prototype: any): void {
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
    const source = `${name}Ms`;
    defineProperty(prototype, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = this === prototype || this[source] === undefined ? undefined : new Date(Math.round(Number(this[source])));
        if (value !== undefined) {
          defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true });
        }
        return value;
      },
      set(value) {
        defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true });
      },
    });
  }
}

/** Stats from the numbers that natives give. */
export function statsOf(n: any): any {
  if (n instanceof BigInt64Array) return new (BigIntStats as any)(n);
  const stats = newStats();
  fill(stats, n);
  setTimes(stats, milliseconds(n, 10), milliseconds(n, 12), milliseconds(n, 14), milliseconds(n, 16));
  return stats;
}
function newStats(): any {
  return new (Plain as any)();
}
// An instance of Stats whose numbers come later.
function Plain(): void {}
Plain.prototype = Stats.prototype;

function milliseconds(n: Numbers, at: number): number {
  return n[at] * 1000 + n[at + 1] / 1000000;
}

export class StatFs {
  type: any;
  bsize: any;
  frsize: any;
  blocks: any;
  bfree: any;
  bavail: any;
  files: any;
  ffree: any;
  constructor(n: any) {
    this.type = n[0];
    this.bsize = n[1];
    this.frsize = n[7];
    this.blocks = n[2];
    this.bfree = n[3];
    this.bavail = n[4];
    this.files = n[5];
    this.ffree = n[6];
  }
}

const kKind = Symbol('type');

/** An entry of a directory. The kind comes with its name from the file system, the file itself isn't asked. */
export class Dirent {
  name: any;
  parentPath: any;
  declare [kKind]: number;
  constructor(name: any, path: any, kind: number) {
    this.name = name;
    this.parentPath = path;
    this[kKind] = kind;
  }
}
for (const [test, kind] of kinds) {
  const value = { [test](this: any): boolean { return this[kKind] === kind; } }[test];
  defineProperty(Dirent.prototype, test, { value, writable: true, configurable: true });
}

/** A Dirent from the Stats of its file. */
export function direntOfStats(name: any, parent: any, stats: any): Dirent {
  const found = kinds.find(([test]) => stats[test]());
  return new Dirent(name, parent, found === undefined ? UNKNOWN : found[1]);
}
