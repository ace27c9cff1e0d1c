package roost

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// keep marks what stays with its own text; everything else of a case's source must become spaces. The
// expected text of a case is written in full, "·" standing for a space that replaced something.
func TestErase(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"nothing", "let x = 1;\n", "let x = 1;\n"},
		{"annotation", "let x: number = 1", "let x········ = 1"},
		{"definite", "let x!: number, y: string", "let x·········, y········"},
		{"destructured", "const { a }: { a: number } = b", "const { a }··············· = b"},
		{"catch", "try {} catch (e: unknown) {}", "try {} catch (e·········) {}"},
		{"loops", "for (let i: number = 0;;); for (const x of y as any);", "for (let i········ = 0;;); for (const x of y ······);"},
		{"units", "let x: 'é😀' = 'é😀' as any;", "let x······· = 'é😀' ······;"},
		{"line separators", "let x:\u2028 A\r\n|\rB = 1", "let x·\u2028··\r\n·\r· = 1"},

		{"as", "f(x as any, y satisfies Z)", "f(x ······, y ···········)"},
		{"as const", "let x = [1] as const", "let x = [1] ········"},
		{"as twice", "x as any as T\n(1)", "x ······ ;···\n(1)"},
		{"as before call", "let x = 1 as any\n(1)", "let x = 1 ;·····\n(1)"},
		{"as before index", "x = y as any\n[1].z", "x = y ;·····\n[1].z"},
		{"as before template", "x = y as any // c\n`z`", "x = y ;····· // c\n`z`"},
		{"as before name", "x = y as any\nz()", "x = y ······\nz()"},
		{"as over lines", "function f() { return a as\n any; }", "function f() { return a ··\n ···; }"},
		{"as target", "(x as any) = 1; (<T>(a) => a)", "(x ······) = 1; (···(a) => a)"},
		{"non-null", "a! + b!.c![0]!(1)", "a· + b·.c·[0]·(1)"},
		{"non-null before call", "let x = y!\n(1)", "let x = y·\n(1)"},
		{"type arguments", "f<string>(1); new Foo<number>; a<b>`x`; const q = a<b>; a?.<string>()", "f········(1); new Foo········; a···`x`; const q = a···; a?.········()"},
		{"comparison stays", "a < b > c; a < b || c > (d)", "a < b > c; a < b || c > (d)"},

		{"statement", "type A = 1; type B = 2\n`x`", "··········· ··········\n`x`"},
		{"statement after open one", "let x = 1\ntype A = string\n(1)", "let x = 1\n;··············\n(1)"},
		{"two after open one", "x()\ninterface A {}\ninterface B {}\n[1]", "x()\n;·············\n··············\n[1]"},
		{"statement after function", "function f() {}\ntype A = 1\n(1)", "function f() {}\n··········\n(1)"},
		{"statement after object", "x = {}\ntype A = 1\n(1)", "x = {}\n;·········\n(1)"},
		{"statement as body", "if (a) type B = 1; else interface C {}", "if (a) ;·········· else ;·············"},
		{"loop bodies", "while (1) declare let x: number; for (;;) type A = 1; do type B = 1; while (0)", "while (1) ;····················· for (;;) ;·········· do ;·········· while (0)"},
		{"case", "switch (x) { case 1 as any: type A = 1; default: y as T }", "switch (x) { case 1 ······: ··········· default: y ···· }"},
		{"declare", "declare const x: number; declare function f(): void; declare class A {} declare enum E {} declare namespace N { const x: 1 } declare module 'x' { } declare global { }", strings.Repeat("·", 24) + " " + strings.Repeat("·", 27) + " " + strings.Repeat("·", 18) + " " + strings.Repeat("·", 17) + " " + strings.Repeat("·", 34) + " " + strings.Repeat("·", 22) + " " + strings.Repeat("·", 18)},
		{"declare as a name", "declare\nconst x = 1; type\nA = 2; namespace\nfoo", "declare\nconst x = 1; type\nA = 2; namespace\nfoo"},
		{"namespace of types", "namespace N { export type x = 1 }", "·································"},
		{"overloads", "function f(): void; function f(a?: any) {}", "··················· function f(a······) {}"},

		{"import type", "import type A from 'b'; import type { C } from 'd'; import type * as E from 'f'", "······················· ··························· ···························"},
		{"import inline", "import { type A, B, type C } from 'x'; import D, { type E } from 'y'; import { type F } from 'z'", "import { ······· B, ······ } from 'x'; import D, { ······ } from 'y'; import { ······ } from 'z'"},
		{"import named type", "import type, { B } from 'q'; import { type as as } from 'x'; import { type } from 'y'", "import type, { B } from 'q'; import { type as as } from 'x'; import { type } from 'y'"},
		{"import equals type", "import type x = require('y')", "····························"},
		{"export", "export { type E, F }; export type { G } from 'h'; export type * from 'q'; export type T = 1; export interface I {}", "export { ······· F }; ··························· ······················· ·················· ·····················"},
		{"export default", "export default interface Foo { }\nexport default abstract class A { }", "································\nexport default ········ class A { }"},
		{"export declare", "export declare const x: number; export {}", "······························· export {}"},
		{"attributes", "import a from 'x' with { type: 'json' }", "import a from 'x' with { type: 'json' }"},

		{"function", "function f<T>(this: Foo, a: number, b?: string, ...c: any[]): asserts a is string {}", "function f···(·········· a········, b·········, ...c·······)····················· {}"},
		{"this alone", "function f(this: Foo) {}", "function f(·········) {}"},
		{"predicate", "const f = (x: any): x is string => true", "const f = (x·····)············· => true"},
		{"arrow", "async (x: number): Promise<void> => {}", "async (x········)··············· => {}"},
		{"arrow result over lines", "let x = (a: number)\n: \n string => 3", "let x = (a········ \n· \n ·····) => 3"},
		{"arrow result with comma", "let x = (a, // c\n): { \n} => 3", "let x = (a, // c\n ··· \n) => 3"},
		{"arrow parameters over lines", "let f = async <\nT>(a) => 3", "let f = async (\n···a) => 3"},
		{"arrow after return", "function f() { return <\nT,>(a: T) => a }", "function f() { return (\n····a···) => a }"},
		{"conditional", "let x = a ? (b): c => d : e; let y = a ? (b) : c => d", "let x = a ? (b)··· => d : e; let y = a ? (b) : c => d"},

		{"class", "class A<in out T> extends B<string> implements C, D<E> { }", "class A·········· extends B········ ·················· { }"},
		{"abstract class", "abstract class A { abstract x: number; abstract m(): void; abstract get y(): 1; z = 1 }", "········ class A { ··················· ··················· ···················· z = 1 }"},
		{"members", "class A { readonly y?: string; z!: number; declare w: number; [k: string]: any; static override readonly q = 1 }", "class A { ········ y·········; z·········; ·················· ················· static ········ ········ q = 1 }"},
		{"methods", "class A { constructor(); constructor(a?: any) {} private get x(): number { return 1 } m?(): void; protected static async *n<T>(x: T) {} }", "class A { ·············· constructor(a······) {} ······· get x()········ { return 1 } ··········· ········· static async *n···(x···) {} }"},
		{"accessor", "class A { public accessor y: number = 2 }", "class A { ······ accessor y········ = 2 }"},
		{"property named get", "class A { get: number\n foo() {} static?: any\n bar() {} set = 1\n baz() {} }", "class A { get;·······\n foo() {} static;·····\n bar() {} set = 1\n baz() {} }"},
		{"computed after property", "class A { x = 1\n public [y] = 2\n private *z() {} }", "class A { x = 1\n ;····· [y] = 2\n ;······ *z() {} }"},
		{"name after property", "class A { x = 1\n private y = 2 }", "class A { x = 1\n ······· y = 2 }"},
		{"erased after property", "class A { x = y\n declare z: 1\n [w]() {} }", "class A { x = y\n ;···········\n [w]() {} }"},
		{"in after property", "class A { x\n private in\n readonly instanceof }", "class A { x\n ;······ in\n ;······· instanceof }"},
		{"modifiers as names", "class A { declare\n x: number; readonly = 1; public() {} }", "class A { declare\n x········; readonly = 1; public() {} }"},
		{"decorators stay", "@dec class A { @dec x = 1; @dec m(@p a: string) {} }", "@dec class A { @dec x = 1; @dec m(@p a········) {} }"},
		{"private names", "class A { #x?: number; static #y: string = ''; m() { return #x in this } }", "class A { #x·········; static #y········ = ''; m() { return #x in this } }"},
		{"static block", "class A { static { type B = 1; this.x as any } }", "class A { static { ··········· this.x ······ } }"},
		{"object", "({ m<T>(x: T): void {}, get y(): 1 { return 1 }, async *[z]?() {} })", "({ m···(x···)······ {}, get y()··· { return 1 }, async *[z]·() {} })"},
		{"using", "using x: A = b; await using y: B = z", "using x··· = b; await using y··· = z"},
		{"template", "`${x as any}${(y: any) => y!}`", "`${x ······}${(y·····) => y·}`"},
		{"comments stay", "let x /* a */ : /* b */ T /* c */ = 1 // d", "let x /* a */ ··········· /* c */ = 1 // d"},
		{"hashbang", "#!/usr/bin/env node\nlet x: 1", "#!/usr/bin/env node\nlet x···"},
		{"top-level await", "await (x as any); const y = await z!", "await (x ······); const y = await z·"},
		{"directive", "'use strict'; type A = 1", "'use strict'; ··········"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Erase("a.ts", c.source)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(c.want, "·", " ")
			if got != want {
				t.Errorf("source %q\n got   %q\n want  %q", c.source, got, want)
			}
			checkShape(t, c.source, got)
		})
	}
}

