// The navigator global. https://nodejs.org/docs/latest-v24.x/api/globals.html#navigator
import { config } from 'native:runtime';
import { hardwareConcurrency } from 'native:web/navigator';
import { codes } from 'internal:errors';
import { load } from 'internal:load';

const kMade = Symbol('made');

/** Facts about the machine and the runtime, under the names that browsers use. */
export class Navigator {
  #cpus: number | undefined;
  #userAgent: string | undefined;
  #language: string | undefined;
  constructor(key?: any) {
    if (key !== kMade) {
      throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    }
  }
  get hardwareConcurrency(): number {
    return (this.#cpus ??= hardwareConcurrency());
  }
  get language(): string {
    return (this.#language ??= new Intl.DateTimeFormat().resolvedOptions().locale || 'en-US');
  }
  get languages(): readonly string[] {
    return Object.freeze([this.language]);
  }
  get userAgent(): string {
    return (this.#userAgent ??= `Node.js/${load('internal:process').process.versions.node.split('.')[0]}`);
  }
  get platform(): string {
    const { platform, arch } = config();
    if (platform === 'darwin') {
      return 'MacIntel';
    }
    const name = platform[0].toUpperCase() + platform.slice(1);
    return `${name} ${arch === 'x64' ? 'x86_64' : arch === 'arm64' ? 'aarch64' : arch}`;
  }
  get locks(): any {
    return load('internal:web/navigator/locks').locks;
  }
}
for (const name of ['hardwareConcurrency', 'language', 'languages', 'userAgent', 'platform', 'locks']) {
  Object.defineProperty(Navigator.prototype, name, { enumerable: true });
}
export const navigator = new (Navigator as any)(kMade);
