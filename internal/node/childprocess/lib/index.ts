// node:child_process. https://nodejs.org/docs/latest-v24.x/api/child_process.html
//
// command.ts checks the arguments, stdio.ts plans the descriptors, exec.ts gathers output, channel.ts carries messages. Here: the object
// that stands for a running child, what starts one, and the forms that wait for its end.
import * as native from 'native:childprocess';
import { AbortError, codes, errnoException, genericNodeError } from 'internal:errors';
import { Buffer } from 'internal:buffer';
import { channel } from 'internal:diagnosticschannel';
import { EventEmitter } from 'internal:events';
import { addAbortListener } from 'internal:events/abort';
import { adopt, release } from 'internal:handle';
import { load } from 'internal:load';
import { nextTick } from 'internal:process/task';
import { clearTimeout, setTimeout } from 'internal:timers';
import { DescriptorHandle } from 'internal:tty/descriptor';
import { validateAbortSignal, validateArray, validateObject, validateOneOf, validateString } from 'internal:validators';
import { setupChannel } from 'internal:childprocess/channel';
import { ChannelPipe } from 'internal:childprocess/pipe';
import { checkLimits, command, killSignalOf, rejectNull, rejectNulls } from 'internal:childprocess/command';
import { MAX_BUFFER, execWith, shellCommand } from 'internal:childprocess/exec';
import { signalName, signalNumber } from 'internal:childprocess/signals';
import { type Slot, IGNORE, PIPE, drain, lend, pipeStream, planStdio, sources } from 'internal:childprocess/stdio';

const { keys, setPrototypeOf } = Object;

const created = channel('child_process');

function processObject(): any {
  return load('internal:process').process;
}

// ---------------------------------------------------------------------------------------------------------------
// ChildProcess
// ---------------------------------------------------------------------------------------------------------------

/** A child. 'close' comes when the process and every stream of it have ended: `_closesGot` counts up to `_closesNeeded`. */
export function ChildProcess(this: any): void {
  EventEmitter.call(this);
  Object.assign(this, {
    connected: false, killed: false, exitCode: null, signalCode: null, spawnfile: null, _handle: null, _closesGot: 0, _closesNeeded: 1,
  });
  if (created.hasSubscribers) created.publish({ process: this });
}
setPrototypeOf(ChildProcess.prototype, EventEmitter.prototype);
setPrototypeOf(ChildProcess, EventEmitter);

