package roost

import (
	"strings"
	"testing"
)

func TestTransform(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"const x: number = <any>1 as any;", "const x = 1;"},
		{"enum A { a, b = 1 << 2 }", "var A;\n(function (A) {\n    A[A[\"a\"] = 0] = \"a\";\n    A[A[\"b\"] = 4] = \"b\";\n})(A || (A = {}));"},
		{"declare enum A { a }", ""},
		{"const enum A { a }\nf(A.a);", "var A;\n(function (A) {\n    A[A[\"a\"] = 0] = \"a\";\n})(A || (A = {}));\nf(0 /* A.a */);"},
		{"namespace N { export let x = 1; x++ }", "var N;\n(function (N) {\n    N.x = 1;\n    N.x++;\n})(N || (N = {}));"},
		{"namespace N { export interface I {} }", ""},
		{"class A { y = 1; constructor(private x: number) {} }", "class A {\n    x;\n    y = 1;\n    constructor(x) {\n        this.x = x;\n    }\n}"},
		{"import { A, type B } from 'a'; import type C from 'c';", "import { A } from 'a';"},
		{"import x = require('fs');", "const x = require('fs');"},
		{"export import x = require('fs');", "const x = exports.x = require('fs');"},
		{"import type x = require('fs');", ""},
		{"import x = N.y;", "var x = N.y;"},
		{"export = 5;", "module.exports = 5;"},
		{"@d class A {}", "@d\nclass A {\n}"},
		{"using x = f();", "using x = f();"},
		{"a?.b ?? c ** d", "a?.b ?? c ** d;"},
		{"declare module 'x' {}", ""},
	} {
		js, _, err := Transform("", test.source)
		if got := strings.TrimRight(js, "\n"); err != nil || got != test.want {
			t.Errorf("%s\ngot  %s %v\nwant %s", test.source, got, err, test.want)
		}
	}
}

func TestTransformErrors(t *testing.T) {
	for source, code := range map[string]string{
		"const = 1":                          CodeInvalidSyntax,
		"enum {":                             CodeInvalidSyntax,
		"module N {}":                        CodeUnsupportedSyntax,
		"declare module N {}":                CodeUnsupportedSyntax,
		"namespace N { module M { let x } }": CodeUnsupportedSyntax,
	} {
		_, _, err := Transform("a.ts", source)
		if e, ok := err.(*Error); !ok || e.Code != code || e.File != "a.ts" {
			t.Errorf("%s: %v, not %s", source, err, code)
		}
	}
	_, _, err := Transform("a.ts", "  declare module F {}")
	if want := "a.ts:1\n  declare module F {}\n          ^^^^^^^^"; err.(*Error).Place() != want {
		t.Errorf("%s", err.(*Error).Place())
	}
}

func FuzzTransform(f *testing.F) {
	for _, seed := range []string{"enum A { a }", "namespace N { export let x = 1 }", "import x = require('y'); export = x", "class A { constructor(private x) { super() } }",
		"const enum A { a = B.b, c = a } A.c", "export import a.b = c", "enum A { a = `${A.a}` }"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		_, _, _ = Transform("", source) // must not panic, nor run for ever
	})
}
