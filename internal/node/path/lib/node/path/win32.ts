// node:path/win32

import { win32 } from 'internal:path';

export default win32;
