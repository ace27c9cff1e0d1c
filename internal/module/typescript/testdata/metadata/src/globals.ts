import { D } from './decorate.js';

// Names that only declarations of @types know: here a guard is emitted for each, which gives Object as tsc does.
export class Globals {
  @D() a(a: NodeJS.Timeout, b: NodeJS.ReadableStream, c: NodeJS.Timeout | null): NodeJS.Timeout { return a; }
  @D() b: NodeJS.Timeout;
}

// Under a class decorator, a class's own name in its metadata is an alias of the class in our output.
@D()
export class Own {
  @D() own(a: Own, b: Own | null, c: Own[]): Own { return a; }
}
