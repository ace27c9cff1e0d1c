// process.emitWarning and the printing of warnings.
// https://nodejs.org/docs/latest-v24.x/api/process.html#processemitwarningwarning-options
import { config, writeSync } from 'native:runtime';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { process } from 'internal:process';

const settings = config();
const disabled = new Set<string>();
const silent = settings.options['no-warnings'] !== undefined || process.env.NODE_NO_WARNINGS === '1';
for (const name of String(settings.options['disable-warning'] ?? '').split('\0')) {
  if (name !== '') {
    disabled.add(name);
  }
}
const redirect: string | undefined = settings.options['redirect-warnings'] ?? process.env.NODE_REDIRECT_WARNINGS;
let hinted = false;
let listening = false;

function print(warning: any): void {
  if (silent || !(warning instanceof Error)) {
    return;
  }
  const deprecation = warning.name === 'DeprecationWarning';
  if ((deprecation && process.noDeprecation) || disabled.has(warning.name) || disabled.has((warning as any).code)) {
    return;
  }
  const trace = settings.options['trace-warnings'] !== undefined || (deprecation && process.traceDeprecation);
  const code = (warning as any).code;
  let text = `(${settings.title === 'roost' ? 'node' : settings.title}:${process.pid}) `;
  if (code) {
    text += `[${code}] `;
  }
  if (trace && warning.stack) {
    text += warning.stack;
  } else {
    text += typeof warning.toString === 'function' ? `${warning.toString()}` : Error.prototype.toString.call(warning);
  }
  if (typeof (warning as any).detail === 'string') {
    text += `\n${(warning as any).detail}`;
  }
  if (!trace && !hinted) {
    const flag = deprecation ? '--trace-deprecation' : '--trace-warnings';
    text += `\n(Use \`node ${flag} ...\` to show where the warning was created)`;
    hinted = true;
  }
  text += '\n';
  if (redirect !== undefined && redirect !== '') {
    try {
      load('node:fs').default.appendFileSync(redirect, text);
      return;
    } catch {
      // the terminal is better than nowhere
    }
  }
  writeSync(2, text);
}

/** emitWarning(warning, type | options, code, ctor) */
export function emitWarning(warning: any, type?: any, code?: any, ctor?: any): void {
  if (process.noDeprecation && type === 'DeprecationWarning') {
    return;
  }
  let detail: any;
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    ctor = type.ctor;
    code = type.code;
    if (typeof type.detail === 'string') {
      detail = type.detail;
    }
    type = type.type || 'Warning';
  } else if (typeof type === 'function') {
    ctor = type;
    code = '';
    type = 'Warning';
  }
  if (type !== undefined) {
    load('internal:validators').validateString(type, 'type');
  }
  if (typeof code === 'function') {
    ctor = code;
    code = '';
  } else if (code !== undefined) {
    load('internal:validators').validateString(code, 'code');
  }
  if (typeof warning === 'string') {
    const text = warning;
    const limit = Error.stackTraceLimit;
    warning = new Error(text);
    Error.stackTraceLimit = limit;
    warning.name = String(type || 'Warning');
    if (code !== undefined) {
      warning.code = code;
    }
    if (detail !== undefined) {
      warning.detail = detail;
    }
    Error.captureStackTrace(warning, ctor || process.emitWarning);
  } else if (!(warning instanceof Error)) {
    throw new codes.ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  }
  if (warning.name === 'DeprecationWarning') {
    if (process.noDeprecation) {
      return;
    }
    if (process.throwDeprecation) {
      // Thrown from a tick, so that the caller is not disturbed.
      nextTick(() => {
        throw warning;
      });
      return;
    }
  }
  if (!listening) {
    listening = true;
    process.on('warning', print);
  }
  nextTick(() => process.emit('warning', warning));
}
