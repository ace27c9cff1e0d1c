// Stack traces: Error.prepareStackTrace of user code, Node's first line for errors with a code, and TypeScript positions.
// https://nodejs.org/docs/latest-v24.x/api/errors.html#errorstack, https://v8.dev/docs/stack-trace-api
import { hookIsThere, stackHeader } from 'internal:errors';

export interface Position {
  file: string;
  line: number;
  column: number;
}
type Mapper = (file: string, line: number, column: number) => Position | undefined;
let mapPosition: Mapper | undefined;

/** The loader registers how positions in compiled text map to the source. */
export function setPositionMapper(mapper: Mapper): void {
  mapPosition = mapper;
}

let mapByComment: Mapper | undefined;

/** While source maps are on: what finds the origin of a place by the map that its file names. */
export function setSourceMapper(mapper: Mapper | undefined): void {
  mapByComment = mapper;
}

/** Whether stacks show what source maps say (--enable-source-maps and its like); TypeScript that was compiled here is shown as written anyway. */
export function usesSourceMaps(): boolean {
  return mapByComment !== undefined;
}

/** The original position of a place in a file; undefined when the file was not compiled from another. */
export function originalPosition(file: string, line: number, column: number): Position | undefined {
  return mapPosition?.(file, line, column) ?? mapByComment?.(file, line, column);
}

function mapped(site: any): string {
  const text: string = `${site}`;
  if (typeof site?.getFileName !== 'function') { // user code may have called with anything
    return text;
  }
  const file = site.getFileName();
  if (typeof file !== 'string' || file.startsWith('node:') || file.startsWith('internal:')) {
    return text;
  }
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  const at = originalPosition(file, line, column);
  if (at === undefined) {
    return text;
  }
  return text.replace(`${file}:${line}:${column}`, `${at.file}:${at.line}:${at.column}`);
}

let preparing = false;

function stackText(error: any, sites: any[]): string {
  let out = stackHeader(error);
  for (let i = 0; i < sites.length; i++) {
    out += '\n    at ' + mapped(sites[i]);
  }
  return out;
}

/** What Error.prepareStackTrace is at first. */
const usual = { ErrorPrepareStackTrace: (error: any, sites: any[]): string => stackText(error, sites) }.ErrorPrepareStackTrace;
Object.defineProperty(Error, 'prepareStackTrace', { value: usual, writable: true, enumerable: false, configurable: true });

hookIsThere();

/** V8's hook: the value of error.stack. */
export function prepareStackTrace(globals: any, error: any, sites: any[]): any {
  // The program's own stands in for a context of node:vm that has none.
  let owner = globals.Error ?? Error;
  let user = owner.prepareStackTrace;
  if (typeof user !== 'function' && owner !== Error) {
    owner = Error;
    user = owner.prepareStackTrace;
  }
  if (typeof user === 'function' && user !== usual && !preparing) {
    preparing = true;
    try {
      return user.call(owner, error, sites);
    } finally {
      preparing = false;
    }
  }
  return stackText(error, sites);
}
