// node:child_process. https://nodejs.org/docs/latest-v24.x/api/child_process.html
import * as native from 'native:childprocess';
import { AbortError, codes, errnoException, genericNodeError } from 'internal:errors';
import { Buffer } from 'internal:buffer';
import { EventEmitter } from 'internal:events';
import { addAbortListener } from 'internal:events/abort';
import { adopt, release } from 'internal:handle';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { clearTimeout, setTimeout } from 'internal:timers';
import { DescriptorHandle, DescriptorStream } from 'internal:tty/descriptor';
import {
  isInt32, validateAbortSignal, validateArray, validateBoolean, validateFunction, validateObject, validateOneOf, validateString,
} from 'internal:validators';
import { setupChannel } from 'internal:childprocess/channel';
import { signalName, signalNumber } from 'internal:childprocess/signals';

const { defineProperty, setPrototypeOf } = Object;
const { isView } = ArrayBuffer;

const MAX_BUFFER = 1024 * 1024;
const IGNORE = -1, PIPE = -2;
const kIsUsedAsStdio = Symbol('kIsUsedAsStdio');

function processObject(): any {
  return load('internal:process').process;
}

// ---------------------------------------------------------------------------------------------------------------
// Standard streams
// ---------------------------------------------------------------------------------------------------------------

interface Stdio {
  type: 'ignore' | 'pipe' | 'fd' | 'inherit';
  fd?: number;
  ipc?: boolean;
  stream?: any;
}

function stdioList(stdio: any): any[] {
  switch (stdio) {
    case undefined: case null: case 'pipe': case 'overlapped': return ['pipe', 'pipe', 'pipe'];
    case 'inherit': return [0, 1, 2];
    case 'ignore': return ['ignore', 'ignore', 'ignore'];
  }
  throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
}

/** Checks the stdio option. @returns the streams and the index of the channel, -1 for none */
function parseStdio(stdio: any, sync: boolean): { list: Stdio[]; ipc: number } {
  if (typeof stdio === 'string') {
    stdio = stdioList(stdio);
  } else if (stdio === undefined || stdio === null) {
    stdio = stdioList(undefined);
  } else if (!Array.isArray(stdio)) {
    throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
  } else {
    stdio = stdio.slice();
  }
  while (stdio.length < 3) {
    stdio.push(undefined);
  }
  const list: Stdio[] = [];
  let ipc = -1;
  for (let i = 0; i < stdio.length; i++) {
    const item = stdio[i] ?? (i < 3 ? 'pipe' : 'ignore');
    if (item === 'ignore') {
      list.push({ type: 'ignore' });
    } else if (item === 'pipe' || item === 'overlapped' || (typeof item === 'number' && item < 0)) {
      list.push({ type: 'pipe' });
    } else if (item === 'ipc') {
      if (sync || ipc !== -1) {
        if (!sync) {
          throw new codes.ERR_IPC_ONE_PIPE();
        }
        throw new codes.ERR_IPC_SYNC_FORK();
      }
      ipc = i;
      list.push({ type: 'pipe', ipc: true });
    } else if (item === 'inherit') {
      list.push({ type: 'inherit', fd: i });
    } else if (typeof item === 'number' || typeof item?.fd === 'number') {
      list.push({ type: 'fd', fd: typeof item === 'number' ? item : item.fd, stream: typeof item === 'number' ? undefined : item });
    } else if (typeof item?._handle?.fd === 'number' && item._handle.fd >= 0) {
      list.push({ type: 'fd', fd: item._handle.fd, stream: item });
    } else if (isView(item) || typeof item === 'string') {
      if (!sync) {
        throw new codes.ERR_INVALID_SYNC_FORK_INPUT(load('internal:util/inspect').inspect(item));
      }
      throw new codes.ERR_INVALID_ARG_VALUE('stdio', item);
    } else {
      throw new codes.ERR_INVALID_ARG_VALUE('stdio', item);
    }
  }
  return { list, ipc };
}