func TestEraseErrors(t *testing.T) {
	const strip = " is not supported in strip-only mode"
	for _, c := range []struct {
		source       string
		line, column int
		code, want   string
	}{
		{"enum A { B }", 1, 1, CodeUnsupportedSyntax, "TypeScript enum" + strip},
		{"let x;\n  const enum A { B }", 2, 3, CodeUnsupportedSyntax, "TypeScript enum" + strip},
		{"export enum A { B }", 1, 1, CodeUnsupportedSyntax, "TypeScript enum" + strip},
		{"namespace N { export const x = 1 }", 1, 1, CodeUnsupportedSyntax, "TypeScript namespace declaration" + strip},
		{"module N { export const x = 1 }", 1, 1, CodeUnsupportedSyntax, "`module` keyword is not supported. Use `namespace` instead."},
		{"class A { constructor(private x: number) {} }", 1, 23, CodeUnsupportedSyntax, "TypeScript parameter property" + strip},
		{"class A { constructor(/* é😀 */ readonly x) {} }", 1, 33, CodeUnsupportedSyntax, "TypeScript parameter property" + strip},
		{"import x = require('y')", 1, 1, CodeUnsupportedSyntax, "TypeScript import equals declaration" + strip},
		{"export import x = A.B", 1, 1, CodeUnsupportedSyntax, "TypeScript import equals declaration" + strip},
		{"export = 3", 1, 1, CodeUnsupportedSyntax, "TypeScript export assignment" + strip},
		{"let a = <any>b", 1, 9, CodeUnsupportedSyntax, "The angle-bracket syntax for type assertions, `<T>expr`, is not supported in type strip mode. Instead, use the 'as' syntax: `expr as T`."},
		{"let a = ;\r\n", 1, 9, CodeInvalidSyntax, "Expression expected."},
		{"\u2028x = 1 1", 2, 7, CodeInvalidSyntax, "';' expected."},
	} {
		_, err := Erase("dir/a.ts", c.source)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: no error but %v", c.source, err)
			continue
		}
		if e.File != "dir/a.ts" || e.Line != c.line || e.Column != c.column || e.Code != c.code || e.Message != c.want {
			t.Errorf("%q: got %+v", c.source, e)
		}
	}
}

