// node:domain (deprecated). https://nodejs.org/docs/latest-v24.x/api/domain.html
import { unavailable } from 'internal:errors';
import { EventEmitter } from 'internal:events';

// Differs from Node: domains aren't there. Importing the module changes nothing.
class Domain extends (EventEmitter as any) {
  constructor() {
    super();
    unavailable('domain.Domain');
  }
  enter(): never { return unavailable('Domain.enter()'); }
  exit(): never { return unavailable('Domain.exit()'); }
  add(_emitter: any): never { return unavailable('Domain.add()'); }
  remove(_emitter: any): never { return unavailable('Domain.remove()'); }
  run(_fn: any): never { return unavailable('Domain.run()'); }
  intercept(_callback: any): never { return unavailable('Domain.intercept()'); }
  bind(_callback: any): never { return unavailable('Domain.bind()'); }
}
function createDomain(): never {
  return unavailable('domain.create()');
}

export default { _stack: [], Domain, createDomain, create: createDomain, active: null };
