package resolve

import (
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// publicBuiltins are enough of Node's builtins for these tests.
var publicBuiltins = map[string]bool{
	"fs": true, "fs/promises": true, "path": true, "sys": true,
	"test": true, "test/reporters": true, "sqlite": true, "sea": true,
}

// tree writes files below a fresh folder and returns its real path. A value "-> x" makes a symbolic
// link to x, a name that ends in a slash a folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, files)
	return root
}

func write(t testing.TB, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		target, link := strings.CutPrefix(text, "-> ")
		switch {
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(full, 0o755)
		case link:
			err = os.Symlink(target, full)
		default:
			err = os.WriteFile(full, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func testOptions() Options {
	return Options{Builtins: func(name string) bool { return publicBuiltins[name] }}
}

// A want is the result's path below the root, or "node:x", or an error as "CODE message" in which
// ROOT stands for the root. For import, a path that starts with "URL " is compared with Result.URL.
type want struct{ specifier, want string }

func outcomeText(root string, res Result, err error) string {
	if err != nil {
		e := err.(*Error)
		code := e.Code
		if code == "" {
			code = e.Name
		}
		return code + " " + strings.ReplaceAll(e.Message, root, "ROOT")
	}
	if res.Builtin != "" {
		return "node:" + res.Builtin
	}
	if res.Path == "" {
		return "URL " + res.URL
	}
	return strings.TrimPrefix(res.Path, root+"/")
}

func checkRequire(t *testing.T, r *Resolver, root, parent string, wants []want) {
	t.Helper()
	for _, w := range wants {
		res, err := r.Require(strings.ReplaceAll(w.specifier, "ROOT", root), path.Join(root, parent), nil)
		if got := outcomeText(root, res, err); got != w.want {
			t.Errorf("require(%q) in %s\n got %s\nwant %s", w.specifier, parent, got, w.want)
		}
	}
}

func checkImport(t *testing.T, r *Resolver, root, parent string, wants []want) {
	t.Helper()
	for _, w := range wants {
		res, err := r.Import(strings.ReplaceAll(w.specifier, "ROOT", root), PathToFileURL(path.Join(root, parent)))
		if got := outcomeText(root, res, err); got != w.want {
			t.Errorf("import %q in %s\n got %s\nwant %s", w.specifier, parent, got, w.want)
		}
	}
}

const inParent = " imported from ROOT/app/m.mjs"
const requireStack = "\nRequire stack:\n- ROOT/app/c.cjs"

// files holds one program with every kind of package.
var program = map[string]string{
	"app/package.json": `{"name":"app","exports":{".":"./a.js","./only":{"import":"./a.js"},"./gone":"./gone.js"},"imports":{
		"#a":"./a.js","#dep":"dep","#null":null,"#fs":"fs","#node":"node:fs","#gone":"./gone.js","#nopkg":"nopkg","#up":"../x.js",
		"#p/*":"./*.js","#q/*":"sub/p/*","#n":3,"#arr":["nope:x","dep"],"#abs":"/abs","#none":{"foo":"./x"},"#num":{"0":"./a.js"},"#/s":"./a.js"}}`,
	"app/a.js": "", "app/noext": "", "app/x.foo": "", "app/both.js": "", "app/both.json": "{}", "app/data.json": "{}", "app/add.node": "",
	"app/dir/index.js": "", "app/dirjson/index.json": "{}", "app/empty/": "", "app/dirmain/package.json": `{"main":"lib"}`, "app/dirmain/lib/index.js": "",
	"app/é b#?.js": "", "app/same/index.js": "", "app/same.js": "",
	"app/node_modules/dep/index.js": "", "app/node_modules/dep/x.js": "", "app/node_modules/dep/dir/index.js": "",
	"app/node_modules/main/package.json": `{"main":"lib/m"}`, "app/node_modules/main/lib/m.js": "",
	"app/node_modules/badmain/package.json": `{"main":"./nope.js"}`, "app/node_modules/badmain/index.js": "",
	"app/node_modules/nomain/package.json": `{"main":"./nope.js"}`, "app/node_modules/bare/": "",
	"app/node_modules/mainnum/package.json": `{"main":1}`, "app/node_modules/mainnum/index.js": "",
	"app/node_modules/file.js":                "",
	"app/node_modules/@s/p/index.js":          "",
	"app/node_modules/@s/p/x.js":              "",
	"app/node_modules/test/index.js":          "",
	"app/node_modules/fs/index.js":            "",
	"app/node_modules/bom/package.json":       "\xef\xbb\xbf{\"main\":\"m.js\"}",
	"app/node_modules/bom/m.js":               "",
	"app/node_modules/broken/package.json":    `{"a":`,
	"app/node_modules/none/package.json":      `{"exports":null,"main":"m.js"}`,
	"app/node_modules/none/m.js":              "",
	"app/node_modules/no/package.json":        `{"exports":{}}`,
	"app/node_modules/str/package.json":       `{"exports":"./a.js"}`,
	"app/node_modules/str/a.js":               "",
	"app/node_modules/badstr/package.json":    `{"exports":"a.js"}`,
	"app/node_modules/mixed/package.json":     `{"exports":{".":"./a.js","import":"./b.js"}}`,
	"app/node_modules/numeric/package.json":   `{"exports":{"0":"./a.js"}}`,
	"app/node_modules/order/package.json":     `{"exports":{"default":"./d.js","require":"./r.js","import":"./i.mjs"}}`,
	"app/node_modules/order/d.js":             "",
	"app/node_modules/sub/a.js":               "",
	"app/node_modules/sub/r.js":               "",
	"app/node_modules/sub/i.mjs":              "",
	"app/node_modules/sub/p/x.js":             "",
	"app/node_modules/sub/p/private/y.js":     "",
	"app/node_modules/sub/css/k.css":          "",
	"app/node_modules/sub/d/index.js":         "",
	"node_modules/outer/index.js":             "",
	"node_modules/dep/index.js":               "",
	"app/node_modules/dep/node_modules/in.js": "",
	"app/node_modules/dep/deep/er/f.js":       "",
	"global/glob/index.js":                    "",
	"app/node_modules/sub/package.json": `{"exports":{".":"./a.js","./gone":"./gone.js","./d":"./d","./null":null,"./bad":"a.js","./up":"../dep/index.js",
		"./nm":"./node_modules/x.js","./NM":"./%6eode_MODULES/x.js","./num":5,"./true":true,"./arr":["a.js","./a.js"],"./arrgone":["./gone.js","./a.js"],"./arrnull":["x",null],"./arrempty":[],
		"./cond":{"import":"./i.mjs","require":"./r.js"},"./nest":{"node":{"import":null,"require":"./r.js"},"default":"./a.js"},
		"./open":{"node":{"nope":"./x.js"},"default":"./a.js"},"./user":{"mine":"./r.js","default":"./a.js"},"./sync":{"module-sync":"./a.js"},"./addon":{"node-addons":"./a.js"},
		"./p/*":"./p/*.js","./p/private/*":null,"./p/*.css":"./css/*.css","./s*":"./p/*.js","./dots":"./x/../a.js","./enc":"./%61.js","./slash":"./x%2fy.js","./two/*/*":"./a.js",
		"./folder/":"./p/","./quote":"a\"b","./main*":{"foo":"./a.js"}}}`,
}

func TestRequire(t *testing.T) {
	root := tree(t, program)
	opts := testOptions()
	opts.GlobalPaths = []string{root + "/global"}
	notExported := func(sub, pkg string) string {
		return "ERR_PACKAGE_PATH_NOT_EXPORTED Package subpath '" + sub + `' is not defined by "exports" in ROOT/app/node_modules/` + pkg + "/package.json"
	}
	missing := func(s string) string { return "MODULE_NOT_FOUND Cannot find module '" + s + "'" + requireStack }
	target := func(v, key string) string {
		return `ERR_INVALID_PACKAGE_TARGET Invalid "exports" target ` + v + " defined for '" + key + "' in the package config ROOT/app/node_modules/sub/package.json"
	}
	const start = `; targets must start with "./"`
	checkRequire(t, New(opts), root, "app/c.cjs", []want{
		// Files and folders.
		{"./a", "app/a.js"}, {"./a.js", "app/a.js"}, {"./noext", "app/noext"}, {"./x.foo", "app/x.foo"},
		{"./both", "app/both.js"}, {"./data", "app/data.json"}, {"./add", "app/add.node"}, {"ROOT/app/a", "app/a.js"},
		{"./dir", "app/dir/index.js"}, {"./dir/", "app/dir/index.js"}, {"./dir/.", "app/dir/index.js"}, {"./dirjson", "app/dirjson/index.json"},
		{"./dirmain", "app/dirmain/lib/index.js"}, {"./same", "app/same.js"}, {"./same/", "app/same/index.js"}, {"./é b#?.js", "app/é b#?.js"},
		{"./empty", missing("./empty")}, {"./a.js/", missing("./a.js/")}, {".", missing(".")}, {"..", missing("..")},
		{"./nope", missing("./nope")}, {"/nope", missing("/nope")}, {"", missing("")}, {"./a.js?x", missing("./a.js?x")},
		{"file:///x", missing("file:///x")}, {"./%61.js", missing("./%61.js")}, {"./\x00", missing("./\x00")},
		// Builtins.
		{"fs", "node:fs"}, {"node:fs", "node:fs"}, {"fs/promises", "node:fs/promises"}, {"node:test", "node:test"}, {"test", "app/node_modules/test/index.js"},
		{"node:sqlite", "node:sqlite"}, {"sqlite", missing("sqlite")}, {"node:sea", "node:sea"}, {"sea", missing("sea")}, {"fs/", "app/node_modules/fs/index.js"},
		{"node:nope", missing("node:nope")}, {"node:FS", missing("node:FS")},
		// Packages without exports.
		{"dep", "app/node_modules/dep/index.js"}, {"dep/", "app/node_modules/dep/index.js"}, {"dep/x", "app/node_modules/dep/x.js"}, {"dep/dir", "app/node_modules/dep/dir/index.js"},
		{"outer", "node_modules/outer/index.js"}, {"glob", "global/glob/index.js"}, {"file", "app/node_modules/file.js"}, {"main", "app/node_modules/main/lib/m.js"},
		{"badmain", "app/node_modules/badmain/index.js"}, {"mainnum", "app/node_modules/mainnum/index.js"}, {"bom", "app/node_modules/bom/m.js"}, {"none", "app/node_modules/none/m.js"},
		{"@s/p", "app/node_modules/@s/p/index.js"}, {"@s/p/x", "app/node_modules/@s/p/x.js"}, {"@s", missing("@s")}, {"@s/q", missing("@s/q")},
		{"nopkg", missing("nopkg")}, {"bare", missing("bare")}, {".dep", missing(".dep")}, {"..x", missing("..x")},
		{"nomain", `MODULE_NOT_FOUND Cannot find module 'ROOT/app/node_modules/nomain/nope.js'. Please verify that the package.json has a valid "main" entry`},
		{"broken", "ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/app/node_modules/broken/package.json."},
		// exports.
		{"str", "app/node_modules/str/a.js"}, {"str/x", notExported("./x", "str")}, {"str/package.json", notExported("./package.json", "str")},
		{"no", `ERR_PACKAGE_PATH_NOT_EXPORTED No "exports" main defined in ROOT/app/node_modules/no/package.json`},
		{"badstr", `ERR_INVALID_PACKAGE_TARGET Invalid "exports" main target "a.js" defined in the package config ROOT/app/node_modules/badstr/package.json` + start},
		{"mixed", "ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/app/node_modules/mixed/package.json. \"exports\" cannot contain some keys starting with '.' and some not. The exports object must either be an object of package subpath keys or an object of main entry condition name keys only."},
		{"numeric", `ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/app/node_modules/numeric/package.json. "exports" cannot contain numeric property keys.`},
		{"order", "app/node_modules/order/d.js"},
		{"sub", "app/node_modules/sub/a.js"}, {"sub/", notExported("./", "sub")}, {"sub/null", notExported("./null", "sub")},
		{"sub/gone", "MODULE_NOT_FOUND Cannot find module 'ROOT/app/node_modules/sub/gone.js'"}, {"sub/d", "MODULE_NOT_FOUND Cannot find module 'ROOT/app/node_modules/sub/d'"},
		{"sub/bad", target(`"a.js"`, "./bad") + start}, {"sub/up", target(`"../dep/index.js"`, "./up") + start}, {"sub/nm", target(`"./node_modules/x.js"`, "./nm")},
		{"sub/NM", target(`"./%6eode_MODULES/x.js"`, "./NM")}, {"sub/dots", target(`"./x/../a.js"`, "./dots")}, {"sub/quote", target(`"a\"b"`, "./quote") + start},
		{"sub/num", target(`"5"`, "./num") + start}, {"sub/true", target(`"true"`, "./true") + start},
		{"sub/arr", "app/node_modules/sub/a.js"}, {"sub/arrgone", "MODULE_NOT_FOUND Cannot find module 'ROOT/app/node_modules/sub/gone.js'"},
		{"sub/arrnull", notExported("./arrnull", "sub")}, {"sub/arrempty", notExported("./arrempty", "sub")},
		{"sub/cond", "app/node_modules/sub/r.js"}, {"sub/nest", "app/node_modules/sub/r.js"}, {"sub/open", "app/node_modules/sub/a.js"}, {"sub/user", "app/node_modules/sub/a.js"},
		{"sub/sync", "app/node_modules/sub/a.js"}, {"sub/addon", "app/node_modules/sub/a.js"}, {"sub/enc", "app/node_modules/sub/a.js"},
		{"sub/p/x", "app/node_modules/sub/p/x.js"}, {"sub/sx", "app/node_modules/sub/p/x.js"}, {"sub/p/private/y", notExported("./p/private/y", "sub")},
		{"sub/p/k.css", "app/node_modules/sub/css/k.css"}, {"sub/p/", notExported("./p/", "sub")}, {"sub/p//x", "app/node_modules/sub/p/x.js"},
		{"sub/two/a/b", notExported("./two/a/b", "sub")}, {"sub/folder/x", notExported("./folder/x", "sub")}, {"sub/mainx", notExported("./mainx", "sub")},
		{"sub/p/../../x", `ERR_INVALID_MODULE_SPECIFIER Invalid module "./p/../../x" request is not a valid match in pattern "./p/*" for the "exports" resolution of ROOT/app/node_modules/sub/package.json`},
		{"sub/p/%2E%2e/x", `ERR_INVALID_MODULE_SPECIFIER Invalid module "./p/%2E%2e/x" request is not a valid match in pattern "./p/*" for the "exports" resolution of ROOT/app/node_modules/sub/package.json`},
		{"sub/slash", `ERR_INVALID_MODULE_SPECIFIER Invalid module "file://ROOT/app/node_modules/sub/x%2fy.js" must not include encoded "/" or "\" characters`},
		// Self-reference and imports.
		{"app", "app/a.js"}, {"app/only", `ERR_PACKAGE_PATH_NOT_EXPORTED Package subpath './only' is not defined by "exports" in ROOT/app/package.json imported from ROOT/app/c.cjs`},
		{"app/gone", "MODULE_NOT_FOUND Cannot find module 'ROOT/app/gone.js'"}, {"apple", missing("apple")},
		{"#a", "app/a.js"}, {"#dep", "app/node_modules/dep/index.js"}, {"#p/a", "app/a.js"}, {"#q/x", "app/node_modules/sub/p/x.js"}, {"#arr", "app/node_modules/dep/index.js"}, {"#/s", "app/a.js"},
		{"#null", `ERR_PACKAGE_IMPORT_NOT_DEFINED Package import specifier "#null" is not defined in package ROOT/app/package.json imported from ROOT/app/c.cjs`},
		{"#none", `ERR_PACKAGE_IMPORT_NOT_DEFINED Package import specifier "#none" is not defined in package ROOT/app/package.json imported from ROOT/app/c.cjs`},
		{"#fs", "ERR_INVALID_URL_SCHEME The URL must be of scheme file"}, {"#nopkg", "MODULE_NOT_FOUND Cannot find module '#nopkg'"},
		{"#gone", "MODULE_NOT_FOUND Cannot find module 'ROOT/app/gone.js'"},
		{"#up", `ERR_INVALID_PACKAGE_TARGET Invalid "imports" target "../x.js" defined for '#up' in the package config ROOT/app/package.json imported from ROOT/app/c.cjs`},
		{"#num", `ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/app/package.json while importing file://ROOT/app/c.cjs. "exports" cannot contain numeric property keys.`},
		{"#", `ERR_INVALID_MODULE_SPECIFIER Invalid module "#" is not a valid internal imports specifier name imported from ROOT/app/c.cjs`},
	})
	// A package without imports field looks for a folder of that name.
	checkRequire(t, New(opts), root, "app/node_modules/str/f.js", []want{{"#a", "MODULE_NOT_FOUND Cannot find module '#a'\nRequire stack:\n- ROOT/app/node_modules/str/f.js"}})
	// The walk goes through node_modules folders, not into node_modules/node_modules.
	checkRequire(t, New(opts), root, "app/node_modules/dep/deep/er/f.js", []want{{"in", "app/node_modules/dep/node_modules/in.js"}, {"outer", "node_modules/outer/index.js"}, {"dep", "app/node_modules/dep/index.js"}})
}

func TestImport(t *testing.T) {
	root := tree(t, program)
	notExported := func(sub, pkg string) string {
		return "ERR_PACKAGE_PATH_NOT_EXPORTED Package subpath '" + sub + `' is not defined by "exports" in ROOT/app/node_modules/` + pkg + "/package.json" + inParent
	}
	missing := func(file string) string {
		return "ERR_MODULE_NOT_FOUND Cannot find module 'ROOT/app/" + file + "'" + inParent
	}
	noPackage := func(name string) string {
		return "ERR_MODULE_NOT_FOUND Cannot find package '" + name + "'" + inParent
	}
	dirImport := func(dir, hint string) string {
		m := "ERR_UNSUPPORTED_DIR_IMPORT Directory import 'ROOT/app/" + dir + "' is not supported resolving ES modules" + inParent
		if hint != "" {
			m += "\nDid you mean to import \"" + hint + "\"?"
		}
		return m
	}
	badName := func(s string) string {
		return `ERR_INVALID_MODULE_SPECIFIER Invalid module "` + s + `" is not a valid package name` + inParent
	}
	checkImport(t, New(testOptions()), root, "app/m.mjs", []want{
		{"./a.js", "app/a.js"}, {"./%61.js", "app/a.js"}, {"./a.js?x#y", "app/a.js"}, {"./dir/../a.js", "app/a.js"}, {"./dir/%2E./a.js", "app/a.js"}, {"ROOT/app/a.js", "app/a.js"}, {"file://ROOT/app/a.js", "app/a.js"},
		{"file://localhostROOT/app/a.js", "app/a.js"}, {"./%C3%A9%20b%23%3f.js", "app/é b#?.js"}, {"./noext", "app/noext"}, {"./a\t.js", "app/a.js"},
		{"./a", missing("a") + "\nDid you mean to import \"./a.js\"?"}, {"./nope", missing("nope")}, {"./dir", dirImport("dir", "./dir/index.js")}, {"./dir/", dirImport("dir/", "./dir/index.js")},
		{"./empty", dirImport("empty", "")}, {"./a.js/", dirImport("a.js/", "")}, {".", dirImport("", "")},
		{"./x%2Fy", `ERR_INVALID_MODULE_SPECIFIER Invalid module "ROOT/app/x%2Fy" must not include encoded "/" or "\" characters` + inParent},
		{"./%", "URIError URI malformed"}, {"./%ff", "URIError URI malformed"}, {"//host/x", `ERR_INVALID_FILE_URL_HOST File URL host must be "localhost" or empty on linux`},
		{"./x.foo", `ERR_UNKNOWN_FILE_EXTENSION Unknown file extension ".foo" for ROOT/app/x.foo`},
		{"./data.json", `ERR_IMPORT_ATTRIBUTE_MISSING Module "file://ROOT/app/data.json" needs an import attribute of "type: json"`},
		{"fs", "node:fs"}, {"node:fs", "node:fs"}, {"node:test", "node:test"}, {"test", "app/node_modules/test/index.js"}, {"sqlite", noPackage("sqlite")}, {"node:nope", "ERR_UNKNOWN_BUILTIN_MODULE No such built-in module: node:nope"},
		{"http://x/", "ERR_UNSUPPORTED_ESM_URL_SCHEME Only URLs with a scheme in: file and data are supported by the default ESM loader. Received protocol 'http:'"},
		{"blob:x", "ERR_UNSUPPORTED_ESM_URL_SCHEME Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. Received protocol 'blob:'"},
		{"data:text/javascript,1", "URL data:text/javascript,1"}, {"data:text/javascript,1 ", "URL data:text/javascript,1"}, {"data:text/css,", "ERR_UNKNOWN_MODULE_FORMAT Unknown module format: text/css for URL data:text/css,"}, {"data:,", "ERR_UNKNOWN_MODULE_FORMAT Unknown module format: null for URL data:,"}, {"data:x", "ERR_INVALID_URL Invalid URL"},
		{"dep", "app/node_modules/dep/index.js"}, {"dep/x.js", "app/node_modules/dep/x.js"}, {"dep/%78.js", "app/node_modules/dep/x.js"}, {"outer", "node_modules/outer/index.js"}, {"main", "app/node_modules/main/lib/m.js"}, {"badmain", "app/node_modules/badmain/index.js"},
		{"dep/x", missing("node_modules/dep/x") + "\nDid you mean to import \"dep/x.js\"?"}, {"dep/dir", dirImport("node_modules/dep/dir", "dep/dir/index.js")}, {"nopkg", noPackage("nopkg")}, {"nopkg/x", noPackage("nopkg")},
		{"nomain", noPackage("ROOT/app/node_modules/nomain/nope.js")}, {"bare", noPackage("ROOT/app/node_modules/bare/index.js")}, {"", noPackage("ROOT/app/node_modules/index.js")},
		{"file", noPackage("file") + "\nDid you mean to import \"file://ROOT/app/node_modules/file.js\"?"}, {"@s/p", "app/node_modules/@s/p/index.js"}, {"@s/q/x", noPackage("@s/q")}, {"@s", badName("@s")}, {".dep", badName(".dep")}, {"a%2fb", badName("a%2fb")}, {`a\b`, badName(`a\b`)},
		{"broken", `ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/app/node_modules/broken/package.json while importing "broken" from ROOT/app/m.mjs.`},
		{"numeric", `ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/app/node_modules/numeric/package.json while importing file://ROOT/app/m.mjs. "exports" cannot contain numeric property keys.`},
		{"no", `ERR_PACKAGE_PATH_NOT_EXPORTED No "exports" main defined in ROOT/app/node_modules/no/package.json` + inParent},
		{"sub/cond", "app/node_modules/sub/i.mjs"}, {"sub/nest", notExported("./nest", "sub")}, {"sub/p/x", "app/node_modules/sub/p/x.js"}, {"sub/p/x?q", missing("node_modules/sub/p/x") /* ?q.js is the query */},
		{"sub/p/k.css", `ERR_UNKNOWN_FILE_EXTENSION Unknown file extension ".css" for ROOT/app/node_modules/sub/css/k.css`},
		{"sub/d", dirImport("node_modules/sub/d", "")}, {"sub/gone", missing("node_modules/sub/gone.js")},
		{"app", "app/a.js"}, {"app/only", "app/a.js"}, {"#a", "app/a.js"}, {"#dep", "app/node_modules/dep/index.js"}, {"#fs", "node:fs"},
		{"#node", `ERR_INVALID_PACKAGE_TARGET Invalid "imports" target "node:fs" defined for '#node' in the package config ROOT/app/package.json` + inParent},
		{"#n", `ERR_INVALID_PACKAGE_TARGET Invalid "imports" target "3" defined for '#n' in the package config ROOT/app/package.json` + inParent},
		{"#nopkg", "ERR_MODULE_NOT_FOUND Cannot find package 'nopkg' imported from ROOT/app/package.json"},
		{"#x", `ERR_PACKAGE_IMPORT_NOT_DEFINED Package import specifier "#x" is not defined in package ROOT/app/package.json` + inParent},
	})
	res, err := New(testOptions()).Import("./a.js?x#y", PathToFileURL(root+"/app/m.mjs"))
	if err != nil || res.URL != "file://"+root+"/app/a.js?x#y" || res.Path != root+"/app/a.js" {
		t.Errorf("query and fragment: %+v, %v", res, err)
	}
	withUser := testOptions()
	withUser.Conditions = []string{"mine"}
	checkImport(t, New(withUser), root, "app/m.mjs", []want{{"sub/user", "app/node_modules/sub/r.js"}})
	withUser.NoAddons = true
	checkImport(t, New(withUser), root, "app/m.mjs", []want{{"sub/addon", notExported("./addon", "sub")}})
}

func TestImportFromDataURL(t *testing.T) {
	const parent = "data:text/javascript,1"
	r := New(testOptions())
	refused := func(s string) string {
		return `ERR_UNSUPPORTED_RESOLVE_REQUEST Failed to resolve module specifier "` + s + `" from "` + parent + `": Invalid relative URL or base scheme is not hierarchical.`
	}
	for _, w := range []want{{"./x", refused("./x")}, {"/x", refused("/x")}, {"dep", refused("dep")}, {"#a", refused("#a")}, {"", refused("")}, {"fs", "node:fs"}, {"node:fs", "node:fs"}, {"data:text/javascript,2", "URL data:text/javascript,2"}} {
		res, err := r.Import(w.specifier, parent)
		if got := outcomeText("\x00", res, err); got != w.want {
			t.Errorf("%q: got %s, want %s", w.specifier, got, w.want)
		}
	}
}

func TestErrorProperties(t *testing.T) {
	root := tree(t, program)
	r := New(testOptions())
	parent := root + "/app/c.cjs"
	for _, c := range []struct {
		how, specifier string
		want           Error
	}{
		{"require", "./nope", Error{Name: "Error", RequireStack: []string{parent}}},
		{"require", "sub/gone", Error{Name: "Error", Path: root + "/app/node_modules/sub"}},
		{"require", "#gone", Error{Name: "Error", Path: root + "/app/package.json"}},
		{"require", "app/gone", Error{Name: "Error", Path: root + "/app"}},
		{"require", "nomain/", Error{Name: "Error", Path: root + "/app/node_modules/nomain/package.json", RequestPath: "nomain/"}},
		{"require", "#none", Error{Name: "TypeError"}},
		{"import", "./nope?x", Error{Name: "Error", URL: "file://" + root + "/app/nope?x", Resolved: "file://" + root + "/app/nope?x"}},
		{"import", "./dir", Error{Name: "Error", URL: "file://" + root + "/app/dir", Resolved: "file://" + root + "/app/dir"}},
		{"import", "nopkg", Error{Name: "Error"}},
		{"import", "./%", Error{Name: "URIError", Input: "file://" + root + "/app/%", Module: "file://" + parent}},
		{"import", "./x.foo", Error{Name: "TypeError", Resolved: "file://" + root + "/app/x.foo"}},
		{"import", "foo:x", Error{Name: "Error", Resolved: "foo:x"}},
		{"import", "data:,", Error{Name: "RangeError", Resolved: "data:,"}},
	} {
		var err error
		if c.how == "require" {
			_, err = r.Require(c.specifier, parent, nil)
		} else {
			_, err = r.Import(c.specifier, PathToFileURL(parent))
		}
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%s %q: %v", c.how, c.specifier, err)
			continue
		}
		got := *e
		got.Code, got.Message, got.request = "", "", ""
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %q: got %+v, want %+v", c.how, c.specifier, got, c.want)
		}
	}
	_, err := r.Require("./nope", parent, nil)
	err.(*Error).SetRequireStack([]string{"/b.js", "/a.js"})
	if got := err.Error(); got != "Cannot find module './nope'\nRequire stack:\n- /b.js\n- /a.js" {
		t.Errorf("require stack: %q", got)
	}
	if r.UnknownBuiltin("node:nope") == nil || r.UnknownBuiltin("node:fs") != nil || r.UnknownBuiltin("nope") != nil {
		t.Error("UnknownBuiltin")
	}
}

func TestResolveURL(t *testing.T) {
	root := tree(t, program)
	r := New(testOptions())
	parent := PathToFileURL(root + "/app/m.mjs")
	for specifier, want := range map[string]string{
		"./nope.js": "file://" + root + "/app/nope.js", "./dir": "file://" + root + "/app/dir", "./x.foo": "file://" + root + "/app/x.foo",
		"node:nope": "node:nope", "fs": "node:fs", "http://x/y": "http://x/y", "./data.json": "file://" + root + "/app/data.json", "data:,": "data:,",
	} {
		if got, err := r.ResolveURL(specifier, parent); got != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", specifier, got, err, want)
		}
	}
	if _, err := r.ResolveURL("nopkg", parent); codeOf(err) != "ERR_MODULE_NOT_FOUND" {
		t.Errorf("nopkg: %v", err)
	}
}

