package resolve

import (
	"path"
	"strconv"
	"strings"
)

type conditionSet []string

func (c conditionSet) match(condition string) bool {
	if condition == "default" {
		return true
	}
	for _, have := range c {
		if have == condition {
			return true
		}
	}
	return false
}

// location is where exports, imports or a bare specifier lead: a builtin or a file: URL.
type location struct {
	builtin string
	url     fileURL
}

// mapping is one look into a package's exports or imports.
type mapping struct {
	pkg        *Package
	request    string // the subpath ("./x") or the specifier ("#x")
	base       *importer
	conditions conditionSet
	internal   bool // imports, not exports
}

func (c *mapping) field() string {
	if c.internal {
		return "imports"
	}
	return "exports"
}

// outcome tells an undefined target, which lets the search go on, from null, which ends it.
type outcome uint8

const (
	undefinedTarget outcome = iota
	nullTarget
	foundTarget
)

// packageExports is PACKAGE_EXPORTS_RESOLVE. subpath is "." or begins with "./". base is nil for a
// require that isn't a self-reference: such messages name no importer.
func (r *Resolver) packageExports(pkg *Package, exports *Value, subpath string, base *importer, conditions conditionSet) (location, error) {
	c := &mapping{pkg: pkg, request: subpath, base: base, conditions: conditions}
	sugar, err := c.isSugar(exports)
	if err != nil {
		return location{}, err
	}
	if sugar {
		exports = &Value{Kind: Object, Keys: []string{"."}, Items: []Value{*exports}}
	}
	loc, found, err := r.lookUp(c, exports)
	if err == nil && !found {
		err = errNotExported(pkg, subpath, base)
	}
	return loc, err
}

// packageImports is PACKAGE_IMPORTS_RESOLVE for a specifier that starts with "#".
func (r *Resolver) packageImports(specifier string, base *importer, conditions conditionSet) (location, error) {
	if specifier == "#" || strings.HasSuffix(specifier, "/") {
		return location{}, errSpecifier(specifier, "is not a valid internal imports specifier name", base)
	}
	pkg, err := r.Scope(base.file)
	if err != nil {
		return location{}, err
	}
	if pkg == nil {
		return location{}, errImportNotDefined(specifier, nil, base)
	}
	imports, err := pkg.Imports()
	if err != nil {
		return location{}, err
	}
	if imports != nil {
		c := &mapping{pkg: pkg, request: specifier, base: base, conditions: conditions, internal: true}
		loc, found, err := r.lookUp(c, imports)
		if err != nil || found {
			return loc, err
		}
	}
	return location{}, errImportNotDefined(specifier, pkg, base)
}

// isSugar reports whether exports is the main entry's target itself rather than a map of subpaths.
func (c *mapping) isSugar(exports *Value) (bool, error) {
	if exports.Kind != Object {
		return true, nil
	}
	sugar := false
	for i, key := range exports.Keys {
		is := !strings.HasPrefix(key, ".")
		if i > 0 && is != sugar {
			return false, errConfig(c.pkg.Path, c.while(), `"exports" cannot contain some keys starting with '.' and some not.`+
				" The exports object must either be an object of package subpath keys or an object of main entry condition name keys only.")
		}
		sugar = is
	}
	return sugar, nil
}

func (c *mapping) while() string {
	if c.base == nil {
		return ""
	}
	return c.base.href()
}

// lookUp is PACKAGE_IMPORTS_EXPORTS_RESOLVE.
func (r *Resolver) lookUp(c *mapping, table *Value) (loc location, found bool, err error) {
	if t := table.Get(c.request); t != nil && !strings.Contains(c.request, "*") && !strings.HasSuffix(c.request, "/") {
		return r.settle(c, t, "", c.request, exactKey)
	}
	best, bestAt, bestMatch := "", -1, ""
	for i, key := range table.Keys {
		base, trailer, ok := strings.Cut(key, "*")
		if !ok || strings.Contains(trailer, "*") || !strings.HasPrefix(c.request, base) {
			continue
		}
		// A pattern that reaches to the request's slash is deprecated but works.
		if !c.internal && strings.HasSuffix(c.request, "/") {
			r.warnTrailingSlash(c)
		}
		if len(c.request) < len(key) || !strings.HasSuffix(c.request, trailer) || bestAt >= 0 && comparePatterns(best, key) <= 0 {
			continue
		}
		best, bestAt, bestMatch = key, i, c.request[len(base):len(c.request)-len(trailer)]
	}
	if bestAt < 0 {
		return location{}, false, nil
	}
	return r.settle(c, &table.Items[bestAt], bestMatch, best, patternKey)
}

func (r *Resolver) settle(c *mapping, t *Value, match, key string, how keyKind) (location, bool, error) {
	loc, out, err := r.target(c, t, match, key, how)
	return loc, err == nil && out == foundTarget, err
}