// A stream that the child reads from now on isn't read here any more.
function lend(stream: any): void {
  if (stream?._handle?.readStop && stream._readableState) {
    stream._handle.readStop();
    stream.pause();
    stream.readableFlowing = false;
    stream._readableState.reading = false;
    stream[kIsUsedAsStdio] = true;
  }
}

function kinds(list: Stdio[]): number[] {
  return list.map(({ type, fd }) => type === 'ignore' ? IGNORE : type === 'pipe' ? PIPE : fd as number);
}

function openPipe(fd: number, index: number): any {
  const handle = new DescriptorHandle(fd, false, 'Pipe');
  const stream = new (DescriptorStream as any)({ handle, readable: index !== 0, writable: index === 0 || index > 2 });
  if (index !== 0) {
    stream.read(0);
  }
  return stream;
}

// ---------------------------------------------------------------------------------------------------------------
// ChildProcess
// ---------------------------------------------------------------------------------------------------------------

export function ChildProcess(this: any): void {
  EventEmitter.call(this);
  this._closesNeeded = 1;
  this._closesGot = 0;
  this.connected = false;
  this.signalCode = null;
  this.exitCode = null;
  this.killed = false;
  this.spawnfile = null;
  this._handle = null;
}
setPrototypeOf(ChildProcess.prototype, EventEmitter.prototype);
setPrototypeOf(ChildProcess, EventEmitter);

class ProcessHandle {
  id: number;
  pid: number;
  owner: any;
  constructor(id: number, pid: number, owner: any) {
    this.id = id;
    this.pid = pid;
    this.owner = owner;
    adopt(id, this);
  }
  onevent(_event: number, code: number, signal: number): void {
    release(this.id);
    ended(this.owner, code, signal === 0 ? null : signalName(signal));
  }
  ref(): void {
    native.processRef(this.id, true);
  }
  unref(): void {
    native.processRef(this.id, false);
  }
  hasRef(): boolean {
    return true;
  }
}

function ended(child: any, exitCode: number, signal: string | null): void {
  if (signal !== null) {
    child.signalCode = signal;
  } else {
    child.exitCode = exitCode;
  }
  child.stdin?.destroy();
  child._handle = null;
  if (exitCode < 0) {
    const syscall = child.spawnfile ? `spawn ${child.spawnfile}` : 'spawn';
    const err: any = errnoException(exitCode, syscall);
    if (child.spawnfile) {
      err.path = child.spawnfile;
    }
    err.spawnargs = child.spawnargs.slice(1);
    child.emit('error', err);
  } else {
    child.emit('exit', child.exitCode, child.signalCode);
  }
  // What nobody reads would keep 'close' from coming.
  nextTick(flushStdio, child);
  maybeClose(child);
}


function flushStdio(child: any): void {
  const { stdio } = child;
  if (stdio == null) {
    return;
  }
  for (const stream of stdio) {
    if (!stream || !stream.readable || stream[kIsUsedAsStdio]) {
      continue;
    }
    stream.resume();
  }
}
function maybeClose(child: any): void {
  child._closesGot++;
  if (child._closesGot === child._closesNeeded) {
    child.emit('close', child.exitCode, child.signalCode);
  }
}

const proto = ChildProcess.prototype;

