// node:vm. https://nodejs.org/docs/latest-v24.x/api/vm.html
import { measureMemory } from 'native:engine';
import { load } from 'internal:load';
import { validateObject, validateOneOf } from 'internal:validators';
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
  /** V8's estimate of the memory that contexts use: a promise, settled by one of the next collections. */
  measureMemory(options: any = {}): any {
    validateObject(options, 'options');
    const { mode = 'summary', execution = 'default' } = options;
    validateOneOf(mode, 'options.mode', ['summary', 'detailed']);
    validateOneOf(execution, 'options.execution', ['default', 'eager']);
    load('internal:util/deprecate').emitExperimentalWarning('vm.measureMemory');
    return measureMemory(mode === 'detailed', execution === 'eager');
  },
  constants,
};
if (modulesEnabled()) {
  const { Module, SourceTextModule, SyntheticModule } = load('internal:vm/modules');
  Object.assign(vm, { Module, SourceTextModule, SyntheticModule });
}
export default vm;
