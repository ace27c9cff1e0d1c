// node:vm. https://nodejs.org/docs/latest-v24.x/api/vm.html
import { unavailable } from 'internal:errors';
import { load } from 'internal:load';
import {
  Script, compileFunction, constants, createContext, createScript, isContext, modulesEnabled, runInContext, runInNewContext, runInThisContext,
} from 'internal:vm';

const vm: any = {
  Script,
  createContext,
  createScript,
  runInContext,
  runInNewContext,
  runInThisContext,
  isContext,
  compileFunction,
  measureMemory(_options?: any): never {
    return unavailable('vm.measureMemory()');
  },
  constants,
};
if (modulesEnabled()) {
  const { Module, SourceTextModule, SyntheticModule } = load('internal:vm/modules');
  Object.assign(vm, { Module, SourceTextModule, SyntheticModule });
}
export default vm;
