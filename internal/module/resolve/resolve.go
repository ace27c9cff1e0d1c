// Package resolve turns a module specifier into a file, the way Node 24 does it: require's
// algorithm ("Modules: CommonJS modules", All together), the one of import ("Modules: ECMAScript
// modules", Resolution algorithm specification) and package.json's exports and imports
// ("Modules: Packages"), with TypeScript's extensions beside JavaScript's.
//
// It owns the caches that make this cheap: stat results, real paths, package.json files and
// answers. It runs no JavaScript and starts no goroutine. One Resolver belongs to one isolate and
// is used on that isolate's thread alone; nothing in it is locked. The loaders (cjs, esm) and
// node:module call it. It must not import the engine, the loop or a builtin.
//
// Paths are POSIX paths.
package resolve

import (
	"os"
	"path"
	"strings"
	"time"
)

// A Format says how the loader has to treat a module.
type Format string

// The formats. FormatUnknown means ambiguous: a file whose name and package don't say whether it is
// CommonJS or an ES module, so that the loader must look at its syntax.
const (
	FormatUnknown            Format = ""
	FormatCommonJS           Format = "commonjs"
	FormatModule             Format = "module"
	FormatJSON               Format = "json"
	FormatWasm               Format = "wasm"
	FormatBuiltin            Format = "builtin"
	FormatAddon              Format = "addon"
	FormatCommonJSTypeScript Format = "commonjs-typescript"
	FormatModuleTypeScript   Format = "module-typescript"
)

// Result is where a specifier leads. Path is a file's absolute real path and empty for builtins and
// data: URLs. URL is what import.meta.url shows. Builtin is a builtin's name without "node:".
type Result struct {
	Path    string
	URL     string
	Builtin string
	Format  Format
}

// TypeScriptHook maps specifiers by tsconfig.json's paths and baseUrl.
type TypeScriptHook interface {
	// MapPath returns absolute paths to try in turn for specifier, which is neither relative nor
	// absolute nor a builtin; nil when no mapping applies. importer is a file outside node_modules,
	// TypeScript or not. Answers are cached by importer and specifier until Invalidate.
	MapPath(specifier, importer string) []string
}

// Options configure a Resolver. The zero value is Node's default behaviour without builtins.
type Options struct {
	// Conditions are the user's own (--conditions), beside those that Node defines.
	Conditions []string
	// NoAddons drops the "node-addons" condition (--no-addons).
	NoAddons bool
	// PreserveSymlinks keeps modules at the path that they were asked for; PreserveSymlinksMain
	// does so for the entry point.
	PreserveSymlinks, PreserveSymlinksMain bool
	// Builtins reports whether name (without "node:") is a public builtin module. Those that exist
	// only under "node:" are told apart here.
	Builtins func(name string) bool
	// GlobalPaths are the folders that require searches last; see GlobalPaths.
	GlobalPaths []string
	// TypeScript is nil when no tsconfig.json maps paths.
	TypeScript TypeScriptHook
	// Warn receives deprecation warnings (DEP0128, DEP0155, DEP0166), each text once. May be nil.
	Warn func(code, message string)
}

// requestKey is what an answer depends on.
type requestKey struct {
	from      string // directory of the importer; the importer itself when a TypeScriptHook is set
	specifier string
	how       how
}

// placeKey is a request in one of the folders that require searches.
type placeKey struct {
	dir, request string
	links        linkPolicy
}

type how uint8

const (
	byRequire how = 1 << iota
	fromTypeScript
)

// Resolver resolves specifiers and remembers what it saw. Isolate's thread only.
type Resolver struct {
	opts       Options
	require    conditionSet // immutable after New
	imports    conditionSet // immutable after New
	extensions []string     // Module._extensions' keys, in order

	answers  map[requestKey]Result
	found    map[placeKey]string
	packages map[string]*Package
	lookups  map[string][]string // NodeModulePaths by directory
	files    files
	warned   map[string]bool
	now      func() time.Time
	others   map[string]*Resolver // by the conditions of hooks; see With
}

// A successful answer stays until Invalidate, as in Node. What the file system said on the way stays
// this long, so that a long-running program sees the files that it or others create. A failure is
// never answered from memory: it is looked up afresh before it is reported.
const statLifetime = time.Second

// DefaultExtensions are what require tries, in this order, for a specifier without extension.
// Differs from Node: .ts and .tsx follow Node's three.
var DefaultExtensions = []string{".js", ".json", ".node", ".ts", ".tsx"}

