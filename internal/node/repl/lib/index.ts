// The read-eval-print loop. https://nodejs.org/docs/latest-v24.x/api/repl.html
//
// A REPLServer is a readline Interface. A line is a command when it begins with a dot outside of a multi-line input; else it joins what was
// typed before it, and eval runs that. eval throws (or calls back with) Recoverable when more lines are needed.
// Differs from Node: the history has an entry for each line of an input.
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { AsyncLocalStorage } from 'internal:asynchooks';
import { createHook } from 'internal:asynchooks/hooks';
import { executionAsyncId } from 'internal:asynchooks/state';
import { Interface } from 'internal:readline/interface';
import { EventEmitter } from 'internal:events';
import { nextTick } from 'internal:process/task';
import { setImmediate } from 'internal:timers';
import { awaitsAtTop, declaredNames, isRecoverable, wrapAwait } from 'internal:repl/source';
import { inspect } from 'internal:util/inspect';
import { deprecate } from 'internal:util';
import { isNativeError, isProxy } from 'internal:util/types';
import { validateFunction, validateObject } from 'internal:validators';

const { defineProperty, setPrototypeOf, getOwnPropertyNames, getOwnPropertyDescriptor } = Object;

export const REPL_MODE_SLOPPY = Symbol('repl-sloppy');
export const REPL_MODE_STRICT = Symbol('repl-strict');
/** Marks the REPL that the command line starts. */
export const kStandalone = Symbol('kStandaloneREPL');

const kInput = Symbol('lines of the input that isn\'t complete');
const kEditor = Symbol('.editor');
const kRunning = Symbol('an input runs');
const kQueue = Symbol('lines that wait for it');
const kKeys = Symbol('keys that wait for it');
const kInterrupt = Symbol('gives up waiting for it');
const kEvaluator = Symbol('evaluator');
const kBare = Symbol('plain prompt');
const kLexical = Symbol('names of let, const and class');

/** How a REPL shows values: util.inspect with writer.options. */
export const writer: any = (value: any) => inspect(value, writer.options);
writer.options = { ...inspect.defaultOptions, showProxy: true };
defineProperty(writer, 'name', { value: 'writer', configurable: true });

// util.inspect.replDefaults. https://nodejs.org/docs/latest-v24.x/api/repl.html#customizing-repl-output
defineProperty(inspect, 'replDefaults', {
  configurable: true, enumerable: true,
  get: () => writer.options,
  set: (options: any) => {
    validateObject(options, 'options');
    Object.assign(writer.options, options);
  },
});

let publicList: string[] | undefined;
/** repl.builtinModules. */
export function publicModules(): string[] {
  return publicList ??= load('node:module').default.builtinModules.filter((name: string) => !name.startsWith('_'));
}

/** An eval function gives it when the input isn't complete. */
export class Recoverable extends SyntaxError {
  err: any;
  constructor(err: any) {
    super();
    this.err = err;
  }
}

function proc(): any {
  return load('internal:process').process;
}

let lastServer = 0; // names of inputs: REPL1, REPL2, ...
const multiline = '| ';

