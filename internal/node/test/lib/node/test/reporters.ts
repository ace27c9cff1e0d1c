// node:test/reporters. https://nodejs.org/docs/latest-v24.x/api/test.html#test-reporters
import { unavailable } from 'internal:errors';

// Differs from Node: the built-in reporters can't be used from programs; --test-reporter takes spec and tap.
function dot(_source: any): never { return unavailable('reporters.dot()'); }
function junit(_source: any): never { return unavailable('reporters.junit()'); }
function spec(): never { return unavailable('reporters.spec()'); }
function tap(_source: any): never { return unavailable('reporters.tap()'); }
function lcov(): never { return unavailable('reporters.lcov()'); }

export default { dot, junit, spec, tap, lcov };
