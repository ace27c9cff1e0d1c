// Code coverage of a run of tests: where V8's counts are collected, and what is reported of them.
// https://nodejs.org/docs/latest-v24.x/api/test.html#collecting-code-coverage
import { load } from 'internal:load';
import { atEnd } from 'internal:process/lifecycle';
import { flag, listOption, option } from 'internal:test/options';
import type { Settings, Thresholds } from 'internal:test/coverage/summary';
import { validateNumber } from 'internal:validators';

function threshold(name: string): number {
  const text = option(name);
  if (text === undefined) {
    return 0;
  }
  const value = Number.parseInt(text, 10) || 0;
  validateNumber(value, `--${name}`, 0, 100);
  return value;
}

/** What the command line says of coverage. @throws ERR_OUT_OF_RANGE */
export function settingsOfCommandLine(): Settings {
  const thresholds: Thresholds = {
    line: threshold('test-coverage-lines'), branch: threshold('test-coverage-branches'), function: threshold('test-coverage-functions'),
  };
  const exclude = listOption('test-coverage-exclude');
  return {
    cwd: load('internal:process').process.cwd(), include: listOption('test-coverage-include'), exclude: exclude.length > 0 ? exclude : load('internal:test/files').defaultPatterns(),
    thresholds, sourceMaps: flag('enable-source-maps'),
  };
}

/** The counts of a run: the files that its processes write to one folder. */
export class Coverage {
  folder: string;
  #own: boolean; // the folder is not the user's
  #here: boolean; // this process's own code counts
  #settings: Settings;
  #since = Date.now(); // what the folder had before is of other runs

  /** @param here whether this process runs the tests; it must be told before their code is loaded */
  constructor(settings: Settings, here: boolean) {
    this.#settings = settings;
    this.#here = here;
    const { process } = load('internal:process');
    const given: string | undefined = process.env.NODE_V8_COVERAGE;
    this.#own = !given;
    this.folder = given ? load('node:path').default.resolve(given) : load('node:fs').default.mkdtempSync(`${load('node:os').default.tmpdir()}/node-coverage-`);
    if (here && this.#own) {
      load('internal:inspector/coverage').startCoverage(this.folder);
    }
  }

  /** The reports of all that has ended, and of this process. */
  #reports(): any[] {
    const fs = load('node:fs').default;
    if (this.#here) {
      const counter = load('internal:inspector/coverage');
      counter.takeCoverage();
      if (this.#own) counter.stopCoverage();
    }
    const reports: any[] = [];
    let names: string[] = [];
    try {
      names = fs.readdirSync(this.folder);
    } catch (error: any) {
      if (error?.code !== 'ENOENT') throw error; // nobody wrote anything
    }
    for (const name of names.sort()) {
      const time = /^coverage-\d+-(\d{13})-\d+(?:-\d+)?\.json$/.exec(name)?.[1];
      if (Number(time) >= this.#since) {
        reports.push(JSON.parse(fs.readFileSync(`${this.folder}/${name}`, 'utf8')));
      }
    }
    return reports;
  }

  /** The data of test:coverage. @throws ERR_SOURCE_MAP_CORRUPT, ERR_SOURCE_MAP_MISSING_SOURCE, what the file system throws */
  summary(): any {
    return load('internal:test/coverage/summary').summarize(this.#reports(), this.#settings);
  }
  /** Forgets what ran up to now: watch mode. */
  restart(): void {
    this.#since = Date.now();
  }
  /** Takes away what was written. */
  cleanup(): void {
    if (!this.#own) {
      return;
    }
    const { process } = load('internal:process');
    if (this.#here && process.env.NODE_V8_COVERAGE === this.folder) {
      delete process.env.NODE_V8_COVERAGE;
    }
    try {
      load('node:fs').default.rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // It is the system's folder for such files.
    }
  }
}

let early: Coverage | undefined;
/** --experimental-test-coverage of a program that is a test: counting begins before its code is loaded. */
export function startEarly(): void {
  early = new Coverage(settingsOfCommandLine(), true);
  atEnd(() => early?.cleanup()); // no test took it
}
/** The coverage that startEarly began, for the run of this process. */
export function takeEarly(): Coverage | undefined {
  const taken = early;
  early = undefined;
  return taken;
}
