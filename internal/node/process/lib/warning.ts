// process.emitWarning and the printing of warnings.
// https://nodejs.org/docs/latest-v24.x/api/process.html#processemitwarningwarning-options
import { config, writeSync } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { hasStderr, process } from 'internal:process';

const { defineProperty } = Object;
const settings = config();
const disabled = new Set<string>();
for (const name of String(settings.options['disable-warning'] ?? '').split('\0')) {
  if (name !== '') {
    disabled.add(name);
  }
}
const redirect: string | undefined = settings.options['redirect-warnings'] ?? process.env.NODE_REDIRECT_WARNINGS;
let hinted = false;

/** Text goes to the file that --redirect-warnings names, else to stderr. */
function output(text: string): void {
  if (redirect) {
    try {
      load('node:fs').default.appendFileSync(redirect, text);
      return;
    } catch {
      // the terminal is better than nowhere
    }
  }
  // A program may take what goes to its stream; one that hasn't asked for it needn't have it.
  if (hasStderr()) {
    try {
      process.stderr.write(text);
      return;
    } catch {
      // as above
    }
  }
  writeSync(2, text);
}

const isDeprecation = (warning: any): boolean => warning.name === 'DeprecationWarning';

/** Shows a warning on stderr, unless the command line says otherwise. */
export function print(warning: any): void {
  if (!(warning instanceof Error)) return;
  const { code, detail, stack } = warning as any;
  const deprecation = isDeprecation(warning);
  if (disabled.has(warning.name) || disabled.has(code) || (deprecation && process.noDeprecation)) return;
  const traced = settings.options['trace-warnings'] !== undefined || (deprecation && process.traceDeprecation);
  const program = settings.title === 'roost' ? 'node' : settings.title;
  const described = typeof warning.toString === 'function' ? `${warning.toString()}` : Error.prototype.toString.call(warning);
  const lines = [`(${program}:${process.pid}) ${code ? `[${code}] ` : ''}${traced && stack ? stack : described}`];
  if (typeof detail === 'string') lines.push(detail);
  if (!traced && !hinted) {
    hinted = true;
    lines.push(`(Use \`node --trace-${deprecation ? 'deprecation' : 'warnings'} ...\` to show where the warning was created)`);
  }
  output(`${lines.join('\n')}\n`);
}

/** What a call of emitWarning() asks for, however it was written. */
interface Request { type: any; code: any; detail: any; ctor: any }

// The forms: (warning, options), (warning, ctor), (warning, type, ctor), (warning, type, code, ctor); all after warning may be left out.
function requestOf(second: any, third: any, fourth: any): Request {
  if (typeof second === 'function') return { type: 'Warning', code: '', detail: undefined, ctor: second };
  if (second !== null && typeof second === 'object' && !Array.isArray(second)) {
    const { type, code, detail, ctor } = second;
    const late = typeof code === 'function';
    return { type: type || 'Warning', code: late ? '' : code, detail: typeof detail === 'string' ? detail : undefined, ctor: late ? code : ctor };
  }
  const late = typeof third === 'function';
  return { type: second, code: late ? '' : third, detail: undefined, ctor: late ? third : fourth };
}

function warningOf(text: string, { type, code, detail, ctor }: Request): Error {
  const warning: any = new Error(text);
  warning.name = String(type || 'Warning');
  if (code) warning.code = code;
  if (detail !== undefined) warning.detail = detail;
  // The stack begins at the caller.
  Error.captureStackTrace(warning, ctor || process.emitWarning);
  return warning;
}

/** emitWarning(warning, type | options, code, ctor) */
export function emitWarning(given: any, ...rest: any[]): void {
  if (rest[0] === 'DeprecationWarning' && process.noDeprecation) return;
  const request = requestOf(rest[0], rest[1], rest[2]);
  for (const name of ['type', 'code'] as const) {
    if (request[name] !== undefined) load('internal:validators').validateString(request[name], name);
  }
  const warning = typeof given === 'string' ? warningOf(given, request) : given;
  if (!(warning instanceof Error)) throw new codes.ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], given);
  if (isDeprecation(warning) && process.noDeprecation) return;
  if (isDeprecation(warning) && process.throwDeprecation) {
    // Thrown from a tick, so that the caller is not disturbed.
    nextTick(() => { throw warning; });
    return;
  }
  nextTick(() => process.emit('warning', warning));
}
defineProperty(emitWarning, 'length', { value: 4, configurable: true });
