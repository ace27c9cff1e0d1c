// --test-global-setup. https://nodejs.org/docs/latest-v24.x/api/test.html#global-setup-and-teardown
import { load } from 'internal:load';
import { validateFunction } from 'internal:validators';

/** Runs globalSetup() of a module. @returns its globalTeardown */
export async function globalSetup(path: string, cwd: string = load('internal:process').process.cwd()): Promise<(() => any) | undefined> {
  const url = load('internal:url').pathToFileURL(load('node:path').default.resolve(cwd, path)).href;
  const namespace = await load('internal:module/esm').importModule(url, load('internal:url').pathToFileURL(`${cwd}/`).href);
  const from = (name: string) => namespace[name] ?? namespace.default?.[name];
  const setup = from('globalSetup');
  const teardown = from('globalTeardown');
  if (setup !== undefined) {
    validateFunction(setup, 'globalSetupModule.globalSetup');
    await setup();
  }
  if (teardown !== undefined) {
    validateFunction(teardown, 'globalSetupModule.globalTeardown');
    return () => teardown();
  }
  return undefined;
}
