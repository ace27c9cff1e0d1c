// native:v8

/** The number that code caches are bound to: it changes with V8's version and flags. */
export function cacheVersion(): number;
