// roost --test: the runner on the command line. https://nodejs.org/docs/latest-v24.x/api/test.html#running-tests-from-the-command-line
import { load } from 'internal:load';
import { findFiles } from 'internal:test/files';
import { flag, listOption, option } from 'internal:test/options';
import { attachReporters, reporterOptions } from 'internal:test/reporting';
import { run } from 'internal:test/runner';

/**
 * Runs the files that the command line names. patterns are its arguments; preload loads the modules of -r and --import, which come after the
 * global setup, and goes on with what it is given.
 */
export function main(patterns: string[], preload: (next: () => void) => void): void {
  const setup = option('test-global-setup');
  if (setup === undefined) {
    preload(() => start(patterns, undefined));
    return;
  }
  load('internal:test/globalsetup').globalSetup(setup).then(
    (teardown: any) => preload(() => start(patterns, teardown)),
    (error: any) => { load('internal:process/task').nextTick(() => { throw error; }); },
  );
}

function start(patterns: string[], teardown: (() => any) | undefined): void {
  const { process } = load('internal:process');
  const cwd: string = process.cwd();
  const isolation = option('test-isolation') ?? option('experimental-test-isolation') ?? 'process';
  const options: any = {
    isolation, cwd, only: flag('test-only'), forceExit: flag('test-force-exit'), watch: flag('watch'), testNamePatterns: listOption('test-name-pattern'),
    testSkipPatterns: listOption('test-skip-pattern'), rerunFailuresFilePath: option('test-rerun-failures'),
  };
  const timeout = option('test-timeout');
  options.timeout = timeout === undefined ? Infinity : Number(timeout);
  const concurrency = option('test-concurrency');
  options.concurrency = isolation === 'none' ? 1 : concurrency === undefined ? true : Number(concurrency);
  const shard = option('test-shard');
  if (shard !== undefined) {
    if (!/^\d+\/\d+$/.test(shard)) {
      throw invalidShard(shard);
    }
    const [index, total] = shard.split('/').map(Number);
    options.shard = { __proto__: null, index, total };
  }
  if (flag('experimental-test-coverage')) {
    const { include, exclude, thresholds } = load('internal:test/coverage').settingsOfCommandLine();
    Object.assign(options, { coverage: true, coverageIncludeGlobs: include, coverageExcludeGlobs: exclude, lineCoverage: thresholds.line, branchCoverage: thresholds.branch,
      functionCoverage: thresholds.function });
  }
  reporterOptions(); // throws when they don't match
  options.files = findFiles(patterns, cwd);
  if (patterns.length > 0 && options.files.length === 0) {
    load('node:fs').default.writeSync(2, `Could not find '${patterns.join(', ')}'\n`);
    process.exit(1);
  }
  if (isolation === 'process' && /--inspect/.test(`${process.execArgv} ${process.env.NODE_OPTIONS}`) && load('internal:inspector/ports').isInspecting()) {
    process.emitWarning('Using the inspector with --test forces running at a concurrency of 1. Use the inspectPort option to run with concurrency');
    options.concurrency = 1;
    options.inspectPort = process.debugPort;
  }
  options.files = options.files.map((path: string) => load('node:path').default.relative(cwd, path));
  if (/\btest_runner\b/.test(process.env.NODE_DEBUG ?? '')) {
    const shown = load('internal:util/inspect').inspect(options, { breakLength: 40 });
    load('node:fs').default.writeSync(2, `TEST_RUNNER ${process.pid}: test runner configuration: ${shown}\n`);
  }
  let interrupted = false;
  let tests: any;
  const onSignal = () => {
    if (!interrupted) {
      interrupted = true;
      process.exitCode = 1;
      tests?.interrupt?.();
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // A reporter threw: a listener that throws ends the program with exit code 7.
  const onError = (error: any) => { throw error; };
  if (isolation !== 'none') {
    process.on('uncaughtException', onError);
  }
  let printed: Promise<void> | undefined;
  run(options, {
    teardown,
    rescan: () => findFiles(patterns, cwd),
    destination: (made) => {
      tests = made;
      printed = attachReporters(made.stream);
    },
  });
  const end = () => {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  };
  if (printed === undefined) {
    end(); // the harness of this process prints
  }
  printed?.then(() => {
    end();
    if (options.forceExit || interrupted) {
      process.exit();
    }
  }, (error) => { load('internal:process/task').nextTick(() => { failHard(error); }); });
}

// An error of a reporter: Node's exit code 7.
function failHard(error: any): void {
  const { process } = load('internal:process');
  load('node:fs').default.writeSync(2, `${load('internal:process/lifecycle').report(error, undefined)}`);
  process.reallyExit(7);
}

function invalidShard(shard: string): Error {
  const error: any = new TypeError(`The argument '--test-shard' must be in the form of <index>/<total>. Received '${shard}'`);
  error.code = 'ERR_INVALID_ARG_VALUE';
  return error;
}
