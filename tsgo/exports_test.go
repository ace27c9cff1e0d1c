package roost

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// TestModuleExports holds our finder against names that Node 24.21 gave the namespace of each text when it was imported as
// a CommonJS file. ./b.cjs exports fromB, ./c.cjs fromC.
func TestModuleExports(t *testing.T) {
	data, err := os.ReadFile("testdata/exports.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]any
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		source, want := c[0].(string), []string{}
		for _, name := range c[1].([]any) {
			want = append(want, name.(string))
		}
		found, err := ModuleExports("a.cjs", source)
		got := slices.Clone(found.Names)
		for _, r := range found.Reexports {
			switch r {
			case "./b.cjs":
				got = append(got, "fromB")
			case "./c.cjs":
				got = append(got, "fromC")
			default:
				t.Errorf("%s: reexport %q", source, r)
			}
		}
		slices.Sort(got)
		got = slices.DeleteFunc(slices.Compact(got), func(s string) bool { return s == "default" || s == "module.exports" })
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got  %q (%v)\n want %q", source, got, err, want)
		}
	}
}

func TestIsESModuleSyntax(t *testing.T) {
	for source, want := range map[string]bool{
		"": false, "import 'x'": true, "export {}": true, "import x, { y } from 'z'": true, "export * from 'x'": true, "import('x')": false,
		"x = () => import.meta.url": true, "// import x from 'y'": false, "'import x'": false, "await 1": true, "await (1)": false, "await {}": true,
		"for await (const x of y);": true, "await using x = y": true, "async () => { await 1 }": false, "function f() { await 1 }": false,
		"class A { static { await 1 } }": false, "class A { [await 1]() {} }": true, "if (x) { await y }": true, "const await = 1": false,
		"const require = 1": true, "let module = 1": true, "class exports {}": true, "const { __filename } = x": true, "const [, [__dirname]] = x": true,
		"var require = 1": false, "function require() {}": false, "if (1) { const require = 1 }": false, "const require = 1; return": false,
		"return 1; await 2": false, "let x = ;": false, "module.exports = 1": false, "#!/bin/sh\nimport 'x'": true, "/** @import x from 'y' */": false,
	} {
		if got := IsESModuleSyntax(source); got != want {
			t.Errorf("%q: %v", source, got)
		}
	}
}

func FuzzModuleExports(f *testing.F) {
	data, err := os.ReadFile("testdata/exports.json")
	if err != nil {
		f.Fatal(err)
	}
	var cases [][2]any
	if err := json.Unmarshal(data, &cases); err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c[0].(string))
	}
	f.Fuzz(func(t *testing.T, source string) {
		found, err := ModuleExports("a.cjs", source)
		if e, ok := err.(*Error); ok && e.Code == CodeInvalidSyntax {
			t.Fatal(err) // the parser panicked
		}
		for _, name := range found.Names {
			if !wellFormed(name) {
				t.Fatalf("%q", name)
			}
		}
		IsESModuleSyntax(source)
	})
}
