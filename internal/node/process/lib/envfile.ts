// process.loadEnvFile and --env-file. https://nodejs.org/docs/latest-v24.x/api/process.html#processloadenvfilepath
import { env } from 'internal:process/env';
import { load } from 'internal:load';

/** Sets what the file names, where the environment has nothing yet. @throws ENOENT and the like */
export function loadEnvFile(path: any): void {
  const { readFileSync } = load('node:fs').default;
  const { parseEnv } = load('node:util').default;
  const found = parseEnv(readFileSync(path, 'utf8'));
  for (const key of Object.keys(found)) {
    if (env[key] === undefined) {
      env[key] = found[key];
    }
  }
}