// keyKind says whether the key that was chosen holds a "*".
type keyKind bool

const (
	exactKey   keyKind = false
	patternKey keyKind = true
)

// comparePatterns is PATTERN_KEY_COMPARE: negative when a is the more specific key.
func comparePatterns(a, b string) int {
	baseA, baseB := strings.IndexByte(a, '*'), strings.IndexByte(b, '*')
	if baseA != baseB {
		return baseB - baseA
	}
	return len(b) - len(a)
}

// target is PACKAGE_TARGET_RESOLVE. match is what the key's "*" stands for.
func (r *Resolver) target(c *mapping, t *Value, match, key string, how keyKind) (location, outcome, error) {
	switch t.Kind {
	case String:
		loc, err := r.stringTarget(c, t.Text, match, key, how)
		return loc, foundTarget, err
	case Array:
		return r.arrayTarget(c, t, match, key, how)
	case Object:
		for _, k := range t.Keys {
			if isArrayIndex(k) {
				return location{}, undefinedTarget, errConfig(c.pkg.Path, c.while(), `"exports" cannot contain numeric property keys.`)
			}
		}
		for i, k := range t.Keys {
			if !c.conditions.match(k) {
				continue
			}
			loc, out, err := r.target(c, &t.Items[i], match, key, how)
			if err != nil || out != undefinedTarget {
				return loc, out, err
			}
		}
		return location{}, undefinedTarget, nil
	case Null:
		return location{}, nullTarget, nil
	}
	return location{}, undefinedTarget, errTarget(c, key, t.Text)
}

// arrayTarget takes the first valid target. It doesn't look whether the file exists.
func (r *Resolver) arrayTarget(c *mapping, t *Value, match, key string, how keyKind) (location, outcome, error) {
	var last error
	lastOut := undefinedTarget
	if len(t.Items) == 0 {
		lastOut = nullTarget
	}
	for i := range t.Items {
		loc, out, err := r.target(c, &t.Items[i], match, key, how)
		if err != nil {
			if codeOf(err) != "ERR_INVALID_PACKAGE_TARGET" {
				return location{}, undefinedTarget, err
			}
			last = err
			continue
		}
		switch out {
		case foundTarget:
			return loc, out, nil
		case nullTarget:
			last, lastOut = nil, nullTarget
		}
	}
	return location{}, lastOut, last
}

func (r *Resolver) stringTarget(c *mapping, target, match, key string, how keyKind) (location, error) {
	if !strings.HasPrefix(target, "./") {
		scheme, _ := splitScheme(target)
		if !c.internal || strings.HasPrefix(target, "../") || strings.HasPrefix(target, "/") || scheme != "" {
			return location{}, errTarget(c, key, target)
		}
		if how == patternKey {
			target = strings.ReplaceAll(target, "*", match)
		}
		return r.packageResolve(target, fileImporter(c.pkg.Path), c.conditions)
	}
	bad, empty := badSegment(target[2:])
	if bad {
		return location{}, errTarget(c, key, target)
	}
	if how == patternKey {
		if badMatch, _ := badSegment(match); badMatch {
			return location{}, errSpecifier(strings.ReplaceAll(key, "*", match), `request is not a valid match in pattern "`+key+
				`" for the "`+c.field()+`" resolution of `+c.pkg.Path, c.base)
		}
		target = strings.ReplaceAll(target, "*", match)
		_, empty = badSegment(target[2:])
	}
	if empty {
		r.warnSlashes(c, target, key)
	}
	base := c.pkg.location()
	u, err := parseFileRef(&base, target)
	if err != nil {
		return location{}, err
	}
	if !strings.HasPrefix(u.path, base.path[:strings.LastIndexByte(base.path, '/')+1]) {
		return location{}, errTarget(c, key, target)
	}
	return location{url: u}, nil
}

// badSegment reports a ".", ".." or "node_modules" segment, in any case and percent-encoding, and
// whether there is an empty one, which is only deprecated.
func badSegment(p string) (bad, empty bool) {
	for start := 0; start <= len(p); {
		end := start
		for end < len(p) && p[end] != '/' && p[end] != '\\' {
			end++
		}
		segment := p[start:end]
		switch {
		case segment == "":
			empty = true
		case dots(segment) > 0:
			bad = true
		case len(segment) >= len("node_modules"):
			if d, ok := percentDecode(segment); ok && strings.EqualFold(d, "node_modules") {
				bad = true
			}
		}
		start = end + 1
	}
	return bad, empty
}

// isArrayIndex reports whether JavaScript would list the key among the integer ones.
func isArrayIndex(key string) bool {
	n, err := strconv.ParseUint(key, 10, 32)
	return err == nil && n < 1<<32-1 && strconv.FormatUint(n, 10) == key
}

