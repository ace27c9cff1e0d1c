// Loads a builtin when it is needed, synchronously.
import { load as loadNamespace } from 'native:runtime';

/**
 * The namespace of a builtin module, evaluated now if it wasn't.
 * @param specifier 'internal:x/y' or 'node:x'
 * @throws when there is no such builtin, or what its evaluation throws
 */
export const load: (specifier: string) => any = loadNamespace;
