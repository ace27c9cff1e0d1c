// DOMException: the error class of the web APIs.
// https://webidl.spec.whatwg.org/#idl-DOMException
//
// An instance is a real Error (it has [[ErrorData]], Error.isError() says true), yet the class itself does not
// extend Error in JavaScript's sense: its prototype chain is the one that Web IDL asks for.

const { defineProperties, defineProperty, setPrototypeOf } = Object;
const { construct } = Reflect;
const captureStackTrace = Error.captureStackTrace;

// https://webidl.spec.whatwg.org/#dfn-error-names-table. The constants by their numbers, from 1; a name after the colon where it doesn't
// follow from the constant, nothing after it where no error has the number any more.
const table = 'INDEX_SIZE DOMSTRING_SIZE: HIERARCHY_REQUEST WRONG_DOCUMENT INVALID_CHARACTER NO_DATA_ALLOWED: NO_MODIFICATION_ALLOWED NOT_FOUND ' +
  'NOT_SUPPORTED INUSE_ATTRIBUTE:InUseAttribute INVALID_STATE SYNTAX INVALID_MODIFICATION NAMESPACE INVALID_ACCESS VALIDATION: TYPE_MISMATCH ' +
  'SECURITY NETWORK ABORT URL_MISMATCH:URLMismatch QUOTA_EXCEEDED TIMEOUT INVALID_NODE_TYPE DATA_CLONE';

const constants: string[] = [];
const codeOfName = new Map<string, number>();
for (const entry of table.split(' ')) {
  const [constant, name] = entry.split(':');
  const code = constants.push(`${constant}_ERR`);
  if (name !== '') codeOfName.set(`${name ?? camelCase(constant)}Error`, code);
}

function camelCase(constant: string): string {
  return constant.split('_').map((word) => word[0] + word.slice(1).toLowerCase()).join('');
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
  if (Slots.has(o)) return;
  // Not one of the errors of internal:errors: in Node this class comes before them, its text and name differ from theirs.
  throw Object.assign(new TypeError('Value of "this" must be of DOMException'), { code: 'ERR_INVALID_THIS' });
}

// Defines a property that listings leave out, like those that Error's constructor makes.
function hide(target: any, key: string, value: any): void {
  defineProperty(target, key, { value, writable: true, configurable: true });
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
        hide(self, 'cause', options.cause);
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
constants.forEach((constant, i) => {
  for (const target of [DOMException, DOMException.prototype]) defineProperty(target, constant, { enumerable: true, value: i + 1 });
});

/** Whether `value` is a DOMException, of whatever realm's prototype. For structured clone and inspect. */
export function isDOMException(value: any): boolean {
  return Slots.has(value);
}
