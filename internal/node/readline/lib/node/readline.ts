// node:readline: https://nodejs.org/docs/latest-v24.x/api/readline.html
import { load } from 'internal:load';
import { Interface, createInterface } from 'internal:readline/interface';
import { clearLine, clearScreenDown, cursorTo, moveCursor } from 'internal:readline/callbacks';
import { emitKeypressEvents } from 'internal:readline/keypress';

const readline: any = { Interface, clearLine, clearScreenDown, createInterface, cursorTo, emitKeypressEvents, moveCursor };
Object.defineProperty(readline, 'promises', {
  configurable: true, enumerable: true, get() { return load('node:readline/promises').default; },
});

export default readline;
