// The arguments of spawn and its relatives: checks, the shell, the environment. Every function here throws Node's errors, starts nothing.
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { isInt32, validateBoolean, validateObject, validateString } from 'internal:validators';
import { signalNumber } from 'internal:childprocess/signals';

function processObject(): any {
  return load('internal:process').process;
}

/** A C string ends at a null byte: what stands behind it would be lost. */
export function rejectNull(value: any, name: string): void {
  if (typeof value !== 'string' || !value.includes('\0')) return;
  throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
}
export function rejectNulls(list: any[], name: string): void {
  list.forEach((value, i) => rejectNull(value, `${name}[${i}]`));
}

function checkId(value: any, name: string): void {
  if (!isInt32(value)) throw new codes.ERR_INVALID_ARG_TYPE(name, 'int32', value);
}
function checkShell(value: any, name: string): void {
  if (!['boolean', 'string'].includes(typeof value)) throw new codes.ERR_INVALID_ARG_TYPE(name, ['boolean', 'string'], value);
}
export function checkArgv0(value: any, name: string): void {
  validateString(value, name);
  rejectNull(value, name);
}
// In the order in which a wrong one is reported.
const checks: Array<[string, (value: any, name: string) => void]> = [
  ['detached', validateBoolean], ['uid', checkId], ['gid', checkId], ['shell', checkShell], ['argv0', checkArgv0], ['windowsHide', validateBoolean],
  ['windowsVerbatimArguments', validateBoolean],
];

/** (file, args?, options?): a list is copied, an object in its place is the options. */
export function splitArguments(args: any, options: any): { args: any[]; options: any } {
  if (Array.isArray(args)) return { args: args.slice(), options };
  if (args === null || args === undefined) return { args: [], options };
  if (typeof args !== 'object') throw new codes.ERR_INVALID_ARG_TYPE('args', 'object', args);
  return { args: [], options: args };
}

let warnedShell = false;

/** The one command line that a shell gets. */
function shellLine(file: string, args: any[]): string {
  if (args.length === 0) return file;
  if (!warnedShell) {
    warnedShell = true;
    processObject().emitWarning('Passing args to a child process with shell option true can lead to security ' +
      'vulnerabilities, as the arguments are not escaped, only concatenated.', 'DeprecationWarning', 'DEP0190');
  }
  return `${file} ${args.join(' ')}`;
}

function environment(env: any): string[] {
  const pairs: string[] = [];
  for (const name in env) {
    if (env[name] === undefined) continue;
    for (const part of [name, env[name]]) rejectNull(part, `options.env['${name}']`);
    pairs.push(`${name}=${env[name]}`);
  }
  const own = processObject().env;
  // Coverage goes on in what the program starts, whatever environment that gets.
  if (env !== own && own.NODE_V8_COVERAGE && !Object.hasOwn(env, 'NODE_V8_COVERAGE')) pairs.push(`NODE_V8_COVERAGE=${own.NODE_V8_COVERAGE}`);
  return pairs;
}

/** The options of spawn with what ChildProcess.prototype.spawn wants beside them: file, args (from argv[0] on), cwd, envPairs, detached. */
export function command(file: any, list: any, given?: any): any {
  validateString(file, 'file');
  rejectNull(file, 'file');
  if (file === '') throw new codes.ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  const { args, options: asked } = splitArguments(list, given);
  rejectNulls(args, 'args');
  if (asked !== undefined) validateObject(asked, 'options');
  const result: any = { __proto__: null, ...asked };
  if (result.cwd !== null && result.cwd !== undefined) result.cwd = `${load('internal:fs/arguments').toPath(result.cwd, 'options.cwd')}`;
  for (const [name, check] of checks) {
    if (result[name] !== null && result[name] !== undefined) check(result[name], `options.${name}`);
  }
  let argv = args;
  result.file = file;
  if (result.shell) {
    rejectNull(result.shell, 'options.shell');
    argv = ['-c', shellLine(file, args)];
    result.file = result.shell === true ? '/bin/sh' : result.shell;
  }
  result.args = [typeof result.argv0 === 'string' ? result.argv0 : result.file, ...argv].map(String);
  result.detached = Boolean(result.detached);
  result.envPairs = environment(result.env || processObject().env);
  return result;
}

/** Checks timeout and maxBuffer, where they are given. */
export function checkLimits({ timeout, maxBuffer }: any): void {
  if (timeout !== null && timeout !== undefined && !(Number.isInteger(timeout) && timeout >= 0)) {
    throw new codes.ERR_OUT_OF_RANGE('timeout', 'an unsigned integer', timeout);
  }
  if (maxBuffer !== null && maxBuffer !== undefined && !(typeof maxBuffer === 'number' && maxBuffer >= 0)) {
    throw new codes.ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', maxBuffer);
  }
}

/** The number of options.killSignal, undefined without one. */
export function killSignalOf(signal: any): any {
  switch (typeof signal) {
    case 'string': case 'number': return signalNumber(signal);
    case 'undefined': return undefined;
  }
  if (signal === null) return undefined;
  throw new codes.ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], signal);
}
