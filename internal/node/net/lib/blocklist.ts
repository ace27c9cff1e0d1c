// net.BlockList and net.SocketAddress. https://nodejs.org/docs/latest-v24.x/api/net.html#class-netblocklist
import * as native from 'native:net';
import { codes } from 'internal:errors';
import { validateInt32, validateObject, validatePort, validateString, validateUint32 } from 'internal:validators';

const kClone = Symbol.for('roost.clone');
const kShare = Symbol('share');
const kInspect = Symbol.for('nodejs.util.inspect.custom');

function validateFamily(family: any, name: string): string {
  validateString(family, name);
  family = family.toLowerCase();
  if (family !== 'ipv4' && family !== 'ipv6') throw new codes.ERR_INVALID_ARG_VALUE(name, family, "must be 'ipv4' or 'ipv6'");
  return family;
}

export class SocketAddress {
  #address: string;
  #port: number;
  #family: string;
  #flowlabel: number;

  static isSocketAddress(value: any): boolean {
    return typeof value === 'object' && value !== null && #address in value;
  }

  static parse(input: string): SocketAddress | undefined {
    validateString(input, 'input');
    const got = native.parseAddress(input);
    if (got === undefined) return undefined;
    return new SocketAddress({ address: got[0], port: got[2], family: got[1].toLowerCase() });
  }

  constructor(options: any = {}) {
    validateObject(options, 'options');
    let { family = 'ipv4' } = options;
    const { address = family === 'ipv4' ? '127.0.0.1' : '::', port = 0, flowlabel = 0 } = options;
    if (typeof family?.toLowerCase === 'function') family = family.toLowerCase();
    if (family !== 'ipv4' && family !== 'ipv6') throw new codes.ERR_INVALID_ARG_VALUE('options.family', options.family);
    validateString(address, 'options.address');
    validatePort(port, 'options.port');
    validateUint32(flowlabel, 'options.flowlabel', false);
    if (native.isIP(address) !== (family === 'ipv4' ? 4 : 6)) throw new codes.ERR_INVALID_ADDRESS('Invalid address');
    this.#address = native.parseAddress(address)?.[0] ?? address;
    this.#port = port | 0;
    this.#family = family;
    this.#flowlabel = flowlabel;
  }

  get address(): string { return this.#address; }
  get port(): number { return this.#port; }
  get family(): string { return this.#family; }
  get flowlabel(): number { return this.#flowlabel; }

  [kClone](): any {
    return ['internal:net/blocklist', 'cloneAddress', this.toJSON()];
  }

  toJSON(): object {
    return { address: this.address, port: this.port, family: this.family, flowlabel: this.flowlabel };
  }

  [kInspect](depth: number, options: any, inspect: any): any {
    if (depth < 0) return options.stylize('[SocketAddress]', 'special');
    return `SocketAddress ${inspect(this.toJSON(), { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

// Kinds of a rule, as in blocklist.go.
const ADDRESS = 0;
const RANGE = 1;
const SUBNET = 2;

export class BlockList {
  #rules: object = native.blockListNew();

  static isBlockList(value: any): boolean {
    return typeof value === 'object' && value !== null && #rules in value;
  }

  #read(value: any, family: any, name: string): SocketAddress {
    if (SocketAddress.isSocketAddress(value)) return value;
    validateString(value, name);
    validateFamily(family, 'family');
    return new SocketAddress({ address: value, family });
  }

  addAddress(address: any, family: any = 'ipv4'): void {
    const a = this.#read(address, family, 'address');
    native.blockListAdd(this.#rules, ADDRESS, a.address, '', 0);
  }

  addRange(start: any, end: any, family: any = 'ipv4'): void {
    const a = this.#read(start, family, 'start');
    const b = this.#read(end, family, 'end');
    if (!((native.compareAddresses(a.address, b.address) ?? 1) <= 0)) throw new codes.ERR_INVALID_ARG_VALUE('start', start, `must come before ${end}`);
    native.blockListAdd(this.#rules, RANGE, a.address, b.address, 0);
  }

  addSubnet(network: any, prefix: any, family: any = 'ipv4'): void {
    const a = this.#read(network, family, 'network');
    validateInt32(prefix, 'prefix', 0, a.family === 'ipv4' ? 32 : 128);
    native.blockListAdd(this.#rules, SUBNET, a.address, '', prefix);
  }

  check(address: any, family: any = 'ipv4'): boolean {
    let text: string;
    if (SocketAddress.isSocketAddress(address)) {
      text = address.address;
    } else {
      validateString(address, 'address');
      validateFamily(family, 'family');
      if (native.isIP(address) !== (family.toLowerCase() === 'ipv4' ? 4 : 6)) return false;
      text = address;
    }
    return native.blockListCheck(this.#rules, text);
  }

  get rules(): string[] {
    return native.blockListRules(this.#rules);
  }

  // A clone has the same rules, from now on too.
  [kClone](): any {
    return ['internal:net/blocklist', 'shareRules', this.#rules, true];
  }
  static [kShare](rules: object): BlockList {
    const out = new BlockList();
    out.#rules = rules;
    return out;
  }

  toJSON(): string[] {
    return this.rules;
  }

  fromJSON(data: any): void {
    if (typeof data === 'string') data = JSON.parse(data);
    if (!Array.isArray(data) || data.some((item) => typeof item !== 'string')) throw new codes.ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], data);
    for (const item of data) {
      const m = /^(Address|Range|Subnet): (IPv[46]) ([^-/]+)(?:-(.+)|\/(\d+))?$/.exec(item);
      if (m === null) continue; // what is no rule is ignored
      const family = m[2].toLowerCase();
      if (native.isIP(m[3]) === 0) continue;
      if (m[1] === 'Address') this.addAddress(m[3], family);
      else if (m[1] === 'Range') this.addRange(m[3], m[4], family);
      else this.addSubnet(m[3], Number(m[5]), family);
    }
  }

  [kInspect](depth: number, options: any, inspect: any): any {
    if (depth < 0) return options.stylize('[BlockList]', 'special');
    return `BlockList ${inspect({ rules: this.rules }, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

// What a message makes of the state of a clone.
export function cloneAddress(options: any): SocketAddress {
  return new SocketAddress(options);
}
export function shareRules(rules: object): BlockList {
  return (BlockList as any)[kShare](rules);
}
