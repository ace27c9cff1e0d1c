// node:fs: https://nodejs.org/docs/latest-v24.x/api/fs.html
import { fs } from 'internal:fs';
import { load } from 'internal:load';

load('internal:module/cjs').setPublicFS(fs);

export default fs;
