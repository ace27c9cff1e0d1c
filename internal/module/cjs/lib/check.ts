// roost -c: compiles the entry point without running it.
import { load } from 'native:module/cjs';
import { fileURL } from 'internal:module/cjs';

/** @throws the SyntaxError */
export function checkSyntax(path: string): void {
  load(path, fileURL(path));
}
