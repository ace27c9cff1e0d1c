package resolve

import (
	"path"
	"strings"
)

// All of this differs from Node, which runs TypeScript only where imports name the .ts file.

// swapped lists what a JavaScript extension may stand for in a TypeScript file, where imports name
// the compiler's output.
var swapped = map[string][]string{
	".js":  {".ts", ".tsx"},
	".jsx": {".tsx"},
	".mjs": {".mts"},
	".cjs": {".cts"},
}

// searched are the extensions that an import in a TypeScript file may leave out, in the order of
// tsc's moduleResolution bundler.
var searched = []string{".ts", ".tsx", ".js"}

// trySwapped looks for the source of a compiled file that isn't there.
func (r *Resolver) trySwapped(file string, links linkPolicy) string {
	ext := path.Ext(file)
	return r.tryEach(strings.TrimSuffix(file, ext), swapped[ext], links)
}

// findTypeScript is trySwapped for a required path that findPath didn't find.
func (r *Resolver) findTypeScript(request string, paths []string) string {
	if swapped[path.Ext(request)] == nil {
		return ""
	}
	if strings.HasPrefix(request, "/") {
		paths = []string{""}
	}
	for _, dir := range paths {
		if file := r.trySwapped(absolute(dir, request), r.preserve(notMain)); file != "" {
			return file
		}
	}
	return ""
}

// searchTypeScript finds what a TypeScript file means by a path: the file, its source, the path with
// an extension, or a directory's main or index.
func (r *Resolver) searchTypeScript(file string, directoryOnly bool) string {
	links := r.preserve(notMain)
	if !directoryOnly {
		if found := r.tryFile(file, links); found != "" {
			return found
		}
		if found := r.trySwapped(file, links); found != "" {
			return found
		}
		if found := r.tryEach(file, searched, links); found != "" {
			return found
		}
	}
	if r.files.kind(file) != directory {
		return ""
	}
	if pkg := r.readPackage(file); pkg != nil && !pkg.invalid && pkg.Main != "" {
		main := absolute(file, pkg.Main)
		for _, try := range []string{r.tryFile(main, links), r.trySwapped(main, links), r.tryEach(main, searched, links), r.tryEach(main+"/index", searched, links)} {
			if try != "" {
				return try
			}
		}
	}
	return r.tryEach(file+"/index", searched, links)
}

// mapped asks the TypeScriptHook for a specifier; "" when it has no mapping that leads to a file.
func (r *Resolver) mapped(specifier, importerFile string) string {
	if r.opts.TypeScript == nil || insideNodeModules(importerFile) {
		return ""
	}
	for _, candidate := range r.opts.TypeScript.MapPath(specifier, importerFile) {
		if !strings.HasPrefix(candidate, "/") {
			continue
		}
		if file := r.searchTypeScript(path.Clean(candidate), strings.HasSuffix(candidate, "/")); file != "" {
			return file
		}
	}
	return ""
}