const softErrors = ['EACCES', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOENT'];

/** Starts the program. Undocumented in Node, but used by packages. */
proto.spawn = function(this: any, options: any): number {
  validateObject(options, 'options');
  const { list, ipc } = parseStdio(options.stdio, false);
  if (options.envPairs === undefined) {
    options.envPairs = [];
  } else {
    validateArray(options.envPairs, 'options.envPairs');
  }
  validateString(options.file, 'options.file');
  if (options.args === undefined) {
    this.spawnargs = [];
  } else {
    validateArray(options.args, 'options.args');
    this.spawnargs = options.args;
  }
  this.spawnfile = options.file;
  validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced']);
  const serialization = options.serialization || 'json';
  if (ipc !== -1) {
    options.envPairs.push(`NODE_CHANNEL_FD=${ipc}`, `NODE_CHANNEL_SERIALIZATION_MODE=${serialization}`);
    if (serialization === 'advanced') {
      load('internal:errors').unavailable("serialization: 'advanced' between processes");
    }
  }
  const [errno, id, pid, ...fds] = native.spawn(options.file, this.spawnargs, options.envPairs, options.cwd ?? '', kinds(list),
    options.detached ? 1 : 0, options.uid ?? undefined, options.gid ?? undefined);
  let fatal = false;
  if (errno === 0) {
    this.pid = pid;
    this._handle = new ProcessHandle(id, pid, this);
    nextTick(() => this.emit('spawn'));
  } else {
    const err: any = errnoException(errno, 'spawn');
    if (softErrors.includes(err.code)) {
      nextTick(ended, this, errno, null);
      // Out of descriptors: there are no streams.
      fatal = fds.length === 0;
    } else {
      for (const fd of fds) {
        if (fd >= 0) {
          new DescriptorHandle(fd, false, 'Pipe').close();
        }
      }
      throw err;
    }
  }
  this.stdio = [];
  for (let i = 0; i < list.length; i++) {
    const fd = fds[i] ?? -1;
    lend(list[i].stream);
    if (list[i].type !== 'pipe' || fatal || fd < 0) {
      this.stdio.push(null);
      continue;
    }
    if (list[i].ipc) {
      this.stdio.push(null);
      const handle = new DescriptorHandle(fd, false, 'Pipe');
      if (errno === 0) {
        setupChannel(this, handle, serialization);
      } else {
        handle.close();
      }
      continue;
    }
    const stream = openPipe(fd, i);
    this._closesNeeded++;
    stream.on('close', () => maybeClose(this));
    this.stdio.push(stream);
  }
  this.stdin = this.stdio[0] ?? null;
  this.stdout = this.stdio[1] ?? null;
  this.stderr = this.stdio[2] ?? null;
  return errno;
};

proto.kill = function(this: any, signal?: any): boolean {
  const number = signal === 0 ? 0 : signalNumber(signal === undefined ? 'SIGTERM' : signal) ?? 15;
  if (this._handle) {
    const errno = native.processKill(this._handle.id, number);
    if (errno === 0) {
      this.killed = true;
      return true;
    }
    if (errno === -3) {
      // ESRCH: it has ended, its event is on the way.
    } else if (errno === -22 || errno === -38) {
      throw errnoException(errno, 'kill');
    } else {
      this.emit('error', errnoException(errno, 'kill'));
    }
  }
  return false;
};
proto[Symbol.dispose] = function(this: any): void {
  if (!this.killed) {
    this.kill();
  }
};
proto.ref = function(this: any): void {
  this._handle?.ref();
};
proto.unref = function(this: any): void {
  this._handle?.unref();
};

// ---------------------------------------------------------------------------------------------------------------
// Arguments
// ---------------------------------------------------------------------------------------------------------------

function withoutNull(value: any, name: string): void {
  if (typeof value === 'string' && value.includes('\u0000')) {
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
  }
}
function listWithoutNull(list: any[], name: string): void {
  for (let i = 0; i < list.length; i++) {
    withoutNull(list[i], `${name}[${i}]`);
  }
}

let warnedShell = false;

/** The arguments of spawn and its relatives, as what natives want. */
function normalize(file: any, args: any, options?: any): any {
  validateString(file, 'file');
  withoutNull(file, 'file');
  if (file.length === 0) {
    throw new codes.ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  }
  if (Array.isArray(args)) {
    args = args.slice();
  } else if (args == null) {
    args = [];
  } else if (typeof args !== 'object') {
    throw new codes.ERR_INVALID_ARG_TYPE('args', 'object', args);
  } else {
    options = args;
    args = [];
  }
  listWithoutNull(args, 'args');
  if (options === undefined) {
    options = {};
  } else {
    validateObject(options, 'options');
  }
  options = { __proto__: null, ...options };
  let { cwd } = options;
  if (cwd != null) {
    cwd = load('internal:fs/arguments').toPath(cwd, 'options.cwd');
    if (typeof cwd !== 'string') {
      cwd = cwd.toString();
    }
  }
  if (options.detached != null) {
    validateBoolean(options.detached, 'options.detached');
  }
  if (options.uid != null && !isInt32(options.uid)) {
    throw new codes.ERR_INVALID_ARG_TYPE('options.uid', 'int32', options.uid);
  }
  if (options.gid != null && !isInt32(options.gid)) {
    throw new codes.ERR_INVALID_ARG_TYPE('options.gid', 'int32', options.gid);
  }
  if (options.shell != null && typeof options.shell !== 'boolean' && typeof options.shell !== 'string') {
    throw new codes.ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], options.shell);
  }
  if (options.argv0 != null) {
    validateString(options.argv0, 'options.argv0');
    withoutNull(options.argv0, 'options.argv0');
  }
  if (options.windowsHide != null) {
    validateBoolean(options.windowsHide, 'options.windowsHide');
  }
  if (options.windowsVerbatimArguments != null) {
    validateBoolean(options.windowsVerbatimArguments, 'options.windowsVerbatimArguments');
  }
  if (options.shell) {
    withoutNull(options.shell, 'options.shell');
    if (args.length > 0 && !warnedShell) {
      warnedShell = true;
      processObject().emitWarning('Passing args to a child process with shell option true can lead to security ' +
        'vulnerabilities, as the arguments are not escaped, only concatenated.', 'DeprecationWarning', 'DEP0190');
    }
    const command = args.length > 0 ? [file, ...args].join(' ') : file;
    file = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    args = ['-c', command];
  }
  args.unshift(typeof options.argv0 === 'string' ? options.argv0 : file);
  const env = options.env || processObject().env;
  const envPairs: string[] = [];
  for (const key in env) {
    const value = env[key];
    if (value !== undefined) {
      withoutNull(key, `options.env['${key}']`);
      withoutNull(value, `options.env['${key}']`);
      envPairs.push(`${key}=${value}`);
    }
  }
  return { __proto__: null, ...options, args: args.map((arg: any) => `${arg}`), cwd, detached: !!options.detached, envPairs, file };
}

