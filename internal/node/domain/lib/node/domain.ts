// node:domain (deprecated). https://nodejs.org/docs/latest-v24.x/api/domain.html
//
// Which domain is active follows asynchronous operations by an async hook. Uncaught errors arrive by the callback that takes them before
// 'uncaughtException'; nothing of the emitters, the hook or the callback is touched before the first program asks for this module.
// Differs from Node: a rejected promise that nobody handles doesn't reach the domain in which it was made.
import { codes } from 'internal:errors';
import { EventEmitter } from 'internal:events';
import { load } from 'internal:load';
import { executionAsyncResource } from 'internal:asynchooks';
import { createHook } from 'internal:asynchooks/hooks';
import { hasUncaughtExceptionCaptureCallback, setUncaughtExceptionCaptureCallback } from 'internal:process/capture';

const { apply } = Reflect;
const { defineProperty } = Object;

const process: any = load('node:process').default;

if (hasUncaughtExceptionCaptureCallback()) throw new codes.ERR_DOMAIN_CALLBACK_NOT_AVAILABLE();

// The domains that were entered and not left, the innermost last.
let stack: Domain[] = [];
let active: any = null;

const exports: any = { _stack: stack, Domain: undefined, createDomain: create, create, active: null };

function setActive(domain: any): void {
  active = domain;
  exports.active = domain;
}

/** none: what process.domain is without a domain; undefined after the last exit, null otherwise. */
function setStack(to: Domain[], none: null | undefined = null): void {
  stack = to;
  exports._stack = to;
  setActive(to.length === 0 ? none : to[to.length - 1]);
  listen();
}

function isError(value: any): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function hidden(object: any, name: string, value: any): void {
  defineProperty(object, name, { __proto__: null, configurable: true, enumerable: false, value, writable: true } as any);
}

let capturing = false;

// Uncaught errors come here as long as a domain that was entered wants them.
function listen(): void {
  const want = stack.some((domain) => domain.listenerCount('error') > 0);
  if (want === capturing) return;
  capturing = want;
  setUncaughtExceptionCaptureCallback(want ? caught : null);
}

/** Gives an uncaught error to the innermost domain that listens; what its listener throws goes to the next one. */
function caught(error: any): void {
  if (isError(error)) {
    if (active && error.domain === undefined) hidden(error, 'domain', active);
    error.domainThrown = true;
  }
  let handled = false;
  while (!handled && stack.length > 0) {
    const domain = stack[stack.length - 1];
    setStack(stack.slice(0, -1));
    if (domain.listenerCount('error') === 0) continue;
    const left = stack;
    try {
      domain.emit('error', error);
      handled = true;
    } catch (other) {
      error = other;
      if (stack !== left) setStack(left);
    }
  }
  setStack([]);
  if (!handled) throw error;
}

// The domains of the asynchronous operations under way, and those that were entered for one.
// What keeps its domain itself, by its property, is the reason for the domain to live.
const carried = new Map<number, Domain | WeakRef<Domain>>();
const entered = new Map<number, Domain>();

const hook = createHook({
  init(id: number, _type: string, _trigger: number, resource: any) {
    if (!active) return;
    let keep = active;
    if (isError(resource) && !(resource instanceof (EventEmitter as any)) && resource.domain === undefined && Object.isExtensible(resource)) {
      hidden(resource, 'domain', active);
      keep = new WeakRef(active);
    }
    carried.set(id, keep);
  },
  before(id: number) {
    const own = (executionAsyncResource() as any)?.domain; // by Domain.add
    const kept = carried.get(id);
    const domain = own instanceof Domain ? own : kept instanceof WeakRef ? kept.deref() : kept;
    if (domain === undefined) return;
    entered.set(id, domain);
    domain.enter();
  },
  after(id: number) {
    const domain = entered.get(id);
    if (domain === undefined) return;
    entered.delete(id);
    domain.exit();
  },
  destroy(id: number) {
    carried.delete(id);
    entered.delete(id);
  },
});

let watching = false;

