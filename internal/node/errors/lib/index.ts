// Node's errors: every ERR_ code with its class and message, and the errors made from system calls.
// https://nodejs.org/docs/latest-v24.x/api/errors.html
//
// Everything imports this module, so it imports next to nothing: inspect and the errno table are loaded when a message needs them.
// NEVER read process state here: the module may be evaluated for a snapshot.

import { load } from 'internal:load';
import { errors, rangeErrors, syntaxErrors, systemErrors, typeErrors, uriErrors } from 'internal:errors/messages';

const { captureStackTrace } = Error;
const { create, defineProperty, defineProperties, getOwnPropertyDescriptor, isExtensible } = Object;
const { isArray } = Array;

// An error whose class made it one of ours; stack traces then start with "Name [CODE]: message".
export const kIsNodeError: unique symbol = Symbol('kIsNodeError');

type Format = (...args: any[]) => string;
type Extend = (error: any, args: any[]) => void;
export type ErrorClass = new (...args: any[]) => Error & { code: string; [key: string]: any };

function inspect(value: unknown, options?: object): string {
  return load('internal:util/inspect').inspect(value, options);
}

// ---------------------------------------------------------------------------------------------------------------
// The head of a stack trace
// ---------------------------------------------------------------------------------------------------------------

// Whether the runtime's prepare-stack-trace hook asks stackHeader() for the first line. A program's own Error.prepareStackTrace then sees names as
// they are, without codes.
let hookKnown = false;
/** The runtime has its hook. */
export function hookIsThere(): void {
  hookKnown = true;
}

/**
 * The first line (or lines) of an error's stack: "TypeError [ERR_X]: message" for Node's errors, else what Error.prototype.toString gives.
 * Called by the runtime when V8 asks for the text of a stack. Never throws.
 */
export function stackHeader(error: any): string {
  try {
    // While writeHeader asks, the name has the code already.
    if (!writing && typeof error === 'object' && error !== null && kIsNodeError in error) {
      const { name, code, message } = error;
      // An AssertionError has the code in its name while its stack is made.
      return `${name}`.endsWith(`[${code}]`) ? `${name}: ${message}` : `${name} [${code}]: ${message}`;
    }
    return errorToString.call(error);
  } catch {
    return '<error>';
  }
}
const errorToString = Error.prototype.toString;
let writing = false;

// Without the hook V8 writes "name: message" when the stack is made: give it the name with the code for that moment.
function writeHeader(error: any): void {
  if (hookKnown) {
    return;
  }
  const own = getOwnPropertyDescriptor(error, 'name');
  if (own !== undefined && !own.configurable) {
    return;
  }
  defineProperty(error, 'name', { __proto__: null as never, value: `${error.name} [${error.code}]`, configurable: true, writable: true, enumerable: false });
  writing = true;
  void error.stack;
  writing = false;
  if (own === undefined) {
    delete error.name;
  } else {
    defineProperty(error, 'name', own);
  }
}

/** Whether Error.stackTraceLimit can be assigned (a program may have frozen or replaced it). */
export function isErrorStackTraceLimitWritable(): boolean {
  const desc = getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  if (desc === undefined) {
    return isExtensible(Error);
  }
  return 'writable' in desc ? desc.writable === true : desc.set !== undefined;
}

/** Takes a new stack for error that starts at the caller of fn. Returns error. */
export function hideFrames<E extends Error>(error: E, fn: Function): E {
  if (isErrorStackTraceLimitWritable() && Error.stackTraceLimit === 0) {
    return error;
  }
  captureStackTrace(error, fn);
  if (kIsNodeError in error) {
    writeHeader(error);
  }
  return error;
}

/** Wraps fn so that a stack of what it throws starts at its caller. `wrapped.withoutStackTrace` is fn. */
export function hideStackFrames<F extends (...args: any[]) => any>(fn: F): F & { withoutStackTrace: F } {
  function wrapped(this: unknown, ...args: any[]) {
    try {
      return fn.apply(this, args);
    } catch (error) {
      if (typeof error === 'object' && error !== null && isErrorLike(error)) {
        hideFrames(error as unknown as Error, wrapped);
      }
      throw error;
    }
  }
  (wrapped as any).withoutStackTrace = fn;
  return wrapped as any;
}