/** new REPLServer(prompt | options, stream?, eval?, useGlobal?, ignoreUndefined?, replMode?) */
export function REPLServer(this: any, prompt: any, stream?: any, evaluate?: any, useGlobal?: any, ignoreUndefined?: any, replMode?: any): any {
  if (!(this instanceof (REPLServer as any))) {
    return new (REPLServer as any)(prompt, stream, evaluate, useGlobal, ignoreUndefined, replMode);
  }
  let options: any;
  if (prompt !== null && typeof prompt === 'object') {
    options = { ...prompt };
    stream = options.stream ?? options.socket;
    ({ eval: evaluate, useGlobal, ignoreUndefined, prompt, replMode } = options);
  } else {
    options = {};
  }
  if (!options.input && !options.output) {
    stream ??= proc();
    options.input = stream.stdin ?? stream;
    options.output = stream.stdout ?? stream;
  }
  if (options.breakEvalOnSigint && evaluate) {
    throw new codes.ERR_INVALID_REPL_EVAL_CONFIG();
  }
  options.terminal ??= options.output?.isTTY;
  options.terminal = Boolean(options.terminal);
  if (options.terminal && options.useColors === undefined) {
    const { output } = options;
    const { FORCE_COLOR } = proc().env;
    options.useColors = FORCE_COLOR !== undefined ? load('internal:tty/colors').getColorDepth() > 2 :
      Boolean(output?.isTTY) && (typeof output.getColorDepth !== 'function' || output.getColorDepth() > 2);
  }
  const self = this;
  this.allowBlockingCompletions = Boolean(options.allowBlockingCompletions);
  this.useColors = Boolean(options.useColors);
  this._domain = options.domain ?? newDomain();
  this.useGlobal = Boolean(useGlobal);
  this.ignoreUndefined = Boolean(ignoreUndefined);
  this.replMode = replMode ?? REPL_MODE_SLOPPY;
  this.underscoreAssigned = false;
  this.last = undefined;
  this.underscoreErrAssigned = false;
  this.lastError = undefined;
  this.breakEvalOnSigint = Boolean(options.breakEvalOnSigint);
  this.editorMode = false;
  this.lines = [];
  this.lines.level = [];
  this.context = null;
  this[kStandalone] = Boolean(options[kStandalone]);
  this[kInput] = '';
  this[kEditor] = false;
  this[kRunning] = false;
  this[kQueue] = [];
  this.name = `REPL${++lastServer}`;
  this.eval = evaluate ?? this.defaultEval;

  const completer = options.completer ?? ((text: string, callback: any): void => Reflect.apply(completeLine, self, [text, callback]));
  Reflect.apply(Interface, this, [{
    input: options.input, output: options.output, completer, terminal: options.terminal, historySize: options.historySize, prompt: prompt ?? '> ',
  }]);
  this[kBare] = prompt ?? '> ';
  if (this.terminal) {
    this.historyIndex = -1;
  }
  this.commands = Object.create(null);
  defineCommands(this);
  const previewed = this.terminal && hasPreviews(options);
  if (previewed && !this.useGlobal) load('internal:repl/preview').prepare();
  this.resetContext();

  if (options.writer !== undefined) {
    this.writer = options.writer;
  } else if (this.useColors) {
    this.writer = { writer: (value: any) => inspect(value, { ...writer.options, colors: true }) }.writer;
    this.writer.options = { ...writer.options, colors: true };
  } else {
    this.writer = writer;
  }

  watchExceptions(this);
  this._domain.on('error', (error: any) => showError(self, error));
  this.on('close', () => {
    self[kEvaluator]?.close();
    if (self[kRunning]) {
      self[kClosing] = true;
      return;
    }
    nextTick(() => self.emit('exit'));
  });
  let interrupted = false;
  this.on('SIGINT', () => {
    if (self[kInterrupt] !== undefined) {
      self[kInterrupt]();
      return;
    }
    const empty = self.line.length === 0;
    self.clearLine();
    const had = self[kInput] !== '';
    self.clearBufferedCommand();
    leaveEditor(self);
    if (empty && !had) {
      if (interrupted) {
        interrupted = false;
        self.close();
        return;
      }
      self.output.write('(To exit, press Ctrl+C again or Ctrl+D or type .exit)\n');
      interrupted = true;
    } else {
      interrupted = false;
    }
    self.displayPrompt();
  });
  this.on('line', (line: any) => {
    interrupted = false;
    onLine(self, line);
  });
  this.on('SIGCONT', () => {
    if (self[kEditor]) {
      self.output.write(`${self.getPrompt()}.editor\n`);
      self.output.write('// Entering editor mode (Ctrl+D to finish, Ctrl+C to cancel)\n');
      self.output.write(`${self[kInput]}\n`);
      self.prompt(true);
    } else {
      self.displayPrompt(true);
    }
  });
  if (this.terminal) {
    const previews = previewed ? newPreviews(this) : undefined;
    const write = this._ttyWrite.bind(this);
    let search: any; // of the history, once it was asked for
    this._ttyWrite = (text: any, key: any) => {
      key ??= {};
      if (self[kKeys] !== undefined && !(self[kInterrupt] !== undefined && key.ctrl && key.name === 'c')) {
        self[kKeys].push([text, key]);
        return;
      }
      previews?.clear(key);
      if (!self[kEditor]) {
        search ??= key.ctrl && (key.name === 'r' || key.name === 's') ? new (load('internal:repl/search').HistorySearch)(self) : undefined;
        if (search !== undefined && search.takes(text, key)) return;
      }
      if (self[kEditor] && key.ctrl && !key.shift && key.name === 'd') {
        // The end of .editor.
        const code = self[kInput] + (self.line === '' ? '' : `${self.line}\n`);
        self.line = '';
        self.cursor = 0;
        self.output.write('\n');
        leaveEditor(self);
        self[kInput] = '';
        if (code.trim() === '') {
          self.displayPrompt();
        } else {
          runInput(self, code);
        }
        return;
      }
      if (self[kEditor] && key.name === 'tab') {
        write('  ', {});
        return;
      }
      write(text, key);
      previews?.show(key.name !== 'escape');
    };
  }
  this.displayPrompt();
  return this;
}
function hasPreviews(options: any): boolean {
  return proc().env.TERM !== 'dumb' && Boolean(options.preview ?? options.eval === undefined);
}
function newPreviews(self: any): any {
  const { Previews } = load('internal:repl/preview');
  return new Previews(self, {
    get strict() { return self.replMode === REPL_MODE_STRICT || proc().execArgv.includes('--use-strict'); },
    get options() { return writer.options; },
    get busy() { return self[kEditor] || self[kInput] !== '' || self[kRunning] || self.closed; },
  });
}
const kClosing = Symbol('closed while an input runs');
setPrototypeOf(REPLServer.prototype, Interface.prototype);
setPrototypeOf(REPLServer, Interface);

