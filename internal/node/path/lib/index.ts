// internal:path: the posix and win32 flavours of node:path (https://nodejs.org/docs/latest-v24.x/api/path.html).
//
// Most paths that reach these functions are normal already, so every function first looks whether there is anything
// to do, and only then splits the path into segments.

import { validateObject, validateString } from 'internal:validators';
import { load } from 'internal:load';


const SLASH = 47;
const BACKSLASH = 92;
const DOT = 46;
const COLON = 58;

let processObject: any;

function currentDirectory(): string {
  processObject ??= load('node:process').default;
  return processObject.cwd();
}

// Windows keeps a directory per drive, in variables such as `=C:`.
function currentDirectoryOf(device: string): string {
  processObject ??= load('node:process').default;
  const stored = processObject.env[`=${device}`] || processObject.cwd();
  if (stored === undefined || (stored.slice(0, 2).toLowerCase() !== device.toLowerCase() && stored.charCodeAt(2) === BACKSLASH)) {
    return `${device}\\`;
  }
  return stored;
}

function isBothSeparator(code: number): boolean {
  return code === SLASH || code === BACKSLASH;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

// 'C:' in front.
function hasDrive(path: string): boolean {
  return path.charCodeAt(1) === COLON && isLetter(path.charCodeAt(0));
}

// The last segment of path[first, ...) without the separators behind it, as [start, end).
function lastSegment(path: string, first: number, isSeparator: (code: number) => boolean): [start: number, end: number] {
  let end = path.length;
  while (end > first && isSeparator(path.charCodeAt(end - 1))) end--;
  let start = end;
  while (start > first && !isSeparator(path.charCodeAt(start - 1))) start--;
  return [start, end];
}

function isSlash(code: number): boolean {
  return code === SLASH;
}

function validatePath(path: any): void {
  validateString(path, 'path');
}
function validatePair(from: any, to: any): void {
  validateString(from, 'from');
  validateString(to, 'to');
}

// Whether no segment is empty, '.' or '..'; a slash at the end counts as an empty segment.
function hasOnlyPlainSegments(path: string, start: number): boolean {
  let atStart = true;
  for (let i = start; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code === SLASH) {
      if (atStart) return false;
      atStart = true;
    } else {
      if (atStart && code === DOT) {
        const next = path.charCodeAt(i + 1);
        if (next !== next || next === SLASH) return false;
        if (next === DOT) {
          const third = path.charCodeAt(i + 2);
          if (third !== third || third === SLASH) return false;
        }
      }
      atStart = false;
    }
  }
  return !atStart;
}

/** Drops empty and '.' segments and resolves '..'; those that climb out of the start stay when `mayClimb`. */
function collapse(segments: string[], mayClimb: boolean, separator: string): string {
  const kept: string[] = [];
  let climbs = 0;
  for (const segment of segments) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (kept.length > climbs) kept.pop();
      else if (mayClimb) {
        kept.push('..');
        climbs++;
      }
    } else {
      kept.push(segment);
    }
  }
  return kept.join(separator);
}

/** collapse of what follows `start` in a posix path, without an array of segments. */
function collapsePosix(path: string, start: number, mayClimb: boolean): string {
  const { length } = path;
  let out = '';
  let climbed = 0; // length of the '../..' in front
  for (let i = start; i < length;) {
    let end = path.indexOf('/', i);
    if (end === -1) end = length;
    const size = end - i;
    if (size === 2 && path.charCodeAt(i) === DOT && path.charCodeAt(i + 1) === DOT) {
      if (out.length > climbed) {
        const slash = out.lastIndexOf('/');
        out = out.slice(0, slash < climbed ? climbed : slash);
      } else if (mayClimb) {
        out += out === '' ? '..' : '/..';
        climbed = out.length;
      }
    } else if (size > 1 || (size === 1 && path.charCodeAt(i) !== DOT)) {
      const segment = path.slice(i, end);
      out = out === '' ? segment : `${out}/${segment}`;
    }
    i = end + 1;
  }
  return out;
}

function formatExtension(extension: any): string {
  return extension ? `${extension[0] === '.' ? '' : '.'}${extension}` : '';
}

function formatWith(separator: string, pathObject: any): string {
  validateObject(pathObject, 'pathObject');
  const dir = pathObject.dir || pathObject.root;
  const base = pathObject.base || `${pathObject.name || ''}${formatExtension(pathObject.ext)}`;
  if (!dir) return base;
  return dir === pathObject.root ? `${dir}${base}` : `${dir}${separator}${base}`;
}

