// internal:asynchooks/promisehooks: V8 has one set of promise hooks; async_hooks and v8.promiseHooks share it.
import { setPromiseHooks } from 'native:engine';
import { reportUncaught } from 'native:runtime';

/** What is called for a promise: init(promise, parent), the others with the promise alone. */
export interface PromiseHooks {
  init?: (promise: any, parent: any) => void;
  before?: (promise: any) => void;
  after?: (promise: any) => void;
  settled?: (promise: any) => void;
}

let sets: PromiseHooks[] = []; // replaced, never changed: an event that is under way goes on over the list it began with

// They are called in the order in which they were set. What one throws is uncaught: it reaches neither the promise nor the next hook.
function joined(event: keyof PromiseHooks): any {
  const list: any[] = sets.map((set) => set[event]).filter((hook) => hook !== undefined);
  if (list.length === 0) {
    return undefined;
  }
  return (promise: any, parent: any) => {
    for (const hook of list) {
      try {
        hook(promise, parent);
      } catch (err) {
        reportUncaught(err, false);
      }
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
