package typescript

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microsoft/typescript-go/roost"
)

// project writes files into a new folder. Keys are paths; the folder's name is given back without symbolic links.
func project(t testing.TB, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func compile(t *testing.T, dir, name string) *Output {
	t.Helper()
	output, err := New(filepath.Join(dir, name), Options{NoCache: true}).Compile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return output
}

const decorators = `{ "compilerOptions": { "module": "nodenext", "target": "es2022", "experimentalDecorators": true, "emitDecoratorMetadata": true } }`

// TestElision is the case that tells compilers apart: an interface and a class, imported in one clause without `type`, named only in the
// signature of a decorated class's constructor.
func TestElision(t *testing.T) {
	files := map[string]string{
		"tsconfig.json": decorators,
		"package.json":  `{ "type": "module" }`,
		"a.ts":          "export interface Options { x: 1 }\nexport class Service {}\n",
		"b.ts":          "import { Options, Service } from './a.js';\ndeclare const D: any;\n@D() export class B { constructor(o: Options, s: Service) {} }\n",
	}
	js := compile(t, project(t, files), "b.ts").JS
	for _, want := range []string{"import { Service } from './a.js';", `__metadata("design:paramtypes", [Object, Service])`} {
		if !strings.Contains(js, want) {
			t.Errorf("no %s in\n%s", want, js)
		}
	}
}

// TestUnknownImport has a package without declarations: what is imported may be an interface that only existed where it was written.
func TestUnknownImport(t *testing.T) {
	files := map[string]string{
		"tsconfig.json": decorators,
		"package.json":  `{ "type": "module" }`,
		"a.ts": `import fall, { Face, Used as Known, type T } from 'absent';
import { Other as Alias } from 'absent';
declare const D: any;
@D() export class A { constructor(a: Face, b: Known, c: Alias, d: T, e: string) { new Known(); fall(); } Face = 1 }
@D() export class B { constructor(a: Alias) {} }
`,
	}
	dir := project(t, files)
	js := compile(t, dir, "a.ts").JS
	for _, want := range []string{
		"import fall, { Face, Used as Known } from 'absent';", // a member of that name keeps the import as it is
		"import * as types_1 from 'absent';\n",
		`typeof (_c = typeof types_1.Other !== "undefined" && types_1.Other) === "function" ? _c : Object`,
	} {
		if !strings.Contains(js, want) {
			t.Errorf("no %s in\n%s", want, js)
		}
	}
	write(t, filepath.Join(dir, "package.json"), `{ "type": "commonjs" }`)
	js = compile(t, dir, "a.ts").JS
	if want := `typeof absent_2.Other !== "undefined" && absent_2.Other`; !strings.Contains(js, want) {
		t.Errorf("no %s in\n%s", want, js)
	}
}

func TestKind(t *testing.T) {
	const esm, cjs = "export const x = await 1", "const x = 1"
	for _, c := range []struct {
		name, file, pkg, config, text string
		want                          ModuleKind
	}{
		{"mts", "a.mts", `{"type":"commonjs"}`, "", cjs, ESModule},
		{"cts", "a.cts", `{"type":"module"}`, "", "export const x = 1", CommonJS},
		{"type module", "a.ts", `{"type":"module"}`, "", cjs, ESModule},
		{"type module beats config", "a.ts", `{"type":"module"}`, `"module":"commonjs"`, cjs, ESModule},
		{"type commonjs", "a.ts", `{"type":"commonjs"}`, `"module":"esnext"`, "export const x = 1", CommonJS},
		{"config commonjs", "a.ts", `{}`, `"module":"commonjs"`, "export const x = 1", CommonJS},
		{"config nodenext", "a.ts", `{}`, `"module":"nodenext"`, "export const x = 1", CommonJS},
		{"config esnext", "a.ts", `{}`, `"module":"esnext"`, esm, ESModule},
		{"config esnext script", "a.ts", `{}`, `"module":"esnext"`, cjs, CommonJS},
		{"detected module", "a.ts", `{}`, "", esm, ESModule},
		{"detected await", "a.ts", `{}`, "", "await 1", ESModule},
		{"detected script", "a.ts", `{}`, "", cjs, CommonJS},
		{"tsx", "a.tsx", `{"type":"module"}`, "", "export const x = <a b={1}/>", ESModule},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"package.json": c.pkg, c.file: c.text}
			if c.config != "" {
				files["tsconfig.json"] = `{"compilerOptions":{` + c.config + `}}`
			}
			output := compile(t, project(t, files), c.file)
			if output.Kind != c.want {
				t.Errorf("%v", output.Kind)
			}
			if got := strings.Contains(output.JS, "exports"); got != (c.want == CommonJS && strings.Contains(c.text, "export")) {
				t.Errorf("wrong text\n%s", output.JS)
			}
			if strings.Contains(output.JS, "<a") {
				t.Error("JSX is left")
			}
		})
	}
}