// ---- exceptions of callbacks ----

// Whose input runs; and who made timers, sockets and so on, as the async context is gone when an exception is reported.
const inputs = new AsyncLocalStorage({ name: 'repl' });
const owners = new Map<number, any>();
const ownersHook = createHook({
  init(asyncId: number, type: string) {
    const server = type === 'PROMISE' ? undefined : inputs.getStore();
    if (server !== undefined) owners.set(asyncId, server);
  },
  destroy(asyncId: number) {
    owners.delete(asyncId);
  },
});
let watched = 0;
let watching = false;

function watchExceptions(server: any): void {
  watched++;
  if (!watching) {
    watching = true;
    ownersHook.enable();
    proc().on('newListener', onNewListener);
  }
  if (!proc().hasUncaughtExceptionCaptureCallback()) {
    proc().setUncaughtExceptionCaptureCallback(onException);
  }
  server.once('exit', () => {
    if (--watched === 0 && watching && !server[kStandalone]) {
      unwatch();
    }
  });
}
function unwatch(): void {
  watching = false;
  ownersHook.disable();
  proc().removeListener('newListener', onNewListener);
  setImmediate(() => {
    if (!watching) proc().setUncaughtExceptionCaptureCallback(null);
  }).unref();
}
function onNewListener(event: any): void {
  const server = inputs.getStore() ?? owners.get(executionAsyncId());
  if (event === 'uncaughtException' && server !== undefined && !server[kStandalone]) {
    throw new codes.ERR_INVALID_REPL_INPUT('Listeners for `uncaughtException` cannot be used in the REPL');
  }
}
function isBroken(output: any, error: any): boolean {
  return output.destroyed || output.errored || (error?.code === 'EPIPE' && error.syscall === 'write');
}
function onException(error: any): void {
  const server = inputs.getStore() ?? owners.get(executionAsyncId()) ?? standalone;
  // An exception of the output itself can't be shown there: it would come again, for ever.
  if (server !== undefined && !isBroken(server.output, error)) {
    server._domain.emit('error', error);
    return;
  }
  // Nobody's input: as without a REPL.
  proc().setUncaughtExceptionCaptureCallback(null);
  load('internal:process/lifecycle').onUncaught(error, false, undefined);
  proc().setUncaughtExceptionCaptureCallback(onException);
}
let standalone: any;
/** The REPL of the command line takes every exception. */
export function setStandalone(server: any): void {
  standalone = server;
}

// Differs from Node: there are no domains; _domain is an emitter of errors.
function newDomain(): any {
  return new (EventEmitter as any)();
}

const proto: any = REPLServer.prototype;

for (const [old, now] of [['inputStream', 'input'], ['outputStream', 'output']]) {
  const message = 'repl.inputStream and repl.outputStream are deprecated. Use repl.input and repl.output instead';
  const get = function(this: any) { return this[now]; };
  const set = function(this: any, value: any) { this[now] = value; };
  let wrapped: any;
  defineProperty(proto, old, {
    configurable: true, enumerable: true,
    get(this: any) {
      wrapped ??= pendingDeprecation() ? deprecate(get, message, 'DEP0141') : get;
      return Reflect.apply(wrapped, this, []);
    },
    set,
  });
}
/** --pending-deprecation */
export function pendingDeprecation(): boolean {
  return load('internal:repl/options').option('pending-deprecation') !== undefined || proc().env.NODE_PENDING_DEPRECATION === '1';
}

