// Which files are test files. https://nodejs.org/docs/latest-v24.x/api/test.html#running-tests-from-the-command-line
import { config } from 'native:runtime';
import { load } from 'internal:load';

/** The patterns that find test files when none are named. */
export function defaultPatterns(): string[] {
  const typescript = config().options?.['no-experimental-strip-types'] === undefined && config().options?.['no-strip-types'] === undefined;
  const ext = typescript ? '{js,mjs,cjs,ts,mts,cts}' : '{js,mjs,cjs}';
  return [`**/{test,test/**/*,test-*,*[._-]test}.${ext}`];
}

/** The files that patterns name, sorted. @throws nothing: what isn't there is left out */
export function findFiles(patterns: string[] | undefined, cwd: string): string[] {
  const { globSync, statSync } = load('node:fs').default;
  const { resolve } = load('node:path').default;
  const found = new Set<string>();
  const given = patterns !== undefined && patterns.length > 0;
  for (const one of given ? (patterns as string[]) : defaultPatterns()) {
    const exclude = one.includes('node_modules') ? undefined : (name: any) => (typeof name === 'string' ? name : name.name) === 'node_modules' || /(^|\/)node_modules(\/|$)/.test(`${name}`);
    let matches: string[] = [];
    try {
      matches = globSync(one, { cwd, exclude });
    } catch (error: any) {
      if (error?.code !== 'ENOENT' && error?.code !== 'ENOTDIR') {
        throw error;
      }
    }
    for (const name of matches) {
      const path = resolve(cwd, name);
      try {
        if (given || statSync(path).isFile()) found.add(path);
      } catch {
        // It went away.
      }
    }
  }
  return [...found].sort();
}