func TestOptions(t *testing.T) {
	const fields = "class Base { x = 1 }\nclass A extends Base { declare y: number; z: number }\nexport { A }"
	const star = "import * as f from 'f';\nimport g from 'g';\nf(g);\nexport const late = import('h')"
	for _, c := range []struct {
		name, config, pkg, text string
		has, hasNot             []string
	}{
		{"old target assigns fields", `"module":"commonjs","target":"es2017"`, `{}`, fields, []string{"this.x = 1"}, []string{"    z;", "    y;"}},
		{"new target defines fields", `"module":"commonjs","target":"es2022"`, `{}`, fields, []string{"x = 1;", "    z;"}, []string{"this.x"}},
		{"flag defines fields", `"module":"commonjs","target":"es2017","useDefineForClassFields":true`, `{}`, fields, []string{"    z;"}, []string{"defineProperty(this"}},
		{"async stays", `"module":"commonjs","target":"es2015"`, `{}`, "export async function f() { await 1; return a?.b ?? c }", []string{"await 1", "a?.b ?? c"}, []string{"__awaiter"}},
		{"no interop", `"module":"commonjs"`, `{}`, star, []string{"const f = require(\"f\");", "const g_1 = require(\"g\");", "f(g_1.default)", "then(() => require('h'))"}, nil},
		{"interop", `"module":"commonjs","esModuleInterop":true`, `{}`, star, []string{"__importStar(require(\"f\"))", "__importDefault(require(\"g\"))"}, nil},
		{"interop of TypeScript 6", `"module":"commonjs"`, `{"devDependencies":{"typescript":"^6.0.1"}}`, star, []string{"__importStar(require(\"f\"))"}, nil},
		{"nodenext keeps import()", `"module":"nodenext"`, `{}`, star, []string{"import('h')", "__importStar(require(\"f\"))"}, nil},
		{"import equals", `"module":"nodenext"`, `{"type":"module"}`, "import x = require('x');\nx()", []string{"createRequire", "__require(\"x\")"}, nil},
		{"enum and namespace", `"module":"commonjs"`, `{}`, "export enum E { A = 1 } export namespace N { export const y = E.A } export class P { constructor(readonly q: number) {} }", []string{`E[E["A"] = 1] = "A"`, "N.y = E.A", "this.q = q"}, nil},
		{"const enum is inlined", `"module":"commonjs"`, `{}`, "const enum E { A = 'x' }\nexport const y = E.A", []string{`"x" /* E.A */`}, []string{"var E"}},
		{"isolated const enum stays", `"module":"commonjs","isolatedModules":true`, `{}`, "export const enum E { A = 'x' }", []string{"var E"}, nil},
		{"verbatim keeps imports", `"module":"nodenext","verbatimModuleSyntax":true`, `{"type":"module"}`, "import { a, type B } from 'x'", []string{"import { a } from 'x'"}, nil},
		{"unused imports go", `"module":"nodenext"`, `{"type":"module"}`, "import { a, type B } from 'x'", []string{"export {}"}, []string{"import"}},
		{"helpers", `"module":"commonjs","importHelpers":true,"experimentalDecorators":true`, `{}`, "declare const D: any;\n@D export class A {}", []string{`require("tslib")`, "tslib_1.__decorate"}, nil},
		{"standard decorators", `"module":"nodenext"`, `{"type":"module"}`, "declare const D: any;\n@D export class A { accessor x = 1 }", []string{"__esDecorate"}, []string{"@D", "accessor x"}},
		{"comments removed", `"removeComments":true,"module":"commonjs"`, `{}`, "// secret\nexport const x = 1", nil, []string{"secret"}},
		{"jsx classic", `"jsx":"react","module":"commonjs"`, `{}`, "export const x = 1", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			js := compile(t, project(t, map[string]string{"tsconfig.json": `{"compilerOptions":{` + c.config + `}}`, "package.json": c.pkg, "a.ts": c.text}), "a.ts").JS
			for _, want := range c.has {
				if !strings.Contains(js, want) {
					t.Errorf("no %s in\n%s", want, js)
				}
			}
			for _, unwanted := range c.hasNot {
				if strings.Contains(js, unwanted) {
					t.Errorf("%s in\n%s", unwanted, js)
				}
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name         string
		files        map[string]string
		file         string // that the error is in
		line, column int
		code, want   string
	}{
		{"syntax", map[string]string{"a.ts": "let x = 1;\nlet y = ;\n"}, "a.ts", 2, 9, "TS1109", "Expression expected."},
		{"syntax in CommonJS", map[string]string{"a.cts": "\tconst é = 'x\n"}, "a.cts", 1, 14, "TS1002", "Unterminated string literal."},
		{"parameter decorator", map[string]string{"a.ts": "class A {\n  m(x: 1, @D() y: 2) {}\n}"}, "a.ts", 2, 11, "TS1206", "Decorators are not valid here."},
		{"config syntax", map[string]string{"a.ts": "", "tsconfig.json": "{\n  \"compilerOptions\": { \"strict\": true,, }\n}"}, "tsconfig.json", 2, 39, "TS1136", "Property assignment expected."},
		{"config value", map[string]string{"a.ts": "", "tsconfig.json": `{ "compilerOptions": { "strict": 1 } }`}, "tsconfig.json", 1, 34, "TS5024", "Compiler option 'strict' requires a value of type boolean."},
		{"config extends nothing", map[string]string{"a.ts": "", "tsconfig.json": `{ "extends": "@x/nope" }`}, "tsconfig.json", 1, 14, "TS6053", "File '@x/nope' not found."},
		{"config extends itself", map[string]string{"a.ts": "", "tsconfig.json": `{ "extends": "./tsconfig.json" }`}, "tsconfig.json", 0, 0, "TS18000", "Circularity detected"},
		{"config paths", map[string]string{"a.ts": "", "tsconfig.json": `{"compilerOptions":{"paths":{"a":"b"}}}`}, "tsconfig.json", 1, 34, "TS5063", "Substitutions for pattern 'a' should be an array."},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := project(t, c.files)
			for name := range c.files {
				if !IsTypeScript(name) {
					continue
				}
				_, err := New(filepath.Join(dir, name), Options{NoCache: true}).Compile(filepath.Join(dir, name))
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("%v", err)
				}
				if e.File != filepath.Join(dir, c.file) || e.Line != c.line || e.Column != c.column || e.Code != c.code || !strings.HasPrefix(e.Message, c.want) {
					t.Errorf("%+v", e)
				}
			}
		})
	}
	for _, harmless := range []string{`{"compilerOptions":{"foo":1}}`, `{"files":[]}`, `{"compilerOptions":{"target":"es5","moduleResolution":"node"}}`, `{"compilerOptions":{"baseUrl":"."}}`, `// comment
{"compilerOptions":{"strict":true,},}`, "", `{"compilerOptions":{"lib":["es2021","dom"],"module":"amd"}}`} {
		dir := project(t, map[string]string{"a.ts": "export const x = 1", "tsconfig.json": harmless})
		if _, err := New(filepath.Join(dir, "a.ts"), Options{NoCache: true}).Compile(filepath.Join(dir, "a.ts")); err != nil {
			t.Errorf("%s: %v", harmless, err)
		}
	}
	dir := project(t, map[string]string{"a.ts": ""})
	if _, err := New(filepath.Join(dir, "a.ts"), Options{NoCache: true}).Compile(filepath.Join(dir, "none.ts")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestReport(t *testing.T) {
	e := &Error{File: "/a.ts", Line: 3, Column: 5, Length: 2, Source: "\té😀xy", Message: "Bad."}
	if got, want := e.Report(), "/a.ts:3\n\té😀xy\n\t  ^^\n\nSyntaxError: Bad.\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestConfigFromPackage(t *testing.T) {
	dir := project(t, map[string]string{
		"tsconfig.json":                          `{ "extends": ["@base/config", "./more.json"] }`,
		"more.json":                              `{ "compilerOptions": { "emitDecoratorMetadata": true } }`,
		"node_modules/@base/config/package.json": `{ "name": "@base/config", "tsconfig": "base.json" }`,
		"node_modules/@base/config/base.json":    `{ "compilerOptions": { "experimentalDecorators": true, "module": "commonjs" } }`,
		"src/a.ts":                               "declare const D: any; export class A { @D x: string }",
	})
	if js := compile(t, dir, "src/a.ts").JS; !strings.Contains(js, `__metadata("design:type", String)`) {
		t.Error(js)
	}
}

// TestReferences has the configurations of workspaces: one that lists others, of which the one that includes the entry point counts.
func TestReferences(t *testing.T) {
	files := map[string]string{
		"tsconfig.json":           `{ "files": [], "references": [{ "path": "./absent" }, { "path": "./tsconfig.node.json" }, { "path": "./apps" }] }`,
		"tsconfig.node.json":      `{ "include": ["vite.config.ts"], "references": [{ "path": "." }] }`,
		"apps/tsconfig.json":      `{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tsconfig.spec.json" }] }`,
		"tsconfig.base.json":      `{ "compilerOptions": { "experimentalDecorators": true, "module": "commonjs", "baseUrl": ".", "paths": { "@lib": ["./lib/index"] } } }`,
		"apps/tsconfig.app.json":  `{ "extends": "../tsconfig.base.json", "compilerOptions": { "emitDecoratorMetadata": true }, "exclude": ["**/*.spec.ts"] }`,
		"apps/tsconfig.spec.json": `{ "extends": "../tsconfig.base.json", "include": ["**/*.spec.ts"] }`,
		"apps/a.ts":               "declare const D: any; export class A { @D x: string }",
		"apps/a.spec.ts":          "declare const D: any; export class A { @D x: string }",
		"vite.config.ts":          "declare const D: any; export class A { @D x: string }",
		"elsewhere/a.ts":          "declare const D: any; export class A { @D x: string }",
	}
	dir := project(t, files)
	for name, want := range map[string][]string{
		"apps/a.ts":      {"__decorate(", "__metadata("},
		"apps/a.spec.ts": {"__decorate("},
		"vite.config.ts": {"__esDecorate("},
		"elsewhere/a.ts": {"__esDecorate("}, // nobody includes it: the options of the configuration that was found
	} {
		js := compile(t, dir, name).JS
		for _, call := range []string{"__decorate(", "__metadata(", "__esDecorate("} {
			if strings.Contains(js, call) != slices.Contains(want, call) {
				t.Errorf("%s: want %v, have\n%s", name, want, js)
				break
			}
		}
	}
	entry := filepath.Join(dir, "apps/a.ts")
	if got := New(entry, Options{NoCache: true}).MapPath("@lib", entry); len(got) == 0 || got[0] != filepath.Join(dir, "lib/index") {
		t.Errorf("@lib is %v", got)
	}
	cache := t.TempDir()
	old := time.Now().Add(-time.Hour)
	for name := range files {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	cached(t, dir, cache, "apps/a.ts")
	if _, compiled := cached(t, dir, cache, "apps/a.ts"); compiled {
		t.Error("compiled again, though nothing has changed")
	}
	if err := os.WriteFile(filepath.Join(dir, "apps/tsconfig.app.json"), []byte(`{ "extends": "../tsconfig.base.json" }`), 0o644); err != nil {
		t.Fatal(err)
	}
	if js, compiled := cached(t, dir, cache, "apps/a.ts"); !compiled || strings.Contains(js, "__metadata(") {
		t.Errorf("a change of the referenced configuration is not noticed: compiled %v\n%s", compiled, js)
	}
}

func TestMapPath(t *testing.T) {
	files := map[string]string{
		"tsconfig.json":    `{"compilerOptions":{"paths":{"@app/*":["./src/*","./lib/*"],"@app/deep/*":["./deep/*"],"exact":["./src/exact"],"*.end":["./end/*"]}}}`,
		"src/a.ts":         "import { x } from '@app/b'; export const y: number = x",
		"src/b.ts":         "export const x = 1; export type T = string",
		"based/a.ts":       "import 'lib/x'",
		"based/lib/x.ts":   "",
		"based/pkg.json":   "",
		"based/other/y.ts": "",
	}
	dir := project(t, files)
	c := New(filepath.Join(dir, "src/a.ts"), Options{NoCache: true})
	for specifier, want := range map[string][]string{
		"@app/b": {"src/b", "lib/b"}, "@app/deep/x": {"deep/x"}, "exact": {"src/exact"}, "exactly": nil, "x.end": {"end/x"}, "./b": nil, "/b": nil, "node:fs": nil, "express": nil, "#x": nil,
	} {
		for i := range want {
			want[i] = filepath.Join(dir, want[i])
		}
		if got := c.MapPath(specifier, filepath.Join(dir, "src/a.ts")); !slices.Equal(got, want) {
			t.Errorf("%s: %q", specifier, got)
		}
	}
	if got := c.MapPath("@app/b", filepath.Join(dir, "node_modules/x/index.js")); got != nil {
		t.Error(got)
	}
	if _, err := c.Compile(filepath.Join(dir, "src/a.ts")); err != nil {
		t.Error(err)
	}
	if c.outputs[filepath.Join(dir, "src/b.ts")] == nil {
		t.Error("a mapped import was not followed")
	}

	write(t, filepath.Join(dir, "based/tsconfig.json"), `{"compilerOptions":{"baseUrl":"./","paths":{"o/*":["other/*"]}}}`)
	c = New(filepath.Join(dir, "based/a.ts"), Options{NoCache: true})
	for specifier, want := range map[string]string{"lib/x": "based/lib/x", "o/y": "based/other/y", "express": "based/express"} {
		if got := c.MapPath(specifier, filepath.Join(dir, "based/a.ts")); !slices.Equal(got, []string{filepath.Join(dir, want)}) {
			t.Errorf("%s: %q", specifier, got)
		}
	}
}

func TestTracePosition(t *testing.T) {
	dir := project(t, map[string]string{"package.json": `{"type":"module"}`, "a.ts": "interface A {}\n\ntype B = 1;\n\nexport function f(x: number): never {\n  throw new Error('é' + x);\n}\n"})
	name := filepath.Join(dir, "a.ts")
	c := New(name, Options{NoCache: true})
	output, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(output.JS, "\n")
	at := slices.IndexFunc(lines, func(s string) bool { return strings.Contains(s, "new Error") })
	source, line, column, ok := c.TracePosition(name, at+1, strings.Index(lines[at], "new Error")+1)
	if source != name || line != 6 || column != 9 || !ok {
		t.Error(source, line, column, ok)
	}
	if _, line, _, ok := c.TracePosition(filepath.Join(dir, "b.js"), 3, 1); ok || line != 3 {
		t.Error(line, ok)
	}
	if _, _, _, ok := c.TracePosition(name, 1000, 1); ok {
		t.Error("a position behind the end")
	}
}

// cached compiles with a cache and tells whether the compiler had to be made.
func cached(t *testing.T, dir, cache, file string) (js string, compiled bool) {
	t.Helper()
	c := New(filepath.Join(dir, "a.ts"), Options{CacheDir: cache})
	output, err := c.Compile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return output.JS, c.built > 0
}

func TestCache(t *testing.T) {
	files := map[string]string{
		"tsconfig.json": decorators,
		"package.json":  `{ "type": "module" }`,
		"a.ts":          "import { T } from './b';\ndeclare const D: any;\n@D() export class A { constructor(t: T) {} }",
		"b.ts":          "export class T {}",
		"apart.ts":      "export const apart = 1",
		"other.ts":      "export const other = 1",
	}
	dir, cache := project(t, files), t.TempDir()
	old := time.Now().Add(-time.Hour)
	age := func(names ...string) {
		for _, name := range names {
			if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	age("tsconfig.json", "package.json", "a.ts", "b.ts", "apart.ts", "other.ts")
	step := func(name, file, has string, wantCompiled bool) {
		t.Helper()
		js, compiled := cached(t, dir, cache, file)
		if compiled != wantCompiled || !strings.Contains(js, has) {
			t.Errorf("%s: compiled %v\n%s", name, compiled, js)
		}
	}
	packs := func() []string {
		names, _ := filepath.Glob(filepath.Join(cache, "*"))
		return names
	}
	step("cold", "a.ts", "[T]", true)
	step("warm", "a.ts", "[T]", false)
	step("warm, imported file", "b.ts", "class T", false)

	write(t, filepath.Join(dir, "b.ts"), "export interface T {}")
	step("types of an import changed", "a.ts", "[Object]", true)
	step("young file, same text", "a.ts", "[Object]", false)
	now := time.Now().Add(-30 * time.Minute)
	_ = os.Chtimes(filepath.Join(dir, "a.ts"), now, now)
	step("touched, same text", "a.ts", "[Object]", false)
	write(t, filepath.Join(dir, "b.ts"), "export class T   {}") // same size, and the same age
	age("b.ts")
	step("changed behind our back, other time", "a.ts", "[T]", true)
	write(t, filepath.Join(dir, "tsconfig.json"), strings.Replace(decorators, `"emitDecoratorMetadata": true`, `"emitDecoratorMetadata": false`, 1))
	step("configuration changed", "a.ts", "__decorate", true)
	if js, _ := cached(t, dir, cache, "a.ts"); strings.Contains(js, "__metadata") {
		t.Error("metadata without the option")
	}
	write(t, filepath.Join(dir, "package.json"), `{ "type": "commonjs" }`)
	step("package changed", "a.ts", "exports.A", true)
	write(t, filepath.Join(dir, "b.d.ts"), "")
	step("a file that nothing looked for", "a.ts", "exports.A", false)

	step("not reached by import", "apart.ts", "apart", true)
	step("warm, all files", "apart.ts", "apart", false)
	step("found on the way", "other.ts", "other", false)

	for _, damage := range []func(data []byte) []byte{
		func(data []byte) []byte { return nil },
		func(data []byte) []byte { return data[:len(data)/2] },
		func(data []byte) []byte { data[len(data)/2] ^= 1; return data },
		func(data []byte) []byte { return bytes.Repeat([]byte{255}, 200) },
	} {
		if len(packs()) != 1 {
			t.Fatal(packs())
		}
		data, err := os.ReadFile(packs()[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(packs()[0], damage(data), 0o600); err != nil {
			t.Fatal(err)
		}
		step("damaged", "a.ts", "exports.A", true)
		step("rebuilt", "a.ts", "exports.A", false)
	}

	write(t, filepath.Join(dir, "a.ts"), "let = ;")
	for range 2 {
		if _, err := New(filepath.Join(dir, "a.ts"), Options{CacheDir: cache}).Compile(filepath.Join(dir, "a.ts")); err == nil {
			t.Error("no error")
		}
	}
}

func TestCacheWithoutPlace(t *testing.T) {
	dir := project(t, map[string]string{"a.ts": "export const x = 1", "file": ""})
	for _, cache := range []string{filepath.Join(dir, "file"), filepath.Join(dir, "file/below"), "/proc/none"} {
		if js, _ := cached(t, dir, cache, "a.ts"); !strings.Contains(js, "x = 1") {
			t.Error(js)
		}
	}
}

// TestCacheShadowed has a file appear where the resolution had looked before it found another.
func TestCacheShadowed(t *testing.T) {
	dir, cache := project(t, map[string]string{"tsconfig.json": decorators, "package.json": `{ "type": "module" }`, "b/index.ts": "export interface T {}",
		"a.ts": "import { T } from './b';\ndeclare const D: any;\n@D() export class A { constructor(t: T) {} }"}), t.TempDir()
	cached(t, dir, cache, "a.ts")
	if js, compiled := cached(t, dir, cache, "a.ts"); compiled || !strings.Contains(js, "[Object]") {
		t.Error(compiled, js)
	}
	write(t, filepath.Join(dir, "b.ts"), "export class T {}")
	if js, compiled := cached(t, dir, cache, "a.ts"); !compiled || !strings.Contains(js, "[T]") {
		t.Error(compiled, js)
	}
}

// TestCacheHammer starts many compilers on one cache while files change.
func TestCacheHammer(t *testing.T) {
	dir, cache := project(t, map[string]string{"a.ts": "import './b'; export const x = 0", "b.ts": "export class T {}"}), t.TempDir()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 5 {
				if i == 0 {
					_ = os.WriteFile(filepath.Join(dir, "b.ts"), []byte("export class T { x = "+strings.Repeat("1", 1+i)+" }"), 0o644)
				}
				c := New(filepath.Join(dir, "a.ts"), Options{CacheDir: cache})
				var inner sync.WaitGroup
				for range 2 {
					inner.Go(func() {
						if output, err := c.Compile(filepath.Join(dir, "a.ts")); err != nil || !strings.Contains(output.JS, "x = 0") {
							t.Error(output, err)
						}
						c.MapPath("x", filepath.Join(dir, "a.ts"))
						c.TracePosition(filepath.Join(dir, "a.ts"), 1, 1)
					})
				}
				inner.Wait()
			}
		})
	}
	group.Wait()
	if names, _ := filepath.Glob(filepath.Join(cache, ".pack-*")); len(names) > 0 {
		t.Error("left behind: ", names)
	}
}

func TestPackCoding(t *testing.T) {
	p := &pack{config: "/c", roots: []string{"/a", ""}, widened: true, paths: []roost.PathMapping{{Pattern: "x/*", Targets: []string{"/y/*"}}}, written: -5,
		inputs: []input{{path: "/a", size: 1, mtime: -1 << 60, inode: 1 << 63, sum: [32]byte{1, 2}}}, absent: []string{"/n"}, files: []packedFile{{"/a", "js", "AAAA", ESModule}}}
	body := string(p.encode())
	if got := decodePack(body); got == nil || string(got.encode()) != body {
		t.Errorf("%+v", got)
	}
	for i := range len(body) {
		decodePack(body[:i]) // does not panic
		if decodePack(body[:i]) != nil {
			t.Error("accepted a part, ", i)
		}
	}
}

func FuzzPack(f *testing.F) {
	f.Add(string((&pack{config: "/c", roots: []string{"/a"}, files: []packedFile{{"/a", "js", "AAAA", ESModule}}}).encode()))
	f.Fuzz(func(t *testing.T, body string) { decodePack(body) })
}
