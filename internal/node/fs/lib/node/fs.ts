// node:fs: https://nodejs.org/docs/latest-v24.x/api/fs.html
import { fs } from 'internal:fs';

export default fs;