// Where the extension of the file name path[start, end) begins, or -1. A leading dot makes no extension, nor does '..'.
function extensionStart(path: string, start: number, end: number): number {
  let dot = end - 1;
  while (dot >= start && path.charCodeAt(dot) !== DOT) dot--;
  if (dot <= start) return -1;
  if (dot === start + 1 && end === dot + 1 && path.charCodeAt(start) === DOT) return -1;
  return dot;
}

function matchesGlobOf(windows: boolean, path: any, pattern: any): boolean {
  validateString(path, 'path');
  validateString(pattern, 'pattern');
  return load('internal:path/glob').matches(path, pattern, windows);
}

// --- posix -----------------------------------------------------------------------------------------------------------

const posix: any = {
  resolve(...args: any[]) {
    let path = '';
    let absolute = false;
    for (let i = args.length - 1; i >= 0 && !absolute; i--) {
      const part = args[i];
      validateString(part, `paths[${i}]`);
      if (part.length === 0) continue;
      path = path === '' ? part : `${part}/${path}`;
      absolute = part.charCodeAt(0) === SLASH;
    }
    if (!absolute) {
      const cwd = currentDirectory();
      path = path === '' ? cwd : `${cwd}/${path}`;
      absolute = cwd.charCodeAt(0) === SLASH;
    }
    if (absolute) {
      if (hasOnlyPlainSegments(path, 1)) return path;
      return `/${collapsePosix(path, 1, false)}`;
    }
    return collapsePosix(path, 0, true) || '.';
  },

  normalize(path: any) {
    validateString(path, 'path');
    if (path.length === 0) return '.';
    const absolute = path.charCodeAt(0) === SLASH;
    if (hasOnlyPlainSegments(path, absolute ? 1 : 0)) return path;
    const trailing = path.charCodeAt(path.length - 1) === SLASH;
    let body = collapsePosix(path, absolute ? 1 : 0, !absolute);
    if (body.length === 0) {
      if (absolute) return '/';
      return trailing ? './' : '.';
    }
    if (trailing) body += '/';
    return absolute ? `/${body}` : body;
  },

  isAbsolute(path: any) {
    validateString(path, 'path');
    return path.length > 0 && path.charCodeAt(0) === SLASH;
  },

  join(...args: any[]) {
    let joined = '';
    for (let i = 0; i < args.length; i++) {
      const part = args[i];
      validateString(part, 'path');
      if (part.length > 0) joined = joined === '' ? part : `${joined}/${part}`;
    }
    return joined === '' ? '.' : posix.normalize(joined);
  },

  relative(from: any, to: any) {
    validatePair(from, to);
    if (from === to) return '';
    from = posix.resolve(from);
    to = posix.resolve(to);
    if (from === to) return '';
    // Both are normal and absolute. `shared` is the last slash at which they still agree.
    let shared = 0;
    let i = 1;
    const most = Math.min(from.length, to.length);
    while (i < most && from.charCodeAt(i) === to.charCodeAt(i)) {
      if (from.charCodeAt(i) === SLASH) shared = i;
      i++;
    }
    if (i === most && from.charCodeAt(i) === SLASH) shared = i;
    else if (i === most && to.charCodeAt(i) === SLASH) return to.slice(i + 1);
    let steps = '';
    if (shared + 1 < from.length) {
      steps = '..';
      for (let at = from.indexOf('/', shared + 1); at !== -1; at = from.indexOf('/', at + 1)) steps += '/..';
    }
    if (shared + 1 >= to.length) return steps;
    return steps === '' ? to.slice(shared + 1) : `${steps}/${to.slice(shared + 1)}`;
  },

  toNamespacedPath(path: any) {
    return path;
  },

  dirname(path: any) {
    validateString(path, 'path');
    if (path.length === 0) return '.';
    let end = path.length;
    while (end > 1 && path.charCodeAt(end - 1) === SLASH) end--;
    const slash = path.lastIndexOf('/', end - 1);
    if (slash === -1) return '.';
    if (slash === 0) return '/';
    // '//a' is the one place where a doubled root stays.
    return slash === 1 && path.charCodeAt(0) === SLASH ? '//' : path.slice(0, slash);
  },

  basename(path: any, suffix: any) {
    checkNames(path, suffix);
    return baseNameOf(path, suffix, 0, isSlash);
  },

  extname(path: any) {
    validatePath(path);
    const [start, end] = lastSegment(path, 0, isSlash);
    const dot = extensionStart(path, start, end);
    return dot === -1 ? '' : path.slice(dot, end);
  },

  format: (pathObject: any) => formatWith('/', pathObject),

  parse(path: any) {
    validatePath(path);
    const result = noNames();
    if (path.length === 0) return result;
    const absolute = path.charCodeAt(0) === SLASH;
    const first = absolute ? 1 : 0;
    if (absolute) result.root = '/';
    let end = path.length;
    while (end > first && path.charCodeAt(end - 1) === SLASH) end--;
    if (end === first) {
      if (absolute) result.dir = '/';
      return result;
    }
    const slash = path.lastIndexOf('/', end - 1);
    const start = slash < first ? first : slash + 1;
    fillNames(result, path, start, end);
    if (slash > 0) result.dir = path.slice(0, slash);
    else if (absolute) result.dir = '/';
    return result;
  },

  matchesGlob(path: any, pattern: any) {
    return matchesGlobOf(false, path, pattern);
  },

  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
};

