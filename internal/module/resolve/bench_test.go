package resolve

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkRequireCached(b *testing.B) {
	root := tree(b, program)
	r := New(testOptions())
	parent := root + "/app/c.cjs"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Require("sub/p/x", parent, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRequireCachedWithPaths(b *testing.B) {
	root := tree(b, program)
	r := New(testOptions())
	parent := root + "/app/c.cjs"
	paths := NodeModulePaths(root + "/app")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Require("dep", parent, paths); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkImportCached(b *testing.B) {
	root := tree(b, program)
	r := New(testOptions())
	parent := PathToFileURL(root + "/app/m.mjs")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Import("sub/p/x", parent); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWalkDepth10 finds a package ten folders up: cold with nothing known, warm with the file
// system's answers but not the resolver's own.
func BenchmarkWalkDepth10(b *testing.B) {
	root := tree(b, program)
	parent := root + "/app" + strings.Repeat("/d", 10) + "/f.js"
	for _, state := range []string{"cold", "warm"} {
		b.Run(state, func(b *testing.B) {
			r := New(testOptions())
			b.ReportAllocs()
			for b.Loop() {
				if state == "cold" {
					r.Invalidate()
				} else {
					clear(r.answers)
					clear(r.found)
				}
				if _, err := r.Require("dep", parent, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkApplication resolves what a large application does at its start: 150 packages of 10 files,
// each file requiring 5 others; 7500 requests, from nothing.
func BenchmarkApplication(b *testing.B) {
	files := map[string]string{}
	name := func(p int) string { return fmt.Sprintf("@scope%d/pkg%d", p%7, p) }
	for p := range 150 {
		dir := "node_modules/" + name(p)
		files[dir+"/package.json"] = fmt.Sprintf(`{"name":%q,"version":"1.2.3","description":%q,"main":"./dist/f0.js","exports":{".":{"types":"./dist/f0.d.ts","import":"./dist/f0.mjs","require":"./dist/f0.js"},"./package.json":"./package.json"}}`, name(p), strings.Repeat("text ", 200))
		for f := range 10 {
			files[fmt.Sprintf("%s/dist/f%d.js", dir, f)] = ""
		}
	}
	root := tree(b, files)
	b.ReportAllocs()
	type request struct{ specifier, parent string }
	var requests []request
	for p := range 150 {
		for f := range 10 {
			parent := fmt.Sprintf("%s/node_modules/%s/dist/f%d.js", root, name(p), f)
			for _, s := range []string{"./f1", "./f" + fmt.Sprint((f+3)%10), name((p*3 + f) % 150), name((p*7 + f) % 150), "fs"} {
				requests = append(requests, request{s, parent})
			}
		}
	}
	for b.Loop() {
		r := New(testOptions())
		for _, q := range requests {
			if _, err := r.Require(q.specifier, q.parent, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(requests)), "us/request")
}

func BenchmarkParsePackage(b *testing.B) {
	text := []byte(`{"name":"x","scripts":{` + strings.Repeat(`"build":"tsc -p .",`, 100) + `"z":"z"},"main":"./dist/index.js","dependencies":{` + strings.Repeat(`"some-package":"^1.2.3",`, 50) + `"z":"1"}}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		parsePackage("/p/package.json", text)
	}
}
