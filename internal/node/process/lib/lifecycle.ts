// The life of a program: the main script, uncaught exceptions, beforeExit and exit.
import { setContext, thrownAt, whereOf } from 'native:engine';
import { config, reallyExit as endIsolate, reportUncaught, writeSync } from 'native:runtime';
import { resetAsyncIds, unwindAsyncIds } from 'internal:asynchooks/state';
import { originalPosition } from 'internal:bootstrap/stack';
import { load } from 'internal:load';
import { stopTicks } from 'internal:process/task';
import { resumeInterrupted } from 'internal:timers';

const { toString } = Object.prototype;

type Where = [file: string, line: number, start: number, end: number, source: string] | undefined;

/** Runs the program that the command line names. Called once, by Go. */
export function main(): void {
  load('internal:process/main').run(config());
  resetAsyncIds();
}

// A worker ends in its own way: its parent hears of an exception, and takes what it has written.
let endWith: ((error: any, where: Where) => void) | undefined;
let flush: (() => void) | undefined;

/**
 * Makes the program a worker's.
 * @param fail tells the parent of an exception
 * @param flushOutput hands over what is buffered
 */
export function setEnd(fail: (error: any, where: Where) => void, flushOutput: () => void): void {
  endWith = fail;
  flush = flushOutput;
}

/** Ends the program: no JavaScript runs after it. */
export function reallyExit(code: number): never {
  endIsolate(code);
  // Where the process is not the program's own, the engine has been told to terminate; it looks at the next turn of a loop. What a debugger
  // evaluates while the program is paused is not terminated before the pause has ended.
  for (let turn = 0; turn < 1e6; turn++);
  throw new Error('The program ends');
}

/** process.exit of a worker. */
export function leaveWorker(code: number): never {
  runEnds();
  flush?.();
  reallyExit(code);
}

function proc(): any {
  return load('internal:process').process;
}

/** The program's exit code as process.exitCode says. */
function exitCode(): number {
  const code = proc().exitCode;
  return code === undefined ? 0 : code | 0;
}

/** The loop has nothing left: user code may give it more. */
export function beforeExit(): void {
  proc().emit('beforeExit', exitCode());
}

/** The end: emits 'exit'. @returns the exit code */
export function exit(): number {
  const process = proc();
  if (!process._exiting) {
    process._exiting = true;
    stopTicks();
    const unsettled = load('internal:process/main').unsettledMain();
    if (process.exitCode === undefined && unsettled) {
      process.exitCode = 13;
      process.emit('exit', 13);
      if (process.exitCode === 13) {
        writeSync(2, unsettled);
      }
    } else {
      process.emit('exit', exitCode());
    }
  }
  flush?.();
  runEnds();
  return exitCode();
}

// What the inspector has to do when the program has run: coverage and profiles are written, debuggers leave.
const ends: (() => void)[] = [];
export function atEnd(f: () => void): void {
  ends.push(f);
}
// What was measured goes to files first, also where a signal that the program sends to itself ends it.
const measures: (() => void)[] = [];
export function atEndWrite(f: () => void): void {
  measures.push(f);
}
/** Writes it, once. */
export function writeMeasures(): void {
  while (measures.length > 0) {
    measures.shift()!();
  }
}
/** Does what is to be done at the end, once. */
export function runEnds(): void {
  writeMeasures();
  while (ends.length > 0) {
    ends.shift()!();
  }
}

/**
 * An exception or rejection that nobody handled. Returns when user code took it; ends the process otherwise.
 * https://nodejs.org/docs/latest-v24.x/api/process.html#event-uncaughtexception
 */
export function onUncaught(error: any, fromPromise: boolean, where: Where): void {
  handleUncaught(error, fromPromise, where); // in the async context of what threw
  setContext(undefined);
  unwindAsyncIds();
  // What the exception broke off, timers or immediates of one phase, goes on before ticks and promise jobs.
  if (resuming) {
    return;
  }
  resuming = true;
  try {
    for (;;) {
      try {
        if (!resumeInterrupted()) {
          return;
        }
      } catch (err) {
        reportUncaught(err, false);
      }
    }
  } finally {
    resuming = false;
  }
}
let resuming = false;

// Set by internal:process/report once it is loaded.
let reporter: ((error: any) => void) | undefined;
export function setReporter(report: (error: any) => void): void {
  reporter = report;
}

