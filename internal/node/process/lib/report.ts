// process.report: what the program is and does at a moment, as JSON. https://nodejs.org/docs/latest-v24.x/api/report.html
import { glibcVersions } from 'native:engine';
import { config } from 'native:runtime';
import { load } from 'internal:load';
import { process } from 'internal:process';
import { endpoints, onFatal } from 'native:process';
import { setReporter } from 'internal:process/lifecycle';
import { validateBoolean, validateObject, validateString } from 'internal:validators';
import { codes } from 'internal:errors';

const REPORT_VERSION = 5; // of the form, as in Node 24
const { options } = config();

// What may be changed while the program runs; the command line gives the start.
const settings: Record<string, any> = {
  directory: options['report-directory'] ?? '',
  filename: options['report-filename'] ?? '',
  signal: options['report-signal'] ?? 'SIGUSR2',
  compact: options['report-compact'] !== undefined,
  excludeNetwork: options['report-exclude-network'] !== undefined,
  excludeEnv: options['report-exclude-env'] !== undefined,
  reportOnFatalError: options['report-on-fatalerror'] !== undefined,
  reportOnSignal: options['report-on-signal'] !== undefined,
  reportOnUncaughtException: options['report-uncaught-exception'] !== undefined,
};

const seconds = (micros: number): number => micros / 1e6;
const two = (n: number): string => String(n).padStart(2, '0');
let sequence = 0;
const FULL = 'OOMError'; // the trigger of a report of a full heap
const noStack = Symbol('no stack');

/** The report as an object. */
function describe(event: string, trigger: string, filename: string | null, error: any): any {
  const heap = javascriptHeap();
  if (trigger === FULL) heap.memoryLimit = heapLimit;
  const out: any = {
    header: header(event, trigger, filename),
    javascriptStack: javascriptStack(error),
    javascriptHeap: heap,
    nativeStack: [], // Differs from Node: the stack of the process's own code is not told.
    resourceUsage: resourceUsage(),
    uvthreadResourceUsage: threadUsage(),
    libuv: handles(),
    // Differs from Node: a worker that doesn't come to its report within two seconds, because it waits, is left out.
    workers: load('internal:workerthreads/reports').workerReports().map((text: string) => JSON.parse(text)),
  };
  if (!settings.excludeEnv) out.environmentVariables = { ...process.env };
  out.userLimits = userLimits();
  out.sharedObjects = sharedObjects();
  return out;
}

function header(event: string, trigger: string, filename: string | null): any {
  const os = load('node:os').default;
  const now = new Date();
  const out: any = {
    reportVersion: REPORT_VERSION,
    event,
    trigger,
    filename,
    dumpEventTime: `${now.toISOString().slice(0, 19)}Z`,
    dumpEventTimeStamp: String(now.getTime()),
    processId: process.pid,
    threadId: load('node:worker_threads').default.threadId,
    cwd: process.cwd(),
    commandLine: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    nodejsVersion: process.version,
    ...cLibrary(),
    wordSize: 64,
    arch: process.arch,
    platform: process.platform,
    componentVersions: { ...process.versions },
    release: { ...process.release },
    osName: os.type(),
    osRelease: os.release(),
    osVersion: os.version(),
    osMachine: os.machine(),
    cpus: os.cpus().map(({ model, speed, times: { user, nice, sys, idle, irq } }: any) => ({ model, speed, user, nice, sys, idle, irq })),
  };
  if (!settings.excludeNetwork) out.networkInterfaces = networkInterfaces(os);
  out.host = os.hostname();
  return out;
}

// Packages with prebuilt addons (rollup, sharp, detect-libc) and npm take a program without these for one of musl.
function cLibrary(): any {
  const versions = glibcVersions();
  return versions === undefined ? {} : { glibcVersionRuntime: versions[0], glibcVersionCompiler: versions[1] };
}

function networkInterfaces(os: any): any[] {
  const out: any[] = [];
  for (const [name, addresses] of Object.entries(os.networkInterfaces()) as [string, any[]][]) {
    for (const { internal, mac, address, netmask, family, scopeid } of addresses) {
      out.push({ name, internal, mac, address, netmask, family, ...(family === 'IPv6' ? { scopeid } : {}) });
    }
  }
  return out;
}

