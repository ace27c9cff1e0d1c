// internal:workerthreads/profile: profiles of a worker that its parent asks for, on both sides.
// https://nodejs.org/docs/latest-v24.x/api/worker_threads.html#workerstartcpuprofile
import { cpuProfileStart, cpuProfileStop, heapProfileStart, heapProfileStop } from 'native:engine';
import { codes } from 'internal:errors';

const HEAP_INTERVAL = 512 * 1024; // bytes between samples
const HEAP_DEPTH = 16; // frames of an allocation's stack

/** The worker's side. */
export function answer(what: string): string {
  const [kind, step, id] = what.split(' ');
  if (kind === 'cpu') {
    return step === 'start' ? `${cpuProfileStart(0)}` : JSON.stringify(cpuProfileStop(Number(id))) ?? '';
  }
  return step === 'start' ? `${heapProfileStart(HEAP_INTERVAL, HEAP_DEPTH)}` : JSON.stringify(heapProfileStop()) ?? '';
}

type Ask = (what: string) => Promise<string>;

/** A profile that is being recorded. */
class ProfileHandle {
  #ask: Ask;
  #end: string;
  #profile: Promise<string> | undefined;
  constructor(ask: Ask, end: string) {
    this.#ask = ask;
    this.#end = end;
  }
  /** Ends it. @returns the profile as JSON, the same at every call */
  stop(): Promise<string> {
    return this.#profile ??= this.#ask(this.#end);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

class CPUProfileHandle extends ProfileHandle {}
class HeapProfileHandle extends ProfileHandle {}

/** @throws ERR_CPU_PROFILE_TOO_MANY */
export async function startCpuProfile(ask: Ask): Promise<ProfileHandle> {
  const id = await ask('cpu start');
  if (id === '0') throw new codes.ERR_CPU_PROFILE_TOO_MANY();
  return new CPUProfileHandle(ask, `cpu stop ${id}`);
}
/** @throws ERR_HEAP_PROFILE_HAVE_BEEN_STARTED */
export async function startHeapProfile(ask: Ask): Promise<ProfileHandle> {
  if (await ask('heap start') !== 'true') throw new codes.ERR_HEAP_PROFILE_HAVE_BEEN_STARTED();
  return new HeapProfileHandle(ask, 'heap stop');
}