// ---------------------------------------------------------------------------------------------------------------
// codes
// ---------------------------------------------------------------------------------------------------------------

// {n} in a message is argument n.
function fill(template: string): Format {
  if (!template.includes('{')) {
    return () => template;
  }
  const parts = template.split(/\{(\d)\}/);
  return (...args) => {
    let text = parts[0];
    for (let i = 1; i < parts.length; i += 2) {
      text += show(args[parts[i] as any]) + parts[i + 1];
    }
    return text;
  };
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    // A string conversion of its own counts; anything else is inspected briefly.
    if (isArray(value) || !('toString' in value) || value.toString === Object.prototype.toString) {
      return inspect(value, { depth: 0, colors: false, compact: 3 });
    }
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

function nodeErrorClass(code: string, Base: any, format: Format, extend?: Extend): ErrorClass {
  // V8 leaves out the frames down to the constructor that `new` names, so no frame of this file shows.
  class NodeError extends Base {
    constructor(...args: any[]) {
      super(format(...args));
      (this as any).code = code;
      if (extend !== undefined) {
        extend(this, args);
      }
      writeHeader(this);
    }
  }
  defineProperties(NodeError.prototype, {
    constructor: { __proto__: null as never, get: () => Base, configurable: true, enumerable: false },
    toString: { __proto__: null as never, value: nodeErrorToString, writable: true, configurable: true, enumerable: false },
    [kIsNodeError]: { __proto__: null as never, get: () => true, configurable: true, enumerable: false },
  });
  if (code === 'ERR_INVALID_ARG_VALUE') {
    // The one code that comes as two classes.
    defineProperties(NodeError, { RangeError: { __proto__: null as never, get: () => Base === RangeError ? NodeError : nodeErrorClass(code, RangeError, format, extend) } });
  }
  return NodeError as any;
}

export function nodeErrorToString(this: any): string {
  return `${this.name} [${this.code}]: ${this.message}`;
}

/**
 * An error about a system call, with what the call reported in `info`.
 * context: {code, message, syscall, errno?, path?, dest?}; errno, syscall, path and dest read and write through to it.
 */
export class SystemError extends Error {
  constructor(code: string, prefix: string, context: any) {
    let message = `${prefix}: ${context.syscall} returned ${context.code} (${context.message})`;
    if (context.path !== undefined) {
      message += ` ${context.path}`;
    }
    if (context.dest !== undefined) {
      message += ` => ${context.dest}`;
    }
    super(message);
    const self: any = this;
    self.code = code;
    defineProperties(self, {
      name: { __proto__: null as never, value: 'SystemError', writable: true, configurable: true, enumerable: false },
      [kIsNodeError]: { __proto__: null as never, value: true, configurable: true, enumerable: false },
      info: { __proto__: null as never, value: context, configurable: true, enumerable: true },
    });
    for (const key of ['errno', 'syscall', 'path', 'dest']) {
      if ((key === 'path' || key === 'dest') && context[key] === undefined) {
        continue;
      }
      defineProperty(self, key, {
        __proto__: null as never,
        get() {
          const value = context[key];
          return (key === 'path' || key === 'dest') && value != null ? value.toString() : value;
        },
        set(value: unknown) {
          context[key] = value;
        },
        configurable: true,
        enumerable: true,
      });
    }
    writeHeader(self);
  }

  toString(): string {
    return nodeErrorToString.call(this);
  }
}

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
defineProperty(SystemError.prototype, inspectCustom, {
  __proto__: null as never,
  value(this: any, _depth: number, options: object) {
    return inspect(this, { ...options, getters: true, customInspect: false });
  },
  writable: true,
  configurable: true,
  enumerable: false,
});

function systemErrorClass(code: string, prefix: string): ErrorClass {
  return class NodeSystemError extends SystemError {
    constructor(context: any) {
      super(code, prefix, context);
    }
  } as any;
}

// Messages that depend on their arguments, and errors with properties of their own: code -> class, format, extend.
const special: Record<string, () => [any, Format, Extend?]> = {
  __proto__: null as never,
  ERR_ACCESS_DENIED: () => [Error, (message) => message, (e, args) => { e.permission = args[1]; e.resource = args[2]; }],
  ERR_BUFFER_OUT_OF_BOUNDS: () => [RangeError, (name) => name ? `"${name}" is outside of buffer bounds` : 'Attempt to access memory outside buffer bounds'],
  ERR_PROXY_INVALID_CONFIG: () => [Error, (message) => message],
  ERR_PROXY_TUNNEL: () => [Error, (message) => message],
  ERR_DNS_SET_SERVERS_FAILED: () => [Error, (reason, servers) => `c-ares failed to set servers: "${reason}" [${servers}]`],
  ERR_ENCODING_INVALID_ENCODED_DATA: () => [TypeError, (encoding) => `The encoded data was not valid for encoding ${encoding}`, (e, args) => { e.errno = args[1]; }],
  ERR_FALSY_VALUE_REJECTION: () => [Error, () => 'Promise was rejected with falsy value', (e, args) => { e.reason = args[0]; }],
  ERR_FS_WATCH_QUEUE_OVERFLOW: () => [Error, (n) => `fs.watch() queued more than ${Number(n)} events`],
  ERR_HTTP2_INVALID_SETTING_VALUE: () => [TypeError, (name, actual) => `Invalid value for setting "${name}": ${show(actual)}`, (e, args) => {
    e.actual = args[1];
    if (args[2] !== undefined) {
      e.min = args[2];
      e.max = args[3];
    }
  }],
  ERR_HTTP2_STREAM_CANCEL: () => [Error, (cause) => 'The pending stream has been canceled' + (cause && typeof cause.message === 'string' ? ` (caused by: ${cause.message})` : ''),
    (e, args) => { if (args[0]) e.cause = args[0]; }],
  ERR_IMPORT_ATTRIBUTE_UNSUPPORTED: () => [TypeError, (key, value, where) => `Import attribute "${key}" with value "${value}" is not supported${where ? ` in ${where}` : ''}`],
  ERR_INSPECTOR_COMMAND: () => [Error, (code, message) => `Inspector error ${Number(code)}: ${message}`],
  ERR_INVALID_ADDRESS_FAMILY: () => [RangeError, (type, host, port) => `Invalid address family: ${type} ${host}:${port}`, (e, args) => { e.host = args[1]; e.port = args[2]; }],
  ERR_INVALID_ARG_TYPE: () => [TypeError, invalidArgType],
  ERR_INVALID_ARG_VALUE: () => [TypeError, invalidArgValue],
  ERR_INVALID_CHAR: () => [TypeError, (name, field) => `Invalid character in ${name}${field !== undefined ? ` ["${field}"]` : ''}`],
  ERR_INVALID_FILE_URL_PATH: () => [TypeError, (why) => `File URL path ${why}`, (e, args) => { e.input = args[1]; }],
  ERR_INVALID_MIME_SYNTAX: () => [TypeError, (production, text, index) => `The MIME syntax for a ${production} in ${JSON.stringify(text)} is invalid${index === -1 ? '' : ` at ${index}`}`],
  ERR_INVALID_MODULE_SPECIFIER: () => [TypeError, (request, reason, base) => `Invalid module "${request}" ${reason}${base ? ` imported from ${base}` : ''}`],
  ERR_INVALID_PACKAGE_CONFIG: () => [Error, (path, base, message) => `Invalid package config ${path}${base ? ` while importing ${base}` : ''}${message ? `. ${message}` : ''}`],
  ERR_INVALID_PACKAGE_TARGET: () => [Error, invalidPackageTarget],
  ERR_INVALID_RETURN_PROPERTY: () => [TypeError, (input, name, prop, value) => `Expected a valid ${input} to be returned for the "${prop}" from the "${name}" hook but got ${determineSpecificType(value)}.`],
  ERR_INVALID_RETURN_PROPERTY_VALUE: () => [TypeError, (input, name, prop, value) => `Expected ${input} to be returned for the "${prop}" from the "${name}" hook but got ${determineSpecificType(value)}.`],
  ERR_INVALID_RETURN_VALUE: () => [TypeError, (input, name, value) => `Expected ${input} to be returned from the "${name}" function but got ${determineSpecificType(value)}.`],
  ERR_INVALID_URL: () => [TypeError, () => 'Invalid URL', (e, args) => { e.input = args[0]; if (args[1] != null) e.base = args[1]; }],
  ERR_INVALID_URL_SCHEME: () => [TypeError, (expected) => {
    const list: string[] = isArray(expected) ? expected : [expected];
    return `The URL must be ${list.length > 1 ? 'one ' : ''}of scheme ${list.join(' or ')}`;
  }],
  ERR_MISSING_ARGS: () => [TypeError, missingArgs],
  ERR_MODULE_NOT_FOUND: () => [Error, (path, base, exactUrl) => `Cannot find ${exactUrl ? 'module' : 'package'} '${path}' imported from ${base}`, (e, args) => { if (args[2]) e.url = String(args[2]); }],
  ERR_OUT_OF_RANGE: () => [RangeError, outOfRange],
  ERR_PACKAGE_IMPORT_NOT_DEFINED: () => [TypeError, (specifier, packagePath, base) => `Package import specifier "${specifier}" is not defined${packagePath ? ` in package ${packagePath}package.json` : ''} imported from ${base}`],
  ERR_PACKAGE_PATH_NOT_EXPORTED: () => [Error, (packagePath, subpath, base) => {
    const from = base ? ` imported from ${base}` : '';
    return subpath === '.' ? `No "exports" main defined in ${packagePath}package.json${from}`
      : `Package subpath '${subpath}' is not defined by "exports" in ${packagePath}package.json${from}`;
  }],
  ERR_PARSE_ARGS_UNKNOWN_OPTION: () => [TypeError, (option, allowPositionals) => {
    const hint = allowPositionals
      ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSON.stringify(option)}`
      : '';
    return `Unknown option '${option}'${hint}`;
  }],
  ERR_PERFORMANCE_INVALID_TIMESTAMP: () => [TypeError, (timestamp) => `${Number(timestamp)} is not a valid timestamp`],
  ERR_QUIC_ENDPOINT_CLOSED: () => [Error, (reason, code) => `QUIC endpoint closed: ${reason} (${Number(code)})`],
  ERR_QUIC_STREAM_RESET: () => [Error, (code) => `The QUIC stream was reset by the peer with error code ${Number(code)}`],
  ERR_REQUIRE_ASYNC_MODULE: () => [Error, (file, parent, trace) => {
    let text = 'require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the ' +
      'top-level await comes from, use --experimental-print-required-tla.';
    if (file) {
      text += `\nRequired module: ${file}`;
    }
    if (parent) {
      const chain = isArray(trace) && trace.length > 0 ? trace : [parent];
      text += `\nRequire stack:\n- ${chain.join('\n- ')}`;
    }
    return text;
  }],
  ERR_REQUIRE_ESM: () => [Error, requireEsm],
  ERR_REQUIRE_ESM_RACE_CONDITION: () => [Error, (file, parent, isForAsyncLoaderHookWorker) =>
    `Cannot require() ES Module ${file} because it is not yet fully loaded.\nThis may be caused by a race condition if the module is simultaneously dynamically ` +
    `import()-ed via Promise.all().\nTry await-ing the import() sequentially in a loop instead.\n (From ${parent ? `${parent} in ` : ' '}` +
    `${isForAsyncLoaderHookWorker ? 'loader hook worker thread' : 'non-loader-hook thread'})`],
  ERR_SOCKET_BAD_PORT: () => [RangeError, (name, port, allowZero = true) => `${name} should be ${allowZero ? '>=' : '>'} 0 and < 65536. Received ${determineSpecificType(port)}.`],
  ERR_SRI_PARSE: () => [SyntaxError, (text, char, position) => `Subresource Integrity string "${text}" had an unexpected "${char}" at position ${Number(position)}`],
  ERR_TEST_FAILURE: () => [Error, (error) => typeof error === 'string' ? error : error?.message ?? inspect(error), (e, args) => { e.failureType = args[1]; e.cause = args[0]; }],
  ERR_TLS_ALPN_CALLBACK_INVALID_RESULT: () => [TypeError, (value, protocols) =>
    `ALPN callback returned a value (${value}) that did not match any of the client's offered protocols (${protocols.join(', ')})`],
  ERR_TLS_CERT_ALTNAME_INVALID: () => [Error, (reason) => `Hostname/IP does not match certificate's altnames: ${reason}`, (e, args) => { e.reason = args[0]; e.host = args[1]; e.cert = args[2]; }],
  ERR_UNHANDLED_ERROR: () => [Error, (err) => err === undefined ? 'Unhandled error.' : `Unhandled error. (${err})`],
  ERR_UNKNOWN_SIGNAL: () => [TypeError, (signal, hint) => `Unknown signal: ${signal}${hint === true ? ' (signals must use all capital letters)' : ''}`],
  ERR_UNSUPPORTED_DIR_IMPORT: () => [Error, (path, base) => `Directory import '${path}' is not supported resolving ES modules imported from ${base}`, (e, args) => { e.url = args[2]; }],
  ERR_UNSUPPORTED_ESM_URL_SCHEME: () => [Error, (url, supported) =>
    `Only URLs with a scheme in: ${formatList(supported)} are supported by the default ESM loader. Received protocol '${url.protocol}'`],
  ERR_VM_MODULE_LINK_FAILURE: () => [Error, (message) => message, (e, args) => { e.cause = args[1]; }],
  ERR_INVALID_OBJECT_DEFINE_PROPERTY: () => [TypeError, (message) => message],
  ERR_WORKER_INVALID_EXEC_ARGV: () => [Error, (list, message = 'invalid execArgv flags') => `Initiated Worker with ${message}: ${list.join(', ')}`],
  ERR_WORKER_PATH: () => [TypeError, (file) =>
    "The worker script or module filename must be an absolute path or a relative path starting with './' or '../'." +
    `${String(file).startsWith('file://') ? ' Wrap file:// URLs with `new URL`.' : String(file).startsWith('data:') ? ' Wrap data: URLs with `new URL`.' : ''} Received "${file}"`],
};

function classFor(code: string): ErrorClass | undefined {
  const make = special[code];
  if (make !== undefined) {
    const [Base, format, extend] = make();
    return nodeErrorClass(code, Base, format, extend);
  }
  let text = typeErrors[code];
  if (text !== undefined) return nodeErrorClass(code, TypeError, fill(text));
  text = errors[code];
  if (text !== undefined) return nodeErrorClass(code, Error, fill(text));
  text = rangeErrors[code];
  if (text !== undefined) return nodeErrorClass(code, RangeError, fill(text));
  text = systemErrors[code];
  if (text !== undefined) return systemErrorClass(code, text);
  text = syntaxErrors[code];
  if (text !== undefined) return nodeErrorClass(code, SyntaxError, fill(text));
  text = uriErrors[code];
  if (text !== undefined) return nodeErrorClass(code, URIError, fill(text));
  return undefined;
}

/**
 * The error classes: `throw new codes.ERR_INVALID_ARG_TYPE('path', 'string', path)`.
 * A class is made when it is first read; after that it is a plain property.
 */
export const codes: Record<string, ErrorClass> = create(new Proxy(create(null), {
  get(_target, key) {
    if (typeof key !== 'string') {
      return undefined;
    }
    const made = classFor(key);
    if (made !== undefined) {
      defineProperty(made, 'name', { __proto__: null as never, value: key, configurable: true });
      defineProperty(codes, key, { __proto__: null as never, value: made, enumerable: true, writable: true, configurable: true });
    }
    return made;
  },
}));

/** Throws ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: for what Node has and Roost doesn't have yet. */
export function unavailable(feature: string): never {
  throw hideFrames(new codes.ERR_FEATURE_UNAVAILABLE_ON_PLATFORM(feature), unavailable);
}

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** "a", "a and b", "a, b, and c". */
export function formatList(list: readonly unknown[], word = 'and'): string {
  const { length } = list;
  if (length < 3) {
    return list.join(` ${word} `);
  }
  return `${list.slice(0, -1).join(', ')}, ${word} ${list[length - 1]}`;
}

/** What a value is, for messages: "type string ('x')", "an instance of Date", "function foo", "null". */
export function determineSpecificType(value: any): string {
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'function':
      return `function ${value.name || ''}`;
    case 'object': {
      if (value === null) {
        return 'null';
      }
      const maker = value.constructor;
      if ((typeof maker === 'object' && maker !== null || typeof maker === 'function') && 'name' in maker) {
        return `an instance of ${String(maker.name)}`;
      }
      return inspect(value, { depth: -1 });
    }
    case 'string': {
      const text = value.length > 28 ? `${value.slice(0, 25)}...` : value;
      return `type string (${text.includes("'") ? JSON.stringify(text) : `'${text}'`})`;
    }
    case 'bigint':
      return `type bigint (${value}n)`;
    case 'number':
      return `type number (${Object.is(value, -0) ? '-0' : value})`;
    case 'symbol':
      return `type symbol (${String(value)})`;
    default:
      return `type ${typeof value} (${String(value)})`;
  }
}

const primitiveNames = new Set(['string', 'function', 'number', 'object', 'Function', 'Object', 'boolean', 'bigint', 'symbol']);
const className = /^[A-Z][A-Za-z0-9]*$/;

function invalidArgType(name: string, expected: string | readonly string[], actual: unknown): string {
  const list = isArray(expected) ? expected : [expected];
  let text = 'The ' + (String(name).endsWith(' argument') ? name : `"${name}" ${String(name).includes('.') ? 'property' : 'argument'}`) + ' must be ';
  const types: string[] = [];
  const instances: string[] = [];
  const others: string[] = [];
  for (const item of list) {
    if (primitiveNames.has(item)) {
      types.push(item.toLowerCase());
    } else if (className.test(item)) {
      instances.push(item);
    } else {
      others.push(item);
    }
  }
  // "an instance of Buffer or Object" reads better than a type and an instance.
  const object = instances.length > 0 ? types.indexOf('object') : -1;
  if (object !== -1) {
    types.splice(object, 1);
    instances.push('Object');
  }
  const alternatives: string[] = [];
  if (types.length > 0) {
    alternatives.push(`${types.length > 1 ? 'one of type' : 'of type'} ${formatList(types, 'or')}`);
  }
  if (instances.length > 0) {
    alternatives.push(`an instance of ${formatList(instances, 'or')}`);
  }
  if (others.length > 1) {
    alternatives.push(`one of ${formatList(others, 'or')}`);
  } else if (others.length === 1) {
    alternatives.push(others[0].toLowerCase() === others[0] ? others[0] : `an ${others[0]}`);
  }
  text += alternatives.join(' or ');
  return `${text}. Received ${determineSpecificType(actual)}`;
}

function invalidArgValue(name: string, value: unknown, reason = 'is invalid'): string {
  let shown = inspect(value);
  if (shown.length > 128) {
    shown = `${shown.slice(0, 128)}...`;
  }
  return `The ${String(name).includes('.') ? 'property' : 'argument'} '${name}' ${reason}. Received ${shown}`;
}

/** 1234567 -> 1_234_567; works on the digits of a number's text. */
export function addNumericalSeparator(digits: string): string {
  const sign = digits.startsWith('-') ? 1 : 0;
  let rest = '';
  let end = digits.length;
  for (; end > sign + 3; end -= 3) {
    rest = `_${digits.slice(end - 3, end)}${rest}`;
  }
  return digits.slice(0, end) + rest;
}

function outOfRange(name: string, range: string, value: unknown, replaceDefault = false): string {
  if (!range) {
    throw new codes.ERR_INTERNAL_ASSERTION('Missing "range" argument');
  }
  let shown: string;
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2 ** 32) {
    shown = addNumericalSeparator(String(value));
  } else if (typeof value === 'bigint') {
    shown = String(value);
    if (value > 2n ** 32n || value < -(2n ** 32n)) {
      shown = addNumericalSeparator(shown);
    }
    shown += 'n';
  } else {
    shown = inspect(value);
  }
  return `${replaceDefault ? name : `The value of "${name}" is out of range.`} It must be ${range}. Received ${shown}`;
}

