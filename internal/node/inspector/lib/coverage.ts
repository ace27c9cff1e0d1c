// NODE_V8_COVERAGE: what of the program ran, written by V8's precise coverage when it ends, and v8.takeCoverage().
// https://nodejs.org/docs/latest-v24.x/api/cli.html#node_v8_coveragedir
import { load } from 'internal:load';
import { atEndWrite } from 'internal:process/lifecycle';
import { Session } from 'internal:inspector/session';

let session: any;
let folder = '';
let written = 0;
const others: (() => void)[] = [];

/** take writes what a thread counted that can't do it at its own end. */
export function alsoTake(take: () => void): void {
  others.push(take);
}

function post(method: string, params?: any): any {
  let answer: any;
  session.post(method, params, (error: any, result: any) => {
    answer = result;
  });
  return answer; // the profiler answers at once
}

/** Begins to count. Functions that were compiled before are counted too, from now on. */
export function startCoverage(directory: string): void {
  const path = load('node:path').default;
  const { process } = load('internal:process');
  folder = path.resolve(directory);
  process.env.NODE_V8_COVERAGE = folder; // for programs that it starts, wherever they run
  load('internal:module/cjs/cache').noCodeCache();
  session = new Session();
  session.connect();
  atEndWrite(takeCoverage);
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
}

/** v8.takeCoverage(), and the program's end: writes what was counted since the last time. */
export function takeCoverage(): void {
  if (session === undefined) {
    return;
  }
  // User code may have changed how lists are walked.
  for (let i = 0; i < others.length; i++) {
    others[i]();
  }
  const taken = post('Profiler.takePreciseCoverage');
  if (taken === undefined) {
    return;
  }
  const fs = load('node:fs').default;
  const { process } = load('internal:process');
  const { threadId } = load('internal:workerthreads/state').state;
  const result = taken.result.filter(({ url }: any) => url.startsWith('file:'));
  const name = `coverage-${process.pid}-${Date.now()}-${threadId}${written++ > 0 ? `-${written}` : ''}.json`;
  const out: any = { result, timestamp: taken.timestamp };
  const maps = load('internal:module/sourcemap').mapsOf(result.map(({ url }: any) => url));
  if (Object.keys(maps).length > 0) {
    out['source-map-cache'] = maps;
  }
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(`${folder}/${name}`, JSON.stringify(out));
  } catch (err: any) {
    process._rawDebug(`Failed to write coverage in ${folder}: ${err.message}`);
  }
}

/** v8.stopCoverage(): nothing is counted any more. */
export function stopCoverage(): void {
  if (session === undefined) {
    return;
  }
  post('Profiler.stopPreciseCoverage');
  session.disconnect();
  session = undefined;
}
