// Joins a run's stream with the reporters of --test-reporter and their destinations.
// https://nodejs.org/docs/latest-v24.x/api/test.html#test-reporters
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { listOption } from 'internal:test/options';

const own = new Set(['spec', 'tap', 'dot', 'junit', 'lcov']);

/** A reporter of Node's by its name. */
export function builtinReporter(name: string): any {
  switch (name) {
    case 'spec': return load('internal:test/spec').specClass();
    case 'tap': return load('internal:test/tap').tap;
    case 'dot': return load('internal:test/dot').dot;
    case 'junit': return load('internal:test/junit').junit;
    default: return load('internal:test/lcov').lcovClass();
  }
}

async function reporterOf(name: string): Promise<any> {
  let reporter: any;
  if (own.has(name)) {
    reporter = builtinReporter(name);
  } else {
    const { process } = load('internal:process');
    const base = load('internal:url').pathToFileURL(`${process.cwd()}/`).href;
    const namespace = await load('internal:module/esm').importModule(name, base);
    reporter = namespace.default;
  }
  if (typeof reporter === 'function' && reporter.prototype && Object.getOwnPropertyDescriptor(reporter.prototype, 'constructor')) {
    return new reporter();
  }
  if (!reporter || (typeof reporter !== 'function' && typeof reporter !== 'object') || (typeof reporter === 'object' && Object.keys(reporter).length === 0 && typeof reporter.pipe !== 'function')) {
    throw new codes.ERR_INVALID_ARG_TYPE('Reporter', 'function', reporter);
  }
  return reporter;
}

function destination(name: string): any {
  const { process } = load('internal:process');
  switch (name) {
    case 'stdout': return process.stdout;
    case 'stderr': return process.stderr;
    default: return load('node:fs').default.createWriteStream(name);
  }
}

/** The reporters' names and destinations. @throws ERR_INVALID_ARG_VALUE when they don't match */
export function reporterOptions(): [reporters: string[], destinations: string[]] {
  const reporters = listOption('test-reporter');
  const destinations = listOption('test-reporter-destination');
  if (reporters.length === 0 && destinations.length === 0) {
    reporters.push('spec');
  }
  if (reporters.length === 1 && destinations.length === 0) {
    destinations.push('stdout');
  }
  if (reporters.length !== destinations.length) {
    const names = `[ ${reporters.map((name) => `'${name}'`).join(', ')} ]`;
    const error: any = new TypeError(`The argument '--test-reporter' must match the number of specified '--test-reporter-destination'. Received ${reporters.length === 0 ? '[]' : names}`);
    error.code = 'ERR_INVALID_ARG_VALUE';
    error.stack = error.stack.replace('TypeError', 'TypeError [ERR_INVALID_ARG_VALUE]');
    throw error;
  }
  return [reporters, destinations];
}

/** Pipes the stream through every reporter. The promise settles when all that they print was taken. */
export function attachReporters(stream: any): Promise<void> {
  const { process } = load('internal:process');
  if (process.env.NODE_TEST_CONTEXT === 'child') {
    return attach(stream, ['tap'], ['stdout']);
  }
  const [reporters, destinations] = reporterOptions();
  return attach(stream, reporters, destinations);
}

async function attach(stream: any, reporters: string[], destinations: string[]): Promise<void> {
  const { compose } = load('node:stream').default;
  const { process } = load('internal:process');
  // The events wait in the stream while reporters are loaded.
  const loaded = await Promise.all(reporters.map(reporterOf));
  const done: Promise<void>[] = [];
  for (let n = 0; n < loaded.length; n++) {
    const out = destination(destinations[n]);
    const text = compose(stream, loaded[n]);
    done.push(new Promise<void>((resolve) => {
      let muted = false;
      if (out === process.stdout || out === process.stderr) {
        out.on('error', (error: any) => {
          if (error?.code !== 'EPIPE') {
            throw error;
          }
          muted = true;
        });
        text.on('data', (chunk: any) => {
          if (!muted) {
            out.write(chunk);
          }
        });
        text.on('end', resolve);
      } else {
        text.pipe(out);
        out.on('finish', resolve);
      }
    }));
  }
  await Promise.all(done);
}
