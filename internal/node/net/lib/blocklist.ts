// net.BlockList and net.SocketAddress. https://nodejs.org/docs/latest-v24.x/api/net.html#class-netblocklist
import * as native from 'native:net';
import { codes } from 'internal:errors';
import { validateInt32, validateObject, validatePort, validateString, validateUint32 } from 'internal:validators';

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

  toJSON(): object {
    return { address: this.address, port: this.port, family: this.family, flowlabel: this.flowlabel };
  }

  [kInspect](depth: number, options: any, inspect: any): any {
    if (depth < 0) return this;
    return `SocketAddress ${inspect(this.toJSON(), { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

type Rule = { kind: 'address' | 'range' | 'subnet'; family: string; a: string; b: string; prefix: number };

export class BlockList {
  #rules: Rule[] = [];

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
    this.#rules.unshift({ kind: 'address', family: a.family, a: a.address, b: '', prefix: 0 });
  }

  addRange(start: any, end: any, family: any = 'ipv4'): void {
    const a = this.#read(start, family, 'start');
    const b = this.#read(end, family, 'end');
    if (!((native.compareAddresses(a.address, b.address) ?? 1) <= 0)) throw new codes.ERR_INVALID_ARG_VALUE('start', start, `must come before ${end}`);
    this.#rules.unshift({ kind: 'range', family: a.family, a: a.address, b: b.address, prefix: 0 });
  }

  addSubnet(network: any, prefix: any, family: any = 'ipv4'): void {
    const a = this.#read(network, family, 'network');
    validateInt32(prefix, 'prefix', 0, a.family === 'ipv4' ? 32 : 128);
    this.#rules.unshift({ kind: 'subnet', family: a.family, a: a.address, b: '', prefix });
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
    for (const r of this.#rules) {
      if (r.kind === 'address' ? native.compareAddresses(text, r.a) === 0
        : r.kind === 'subnet' ? native.inSubnet(text, r.a, r.prefix)
          : native.compareAddresses(text, r.a) >= 0 && native.compareAddresses(text, r.b) <= 0) {
        return true;
      }
    }
    return false;
  }

  get rules(): string[] {
    return this.#rules.map((r) => {
      const family = r.family === 'ipv4' ? 'IPv4' : 'IPv6';
      if (r.kind === 'address') return `Address: ${family} ${r.a}`;
      if (r.kind === 'range') return `Range: ${family} ${r.a}-${r.b}`;
      return `Subnet: ${family} ${r.a}/${r.prefix}`;
    });
  }

  toJSON(): string[] {
    return this.rules;
  }

  fromJSON(data: any): void {
    if (typeof data === 'string') data = JSON.parse(data);
    if (!Array.isArray(data)) throw new codes.ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], data);
    for (const item of data) {
      const m = /^(Address|Range|Subnet): (IPv[46]) ([^-/]+)(?:-(.+)|\/(\d+))?$/.exec(item);
      if (m === null) throw new codes.ERR_INVALID_ARG_VALUE('data', data);
      const family = m[2].toLowerCase();
      if (m[1] === 'Address') this.addAddress(m[3], family);
      else if (m[1] === 'Range') this.addRange(m[3], m[4], family);
      else this.addSubnet(m[3], Number(m[5]), family);
    }
  }

  [kInspect](depth: number, options: any, inspect: any): any {
    if (depth < 0) return this;
    return `BlockList ${inspect({ rules: this.rules }, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}
