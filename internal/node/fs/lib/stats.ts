// What fs says about files: Stats, BigIntStats, StatFs and Dirent. https://nodejs.org/docs/latest-v24.x/api/fs.html#class-fsstats

const { defineProperty, setPrototypeOf } = Object;

const S_IFMT = 0o170000, S_IFREG = 0o100000, S_IFDIR = 0o040000, S_IFCHR = 0o020000, S_IFBLK = 0o060000, S_IFIFO = 0o010000, S_IFLNK = 0o120000,
  S_IFSOCK = 0o140000;

function StatsBase(this: any, dev: any, mode: any, nlink: any, uid: any, gid: any, rdev: any, blksize: any, ino: any, size: any, blocks: any): void {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
}
StatsBase.prototype.isDirectory = function(this: any) { return this._checkModeProperty(S_IFDIR); };
StatsBase.prototype.isFile = function(this: any) { return this._checkModeProperty(S_IFREG); };
StatsBase.prototype.isBlockDevice = function(this: any) { return this._checkModeProperty(S_IFBLK); };
StatsBase.prototype.isCharacterDevice = function(this: any) { return this._checkModeProperty(S_IFCHR); };
StatsBase.prototype.isSymbolicLink = function(this: any) { return this._checkModeProperty(S_IFLNK); };
StatsBase.prototype.isFIFO = function(this: any) { return this._checkModeProperty(S_IFIFO); };
StatsBase.prototype.isSocket = function(this: any) { return this._checkModeProperty(S_IFSOCK); };

export function Stats(this: any, dev: any, mode: any, nlink: any, uid: any, gid: any, rdev: any, blksize: any, ino: any, size: any, blocks: any,
  atimeMs: any, mtimeMs: any, ctimeMs: any, birthtimeMs: any): void {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
  this.atimeMs = atimeMs;
  this.mtimeMs = mtimeMs;
  this.ctimeMs = ctimeMs;
  this.birthtimeMs = birthtimeMs;
}
setPrototypeOf(Stats.prototype, StatsBase.prototype);
setPrototypeOf(Stats, StatsBase);

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
dates(Stats.prototype);
Stats.prototype._checkModeProperty = function(this: any, kind: number): boolean {
  return (this.mode & S_IFMT) === kind;
};

export function BigIntStats(this: any, n: BigInt64Array): void {
  StatsBase.call(this, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9]);
  this.atimeMs = n[10] * 1000n + n[11] / 1000000n;
  this.mtimeMs = n[12] * 1000n + n[13] / 1000000n;
  this.ctimeMs = n[14] * 1000n + n[15] / 1000000n;
  this.birthtimeMs = n[16] * 1000n + n[17] / 1000000n;
  this.atimeNs = n[10] * 1000000000n + n[11];
  this.mtimeNs = n[12] * 1000000000n + n[13];
  this.ctimeNs = n[14] * 1000000000n + n[15];
  this.birthtimeNs = n[16] * 1000000000n + n[17];
}
setPrototypeOf(BigIntStats.prototype, StatsBase.prototype);
setPrototypeOf(BigIntStats, StatsBase);
dates(BigIntStats.prototype);
BigIntStats.prototype._checkModeProperty = function(this: any, kind: number): boolean {
  return (this.mode & BigInt(S_IFMT)) === BigInt(kind);
};

/** Stats from the numbers that natives give. */
export function statsOf(n: any): any {
  if (n instanceof BigInt64Array) {
    return new (BigIntStats as any)(n);
  }
  return new (Stats as any)(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9],
    n[10] * 1000 + n[11] / 1000000, n[12] * 1000 + n[13] / 1000000, n[14] * 1000 + n[15] / 1000000, n[16] * 1000 + n[17] / 1000000);
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

const kType = Symbol('type');
const UNKNOWN = 0, FILE = 1, DIR = 2, LINK = 3, FIFO = 4, SOCKET = 5, CHAR = 6, BLOCK = 7;

export class Dirent {
  name: any;
  parentPath: any;
  declare [kType]: number;
  constructor(name: any, path: any, type: number) {
    this.name = name;
    this.parentPath = path;
    this[kType] = type;
  }
  isDirectory(): boolean { return this[kType] === DIR; }
  isFile(): boolean { return this[kType] === FILE; }
  isBlockDevice(): boolean { return this[kType] === BLOCK; }
  isCharacterDevice(): boolean { return this[kType] === CHAR; }
  isSymbolicLink(): boolean { return this[kType] === LINK; }
  isFIFO(): boolean { return this[kType] === FIFO; }
  isSocket(): boolean { return this[kType] === SOCKET; }
}

/** A Dirent from the Stats of its file. */
export function direntOfStats(name: any, parent: any, stats: any): Dirent {
  const type = stats.isFile() ? FILE : stats.isDirectory() ? DIR : stats.isSymbolicLink() ? LINK : stats.isFIFO() ? FIFO : stats.isSocket() ? SOCKET
    : stats.isCharacterDevice() ? CHAR : stats.isBlockDevice() ? BLOCK : UNKNOWN;
  return new Dirent(name, parent, type);
}
