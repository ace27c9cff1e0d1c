// node:vm: scripts and functions in contexts of V8. https://nodejs.org/docs/latest-v24.x/api/vm.html
import { functionCodeCache, scriptCodeCache, vmCompile, vmCompileFunction, vmCreate, vmIsContext, vmRun } from 'native:engine';
import { config } from 'native:runtime';
import { listenForInterrupts } from 'native:vm';
import { codes } from 'internal:errors';
import { load } from 'internal:load';
import { dynamicImporters } from 'internal:module/esm';
import {
  kValidateObjectAllowArray, kValidateObjectAllowFunction, validateArray, validateBoolean, validateFunction, validateInt32, validateObject, validateOneOf, validateString,
  validateStringArray, validateUint32,
} from 'internal:validators';

const allowObjects = kValidateObjectAllowArray | kValidateObjectAllowFunction;

export const constants: any = Object.freeze({
  __proto__: null,
  USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol('vm_dynamic_import_main_context_default'),
  DONT_CONTEXTIFY: Symbol('vm_context_no_contextify'),
});

export const modulesEnabled = (): boolean => config().options['experimental-vm-modules'] !== undefined;

// ---- import() ----

const kMissing = Symbol('vm_dynamic_import_missing');
const kMissingFlag = Symbol('vm_dynamic_import_missing_flag');
dynamicImporters.set(kMissing, () => Promise.reject(new codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING()));
dynamicImporters.set(kMissingFlag, () => Promise.reject(new codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG()));

/** The symbol for an importModuleDynamically option; referrer() is what the callback gets as its second argument. */
export function hostSymbol(option: any, name: string, referrer: () => any): symbol | undefined {
  if (option === undefined) {
    return kMissing;
  }
  if (option === constants.USE_MAIN_CONTEXT_DEFAULT_LOADER) {
    return undefined;
  }
  validateFunction(option, name);
  if (!modulesEnabled()) {
    return kMissingFlag;
  }
  const symbol = Symbol('vm_dynamic_import');
  dynamicImporters.set(symbol, async (specifier, attributes) => {
    const result = await option(specifier, referrer(), { __proto__: null, ...attributes }, 'evaluation');
    return load('internal:vm/modules').namespaceOf(result);
  });
  return symbol;
}

// ---- options ----

function cachedDataOf(cachedData: any): any {
  if (cachedData !== undefined && !ArrayBuffer.isView(cachedData)) {
    throw new codes.ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
  }
  return cachedData;
}

function runOptions(options: any): { timeout: number; displayErrors: boolean; breakOnSigint: boolean } {
  validateObject(options, 'options');
  const { timeout, displayErrors = true, breakOnSigint = false } = options;
  if (timeout !== undefined) {
    validateUint32(timeout, 'options.timeout', true);
  }
  validateBoolean(displayErrors, 'options.displayErrors');
  validateBoolean(breakOnSigint, 'options.breakOnSigint');
  if (breakOnSigint) listenForInterrupts();
  return { timeout: timeout ?? 0, displayErrors, breakOnSigint };
}

function validateContext(object: any): void {
  if (!isContext(object)) {
    throw new codes.ERR_INVALID_ARG_TYPE('contextifiedObject', 'vm.Context', object);
  }
}

// ---- contexts ----

/**
 * Whether object was made a context.
 * @throws ERR_INVALID_ARG_TYPE
 */
export function isContext(object: any): boolean {
  validateObject(object, 'object', allowObjects);
  return vmIsContext(object);
}

function checkGeneration(value: any, name: string): { strings: boolean; wasm: boolean } {
  if (value === undefined) {
    return { strings: true, wasm: true };
  }
  validateObject(value, name);
  const { strings = true, wasm = true } = value;
  validateBoolean(strings, `${name}.strings`);
  validateBoolean(wasm, `${name}.wasm`);
  return { strings, wasm };
}

let unnamed = 0; // contexts so far
let protoDisabled: boolean | undefined; // --disable-proto; asked for once

/**
 * Makes contextObject the face of a new context's global object.
 * @returns contextObject; the global object itself for vm.constants.DONT_CONTEXTIFY
 */
export function createContext(contextObject: any = {}, options: any = {}): any {
  const plain = contextObject === constants.DONT_CONTEXTIFY;
  if (!plain && isContext(contextObject)) {
    return contextObject;
  }
  validateObject(options, 'options');
  const { name = `VM Context ${++unnamed}`, origin, codeGeneration, microtaskMode, importModuleDynamically } = options;
  validateString(name, 'options.name');
  if (origin !== undefined) {
    validateString(origin, 'options.origin');
  }
  const { strings, wasm } = checkGeneration(codeGeneration, 'options.codeGeneration');
  validateOneOf(microtaskMode, 'options.microtaskMode', ['afterEvaluate', undefined]);
  hostSymbol(importModuleDynamically, 'options.importModuleDynamically', () => contextObject);
  const global = vmCreate(plain ? undefined : contextObject, strings, wasm, microtaskMode === 'afterEvaluate', name, origin);
  protoDisabled ??= config().options['disable-proto'] !== undefined;
  if (protoDisabled) load('internal:process/proto').disableProto(new Script('Object.prototype').runInContext(plain ? global : contextObject));
  return plain ? global : contextObject;
}

// Options of createContext as runInNewContext and Script take them.
function contextOptions(options: any): any {
  validateObject(options, 'options');
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode } = options;
  if (contextName !== undefined) {
    validateString(contextName, 'options.contextName');
  }
  if (contextOrigin !== undefined) {
    validateString(contextOrigin, 'options.contextOrigin');
  }
  if (contextCodeGeneration !== undefined) {
    checkGeneration(contextCodeGeneration, 'options.contextCodeGeneration');
  }
  if (microtaskMode !== undefined) {
    validateString(microtaskMode, 'options.microtaskMode');
  }
  return { name: contextName, origin: contextOrigin, codeGeneration: contextCodeGeneration, microtaskMode };
}