function handleUncaught(error: any, fromPromise: boolean, where: Where): void {
  const process = proc();
  if (typeof process._fatalException !== 'function') {
    // "Non-function Internal Exception Handler": the exception is not told.
    if (endWith !== undefined) {
      leaveWorker(6);
    }
    writeSync(2, report(error, where));
    reallyExit(6);
  }
  const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
  process.emit('uncaughtExceptionMonitor', error, origin);
  const capture = load('internal:process/capture').captureFunction();
  if (capture !== null) {
    capture(error);
    return;
  }
  // Whether somebody took it is what emit says: programs replace it (source-map-support does).
  if (process.emit('uncaughtException', error, origin)) {
    return;
  }
  reporter?.(error);
  endWith?.(error, where);
  try {
    if (!process._exiting) {
      process._exiting = true;
      process.exitCode = 1;
      process.emit('exit', 1);
    }
  } catch {
    // What an exit listener throws now can't be reported any better than the exception itself.
  }
  if (endWith !== undefined) {
    leaveWorker(process.exitCode === undefined ? 1 : process.exitCode | 0);
  }
  writeSync(2, report(error, where));
  runEnds();
  reallyExit(process.exitCode === undefined ? 1 : process.exitCode | 0);
}

/** onUncaught itself threw, in a handler of user code: Node's exit code 7, "Internal Exception Handler Run-Time Failure". */
export function onHandlerFailure(error: any, where: Where): void {
  if (endWith !== undefined) {
    endWith(error, where);
    leaveWorker(1);
  }
  writeSync(2, report(error, where));
  reallyExit(7);
}

/** process._fatalException(error): whether someone took the exception. */
export function fatalException(error: any, fromPromise = false): boolean {
  const process = proc();
  if (load('internal:process/capture').captureFunction() === null && process.listenerCount('uncaughtException') === 0) {
    return false;
  }
  handleUncaught(error, fromPromise, undefined);
  return true;
}

// Errors of linking, whose place Node writes in front of the stack itself.
const glued = new WeakSet<object>();
export function gluePlace(error: object): void {
  glued.add(error);
}

/** The text that Node prints for an uncaught exception: place, source line, caret, the error, the version. */
export function report(error: any, where: Where): string {
  const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
  const noted = whereOf(error) as Where;
  const place = noted ?? where;
  let out = place === undefined ? '' : excerpt(place);
  let stack: any;
  try {
    stack = isObject ? error.stack : undefined;
  } catch {
    stack = undefined;
  }
  if (typeof stack === 'string') {
    if (!glued.has(error)) {
      out += '\n';
    }
    let text: string;
    try {
      // An error of the web shows its stack, which begins with its own name.
      text = toString.call(error) === '[object DOMException]' ? stack : load('internal:util/inspect').inspect(error, { colors: false });
    } catch {
      text = stack;
    }
    out += `${text}\n`;
  } else {
    let text: string;
    try {
      text = isObject ? load('internal:util/inspect').inspect(error) : String(error);
    } catch {
      text = '<error>';
    }
    out = `\n${out}${text}\n`;
    if (!isObject && config().options['trace-uncaught'] === undefined) {
      out += '(Use `node --trace-uncaught ...` to show where the exception was thrown)\n';
    }
  }
  if (config().options['trace-uncaught'] !== undefined) {
    out += thrownFrames();
  }
  return `${out}\nNode.js ${proc().version}\n`;
}

// --trace-uncaught: where the exception was thrown, or its error made.
function thrownFrames(): string {
  const parts: string[] = (thrownAt() ?? '').split('\0');
  let out = '';
  for (let i = 0; i + 4 < parts.length; i += 4) {
    const [name, file, line, column] = parts.slice(i, i + 4);
    const at = originalPosition(file, Number(line), Number(column)) ?? { file, line, column };
    const place = `${at.file}:${at.line}:${at.column}`;
    out += `    at ${name === '' ? place : `${name} (${place})`}\n`;
  }
  return out === '' ? '' : `Thrown at:\n${out}\n`;
}

/** "file:line", the source line and the caret under it. */
export function excerpt(where: NonNullable<Where>): string {
  let { 0: file, 1: line, 2: start, 3: end, 4: source } = where;
  const at = originalPosition(file, line, start + 1);
  if (at !== undefined) {
    file = at.file;
    line = at.line;
    start = at.column - 1;
    end = start + 1;
    source = load('internal:process/main').sourceLine(file, line) ?? source;
  }
  let caret = '';
  for (let i = 0; i < start && i < source.length; i++) {
    caret += source[i] === '\t' ? '\t' : ' ';
  }
  caret += '^'.repeat(Math.max(1, Math.min(end, source.length) - start));
  return `${file}:${line}\n${source}\n${caret}\n`;
}