function missingArgs(...args: (string | string[])[]): string {
  const names = args.map((arg) => isArray(arg) ? arg.map((name) => `"${name}"`).join(' or ') : `"${arg}"`);
  return `The ${formatList(names)} argument${args.length > 1 ? 's' : ''} must be specified`;
}

function invalidPackageTarget(packagePath: string, key: string, target: unknown, isImport = false, base?: string): string {
  const relative = typeof target === 'string' && !isImport && target.length > 0 && !target.startsWith('./');
  const kind = isImport ? 'imports' : 'exports';
  const what = key === '.' && !isImport
    ? `Invalid "exports" main target ${JSON.stringify(target)} defined`
    : `Invalid "${kind}" target ${JSON.stringify(target)} defined for '${key}'`;
  return `${what} in the package config ${packagePath}package.json${base ? ` imported from ${base}` : ''}${relative ? '; targets must start with "./"' : ''}`;
}

function requireEsm(file: string, hasEsmSyntax: boolean, parent: string | null = null, packageJson: string | null = null): string {
  let text = `require() of ES Module ${file}${parent ? ` from ${parent}` : ''} not supported.`;
  if (!packageJson) {
    return file.endsWith('.mjs') && !hasEsmSyntax
      ? `${text}\nInstead change the require of ${file} to a dynamic import() which is available in all CommonJS modules.`
      : text;
  }
  const name = file.slice(file.lastIndexOf('/') + 1);
  const base = parent && name === parent.slice(parent.lastIndexOf('/') + 1) ? file : name;
  if (hasEsmSyntax) {
    text += `\nInstead change the require of ${base} in ${parent} to a dynamic import() which is available in all CommonJS modules.`;
    return text;
  }
  text += `\n${base} is treated as an ES module file as it is a .js file whose nearest parent package.json contains "type": "module" ` +
    'which declares all .js files in that package scope as ES modules.' +
    `\nInstead either rename ${base} to end in .cjs, change the requiring code to use dynamic import() which is available in all CommonJS modules, ` +
    `or change "type": "module" to "type": "commonjs" in ${packageJson} to treat all .js files as CommonJS (using .mjs for all ES modules instead).\n`;
  return text;
}

