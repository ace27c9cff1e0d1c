// node:sys, the old name of node:util. https://nodejs.org/docs/latest-v24.x/api/deprecations.html#DEP0025
import { emitWarning } from 'internal:process/warning';
import util from 'node:util';

emitWarning('sys is deprecated. Use `node:util` instead.', 'DeprecationWarning', 'DEP0025');

export default util;