func (c *mapping) place() string {
	return `in the "` + c.field() + `" field module resolution of the package at ` + c.pkg.Path + from(c.base) + "."
}

func (r *Resolver) warnTrailingSlash(c *mapping) {
	if r.opts.Warn == nil {
		return
	}
	key := "DEP0155 " + c.pkg.Path + " " + c.request // once a package and request, whoever asks
	if r.warned[key] {
		return
	}
	r.warned[key] = true
	r.warn("DEP0155", `Use of deprecated trailing slash pattern mapping "`+c.request+`" `+c.place()+` Mapping specifiers ending in "/" is no longer supported.`)
}

func (r *Resolver) warnSlashes(c *mapping, target, key string) {
	if r.opts.Warn == nil {
		return
	}
	kind := "leading or trailing slash matching"
	if strings.Contains(target, "//") {
		kind = "double slash"
	}
	matched := ""
	if c.request != key {
		matched = ` matched to "` + key + `"`
	}
	r.warn("DEP0166", "Use of deprecated "+kind+` resolving "`+target+`" for module request "`+c.request+`"`+matched+" "+c.place())
}

// splitPackageName parses a bare specifier into a package's name and "." or "./subpath".
func splitPackageName(specifier string, base *importer) (name, subpath string, err error) {
	end := strings.IndexByte(specifier, '/')
	valid := true
	if strings.HasPrefix(specifier, "@") {
		if end < 0 {
			valid = false
		} else if next := strings.IndexByte(specifier[end+1:], '/'); next >= 0 {
			end += 1 + next
		} else {
			end = -1
		}
	}
	name, subpath = specifier, "."
	if end >= 0 {
		name, subpath = specifier[:end], "."+specifier[end:]
	}
	if !valid || strings.HasPrefix(name, ".") || strings.ContainsAny(name, `%\`) {
		return "", "", errSpecifier(specifier, "is not a valid package name", base)
	}
	return name, subpath, nil
}

// packageResolve is PACKAGE_RESOLVE: a bare specifier, seen from base's file.
func (r *Resolver) packageResolve(specifier string, base *importer, conditions conditionSet) (location, error) {
	if r.bareBuiltin(specifier) {
		return location{builtin: specifier}, nil
	}
	name, subpath, err := splitPackageName(specifier, base)
	if err != nil {
		return location{}, err
	}
	self, err := r.Scope(base.file)
	if err != nil {
		return location{}, err
	}
	if self != nil && self.hasName && self.Name == name {
		exports, err := self.Exports()
		if err != nil {
			return location{}, err
		}
		if exports != nil {
			return r.packageExports(self, exports, subpath, base, conditions)
		}
	}
	for dir := base.dir(); ; dir = path.Dir(dir) {
		folder := absolute(dir, "node_modules/"+name)
		if r.files.kind(folder) == directory {
			return r.packageAt(folder, specifier, subpath, base, conditions)
		}
		if dir == "/" || dir == "." {
			return location{}, errPackageNotFound(name, base)
		}
	}
}

// packageAt resolves within the package that the walk came upon: the first one decides.
func (r *Resolver) packageAt(folder, specifier, subpath string, base *importer, conditions conditionSet) (location, error) {
	pkg, err := r.packageIn(folder, `"`+specifier+`" from `+base.display())
	if err != nil {
		return location{}, err
	}
	if pkg != nil {
		exports, err := pkg.Exports()
		if err != nil {
			return location{}, err
		}
		if exports != nil {
			return r.packageExports(pkg, exports, subpath, base, conditions)
		}
	}
	if subpath == "." {
		return r.legacyMain(folder, pkg, base)
	}
	dir := fileURL{path: percentEncode(folder, &unreserved) + "/"}
	u, err := parseFileRef(&dir, subpath)
	return location{url: u}, err
}

var legacyMainSuffixes = [...]string{"", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"}

// Differs from Node: a package without exports may be TypeScript.
var legacyIndexes = [...]string{"index.js", "index.json", "index.node", "index.ts", "index.tsx"}

// legacyMain is what import does with a package that has no exports.
func (r *Resolver) legacyMain(folder string, pkg *Package, base *importer) (location, error) {
	missing := folder + "/index.js"
	if pkg != nil && pkg.Main != "" {
		main := absolute(folder, pkg.Main)
		for _, suffix := range legacyMainSuffixes {
			if r.files.kind(main+suffix) == regular {
				return fileLocation(main + suffix), nil
			}
		}
		missing = main
	}
	for _, name := range legacyIndexes {
		if file := folder + "/" + name; r.files.kind(file) == regular {
			return fileLocation(file), nil
		}
	}
	return location{}, errPackageNotFound(missing, base)
}

func fileLocation(file string) location {
	return location{url: fileURL{path: percentEncode(file, &unreserved)}}
}
