// The table of console.table: boxes around left-aligned cells.

import { getStringWidth } from 'internal:util/stringwidth';

/** columns: each column's cells, in the order of head. Missing cells stay empty. */
export function renderTable(head: string[], columns: (string | undefined)[][]): string {
  const widths = head.map((text, i) => columns[i].reduce((max, cell) => Math.max(max, getStringWidth(cell ?? '')), getStringWidth(text)) + 2);
  const rows = columns.reduce((max, column) => Math.max(max, column.length), 0);
  const rule = (left: string, middle: string, right: string) => left + widths.map((width) => '\u2500'.repeat(width)).join(middle) + right;
  const line = (cells: (string | undefined)[]) =>
    `\u2502${cells.map((cell, i) => ` ${cell ?? ''}${' '.repeat(widths[i] - 1 - getStringWidth(cell ?? ''))}`).join('\u2502')}\u2502`;
  let text = `${rule('\u250c', '\u252c', '\u2510')}\n${line(head)}\n${rule('\u251c', '\u253c', '\u2524')}\n`;
  for (let i = 0; i < rows; i++) {
    text += `${line(columns.map((column) => column[i]))}\n`;
  }
  return text + rule('\u2514', '\u2534', '\u2518');
}