func TestAttributes(t *testing.T) {
	json := []Attribute{{"type", "json"}}
	for _, c := range []struct {
		format     Format
		attributes []Attribute
		code       string
	}{
		{FormatJSON, json, ""}, {FormatJSON, nil, "ERR_IMPORT_ATTRIBUTE_MISSING"}, {FormatModule, nil, ""}, {FormatModule, json, "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE"},
		{FormatUnknown, json, "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE"}, {FormatBuiltin, json, "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE"}, {FormatAddon, json, ""},
		{FormatJSON, []Attribute{{"type", "css"}}, "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED"}, {FormatModule, []Attribute{{"type", "javascript"}}, "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED"},
		{FormatJSON, []Attribute{{"type", "json"}, {"foo", "x"}}, "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED"},
	} {
		if got := codeOf(CheckAttributes("file:///x", c.format, c.attributes)); got != c.code {
			t.Errorf("%q %v: %q, want %q", c.format, c.attributes, got, c.code)
		}
	}
}

func TestSymlinks(t *testing.T) {
	root := tree(t, map[string]string{
		"real/index.js": "", "real/node_modules/dep/index.js": "", "ws/node_modules/linked": "-> ../../real", "ws/node_modules/dep/index.js": "",
		"loop1": "-> loop2", "loop2": "-> loop1", "self": "-> self/x", "dangling.js": "-> nope", "file.js": "-> real/index.js", "dir": "-> real", "chain": "-> dir",
		"ws/a.js": "", "up/link": "-> ../dir/../file.js", "abs.js": "-> /nonexistent",
	})
	both := func(opts Options, wants []want) {
		t.Helper()
		checkRequire(t, New(opts), root, "ws/a.js", wants)
		checkImport(t, New(opts), root, "ws/a.js", wants)
	}
	both(Options{}, []want{{"linked", "real/index.js"}, {"../file.js", "real/index.js"}, {"../dir/index.js", "real/index.js"}, {"../chain/index.js", "real/index.js"}, {"../up/link", "real/index.js"}})
	both(Options{PreserveSymlinks: true}, []want{{"linked", "ws/node_modules/linked/index.js"}, {"../file.js", "file.js"}, {"../chain/index.js", "chain/index.js"}})
	for _, s := range []string{"../loop1", "../loop1/x", "../self", "../dangling", "../dangling.js", "../abs.js"} {
		_, err := New(Options{}).Require(s, root+"/ws/a.js", nil)
		if codeOf(err) != "MODULE_NOT_FOUND" {
			t.Errorf("require %s: %v", s, err)
		}
		_, err = New(Options{}).Import(s, PathToFileURL(root+"/ws/a.js"))
		if codeOf(err) != "ERR_MODULE_NOT_FOUND" {
			t.Errorf("import %s: %v", s, err)
		}
	}
	for keep, want := range map[bool]string{false: "real/index.js", true: "file.js"} {
		res, err := New(Options{PreserveSymlinksMain: keep}).Main(root + "/file.js")
		if got := outcomeText(root, res, err); got != want {
			t.Errorf("main, keep %v: %s, want %s", keep, got, want)
		}
	}
}

