// node:timers. https://nodejs.org/docs/latest-v24.x/api/timers.html
import { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'internal:timers';
import { load } from 'internal:load';

const timers = {
  setTimeout,
  clearTimeout,
  setImmediate,
  clearImmediate,
  setInterval,
  clearInterval,
  get promises() {
    return load('node:timers/promises').default;
  },
};
export default timers;