function javascriptStack(error: any): any {
  if (error === noStack) {
    return { message: 'No stack.', stack: ['Unavailable.'], errorProperties: {} };
  }
  if (!(error instanceof Error)) {
    const { inspect } = load('internal:util');
    return { message: typeof error === 'string' ? error : inspect(error), stack: ['Unavailable.'], errorProperties: {} };
  }
  const [message, ...frames] = `${error.stack}`.split('\n');
  const stack = frames.map((line) => line.trim()).filter((line) => line !== '');
  const errorProperties: Record<string, string> = {};
  for (const key of Object.keys(error)) {
    try {
      errorProperties[key] = `${(error as any)[key]}`;
    } catch {
      // a value that is no text
    }
  }
  return { message, stack: stack.length > 0 ? stack : ['Unavailable.'], errorProperties };
}

function javascriptHeap(): any {
  const v8 = load('node:v8').default;
  const s = v8.getHeapStatistics();
  const heapSpaces: any = {};
  for (const space of v8.getHeapSpaceStatistics()) {
    heapSpaces[space.space_name] = {
      memorySize: space.space_size, committedMemory: space.physical_space_size, capacity: space.space_used_size + space.space_available_size,
      used: space.space_used_size, available: space.space_available_size,
    };
  }
  return {
    totalMemory: s.total_heap_size, executableMemory: s.total_heap_size_executable, totalCommittedMemory: s.total_physical_size,
    availableMemory: s.total_available_size, totalGlobalHandlesMemory: s.total_global_handles_size, usedGlobalHandlesMemory: s.used_global_handles_size,
    usedMemory: s.used_heap_size, memoryLimit: s.heap_size_limit, mallocedMemory: s.malloced_memory, externalMemory: s.external_memory,
    peakMallocedMemory: s.peak_malloced_memory, nativeContextCount: s.number_of_native_contexts, detachedContextCount: s.number_of_detached_contexts,
    doesZapGarbage: s.does_zap_garbage, heapSpaces,
  };
}

function cpuUsage(user: number, system: number): any {
  const uptime = process.uptime();
  return {
    userCpuSeconds: seconds(user), kernelCpuSeconds: seconds(system), cpuConsumptionPercent: (100 * seconds(user + system)) / uptime,
    userCpuConsumptionPercent: (100 * seconds(user)) / uptime, kernelCpuConsumptionPercent: (100 * seconds(system)) / uptime,
  };
}

function resourceUsage(): any {
  const os = load('node:os').default;
  const usage = process.resourceUsage();
  const constrained = process.constrainedMemory();
  return {
    free_memory: String(os.freemem()), total_memory: String(os.totalmem()), rss: String(process.memoryUsage.rss()),
    ...(constrained > 0 ? { constrained_memory: String(constrained) } : {}),
    available_memory: String(process.availableMemory()), ...cpuUsage(usage.userCPUTime, usage.systemCPUTime), maxRss: String(usage.maxRSS * 1024),
    pageFaults: { IORequired: usage.majorPageFault, IONotRequired: usage.minorPageFault },
    fsActivity: { reads: usage.fsRead, writes: usage.fsWrite },
  };
}

function threadUsage(): any {
  const { user, system } = process.threadCpuUsage();
  const { fsRead, fsWrite } = process.resourceUsage();
  return { ...cpuUsage(user, system), fsActivity: { reads: fsRead, writes: fsWrite } };
}

// Node's names of the handles, by those of async_hooks.
const kinds: Record<string, string> = {
  TCPWRAP: 'tcp', TCPSERVERWRAP: 'tcp', PIPEWRAP: 'pipe', PIPESERVERWRAP: 'pipe', UDPWRAP: 'udp', TTYWRAP: 'tty', PROCESSWRAP: 'process', SIGNALWRAP: 'signal',
  FSEVENTWRAP: 'fs_event', STATWATCHER: 'fs_poll',
};

