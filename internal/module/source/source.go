// Package source gives the loaders (cjs, esm) what lies behind a path: the resolver, the TypeScript compiler, the text of a file in the
// form that V8 takes, and its compiled code from the cache. One Loader belongs to one isolate and is used on its thread alone.
// It imports resolve, typescript, binding and the engine; the loaders import it.
package source

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	tsgo "github.com/microsoft/typescript-go/roost"

	"roost/internal/binding"
	"roost/internal/codecache"
	"roost/internal/engine"
	"roost/internal/module/resolve"
	"roost/internal/module/typescript"
)

// Loader is the loaders' state in one isolate.
type Loader struct {
	Resolver  *resolve.Resolver
	compiler  *typescript.Compiler
	pack      *codecache.Pack      // where code lies while no directory was asked for; nil: nothing is kept
	directory *codecache.Directory // nil until one is asked for
	isolate   *engine.Isolate
	compiled  map[string]*typescript.Output // by path, for stack traces
	fresh     []fresh                       // compiled without code cache, to be cached later
	warnings  []Warning                     // not shown yet
	transform Transform
	typeless  map[string]bool // package.json files whose lack of a type was warned of
	plugins   bool            // nest-cli.json was looked at, or another thread does
	parsed    int             // bytes of text whose shape was found anew
	last      lastRead
}

// Options come from the command line.
type Options struct {
	Main       string // absolute path of the main script or of a file in the working directory
	Conditions []string
	NoAddons   bool
	Symlinks   bool // --preserve-symlinks
	MainLink   bool // --preserve-symlinks-main
	Builtins   func(name string) bool
	NodePath   string
	Home       string
	ExecPath   string
	Transform  Transform
	NoCache    bool // NODE_DISABLE_COMPILE_CACHE: compiled code of the program is not kept
}

// Transform is how compiled TypeScript is shown to those who read it: --experimental-transform-types adds the source map as a comment.
type Transform string

// The names are those of the compile cache's log.
const (
	Stripped        Transform = "StrippedTypeScript"
	Transformed     Transform = "TransformedTypeScript"
	TransformedMaps Transform = "TransformedTypeScriptWithSourceMaps"
)

type key struct{}

// Of gives the isolate's loader. Before Start, when a debugger's evaluations may ask already, it is one without options.
func Of(env *binding.Env) *Loader {
	return env.State(key{}, func() any { return newLoader(env, Options{NoCache: true}) }).(*Loader)
}

// Start makes the isolate's loader.
func Start(env *binding.Env, o Options) *Loader {
	l := newLoader(env, o)
	env.SetState(key{}, l)
	return l
}

func newLoader(env *binding.Env, o Options) *Loader {
	l := &Loader{isolate: env.Isolate, compiled: map[string]*typescript.Output{}, typeless: map[string]bool{}, transform: o.Transform, plugins: env.Main != nil}
	l.compiler = typescript.New(o.Main, typescript.Options{Variant: string(o.Transform)})
	l.Resolver = resolve.New(resolve.Options{Conditions: o.Conditions, NoAddons: o.NoAddons, PreserveSymlinks: o.Symlinks,
		PreserveSymlinksMain: o.MainLink, Builtins: o.Builtins, Warn: l.warn, TypeScript: l.compiler,
		GlobalPaths: resolve.GlobalPaths(o.NodePath, o.Home, o.ExecPath)})
	if !o.NoCache {
		l.pack = codecache.Open("", "code", o.Main, engine.Version(), strconv.FormatUint(uint64(engine.CacheVersion()), 16))
	}
	return l
}

// Warning is what process.emitWarning is to be told.
type Warning struct{ Type, Code, Message string }

// The resolver is in the middle of its work: JavaScript hears of it when that is done.
func (l *Loader) warn(code, message string) {
	l.warnings = append(l.warnings, Warning{"DeprecationWarning", code, message})
}

// TakeWarnings gives the warnings since the last call. The natives that resolve hand them to process.emitWarning.
func (l *Loader) TakeWarnings() []Warning {
	w := l.warnings
	l.warnings = nil
	return w
}

// File is a file in the form that V8 takes.
type File struct {
	Path   string
	Text   string
	Format resolve.Format // commonjs, module or json; FormatUnknown: the syntax decides
	Tag    uint64         // version of the source, for the code cache
}

// Read reads a file and compiles it when it is TypeScript. The error is a *binding.NodeError or *binding.SystemError.
func (l *Loader) Read(path string, format resolve.Format) (*File, error) {
	reportLoaded(path)
	text, tag, err := l.last.read(path)
	if err != nil {
		return nil, binding.Syscall("open", err, path)
	}
	f := &File{Path: path, Text: text, Format: format, Tag: tag}
	if typescript.IsTypeScript(path) {
		out, err := l.compiler.Compile(path)
		if err != nil {
			return nil, l.compileError(path, err)
		}
		l.warnOfPlugins(path)
		l.logTranspiled(path, out)
		l.compiled[path] = out
		f.Text = out.JS
		if l.transform == TransformedMaps {
			f.Text += inlineMap(path, out.Map)
		}
		f.Tag = codecache.Checksum([]byte(f.Text))
		f.Format = resolve.FormatCommonJS
		if out.Kind == typescript.ESModule {
			f.Format = resolve.FormatModule
		}
		return f, nil
	}
	f.Text = strings.TrimPrefix(f.Text, "\ufeff")
	return f, nil
}

