package resolve

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzExports feeds any exports value and any subpath: the resolver may refuse, never panic, and must
// not leave the package.
func FuzzExports(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"./*":"./lib/*.js"}`, "./a"}, {`{"./a*b":"./*"}`, "./ab"}, {`["x",null,{"import":"./i"}]`, "."}, {`{"import":{"node":null},"default":"./x"}`, "."},
		{`{"./*":"./%2e%2e/*"}`, "./../x"}, {`{"./":"./"}`, "./"}, {`{"0":1}`, "."}, {`{"./x":"./\\..\\y"}`, "./x"}, {`{"./*":"./*/*"}`, "./%"}, {`"./?q#h"`, "."}, {`{"./*":"./*"}`, "./%5c..%5c"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, exports, subpath string) {
		r := New(Options{})
		pkg := parsePackage("/root/pkg/package.json", []byte(`{"name":"pkg","exports":`+exports+`}`))
		value, err := pkg.Exports()
		if value == nil || err != nil {
			return
		}
		for _, base := range []*importer{nil, fileImporter("/root/x.js")} {
			loc, err := r.packageExports(pkg, value, subpath, base, r.imports)
			if err == nil && !strings.HasPrefix(loc.url.path, "/root/pkg/") {
				t.Errorf("%s %q leads to %q", exports, subpath, loc.url.path)
			}
		}
		c := &mapping{pkg: pkg, request: "#" + subpath, base: fileImporter("/root/x.js"), conditions: r.require, internal: true}
		r.lookUp(c, value)
	})
}

// FuzzPackageJSON: whatever encoding/json accepts as an object of proper fields is accepted, with the
// same main.
func FuzzPackageJSON(f *testing.F) {
	for _, seed := range []string{`{"main":"x"}`, `{"a":{"b":["]"]},"main":"\u0061"}`, `{"exports":{"a":[1,2]}}`, `{`, "\xef\xbb\xbf{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := parsePackage("/p/package.json", []byte(text))
		p.Exports()
		p.Imports()
		var ref map[string]json.RawMessage
		if json.Unmarshal([]byte(strings.TrimPrefix(text, "\xef\xbb\xbf")), &ref) != nil || ref == nil || strings.ContainsRune(text, '\ufffd') || !json.Valid([]byte(text)) {
			return
		}
		for _, field := range []string{"name", "type"} {
			if raw, ok := ref[field]; ok && raw[0] != '"' {
				return
			}
		}
		if p.invalid && !strings.Contains(text, `"name"`) && !strings.Contains(text, `"type"`) && json.Valid([]byte(text)) && strings.ToValidUTF8(text, "") == text {
			t.Errorf("%q was refused", text)
		}
	})
}

// FuzzSpecifier: no specifier makes the resolver panic.
func FuzzSpecifier(f *testing.F) {
	root := tree(f, program)
	for _, seed := range []string{"./a", "..", "#p/a", "sub/p/x", "@s/p", "file:///%2e", "data:,", "node:", "./%", "\\", "@", "@/", "//", "a:b", "./\x00"} {
		f.Add(seed)
	}
	opts := testOptions()
	f.Fuzz(func(t *testing.T, specifier string) {
		r := New(opts)
		r.Require(specifier, root+"/app/c.cjs", nil)
		r.Import(specifier, PathToFileURL(root+"/app/m.ts"))
		r.ResolveURL(specifier, "data:text/javascript,1")
		r.LookupPaths(specifier, "")
		FileURLToPath(specifier)
	})
}