// Differs from Node: handles have a number in place of an address; those of Node's own loop and the connections of an HTTP server, which have none
// in JavaScript, are not told.
function handles(): any[] {
  const out: any[] = [];
  for (const { type, target, id } of load('internal:handle').allHandles()) {
    const kind = kinds[type];
    if (kind === undefined) continue;
    const owner = target.owner ?? target;
    const referenced = target.hasRef?.() ?? true;
    out.push({ type: kind, is_active: true, is_referenced: referenced, address: addressOf(id + 1), ...details(kind, type, target, owner) });
  }
  const { activeTimers, untilNextTimer } = load('internal:timers');
  const left = untilNextTimer();
  const watched = load('internal:fs/watch').watchedFiles();
  const timers = activeTimers() - watched.filter(({ referenced }: any) => referenced).length; // a watched file has one of its own
  // One for all that JavaScript has.
  out.push({ type: 'timer', is_active: left !== undefined, is_referenced: timers > 0, address: addressOf(1), repeat: 0, firesInMsFromNow: left ?? 0,
    expired: left !== undefined && left <= 0 });
  for (const { path, referenced } of watched) {
    out.push({ type: 'fs_poll', is_active: true, is_referenced: referenced, address: addressOf(1), filename: path });
  }
  const { idle } = load('internal:perfhooks').performance.eventLoopUtilization();
  out.push({ type: 'loop', is_active: true, address: addressOf(1), loopIdleTimeSeconds: idle / 1000 });
  return out;
}
const addressOf = (id: number): string => `0x${id.toString(16).padStart(16, '0')}`;

// What a handle of its kind says of itself.
function details(kind: string, type: string, target: any, owner: any): any {
  switch (kind) {
    case 'tcp':
    case 'pipe':
    case 'udp':
      return { ...socketOf(kind, target), ...(kind === 'udp' ? { writeQueueSize: target.getSendQueueSize?.() ?? 0, writeQueueCount: target.getSendQueueCount?.() ?? 0 }
        : { writeQueueSize: owner.writableLength ?? 0, readable: /SERVER/.test(type) ? false : owner.readable ?? false, writable: /SERVER/.test(type) ? false : owner.writable ?? false }) };
    case 'process':
      return { pid: target.pid };
    case 'fs_event':
      return { filename: target.path };
    default:
      return {};
  }
}

function socketOf(kind: string, target: any): any {
  const fd = target.fd;
  const found = typeof fd === 'number' && fd >= 0 ? endpoints(fd) : undefined;
  if (found === undefined) {
    return kind === 'pipe' ? {} : { localEndpoint: null, remoteEndpoint: null }; // not open yet
  }
  const [local, remote, sendBufferSize, recvBufferSize] = found;
  const end = (at: any): any => (Array.isArray(at) ? { host: at[0], [at[0].includes(':') ? 'ip6' : 'ip4']: at[0], port: at[1] } : at);
  // A unix socket without a name has none to tell.
  const ends = kind === 'pipe' ? { ...(local ? { localEndpoint: local } : {}), ...(remote ? { remoteEndpoint: remote } : {}) }
    : { localEndpoint: end(local), remoteEndpoint: end(remote) };
  return { ...ends, sendBufferSize, recvBufferSize, fd };
}

// getrlimit(2), as Linux tells it; elsewhere nothing.
const limitNames: Record<string, string> = {
  'Max core file size': 'core_file_size_blocks', 'Max data size': 'data_seg_size_bytes', 'Max file size': 'file_size_blocks',
  'Max locked memory': 'max_locked_memory_bytes', 'Max resident set': 'max_memory_size_bytes', 'Max open files': 'open_files',
  'Max stack size': 'stack_size_bytes', 'Max cpu time': 'cpu_time_seconds', 'Max processes': 'max_user_processes', 'Max address space': 'virtual_memory_bytes',
};
function userLimits(): any {
  const out: any = {};
  for (const line of lines('/proc/self/limits')) {
    const [, name, soft, hard] = /^(.*?)\s{2,}(\S+)\s+(\S+)/.exec(line) ?? [];
    const key = limitNames[name];
    const value = (text: string) => (text === 'unlimited' ? text : Number(text));
    if (key !== undefined) out[key] = { soft: value(soft), hard: value(hard) };
  }
  return out;
}

function sharedObjects(): string[] {
  const out = new Set<string>();
  for (const line of lines('/proc/self/maps')) {
    const path = /\s(\/.*\.so\S*)$/.exec(line)?.[1];
    if (path !== undefined) out.add(path);
  }
  return [...out];
}