func TestMain(t *testing.T) {
	root := tree(t, map[string]string{
		"a.js": "", "b.ts": "", "noext": "", "x.foo": "", "dir/index.js": "", "empty/": "", "m.mjs": "", "pkg/package.json": `{"main":"m.js"}`, "pkg/m.js": "",
		"exp/package.json": `{"exports":"./a.js"}`, "exp/a.js": "", "bad/package.json": `{`, "bad/f.js": "", "bad/f.mjs": "", "nomain/package.json": `{"main":"x"}`,
		"esm/package.json": `{"type":"module"}`, "esm/a.js": "", "esm/x.foo": "", "esm/t.ts": "", "esm/bin": "", "wasm/package.json": `{"type":"module"}`, "wasm/w": "\x00asm\x01",
	})
	r := New(testOptions())
	for _, c := range []struct {
		name, want string
		format     Format
	}{
		{"a.js", "a.js", ""}, {"a", "a.js", ""}, {"b", "b.ts", ""}, {"noext", "noext", ""}, {"x.foo", "x.foo", ""}, {"dir", "dir/index.js", ""}, {"dir/", "dir/index.js", ""}, {"m.mjs", "m.mjs", FormatModule},
		{"a.js/", "a.js", ""}, {"pkg", "pkg/m.js", ""}, {"esm/a.js", "esm/a.js", FormatModule}, {"esm/t", "esm/t.ts", FormatModuleTypeScript}, {"esm/bin", "esm/bin", FormatModule}, {"wasm/w", "wasm/w", FormatWasm},
		{"bad/f.mjs", "bad/f.mjs", FormatModule}, {"bad/f.js", "ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/bad/package.json.", ""},
		{"esm/x.foo", `ERR_UNKNOWN_FILE_EXTENSION Unknown file extension ".foo" for ROOT/esm/x.foo`, ""},
		{"m", "MODULE_NOT_FOUND Cannot find module 'ROOT/m'", ""}, {"empty", "MODULE_NOT_FOUND Cannot find module 'ROOT/empty'", ""}, {"exp", "MODULE_NOT_FOUND Cannot find module 'ROOT/exp'", ""},
		{"bad", "ERR_INVALID_PACKAGE_CONFIG Invalid package config ROOT/bad/package.json.", ""},
		{"nomain", `MODULE_NOT_FOUND Cannot find module 'ROOT/nomain/x'. Please verify that the package.json has a valid "main" entry`, ""},
	} {
		res, err := r.Main(root + "/" + c.name)
		if got := outcomeText(root, res, err); got != c.want || res.Format != c.format {
			t.Errorf("%s: %s (%q), want %s (%q)", c.name, got, res.Format, c.want, c.format)
		}
	}
	_, err := r.Main(root + "/nope")
	if e := err.(*Error); e.RequireStack == nil || len(e.RequireStack) != 0 {
		t.Errorf("require stack of a missing main: %#v", e.RequireStack)
	}
}

