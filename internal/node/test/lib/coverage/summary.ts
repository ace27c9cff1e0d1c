// The data of test:coverage: what of each file ran. https://nodejs.org/docs/latest-v24.x/api/test.html#event-testcoverage
import { load } from 'internal:load';
import { countLines, isIgnored, lineAt, linesOf, touchLines } from 'internal:test/coverage/lines';
import { addFunctions, inOrder, type FunctionCoverage } from 'internal:test/coverage/merge';
import { isCompiled, traceFunctions, type StoredMap } from 'internal:test/coverage/origin';

export interface Thresholds {
  line: number;
  branch: number;
  function: number;
}
export interface Settings {
  cwd: string;
  include: string[];
  exclude: string[];
  thresholds: Thresholds;
  sourceMaps: boolean; // --enable-source-maps
}

/** What is known of one file of the program. */
interface Counted {
  text: string;
  functions: Map<string, FunctionCoverage>;
  unmapped: number; // the count of lines that no code comes from
}

const percent = (covered: number, total: number): number => (total === 0 ? 100 : covered / total * 100);

function describeFile(path: string, { text, functions, unmapped }: Counted): any {
  const lines = linesOf(text, unmapped);
  const out = { functions: [] as any[], branches: [] as any[], lines: [] as any[] };
  let coveredBranches = 0;
  let coveredFunctions = 0;
  const list = inOrder(functions);
  if (unmapped === 0) {
    for (const { ranges } of list) ranges.forEach((range) => touchLines(lines, range));
  }
  for (const { functionName, ranges, isBlockCoverage, isScript } of list) {
    let most = 0;
    for (const range of ranges) {
      countLines(lines, range);
      most = Math.max(most, range.count);
      if (isBlockCoverage) {
        out.branches.push({ __proto__: null, line: lines[lineAt(lines, range.startOffset)]?.number, count: range.count });
        if (range.count > 0 || isIgnored(lines, range)) coveredBranches++;
      }
    }
    if (isScript !== true) {
      out.functions.push({ __proto__: null, name: functionName, count: most, line: lines[lineAt(lines, ranges[0].startOffset)]?.number });
      if (most > 0 || isIgnored(lines, ranges[0])) coveredFunctions++;
    }
  }
  let coveredLines = 0;
  for (const { number, count, ignored } of lines) {
    if (!ignored) out.lines.push({ __proto__: null, line: number, count });
    if (ignored || count > 0) coveredLines++;
  }
  return {
    __proto__: null, path, totalLineCount: lines.length, totalBranchCount: out.branches.length, totalFunctionCount: out.functions.length,
    coveredLineCount: coveredLines, coveredBranchCount: coveredBranches, coveredFunctionCount: coveredFunctions, ...percents(lines.length, coveredLines,
      out.branches.length, coveredBranches, out.functions.length, coveredFunctions), ...out,
  };
}

function percents(lines: number, coveredLines: number, branches: number, coveredBranches: number, functions: number, coveredFunctions: number): any {
  return { coveredLinePercent: percent(coveredLines, lines), coveredBranchPercent: percent(coveredBranches, branches), coveredFunctionPercent: percent(coveredFunctions, functions) };
}

function totalsOf(files: any[]): any {
  const sum = (key: string): number => files.reduce((n, file) => n + file[key], 0);
  const [lines, branches, functions] = [sum('totalLineCount'), sum('totalBranchCount'), sum('totalFunctionCount')];
  const [coveredLines, coveredBranches, coveredFunctions] = [sum('coveredLineCount'), sum('coveredBranchCount'), sum('coveredFunctionCount')];
  return {
    __proto__: null, totalLineCount: lines, totalBranchCount: branches, totalFunctionCount: functions, coveredLineCount: coveredLines,
    coveredBranchCount: coveredBranches, coveredFunctionCount: coveredFunctions, ...percents(lines, coveredLines, branches, coveredBranches, functions, coveredFunctions),
  };
}

/** Whether the report is to have a file. */
function chooser({ cwd, include, exclude }: Settings): (path: string) => boolean {
  const { matchesGlob, relative } = load('node:path').default;
  const matches = (path: string, patterns: string[]) => patterns.some((pattern) => matchesGlob(relative(cwd, path), pattern) || matchesGlob(path, pattern));
  return (path) => !matches(path, exclude) && (include.length > 0 ? matches(path, include) : !path.includes('/node_modules/'));
}

/**
 * Reports of V8 (files of NODE_V8_COVERAGE, read) as the summary of test:coverage.
 * @throws ERR_SOURCE_MAP_CORRUPT, ERR_SOURCE_MAP_MISSING_SOURCE
 */
export function summarize(reports: any[], settings: Settings): any {
  const scripts = new Map<string, Map<string, FunctionCoverage>>();
  const maps = new Map<string, StoredMap>();
  for (const report of reports) {
    for (const { url, functions } of report.result) {
      const place = url.replace(/[?#].*$/s, ''); // copies of a module are one file
      let known = scripts.get(place);
      if (known === undefined) scripts.set(place, known = new Map());
      if (functions[0]?.functionName === '' && functions[0].ranges[0].startOffset === 0) functions[0].isScript = true;
      addFunctions(known, functions);
    }
    for (const [url, map] of Object.entries(report['source-map-cache'] ?? {})) {
      maps.set(url.replace(/[?#].*$/s, ''), map as StoredMap);
    }
  }
  const counted = new Map<string, Counted>();
  const add = (url: string, text: string, functions: FunctionCoverage[], unmapped: number): void => {
    let file = counted.get(url);
    if (file === undefined) counted.set(url, file = { text, functions: new Map(), unmapped });
    addFunctions(file.functions, functions);
  };
  const { fileURLToPath } = load('internal:url');
  const { readFileSync } = load('node:fs').default;
  const wanted = chooser(settings);
  for (const [url, functions] of scripts) {
    const map = maps.get(url);
    const compiled = map !== undefined && isCompiled(url, map);
    if (map !== undefined && !compiled && settings.sourceMaps) {
      for (const [source, traced] of traceFunctions(url, map, inOrder(functions))) {
        if (source.startsWith('file:') && wanted(fileURLToPath(source))) add(source, traced.text, traced.functions, 0);
      }
      continue;
    }
    let path: string;
    let text: string;
    try {
      path = fileURLToPath(url);
      if (!wanted(path)) continue;
      text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
    } catch {
      continue; // it is gone, or never was a file
    }
    add(url, text, compiled ? traceFunctions(url, map, inOrder(functions)).get(url)!.functions : inOrder(functions), 1);
  }
  const files = [...counted].map(([url, file]) => describeFile(fileURLToPath(url), file));
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { __proto__: null, workingDirectory: settings.cwd, files, totals: totalsOf(files), thresholds: settings.thresholds };
}
