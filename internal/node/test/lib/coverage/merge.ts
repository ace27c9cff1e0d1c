// What V8 counted in several processes and threads, as one. The format is the protocol's:
// https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-ScriptCoverage

export interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}
export interface FunctionCoverage {
  functionName: string;
  ranges: Range[]; // the function's own first, then blocks that ran another number of times
  isBlockCoverage: boolean;
  isScript?: boolean; // no function: the file's own statements
}

function contains(outer: Range, inner: Range): boolean {
  return outer.startOffset <= inner.startOffset && outer.endOffset >= inner.endOffset;
}
const keyOf = ({ startOffset, endOffset }: Range): string => `${startOffset}:${endOffset}`;

// Blocks that one side alone tells. One that ran stays as it is. One that didn't is dropped when the other side reached it, which then has told
// nothing of it, because it ran as often as what is around it.
function unmatched(blocks: Range[], others: Range[], matched: Map<string, Range>): Range[] {
  return blocks.filter((block) => !matched.has(keyOf(block)) && (block.count > 0 || others.some((other) => other.count === 0 && contains(other, block))));
}

function mergeFunctions(a: FunctionCoverage, b: FunctionCoverage): FunctionCoverage {
  const count = a.ranges[0].count + b.ranges[0].count;
  const whole = { startOffset: a.ranges[0].startOffset, endOffset: a.ranges[0].endOffset, count };
  // A function that didn't run has no blocks.
  if (!a.isBlockCoverage || !b.isBlockCoverage) {
    const ran = a.isBlockCoverage ? a : b;
    return { functionName: a.functionName, ranges: [whole, ...ran.ranges.slice(1)], isBlockCoverage: ran.isBlockCoverage, isScript: a.isScript };
  }
  const left = a.ranges.slice(1);
  const right = b.ranges.slice(1);
  const places = new Map(left.map((block) => [keyOf(block), block]));
  const matched = new Map<string, Range>();
  for (const block of right) {
    const same = places.get(keyOf(block));
    if (same !== undefined) matched.set(keyOf(block), { ...block, count: block.count + same.count });
  }
  const blocks = [...matched.values(), ...unmatched(left, right, matched), ...unmatched(right, left, matched)];
  blocks.sort((x, y) => x.startOffset - y.startOffset || y.endOffset - x.endOffset); // outer blocks before those in them
  return { functionName: a.functionName, ranges: [whole, ...blocks], isBlockCoverage: true, isScript: a.isScript };
}

/** Adds what was counted for a script to what is known of it: functions by their place, in the order of their beginnings. */
export function addFunctions(known: Map<string, FunctionCoverage>, more: FunctionCoverage[]): void {
  for (const one of more) {
    const key = `${one.functionName}:${keyOf(one.ranges[0])}`;
    const other = known.get(key);
    known.set(key, other === undefined ? one : mergeFunctions(other, one));
  }
}

/** Functions by where they begin, outer ones first: V8's order. */
export function inOrder(functions: Map<string, FunctionCoverage>): FunctionCoverage[] {
  return [...functions.values()].sort((a, b) => a.ranges[0].startOffset - b.ranges[0].startOffset || b.ranges[0].endOffset - a.ranges[0].endOffset);
}
