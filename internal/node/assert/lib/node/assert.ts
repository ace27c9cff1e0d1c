// node:assert

import { assert } from 'internal:assert';

export default assert;
