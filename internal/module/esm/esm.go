// Package esm is the Go half of the ES module loader: resolution of import, reading and compiling of modules, and the export names of
// CommonJS files. Its TypeScript half (lib/index.ts) owns the module map and the order of evaluation. Isolate's thread only.
package esm

import (
	"slices"

	"roost/internal/binding"
	"roost/internal/module/resolve"
	"roost/internal/module/source"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "module/esm", Natives: binding.Natives{
	"start":          start,
	"resolve":        resolveImport,
	"resolveURL":     resolveURL,
	"load":           load,
	"exportNames":    exportNames,
	"exportsOfText":  exportsOfText,
	"readText":       readText,
	"isModuleSyntax": func(c *binding.Call) { c.Return(binding.Bool(source.IsModuleSyntax(c.String(0)))) },
	"pathToFileURL":  func(c *binding.Call) { c.Return(binding.String(resolve.PathToFileURL(c.String(0)))) },
	"fileURLToPath":  fileURLToPath,
}}

// start(main, conditions, {flags: noAddons, preserveSymlinks, preserveSymlinksMain}, nodePath, home, execPath, builtin names, transform,
// without a code cache, warn(message, type, code))
func start(c *binding.Call) {
	names := map[string]bool{}
	for _, n := range c.Strings(8) {
		names[n] = true
	}
	source.Start(c.Env(), source.Options{Main: c.String(0), Conditions: c.Strings(1), NoAddons: c.Bool(2), Symlinks: c.Bool(3), MainLink: c.Bool(4),
		NodePath: c.String(5), Home: c.String(6), ExecPath: c.String(7), Builtins: func(name string) bool { return names[name] },
		Transform: source.Transform(c.String(9)), NoCache: c.Bool(10)})
	source.OnWarning(c.Env(), c.Value(11))
}

// resolve(specifier, parentURL, attributes: [key, value, ...], conditions | undefined) → [url, format, path, builtin]
func resolveImport(c *binding.Call) {
	var attributes []resolve.Attribute
	list := c.Strings(2)
	for i := 0; i+1 < len(list); i += 2 {
		attributes = append(attributes, resolve.Attribute{Key: list[i], Value: list[i+1]})
	}
	resolver := source.Of(c.Env()).Resolver
	if conditions := c.Strings(3); c.IsArray(3) && !slices.Equal(conditions, resolver.ImportConditions()) {
		resolver = resolver.With(conditions)
	}
	r, err := resolver.Import(c.String(0), c.String(1), attributes...)
	source.Warn(c.Env())
	if err != nil {
		c.Throw(source.Error(err))
		return
	}
	c.Return(binding.List(binding.String(r.URL), binding.String(string(r.Format)), binding.String(r.Path), binding.String(r.Builtin)))
}

func resolveURL(c *binding.Call) {
	url, err := source.Of(c.Env()).Resolver.ResolveURL(c.String(0), c.String(1))
	if err != nil {
		c.Throw(source.Error(err))
		return
	}
	c.Return(binding.String(url))
}

// load(path, url, format) → id of the compiled ES module, or 0 when the file turns out to be CommonJS
func load(c *binding.Call) {
	l := source.Of(c.Env())
	f, err := l.Read(c.String(0), resolve.Format(c.String(2)))
	if err != nil {
		c.Throw(err)
		return
	}
	switch f.Format {
	case resolve.FormatCommonJS:
		c.Return(binding.Int(0))
		return
	case resolve.FormatUnknown:
		if !l.IsModule(f) {
			c.Return(binding.Int(0))
			return
		}
	}
	if f.Format == resolve.FormatUnknown || c.String(2) == string(resolve.FormatUnknown) {
		l.WarnOfTypeless(f.Path, c.String(1))
		source.Warn(c.Env())
	}
	m, err := l.CompileModule(f, c.String(1))
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.Int(m.ID()))
}

// exportNames(path) → string[] of a CommonJS file
func exportNames(c *binding.Call) {
	c.Return(binding.Strings(source.Of(c.Env()).Exports(c.String(0))))
}

// exportsOfText(path, text) → [names that a CommonJS text exports, specifiers whose names are exported too]
func exportsOfText(c *binding.Call) {
	found := source.ExportsOfText(c.String(0), c.String(1))
	c.Return(binding.List(binding.Strings(found.Names), binding.Strings(found.Reexports)))
}

// readText(path) → the file's text, as it is
func readText(c *binding.Call) {
	f, err := source.Of(c.Env()).Read(c.String(0), resolve.FormatJSON)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.String(f.Text))
}

func fileURLToPath(c *binding.Call) {
	path, err := resolve.FileURLToPath(c.String(0))
	if err != nil {
		c.Throw(source.Error(err))
		return
	}
	c.Return(binding.String(path))
}
