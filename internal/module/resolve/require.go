package resolve

import (
	"path"
	"slices"
	"strings"
)

// NodeModulePaths is Module._nodeModulePaths: the node_modules folders from dir up to the root.
func NodeModulePaths(dir string) []string {
	dir = absolute("", dir)
	var paths []string
	for ; dir != "/"; dir = path.Dir(dir) {
		if path.Base(dir) != "node_modules" {
			paths = append(paths, dir+"/node_modules")
		}
	}
	return append(paths, "/node_modules")
}

// GlobalPaths are Module.globalPaths: the folders of NODE_PATH, then ~/.node_modules and
// ~/.node_libraries, then the installation's lib/node. Empty arguments are left out.
func GlobalPaths(nodePath, home, execPath string) []string {
	paths := []string{}
	for _, p := range strings.Split(nodePath, ":") {
		if p != "" {
			paths = append(paths, p)
		}
	}
	if home != "" {
		paths = append(paths, absolute(home, ".node_modules"), absolute(home, ".node_libraries"))
	}
	if execPath != "" {
		paths = append(paths, absolute(path.Dir(path.Dir(execPath)), "lib/node"))
	}
	return paths
}

// looksRelative is Module._resolveLookupPaths' test: "." and "..", and whatever starts with "./" or
// "..", even "..x".
func looksRelative(specifier string) bool {
	return strings.HasPrefix(specifier, ".") && (len(specifier) == 1 || specifier[1] == '.' || specifier[1] == '/')
}

// isRelative tests for a path that begins with "./" or "../" or is one of the two without slash.
func isRelative(specifier string) bool {
	return specifier == "." || specifier == ".." || strings.HasPrefix(specifier, "./") || strings.HasPrefix(specifier, "../")
}

// LookupPaths is require.resolve.paths(specifier) in the file parent, "" for none (the REPL): nil for
// a builtin, the parent's folder for a relative specifier, else node_modules folders and GlobalPaths.
func (r *Resolver) LookupPaths(specifier, parent string) []string {
	if parent == "" {
		return r.LookupPathsIn(specifier, parent, nil)
	}
	return r.LookupPathsIn(specifier, parent, r.nodeModulePaths(path.Dir(parent)))
}

// LookupPathsIn is Module._resolveLookupPaths for a module whose paths property is modulePaths.
func (r *Resolver) LookupPathsIn(specifier, parent string, modulePaths []string) []string {
	if _, ok := r.builtin(specifier); ok {
		return nil
	}
	if !looksRelative(specifier) {
		return append(append(make([]string, 0, len(modulePaths)+len(r.opts.GlobalPaths)), modulePaths...), r.opts.GlobalPaths...)
	}
	if parent == "" {
		return []string{"."}
	}
	return []string{path.Dir(parent)}
}

// OptionPaths turns the paths option of require.resolve (folders to start from) into what Require
// takes: those folders for a relative specifier, else the folders that modules there would search.
func (r *Resolver) OptionPaths(specifier string, starts []string) []string {
	if isRelative(specifier) {
		return append([]string{}, starts...)
	}
	paths, seen := []string{}, make(map[string]bool)
	for _, start := range starts {
		for _, p := range append(NodeModulePaths(start), r.opts.GlobalPaths...) {
			if !seen[p] {
				seen[p] = true
				paths = append(paths, p)
			}
		}
	}
	return paths
}

func (r *Resolver) nodeModulePaths(dir string) []string {
	paths, ok := r.lookups[dir]
	if !ok {
		paths = NodeModulePaths(dir)
		r.lookups[dir] = paths
	}
	return paths
}

