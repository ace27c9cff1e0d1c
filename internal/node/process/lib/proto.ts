// internal:process/proto: --disable-proto. https://nodejs.org/docs/latest-v24.x/api/cli.html#--disable-protomode
import { config } from 'native:runtime';
import { codes } from 'internal:errors';

const mode: string | undefined = config().options['disable-proto'];

function refuse(): never {
  throw new codes.ERR_PROTO_ACCESS();
}

/** Takes `__proto__` away from the Object.prototype of a context, or makes it throw, as the option says. */
export function disableProto(objectPrototype: any): void {
  if (mode === 'delete') delete objectPrototype.__proto__;
  else if (mode === 'throw') Object.defineProperty(objectPrototype, '__proto__', { get: refuse, set: refuse, enumerable: false, configurable: true });
}
