// node:test/reporters. https://nodejs.org/docs/latest-v24.x/api/test.html#test-reporters
import { builtinReporter } from 'internal:test/reporting';

// spec and lcov are classes of Transform that may be called without new.
function spec(this: any, ...args: any[]): any {
  return Reflect.construct(builtinReporter('spec'), args, new.target === undefined ? builtinReporter('spec') : new.target === spec ? builtinReporter('spec') : new.target);
}
function lcov(this: any, ...args: any[]): any {
  return Reflect.construct(builtinReporter('lcov'), args);
}
// Streams are loaded when a reporter is used.
export default {
  get dot() { return builtinReporter('dot'); },
  get junit() { return builtinReporter('junit'); },
  spec,
  get tap() { return builtinReporter('tap'); },
  get lcov() { return lcov; },
};