// Require is Module._resolveFilename: what require(specifier) loads in parentFile. parentFile is ""
// where there is none. paths are the folders to search, as LookupPathsIn and OptionPaths make them;
// nil means those that LookupPaths gives. They don't matter for "#imports" and self-references.
//
// An unknown "node:" name is MODULE_NOT_FOUND, as require.resolve has it; require() itself reports
// it by UnknownBuiltin. A *Error's require stack names only parentFile: see SetRequireStack.
func (r *Resolver) Require(specifier, parentFile string, paths []string) (Result, error) {
	key := r.key(specifier, parentFile, byRequire)
	if paths != nil && r.isDefault(paths, specifier, parentFile) {
		paths = nil
	}
	if paths == nil {
		if res, ok := r.answers[key]; ok {
			return res, nil
		}
	}
	if name, ok := r.builtin(specifier); ok {
		return builtinResult(name), nil
	}
	res, err := r.resolveAfresh(func() (Result, error) { return r.requireFile(specifier, parentFile, paths) })
	if err == nil && paths == nil && parentFile != "" { // without a parent, the working directory counts
		r.answers[key] = res
	}
	return res, err
}

// isDefault reports whether paths are what LookupPaths gives, so that the answer can be kept.
func (r *Resolver) isDefault(paths []string, specifier, parent string) bool {
	if parent == "" {
		return false
	}
	dir := path.Dir(parent)
	if looksRelative(specifier) {
		return len(paths) == 1 && paths[0] == dir
	}
	own := r.nodeModulePaths(dir)
	return len(paths) == len(own)+len(r.opts.GlobalPaths) && slices.Equal(paths[:len(own)], own) && slices.Equal(paths[len(own):], r.opts.GlobalPaths)
}

// UnknownBuiltin returns the error of require("node:x") and import "node:x" where x is no builtin,
// nil when specifier is something else.
func (r *Resolver) UnknownBuiltin(specifier string) error {
	if _, ok := r.builtin(specifier); ok || !strings.HasPrefix(specifier, "node:") {
		return nil
	}
	return errUnknownBuiltin(specifier)
}

// key says what an answer depends on. base is a path or a URL.
func (r *Resolver) key(specifier, base string, how how) requestKey {
	if isTypeScript(base) {
		how |= fromTypeScript
	}
	from := base
	if r.opts.TypeScript == nil || insideNodeModules(base) {
		from = base[:strings.LastIndexByte(base, '/')+1]
	}
	return requestKey{from, specifier, how}
}

func (r *Resolver) requireFile(specifier, parent string, paths []string) (Result, error) {
	file, err := r.requirePath(specifier, parent, paths)
	if err != nil {
		return Result{}, err
	}
	if res, ok := r.files.required[file]; ok {
		return res, nil
	}
	format, err := r.requireFormat(file)
	if err != nil {
		return Result{}, err
	}
	res := Result{Path: file, URL: PathToFileURL(file), Format: format}
	r.files.required[file] = res
	return res, nil
}

func (r *Resolver) requirePath(specifier, parent string, paths []string) (string, error) {
	bare := !looksRelative(specifier) && !strings.HasPrefix(specifier, "/")
	if bare && parent != "" {
		if file := r.mapped(specifier, parent); file != "" {
			return file, nil
		}
		file, err := r.requireFromPackage(specifier, parent)
		if file != "" || err != nil {
			return file, err
		}
	}
	if paths == nil {
		paths = r.LookupPaths(specifier, parent)
	}
	file, err := r.findPath(specifier, paths, r.preserve(notMain))
	if file == "" && err == nil && !bare && isTypeScript(parent) {
		file = r.findTypeScript(specifier, paths)
	}
	if file != "" || err != nil {
		return file, err
	}
	if parent == "" {
		return "", errRequire(specifier)
	}
	return "", errRequire(specifier, parent)
}

// requireFromPackage resolves "#imports" and references of a package to itself; "" for neither.
func (r *Resolver) requireFromPackage(specifier, parent string) (string, error) {
	pkg, err := r.Scope(parent)
	if pkg == nil || err != nil {
		return "", err
	}
	base := fileImporter(parent)
	if strings.HasPrefix(specifier, "#") {
		imports, err := pkg.Imports()
		if err != nil {
			return "", err
		}
		if imports != nil {
			loc, err := r.packageImports(specifier, base, r.require)
			if err != nil {
				return "", missingFrom(err, specifier, "")
			}
			return r.requireTarget(loc, base, pkg.Path)
		}
	}
	if !pkg.hasName || !strings.HasPrefix(specifier, pkg.Name) {
		return "", nil
	}
	subpath := specifier[len(pkg.Name):]
	if subpath != "" && subpath[0] != '/' {
		return "", nil
	}
	exports, err := pkg.Exports()
	if exports == nil || err != nil {
		return "", err
	}
	loc, err := r.packageExports(pkg, exports, "."+subpath, base, r.require)
	if err != nil {
		return "", missingFrom(err, specifier, pkg.Path)
	}
	return r.requireTarget(loc, base, pkg.Dir)
}