// ---------------------------------------------------------------------------------------------------------------
// Errors of system calls
// ---------------------------------------------------------------------------------------------------------------

/** [code, message] of a negative errno; ['UNKNOWN', 'unknown error'] when there is none. */
export function uvErrmapGet(errno: number): [string, string] {
  return load('internal:util/systemerrors').systemErrorMap().get(errno) ?? ['UNKNOWN', 'unknown error'];
}

function codeOf(errno: number): string {
  return uvErrmapGet(errno)[0];
}

type Context = { errno: number; code?: string; syscall: string; message?: string; path?: any; dest?: any; [key: string]: any };

/** The error of a failed file operation: "ENOENT: no such file or directory, open '/x'". May be called with `new`. */
export function uvException(context: Context): Error {
  const entry = context.code !== undefined && context.message !== undefined ? undefined : uvErrmapGet(context.errno);
  const code = context.code ?? entry![0];
  let message = `${code}: ${context.message ?? entry![1]}, ${context.syscall}`;
  let path: string | undefined;
  let dest: string | undefined;
  if (context.path) {
    path = String(context.path);
    message += ` '${path}'`;
  }
  if (context.dest) {
    dest = String(context.dest);
    message += ` -> '${dest}'`;
  }
  const error: any = new Error(message);
  for (const key of Object.keys(context)) {
    if (key !== 'message' && key !== 'path' && key !== 'dest') {
      error[key] = context[key];
    }
  }
  error.code = code;
  if (path) {
    error.path = path;
  }
  if (dest) {
    error.dest = dest;
  }
  captureStackTrace(error, uvException);
  return error;
}

