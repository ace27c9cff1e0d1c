// The coverage report of the spec and tap reporters: a table of files.
// https://nodejs.org/docs/latest-v24.x/api/test.html#coverage-reporters
import { load } from 'internal:load';

interface Row {
  depth: number;
  name: string;
  file: any; // undefined: a folder
}

const columns: [title: string, key: string][] = [
  ['line %', 'coveredLinePercent'], ['branch %', 'coveredBranchPercent'], ['funcs %', 'coveredFunctionPercent'],
];
const separator = ' | ';
const total = 'all files';
const uncovered = 'uncovered lines';
const fixed = columns.reduce((n, [title]) => n + separator.length + title.length, separator.length); // what lies between names and lines

// Folders and files as the paths' parts name them; a folder is told once.
function rowsOf({ files, workingDirectory }: any): Row[] {
  const { relative, sep } = load('node:path').default;
  const rows: Row[] = [];
  let open: string[] = [];
  for (const file of files) {
    const parts: string[] = relative(workingDirectory, file.path).split(sep);
    const name = parts.pop() as string;
    let shared = 0;
    while (shared < open.length && shared < parts.length && open[shared] === parts[shared]) {
      shared++;
    }
    for (let depth = shared; depth < parts.length; depth++) {
      rows.push({ depth, name: parts[depth], file: undefined });
    }
    open = parts;
    rows.push({ depth: parts.length, name, file });
  }
  return rows;
}

/** "1 3-5 9": the lines that didn't run. Lines that are not counted don't end a range. */
function uncoveredLines(lines: { line: number; count: number }[]): string {
  const out: string[] = [];
  let first = 0;
  let last = 0;
  const close = () => {
    if (first > 0) out.push(first === last ? `${first}` : `${first}-${last}`);
    first = 0;
  };
  for (const { line, count } of lines) {
    if (count > 0) {
      close();
      continue;
    }
    if (first === 0) first = line;
    last = line;
  }
  close();
  return out.join(' ');
}

const cutEnd = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}\u2026` : text);
const cutStart = (text: string, width: number): string => (text.length > width ? `\u2026${text.slice(text.length - Math.ceil(width) + 1)}` : text);

// Green, yellow or red. What is no number is red.
const colorOf = (percent: number): number => (percent > 90 ? 32 : percent > 50 ? 33 : 31);

/**
 * @param prefix what every line begins with
 * @param colors whether figures are coloured; the text around them is blue then
 */
export function coverageTable(summary: any, prefix: string, colors: boolean): string {
  const rows = rowsOf(summary).map((row) => ({ ...row, lines: row.file === undefined ? '' : uncoveredLines(row.file.lines) }));
  let names = total.length;
  let lines = uncovered.length;
  const deepest = rows.reduce((n, row) => Math.max(n, row.depth), 0);
  for (const row of rows) {
    names = Math.max(names, row.name.length + deepest + (colors ? 2 : 0));
    lines = Math.max(lines, row.lines.length);
  }
  let width = names + fixed + lines + 1;
  const wide = load('internal:process').process.stdout.columns - 2;
  if (width > wide && wide > 0) { // a terminal of its own width: names get half of it at most, lines what is left
    width = wide;
    names = Math.min(names, wide / 2);
    lines = Math.max(Math.floor(wide - names - fixed - 1), 1);
  }
  const paint = (percent: number, text: string): string => (colors ? `\u001b[${colorOf(percent)}m${text}\u001b[34m` : text);
  const figures = (of: any): string => columns.map(([title, key]) => {
    const percent = of?.[key];
    return separator + paint(percent, (percent === undefined ? '' : percent.toFixed(2)).padStart(title.length));
  }).join('');
  const padded = (name: string, depth: number): string => cutStart(name, names - depth).padEnd(Math.floor(names) - depth);
  const rule = `${prefix}${'-'.repeat(width)}\n`;

  let out = `${prefix}start of coverage report\n${rule}`;
  out += `${prefix}${padded('file', 0)}${columns.map(([title]) => separator + paint(NaN, title)).join('')}${separator}${cutEnd(uncovered, lines)}\n${rule}`;
  for (const { depth, name, file, lines: missing } of rows) {
    const text = padded(name, depth);
    const mean = file === undefined ? 0 : columns.reduce((sum, [, key]) => sum + file[key], 0) / columns.length;
    out += `${prefix}${' '.repeat(depth)}${file === undefined ? text : paint(mean, text)}${figures(file)}${separator}${cutEnd(missing, lines)}\n`;
  }
  out += `${rule}${prefix}${padded(total, 0)}${figures(summary.totals)}${separator}\n${rule}`;
  return `${out}${prefix}end of coverage report\n`;
}
