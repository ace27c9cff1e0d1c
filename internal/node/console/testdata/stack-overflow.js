// Printing when the stack is exhausted tells the program so, and doesn't end it.
'use strict';
console.assert(true); // the console exists before the stack is full
let caught;
function deep() {
  try {
    deep();
  } catch (error) {
    console.assert(true);
    caught = error;
  }
}
deep();
if (!(caught instanceof RangeError)) {
  throw new Error('no RangeError');
}
