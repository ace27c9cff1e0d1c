// What process.binding('fs') gives: the one function of it that a loader of today (Yarn's PnP) puts itself before, so that CommonJS files in
// archives can be imported. Here the loader reads through fs.readFileSync wherever that was replaced, so nothing else asks this one.
import { load } from 'internal:load';

export const fsBinding = {
  readFileUtf8: function readFileUtf8(path: any, flag: any): string {
    return load('node:fs').default.readFileSync(path, { encoding: 'utf8', flag });
  },
};
