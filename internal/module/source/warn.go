package source

import (
	"path/filepath"
	"strings"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/module/typescript"
)

type warnKey struct{}

// OnWarning makes fn, a JavaScript function of (message, type, code), the one that Warn calls.
func OnWarning(env *binding.Env, fn engine.Value) {
	env.SetState(warnKey{}, env.Isolate.Keep(fn))
}

// WarnOfTypeless notices that a file at url was found to be an ES module by its syntax, because its package.json doesn't say. Each package.json
// is told of once; packages in node_modules are their authors' business. Warn shows it.
// https://nodejs.org/docs/latest-v24.x/api/packages.html#syntax-detection
func (l *Loader) WarnOfTypeless(path, url string) {
	switch filepath.Ext(path) {
	case ".js", ".ts", ".tsx":
	default:
		return
	}
	scope := l.Resolver.PackageScope(path)
	if scope == nil || scope.Type != "" || l.typeless[scope.Path] || strings.Contains(path, "/node_modules/") {
		return
	}
	l.typeless[scope.Path] = true
	l.warnings = append(l.warnings, Warning{"Warning", "MODULE_TYPELESS_PACKAGE_JSON", "Module type of " + url + " is not specified and it doesn't parse as CommonJS.\n" +
		"Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n" +
		"To eliminate this warning, add \"type\": \"module\" to " + scope.Path + "."})
}

// warnOfPlugins notices, with the first TypeScript file, that "nest build" would have changed classes by plugins. A resolution shows it.
func (l *Loader) warnOfPlugins(path string) {
	if l.plugins {
		return
	}
	l.plugins = true
	if file, names := typescript.NestPlugins(path); len(names) > 0 {
		l.warnings = append(l.warnings, Warning{"Warning", "NEST_CLI_PLUGINS", "The compiler plugins of " + file + " (" + strings.Join(names, ", ") +
			") run in 'nest build' alone. What they add to classes is missing when the TypeScript sources are run; start what was built to have it."})
	}
}

// Warn shows what the loader noticed. A native calls it when its own work is done. May run user code.
func Warn(env *binding.Env) {
	warnings := Of(env).TakeWarnings()
	if warnings == nil {
		return
	}
	fn, _ := env.State(warnKey{}, func() any { return (*engine.Persistent)(nil) }).(*engine.Persistent)
	if fn == nil {
		return
	}
	for _, w := range warnings {
		// What process.emitWarning throws is the business of --throw-deprecation, which throws later, on a tick.
		_, _ = env.Isolate.Call(fn.Value(), engine.Value{}, binding.String(w.Message), binding.String(w.Type), binding.String(w.Code))
	}
}
