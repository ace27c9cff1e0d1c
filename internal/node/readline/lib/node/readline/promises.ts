// node:readline/promises: https://nodejs.org/docs/latest-v24.x/api/readline.html#promises-api
import { Interface, Readline, createInterface } from 'internal:readline/promises';

export default { Interface, Readline, createInterface };
