// node:assert/strict

import { strict } from 'internal:assert';

export default strict;