/** The process behind a child, known to Go by its id; programs look at `pid`. */
class ProcessHandle {
  id: number;
  pid: number;
  owner: any;
  constructor(id: number, pid: number, owner: any) {
    this.id = id;
    this.pid = pid;
    this.owner = owner;
    adopt(id, this, 'PROCESSWRAP');
  }
  onevent(_event: number, code: number, signal: number): void {
    release(this.id);
    const { owner } = this;
    if (signal === 0) owner.exitCode = code;
    else owner.signalCode = signalName(signal);
    leave(owner, () => owner.emit('exit', owner.exitCode, owner.signalCode));
  }
  /** Sends a signal. @returns an errno, 0 when it was sent */
  kill(signal: number): number {
    return native.processKill(this.id, signal);
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

// The process is gone, or never was there: `tell` says so, and the streams may end.
function leave(child: any, tell: () => void): void {
  child._handle = null;
  child.stdin?.destroy();
  tell();
  nextTick(drain, child);
  countClose(child);
}

// The program could not be started: an 'error' event later in place of an exception.
function neverStarted(child: any, errno: number): void {
  child.exitCode = errno;
  leave(child, () => child.emit('error', spawnError(errno, 'spawn', child.spawnfile, child.spawnargs)));
}

function spawnError(errno: number, syscall: string, file: any, args: any[]): any {
  const err: any = errnoException(errno, file ? `${syscall} ${file}` : syscall);
  if (file) err.path = file;
  err.spawnargs = args.slice(1);
  return err;
}

function countClose(child: any): void {
  if (++child._closesGot === child._closesNeeded) child.emit('close', child.exitCode, child.signalCode);
}

/** Errors that a program meets in its normal life: they become events, the others are thrown. */
const laterErrors = new Set(['ENOENT', 'EACCES', 'EAGAIN', 'EMFILE', 'ENFILE']);

const methods: any = {
  /** Starts the program. Undocumented in Node, but used by packages. */
  spawn(options: any): number {
    validateObject(options, 'options');
    const { slots, channel: ipc } = planStdio(options.stdio, false);
    for (const name of ['envPairs', 'file', 'args']) {
      if (name === 'file') validateString(options.file, 'options.file');
      else if (options[name] !== undefined) validateArray(options[name], `options.${name}`);
    }
    this.spawnfile = options.file;
    this.spawnargs = options.args ?? [];
    validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced']);
    const serialization = options.serialization ?? 'json';
    const env = (options.envPairs ??= []);
    if (ipc >= 0) env.push(`NODE_CHANNEL_FD=${ipc}`, `NODE_CHANNEL_SERIALIZATION_MODE=${serialization}`);

    const { file, cwd = '', detached, uid, gid } = options;
    const [errno, id, pid, ...fds] = native.spawn(file, this.spawnargs, env, cwd ?? '', sources(slots), detached ? 1 : 0, uid ?? undefined, gid ?? undefined);
    if (errno === 0) {
      this.pid = pid;
      this._handle = new ProcessHandle(id, pid, this);
      nextTick(() => this.emit('spawn'));
    } else {
      const err: any = errnoException(errno, 'spawn');
      const later = laterErrors.has(err.code);
      const outOfDescriptors = err.code === 'EMFILE' || err.code === 'ENFILE';
      if (!later || outOfDescriptors) {
        for (const fd of fds) if (fd >= 0) new DescriptorHandle(fd, false, 'Pipe').close();
      }
      if (!later) throw err;
      nextTick(neverStarted, this, errno);
      if (outOfDescriptors) return errno; // there are no streams
    }
    this.stdio = slots.map((slot: Slot, i: number) => attach(this, slot, i, fds[i] ?? -1, errno === 0 ? serialization : ''));
    [this.stdin, this.stdout, this.stderr] = this.stdio;
    return errno;
  },

  kill(signal: any = 'SIGTERM'): boolean {
    const number = signal === 0 ? 0 : signalNumber(signal) ?? 15;
    const errno = this._handle ? this._handle.kill(number) : NO_PROCESS;
    switch (errno) {
      case 0: this.killed = true; break;
      case NO_PROCESS: break; // it has ended; if it ran at all, its event is on the way
      case -22: case -38: throw errnoException(errno, 'kill'); // EINVAL, ENOSYS
      default: this.emit('error', errnoException(errno, 'kill'));
    }
    return errno === 0;
  },

  ref(): void { this._handle?.ref(); },
  unref(): void { this._handle?.unref(); },
};
const NO_PROCESS = -3; // ESRCH

const prototype: any = ChildProcess.prototype;
for (const name of keys(methods)) prototype[name] = methods[name];
prototype[Symbol.dispose] = function(this: any): void {
  if (!this.killed) this.kill();
};

// What stdio[index] of the child is: a stream for a pipe, null for the rest.
function attach(child: any, { source, channel, lender }: Slot, index: number, fd: number, serialization: string): any {
  lend(lender);
  if (source !== PIPE || fd < 0) return null;
  if (channel) {
    const pipe = new ChannelPipe(fd);
    if (serialization === '') pipe.close();
    else setupChannel(child, pipe, serialization);
    return null;
  }
  child._closesNeeded++;
  return pipeStream(fd, index).on('close', () => countClose(child));
}

// ---------------------------------------------------------------------------------------------------------------
// spawn, fork, exec
// ---------------------------------------------------------------------------------------------------------------

// Kills and reports a failure to do so as an event.
function terminate(child: any, killSignal: any, sent: () => void): void {
  try {
    if (child.kill(killSignal)) sent();
  } catch (err) {
    child.emit('error', err);
  }
}

export function spawn(file: any, args?: any, options?: any): any {
  const start = command(file, args, options);
  const { signal, timeout } = start;
  checkLimits({ timeout });
  validateAbortSignal(signal, 'options.signal');
  const killSignal = killSignalOf(start.killSignal);
  const child = new (ChildProcess as any)();
  child.spawn(start);

  const ends = timeout > 0 ? setTimeout(() => terminate(child, killSignal, () => {}), timeout) : undefined;
  if (ends) child.once('exit', () => clearTimeout(ends));
  if (signal) {
    const abort = (): void => terminate(child, killSignal, () => child.emit('error', new AbortError(undefined, { cause: signal.reason })));
    if (signal.aborted) {
      nextTick(abort);
    } else {
      const listening = addAbortListener(signal, abort);
      child.once('exit', () => listening[Symbol.dispose]());
    }
  }
  return child;
}

export const { exec, execFile } = execWith(spawn);

/** The options of this program that a fork inherits: all, but for a program that -e gave. */
function inheritedArguments(): any[] {
  const { execArgv, _eval } = processObject();
  const at = _eval === null || _eval === undefined ? -1 : execArgv.lastIndexOf(_eval);
  return at > 0 ? execArgv.toSpliced(at - 1, 2) : execArgv;
}

function forkStdio(stdio: any, silent: any): any[] {
  if (Array.isArray(stdio)) {
    if (stdio.includes('ipc')) return stdio;
    throw new codes.ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio');
  }
  const each = typeof stdio === 'string' ? stdio : silent ? 'pipe' : 'inherit';
  if (!['pipe', 'overlapped', 'ignore', 'inherit'].includes(each)) throw new codes.ERR_INVALID_ARG_VALUE('stdio', each);
  return [each, each, each, 'ipc'];
}

export function fork(modulePath: any, args?: any, options?: any): any {
  const path = load('internal:fs/arguments').toPath(modulePath, 'modulePath');
  const hasOptionsFirst = args !== null && typeof args === 'object' && !Array.isArray(args);
  const asked = hasOptionsFirst ? args : options;
  const list = hasOptionsFirst ? [] : args ?? [];
  validateArray(list, 'args');
  if (asked !== null && asked !== undefined) validateObject(asked, 'options');
  const execPath = asked?.execPath || processObject().execPath;
  rejectNull(execPath, 'options.execPath');
  rejectNulls(list, 'args');
  if (asked?.execArgv) rejectNulls(asked.execArgv, 'options.execArgv');
  const execArgv = asked?.execArgv || inheritedArguments();
  return spawn(execPath, [...execArgv, path, ...list], { __proto__: null, ...asked, execPath, shell: false, stdio: forkStdio(asked?.stdio, asked?.silent) });
}

// ---------------------------------------------------------------------------------------------------------------
// The synchronous forms
// ---------------------------------------------------------------------------------------------------------------

function inputBytes(input: any, index: number): any {
  if (ArrayBuffer.isView(input)) return input;
  if (typeof input === 'string') return Buffer.from(input);
  throw new codes.ERR_INVALID_ARG_TYPE(`options.stdio[${index}]`, ['Buffer', 'TypedArray', 'DataView', 'string'], input);
}

// What each pipe of the child gets to read.
function inputs(options: any, slots: Slot[]): any[] {
  return slots.map(({ source }, i) => {
    const own = Array.isArray(options.stdio) ? options.stdio[i]?.input : undefined;
    const input = source === PIPE && own !== null && own !== undefined ? own : i === 0 ? options.input || undefined : undefined;
    return input === undefined ? undefined : inputBytes(input, i);
  });
}

// A descriptor of the child, as spawnSyncBinding tells it.
type Described = { type: 'pipe'; readable: boolean; writable: boolean; input?: any } | { type: 'ignore' } | { type: 'fd'; fd: number };

function described({ source }: Slot, index: number, input: any): Described {
  // Without a prototype: a polluted one describes nothing.
  if (source === IGNORE) return { __proto__: null, type: 'ignore' } as any;
  if (source !== PIPE) return { __proto__: null, type: 'fd', fd: source } as any;
  const pipe: any = { __proto__: null, type: 'pipe', readable: index === 0, writable: index !== 0 };
  if (input !== undefined) pipe.input = input;
  return pipe;
}

function sourceOf(item: Described): number {
  return item.type === 'ignore' ? IGNORE : item.type === 'fd' ? item.fd : PIPE;
}

/** What process.binding('spawn_sync') gives. Packages (nyc, spawn-wrap) put a function of theirs before spawn to change options. */
export const spawnSyncBinding = {
  spawn(options: any): any {
    const { file, args, envPairs, cwd, detached, uid, gid, timeout, maxBuffer, killSignal, stdio } = options;
    const [errno, pid, code, signal, ...streams] = native.spawnSync(file, args, envPairs, cwd ?? '', stdio.map(sourceOf), detached ? 1 : 0,
      uid ?? undefined, gid ?? undefined, timeout ?? 0, maxBuffer === Infinity ? -1 : maxBuffer, killSignal ?? 15, ...stdio.map(({ input }: any) => input));
    const result: any = { pid, status: signal === 0 ? code : null, signal: signal === 0 || !signal ? null : signalName(signal) };
    // Nothing comes out of the program's input.
    result.output = pid === 0 ? null : streams.map((bytes: any, i: number) => (i === 0 ? null : bytes));
    if (errno !== 0) result.error = errno;
    return result;
  },
};

export function spawnSync(file: any, args?: any, options?: any): any {
  const start = { __proto__: null, maxBuffer: MAX_BUFFER, ...command(file, args, options) };
  checkLimits(start);
  const { slots } = planStdio(start.stdio || 'pipe', true);
  if (start.input) slots[0].source = PIPE;
  const input = inputs(start, slots);
  const { encoding } = start;
  const result = spawnSyncBinding.spawn({ __proto__: null, ...start, killSignal: killSignalOf(start.killSignal) ?? 15, stdio: slots.map((one, i) => described(one, i, input[i])) });

  const answer: any = {};
  if (result.error) answer.error = spawnError(result.error, 'spawnSync', start.file, start.args);
  answer.status = result.status;
  answer.signal = result.signal;
  answer.output = result.output?.map((bytes: any) => (bytes && encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes)) ?? null;
  answer.pid = result.pid;
  answer.stdout = answer.output?.[1] ?? null;
  answer.stderr = answer.output?.[2] ?? null;
  return answer;
}

/** Runs to the end and gives stdout; throws where the command failed. What nobody asked for of stderr goes to ours. */
function outputOf(name: string, toStderr: boolean, result: any): any {
  const { error, status, stderr, stdout } = result;
  if (toStderr && stderr) processObject().stderr.write(stderr);
  if (error) throw Object.assign(error, result);
  if (status !== 0) throw genericNodeError(`Command failed: ${name}${stderr?.length > 0 ? `\n${stderr}` : ''}`, result);
  return stdout;
}

export function execFileSync(file: any, args?: any, options?: any): any {
  const hasOptionsFirst = args !== null && typeof args === 'object' && !Array.isArray(args);
  const asked = hasOptionsFirst ? args : options;
  const list = hasOptionsFirst ? null : args;
  if (asked !== null && asked !== undefined) validateObject(asked, 'options');
  return outputOf([asked?.argv0 || file, ...(list ?? [])].join(' '), !asked?.stdio, spawnSync(file, list, asked));
}

export function execSync(line: any, given?: any): any {
  const { options } = shellCommand(line, given);
  return outputOf(line, !options.stdio, spawnSync(line, options));
}
