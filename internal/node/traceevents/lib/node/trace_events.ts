// node:trace_events. https://nodejs.org/docs/latest-v24.x/api/tracing.html
import { unavailable } from 'internal:errors';

// Differs from Node: there are no trace events.
function createTracing(_options: any): never {
  return unavailable('trace_events.createTracing()');
}
/** No category is ever enabled, for which Node gives undefined. */
function getEnabledCategories(): string | undefined {
  return undefined;
}

export default { createTracing, getEnabledCategories };