// ---- scripts ----

function asBuffer(bytes: any): any {
  return bytes === undefined ? undefined : load('internal:buffer').Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What a run threw: the engine's note that time was up becomes Node's error. */
export function timeoutError(err: any, timeout: number): any {
  return timeout > 0 && err?.message === 'Script execution timed out' && err.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    ? new codes.ERR_SCRIPT_EXECUTION_TIMEOUT(timeout) : err;
}

/** A compiled script, bound to no context. */
export class Script {
  #script: any;
  declare cachedDataRejected: boolean;
  declare cachedDataProduced: boolean;
  declare cachedData: any;
  sourceMapURL: string | undefined;
  #line: number;
  #column: number;
  /**
   * @throws SyntaxError with the line in its stack, ERR_INVALID_ARG_TYPE
   */
  constructor(code: any, options: any = {}) {
    code = `${code}`;
    if (typeof options === 'string') {
      options = { filename: options };
    } else {
      validateObject(options, 'options');
    }
    const { filename = 'evalmachine.<anonymous>', lineOffset = 0, columnOffset = 0, cachedData, produceCachedData = false, importModuleDynamically } = options;
    validateString(filename, 'options.filename');
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    cachedDataOf(cachedData);
    validateBoolean(produceCachedData, 'options.produceCachedData');
    const host = hostSymbol(importModuleDynamically, 'options.importModuleDynamically', () => this);
    const [script, rejected, sourceMapURL] = vmCompile(code, filename, lineOffset, columnOffset, cachedData, host);
    this.#script = script;
    this.#line = lineOffset;
    this.#column = columnOffset;
    if (cachedData !== undefined) {
      this.cachedDataRejected = rejected;
    }
    this.sourceMapURL = sourceMapURL || undefined;
    if (produceCachedData) {
      const data = asBuffer(scriptCodeCache(script));
      this.cachedDataProduced = data !== undefined;
      if (data !== undefined) {
        this.cachedData = data;
      }
    }
  }
  #run(context: any, options: any): any {
    const { timeout, displayErrors, breakOnSigint } = runOptions(options);
    try {
      return vmRun(this.#script, context, timeout, displayErrors, this.#line, this.#column, breakOnSigint);
    } catch (err: any) {
      throw timeoutError(err, timeout);
    }
  }
  runInThisContext(options: any = {}): any {
    return this.#run(undefined, options);
  }
  runInContext(contextifiedObject: any, options: any = {}): any {
    validateContext(contextifiedObject);
    return this.#run(contextifiedObject, options);
  }
  runInNewContext(contextObject?: any, options: any = {}): any {
    const context = createContext(contextObject, contextOptions(options));
    return this.runInContext(context, options);
  }
  /** V8's code cache of the script as it is now. */
  createCachedData(): any {
    return asBuffer(scriptCodeCache(this.#script)) ?? load('internal:buffer').Buffer.alloc(0);
  }
}

export function createScript(code: any, options?: any): Script {
  return new Script(code, options);
}

export function runInContext(code: any, contextifiedObject: any, options?: any): any {
  validateContext(contextifiedObject);
  options = typeof options === 'string' ? { filename: options } : { ...options };
  return createScript(code, options).runInContext(contextifiedObject, options);
}

export function runInNewContext(code: any, contextObject?: any, options?: any): any {
  if (typeof options === 'string') {
    options = { filename: options };
  }
  const context = createContext(contextObject, contextOptions(options ?? {}));
  return createScript(code, options).runInContext(context, options);
}

export function runInThisContext(code: any, options?: any): any {
  if (typeof options === 'string') {
    options = { filename: options };
  }
  return createScript(code, options).runInThisContext(options);
}

/**
 * Wraps code in a function with the given parameters.
 * @throws SyntaxError, ERR_INVALID_ARG_TYPE
 */
export function compileFunction(code: any, params?: any, options: any = {}): any {
  validateString(code, 'code');
  if (params !== undefined) {
    validateStringArray(params, 'params');
  }
  validateObject(options, 'options');
  const {
    filename = '', columnOffset = 0, lineOffset = 0, cachedData, produceCachedData = false, parsingContext, contextExtensions = [], importModuleDynamically,
  } = options;
  validateString(filename, 'options.filename');
  validateInt32(columnOffset, 'options.columnOffset');
  validateInt32(lineOffset, 'options.lineOffset');
  cachedDataOf(cachedData);
  validateBoolean(produceCachedData, 'options.produceCachedData');
  if (parsingContext !== undefined && (typeof parsingContext !== 'object' || parsingContext === null || !isContext(parsingContext))) {
    throw new codes.ERR_INVALID_ARG_TYPE('options.parsingContext', 'Context', parsingContext);
  }
  validateArray(contextExtensions, 'options.contextExtensions');
  for (let i = 0; i < contextExtensions.length; i++) {
    validateObject(contextExtensions[i], `options.contextExtensions[${i}]`, allowObjects);
  }
  let fn: any;
  const host = hostSymbol(importModuleDynamically, 'options.importModuleDynamically', () => fn);
  const [compiled, rejected] = vmCompileFunction(code, filename, params ?? [], lineOffset, columnOffset, cachedData, host, contextExtensions, parsingContext);
  fn = compiled;
  if (produceCachedData) {
    const data = asBuffer(functionCodeCache(fn));
    fn.cachedDataProduced = data !== undefined;
    if (data !== undefined) {
      fn.cachedData = data;
    }
  }
  if (cachedData !== undefined) {
    fn.cachedDataRejected = rejected;
  }
  return fn;
}