// ReadText gives a file's text as it is, without a byte order mark. The error is a *binding.SystemError.
func (l *Loader) ReadText(path string) (string, error) {
	reportLoaded(path)
	text, _, err := l.last.read(path)
	if err != nil {
		return "", binding.Syscall("open", err, path)
	}
	return strings.TrimPrefix(text, "\ufeff"), nil
}

func (l *Loader) compileError(path string, err error) error {
	var e *typescript.Error
	if errors.As(err, &e) {
		return (&binding.NodeError{Class: binding.ClassSyntax, Message: e.Error()}).With("report", binding.String(e.Report()))
	}
	return err
}

// Position maps a place in compiled text to the TypeScript source; ok is false for files that were not compiled. Lines and columns are 1-based.
func (l *Loader) Position(file string, line, column int) (string, int, int, bool) {
	if path, ok := strings.CutPrefix(file, "file://"); ok {
		if p, err := resolve.FileURLToPath(file); err == nil {
			path = p
		}
		file = path
	}
	if l.compiled[file] == nil {
		return "", 0, 0, false
	}
	return l.compiler.TracePosition(file, line, column)
}

// Compiled gives the text that V8 has of a TypeScript file and the mappings of its source map; ok is false for what was not compiled.
func (l *Loader) Compiled(path string) (text, mappings string, ok bool) {
	out := l.compiled[path]
	if out == nil {
		return "", "", false
	}
	return out.JS, out.Map.Mappings(), true
}

// Exports are the names that a CommonJS file exports, reexports followed, each once; found without running it.
func (l *Loader) Exports(path string) []string {
	seen := map[string]bool{}
	var names []string
	have := map[string]bool{}
	var walk func(path string)
	walk = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		found := l.exports(path)
		for _, n := range found.Names {
			if !have[n] {
				have[n] = true
				names = append(names, n)
			}
		}
		for _, specifier := range found.Reexports {
			r, err := l.Resolver.Require(specifier, path, nil)
			if err != nil || r.Path == "" {
				continue
			}
			switch filepath.Ext(r.Path) {
			case ".json", ".node":
				continue
			}
			walk(r.Path)
		}
	}
	walk(path)
	return names
}

func (l *Loader) exports(path string) tsgo.Exports {
	f, err := l.Read(path, resolve.FormatCommonJS)
	if err != nil {
		return tsgo.Exports{}
	}
	return l.shape(f).Exports
}

// ExportsOfText are what a CommonJS text exports, as far as it shows. Nothing is kept.
func ExportsOfText(path, text string) tsgo.Exports { return tsgo.ShapeOf(path, text).Exports }

// IsModule tells whether a file's text only parses as an ES module.
func (l *Loader) IsModule(f *File) bool { return l.shape(f).ESModule }

// shape is what a file's text says about it. To know it the whole text is parsed, so the answer is kept like compiled code.
func (l *Loader) shape(f *File) tsgo.Shape {
	name := "shape:" + f.Path
	if kept := l.pack.Get(name, f.Tag); kept != nil {
		return unpackShape(kept)
	}
	shape := tsgo.ShapeOf(f.Path, f.Text)
	l.pack.Put(name, f.Tag, packShape(shape))
	l.parsed += len(f.Text)
	return shape
}

// IsModuleSyntax tells whether text only parses as an ES module.
func IsModuleSyntax(text string) bool { return tsgo.IsESModuleSyntax(text) }

// SourceLine gives line n (1-based) of a file, for reports of errors.
func SourceLine(path string, n int) (string, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", false
	}
	lines := strings.SplitN(string(text), "\n", n+1)
	if n < 1 || n > len(lines) {
		return "", false
	}
	return strings.TrimSuffix(lines[n-1], "\r"), true
}

// Error gives a resolution error its JavaScript form.
func Error(err error) error {
	var e *resolve.Error
	if !errors.As(err, &e) {
		return err
	}
	out := &binding.NodeError{Class: binding.Class(e.Name), Code: e.Code, Message: e.Message}
	// Node makes these two in C++: the stack begins without the code.
	if !strings.HasPrefix(e.Code, "ERR_") && e.Code != "" || e.Code == "ERR_INVALID_PACKAGE_CONFIG" {
		out.Code = ""
		out.With("code", binding.String(e.Code))
	}
	for _, p := range []struct{ key, value string }{{"url", e.URL}, {"path", e.Path}, {"requestPath", e.RequestPath}, {"input", e.Input}, {"module", e.Module}} {
		if p.value != "" {
			out.With(p.key, binding.String(p.value))
		}
	}
	if e.RequireStack != nil {
		out.With("requireStack", binding.Strings(e.RequireStack))
	}
	return out
}