function checkTimeout(timeout: any): void {
  if (timeout != null && !(Number.isInteger(timeout) && timeout >= 0)) {
    throw new codes.ERR_OUT_OF_RANGE('timeout', 'an unsigned integer', timeout);
  }
}
function checkMaxBuffer(maxBuffer: any): void {
  if (maxBuffer != null && !(typeof maxBuffer === 'number' && maxBuffer >= 0)) {
    throw new codes.ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', maxBuffer);
  }
}
function killSignalOf(signal: any): any {
  if (typeof signal === 'string' || typeof signal === 'number') {
    return signalNumber(signal);
  }
  if (signal != null) {
    throw new codes.ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], signal);
  }
  return undefined;
}

// ---------------------------------------------------------------------------------------------------------------
// spawn, fork
// ---------------------------------------------------------------------------------------------------------------

function abortChild(child: any, killSignal: any, reason: any): void {
  if (!child) {
    return;
  }
  try {
    if (child.kill(killSignal)) {
      child.emit('error', new AbortError(undefined, { cause: reason }));
    }
  } catch (err) {
    child.emit('error', err);
  }
}

export function spawn(file: any, args?: any, options?: any): any {
  options = normalize(file, args, options);
  checkTimeout(options.timeout);
  validateAbortSignal(options.signal, 'options.signal');
  const killSignal = killSignalOf(options.killSignal);
  const child = new (ChildProcess as any)();
  child.spawn(options);
  if (options.timeout > 0) {
    let timer: any = setTimeout(() => {
      if (timer) {
        try {
          child.kill(killSignal);
        } catch (err) {
          child.emit('error', err);
        }
        timer = null;
      }
    }, options.timeout);
    child.once('exit', () => {
      if (timer) {
        clearTimeout(timer);
        timer = null;
      }
    });
  }
  if (options.signal) {
    const { signal } = options;
    if (signal.aborted) {
      nextTick(() => abortChild(child, killSignal, signal.reason));
    } else {
      const disposable = addAbortListener(signal, () => abortChild(child, killSignal, signal.reason));
      child.once('exit', () => disposable[Symbol.dispose]());
    }
  }
  return child;
}

