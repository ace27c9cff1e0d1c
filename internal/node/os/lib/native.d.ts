// native:os — facts about the machine and its users. Failures are libuv's system errors.

/** [sysname, release, version, machine] */
export function uname(): string[];
export function hostname(): string;
/** model, MHz, and milliseconds of user, nice, sys, idle and irq for each processor, flat */
export function cpus(): (string | number)[];
export function availableParallelism(): number;
/** bytes */
export function freemem(): number;
export function totalmem(): number;
export function loadavg(): number[];
/** seconds */
export function uptime(): number;
/** name, address, netmask, family (4 or 6), mac, internal, scope id and prefix length (-1: none) for each address, flat */
export function networkInterfaces(): (string | number | boolean)[];
export function homedir(): string;
/** [uid, gid, username, homedir, shell] */
export function userInfo(): (string | number)[];
export function getPriority(pid: number): number;
export function setPriority(pid: number, priority: number): void;