function lines(file: string): string[] {
  try {
    return load('node:fs').default.readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** The report of a worker, for the one of the thread that made it. */
export function subreport(): string {
  const { state } = load('internal:workerthreads/state');
  return JSON.stringify(describe(`Worker thread subreport [${state.threadName}]`, 'GetReport', null, noStack));
}

/** Writes a report for an event; gives the name of its file. */
export function writeFor(event: string, trigger: string, error: any, name?: string): string {
  const fs = load('node:fs').default;
  const path = load('node:path').default;
  const now = new Date();
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const thread = load('node:worker_threads').default.threadId;
  const filename = name || settings.filename || `report.${date}.${time}.${process.pid}.${thread}.${String(++sequence).padStart(3, '0')}.json`;
  const text = `${JSON.stringify(describe(event, trigger, filename, error), undefined, settings.compact ? undefined : 2)}\n`;
  const stream = ({ stdout: 1, stderr: 2 } as Record<string, number>)[filename];
  if (stream !== undefined) {
    fs.writeSync(stream, text);
    return filename;
  }
  const file = settings.directory ? path.join(settings.directory, filename) : filename;
  const say = (line: string) => load('native:runtime').writeSync(2, line);
  try {
    fs.writeFileSync(file, text, { mode: 0o600 });
  } catch (err: any) {
    say(`\nFailed to open Node.js report file: ${file} directory: ${settings.directory} (errno: ${-err.errno})\n`);
    return '';
  }
  say(`\nWriting Node.js report to file: ${filename}\nNode.js report completed\n`);
  return filename;
}

// An exception that ends the program.
setReporter((error: any) => {
  if (settings.reportOnUncaughtException) writeFor('Exception', 'Exception', error);
});

function onSignal(signal: any): void {
  writeFor(String(signal), 'Signal', synthetic());
}

function synthetic(): Error {
  const error: any = new Error('JavaScript Callstack');
  error.name = 'Error [ERR_SYNTHETIC]';
  error.code = 'ERR_SYNTHETIC';
  Error.captureStackTrace(error, report.getReport);
  return error;
}

function listen(): void {
  process.removeListener(settings.signal, onSignal);
  if (settings.reportOnSignal) process.on(settings.signal, onSignal);
}

// A full heap: the report is written in the middle of what filled it, and the process ends.
// Differs from Node: other fatal errors of the engine, and a heap that a loop of builtins alone has filled, end the program without a report.
let heapLimit = 0; // before a full heap was given room for its report
function watchHeap(): void {
  if (!settings.reportOnFatalError) return;
  heapLimit = load('node:v8').default.getHeapStatistics().heap_size_limit;
  onFatal(() => {
    if (settings.reportOnFatalError) writeFor('Allocation failed - JavaScript heap out of memory', FULL, synthetic());
    return '';
  });
}

/** Follows --report-on-signal and --report-on-fatalerror; called at the start when one of the options is there. */
export function startReports(): void {
  listen();
  watchHeap();
}

export const report: any = {
  /** The report as an object; err stands in it in place of the caller's stack. */
  getReport(err?: any): any {
    if (err !== undefined) validateObject(err, 'err');
    return describe('JavaScript API', 'GetReport', null, err === undefined ? synthetic() : err);
  },
  /** Writes the report and gives the name of its file. */
  writeReport(file?: any, err?: any): string {
    if (typeof file === 'object' && file !== null) [file, err] = [undefined, file];
    else if (file !== undefined) validateString(file, 'file');
    if (err === undefined) err = synthetic();
    else validateObject(err, 'err');
    return writeFor('JavaScript API', 'API', err, file);
  },
};

function setting(name: string, check: (value: any, name: string) => void): void {
  Object.defineProperty(report, name, {
    enumerable: true,
    configurable: true,
    get: () => settings[name],
    set: (value: any) => {
      check(value, name);
      const old = settings.signal;
      if (name === 'signal') process.removeListener(old, onSignal);
      settings[name] = value;
      if (name === 'signal' || name === 'reportOnSignal') listen();
      if (name === 'reportOnFatalError') watchHeap();
    },
  });
}
setting('directory', validateString);
setting('filename', validateString);
for (const name of ['compact', 'excludeNetwork']) setting(name, validateBoolean);
setting('signal', (value) => {
  validateString(value, 'signal');
  const { signals } = load('node:os').default.constants;
  if (signals[value] !== undefined) return;
  throw new codes.ERR_UNKNOWN_SIGNAL(signals[value.toUpperCase()] === undefined ? value : `${value} (signals must use all capital letters)`);
});
for (const name of ['reportOnFatalError', 'reportOnSignal', 'reportOnUncaughtException']) setting(name, (value) => validateBoolean(value, 'trigger'));
setting('excludeEnv', validateBoolean);
