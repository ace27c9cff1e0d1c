// The proxies of fetch, for the process: those of the environment, or what http.setGlobalProxyFromEnv() was given.
import { proxies, proxiesFrom } from 'native:web/fetch';
import { commandLineOption } from 'internal:net/options';

type Setting = [http: string, https: string, except: string];
let current: Setting | undefined;
let told = false;

/** What the command line says of --use-env-proxy; the environment is read in Go. Before the first request. */
export function tellProxies(): void {
  if (told) return;
  told = true;
  if (commandLineOption('use-env-proxy') !== undefined) proxies(true);
  else if (commandLineOption('no-use-env-proxy') !== undefined) proxies(false);
}

/** Requests from now on use these proxies. The result puts back what was before. */
export function useProxies(setting: Setting | undefined): () => void {
  const before = current;
  current = setting;
  if (setting === undefined) proxiesFrom(false, '', '', '');
  else proxiesFrom(true, ...setting);
  return () => { useProxies(before); };
}
