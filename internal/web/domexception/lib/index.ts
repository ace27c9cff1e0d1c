// DOMException: the error class of the web APIs.
// https://webidl.spec.whatwg.org/#idl-DOMException
//
// An instance is a real Error (it has [[ErrorData]], Error.isError() says true), yet the class itself does not
// extend Error in JavaScript's sense: its prototype chain is the one that Web IDL asks for.

import { codes } from 'internal:errors';

const { defineProperties, defineProperty, setPrototypeOf } = Object;
const { construct } = Reflect;
const captureStackTrace = Error.captureStackTrace;

/** Legacy names, their constants and numbers: https://webidl.spec.whatwg.org/#dfn-error-names-table */
const legacy: Array<[string, string, number]> = [
  ['IndexSizeError', 'INDEX_SIZE_ERR', 1],
  ['', 'DOMSTRING_SIZE_ERR', 2],
  ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR', 3],
  ['WrongDocumentError', 'WRONG_DOCUMENT_ERR', 4],
  ['InvalidCharacterError', 'INVALID_CHARACTER_ERR', 5],
  ['', 'NO_DATA_ALLOWED_ERR', 6],
  ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR', 7],
  ['NotFoundError', 'NOT_FOUND_ERR', 8],
  ['NotSupportedError', 'NOT_SUPPORTED_ERR', 9],
  ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR', 10],
  ['InvalidStateError', 'INVALID_STATE_ERR', 11],
  ['SyntaxError', 'SYNTAX_ERR', 12],
  ['InvalidModificationError', 'INVALID_MODIFICATION_ERR', 13],
  ['NamespaceError', 'NAMESPACE_ERR', 14],
  ['InvalidAccessError', 'INVALID_ACCESS_ERR', 15],
  ['', 'VALIDATION_ERR', 16],
  ['TypeMismatchError', 'TYPE_MISMATCH_ERR', 17],
  ['SecurityError', 'SECURITY_ERR', 18],
  ['NetworkError', 'NETWORK_ERR', 19],
  ['AbortError', 'ABORT_ERR', 20],
  ['URLMismatchError', 'URL_MISMATCH_ERR', 21],
  ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR', 22],
  ['TimeoutError', 'TIMEOUT_ERR', 23],
  ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR', 24],
  ['DataCloneError', 'DATA_CLONE_ERR', 25],
];

const codeOfName = new Map<string, number>();
for (const [name, , code] of legacy) {
  if (name !== '') codeOfName.set(name, code);
}

// A constructor that gives back its argument, so that Slots can put private fields on an object made elsewhere.
function ReturnArgument(target: any): any { return target; }

const Slots: any = class extends (ReturnArgument as any) {
  #name: string;
  #message: string;
  #code: number;
  constructor(target: any, name: string, message: string) {
    super(target);
    this.#name = name;
    this.#message = message;
    this.#code = codeOfName.get(name) ?? 0;
  }
  static has(o: any): boolean { return typeof o === 'object' && o !== null && #name in o; }
  static nameOf(o: any): string { return o.#name; }
  static messageOf(o: any): string { return o.#message; }
  static codeOf(o: any): number { return o.#code; }
};

function check(o: any): void {
  if (!Slots.has(o)) throw new codes.ERR_INVALID_THIS('DOMException');
}

/**
 * An error of a web API.
 *
 * `options` is the name (`'AbortError'`), or an object with `name` and `cause`, as in Node.
 */
export class DOMException {
  constructor(message: any = '', options: any = 'Error') {
    const self = construct(Error, [], new.target);
    let name = options;
    if (options !== null && typeof options === 'object') {
      name = options.name === undefined ? 'Error' : options.name;
      if ('cause' in options) {
        defineProperty(self, 'cause', { __proto__: null, value: options.cause, configurable: true, writable: true, enumerable: false } as any);
      }
    }
    new Slots(self, `${name}`, `${message}`);
    captureStackTrace(self, DOMException);
    return self;
  }

  get name(): string { check(this); return Slots.nameOf(this); }
  get message(): string { check(this); return Slots.messageOf(this); }
  get code(): number { check(this); return Slots.codeOf(this); }
}

setPrototypeOf(DOMException.prototype, Error.prototype);
defineProperties(DOMException.prototype, {
  name: { enumerable: true },
  message: { enumerable: true },
  code: { enumerable: true },
  [Symbol.toStringTag]: { configurable: true, value: 'DOMException' },
} as any);
for (const [, constant, code] of legacy) {
  const descriptor = { enumerable: true, value: code };
  defineProperty(DOMException, constant, descriptor);
  defineProperty(DOMException.prototype, constant, descriptor);
}

/** Whether `value` is a DOMException, of whatever realm's prototype. For structured clone and inspect. */
export function isDOMException(value: any): boolean {
  return Slots.has(value);
}