export function fork(modulePath: any, args?: any, options?: any): any {
  modulePath = load('internal:fs/arguments').toPath(modulePath, 'modulePath');
  if (args == null) {
    args = [];
  } else if (typeof args === 'object' && !Array.isArray(args)) {
    options = args;
    args = [];
  } else {
    validateArray(args, 'args');
  }
  if (options != null) {
    validateObject(options, 'options');
  }
  options = { __proto__: null, ...options, shell: false };
  options.execPath ||= processObject().execPath;
  withoutNull(options.execPath, 'options.execPath');
  listWithoutNull(args, 'args');
  let execArgv = options.execArgv || processObject().execArgv;
  listWithoutNull(execArgv, 'options.execArgv');
  if (execArgv === processObject().execArgv && processObject()._eval != null) {
    // A program given by -e is not the child's.
    const index = execArgv.lastIndexOf(processObject()._eval);
    if (index > 0) {
      execArgv = execArgv.slice();
      execArgv.splice(index - 1, 2);
    }
  }
  args = [...execArgv, modulePath, ...args];
  if (typeof options.stdio === 'string') {
    options.stdio = forkStdio(options.stdio);
  } else if (!Array.isArray(options.stdio)) {
    options.stdio = forkStdio(options.silent ? 'pipe' : 'inherit');
  } else if (!options.stdio.includes('ipc')) {
    throw new codes.ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio');
  }
  return spawn(options.execPath, args, options);
}
function forkStdio(stdio: string): any[] {
  switch (stdio) {
    case 'ignore': case 'overlapped': case 'pipe': return [stdio, stdio, stdio, 'ipc'];
    case 'inherit': return [0, 1, 2, 'ipc'];
  }
  throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
}

// ---------------------------------------------------------------------------------------------------------------
// exec, execFile
// ---------------------------------------------------------------------------------------------------------------

function execArguments(command: any, options: any, callback?: any): any {
  validateString(command, 'command');
  withoutNull(command, 'command');
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  options = { __proto__: null, ...options };
  options.shell = typeof options.shell === 'string' ? options.shell : true;
  return { file: command, options, callback };
}

export function exec(command: any, options?: any, callback?: any): any {
  const o = execArguments(command, options, callback);
  return execFile(o.file, o.options, o.callback);
}

function promisified(original: any): any {
  return (...args: any[]) => {
    let resolve: any;
    let reject: any;
    const promise: any = new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
    promise.child = original(...args, (err: any, stdout: any, stderr: any) => {
      if (err !== null) {
        err.stdout = stdout;
        err.stderr = stderr;
        reject(err);
      } else {
        resolve({ stdout, stderr });
      }
    });
    return promise;
  };
}
const kPromisify = Symbol.for('nodejs.util.promisify.custom');
defineProperty(exec, kPromisify, { enumerable: false, value: promisified(exec) });

