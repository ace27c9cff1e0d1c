// native:web/blob

/** A version 4 UUID. */
export function randomUUID(): string;
