// process.finalization. https://nodejs.org/docs/latest-v24.x/api/process.html#processfinalizationregisterref-callback
import { codes } from 'internal:errors';
import { process } from 'internal:process';

interface Entry {
  ref: WeakRef<object>;
  callback: (ref: object, event: string) => void;
}
const lists: Record<string, Set<Entry>> = { exit: new Set(), beforeExit: new Set() };
const gone = new FinalizationRegistry<[string, Entry]>(([event, entry]) => lists[event].delete(entry));
const hooked = new Set<string>();

function add(event: string, ref: any, callback: any): void {
  if (ref === null || (typeof ref !== 'object' && typeof ref !== 'function')) {
    throw new codes.ERR_INVALID_ARG_TYPE('obj', 'object', ref);
  }
  if (typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  }
  if (!hooked.has(event)) {
    hooked.add(event);
    process.on(event, () => {
      for (const entry of [...lists[event]]) {
        lists[event].delete(entry);
        const target = entry.ref.deref();
        if (target !== undefined) {
          entry.callback(target, event);
        }
      }
    });
  }
  const entry = { ref: new WeakRef(ref), callback };
  lists[event].add(entry);
  gone.register(ref, [event, entry]);
}

export const finalization = {
  register: (ref: any, callback: any) => add('exit', ref, callback),
  registerBeforeExit: (ref: any, callback: any) => add('beforeExit', ref, callback),
  unregister(ref: any): void {
    for (const event of Object.keys(lists)) {
      for (const entry of lists[event]) {
        if (entry.ref.deref() === ref) {
          lists[event].delete(entry);
        }
      }
    }
  },
};
