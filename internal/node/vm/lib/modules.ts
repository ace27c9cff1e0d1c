// vm.SourceTextModule and vm.SyntheticModule, behind --experimental-vm-modules.
// https://nodejs.org/docs/latest-v24.x/api/vm.html#class-vmmodule
import {
  moduleCodeCache, moduleCompile, moduleError, moduleHasTopLevelAwait, moduleIsAsync, moduleLink, moduleNamespace, moduleRequests, moduleSetExport, moduleStatus,
  getPromiseDetails, moduleSynthetic, vmModuleEvaluate, vmModuleInstantiate,
} from 'native:engine';
import { listenForInterrupts } from 'native:vm';
import { load } from 'internal:load';
import { codes } from 'internal:errors';
import { metaInitialisers } from 'internal:module/esm';
import { isModuleNamespaceObject } from 'internal:util/types';
import { validateArray, validateBoolean, validateFunction, validateInt32, validateObject, validateString, validateUint32 } from 'internal:validators';
import { hostSymbol, isContext, timeoutError } from 'internal:vm';

const statusNames = ['unlinked', 'linking', 'linked', 'evaluating', 'evaluated', 'errored'];
const kMake = Symbol('make');
const mainContext = {};
const counters = new WeakMap<object, number>();

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

// Set by the class below, for the functions beside it.
let idOf: (module: any) => number;
let isModule: (value: any) => boolean;
let contextOf: (module: any) => any;
let setLinking: (module: any, state: 'unlinked' | 'linking' | 'linked') => void;
let failLink: (module: any, error: any) => void;