func TestFormat(t *testing.T) {
	root := tree(t, map[string]string{
		"esm/package.json": `{"type":"module"}`, "cjs/package.json": `{"type":"commonjs"}`, "odd/package.json": `{"type":"other"}`,
		"esm/node_modules/dep/x.js": "", "esm/node_modules/x.js": "", "esm/sub/node_modules/": "", "bad/package.json": "{",
	})
	r := New(Options{})
	for file, want := range map[string]Format{
		"a.js": "", "a.ts": "", "a.tsx": "", "a": "", ".dot": "", "a.mjs": FormatModule, "a.cjs": FormatCommonJS, "a.json": FormatJSON, "a.wasm": FormatWasm, "a.node": FormatAddon,
		"a.mts": FormatModuleTypeScript, "a.cts": FormatCommonJSTypeScript, "esm/a.js": FormatModule, "esm/a.ts": FormatModuleTypeScript, "esm/a.tsx": FormatModuleTypeScript, "esm/a": FormatModule,
		"esm/deep/er/a.js": FormatModule, "cjs/a.js": FormatCommonJS, "cjs/a.ts": FormatCommonJSTypeScript, "cjs/a": FormatCommonJS, "odd/a.js": "", "esm/a.cjs": FormatCommonJS, "cjs/a.mjs": FormatModule,
		"esm/node_modules/dep/x.js": "", "esm/node_modules/x.js": "", "bad/a.mjs": FormatModule,
	} {
		if got, err := r.Format(root + "/" + file); got != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", file, got, err, want)
		}
	}
	for file, want := range map[string]string{"a.css": "ERR_UNKNOWN_FILE_EXTENSION", "a.jsx": "ERR_UNKNOWN_FILE_EXTENSION", "A.JS": "ERR_UNKNOWN_FILE_EXTENSION", "a.": "ERR_UNKNOWN_FILE_EXTENSION", "bad/a.js": "ERR_INVALID_PACKAGE_CONFIG"} {
		if _, err := r.Format(root + "/" + file); codeOf(err) != want {
			t.Errorf("%s: %v, want %s", file, err, want)
		}
	}
}

