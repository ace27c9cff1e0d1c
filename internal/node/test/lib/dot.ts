// The dot reporter: one character a result, then the failures. https://nodejs.org/docs/latest-v24.x/api/test.html#test-reporters
import { load } from 'internal:load';
import { colorsWanted, indented, resultLine, shownError } from 'internal:test/spec';
import { inspect } from 'internal:util/inspect';

export async function* dot(source: any): AsyncGenerator<string> {
  let column = 0;
  const failed: any[] = [];
  const colors = colorsWanted();
  const paint = (color: number, text: string) => (colors ? `\u001b[${color}m${text}\u001b[39m` : text);
  for await (const { type, data } of source) {
    if (type === 'test:pass') {
      yield paint(32, '.');
    } else if (type === 'test:fail') {
      yield paint(31, 'X');
      failed.push(data);
    } else {
      continue;
    }
    if (++column >= Math.max(load('internal:process').process.stdout.columns ?? 20, 20)) {
      yield '\n';
      column = 0;
    }
  }
  yield '\n';
  if (failed.length > 0) {
    yield paint(31, '\nFailed tests:\n\n');
    for (const data of failed) {
      yield `${resultLine('test:fail', data, colors)}\n${indented(inspect(shownError(data.details.error), { colors }), '  ')}\n`;
    }
  }
}
