// native:web/navigator
export function hardwareConcurrency(): number;
export function lockOpen(threadId: number): number;
export function lockRequest(name: string, shared: boolean, ifAvailable: boolean, steal: boolean): [id: number, state: number];
export function lockRelease(id: number): boolean;
export function lockTake(): number[];
export function lockQuery(): [held: boolean, name: string, shared: boolean, clientId: string][];