type mapper func(specifier, importer string) []string

func (m mapper) MapPath(specifier, importer string) []string { return m(specifier, importer) }

func TestTypeScript(t *testing.T) {
	root := tree(t, map[string]string{
		"src/a.ts": "", "src/b.tsx": "", "src/c.mts": "", "src/d.cts": "", "src/dir/index.ts": "", "src/both.ts": "", "src/both.js": "", "src/real.js": "", "src/pkg/package.json": `{"main":"lib/m.js"}`, "src/pkg/lib/m.ts": "",
		"src/data.json": "{}", "lib/users.ts": "", "lib/orders/index.ts": "", "node_modules/dep/index.js": "", "node_modules/dep/x.js": "", "node_modules/dep/t.ts": "", "node_modules/tsonly/index.ts": "", "node_modules/@app/users/index.js": "",
		"package.json": `{"name":"me","imports":{"#a":"./src/a.js","#d/*":"./src/*.js"},"exports":"./src/a.js"}`,
	})
	missing := func(s, file string) string {
		return "MODULE_NOT_FOUND Cannot find module '" + s + "'\nRequire stack:\n- ROOT/" + file
	}
	checkRequire(t, New(testOptions()), root, "src/m.ts", []want{
		{"./a", "src/a.ts"}, {"./a.js", "src/a.ts"}, {"./a.ts", "src/a.ts"}, {"./b", "src/b.tsx"}, {"./b.js", "src/b.tsx"}, {"./b.jsx", "src/b.tsx"}, {"./c.mjs", "src/c.mts"}, {"./d.cjs", "src/d.cts"},
		{"./dir", "src/dir/index.ts"}, {"./both", "src/both.js"}, {"./both.js", "src/both.js"}, {"tsonly", "node_modules/tsonly/index.ts"}, {"ROOT/src/a.js", "src/a.ts"}, {"#a", "src/a.ts"}, {"me", "src/a.ts"},
		{"./d", missing("./d", "src/m.ts")}, {"./nope.js", missing("./nope.js", "src/m.ts")},
	})
	checkRequire(t, New(testOptions()), root, "src/m.js", []want{{"./a", "src/a.ts"}, {"./a.js", missing("./a.js", "src/m.js")}, {"#a", "MODULE_NOT_FOUND Cannot find module 'ROOT/src/a.js'"}})
	checkImport(t, New(testOptions()), root, "src/m.ts", []want{
		{"./a", "src/a.ts"}, {"./a.js", "src/a.ts"}, {"./b.js", "src/b.tsx"}, {"./c.mjs", "src/c.mts"}, {"./d.cjs", "src/d.cts"}, {"./dir", "src/dir/index.ts"}, {"./dir/", "src/dir/index.ts"}, {"./both", "src/both.ts"}, {"./both.js", "src/both.js"},
		{"./real", "src/real.js"}, {"./pkg", "src/pkg/lib/m.ts"}, {"dep/x", "node_modules/dep/x.js"}, {"tsonly", "node_modules/tsonly/index.ts"}, {"#a", "src/a.ts"}, {"#d/dir/index", "src/dir/index.ts"}, {"me", "src/a.ts"}, {"./a?x", "src/a.ts"},
		{"./nope", "ERR_MODULE_NOT_FOUND Cannot find module 'ROOT/src/nope' imported from ROOT/src/m.ts"},
	})
	checkImport(t, New(testOptions()), root, "src/m.mjs", []want{
		{"./a", "ERR_MODULE_NOT_FOUND Cannot find module 'ROOT/src/a' imported from ROOT/src/m.mjs\nDid you mean to import \"./a.ts\"?"},
		{"./a.js", "ERR_MODULE_NOT_FOUND Cannot find module 'ROOT/src/a.js' imported from ROOT/src/m.mjs"}, {"./a.ts", "src/a.ts"},
	})
	checkImport(t, New(testOptions()), root, "node_modules/dep/t.ts", []want{
		{"./x", "ERR_MODULE_NOT_FOUND Cannot find module 'ROOT/node_modules/dep/x' imported from ROOT/node_modules/dep/t.ts\nDid you mean to import \"./x.js\"?"}, {"./t.js", "node_modules/dep/t.ts"},
	})
	asked := map[string]string{}
	opts := testOptions()
	opts.TypeScript = mapper(func(specifier, importer string) []string {
		asked[specifier] = importer
		if name, ok := strings.CutPrefix(specifier, "@app/"); ok {
			return []string{root + "/nowhere/" + name, root + "/lib/" + name}
		}
		return nil
	})
	wants := []want{{"@app/users", "lib/users.ts"}, {"@app/users.js", "lib/users.ts"}, {"@app/orders", "lib/orders/index.ts"}, {"dep", "node_modules/dep/index.js"}, {"fs", "node:fs"}}
	checkRequire(t, New(opts), root, "src/m.ts", wants)
	checkImport(t, New(opts), root, "src/m.ts", wants)
	if asked["dep"] != root+"/src/m.ts" || asked["fs"] != "" || asked["./a"] != "" {
		t.Errorf("hook was asked %v", asked)
	}
	checkRequire(t, New(opts), root, "node_modules/dep/index.js", []want{{"@app/users", "node_modules/@app/users/index.js"}})
}

