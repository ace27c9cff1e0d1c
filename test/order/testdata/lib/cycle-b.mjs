import { a } from './cycle-a.mjs';
export const b = typeof a;
console.log('b body');
