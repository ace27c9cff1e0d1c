// The levels and colours of log lines, and how figures are written.
import assert from 'node:assert';
import { level, spans, strip } from '../ui/lines.js';
import { bytes, percent, rate, since, time } from '../ui/format.js';
import { scale } from '../ui/plot.js';

for (const [text, isErr, want] of [
  ['[Nest] 4711  - 11/29/2026, 5:00:00 PM     LOG [RoutesResolver] AppController {/}:', false, 'info'],
  ['[Nest] 4711  - 11/29/2026, 5:00:00 PM   ERROR [ExceptionsHandler] boom', true, 'error'],
  ['\x1b[32m[Nest] 1  - \x1b[39m11/29/2026, 5:00:00 PM \x1b[33m   WARN\x1b[39m [X] y', false, 'warn'],
  ['[Nest] 1  - 11/29/2026, 5:00:00 PM   DEBUG [X] y', false, 'debug'],
  ['{"level":30,"time":1,"msg":"an error in the text"}', false, 'info'],
  ['{"level":50,"msg":"x"}', false, 'error'],
  ['{"level":"warn","message":"x"}', false, 'warn'],
  ['{"severity":"ERROR"}', false, 'error'],
  ['{not json', false, 'info'],
  ['2026-11-29T17:00:00.000Z error: it broke', false, 'error'],
  ['info: there was an error', false, 'info'],
  ['the pool has an error count of 0', false, 'info'],
  ['TypeError: x is not a function', false, 'error'],
  ['    at Module._compile (node:internal)', true, 'error'],
  ['(node:1) Warning: deprecated', true, 'error'],
  ['plain', false, 'info'],
  ['', true, 'error'],
]) assert.strictEqual(level(text, isErr), want, JSON.stringify(text));

assert.strictEqual(strip('\x1b[2J\x1b]0;title\x07a\x1b[1;31mb\x1b[0m\rc\b'), 'abc');
assert.deepStrictEqual(spans('a\x1b[31mb\x1b[1mc\x1b[0md\x1b[38;5;196me\x1b[38;2;1;2;3mf\x1b[2K'), [
  { text: 'a', colour: undefined, bold: false }, { text: 'b', colour: 1, bold: false }, { text: 'c', colour: 1, bold: true },
  { text: 'd', colour: undefined, bold: false }, { text: 'e', colour: 1, bold: false }, { text: 'f', colour: 1, bold: false },
]);
// A long line of whatever doesn't take long.
const begin = process.cpuUsage().user;
for (const c of ['\x1b', '\x1b[', '\x1b]', '[', '1 ', '{', 'AM ']) {
  level(c.repeat(50000), false);
  spans(c.repeat(50000));
}
assert.ok(process.cpuUsage().user - begin < 5e6);

assert.deepStrictEqual([bytes(5), bytes(2048), bytes(3.5 * 1024 ** 2), bytes(200 * 1024 ** 2), bytes(3 * 1024 ** 3), bytes(null)], ['5 B', '2 KB', '3.5 MB', '200 MB', '3.00 GB', '–']);
assert.deepStrictEqual([time(0), time(0.25), time(2.5), time(25), time(250), time(2500), time(25000)], ['0 ms', '250 µs', '2.50 ms', '25.0 ms', '250 ms', '2.5 s', '25 s']);
assert.deepStrictEqual([rate(0.25), rate(12345), rate(123456), percent(12.34), percent(250)], ['0.3', '12.3k', '123k', '12.3 %', '250 %']);
assert.deepStrictEqual([since(5000), since(65e3), since(3.7e6), since(9e7)], ['5 s', '1 min 5 s', '1 h 1 min', '1 d 1 h']);
assert.deepStrictEqual([scale(10), scale(7), scale(0.3)], [[0, 2.5, 5, 7.5, 10], [0, 2, 4, 6, 8], [0, 0.1, 0.2, 0.30000000000000004]]);
assert.deepStrictEqual(scale(150 * 1024 ** 2, 1024).map((v) => v / 1024 ** 2), [0, 50, 100, 150]);
