import { b } from './cycle-b.mjs';
export function a() {
  return `a and ${b}`;
}
console.log('a body');
