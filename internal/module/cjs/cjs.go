// Package cjs is the Go half of the CommonJS loader: resolution and reading of what require() asks for. Its TypeScript half
// (lib/index.ts) owns the Module class and its caches. It runs on the isolate's thread; node:module's public face and the ES module
// loader use the TypeScript half.
package cjs

import (
	"errors"
	"path/filepath"
	"syscall"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/module/resolve"
	"roost/internal/module/source"
	"roost/internal/module/typescript"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "module/cjs", Natives: binding.Natives{
	"resolve":         resolveRequest,
	"mainPath":        mainPath,
	"findPath":        findPath,
	"lookupPaths":     lookupPaths,
	"optionPaths":     optionPaths,
	"nodeModulePaths": nodeModulePaths,
	"globalPaths":     globalPaths,
	"setExtensions":   setExtensions,
	"unknownBuiltin":  unknownBuiltin,
	"load":            load,
	"sourceFormat":    sourceFormat,
	"readText":        readText,
	"compile":         compile,
	"stat":            stat,
	"packageScope":    packageScope,
	"sourceLine":      sourceLine,
	"position":        position,
	"compiled":        compiled,
	"noCodeCache":     func(c *binding.Call) { source.Of(c.Env()).NoCache() },
	"saveLater":       saveLater,
	"codeToSave":      func(c *binding.Call) { c.Return(binding.Bool(source.Of(c.Env()).CodeToSave())) },
	"saveCode":        func(c *binding.Call) { source.Of(c.Env()).SaveCache(false) },
	"flushCache":      func(c *binding.Call) { source.Of(c.Env()).Flush() },
	"useCacheFolder":  useCacheFolder,
	"cacheFolder":     func(c *binding.Call) { c.Return(binding.String(source.Of(c.Env()).Directory())) },
	"invalidate":      func(c *binding.Call) { source.Of(c.Env()).Resolver.Invalidate() },
}}

// Parameters of the function that wraps a CommonJS module.
var parameters = []string{"exports", "require", "module", "__filename", "__dirname"}

func give(c *binding.Call, r resolve.Result, err error) {
	source.Warn(c.Env())
	switch {
	case err != nil:
		c.Throw(source.Error(err))
	case r.Builtin != "":
		c.Return(binding.String("node:" + r.Builtin))
	default:
		c.Return(binding.String(r.Path))
	}
}

// resolve(request, parentFilename, paths | undefined, requireStack | undefined, conditions | undefined) → filename or "node:x"
func resolveRequest(c *binding.Call) {
	var paths []string
	if c.IsArray(2) {
		paths = c.Strings(2)
		if paths == nil {
			paths = []string{}
		}
	}
	resolver := source.Of(c.Env()).Resolver
	if c.IsArray(4) {
		resolver = resolver.With(c.Strings(4))
	}
	r, err := resolver.Require(c.String(0), c.String(1), paths)
	var e *resolve.Error
	if errors.As(err, &e) && c.IsArray(3) {
		e.SetRequireStack(c.Strings(3))
	}
	give(c, r, err)
}

// mainPath(name) → filename of the program's entry point
func mainPath(c *binding.Call) {
	r, err := source.Of(c.Env()).Resolver.Main(c.String(0))
	give(c, r, err)
}

// findPath(request, paths, isMain) → filename or false
func findPath(c *binding.Call) {
	path, err := source.Of(c.Env()).Resolver.FindPath(c.String(0), c.Strings(1), c.Bool(2))
	switch {
	case err != nil:
		c.Throw(source.Error(err))
	case path == "":
		c.Return(binding.False)
	default:
		c.Return(binding.String(path))
	}
}

// lookupPaths(request, parentFilename, modulePaths | undefined) → string[] or null
func lookupPaths(c *binding.Call) {
	r := source.Of(c.Env()).Resolver
	var paths []string
	if c.IsArray(2) {
		paths = r.LookupPathsIn(c.String(0), c.String(1), c.Strings(2))
	} else {
		paths = r.LookupPaths(c.String(0), c.String(1))
	}
	if paths == nil {
		c.Return(binding.Null)
		return
	}
	c.Return(binding.Strings(paths))
}

func optionPaths(c *binding.Call) {
	c.Return(binding.Strings(source.Of(c.Env()).Resolver.OptionPaths(c.String(0), c.Strings(1))))
}

func nodeModulePaths(c *binding.Call) {
	dir, err := filepath.Abs(c.String(0))
	if err != nil {
		dir = c.String(0)
	}
	c.Return(binding.Strings(resolve.NodeModulePaths(dir)))
}

func globalPaths(c *binding.Call) {
	c.Return(binding.Strings(resolve.GlobalPaths(c.String(0), c.String(1), c.String(2))))
}

