// exec and execFile: a child whose output is gathered. https://nodejs.org/docs/latest-v24.x/api/child_process.html#child_processexeccommand-options-callback
import { codes, genericNodeError } from 'internal:errors';
import { Buffer } from 'internal:buffer';
import { load } from 'internal:load';
import { clearTimeout, setTimeout } from 'internal:timers';
import { validateFunction, validateObject, validateString } from 'internal:validators';
import { checkArgv0, checkLimits, killSignalOf, rejectNull } from 'internal:childprocess/command';

const { defineProperty } = Object;

/** The most that exec keeps of a stream, unless told. */
export const MAX_BUFFER = 1024 * 1024;

/** What one stream of the child wrote, up to a limit: text where the stream has an encoding, bytes otherwise. */
class Output {
  stream: any;
  text: boolean;
  limit: number;
  size = 0;
  parts: any[] = [];

  constructor(stream: any, encoding: any, limit: number, overflow: () => void) {
    this.stream = stream;
    this.text = Boolean(encoding);
    this.limit = limit;
    if (encoding) stream?.setEncoding(encoding);
    stream?.on('data', (part: any) => {
      if (!this.take(part)) overflow();
    });
  }

  /** False when the part goes beyond the limit; what fits is kept. */
  take(part: any): boolean {
    const encoding = this.stream.readableEncoding;
    const room = this.limit - this.size;
    if (this.limit !== Infinity) this.size += encoding ? Buffer.byteLength(part, encoding) : part.length;
    const fits = this.size <= this.limit;
    this.parts.push(fits ? part : encoding ? part.slice(0, room) : part.subarray(0, room));
    return fits;
  }

  result(): any {
    return this.text || this.stream?.readableEncoding ? this.parts.join('') : Buffer.concat(this.parts);
  }
}

/** One exec: it ends once, by the child's close, its error, or a kill that did not work. */
class Execution {
  child: any;
  name: string; // of the command, for messages
  callback: any;
  killSignal: any;
  stdout: Output;
  stderr: Output;
  timer: any = undefined;
  failure: any = undefined;
  killed = false;
  over = false;

  constructor(child: any, name: string, options: any, callback: any) {
    this.child = child;
    this.name = name;
    this.callback = callback;
    this.killSignal = options.killSignal;
    const encoding = Buffer.isEncoding(options.encoding) ? options.encoding : null; // 'buffer' is none
    const gather = (stream: string): Output =>
      new Output(child[stream], encoding, options.maxBuffer, () => this.stop(new codes.ERR_CHILD_PROCESS_STDIO_MAXBUFFER(stream)));
    this.stdout = gather('stdout');
    this.stderr = gather('stderr');
    if (options.timeout > 0) this.timer = setTimeout(() => this.stop(), options.timeout);
    child.addListener('close', (code: any, signal: any) => this.end(code, signal));
    child.addListener('error', (err: any) => {
      this.failure = err;
      this.#closeStreams();
      this.end();
    });
  }

  #closeStreams(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  stop(why?: any): void {
    this.timer = undefined;
    this.killed = true;
    this.failure ??= why;
    this.#closeStreams();
    try {
      this.child.kill(this.killSignal);
    } catch (err) {
      this.failure ??= err;
      this.end();
    }
  }

  end(code?: any, signal?: any): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    if (!this.callback) return;
    const stdout = this.stdout.result();
    const stderr = this.stderr.result();
    if (this.failure === undefined) {
      if (code === 0 && signal === null) return this.callback(null, stdout, stderr);
      this.failure = genericNodeError(`Command failed: ${this.name}\n${stderr}`, {
        code: code >= 0 || code === null ? code : load('internal:util').getSystemErrorName(code), killed: this.killed || this.child.killed, signal,
      });
    }
    this.failure.cmd = this.name;
    this.callback(this.failure, stdout, stderr);
  }
}

/** What exec and execSync make of (command, options, callback): execFile's arguments, with a shell. */
export function shellCommand(line: any, options: any, callback?: any): { options: any; callback: any } {
  validateString(line, 'command');
  rejectNull(line, 'command');
  const [given, done] = typeof options === 'function' ? [undefined, options] : [options, callback];
  const shell = typeof given?.shell === 'string' ? given.shell : true;
  return { options: { __proto__: null, ...given, shell }, callback: done };
}

const defaults = { encoding: 'utf8', timeout: 0, maxBuffer: MAX_BUFFER, killSignal: 'SIGTERM', cwd: null, env: null, shell: false };

/** The options of exec that spawn gets as they are; argv0 is checked, yet has no effect, as in Node. */
const passed = ['cwd', 'env', 'gid', 'shell', 'signal', 'uid'];

/** Makes exec and execFile from spawn. */
export function execWith(spawn: (file: any, args: any, options: any) => any): { exec: any; execFile: any } {
  function execFile(file: any, args?: any, options?: any, callback?: any): any {
    // Each of the three may be left out: what stands in its place is the next one.
    const given = [args, options, callback];
    const list = typeof args === 'function' || (args && typeof args === 'object' && !Array.isArray(args)) ? [] : given.shift() ?? [];
    const asked = typeof given[0] === 'function' ? undefined : given.shift();
    const done = given[0];
    if (asked !== null && asked !== undefined) validateObject(asked, 'options');
    if (done !== null && done !== undefined) validateFunction(done, 'callback');
    if (asked?.argv0 !== null && asked?.argv0 !== undefined) checkArgv0(asked.argv0, 'options.argv0');
    const all: any = { __proto__: null, ...defaults, ...asked };
    checkLimits(all);
    all.killSignal = killSignalOf(all.killSignal);

    const forSpawn: any = { killSignal: all.killSignal, windowsHide: Boolean(all.windowsHide), windowsVerbatimArguments: Boolean(all.windowsVerbatimArguments) };
    for (const name of passed) forSpawn[name] = all[name];
    const child = spawn(file, list, forSpawn);
    new Execution(child, [file, ...list].join(' '), all, done);
    return child;
  }

  function exec(command: any, options?: any, callback?: any): any {
    const shell = shellCommand(command, options, callback);
    return execFile(command, shell.options, shell.callback);
  }

  for (const original of [exec, execFile]) {
    defineProperty(original, Symbol.for('nodejs.util.promisify.custom'), { value: promised(original) });
  }
  return { exec, execFile };
}

/** For util.promisify: {stdout, stderr}, which an error has too; the promise has the child. */
function promised(original: any): any {
  return (...args: any[]): any => {
    const { promise, resolve, reject } = Promise.withResolvers<any>();
    const child = original(...args, (err: any, stdout: any, stderr: any) => {
      if (err === null) resolve({ stdout, stderr });
      else reject(Object.assign(err, { stdout, stderr }));
    });
    return Object.assign(promise, { child });
  };
}
