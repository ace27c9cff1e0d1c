// What a thread knows of itself. On a worker internal:workerthreads/main fills it before user code runs.
export const state: {
  isMainThread: boolean;
  isInternalThread: boolean;
  threadId: number;
  threadName: string;
  resourceLimits: Record<string, number>;
  parentPort: any;
  workerData: any;
  environmentData: Map<any, any>;
} = {
  isMainThread: true,
  isInternalThread: false,
  threadId: 0,
  threadName: '',
  resourceLimits: {},
  parentPort: null,
  workerData: null,
  environmentData: new Map(),
};

/** The four limits in MB, in the order in which Go knows them. */
export function limitsOf(values: ArrayLike<number>): Record<string, number> {
  return { maxYoungGenerationSizeMb: values[0], maxOldGenerationSizeMb: values[1], codeRangeSizeMb: values[2], stackSizeMb: values[3] };
}
