// node:timers/promises. https://nodejs.org/docs/latest-v24.x/api/timers.html#timers-promises-api
import { scheduler, setImmediate, setInterval, setTimeout } from 'internal:timers/promises';

const promises = { setTimeout, setImmediate, setInterval, scheduler };
export default promises;
