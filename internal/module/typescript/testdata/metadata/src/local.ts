import { D } from './decorate.js';
import Fallback, { Base, Box, Color, Either, Fixed, FixedText, Flags, Handler, Id, Level, MaybeText, Mixed, Nothing, OnlyTrue, Options, Pair, Service, space } from './a.js';
import * as all from './a.js';
import type { Service as TypeService } from './a.js';
import { type Box as TypeBox } from './a.js';
import type * as types from './a.js';

class Here {}
interface Shape { side: number }
type Text = string;
type Callable = { (): void };
interface CallableFace { (): void }
interface Newable { new (): Here }
const key = Symbol('key');

@D()
export class Classes {
  constructor(a: Here, b: Service, c: Shape, d: Options, e: Fallback, f: Base, g: Box<string>, h: typeof Here, i: InstanceType<typeof Here>) {}
  @D() own(b: this): this { return this; }
}

export class Enums {
  @D() a(a: Color, b: Level, c: Mixed, d: Fixed, e: FixedText, f: Color.Red, g: Level.Low): Color { return a; }
  @D() b(a: Color | Level, b: Color.Red | Color.Green, c: Color | null, d: Level | undefined, e: Color[]): Level | null { return null; }
}

export class Unions {
  @D() a(a: string | null, b: string | undefined, c: string | number, d: 'a' | 'b', e: 1 | 2, f: true | false, g: null, h: undefined) {}
  @D() b(a: Here | null, b: Here | undefined, c: Here | Service, d: Here | string, e: string | never, f: string | unknown, g: string | any) {}
  @D() c(a: string[] | number[], b: (() => void) | null, c: null | undefined, d: Promise<string> | null, e: Date | null | undefined, f: Id | Text, g: MaybeText) {}
  @D() d(a: Here & Service, b: string & { brand: 1 }, c: string & {}, d: unknown & string, e: never & string, f: Either) {}
}

export class Literals {
  @D() a(a: 'x', b: 1, c: -1, d: true, e: false, f: 1n, g: -1n, h: `x`, i: `a${string}`) {}
  @D() b(a: any, b: unknown, c: never, d: void, e: object, f: symbol, g: bigint, h: boolean, i: {}, j: { a: 1 }) {}
  @D() c(a: unique symbol, b: typeof key, c: null): void {}
}

export class Lists {
  @D() a(a: string[], b: Array<string>, c: ReadonlyArray<string>, d: readonly string[], e: [string, number], f: readonly [string], g: Pair, h: []) {}
  @D() b(a: Map<string, number>, b: Set<string>, c: WeakMap<object, string>, d: Date, e: RegExp, f: Error, g: Uint8Array, h: Buffer, i: ArrayBuffer, j: URL) {}
  @D() c(a: Promise<void>, b: PromiseLike<void>, c: Iterable<string>, d: Record<string, any>, e: Partial<Shape>, f: Readonly<Here>, g: Flags, h: Function) {}
  @D() d(a: String, b: Number, c: Object, d: Symbol, e: Boolean, f: BigInt) {}
}

export class Functions {
  @D() a(a: () => void, b: (x: number) => string, c: new () => Here, d: abstract new () => Here, e: Handler, f: Callable, g: CallableFace, h: Newable) {}
  @D() b(a?: string, b = 1, c: Here = new Here(), d?: Shape): string { return ''; }
  @D() c(...rest: string[]): Promise<string[]> { return Promise.resolve(rest); }
  @D() d(...rest: Array<Here>): asserts rest is Here[] {}
  @D() e(x: unknown): x is string { return true; }
  @D() f(...rest: any): asserts rest {}
  @D() g(this: Functions, a: number) {}
  @D() async h(a: Id) {}
  @D() async i(): Promise<Service> { return new Service(); }
  @D() *j(): Generator<number> {}
  @D() k(untyped, { a }: { a: number }, [b]: number[]) {}
  @D() l(): void;
  @D() l(x: string): void;
  @D() l(x?: any) {}
}

export class Aliases<T, U extends Here> {
  @D() a(a: Id, b: Text, c: OnlyTrue, d: Nothing, e: T, f: U, g: T[], h: Box<T>) {}
  @D() b<V extends string>(a: V, b: keyof Here, c: Shape['side'], d: T extends string ? string : string, e: T extends string ? Here : Service, f: { [K in 'a']: string }) {}
  @D() c(a: Exclude<'a' | 'b', 'a'>, b: NonNullable<string | null>, c: ReturnType<() => string>, d: Parameters<() => void>, e: Uppercase<'a'>, f: Awaited<Promise<number>>, g: Pick<Shape, 'side'>) {}
  @D() d(a: all.Service, b: all.Options, c: all.Color, d: space.Inside, e: space.Face, f: space.Word, g: all.space.Inside, h: all.space.Face, i: all.default) {}
  @D() e(a: TypeService, b: TypeBox<string>, c: types.Service, d: types.Id, e: types.space.Inside, f: import('./a.js').Service) {}
  @D() f(a: (string), b: (Here | null), c: ((string | null)), d: T extends infer X ? X : never, e: T extends Missing ? Missing : Missing) {}
}

export abstract class Properties {
  @D() a: string = '';
  @D() b?: Here;
  @D() c!: Service | null;
  @D() static d: number;
  @D() readonly e: Options;
  @D() f;
  @D() g = 1;
  @D() declare h: string;
  @D() [key]: Color;
  @D() 'quoted name': boolean;
  @D() abstract i: Id;
  @D() get j(): string { return ''; }
  @D() get k(): Here { return new Here(); }
  set k(value: Here) {}
  @D() set l(value: Service) {}
  @D() static m(a: Here): typeof Here { return Here; }
  @D() abstract n(a: string): void;
  @D() protected o: string[];
  @D() p: () => void;
  @D() q: Here[];
  @D() r: Promise<Here>;
}

@D()
export class NoConstructor {}

@D()
export class Derived extends Properties { override n(a: string) {} i = ''; }

@D()
class Hidden { constructor(@D() a: string, b: Hidden) {} static self = Hidden; }

export default Hidden;
