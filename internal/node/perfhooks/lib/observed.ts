// Entries of the modules' own types (http, net, dns, ...): whether somebody observes them, and how they are made. Imports little, so that
// those modules may ask without loading the timeline.
import { now } from 'native:perfhooks';
import { load } from 'internal:load';

/** Observers of each type of entry. */
export const observed: Record<string, number> = {
  __proto__: null as never, dns: 0, function: 0, gc: 0, http: 0, http2: 0, mark: 0, measure: 0, net: 0, resource: 0,
};

/** The start of something that is observed, in milliseconds since timeOrigin. */
export { now };

/** Hands an entry that ends now to its observers. */
export function finishEntry(name: string, type: string, start: number, detail: any): void {
  const { createNodeEntry } = load('internal:perfhooks/entry');
  load('internal:perfhooks/timeline').enqueue(createNodeEntry(name, type, start, now() - start, detail));
}