func TestLookups(t *testing.T) {
	for dir, want := range map[string]string{
		"/": "/node_modules", "/a": "/a/node_modules /node_modules", "/a/node_modules": "/a/node_modules /node_modules", "/a/node_modules/b": "/a/node_modules/b/node_modules /a/node_modules /node_modules",
		"/a/node_modules/node_modules/b": "/a/node_modules/node_modules/b/node_modules /a/node_modules /node_modules", "/xnode_modules/b/": "/xnode_modules/b/node_modules /xnode_modules/node_modules /node_modules",
		"/a/../b": "/b/node_modules /node_modules", "/node_modules": "/node_modules",
	} {
		if got := strings.Join(NodeModulePaths(dir), " "); got != want {
			t.Errorf("NodeModulePaths(%s) = %s, want %s", dir, got, want)
		}
	}
	opts := testOptions()
	opts.GlobalPaths = GlobalPaths("/np::/np2", "/home", "/opt/x/bin/roost")
	if got := strings.Join(opts.GlobalPaths, " "); got != "/np /np2 /home/.node_modules /home/.node_libraries /opt/x/lib/node" {
		t.Errorf("GlobalPaths = %s", got)
	}
	if got := GlobalPaths("", "", ""); len(got) != 0 || got == nil {
		t.Errorf("GlobalPaths of nothing: %#v", got)
	}
	opts.GlobalPaths = []string{"/g"}
	r := New(opts)
	for specifier, want := range map[string]string{
		"x": "/a/node_modules /node_modules /g", "./x": "/a", "..": "/a", "..x": "/a", ".x": "/a/node_modules /node_modules /g", "#a": "/a/node_modules /node_modules /g", "node:nope": "/a/node_modules /node_modules /g", "test": "/a/node_modules /node_modules /g",
	} {
		if got := strings.Join(r.LookupPaths(specifier, "/a/f.js"), " "); got != want {
			t.Errorf("LookupPaths(%s) = %s, want %s", specifier, got, want)
		}
	}
	if r.LookupPaths("fs", "/a/f.js") != nil || r.LookupPaths("node:test", "/a/f.js") != nil {
		t.Error("LookupPaths of a builtin")
	}
	if got := r.LookupPaths("x", ""); strings.Join(got, " ") != "/g" {
		t.Errorf("LookupPaths without parent: %v", got)
	}
	if got := strings.Join(r.OptionPaths("x", []string{"/a/b", "/a"}), " "); got != "/a/b/node_modules /a/node_modules /node_modules /g" {
		t.Errorf("OptionPaths: %s", got)
	}
	if got := strings.Join(r.OptionPaths("./x", []string{"/a/b", "/a"}), " "); got != "/a/b /a" {
		t.Errorf("OptionPaths of a relative specifier: %s", got)
	}
}

