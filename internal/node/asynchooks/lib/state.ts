// The numbers and hooks that async_hooks keeps for the whole runtime. Everything that queues work imports this module, so it imports nothing
// heavy. hooksActive[0] is the number of enabled hooks: the fast path is one load and a branch.

/** [0] enabled AsyncHook instances. */
export const hooksActive = new Uint32Array(1);

let lastAsyncId = 1;
let currentId = 1;
let currentTrigger = 0;
let currentResource: any;
const stack: any[] = []; // what is being executed around the current operation: id, trigger, resource

/** A new async id. */
export function newAsyncId(): number {
  return ++lastAsyncId;
}
export function executionAsyncId(): number {
  return currentId;
}
export function triggerAsyncId(): number {
  return currentTrigger;
}
/** The resource of the current execution; an object of its own where nothing has one. */
export function executionAsyncResource(): any {
  return currentResource ?? topLevel;
}
const topLevel = {};

/** Enters the execution of an async operation. */
export function pushAsyncId(asyncId: number, triggerId: number, resource?: any): void {
  stack.push(currentId, currentTrigger, currentResource);
  currentId = asyncId;
  currentTrigger = triggerId;
  currentResource = resource;
}

/** Leaves it; what an exception left above it is dropped. */
export function popAsyncId(asyncId: number): void {
  if (stack.length < 3) {
    currentId = 0;
    currentTrigger = 0;
    currentResource = undefined;
    return;
  }
  if (currentId !== asyncId) {
    return;
  }
  currentResource = stack.pop();
  currentTrigger = stack.pop();
  currentId = stack.pop();
}

/** The loop is at its own level again: nothing is being executed. */
export function resetAsyncIds(): void {
  stack.length = 0;
  currentId = 0;
  currentTrigger = 0;
  currentResource = undefined;
}

/** An exception ended everything that was being executed. Called when user code has seen it, so that its handlers still have their ids. */
export function unwindAsyncIds(): void {
  if (hooksActive[0] > 0) {
    while (stack.length >= 3 && currentId > 0) {
      afterHook(currentId);
      popAsyncId(currentId);
    }
  }
  resetAsyncIds();
}

interface Emitters {
  init(asyncId: number, type: string, triggerId: number, resource: any): void;
  before(asyncId: number): unknown;
  after(asyncId: number): unknown;
  destroy(asyncId: number): void;
  flush(): void;
}
let emitters: Emitters | undefined;

/** internal:asynchooks/hooks registers how events reach the enabled hooks. */
export function setEmitters(value: Emitters): void {
  emitters = value;
}
export function initHook(asyncId: number, type: string, triggerId: number, resource: any): void {
  emitters?.init(asyncId, type, triggerId, resource);
}
export function beforeHook(asyncId: number): void {
  emitters?.before(asyncId);
}
export function afterHook(asyncId: number): void {
  emitters?.after(asyncId);
}
export function destroyHook(asyncId: number): void {
  emitters?.destroy(asyncId);
}
/** Emits the destroy events that wait. The check phase begins with it. */
export function flushDestroyHooks(): void {
  emitters?.flush();
}

interface Farewell {
  callback: (held: any) => void;
  held: any;
}
let collected: FinalizationRegistry<Farewell> | undefined;

/** Calls callback(held) some time after `object` was collected. One registry for all: V8 cleans up a single one in a turn of the loop. */
export function whenCollected(object: object, callback: (held: any) => void, held: any): void {
  collected ??= new FinalizationRegistry((farewell: Farewell) => farewell.callback(farewell.held));
  collected.register(object, { callback, held });
}
