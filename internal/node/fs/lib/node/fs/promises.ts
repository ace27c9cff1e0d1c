// node:fs/promises: https://nodejs.org/docs/latest-v24.x/api/fs.html#promises-api
import { promises } from 'internal:fs/promises';

export default promises;
