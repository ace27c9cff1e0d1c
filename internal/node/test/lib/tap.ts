// The tap reporter: TAP version 13. https://testanything.org/tap-version-13-specification.html
import { coverageTable } from 'internal:test/coverage/table';
import { indented } from 'internal:test/spec';
import { inspect } from 'internal:util/inspect';

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('#', '\\#').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')
    .replaceAll('\f', '\\f').replaceAll('\b', '\\b').replaceAll('\v', '\\v');
}

// One line of YAML, or a block; objects by their keys.
function yaml(indent: string, name: string, value: any, seen: any[] = []): string {
  if (value === undefined) {
    return '';
  }
  if (typeof value === 'string') {
    if (value.includes('\n')) {
      return `${indent}${name}: |-\n${indented(value, `${indent}  `)}\n`;
    }
    return `${indent}${name}: '${value.replaceAll("'", "''")}'\n`;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof RegExp || seen.includes(value)) {
    return `${indent}${name}: ${seen.includes(value) ? '<Circular>' : inspect(value)}\n`;
  }
  let out = `${indent}${name}:\n`;
  for (const key of Object.keys(value)) {
    out += yaml(`${indent}  `, key, value[key], [...seen, value]);
  }
  return out;
}

function details(indent: string, data: any): string {
  const { details: { duration_ms, error, type } } = data;
  const inside = `${indent}  `;
  let out = `${inside}---\n${inside}duration_ms: ${inspect(duration_ms)}\n${yaml(inside, 'type', type)}`;
  if (error !== undefined) {
    if (data.file !== undefined) {
      out += yaml(inside, 'location', `${data.file}:${data.line}:${data.column}`);
    }
    out += yaml(inside, 'failureType', error.failureType);
    const wrapped = error.code === 'ERR_TEST_FAILURE' && Object.hasOwn(error, 'cause');
    const cause = wrapped ? error.cause : error;
    const isError = cause instanceof Error || typeof cause?.message === 'string';
    out += yaml(inside, 'error', isError ? cause.message : typeof cause === 'string' ? cause : inspect(cause));
    out += yaml(inside, 'code', isError && cause.code !== undefined ? `${cause.code}` : error.code);
    if (isError) {
      if (typeof cause.name === 'string' && cause.name !== 'Error') {
        out += yaml(inside, 'name', cause.name);
      }
      if (cause.code === 'ERR_ASSERTION' || Object.hasOwn(cause, 'operator')) {
        out += yaml(inside, 'expected', cause.expected) + yaml(inside, 'actual', cause.actual) + yaml(inside, 'operator', cause.operator);
      }
      const frames = typeof cause.stack === 'string' ? cause.stack.split('\n').filter((line: string) => /^\s+at /.test(line)) : [];
      if (frames.length > 0) {
        out += yaml(inside, 'stack', `${frames.map((line: string) => line.trim().slice(3)).join('\n')}${frames.length === 1 ? '\n' : ''}`.replace(/\n$/, frames.length === 1 ? '' : '\n'))
          .replace(/^( *)stack: '(.*)'\n$/s, (_all, space, line) => `${space}stack: |-\n${space}  ${line}\n`);
      }
    }
  }
  return `${out}${inside}...\n`;
}

/** From events to lines of TAP. */
export async function* tap(source: any): AsyncGenerator<string> {
  yield 'TAP version 13\n';
  for await (const { type, data } of source) {
    const indent = '    '.repeat(data?.nesting ?? 0);
    switch (type) {
      case 'test:start':
        yield `${indent}# Subtest: ${escaped(data.name)}\n`;
        break;
      case 'test:pass':
      case 'test:fail': {
        let line = `${indent}${type === 'test:pass' ? 'ok' : 'not ok'} ${data.testNumber} - ${escaped(data.name)}`;
        if (data.skip !== undefined) {
          line += ` # SKIP${typeof data.skip === 'string' && data.skip.length > 0 ? ` ${escaped(data.skip)}` : ''}`;
        } else if (data.todo !== undefined) {
          line += ` # TODO${typeof data.todo === 'string' && data.todo.length > 0 ? ` ${escaped(data.todo)}` : ''}`;
        } else if (data.expectFailure !== undefined) {
          line += ' # EXPECTED FAILURE';
        }
        yield `${line}\n`;
        yield details(indent, data);
        break;
      }
      case 'test:plan':
        yield `${indent}1..${data.count}\n`;
        break;
      case 'test:diagnostic':
        yield `${indent}# ${escaped(data.message)}\n`;
        break;
      case 'test:coverage':
        yield coverageTable(data.summary, `${indent}# `, false);
        break;
      case 'test:stdout':
      case 'test:stderr':
        for (const line of data.message.replace(/\r?\n$/, '').split(/\r?\n/)) {
          yield `# ${escaped(line)}\n`;
        }
        break;
      default:
    }
  }
}
