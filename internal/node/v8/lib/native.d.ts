// native:v8

/** The number that code caches are bound to: it changes with V8's version and flags. */
export function cacheVersion(): number;
/** Writes at most limit heap snapshots as the heap comes near its limit, to folder or the working directory. Only the first call counts. */
export function snapshotNearLimit(limit: number, folder: string, thread: number): void;
