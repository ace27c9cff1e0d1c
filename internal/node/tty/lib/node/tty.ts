// node:tty: https://nodejs.org/docs/latest-v24.x/api/tty.html
import { ReadStream, WriteStream, isatty } from 'internal:tty';

export default { isatty, ReadStream, WriteStream };