// checkShape tells whether js has the lines of source, each as long as it was.
func checkShape(t *testing.T, source, js string) {
	t.Helper()
	a, b := splitLines(source), splitLines(js)
	if len(a) != len(b) {
		t.Fatalf("%d lines became %d", len(a), len(b))
	}
	for i := range a {
		if utf16Len(a[i]) != utf16Len(b[i]) {
			t.Fatalf("line %d: %q became %q", i+1, a[i], b[i])
		}
	}
}

func splitLines(s string) (lines []string) {
	start := 0
	for i := 0; i < len(s); {
		n := lineBreak(s, i)
		i += max(n, 1)
		if n > 0 {
			lines, start = append(lines, s[start:i]), i
		}
	}
	return append(lines, s[start:])
}

// TestEraseLarge runs over the compiler's own declaration files, the largest TypeScript that the module cache holds.
func TestEraseLarge(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(moduleDir(t), "internal/bundled/libs/*.d.ts"))
	if len(files) == 0 {
		t.Fatal("no files")
	}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		js, err := Erase(f, string(source))
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		checkShape(t, string(source), js)
	}
}

func FuzzErase(f *testing.F) {
	for _, s := range []string{
		"let x: number = 1 as any\n(1)", "class A<T> extends B<T> implements C { private x?: T; get: 1\n foo(): void {} }",
		"import { type A, B } from 'x'; export type { C }", "abstract class A { abstract x: 1; @d [k]!: any }",
		"let f = async <\nT,>(a: T)\n: {\n} => a!", "if (a) type B = '\u2028é😀'; else interface C {}", "enum A {}", "`${<any>x}`", "x\xff: \xfe as \xc0",
		"namespace A.B { import x = C.D }", "for (const x: any of y as Z) a?.<B>()", "<T,>(this: A, ...b?: any[]): asserts this is B => {}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		js, err := Erase("a.ts", source)
		if err == nil {
			checkShape(t, source, js)
		}
	})
}

func BenchmarkErase(b *testing.B) {
	// A large file of ordinary code from the module cache.
	source, err := os.ReadFile(filepath.Join(moduleDir(b), "_packages/native-preview/src/ast/scanner.ts"))
	if err != nil {
		b.Skip(err)
	}
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Erase("erase.ts", string(source)); err != nil {
			b.Fatal(err)
		}
	}
}
