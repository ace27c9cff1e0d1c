// The junit reporter: JUnit's XML. https://nodejs.org/docs/latest-v24.x/api/test.html#test-reporters
import { load } from 'internal:load';
import { inspect } from 'internal:util/inspect';

interface Element {
  tag: string;
  attributes: Record<string, any>;
  children: (Element | string)[];
  parent: Element | undefined;
  nesting: number;
  comment?: string;
}

function attribute(value: any): string {
  return `${value}`.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('<', '&lt;');
}
function content(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\u001b', '');
}

function write(node: Element | string, depth: number): string {
  if (typeof node === 'string') {
    return `${content(node)}\n`;
  }
  const indent = '\t'.repeat(depth);
  if (node.comment !== undefined) {
    return `${indent}<!-- ${node.comment.replaceAll('--', '&#45;&#45;')} -->\n`;
  }
  const attributes = Object.keys(node.attributes).map((key) => ` ${key}="${attribute(node.attributes[key])}"`).join('');
  if (node.children.length === 0) {
    return `${indent}<${node.tag}${attributes}/>\n`;
  }
  return `${indent}<${node.tag}${attributes}>\n${node.children.map((child) => write(child, depth + 1)).join('')}${indent}</${node.tag}>\n`;
}

function element(tag: string, parent: Element | undefined, nesting: number, attributes: Record<string, any> = {}): Element {
  return { tag, attributes, children: [], parent, nesting };
}

function each(node: Element, count: (child: Element) => boolean): number {
  let n = 0;
  for (const child of node.children) {
    if (typeof child !== 'string' && child.comment === undefined && count(child)) n++;
  }
  return n;
}

export async function* junit(source: any): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="utf-8"?>\n';
  yield '<testsuites>\n';
  let open: Element | undefined; // the innermost test that began
  const tops: Element[] = [];
  const add = (child: Element): void => {
    if (open !== undefined) {
      open.children.push(child);
    } else {
      tops.push(child);
    }
  };
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      const begun = element('testcase', open, data.nesting, { name: data.name });
      begun.began = new Date();
      add(begun);
      open = begun;
    } else if (type === 'test:pass' || type === 'test:fail') {
      const node: Element = open !== undefined && open.nesting === data.nesting && open.attributes.name === data.name ? open : element('testcase', open, data.nesting, { name: data.name });
      if (node !== open) {
        add(node);
      } else {
        open = node.parent;
      }
      const { error, duration_ms } = data.details;
      const time = (duration_ms / 1000).toFixed(6);
      const inner = node.children.some((child) => typeof child !== 'string' && child.comment === undefined);
      if (inner) {
        node.tag = 'testsuite';
        Object.assign(node.attributes, {
          time, disabled: 0, errors: 0, tests: each(node, () => true), failures: each(node, (child) => child.children.some((c: any) => c.tag === 'failure') || child.attributes.failures > 0),
          skipped: each(node, (child) => child.children.some((c: any) => c.tag === 'skipped')), timestamp: (node.began ?? new Date()).toISOString(),
          hostname: load('node:os').default.hostname(),
        });
      } else {
        Object.assign(node.attributes, { time, classname: 'test' });
        if (data.file !== undefined) {
          node.attributes.file = data.file;
        }
        for (const kind of ['skip', 'todo']) {
          if (data[kind] !== undefined) {
            node.children.push(element('skipped', node, data.nesting + 1, { type: kind === 'skip' ? 'skipped' : 'todo', message: data[kind] }));
            break;
          }
        }
        if (error !== undefined && data.skip === undefined) {
          const message = error.message ?? inspect(error);
          node.attributes.failure = message;
          const failed = element('failure', node, data.nesting + 1, { type: error.failureType ?? error.code, message });
          failed.children.push(inspect(error, { colors: false, breakLength: Infinity }));
          node.children.push(failed);
        }
      }
      if (open === undefined) {
        for (const top of tops.splice(0)) {
          yield write(top, 1);
        }
      }
    } else if (type === 'test:diagnostic') {
      const comment: Element = { tag: '', attributes: {}, children: [], parent: open, nesting: data.nesting, comment: data.message };
      if (open === undefined) {
        yield write(comment, 1);
      } else {
        open.children.push(comment);
      }
    }
  }
  yield '</testsuites>\n';
}
interface Element { began?: Date; }