export function execFile(file: any, args?: any, options?: any, callback?: any): any {
  if (args != null && Array.isArray(args)) {
    args = args.slice();
  } else if (args != null && typeof args === 'object') {
    callback = options;
    options = args;
    args = null;
  } else if (typeof args === 'function') {
    callback = args;
    options = null;
    args = null;
  }
  args ??= [];
  if (typeof options === 'function') {
    callback = options;
  } else if (options != null) {
    validateObject(options, 'options');
  }
  if (typeof options === 'function' || options == null) {
    options = {};
  }
  if (callback != null) {
    validateFunction(callback, 'callback');
  }
  if (options.argv0 != null) {
    validateString(options.argv0, 'options.argv0');
  }
  options = { __proto__: null, encoding: 'utf8', timeout: 0, maxBuffer: MAX_BUFFER, killSignal: 'SIGTERM', cwd: null, env: null, shell: false, ...options };
  checkTimeout(options.timeout);
  checkMaxBuffer(options.maxBuffer);
  options.killSignal = killSignalOf(options.killSignal);

  const child = spawn(file, args, {
    cwd: options.cwd, env: options.env, gid: options.gid, shell: options.shell, signal: options.signal, uid: options.uid,
    windowsHide: !!options.windowsHide, windowsVerbatimArguments: !!options.windowsVerbatimArguments, argv0: options.argv0,
    killSignal: options.killSignal,
  });
  const encoding = options.encoding !== 'buffer' && Buffer.isEncoding(options.encoding) ? options.encoding : null;
  const out = collect(child.stdout, 'stdout', encoding, options, kill);
  const errors = collect(child.stderr, 'stderr', encoding, options, kill);
  let killed = false;
  let exited = false;
  let timer: any = null;
  let failure: any = null;

  function kill(reason?: any): void {
    child.stdout?.destroy();
    child.stderr?.destroy();
    killed = true;
    failure ??= reason;
    try {
      child.kill(options.killSignal);
    } catch (err) {
      failure ??= err;
      exit();
    }
  }
  function exit(code?: any, signal?: any): void {
    if (exited) {
      return;
    }
    exited = true;
    if (timer) {
      clearTimeout(timer);
      timer = null;
    }
    if (!callback) {
      return;
    }
    const stdout = out();
    const stderr = errors();
    if (!failure && code === 0 && signal === null) {
      callback(null, stdout, stderr);
      return;
    }
    const cmd = args?.length ? `${file} ${args.join(' ')}` : file;
    failure ??= genericNodeError(`Command failed: ${cmd}\n${stderr}`, {
      code: code < 0 ? load('internal:util').getSystemErrorName(code) : code,
      killed: child.killed || killed,
      signal,
    });
    failure.cmd = cmd;
    callback(failure, stdout, stderr);
  }
  function onError(err: any): void {
    failure = err;
    child.stdout?.destroy();
    child.stderr?.destroy();
    exit();
  }
  if (options.timeout > 0) {
    timer = setTimeout(() => {
      kill();
      timer = null;
    }, options.timeout);
  }
  child.addListener('close', exit);
  child.addListener('error', onError);
  return child;
}
defineProperty(execFile, kPromisify, { enumerable: false, value: promisified(execFile) });

// Gathers a stream's data up to maxBuffer. @returns a function that gives it
function collect(stream: any, name: string, encoding: any, options: any, kill: (reason: any) => void): () => any {
  const chunks: any[] = [];
  if (!stream) {
    return () => encoding ? '' : Buffer.concat([]);
  }
  if (encoding) {
    stream.setEncoding(encoding);
  }
  let length = 0;
  stream.on('data', (chunk: any) => {
    const enc = stream.readableEncoding;
    if (options.maxBuffer === Infinity) {
      chunks.push(chunk);
      return;
    }
    const size = enc ? Buffer.byteLength(chunk, enc) : chunk.length;
    const slice = enc ? sliceText : sliceBytes;
    length += size;
    if (length > options.maxBuffer) {
      chunks.push(slice(chunk, options.maxBuffer - (length - size)));
      kill(new codes.ERR_CHILD_PROCESS_STDIO_MAXBUFFER(name));
    } else {
      chunks.push(chunk);
    }
  });
  return () => stream.readableEncoding || encoding ? chunks.join('') : Buffer.concat(chunks);
}
function sliceText(text: string, n: number): string {
  return text.slice(0, n);
}
function sliceBytes(bytes: any, n: number): any {
  return bytes.subarray(0, n);
}

// ---------------------------------------------------------------------------------------------------------------
// The synchronous forms
// ---------------------------------------------------------------------------------------------------------------