// missingFrom turns import's not-found error into require's.
func missingFrom(err error, request, where string) error {
	if codeOf(err) == "ERR_MODULE_NOT_FOUND" {
		return errMissingTarget(request, where)
	}
	return err
}

// requireTarget finishes what exports or imports gave: the file must be there as it is written.
func (r *Resolver) requireTarget(loc location, base *importer, where string) (string, error) {
	if loc.builtin != "" {
		// Node 24 looks for a file: a builtin as target works for import only.
		return "", errNotFileURL()
	}
	if loc.url.encodedSeparator() {
		return "", errSpecifier(loc.url.href(), `must not include encoded "/" or "\" characters`, base)
	}
	file, err := loc.url.file()
	if err != nil {
		return "", err
	}
	if !strings.HasSuffix(file, "/") {
		if found := r.tryFile(path.Clean(file), r.preserve(notMain)); found != "" {
			return found, nil
		}
		if base != nil && isTypeScript(base.file) {
			if found := r.trySwapped(path.Clean(file), r.preserve(notMain)); found != "" {
				return found, nil
			}
		}
	}
	return "", errMissingTarget(file, where)
}

// linkPolicy says whether a module's path keeps its symbolic links.
type linkPolicy bool

const (
	followLinks linkPolicy = false
	keepLinks   linkPolicy = true
)

// mainness says whether a file is looked up as the program's entry point.
type mainness bool

const (
	notMain mainness = false
	asMain  mainness = true
)

func (r *Resolver) preserve(main mainness) linkPolicy {
	if main == asMain {
		return linkPolicy(r.opts.PreserveSymlinksMain)
	}
	return linkPolicy(r.opts.PreserveSymlinks)
}

// FindPath is Module._findPath: the file that request names in one of paths, "" when there is none.
// isMain applies PreserveSymlinksMain.
func (r *Resolver) FindPath(request string, paths []string, isMain bool) (string, error) {
	res, err := r.resolveAfresh(func() (Result, error) {
		file, err := r.findPath(request, paths, r.preserve(mainness(isMain)))
		if file == "" && err == nil {
			err = errRequire(request) // so that it is looked up afresh
		}
		return Result{Path: file}, err
	})
	if e, ok := err.(*Error); ok && e.RequireStack != nil {
		return "", nil
	}
	return res.Path, err
}

func (r *Resolver) findPath(request string, paths []string, links linkPolicy) (string, error) {
	if strings.HasPrefix(request, "/") {
		paths = []string{""}
	} else if len(paths) == 0 {
		return "", nil
	}
	bare := !looksRelative(request) && paths[0] != ""
	inside := bare || !strings.HasPrefix(path.Clean(request), "..")
	for _, dir := range paths {
		if dir != "" && inside && r.files.kind(absoluteDir(dir)) != directory {
			continue
		}
		key := placeKey{dir, request, links}
		if file, ok := r.found[key]; ok {
			return file, nil
		}
		file, err := r.findIn(dir, request, bare, links)
		if err != nil {
			return "", err
		}
		if file != "" {
			if dir == "" || dir[0] == '/' {
				r.found[key] = file
			}
			return file, nil
		}
	}
	return "", nil
}

// absoluteDir leaves a path alone that stat understands as it is.
func absoluteDir(dir string) string {
	if strings.HasPrefix(dir, "/") {
		return dir
	}
	return absolute("", dir)
}