// An error that no domain wants leaves them all before 'uncaughtException'.
function watch(): void {
  if (watching) return;
  watching = true;
  process.on('uncaughtExceptionMonitor', () => {
    if (!capturing && stack.length > 0) setStack([]);
  });
}

class Domain extends (EventEmitter as any) {
  members: any[];

  constructor() {
    super();
    this.members = [];
    hook.enable();
    watch();
    this.on('newListener', (name: any) => {
      if (name === 'error') load('internal:process/task').nextTick(listen);
    });
    this.on('removeListener', (name: any) => {
      if (name === 'error') listen();
    });
  }

  enter(): void {
    setStack([...stack, this]);
  }

  exit(): void {
    const at = stack.lastIndexOf(this);
    if (at >= 0) setStack(stack.slice(0, at), undefined);
  }

  add(emitter: any): void {
    if (emitter.domain === this) return;
    // A domain doesn't become a member of its own members.
    if (this.domain && emitter instanceof Domain) {
      for (let d = this.domain; d; d = d.domain) {
        if (d === emitter) return;
      }
    }
    if (emitter.domain) emitter.domain.remove(emitter);
    hidden(emitter, 'domain', this);
    this.members.push(emitter);
  }

  remove(emitter: any): void {
    emitter.domain = null;
    const at = this.members.indexOf(emitter);
    if (at >= 0) this.members.splice(at, 1);
  }

  run(fn: any, ...args: any[]): any {
    this.enter();
    const result = apply(fn, this, args);
    this.exit();
    return result;
  }

  bind(callback: any): any {
    const domain = this;
    function bound(this: any, ...args: any[]): any {
      domain.enter();
      const result = apply(callback, this, args);
      domain.exit();
      return result;
    }
    defineProperty(bound, 'domain', { __proto__: null, configurable: true, enumerable: true, value: this, writable: true } as any);
    return bound;
  }

  intercept(callback: any): any {
    const domain = this;
    function intercepted(this: any, error: any, ...args: any[]): any {
      if (error instanceof Error) {
        (error as any).domainBound = callback;
        (error as any).domainThrown = false;
        hidden(error, 'domain', domain);
        domain.emit('error', error);
        return undefined;
      }
      domain.enter();
      const result = apply(callback, this, args);
      domain.exit();
      return result;
    }
    return intercepted;
  }
}
exports.Domain = Domain;

function create(): Domain {
  return new Domain();
}

defineProperty(process, 'domain', {
  __proto__: null, enumerable: true, configurable: true, get: () => active, set: setActive,
} as any);
process.setUncaughtExceptionCaptureCallback = () => {
  throw new codes.ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE();
};

// Emitters are bound to the domain that is active where they are made.
const { init } = EventEmitter as any;
(EventEmitter as any).usingDomains = true;
(EventEmitter as any).init = function(this: any, ...args: any[]): any {
  hidden(this, 'domain', active && !(this instanceof Domain) ? active : null);
  return apply(init, this, args);
};

// Listeners of a bound emitter run in its domain, which gets the errors that the emitter has no listener for.
const { emit } = EventEmitter.prototype;
EventEmitter.prototype.emit = function(this: any, ...args: any[]): boolean {
  const { domain } = this;
  if (!(domain instanceof Domain) || this === process || domain === this) return apply(emit, this, args);
  if (args[0] !== 'error' || this.listenerCount('error') > 0) {
    domain.enter();
    const result = apply(emit, this, args);
    domain.exit();
    return result;
  }
  const error = args.length > 1 && args[1] ? args[1] : new codes.ERR_UNHANDLED_ERROR(args[1]);
  if (isError(error)) {
    error.domainEmitter = this;
    hidden(error, 'domain', domain);
    error.domainThrown = false;
  }
  // The listener runs outside of the domain.
  const before = stack;
  const none = active;
  let at = stack.lastIndexOf(domain);
  while (at > 0 && stack[at - 1] === domain) at--;
  if (at >= 0) setStack(stack.slice(0, at));
  domain.emit('error', error);
  setStack(before, none);
  return false;
};

export default exports;
