// node:test. https://nodejs.org/docs/latest-v24.x/api/test.html
import { after, afterEach, assert, before, beforeEach, describe, getTestContext, it, mock, run, snapshot, suite, test } from 'internal:test';

Object.assign(test, { after, afterEach, before, beforeEach, describe, getTestContext, it, run, suite, test, mock, snapshot, assert });

export default test;