/** The error of a failed listen or bind: "listen EADDRINUSE: address already in use 1.2.3.4:80". May be called with `new`. */
export function uvExceptionWithHostPort(errno: number, syscall: string, address?: any, port?: number): Error {
  const [code, text] = uvErrmapGet(errno);
  const error: any = new Error(`${syscall} ${code}: ${text}${place(address, port)}`);
  error.code = code;
  error.errno = errno;
  error.syscall = syscall;
  error.address = address;
  if (port) {
    error.port = port;
  }
  captureStackTrace(error, uvExceptionWithHostPort);
  return error;
}

function place(address: any, port?: number): string {
  if (port && port > 0) {
    return ` ${address}:${port}`;
  }
  return address ? ` ${address}` : '';
}

/** "read ECONNRESET"; errno is negative. May be called with `new`. */
export function errnoException(errno: number, syscall: string, original?: string): Error {
  const code = codeOf(errno);
  const error: any = new Error(original ? `${syscall} ${code} ${original}` : `${syscall} ${code}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  captureStackTrace(error, errnoException);
  return error;
}

/** "connect ECONNREFUSED 127.0.0.1:80 - Local (0.0.0.0:0)". May be called with `new`. */
export function exceptionWithHostPort(errno: number, syscall: string, address?: any, port?: number, additional?: string): Error {
  const code = codeOf(errno);
  const error: any = new Error(`${syscall} ${code}${place(address, port)}${additional ? ` - Local (${additional})` : ''}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  error.address = address;
  if (port) {
    error.port = port;
  }
  captureStackTrace(error, exceptionWithHostPort);
  return error;
}

// getaddrinfo's "no such name" comes under two numbers; programs know it as ENOTFOUND.
const EAI_NODATA = -3007;
const EAI_NONAME = -3008;

/** "getaddrinfo ENOTFOUND example.invalid"; code is a c-ares name or a negative errno. May be called with `new`. */
export function dnsException(code: string | number, syscall: string, hostname?: string): Error {
  let errno: number | undefined;
  if (typeof code === 'number') {
    errno = code;
    code = code === EAI_NODATA || code === EAI_NONAME ? 'ENOTFOUND' : codeOf(code);
  }
  const error: any = new Error(`${syscall} ${code}${hostname ? ` ${hostname}` : ''}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (hostname) {
    error.hostname = hostname;
  }
  captureStackTrace(error, dnsException);
  return error;
}

export {
  dnsException as DNSException,
  errnoException as ErrnoException,
  exceptionWithHostPort as ExceptionWithHostPort,
  uvException as UVException,
  uvExceptionWithHostPort as UVExceptionWithHostPort,
};

// ---------------------------------------------------------------------------------------------------------------
// Other classes
// ---------------------------------------------------------------------------------------------------------------

/** What an aborted operation rejects with: name AbortError, code ABORT_ERR. options: {cause}. */
export class AbortError extends Error {
  declare code: string;
  constructor(message = 'The operation was aborted', options: { cause?: unknown } | undefined = undefined) {
    if (options !== undefined && (typeof options !== 'object' || options === null)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'object', options);
    }
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

/** A connection that the other side broke: code ECONNRESET. */
export class ConnResetException extends Error {
  declare code: string;
  constructor(message: string) {
    super(message);
    this.code = 'ECONNRESET';
  }
}

/** An AggregateError whose code is its first error's. */
export class NodeAggregateError extends AggregateError {
  declare code: string | undefined;
  constructor(list: any[], message?: string) {
    super(list, message);
    this.code = list[0]?.code;
    writeHeader(this);
  }
}
defineProperties(NodeAggregateError.prototype, {
  constructor: { __proto__: null as never, get: () => AggregateError, configurable: true, enumerable: false },
  [kIsNodeError]: { __proto__: null as never, get: () => true, configurable: true, enumerable: false },
});

/** Both errors as one: the outer one first. When one is missing, the other. */
export function aggregateTwoErrors(inner: any, outer: any): any {
  if (!inner || !outer || inner === outer) {
    return inner || outer;
  }
  if (isArray(outer.errors)) {
    outer.errors.push(inner);
    return outer;
  }
  const error: any = new AggregateError([outer, inner], outer.message);
  error.code = outer.code;
  captureStackTrace(error, aggregateTwoErrors);
  return error;
}

/** A plain Error with these own properties. */
export function genericNodeError(message: string, properties: object): any {
  const error = Object.assign(new Error(message), properties);
  captureStackTrace(error, genericNodeError);
  return error;
}

/** Whether value has the shape of an error: an object with a string message and stack. */
export function isErrorLike(value: any): boolean {
  return typeof value === 'object' && value !== null && (value instanceof Error || (typeof value.stack === 'string' && typeof value.message === 'string'));
}

/** Whether error says that the stack was exhausted. */
export function isStackOverflowError(error: any): boolean {
  return typeof error === 'object' && error !== null && error.name === 'RangeError' && error.message === 'Maximum call stack size exceeded';
}
