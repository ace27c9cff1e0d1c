// Handles of Go by number: sockets, servers, timers of the host. Go reports events of an open handle; JavaScript keeps it until release.

interface Target {
  onevent(event: number, a?: any, b?: any, c?: any, d?: any, e?: any): void;
}

const targets: (Target | undefined)[] = [];

/** From now on events of the handle id call target.onevent(event, ...args). Keeps target alive. */
export function adopt(id: number, target: Target): void {
  targets[id] = target;
}

/** Ends the registration, after the handle's close event. */
export function release(id: number): void {
  targets[id] = undefined;
}

/** Called by Go. An event of a handle that was released in the meantime is dropped. */
export function dispatch(id: number, event: number, a: any, b: any, c: any, d: any, e: any): void {
  const target = targets[id];
  if (target !== undefined) {
    target.onevent(event, a, b, c, d, e);
  }
}