/** What SourceTextModule and SyntheticModule have in common. Not constructed by itself. */
export class Module {
  #id: number;
  #context: any;
  #identifier: string;
  #linking: 'unlinked' | 'linking' | 'linked' = 'unlinked';
  #linkError: { error: any } | undefined;
  constructor(key: any, make: any, context: any, identifier: any) {
    if (new.target === Module || key !== kMake) {
      throw new TypeError('Module is not a constructor');
    }
    load('internal:util/deprecate').emitExperimentalWarning('VM Modules');
    this.#context = context;
    this.#identifier = identifier;
    this.#id = make();
  }
  static {
    idOf = (module) => module.#id;
    isModule = (value) => typeof value === 'object' && value !== null && #id in value;
    contextOf = (module) => module.#context;
    setLinking = (module, state) => {
      module.#linking = state;
    };
    failLink = (module, error) => {
      module.#linkError = { error };
    };
  }
  get identifier(): string {
    check(this);
    return this.#identifier;
  }
  get context(): any {
    check(this);
    return this.#context;
  }
  get namespace(): any {
    check(this);
    if (moduleStatus(this.#id) < 2) {
      throw new codes.ERR_VM_MODULE_STATUS('must not be unlinked or linking');
    }
    return moduleNamespace(this.#id);
  }
  get status(): string {
    check(this);
    if (this.#linkError !== undefined) {
      return 'errored';
    }
    const status = moduleStatus(this.#id);
    return status < 2 ? (this.#linking === 'linked' ? 'linking' : this.#linking) : statusNames[status];
  }
  get error(): any {
    check(this);
    if (this.#linkError !== undefined) {
      return this.#linkError.error;
    }
    if (moduleStatus(this.#id) !== 5) {
      throw new codes.ERR_VM_MODULE_STATUS('must be errored');
    }
    return moduleError(this.#id);
  }
  /** Links the graph below this module: linker(specifier, referencingModule, {attributes}) gives the modules. */
  async link(linker: any): Promise<void> {
    check(this);
    validateFunction(linker, 'linker');
    if (this.status === 'linked') {
      throw new codes.ERR_VM_MODULE_ALREADY_LINKED();
    }
    if (this.status !== 'unlinked') {
      throw new codes.ERR_VM_MODULE_STATUS('must be unlinked');
    }
    await linkGraph(this, linker);
    vmModuleInstantiate(this.#id, this.#context);
  }
  /** Runs the module; the promise settles when its top level is done. */
  evaluate(options: any = {}): Promise<void> {
    try {
      check(this);
      return this.#evaluate(options);
    } catch (err) {
      return Promise.reject(err);
    }
  }
  #evaluate(options: any): Promise<void> {
    validateObject(options, 'options');
    let { timeout, breakOnSigint = false } = options;
    if (timeout === undefined) {
      timeout = 0;
    } else {
      validateUint32(timeout, 'options.timeout', true);
    }
    validateBoolean(breakOnSigint, 'options.breakOnSigint');
    if (breakOnSigint) listenForInterrupts();
    const status = this.status;
    if (status !== 'linked' && status !== 'evaluated' && status !== 'errored') {
      throw new codes.ERR_VM_MODULE_STATUS('must be one of linked, evaluated, or errored');
    }
    if (this.#linkError !== undefined) {
      throw this.#linkError.error;
    }
    let promise: Promise<any>;
    try {
      promise = vmModuleEvaluate(this.#id, this.#context, timeout, breakOnSigint);
    } catch (err: any) {
      throw timeoutError(err, timeout);
    }
    // The module's own promise belongs to its context and may wait for that context's microtasks.
    const [state, reason] = getPromiseDetails(promise);
    if (state === 1) {
      return Promise.resolve();
    }
    if (state === 2) {
      promise.then(undefined, () => {});
      return Promise.reject(reason);
    }
    return new Promise((resolve, reject) => {
      promise.then(() => resolve(), reject);
    });
  }
  [inspectCustom](depth: number, options: any, inspect: any): any {
    check(this);
    if (typeof depth === 'number' && depth < 0) {
      return options.stylize(`[${this.constructor.name}]`, 'special');
    }
    return `${this.constructor.name} ${inspect({ status: this.status, identifier: this.#identifier, context: this.#context }, options)}`;
  }
}
function check(value: any): void {
  if (!isModule(value)) {
    throw new codes.ERR_INVALID_THIS('Module');
  }
}

// Asks the linker for everything below root, then tells V8.
async function linkGraph(root: any, linker: any): Promise<void> {
  setLinking(root, 'linking');
  try {
    if (root instanceof SourceTextModule) {
      const requests = moduleRequests(idOf(root));
      const asked: any[] = [];
      for (let i = 0; i < requests.length; i += 4) {
        const attributes = { __proto__: null, ...requests[i + 1] };
        asked.push(linker(requests[i], root, { attributes, assert: attributes }));
      }
      const modules: any[] = [];
      for (let i = 0; i < requests.length; i += 4) {
        const module = await asked[i / 4];
        if (!isModule(module)) {
          throw new codes.ERR_VM_MODULE_NOT_MODULE();
        }
        if (contextOf(module) !== contextOf(root)) {
          throw new codes.ERR_VM_MODULE_DIFFERENT_CONTEXT();
        }
        if (module.status === 'errored') {
          throw new codes.ERR_VM_MODULE_LINK_FAILURE(`request for '${requests[i]}' resolved to an errored module`, module.error);
        }
        modules.push(module);
      }
      for (const module of modules) {
        if (module.status === 'unlinked') {
          await linkGraph(module, linker);
        }
      }
      moduleLink(idOf(root), modules.map((module) => idOf(module)));
    }
    setLinking(root, 'linked');
  } catch (err) {
    failLink(root, err);
    throw err;
  }
}

function contextOption(context: any): any {
  if (context === undefined) {
    return undefined;
  }
  validateObject(context, 'context');
  if (!isContext(context)) {
    throw new codes.ERR_INVALID_ARG_TYPE('options.context', 'vm.Context', context);
  }
  return context;
}

function identifierOption(identifier: any, context: any): string {
  if (identifier === undefined) {
    const key = typeof context === 'object' && context !== null ? context : mainContext;
    const n = counters.get(key) ?? 0;
    counters.set(key, n + 1);
    return `vm:module(${n})`;
  }
  validateString(identifier, 'options.identifier');
  return identifier;
}

/** An ES module from source text. */
export class SourceTextModule extends Module {
  constructor(sourceText: any, options: any = {}) {
    validateString(sourceText, 'sourceText');
    validateObject(options, 'options');
    const { lineOffset = 0, columnOffset = 0, initializeImportMeta, importModuleDynamically, context, identifier, cachedData } = options;
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (initializeImportMeta !== undefined) {
      validateFunction(initializeImportMeta, 'options.initializeImportMeta');
    }
    if (cachedData !== undefined && !ArrayBuffer.isView(cachedData)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
    }
    const name = identifierOption(identifier, context);
    let self: any;
    const host = hostSymbol(importModuleDynamically, 'options.importModuleDynamically', () => self);
    super(kMake, () => {
      const id = moduleCompile(sourceText, name, lineOffset, columnOffset, cachedData, host);
      if (id < 0 && cachedData !== undefined) {
        throw new codes.ERR_VM_MODULE_CACHED_DATA_REJECTED();
      }
      return Math.abs(id);
    }, contextOption(context), name);
    self = this;
    metaInitialisers.set(idOf(this), (meta) => {
      initializeImportMeta?.(meta, self);
    });
  }
  /** Specifiers that the module imports. */
  get dependencySpecifiers(): readonly string[] {
    return (this.#specifiers ??= Object.freeze(this.moduleRequests.map((request) => request.specifier)));
  }
  #specifiers: readonly string[] | undefined;
  #requests: readonly any[] | undefined;
  get moduleRequests(): readonly any[] {
    if (this.#requests !== undefined) {
      return this.#requests;
    }
    const requests = moduleRequests(idOf(this));
    const out = [];
    for (let i = 0; i < requests.length; i += 4) {
      out.push(Object.freeze({ __proto__: null, specifier: requests[i], attributes: Object.freeze({ __proto__: null, ...requests[i + 1] }), phase: 'evaluation' }));
    }
    return (this.#requests = Object.freeze(out));
  }
  /** Links the requests to modules, in their order, without asking a linker. */
  linkRequests(modules: any): void {
    if (this.status !== 'unlinked') {
      throw new codes.ERR_VM_MODULE_STATUS('must be unlinked');
    }
    validateArray(modules, 'modules');
    const requests = moduleRequests(idOf(this));
    if (modules.length !== requests.length / 4) {
      throw new codes.ERR_MODULE_LINK_MISMATCH(`Expected ${requests.length / 4} modules, got ${modules.length}`);
    }
    for (const module of modules) {
      if (!isModule(module)) {
        throw new codes.ERR_VM_MODULE_NOT_MODULE();
      }
      if (contextOf(module) !== contextOf(this)) {
        throw new codes.ERR_VM_MODULE_DIFFERENT_CONTEXT();
      }
    }
    moduleLink(idOf(this), modules.map((module: any) => idOf(module)));
    this.#requested = true;
  }
  #requested = false; // linkRequests was called
  instantiate(): void {
    if (this.status !== 'unlinked') {
      throw new codes.ERR_VM_MODULE_STATUS('must be unlinked');
    }
    if (!this.#requested) {
      throw new codes.ERR_VM_MODULE_LINK_FAILURE('module is not linked');
    }
    vmModuleInstantiate(idOf(this), contextOf(this));
  }
  hasTopLevelAwait(): boolean {
    return moduleHasTopLevelAwait(idOf(this));
  }
  hasAsyncGraph(): boolean {
    if (moduleStatus(idOf(this)) < 2) {
      throw new codes.ERR_VM_MODULE_STATUS('must be instantiated');
    }
    return moduleIsAsync(idOf(this));
  }
  /** V8's code cache of the module, before it was evaluated. */
  createCachedData(): any {
    if (moduleStatus(idOf(this)) >= 3) {
      throw new codes.ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA();
    }
    return moduleCodeCache(idOf(this));
  }
}

/** A module whose exports are set by code. */
export class SyntheticModule extends Module {
  constructor(exportNames: any, evaluateCallback: any, options: any = {}) {
    if (!Array.isArray(exportNames) || exportNames.some((name) => typeof name !== 'string')) {
      throw new codes.ERR_INVALID_ARG_TYPE('exportNames', 'Array of unique strings', exportNames);
    }
    for (let i = 0; i < exportNames.length; i++) {
      if (exportNames.indexOf(exportNames[i], i + 1) !== -1) {
        throw new codes.ERR_INVALID_ARG_VALUE(`exportNames.${exportNames[i]}`, exportNames[i], 'is duplicated');
      }
    }
    validateFunction(evaluateCallback, 'evaluateCallback');
    validateObject(options, 'options');
    const name = identifierOption(options.identifier, options.context);
    let self: any;
    super(kMake, () => moduleSynthetic(name, exportNames, () => evaluateCallback.call(self, self)), contextOption(options.context), name);
    self = this;
    setLinking(this, 'linked');
    vmModuleInstantiate(idOf(this), contextOf(this));
  }
  /** It imports nothing: there is nothing to link. */
  async link(linker: any): Promise<void> {
    check(this);
    validateFunction(linker, 'linker');
  }
  /** Gives an export its value. */
  setExport(name: any, value: any): void {
    check(this);
    validateString(name, 'name');
    if (moduleStatus(idOf(this)) < 2) {
      throw new codes.ERR_VM_MODULE_STATUS('must be linked');
    }
    moduleSetExport(idOf(this), name, value);
  }
}

/** What an importModuleDynamically callback gave, as a namespace. */
export function namespaceOf(value: any): any {
  if (isModuleNamespaceObject(value)) {
    return value;
  }
  if (!isModule(value)) {
    throw new codes.ERR_VM_MODULE_NOT_MODULE();
  }
  if (value.status === 'errored') {
    throw value.error;
  }
  return value.namespace;
}