function noNames(): any {
  return { root: '', dir: '', base: '', ext: '', name: '' };
}

function fillNames(result: any, path: string, start: number, end: number): void {
  result.base = path.slice(start, end);
  const dot = extensionStart(path, start, end);
  if (dot === -1) {
    result.name = result.base;
  } else {
    result.name = path.slice(start, dot);
    result.ext = path.slice(dot, end);
  }
}

function stepsBetween(source: string[], target: string[], sourceKeys: string[], targetKeys: string[], separator: string): string {
  let shared = 0;
  const most = Math.min(source.length, target.length);
  while (shared < most && sourceKeys[shared] === targetKeys[shared]) shared++;
  const steps: string[] = [];
  for (let i = shared; i < source.length; i++) steps.push('..');
  for (let i = shared; i < target.length; i++) steps.push(target[i]);
  return steps.join(separator);
}

function checkNames(path: any, suffix: any): void {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validatePath(path);
}

function baseNameOf(path: string, suffix: string | undefined, first: number, isSeparator: (code: number) => boolean): string {
  if (suffix !== undefined && suffix.length > 0 && suffix.length <= path.length && suffix === path) return '';
  const [start, end] = lastSegment(path, first, isSeparator);
  const base = path.slice(start, end);
  // A path of nothing but separators comes back whole when a suffix was asked for.
  if (base === '' && first < path.length && suffix !== undefined && suffix.length > 0 && suffix.length <= path.length) return path;
  // The suffix goes, unless it is the whole name.
  if (suffix !== undefined && suffix.length > 0 && suffix.length < base.length && base.endsWith(suffix)) {
    return base.slice(0, -suffix.length);
  }
  return base;
}

// --- win32 -----------------------------------------------------------------------------------------------------------

interface Root {
  /** 'C:', '\\server\share', '\\.' or '' */
  device: string;
  absolute: boolean;
  /** where the rest of the path starts */
  end: number;
  unc: boolean;
}

function rootOf(path: string): Root {
  const { length } = path;
  if (length === 0) return { device: '', absolute: false, end: 0, unc: false };
  const first = path.charCodeAt(0);
  if (isBothSeparator(first)) {
    if (length > 1 && isBothSeparator(path.charCodeAt(1))) {
      let i = 2;
      while (i < length && !isBothSeparator(path.charCodeAt(i))) i++;
      const server = path.slice(2, i);
      if (i < length && i > 2) {
        let j = i;
        while (j < length && isBothSeparator(path.charCodeAt(j))) j++;
        if (j < length) {
          if (server === '.' || server === '?') return { device: `\\\\${server}`, absolute: true, end: 4, unc: true };
          let k = j;
          while (k < length && !isBothSeparator(path.charCodeAt(k))) k++;
          return { device: `\\\\${server}\\${path.slice(j, k)}`, absolute: true, end: k, unc: true };
        }
      }
    }
    return { device: '', absolute: true, end: 1, unc: false };
  }
  if (isLetter(first) && length > 1 && path.charCodeAt(1) === COLON) {
    const absolute = length > 2 && isBothSeparator(path.charCodeAt(2));
    return { device: path.slice(0, 2), absolute, end: absolute ? 3 : 2, unc: false };
  }
  return { device: '', absolute: false, end: 0, unc: false };
}

// Names that Windows takes for devices wherever they stand; the superscript digits count as digits there.
const reservedNames = new Set(['CON', 'PRN', 'AUX', 'NUL',
  ...['COM', 'LPT'].flatMap((port) => [...'123456789\u00b9\u00b2\u00b3'].map((digit) => port + digit))]);

function isReservedName(path: string, colon: number): boolean {
  return reservedNames.has(path.slice(0, colon).toUpperCase());
}

function splitBoth(path: string): string[] {
  return path.split(/[\\/]/);
}