// ---- lines ----

function leaveEditor(self: any): void {
  self[kEditor] = false;
  self.editorMode = false;
}

function onLine(self: any, line: any): void {
  if (self[kRunning]) {
    self[kQueue].push(line);
    return;
  }
  line ||= '';
  if (self[kEditor]) {
    self[kInput] += `${line}\n`;
    // The next line begins as deep as this one.
    const indent = (/^[ \t]*/.exec(line) as RegExpExecArray)[0];
    if (indent !== '' && self.terminal) {
      self.line = indent;
      self.cursor = indent.length;
      self.output.write(`\u001b[${indent.length + 1}G`);
    }
    return;
  }
  const trimmed = line.trim();
  if (trimmed.startsWith('.') && !trimmed.startsWith('...') && Number.isNaN(parseFloat(trimmed)) && !joinsExpression(self, trimmed)) {
    const m = /^\.([^\s]+)\s*(.*)$/.exec(trimmed);
    if (m !== null && runCommand(self, m[1], m[2])) {
      return;
    }
    if (self[kInput] === '') {
      self.output.write('Invalid REPL keyword\n');
      self.displayPrompt();
      return;
    }
  }
  runInput(self, self[kInput] === '' ? `${line}\n` : `${self[kInput]}${line}\n`);
}

// ".then(...)" within a multi-line expression is none of the commands.
function joinsExpression(self: any, trimmed: string): boolean {
  if (self[kInput] === '') {
    return false;
  }
  const m = /^\.([^\s]+)/.exec(trimmed);
  return m === null || self.commands[m[1]] === undefined;
}

function runCommand(self: any, name: string, rest: string): boolean {
  const command = self.commands[name];
  if (command === undefined) {
    return false;
  }
  Reflect.apply(command.action, self, [rest]);
  return true;
}

