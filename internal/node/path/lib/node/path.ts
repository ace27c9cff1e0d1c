// node:path: https://nodejs.org/docs/latest-v24.x/api/path.html
// Differs from Node: there is no build for Windows, so the default flavour is always posix.

import { posix } from 'internal:path';

export default posix;