// findIn looks in one folder; "" when request isn't there.
func (r *Resolver) findIn(dir, request string, bare bool, links linkPolicy) (string, error) {
	if bare {
		file, gone, err := r.findExported(dir, request)
		if file != "" || gone || err != nil {
			return file, err
		}
	}
	trailing := strings.HasSuffix(request, "/") || strings.HasSuffix(request, "/.") || strings.HasSuffix(request, "/..") ||
		request == "." || request == ".."
	full := absolute(dir, request)
	kind := r.files.kind(full)
	if !trailing {
		if kind == regular {
			return r.real(full, links), nil
		}
		if file := r.tryExtensions(full, links); file != "" {
			return file, nil
		}
	}
	if kind == directory {
		return r.tryPackage(full, request, links)
	}
	return "", nil
}

// findExported looks whether request names a package in dir that has exports. gone means that there
// can't be a file of that name either.
func (r *Resolver) findExported(dir, request string) (file string, gone bool, err error) {
	name, subpath, ok := requiredPackage(request)
	if !ok {
		return "", false, nil
	}
	folder := absolute(dir, name)
	if r.files.kind(folder) != directory {
		return "", subpath != ".", nil
	}
	pkg, err := r.packageIn(folder, "")
	if pkg == nil || err != nil {
		return "", false, err
	}
	exports, err := pkg.Exports()
	if exports == nil || err != nil {
		return "", false, err
	}
	loc, err := r.packageExports(pkg, exports, subpath, nil, r.require)
	if err != nil {
		return "", false, missingFrom(err, request, pkg.Path)
	}
	file, err = r.requireTarget(loc, nil, folder)
	return file, false, err
}

// requiredPackage splits a bare specifier the way require does, which asks less of names than import.
func requiredPackage(request string) (name, subpath string, ok bool) {
	rest := request
	if strings.HasPrefix(request, "@") {
		scope, after, found := strings.Cut(request, "/")
		if !found || len(scope) == 1 || strings.ContainsAny(scope, `\%`) {
			return "", "", false
		}
		rest = after
	}
	part, _, _ := strings.Cut(rest, "/")
	if part == "" || part[0] == '.' || strings.ContainsAny(part, `\%`) {
		return "", "", false
	}
	name = request[:len(request)-len(rest)+len(part)]
	return name, "." + request[len(name):], true
}

func (r *Resolver) real(file string, links linkPolicy) string {
	if links == keepLinks {
		return file
	}
	return r.files.realPath(file)
}

func (r *Resolver) tryFile(file string, links linkPolicy) string {
	if r.files.kind(file) != regular {
		return ""
	}
	return r.real(file, links)
}

func (r *Resolver) tryExtensions(file string, links linkPolicy) string {
	return r.tryEach(file, r.extensions, links)
}

func (r *Resolver) tryEach(file string, extensions []string, links linkPolicy) string {
	for _, ext := range extensions {
		if found := r.tryFile(file+ext, links); found != "" {
			return found
		}
	}
	return ""
}

// tryPackage loads a directory: package.json's main, else index.
func (r *Resolver) tryPackage(dir, request string, links linkPolicy) (string, error) {
	pkg, err := r.packageIn(dir, "")
	if err != nil {
		return "", err
	}
	if pkg == nil || pkg.Main == "" {
		return r.tryExtensions(absolute(dir, "index"), links), nil
	}
	main := absolute(dir, pkg.Main)
	for _, try := range []string{r.tryFile(main, links), r.tryExtensions(main, links), r.tryExtensions(absolute(main, "index"), links)} {
		if try != "" {
			return try, nil
		}
	}
	file := r.tryExtensions(absolute(dir, "index"), links)
	if file == "" {
		return "", errMissingMain(main, pkg.Path, request)
	}
	r.warn("DEP0128", "Invalid 'main' field in '"+pkg.Path+"' of '"+pkg.Main+"'. Please either fix that or report it to the module author")
	return file, nil
}

// Main resolves the program's entry point, which may lack its extension or be a directory. name is
// resolved against the working directory.
func (r *Resolver) Main(name string) (Result, error) {
	full := absolute("", name)
	return r.resolveAfresh(func() (Result, error) {
		file, err := r.findPath(full, nil, r.preserve(asMain))
		if err != nil {
			return Result{}, err
		}
		if file == "" {
			return Result{}, errRequire(full)
		}
		format, err := r.mainFormat(file)
		return Result{Path: file, URL: PathToFileURL(file), Format: format}, err
	})
}
