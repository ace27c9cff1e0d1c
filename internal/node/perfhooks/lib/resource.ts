// PerformanceResourceTiming. https://w3c.github.io/resource-timing/
import { codes } from 'internal:errors';
import { kInternal, PerformanceEntry } from 'internal:perfhooks/entry';
import { addResource } from 'internal:perfhooks/timeline';

const { defineProperties } = Object;

/** Size that the specification adds for the header block. */
const headerSize = 300;

export class PerformanceResourceTiming extends PerformanceEntry {
  #url: string;
  #initiator: string;
  #info: any;
  #cache: string;
  #body: any;
  #status: number;
  #delivery: string;

  constructor(key?: any, url?: any, initiator?: any, info?: any, cache?: any, body?: any, status?: any, delivery?: any) {
    super(key, url, 'resource', undefined, undefined, undefined);
    this.#url = url;
    this.#initiator = initiator;
    this.#info = info;
    this.#cache = cache;
    this.#body = body;
    this.#status = status ?? 0;
    this.#delivery = delivery ?? '';
  }
  static #of(self: any): PerformanceResourceTiming {
    if (typeof self !== 'object' || self === null || !(#info in self)) {
      throw new codes.ERR_INVALID_THIS('PerformanceResourceTiming');
    }
    return self;
  }
  static #connection(self: any): any { return PerformanceResourceTiming.#of(self).#info.finalConnectionTimingInfo; }

  get name(): string { return PerformanceResourceTiming.#of(this).#url; }
  get startTime(): number { return PerformanceResourceTiming.#of(this).#info.startTime; }
  get duration(): number {
    const { endTime, startTime } = PerformanceResourceTiming.#of(this).#info;
    return endTime - startTime;
  }
  get initiatorType(): string { return PerformanceResourceTiming.#of(this).#initiator; }
  get workerStart(): number { return PerformanceResourceTiming.#of(this).#info.finalServiceWorkerStartTime; }
  get redirectStart(): number { return PerformanceResourceTiming.#of(this).#info.redirectStartTime; }
  get redirectEnd(): number { return PerformanceResourceTiming.#of(this).#info.redirectEndTime; }
  get fetchStart(): number { return PerformanceResourceTiming.#of(this).#info.postRedirectStartTime; }
  get domainLookupStart(): number { return PerformanceResourceTiming.#connection(this)?.domainLookupStartTime; }
  get domainLookupEnd(): number { return PerformanceResourceTiming.#connection(this)?.domainLookupEndTime; }
  get connectStart(): number { return PerformanceResourceTiming.#connection(this)?.connectionStartTime; }
  get connectEnd(): number { return PerformanceResourceTiming.#connection(this)?.connectionEndTime; }
  get secureConnectionStart(): number { return PerformanceResourceTiming.#connection(this)?.secureConnectionStartTime; }
  get nextHopProtocol(): any { return PerformanceResourceTiming.#connection(this)?.ALPNNegotiatedProtocol; }
  get requestStart(): number { return PerformanceResourceTiming.#of(this).#info.finalNetworkRequestStartTime; }
  get responseStart(): number { return PerformanceResourceTiming.#of(this).#info.finalNetworkResponseStartTime; }
  get responseEnd(): number { return PerformanceResourceTiming.#of(this).#info.endTime; }
  get encodedBodySize(): number { return PerformanceResourceTiming.#of(this).#info.encodedBodySize; }
  get decodedBodySize(): number { return PerformanceResourceTiming.#of(this).#info.decodedBodySize; }
  get transferSize(): number {
    const self = PerformanceResourceTiming.#of(this);
    if (self.#cache === 'local') {
      return 0;
    }
    return self.#cache === 'validated' ? headerSize : self.#info.encodedBodySize + headerSize;
  }
  get deliveryType(): string { return PerformanceResourceTiming.#of(this).#delivery; }
  get responseStatus(): number { return PerformanceResourceTiming.#of(this).#status; }

  toJSON(): any {
    PerformanceResourceTiming.#of(this);
    const out: any = { name: this.name, entryType: this.entryType, startTime: this.startTime, duration: this.duration };
    for (const name of fields) {
      out[name] = (this as any)[name];
    }
    return out;
  }
}
const fields = [
  'initiatorType', 'nextHopProtocol', 'workerStart', 'redirectStart', 'redirectEnd', 'fetchStart', 'domainLookupStart', 'domainLookupEnd',
  'connectStart', 'connectEnd', 'secureConnectionStart', 'requestStart', 'responseStart', 'responseEnd', 'transferSize', 'encodedBodySize',
  'decodedBodySize', 'deliveryType', 'responseStatus',
];
const properties: any = { [Symbol.toStringTag]: { configurable: true, value: 'PerformanceResourceTiming' }, toJSON: { enumerable: true } };
for (const name of fields) {
  properties[name] = { enumerable: true };
}
defineProperties(PerformanceResourceTiming.prototype, properties);
Object.defineProperty(PerformanceResourceTiming, 'length', { value: 0, configurable: true });

/** performance.markResourceTiming: notes a fetch. https://w3c.github.io/resource-timing/#marking-resource-timing */
export function markResourceTiming(info: any, url: string, initiator: string, _global: any, cache: string, body: any, status: number, delivery = ''): any {
  if (cache !== '' && cache !== 'local' && cache !== 'validated') {
    throw new codes.ERR_INTERNAL_ASSERTION('cacheMode should be an empty string or \'local\'');
  }
  const entry = new PerformanceResourceTiming(kInternal, url, initiator, info, cache, body, status, delivery);
  addResource(entry);
  return entry;
}