function runInput(self: any, code: string): void {
  if (self[kInput] === '' && /^\s*npm\s/.test(code) && !/^npm\s*[=(.[,;+\-*/%<>&|?:!]/.test(code) && /^\s*npm\s+[a-z]/i.test(code)) {
    self.output.write('npm should be run outside of the Node.js REPL, in your normal shell.\n(Press Ctrl+D to exit.)\n');
    self.displayPrompt();
    return;
  }
  let called = false;
  const finish = function(error: any, ...rest: any[]) {
    if (called) {
      return;
    }
    called = true;
    finishInput(self, code, error, rest.length + 1, rest[0]);
  };
  try {
    inputs.run(self, () => Reflect.apply(self.eval, self, [code, self.context, self.name, finish]));
  } catch (error) {
    finish(error);
  }
}

function finishInput(self: any, code: string, error: any, count: number, value: any): void {
  self[kRunning] = false;
  self.lines.push(...linesOf(self, code));
  if (error instanceof Recoverable) {
    self[kInput] = code;
    if (!self[kClosing]) self.displayPrompt();
    goOn(self);
    return;
  }
  self.clearBufferedCommand();
  if (error) {
    self._domain.emit('error', error instanceof NoError ? error.value : error);
  } else {
    if (count >= 2) {
      for (const name of declaredNames(code)) self[kLexical].add(name);
      if (!self.ignoreUndefined || value !== undefined) {
        if (!self.underscoreAssigned) {
          self.last = value;
        }
        self.output.write(`${self.writer(value)}\n`);
      } else if (!self.underscoreAssigned) {
        self.last = value;
      }
    }
    if (!self.closed) self.displayPrompt();
  }
  goOn(self);
}
// The lines of an input that weren't noted yet.
function linesOf(self: any, code: string): string[] {
  const lines = code.slice(self[kInput].length).split('\n');
  return lines.length === 2 ? lines.slice(0, 1) : lines;
}

// The lines that waited; then the end, when the input is closed.
function goOn(self: any): void {
  while (!self[kRunning] && self[kQueue].length > 0) {
    onLine(self, self[kQueue].shift());
  }
  if (self[kClosing] && !self[kRunning]) {
    self[kClosing] = false;
    nextTick(() => self.emit('exit'));
  }
}

// ---- evaluation ----

/** The eval function that a REPL has when none is given: (code, context, file, callback). */
proto.defaultEval = function(this: any, code: string, context: any, file: string, callback: any): void {
  const self = this;
  if (code === '\n') {
    callback(null);
    return;
  }
  const vm = load('node:vm').default;
  let text = code;
  let wrapped = false;
  let awaits = false;
  // An object literal isn't a block.
  if (/^\s*\{/.test(code) && !/;\s*$/.test(code)) {
    text = `(${code.trim()})\n`;
    wrapped = true;
  }
  let script: any;
  let problem: any;
  const compile = (source: string, strict: boolean): any => new vm.Script(strict ? `'use strict'; void 0;\n${source}` : source, {
    filename: file, lineOffset: strict ? -1 : 0, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const strict = self.replMode === REPL_MODE_STRICT;
  if (awaitsAtTop(code)) {
    const source = wrapAwait(code);
    if (source !== undefined) {
      try {
        script = compile(source, strict);
        awaits = true;
      } catch {
        script = undefined;
      }
    }
  }
  for (; script === undefined;) {
    try {
      script = compile(text, strict);
    } catch (error) {
      if (wrapped) {
        wrapped = false;
        text = code;
        continue;
      }
      problem = error;
      break;
    }
  }
  if (script === undefined) {
    if (isRecoverable(problem, code) || (awaitsAtTop(code) && incompleteAwait(code))) {
      callback(new Recoverable(problem));
      return;
    }
    shown.add(problem);
    callback(problem);
    return;
  }
  const options = { displayErrors: false, breakOnSigint: self.breakEvalOnSigint };
  // A terminal in raw mode would send Ctrl+C as a key, which nobody reads meanwhile.
  const raw = self.breakEvalOnSigint && self.terminal && setRaw(self, false);
  let result: any;
  try {
    result = self.useGlobal ? script.runInThisContext(options) : script.runInContext(context, options);
  } catch (error) {
    callback(error || new NoError(error));
    return;
  } finally {
    if (raw) setRaw(self, true);
  }
  if (!awaits) {
    callback(null, result);
    return;
  }
  awaitResult(self, result, callback);
};

// What is typed meanwhile waits. Ctrl+C gives the prompt back; the promise goes on.
function awaitResult(self: any, promise: Promise<any>, callback: any): void {
  self[kRunning] = true;
  if (self.terminal) {
    self[kKeys] = [];
  } else {
    self.pause();
  }
  let over = false;
  const end = (...result: any[]) => {
    if (over) {
      return;
    }
    over = true;
    self[kInterrupt] = undefined;
    const keys = self[kKeys] ?? [];
    self[kKeys] = undefined;
    if (!self.terminal && !self.closed) self.resume();
    callback(...result);
    for (const [text, key] of keys) self._ttyWrite(text, key);
  };
  if (self.breakEvalOnSigint) {
    self[kInterrupt] = () => {
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      const error = new codes.ERR_SCRIPT_EXECUTION_INTERRUPTED();
      Error.stackTraceLimit = stackTraceLimit;
      end(error);
    };
  }
  promise.then((value: any) => end(null, value?.value), (error: any) => end(error || new NoError(error)));
}

// Whether the terminal was in raw mode.
function setRaw(self: any, mode: boolean): boolean {
  const { input } = self;
  const was = Boolean(input.isRaw);
  if (was !== mode && typeof input.setRawMode === 'function') {
    input.setRawMode(mode);
  }
  return was;
}

// Errors of compilation: what is shown of them is the source, not the stack.
const shown = new WeakSet<object>();

// What is thrown and falsy.
class NoError {
  value: any;
  constructor(value: any) {
    this.value = value;
  }
}

function incompleteAwait(code: string): boolean {
  try {
    new (load('node:vm').default.Script)(`(async () => { ${code}\n`, { filename: 'REPL' });
    return false;
  } catch (error) {
    return isRecoverable(error, code);
  }
}

// The frames of user code: what is above the input itself, and the rest of the program, is left out.
function trimStack(stack: string): string {
  const lines = stack.split('\n');
  let first = lines.findIndex((line) => /^\s+at /.test(line));
  if (first < 0) {
    return stack;
  }
  let last = -1;
  for (let i = first; i < lines.length; i++) {
    if (/^\s+at .*REPL\d+:\d+:\d+\)?$/.test(lines[i])) last = i;
  }
  if (last >= 0) {
    return lines.slice(0, last).join('\n');
  }
  return stack;
}

function showError(self: any, error: any): void {
  let text = '';
  const isObject = typeof error === 'object' && error !== null;
  if (isObject && (isNativeError(error) || error instanceof Error) && !isProxy(error)) {
    if (shown.has(error)) {
      // "file:line", the source line and the caret, the message: without the file.
      const lines = `${error.stack}`.split('\n');
      const at = lines.findIndex((line) => /^\s*\^+\s*$/.test(line));
      if (at > 0) {
        text = `${lines[at - 1]}\n${lines[at]}\n\n`;
      }
      defineStack(error, `${error.name}: ${error.message}`);
    } else if (typeof error.stack === 'string') {
      defineStack(error, trimStack(error.stack));
    }
  }
  if (!self.underscoreErrAssigned) {
    self.lastError = error;
  }
  if (self[kStandalone] && proc().listenerCount('uncaughtException') > 0) {
    nextTick(() => {
      proc().emit('uncaughtException', error);
      self.clearBufferedCommand();
      self.lines.level = [];
      if (!self.closed) self.displayPrompt();
    });
    return;
  }
  let shownText: string;
  if (isObject && (isNativeError(error) || error instanceof Error) && self.writer === writer && error.stack === undefined) {
    shownText = `[${error}]`;
  } else {
    shownText = self.writer(error);
  }
  if (typeof shownText !== 'string') {
    shownText = `${shownText}`;
  }
  // [Error: text]: brackets stand for a stack without frames.
  const bracketed = /^\[((?:[A-Z]\w*)?Error(?:: [^]*)?)\]( \{[^]*)?$/.exec(shownText);
  if (bracketed !== null && isObject && (isNativeError(error) || error instanceof Error)) {
    shownText = bracketed[1] + (bracketed[2] ?? '');
  }
  const lines = shownText.split('\n');
  const width = writer.options.breakLength ?? 80;
  const long = isObject && (isNativeError(error) || error instanceof Error) ? lines[0].length > width : lines.length > 1;
  self.output.write(`${text}Uncaught${long ? ':\n' : ' '}${shownText}\n`);
  self.clearBufferedCommand();
  self.lines.level = [];
  if (!self.closed) {
    self.displayPrompt();
  }
}
function defineStack(error: any, stack: string): void {
  try {
    defineProperty(error, 'stack', { value: stack, writable: true, configurable: true, enumerable: false });
  } catch {
    // It is frozen: it shows as it is.
  }
}

// ---- context ----

/** A context for evaluation: the global scope, or a new one with what the global scope has. */
proto.createContext = function(this: any): any {
  let context: any;
  if (this.useGlobal) {
    context = globalThis;
  } else {
    const vm = load('node:vm').default;
    context = vm.createContext();
    const own = new Set(getOwnPropertyNames(vm.runInContext('this', context)));
    for (const name of getOwnPropertyNames(globalThis)) {
      if (!own.has(name) && !standard.has(name)) {
        defineProperty(context, name, { __proto__: null, ...getOwnPropertyDescriptor(globalThis, name) } as any);
      }
    }
    context.global = context;
    const { Console } = load('node:console').default;
    defineProperty(context, 'console', { __proto__: null, configurable: true, writable: true, value: new Console(this.output) } as any);
  }
  const { textModule, makeRequire, Module, workingDirectory } = load('internal:module/cjs');
  const cwd = workingDirectory();
  const module = textModule('<repl>', cwd);
  module.filename = null;
  module.paths = [...new Set([`${cwd}/repl/node_modules`, ...module.paths, ...(Module.globalPaths ?? [])])];
  defineProperty(context, 'module', { __proto__: null, configurable: true, writable: true, value: module } as any);
  defineProperty(context, 'exports', { __proto__: null, configurable: true, writable: true, value: module.exports } as any);
  defineProperty(context, 'require', { __proto__: null, configurable: true, writable: true, value: makeRequire(module) } as any);
  for (const name of Module.builtinModules as string[]) {
    if (name.includes('/') || name.startsWith('_') || name.startsWith('node:') || Object.hasOwn(context, name)) {
      continue;
    }
    defineProperty(context, name, {
      __proto__: null, configurable: true, enumerable: false,
      get: () => {
        const value = name === 'repl' ? load('node:repl').default : module.require(name);
        delete context[name];
        defineProperty(context, name, { __proto__: null, value, configurable: true, writable: true, enumerable: false } as any);
        return value;
      },
      set: (value: any) => {
        delete context[name];
        context[name] = value;
      },
    } as any);
  }
  return context;
};
// The language's own globals: a new context has its own.
const standard = new Set(['globalThis', 'Infinity', 'NaN', 'undefined', 'eval', 'console', 'global', 'WebAssembly', 'Intl']);

/** A fresh context; emits 'reset'. */
proto.resetContext = function(this: any): void {
  const self = this;
  this.context = this.createContext();
  this.underscoreAssigned = false;
  this.underscoreErrAssigned = false;
  this.lines = [];
  this.lines.level = [];
  this[kLexical] = new Set();
  defineProperty(this.context, '_', {
    __proto__: null, configurable: true,
    get: () => self.last,
    set: (value: any) => {
      self.last = value;
      if (!self.underscoreAssigned) {
        self.underscoreAssigned = true;
        self.output.write('Expression assignment to _ now disabled.\n');
      }
    },
  } as any);
  defineProperty(this.context, '_error', {
    __proto__: null, configurable: true,
    get: () => self.lastError,
    set: (value: any) => {
      self.lastError = value;
      if (!self.underscoreErrAssigned) {
        self.underscoreErrAssigned = true;
        self.output.write('Expression assignment to _error now disabled.\n');
      }
    },
  } as any);
  this.emit('reset', this.context);
};

/** The value of a global name of the context; for completion. */
proto.lookUp = function(this: any, name: string): any {
  const vm = load('node:vm').default;
  return this.useGlobal ? vm.runInThisContext(name) : vm.runInContext(name, this.context);
};
/** Whether a global of the context is a builtin module that wasn't used yet. */
proto.isLazy = function(this: any, name: string): boolean {
  return load('internal:module/cjs').Module.builtinModules.includes(name) || name === '_' || name === '_error' || this.useGlobal;
};
/** Runs text of the context without its effects; for previews and completion. */
proto.evaluator = function(this: any): any {
  if (this[kEvaluator]?.context !== this.context) {
    this[kEvaluator]?.close();
    const { Evaluator } = load('internal:repl/preview');
    this[kEvaluator] = new Evaluator(this.context, this.context === globalThis);
  }
  return this[kEvaluator];
};
/** The names of let, const and class that inputs declared. */
proto.lexicalNames = function(this: any): string[] {
  return [...this[kLexical]];
};
for (const name of ['evaluator', 'lexicalNames', 'isLazy', 'lookUp', 'defaultEval']) {
  defineProperty(proto, name, { enumerable: false });
}

// ---- the documented methods ----

/** Forgets the lines of an input that isn't complete. */
proto.clearBufferedCommand = function(this: any): void {
  this[kInput] = '';
};
proto.displayPrompt = function(this: any, preserveCursor?: boolean): void {
  let prompt = this[kBare];
  if (this[kInput] !== '' && !this[kEditor]) {
    prompt = multiline;
  }
  Interface.prototype.setPrompt.call(this, prompt);
  this.prompt(preserveCursor);
};
proto.setPrompt = function(this: any, prompt: any): void {
  this[kBare] = prompt;
  Interface.prototype.setPrompt.call(this, prompt);
};
proto.getPrompt = function(this: any): any {
  return this[kInput] !== '' ? multiline : this[kBare];
};
proto.complete = function(this: any, ...args: any[]): void {
  const { completer } = this;
  if (completer.length === 2) {
    Reflect.apply(completer, this, args);
  } else {
    args[1](null, Reflect.apply(completer, this, [args[0]]));
  }
};
function completeLine(this: any, line: string, callback: (error: any, value?: any) => void): void {
  let result: any;
  try {
    result = load('internal:repl/complete').complete(this, line);
  } catch (error) {
    callback(error);
    return;
  }
  if (this[kEditor] && result[0].length > 0) {
    // One completion: what all have in common.
    const names = result[0].filter((name: string) => name !== '');
    let common: string = names[0];
    for (const name of names) {
      while (!name.startsWith(common)) common = common.slice(0, -1);
    }
    result = [common.length >= result[1].length ? [common] : [], result[1]];
  }
  callback(null, result);
}

/** defineCommand(keyword, { help, action } | action) */
proto.defineCommand = function(this: any, keyword: any, command: any): void {
  if (typeof command === 'function') {
    command = { action: command };
  } else {
    validateFunction(command?.action, 'cmd.action');
  }
  this.commands[keyword] = command;
};

/** setupHistory(path, callback): reads and keeps the history in a file. */
proto.setupHistory = function(this: any, given: any, callback: any): void {
  let path = given;
  if (given !== null && typeof given === 'object') {
    path = given.filePath;
    if (given.size !== undefined) this.historySize = given.size;
    callback ??= given.onHistoryFileLoaded;
  }
  load('internal:repl/history').setupHistory(this, path, callback ?? (() => {}));
};

const close = Interface.prototype.close;
proto.close = function(this: any): void {
  if (this.closed) {
    return;
  }
  if (this.terminal && this._flushing) {
    this.once('flushHistory', () => Reflect.apply(close, this, []));
    return;
  }
  Reflect.apply(close, this, []);
};

// ---- commands ----

function defineCommands(self: any): void {
  self.defineCommand('break', {
    help: 'Sometimes you get stuck, this gets you out',
    action(this: any) {
      this.clearBufferedCommand();
      this.displayPrompt();
    },
  });
  self.defineCommand('clear', {
    help: self.useGlobal ? 'Alias for .break' : 'Break, and also clear the local context',
    action(this: any) {
      this.clearBufferedCommand();
      if (!this.useGlobal) {
        this.output.write('Clearing context...\n');
        this.resetContext();
      }
      this.displayPrompt();
    },
  });
  self.defineCommand('exit', {
    help: 'Exit the REPL',
    action(this: any) {
      this.close();
    },
  });
  self.defineCommand('help', {
    help: 'Print this help message',
    action(this: any) {
      const names = Object.keys(this.commands).sort();
      const width = Math.max(...names.map((name) => name.length)) + 3;
      for (const name of names) {
        const { help } = this.commands[name];
        this.output.write(`.${name}${help ? ' '.repeat(width - name.length) + help : ''}\n`);
      }
      this.output.write('\nPress Ctrl+C to abort current expression, Ctrl+D to exit the REPL\n');
      this.displayPrompt();
    },
  });
  self.defineCommand('save', {
    help: 'Save all evaluated commands in this REPL session to a file',
    action(this: any, file: string) {
      if (file === '') {
        this.output.write(`${new codes.ERR_MISSING_ARGS('file').message}\n`);
        this.displayPrompt();
        return;
      }
      try {
        load('node:fs').default.writeFileSync(file, this.lines.join('\n'));
        this.output.write(`Session saved to: ${file}\n`);
      } catch {
        this.output.write(`Failed to save: ${file}\n`);
      }
      this.displayPrompt();
    },
  });
  self.defineCommand('load', {
    help: 'Load JS from a file into the REPL session',
    action(this: any, file: string) {
      if (file === '') {
        this.output.write(`${new codes.ERR_MISSING_ARGS('file').message}\n`);
        this.displayPrompt();
        return;
      }
      const fs = load('node:fs').default;
      try {
        if (!fs.statSync(file).isFile()) {
          this.output.write(`Failed to load: ${file} is not a valid file\n`);
          this.displayPrompt();
          return;
        }
        const text = fs.readFileSync(file, 'utf8');
        this[kInput] = '';
        if (this.terminal) {
          for (const line of text.split('\n')) {
            this.output.write(`${line}\n`);
          }
        }
        runInput(this, `${text.replace(/\n$/, '')}\n`);
      } catch {
        this.output.write(`Failed to load: ${file}\n`);
        this.displayPrompt();
      }
    },
  });
  if (self.terminal) {
    self.defineCommand('editor', {
      help: 'Enter editor mode',
      action(this: any) {
        this[kEditor] = true;
        this.editorMode = true;
        Interface.prototype.setPrompt.call(this, '');
        this.output.write('// Entering editor mode (Ctrl+D to finish, Ctrl+C to cancel)\n');
      },
    });
  }
}

/** repl.start(prompt | options, source?, eval?, useGlobal?, ignoreUndefined?, replMode?) */
export function start(prompt?: any, source?: any, evaluate?: any, useGlobal?: any, ignoreUndefined?: any, replMode?: any): any {
  return new (REPLServer as any)(prompt, source, evaluate, useGlobal, ignoreUndefined, replMode);
}