const win32: any = {
  resolve(...args: any[]) {
    let device = '';
    let tail = '';
    let absolute = false;
    // From the last one on, until both a device and a root are known; behind the arguments stands the current directory, of the device if there is one.
    for (let left = args.length; left >= 0 && !(absolute && device !== ''); left--) {
      const path = left > 0 ? args[left - 1] : device === '' ? currentDirectory() : currentDirectoryOf(device);
      if (left > 0) validateString(path, `paths[${left - 1}]`);
      if (path === '') continue;
      const root = rootOf(path);
      const isOther = device !== '' && root.device !== '' && root.device.toLowerCase() !== device.toLowerCase();
      if (isOther) continue;
      device ||= root.device;
      if (absolute) continue;
      tail = `${path.slice(root.end)}\\${tail}`;
      absolute = root.absolute;
    }
    tail = collapse(splitBoth(tail), !absolute, '\\');
    return absolute ? `${device}\\${tail}` : `${device}${tail}` || '.';
  },

  normalize(path: any) {
    validatePath(path);
    const { length } = path;
    if (length === 0) return '.';
    if (length === 1) return path.charCodeAt(0) === SLASH ? '\\' : path;
    const root = rootOf(path);
    if (root.device === '' && !root.absolute) {
      const colon = path.indexOf(':');
      if (colon !== -1 && isReservedName(path, colon)) {
        root.device = path.slice(0, colon + 1);
        root.end = colon + 1;
      }
    }
    if (root.unc && root.end === length) return `${root.device}\\`;
    if (root.unc && root.end === 4 && (root.device === '\\\\.' || root.device === '\\\\?')) {
      // Device roots keep their reserved name as it stands.
      const colon = path.indexOf(':');
      if (colon !== -1 && isReservedName(path.slice(4), path.slice(4, colon).length)) {
        return `${root.device}\\${path.slice(4, colon + 1)}${collapseTail(path.slice(colon + 1))}`;
      }
    }
    let tail = root.end < length ? collapse(splitBoth(path.slice(root.end)), !root.absolute, '\\') : '';
    if (tail.length === 0 && !root.absolute) tail = '.';
    if (tail.length > 0 && isBothSeparator(path.charCodeAt(length - 1))) tail += '\\';
    if (!root.absolute && root.device === '' && path.includes(':')) {
      // Collapsing must not turn a relative path into one with a drive: 'a/../C:/b' stays relative.
      if (tail.length >= 2 && isLetter(tail.charCodeAt(0)) && tail.charCodeAt(1) === COLON) return `.\\${tail}`;
      let colon = path.indexOf(':');
      do {
        if (colon === length - 1 || isBothSeparator(path.charCodeAt(colon + 1))) return `.\\${tail}`;
      } while ((colon = path.indexOf(':', colon + 1)) !== -1);
    }
    const colon = path.indexOf(':');
    if (colon !== -1 && isReservedName(path, colon)) return `.\\${root.device}${tail}`;
    if (root.device === '') return root.absolute ? `\\${tail}` : tail;
    return root.absolute ? `${root.device}\\${tail}` : `${root.device}${tail}`;
  },

  isAbsolute(path: any) {
    validatePath(path);
    const { length } = path;
    if (length === 0) return false;
    const code = path.charCodeAt(0);
    return isBothSeparator(code) ||
      (length > 2 && isLetter(code) && path.charCodeAt(1) === COLON && isBothSeparator(path.charCodeAt(2)));
  },

  join(...args: any[]) {
    const parts: string[] = [];
    for (let i = 0; i < args.length; i++) {
      validateString(args[i], 'path');
      if (args[i].length > 0) parts.push(args[i]);
    }
    if (parts.length === 0) return '.';
    let joined = parts.join('\\');
    // Only a first part that starts with exactly two separators and a name means a UNC path.
    const leading = /^[\\/]*/.exec(parts[0])![0].length;
    const isUNC = leading === 2 && parts[0].length > 2;
    if (!isUNC && isBothSeparator(joined.charCodeAt(0))) {
      const run = /^[\\/]+/.exec(joined)![0].length;
      if (run >= 2) joined = `\\${joined.slice(run)}`;
    }
    // A device name is passed on as it is.
    if (joined.includes(':') && joined.split('\\').some((part) => part.includes(':') && isReservedName(part, part.indexOf(':')))) {
      return joined.replace(/\//g, '\\');
    }
    return win32.normalize(joined);
  },

  relative(from: any, to: any) {
    validatePair(from, to);
    if (from === to) return '';
    const source = win32.resolve(from);
    const target = win32.resolve(to);
    if (source === target) return '';
    const lowerSource = source.toLowerCase();
    const lowerTarget = target.toLowerCase();
    if (lowerSource === lowerTarget) return '';
    // Case folding that changes the number of segments would need more care than Windows itself takes.
    const split = (path: string) => path.replace(/^\\+|\\+$/g, '').split('\\').filter((part) => part !== '');
    const sourceParts = split(source);
    const targetParts = split(target);
    const sourceKeys = split(lowerSource);
    const targetKeys = split(lowerTarget);
    // Different drives or servers have no relative path.
    if (sourceKeys.length > 0 && targetKeys.length > 0 && sourceKeys[0] !== targetKeys[0]) return target;
    return stepsBetween(sourceParts, targetParts, sourceKeys, targetKeys, '\\');
  },

  toNamespacedPath(path: any) {
    if (typeof path !== 'string' || path.length === 0) return path;
    const resolved = win32.resolve(path);
    if (resolved.length <= 2) return path;
    if (resolved.charCodeAt(0) === BACKSLASH) {
      if (resolved.charCodeAt(1) === BACKSLASH) {
        const third = resolved.charCodeAt(2);
        if (third !== 63 /* ? */ && third !== DOT) return `\\\\?\\UNC\\${resolved.slice(2)}`;
      }
    } else if (hasDrive(resolved) && resolved[2] === '\\') {
      return `\\\\?\\${resolved}`;
    }
    return resolved;
  },

  dirname(path: any) {
    validatePath(path);
    const { length } = path;
    if (length === 0) return '.';
    if (length === 1) return isBothSeparator(path.charCodeAt(0)) ? path : '.';
    const rootEnd = looseRootEnd(path);
    if (rootEnd === length && rootEnd > 3) return path;
    const [start] = lastSegment(path, rootEnd, isBothSeparator);
    if (start > rootEnd) return path.slice(0, start - 1);
    return rootEnd === 0 ? '.' : path.slice(0, rootEnd);
  },

  basename(path: any, suffix: any) {
    checkNames(path, suffix);
    const first = hasDrive(path) ? 2 : 0;
    return baseNameOf(path, suffix, first, isBothSeparator);
  },

  extname(path: any) {
    validatePath(path);
    const first = hasDrive(path) ? 2 : 0;
    const [start, end] = lastSegment(path, first, isBothSeparator);
    const dot = extensionStart(path, start, end);
    return dot === -1 ? '' : path.slice(dot, end);
  },

  format: (pathObject: any) => formatWith('\\', pathObject),

  parse(path: any) {
    validatePath(path);
    const result = noNames();
    const { length } = path;
    if (length === 0) return result;
    if (length === 1) {
      if (isBothSeparator(path.charCodeAt(0))) result.root = result.dir = path;
      else result.base = result.name = path;
      return result;
    }
    const rootEnd = looseRootEnd(path);
    const root = path.slice(0, rootEnd);
    if (rootEnd === length) {
      result.root = result.dir = path;
      return result;
    }
    result.root = root;
    const [start, end] = lastSegment(path, rootEnd, isBothSeparator);
    if (end > start) fillNames(result, path, start, end);
    result.dir = start > rootEnd ? path.slice(0, start - 1) : root;
    return result;
  },

  matchesGlob(path: any, pattern: any) {
    return matchesGlobOf(true, path, pattern);
  },

  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
};

function collapseTail(tail: string): string {
  if (tail === '') return '';
  const trailing = isBothSeparator(tail.charCodeAt(tail.length - 1)) ? '\\' : '';
  const leading = isBothSeparator(tail.charCodeAt(0)) ? '\\' : '';
  const body = collapse(splitBoth(tail), false, '\\');
  return body === '' ? leading : `${leading}${body}${trailing}`;
}

// Where dirname and parse see the root end: without normalizing, and including the separator after it.
function looseRootEnd(path: string): number {
  const { length } = path;
  if (isBothSeparator(path.charCodeAt(0))) {
    if (!isBothSeparator(path.charCodeAt(1))) return 1;
    let i = 2;
    while (i < length && !isBothSeparator(path.charCodeAt(i))) i++;
    if (i === length || i === 2) return 1;
    let j = i;
    while (j < length && isBothSeparator(path.charCodeAt(j))) j++;
    if (j === length) return 1;
    let k = j;
    while (k < length && !isBothSeparator(path.charCodeAt(k))) k++;
    return k === length ? k : k + 1;
  }
  if (!hasDrive(path)) return 0;
  return isBothSeparator(path.charCodeAt(2)) ? 3 : 2;
}

posix.win32 = win32.win32 = win32;
posix.posix = win32.posix = posix;
// Deprecated names (DEP0080).
win32._makeLong = win32.toNamespacedPath;
posix._makeLong = posix.toNamespacedPath;

export { posix, win32 };