// New returns a Resolver with empty caches.
func New(opts Options) *Resolver {
	r := &Resolver{opts: opts, extensions: DefaultExtensions, now: time.Now}
	r.require = r.conditions("require")
	r.imports = r.conditions("import")
	r.Invalidate()
	return r
}

func (r *Resolver) conditions(kind string) conditionSet {
	set := conditionSet{"node", kind, "module-sync"}
	if !r.opts.NoAddons {
		set = append(set, "node-addons")
	}
	return append(set, r.opts.Conditions...)
}

// RequireConditions returns the conditions of require(). "default" always matches besides.
func (r *Resolver) RequireConditions() []string { return append([]string(nil), r.require...) }

// ImportConditions returns the conditions of import. "default" always matches besides.
func (r *Resolver) ImportConditions() []string { return append([]string(nil), r.imports...) }

// maxOthers bounds the resolvers that With keeps.
const maxOthers = 16

// With returns a resolver like r whose import() and require() match exactly these conditions: what a hook of the loader asks for.
func (r *Resolver) With(conditions []string) *Resolver {
	key := strings.Join(conditions, "\x00")
	if o := r.others[key]; o != nil {
		return o
	}
	if r.others == nil || len(r.others) >= maxOthers {
		r.others = make(map[string]*Resolver)
	}
	o := New(r.opts)
	o.imports = append(conditionSet(nil), conditions...)
	o.require = o.imports
	o.SetExtensions(r.extensions)
	r.others[key] = o
	return o
}

// SetExtensions replaces the extensions that require tries: Object.keys(Module._extensions).
func (r *Resolver) SetExtensions(extensions []string) {
	r.extensions = append([]string(nil), extensions...)
	clear(r.answers)
	clear(r.found)
}

// Invalidate forgets everything that was read from the file system.
func (r *Resolver) Invalidate() {
	r.answers = make(map[requestKey]Result)
	r.found = make(map[placeKey]string)
	r.packages = make(map[string]*Package)
	r.lookups = make(map[string][]string)
	r.warned = make(map[string]bool)
	r.others = nil
	r.files.reset(r.now())
}

// resolveAfresh runs do, and again without remembered absences when it fails.
func (r *Resolver) resolveAfresh(do func() (Result, error)) (Result, error) {
	if now := r.now(); now.Sub(r.files.born) > statLifetime {
		r.files.reset(now)
	}
	stale := r.files.remembersAbsence()
	res, err := do()
	if err != nil && stale {
		r.files.forgetAbsence()
		res, err = do()
	}
	return res, err
}

func (r *Resolver) warn(code, message string) {
	if r.opts.Warn == nil || r.warned[message] {
		return
	}
	r.warned[message] = true
	r.opts.Warn(code, message)
}

// prefixOnly are the builtins that exist only under "node:"; the bare name is a package's.
var prefixOnly = map[string]bool{"sea": true, "sqlite": true, "test": true, "test/reporters": true}

// bareBuiltin reports whether a specifier without scheme names a builtin.
func (r *Resolver) bareBuiltin(specifier string) bool {
	return r.opts.Builtins != nil && !strings.Contains(specifier, ":") &&
		!prefixOnly[specifier] && r.opts.Builtins(specifier)
}

// builtin returns the name of the builtin that a specifier means, with or without scheme.
func (r *Resolver) builtin(specifier string) (string, bool) {
	if name, ok := strings.CutPrefix(specifier, "node:"); ok {
		return name, r.opts.Builtins != nil && r.opts.Builtins(name)
	}
	return specifier, r.bareBuiltin(specifier)
}

func builtinResult(name string) Result {
	return Result{URL: "node:" + name, Builtin: name, Format: FormatBuiltin}
}

// absolute is Node's path.resolve(base, name).
func absolute(base, name string) string {
	if strings.HasPrefix(name, "/") {
		return path.Clean(name)
	}
	name = strings.TrimPrefix(name, "./") // so that the result is mostly clean
	p := base + "/" + name
	if base == "" {
		p = name
	}
	if !strings.HasPrefix(p, "/") {
		// Without a working directory (it was removed) the root is as good as any.
		cwd, _ := os.Getwd()
		p = cwd + "/" + p
	}
	return path.Clean(p)
}

// insideNodeModules reports whether a file belongs to an installed package.
func insideNodeModules(file string) bool { return strings.Contains(file, "/node_modules/") }