func TestOptionPathsAndFindPath(t *testing.T) {
	root := tree(t, program)
	r := New(testOptions())
	for _, c := range []struct {
		specifier string
		starts    []string
		want      string
	}{
		{"./a", []string{root + "/empty", root + "/app"}, "app/a.js"}, {"dep", []string{root + "/app/dir"}, "app/node_modules/dep/index.js"}, {"dep", []string{root + "/x"}, "node_modules/dep/index.js"},
		{"dep", []string{}, "MODULE_NOT_FOUND Cannot find module 'dep'" + requireStack}, {"app", []string{"/"}, "app/a.js"}, {"#a", []string{"/"}, "app/a.js"}, {root + "/app/a", []string{"/"}, "app/a.js"},
	} {
		res, err := r.Require(c.specifier, root+"/app/c.cjs", r.OptionPaths(c.specifier, c.starts))
		if got := outcomeText(root, res, err); got != c.want {
			t.Errorf("%s in %v: %s, want %s", c.specifier, c.starts, got, c.want)
		}
	}
	for request, want := range map[string]string{"dep": root + "/app/node_modules/dep/index.js", "zz": "", "./dep": root + "/app/node_modules/dep/index.js"} {
		if got, err := r.FindPath(request, []string{root + "/app/node_modules"}, false); got != want || err != nil {
			t.Errorf("FindPath(%s) = %q, %v", request, got, err)
		}
	}
	if got, err := r.FindPath(root+"/app/a", nil, false); got != root+"/app/a.js" || err != nil {
		t.Errorf("FindPath of an absolute path = %q, %v", got, err)
	}
	if got, err := r.FindPath("dep", nil, false); got != "" || err != nil {
		t.Errorf("FindPath without paths = %q, %v", got, err)
	}
	if _, err := r.FindPath("sub/zzz", []string{root + "/app/node_modules"}, false); codeOf(err) != "ERR_PACKAGE_PATH_NOT_EXPORTED" {
		t.Errorf("FindPath of an unexported path: %v", err)
	}
	r.SetExtensions([]string{".foo"})
	checkRequire(t, r, root, "app/c.cjs", []want{{"./x", "app/x.foo"}, {"./a", "MODULE_NOT_FOUND Cannot find module './a'" + requireStack}})
}

// A file that appears after it was missed is found at once; what was found stays.
func TestFreshness(t *testing.T) {
	root := tree(t, map[string]string{"a/c.js": "", "node_modules/dep/index.js": ""})
	r := New(Options{})
	clock := time.Unix(1, 0)
	r.now = func() time.Time { return clock }
	r.Invalidate()
	checkRequire(t, r, root, "a/c.js", []want{{"dep", "node_modules/dep/index.js"}, {"./late", "MODULE_NOT_FOUND Cannot find module './late'\nRequire stack:\n- ROOT/a/c.js"}})
	checkImport(t, r, root, "a/c.js", []want{{"./late.js", "ERR_MODULE_NOT_FOUND Cannot find module 'ROOT/a/late.js' imported from ROOT/a/c.js"}})
	if f, _ := r.Format(root + "/a/late.js"); f != "" {
		t.Errorf("format before: %q", f)
	}
	write(t, root, map[string]string{"a/late.js": "", "a/node_modules/dep/index.js": "", "a/package.json": `{"type":"module","name":"a","exports":"./late.js"}`})
	checkRequire(t, r, root, "a/c.js", []want{{"./late", "a/late.js"}})
	checkImport(t, r, root, "a/c.js", []want{{"./late.js", "a/late.js"}, {"a", "a/late.js"}})
	checkRequire(t, r, root, "a/c.js", []want{{"dep", "node_modules/dep/index.js"}}) // the answer stays
	write(t, root, map[string]string{"b/c.js": ""})
	clock = clock.Add(2 * statLifetime)
	checkRequire(t, r, root, "a/d/c.js", []want{{"dep", "a/node_modules/dep/index.js"}}) // another importer looks anew
	r.Invalidate()
	checkRequire(t, r, root, "a/c.js", []want{{"dep", "a/node_modules/dep/index.js"}})
}