function inputBytes(input: any, index: number): any {
  if (input == null) {
    return undefined;
  }
  if (isView(input)) {
    return input;
  }
  if (typeof input === 'string') {
    return Buffer.from(input);
  }
  throw new codes.ERR_INVALID_ARG_TYPE(`options.stdio[${index}]`, ['Buffer', 'TypedArray', 'DataView', 'string'], input);
}

export function spawnSync(file: any, args?: any, options?: any): any {
  options = { __proto__: null, maxBuffer: MAX_BUFFER, ...normalize(file, args, options) };
  checkTimeout(options.timeout);
  checkMaxBuffer(options.maxBuffer);
  const killSignal = killSignalOf(options.killSignal) ?? 15;
  const { list } = parseStdio(options.stdio || 'pipe', true);
  const inputs: any[] = [];
  if (options.input) {
    list[0] = { type: 'pipe' };
    inputs[0] = inputBytes(options.input, 0);
  }
  for (let i = 0; i < list.length; i++) {
    const input = Array.isArray(options.stdio) ? options.stdio[i]?.input : undefined;
    if (input != null && list[i].type === 'pipe') {
      inputs[i] = inputBytes(input, i);
    }
  }
  const result = native.spawnSync(options.file, options.args, options.envPairs, options.cwd ?? '', kinds(list), options.detached ? 1 : 0,
    options.uid ?? undefined, options.gid ?? undefined, options.timeout ?? 0, options.maxBuffer === Infinity ? -1 : options.maxBuffer, killSignal,
    inputs[0], inputs[1], inputs[2], inputs[3]);
  const [errno, pid, code, signal] = result;
  const answer: any = {};
  if (errno !== 0) {
    const err: any = errnoException(errno, `spawnSync ${options.file}`);
    err.path = options.file;
    err.spawnargs = options.args.slice(1);
    answer.error = err;
  }
  answer.status = code === null || signal !== 0 ? null : code;
  answer.signal = signal ? signalName(signal) : null;
  // The first stream is the program's input: nothing comes out of it.
  answer.output = pid === 0 ? null : result.slice(4);
  if (answer.output) {
    answer.output[0] = null;
  }
  answer.pid = pid;
  if (answer.output && options.encoding && options.encoding !== 'buffer') {
    answer.output = answer.output.map((bytes: any) => bytes ? bytes.toString(options.encoding) : bytes);
  }
  answer.stdout = answer.output?.[1] ?? null;
  answer.stderr = answer.output?.[2] ?? null;
  return answer;
}

function checkSyncResult(result: any, command: string): any {
  let err: any;
  if (result.error) {
    err = result.error;
    Object.assign(err, result);
  } else if (result.status !== 0) {
    let message = `Command failed: ${command}`;
    if (result.stderr && result.stderr.length > 0) {
      message += `\n${result.stderr.toString()}`;
    }
    err = genericNodeError(message, result);
  }
  return err;
}

export function execFileSync(file: any, args?: any, options?: any): any {
  if (args != null && Array.isArray(args)) {
    args = args.slice();
  } else if (args != null && typeof args === 'object') {
    options = args;
    args = null;
  }
  if (options != null) {
    validateObject(options, 'options');
  }
  const inherit = !options?.stdio;
  const result = spawnSync(file, args, options);
  if (inherit && result.stderr) {
    processObject().stderr.write(result.stderr);
  }
  const shown = [options?.argv0 || file, ...(args ?? [])].join(' ');
  const err = checkSyncResult(result, shown);
  if (err) {
    throw err;
  }
  return result.stdout;
}

export function execSync(command: any, options?: any): any {
  const o = execArguments(command, options, null);
  const inherit = !o.options.stdio;
  const result = spawnSync(o.file, o.options);
  if (inherit && result.stderr) {
    processObject().stderr.write(result.stderr);
  }
  const err = checkSyncResult(result, command);
  if (err) {
    throw err;
  }
  return result.stdout;
}