func setExtensions(c *binding.Call) { source.Of(c.Env()).Resolver.SetExtensions(c.Strings(0)) }

// unknownBuiltin(specifier): throws when it is "node:x" and there is no x
func unknownBuiltin(c *binding.Call) {
	if err := source.Of(c.Env()).Resolver.UnknownBuiltin(c.String(0)); err != nil {
		c.Throw(source.Error(err))
	}
}

// Formats as numbers, for load.
const (
	isCommonJS = iota
	isModule
	isJSON
)

// load(filename, url, isMain) → [0, wrapper function] for CommonJS, [1, module id] for an ES module compiled under url.
// A file whose kind the package does not say is CommonJS unless only module syntax parses.
func load(c *binding.Call) {
	l := source.Of(c.Env())
	path := c.String(0)
	format, err := l.Resolver.Format(path)
	if err != nil {
		format = resolve.FormatCommonJS // require() takes any extension
	}
	f, err := l.Read(path, format)
	if err != nil {
		c.Throw(err)
		return
	}
	if f.Format == resolve.FormatModule {
		compileModule(c, l, f, c.String(1))
		return
	}
	fn, err := l.CompileFunction(f, parameters)
	if err != nil {
		if f.Format == resolve.FormatUnknown && l.IsModule(f) {
			compileModule(c, l, f, c.String(1))
			return
		}
		c.Throw(err)
		return
	}
	c.Return(binding.List(binding.Int(isCommonJS), binding.Handle(fn)))
}

// Node requires a module without a word, but imports what it is started with.
func compileModule(c *binding.Call, l *source.Loader, f *source.File, url string) {
	if c.Bool(2) {
		l.WarnOfTypeless(f.Path, url)
		source.Warn(c.Env())
	}
	m, err := l.CompileModule(f, url)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.List(binding.Int(isModule), binding.Int(m.ID())))
}

// sourceFormat(filename) → the format that a replaced _compile is told, or undefined
func sourceFormat(c *binding.Call) {
	path := c.String(0)
	format, err := source.Of(c.Env()).Resolver.Format(path)
	switch {
	case err == nil && format != resolve.FormatUnknown:
		c.Return(binding.String(string(format)))
	case typescript.IsTypeScript(path):
		c.Return(binding.String("typescript"))
	}
}

// readText(filename) → text of a file as it is
func readText(c *binding.Call) {
	text, err := source.Of(c.Env()).ReadText(c.String(0))
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.String(text))
}

// compile(text, filename) → wrapper function, without a cache
func compile(c *binding.Call) {
	i := c.Env().Isolate
	fn, _, err := i.CompileFunction(c.Value(0), c.Value(1), parameters, nil, engine.Value{})
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.Handle(fn))
}

// packageScope(filename) → [path of package.json, type, name] or undefined
func packageScope(c *binding.Call) {
	p := source.Of(c.Env()).Resolver.PackageScope(c.String(0))
	if p == nil {
		return
	}
	c.Return(binding.List(binding.String(p.Path), binding.String(p.Type), binding.String(p.Name)))
}

// stat(path) → 0 for a file, 1 for a folder, a negative error number for nothing
func stat(c *binding.Call) {
	var st syscall.Stat_t
	err := syscall.Stat(c.String(0), &st)
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		c.Return(binding.Int(-int(errno)))
	case st.Mode&syscall.S_IFMT == syscall.S_IFDIR:
		c.Return(binding.Int(1))
	default:
		c.Return(binding.Int(0))
	}
}

func sourceLine(c *binding.Call) {
	if line, ok := source.SourceLine(c.String(0), c.Int(1)); ok {
		c.Return(binding.String(line))
	}
}

// position(file, line, column) → [file, line, column] of the TypeScript source, or undefined
func position(c *binding.Call) {
	file, line, column, ok := source.Of(c.Env()).Position(c.String(0), c.Int(1), c.Int(2))
	if ok {
		c.Return(binding.List(binding.String(file), binding.Int(line), binding.Int(column)))
	}
}

// compiled(file) → [text that V8 has, mappings of its source map] of a TypeScript file that was loaded, or undefined
func compiled(c *binding.Call) {
	if text, mappings, ok := source.Of(c.Env()).Compiled(c.String(0)); ok {
		c.Return(binding.List(binding.String(text), binding.String(mappings)))
	}
}

func saveLater(c *binding.Call) { source.Of(c.Env()).SaveLater(c.Env()) }

// useCacheFolder(base, process.version, portable, log) → why it can't be had, or undefined
func useCacheFolder(c *binding.Call) {
	if err := source.Of(c.Env()).UseDirectory(c.String(0), c.String(1), c.Bool(2), c.Bool(3)); err != nil {
		c.Return(binding.String(err.Error()))
	}
}
