// internal:asynchooks/promisehooks — V8 has one set of promise hooks; async_hooks and v8.promiseHooks share it.
import { setPromiseHooks } from 'native:engine';

/** What is called for a promise: init(promise, parent), the others with the promise alone. */
export interface PromiseHooks {
  init?: (promise: any, parent: any) => void;
  before?: (promise: any) => void;
  after?: (promise: any) => void;
  settled?: (promise: any) => void;
}

let sets: PromiseHooks[] = []; // replaced, never changed: an event that is under way goes on over the list it began with

// One function is handed to V8 as it is; several are called in the order in which they were set.
function joined(event: keyof PromiseHooks): any {
  const list = sets.map((set) => set[event]).filter((hook) => hook !== undefined);
  if (list.length < 2) {
    return list[0];
  }
  return (promise: any, parent: any) => {
    for (const hook of list) {
      (hook as any)(promise, parent);
    }
  };
}
function update(): void {
  setPromiseHooks(joined('init'), joined('before'), joined('after'), joined('settled'));
}

/** Sets hooks; the function that it returns takes them away. */
export function addPromiseHooks(hooks: PromiseHooks): () => void {
  sets = [...sets, hooks];
  update();
  return () => {
    sets = sets.filter((set) => set !== hooks);
    update();
  };
}
