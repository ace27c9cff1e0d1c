// The lcov reporter: coverage as LCOV's tracefile. https://manpages.debian.org/unstable/lcov/geninfo.1.en.html#FILES
import { load } from 'internal:load';

function record(workingDirectory: string, file: any): string {
  const { relative } = load('node:path').default;
  const nameOf = (f: any, i: number): string => f.name || `anonymous_${i}`;
  const lines: string[] = [`SF:${relative(workingDirectory, file.path)}`];
  file.functions.forEach((f: any, i: number) => lines.push(`FN:${f.line},${nameOf(f, i)}`));
  file.functions.forEach((f: any, i: number) => lines.push(`FNDA:${f.count},${nameOf(f, i)}`));
  lines.push(`FNF:${file.totalFunctionCount}`, `FNH:${file.coveredFunctionCount}`);
  file.branches.forEach(({ line, count }: any, i: number) => lines.push(`BRDA:${line},${i},0,${count}`));
  lines.push(`BRF:${file.totalBranchCount}`, `BRH:${file.coveredBranchCount}`);
  for (const { line, count } of file.lines) {
    lines.push(`DA:${line},${count}`);
  }
  lines.push(`LH:${file.coveredLineCount}`, `LF:${file.totalLineCount}`, 'end_of_record\n');
  return lines.join('\n');
}

let Lcov: any;
/** The class of lcov: a Transform from events to text. */
export function lcovClass(): any {
  if (Lcov === undefined) {
    const { Transform } = load('node:stream').default;
    Lcov = class LcovReporter extends Transform {
      constructor(options?: any) {
        super({ ...options, writableObjectMode: true });
      }
      _transform({ type, data }: any, _encoding: any, callback: any): void {
        if (type !== 'test:coverage') {
          callback(null);
          return;
        }
        const { workingDirectory, files } = data.summary;
        callback(null, `TN:\n${files.map((file: any) => record(workingDirectory, file)).join('')}`);
      }
    };
  }
  return Lcov;
}