func TestWarnings(t *testing.T) {
	root := tree(t, program)
	var got []string
	opts := testOptions()
	opts.Warn = func(code, message string) {
		got = append(got, strings.ReplaceAll(code+" "+message, root, "ROOT"))
	}
	r := New(opts)
	for range 2 {
		for _, s := range []string{"badmain", "sub/p//x", "sub/p/"} {
			r.Require(s, root+"/app/c.cjs", nil)
			r.Import(s, PathToFileURL(root+"/app/m.mjs"))
		}
	}
	const pkg = ` in the "exports" field module resolution of the package at ROOT/app/node_modules/sub/package.json`
	want := []string{
		"DEP0128 Invalid 'main' field in 'ROOT/app/node_modules/badmain/package.json' of './nope.js'. Please either fix that or report it to the module author",
		`DEP0166 Use of deprecated double slash resolving "./p//x.js" for module request "./p//x" matched to "./p/*"` + pkg + ".",
		`DEP0166 Use of deprecated double slash resolving "./p//x.js" for module request "./p//x" matched to "./p/*"` + pkg + inParent + ".",
		`DEP0155 Use of deprecated trailing slash pattern mapping "./p/"` + pkg + `. Mapping specifiers ending in "/" is no longer supported.`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFileURLs(t *testing.T) {
	for file, want := range map[string]string{
		"/a b": "/a%20b", "/a%b": "/a%25b", `/a\b`: "/a%5Cb", "/a\nb\r\t": "/a%0Ab%0D%09", "/a?b#c": "/a%3Fb%23c", "/a/": "/a/", "//x": "/x", "/.": "/", "/a/..": "/", "/a/./": "/a/", "/": "/",
		"/é~!$&'()*+,;=:@[]{}|^`\"<>": "/%C3%A9%7E!$&'()*+,;=:@%5B%5D%7B%7D%7C%5E%60%22%3C%3E",
	} {
		if got := PathToFileURL(file); got != "file://"+want {
			t.Errorf("PathToFileURL(%q) = %s, want %s", file, got, want)
		}
	}
	for href, want := range map[string]string{
		"file:///a%20b": "/a b", "file:///a?b#c": "/a", "file:///a/../b": "/b", "file:///a/%2e%2E/b": "/b", "file:///%00": "/\x00", "file:///a%5Cb": `/a\b`, "file://localhost/x": "/x", "FILE:/x": "/x", "file:x": "/x", "file:///": "/", "file:": "/", `file:\\\a\b`: "/a/b", "file:///C|/x": "/C:/x",
		"file:///a/": "/a/", "file:///a/.": "/a/", "file:///é": "/é",
		"file:///a%2Fb": "ERR_INVALID_FILE_URL_PATH", "file:///%zz": "URI malformed", "file:///%ff": "URI malformed", "file://h/x": "ERR_INVALID_FILE_URL_HOST", "http://x": "ERR_INVALID_URL_SCHEME", "not": "ERR_INVALID_URL", "": "ERR_INVALID_URL",
	} {
		got, err := FileURLToPath(href)
		if e, ok := err.(*Error); ok {
			if got = e.Code; got == "" {
				got = e.Message
			}
		}
		if got != want {
			t.Errorf("FileURLToPath(%q) = %q, want %q", href, got, want)
		}
	}
}

func TestPackageJSON(t *testing.T) {
	for _, c := range []struct {
		text, main string
		ok         bool
	}{
		{`{"main":"m"}`, "m", true}, {`{}`, "", true}, {" { } ", "", true}, {`{"main":"x","main":"m"}`, "m", true}, {`{"x":{"main":"n"},"main":"m"}`, "m", true}, {`{"main":"\u006d"}`, "m", true}, {`{"m\u0061in":"x"}`, "", true},
		{`{"main":1}`, "", true}, {`{"main":null}`, "", true}, {`{"x":oops,"main":"m"}`, "m", true}, {`{"x":"\q","main":"m"}`, "m", true}, {`{"x":["}"],"y":"]\"","main":"m"}`, "m", true}, {`{"type":"x","main":"m"}`, "m", true},
		{`{"main":"m",}`, "", false}, {`{,"main":"m"}`, "", false}, {`{'main':'m'}`, "", false}, {`{main:"m"}`, "", false}, {`{/**/"main":"m"}`, "", false}, {`{"main":"m"`, "", false}, {`{"main":"m","x":[1`, "", false}, {`{"main":"m"} x`, "", false},
		{"null", "", false}, {"1", "", false}, {`"x"`, "", false}, {"", "", false}, {" \n", "", false}, {"[]", "", false}, {`{"name":1}`, "", false}, {`{"name":null}`, "", false}, {`{"type":3}`, "", false}, {`{"type":null}`, "", false},
		{"{\"x\":\"a\tb\"}", "", false}, {"{\"x\":\"\xff\"}", "", false}, {`{"a":}`, "", false}, {`{"a"}`, "", false}, {`{"a`, "", false}, {`{"a\`, "", false},
	} {
		p := parsePackage("/p/package.json", []byte(c.text))
		if p.Main != c.main || p.invalid == c.ok {
			t.Errorf("%s: main %q, invalid %v", c.text, p.Main, p.invalid)
		}
	}
	p := parsePackage("/p/package.json", []byte(`{"exports":{"z":1.50,"b":[true,null,{}],"a":"x","z":1e21},"imports":{"#a":}}`))
	exports, err := p.Exports()
	if err != nil || strings.Join(exports.Keys, "") != "zba" || exports.Get("z").Text != "1e+21" || exports.Get("b").Items[1].Kind != Null {
		t.Errorf("exports: %+v, %v", exports, err)
	}
	if _, err := p.Imports(); codeOf(err) != "ERR_INVALID_PACKAGE_CONFIG" {
		t.Errorf("broken imports: %v", err)
	}
	for _, raw := range []string{"4", "true", "false", "null"} {
		p := parsePackage("/p/package.json", []byte(`{"exports":`+raw+`}`))
		if v, err := p.Exports(); v != nil || err != nil {
			t.Errorf("exports %s: %v, %v", raw, v, err)
		}
	}
	deep := parsePackage("/p/package.json", []byte(`{"exports":`+strings.Repeat("[", 1e5)+strings.Repeat("]", 1e5)+`}`))
	if _, err := deep.Exports(); err == nil {
		t.Error("deep nesting was accepted")
	}
}

func TestPackageScope(t *testing.T) {
	root := tree(t, map[string]string{"package.json": `{"name":"root"}`, "a/b/": "", "node_modules/x/lib/": "", "node_modules/y/package.json": `{"name":"y"}`, "bad/package.json": "{", "bad/sub/": ""})
	r := New(Options{})
	for file, want := range map[string]string{"f.js": "root", "a/b/f.js": "root", "node_modules/x/lib/f.js": "", "node_modules/y/lib/f.js": "y", "node_modules/f.js": ""} {
		name := ""
		if p := r.PackageScope(root + "/" + file); p != nil {
			name = p.Name
		}
		if name != want {
			t.Errorf("%s: %q, want %q", file, name, want)
		}
	}
	if r.PackageScope(root+"/a/f.js") != r.PackageScope(root+"/a/b/g.js") {
		t.Error("package.json was read twice")
	}
	if p, err := r.Scope(root + "/bad/sub/f.js"); p != nil || codeOf(err) != "ERR_INVALID_PACKAGE_CONFIG" {
		t.Errorf("Scope of a broken package: %v, %v", p, err)
	}
	if p := r.PackageScope(root + "/bad/f.js"); p == nil || p.Path != root+"/bad/package.json" {
		t.Errorf("PackageScope of a broken package: %v", p)
	}
}

func TestComparePatterns(t *testing.T) {
	for _, c := range []struct {
		a, b string
		sign int
	}{{"./a/*", "./*", -1}, {"./*", "./a/*", 1}, {"./a/*.js", "./a/*", -1}, {"./a/*", "./a/*", 0}, {"./aa*", "./a*bbbbb", -1}} {
		if got := comparePatterns(c.a, c.b); got < 0 != (c.sign < 0) || got > 0 != (c.sign > 0) {
			t.Errorf("%s %s: %d", c.a, c.b, got)
		}
	}
}
