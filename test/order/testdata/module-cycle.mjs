// Children first; a cycle's top-level await; each body once.
console.log('main body');
import { a } from './lib/cycle-a.mjs';
import './lib/waits.mjs';
console.log('imports done', a());
const again = await import('./lib/waits.mjs');
console.log('again', again.waited);
