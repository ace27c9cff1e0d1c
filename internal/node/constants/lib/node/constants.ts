// node:constants (deprecated): the constants of os, fs and crypto in one object.
// https://nodejs.org/docs/latest-v24.x/api/deprecations.html#DEP0008
import { hasBuiltin } from 'native:runtime';
import { load } from 'internal:load';
import fs from 'node:fs';
import os from 'node:os';

const { dlopen, errno, priority, signals } = os.constants as any;
const crypto = hasBuiltin('node:crypto') ? load('node:crypto').default.constants : {};

export default Object.freeze({ ...dlopen, ...errno, ...priority, ...signals, ...fs.constants, ...crypto });
