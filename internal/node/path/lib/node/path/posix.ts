// node:path/posix

import { posix } from 'internal:path';

export default posix;
