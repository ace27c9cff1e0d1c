package resolve

import (
	"path"
	"path/filepath"
	"strings"
)

// Attribute is one import attribute: with { Key: "Value" }.
type Attribute struct {
	Key, Value string
}

// Import is what import specifier, or import(specifier), loads in the module parentURL. The import
// attributes are checked against the format that was found, as the loader would do before it loads;
// a JSON module needs {type: "json"}. Errors come in the order in which Node reports them.
func (r *Resolver) Import(specifier, parentURL string, attributes ...Attribute) (Result, error) {
	key := r.importKey(specifier, parentURL)
	res, ok := r.answers[key]
	if !ok {
		var err error
		res, err = r.resolveAfresh(func() (Result, error) { return r.importModule(specifier, parentURL) })
		if err != nil {
			if codeOf(err) == "ERR_UNKNOWN_BUILTIN_MODULE" {
				if wrong := CheckAttributes(specifier, FormatBuiltin, attributes); wrong != nil {
					return Result{}, wrong
				}
			}
			return Result{}, err
		}
		r.answers[key] = res
	}
	if err := CheckAttributes(res.URL, res.Format, attributes); err != nil {
		return Result{}, err
	}
	return res, nil
}

// ResolveURL is import.meta.resolve(specifier, parentURL): the URL, whether or not a file is there.
func (r *Resolver) ResolveURL(specifier, parentURL string) (string, error) {
	if res, ok := r.answers[r.importKey(specifier, parentURL)]; ok {
		return res.URL, nil
	}
	res, err := r.resolveAfresh(func() (Result, error) { return r.importModule(specifier, parentURL) })
	if e, ok := err.(*Error); ok && e.Resolved != "" {
		return e.Resolved, nil
	}
	return res.URL, err
}

func (r *Resolver) importKey(specifier, parentURL string) requestKey {
	base, _, _ := strings.Cut(parentURL, "?")
	if strings.HasPrefix(base, "data:") {
		return requestKey{"data:", specifier, 0}
	}
	return r.key(specifier, base, 0)
}

// CheckAttributes says whether a module of that format may be imported with those attributes: nil, or
// ERR_IMPORT_ATTRIBUTE_UNSUPPORTED, _TYPE_INCOMPATIBLE or _MISSING.
func CheckAttributes(href string, format Format, attributes []Attribute) error {
	kind, given := "", false
	for _, a := range attributes {
		if a.Key != "type" {
			return errAttribute(a, href)
		}
		kind, given = a.Value, true
	}
	switch {
	case given && kind != "json":
		return errAttribute(Attribute{"type", kind}, href)
	case given && format == FormatAddon: // Node asks nothing of addons
	case given && format != FormatJSON:
		return &Error{Name: "TypeError", Code: "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE", Resolved: href,
			Message: `Module "` + href + `" is not of type "` + kind + `"`}
	case !given && format == FormatJSON:
		return &Error{Name: "TypeError", Code: "ERR_IMPORT_ATTRIBUTE_MISSING", Resolved: href,
			Message: `Module "` + href + `" needs an import attribute of "type: json"`}
	}
	return nil
}

func errAttribute(a Attribute, href string) *Error {
	return &Error{Name: "TypeError", Code: "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED", Resolved: href,
		Message: `Import attribute "` + a.Key + `" with value "` + a.Value + `" is not supported in ` + href}
}

func (r *Resolver) importModule(specifier, parentURL string) (Result, error) {
	res, err := r.importResolve(specifier, urlImporter(parentURL))
	if e, ok := err.(*Error); ok {
		if e.Input != "" && e.Module == "" && e.Code != "ERR_UNSUPPORTED_RESOLVE_REQUEST" && e.Code != "ERR_INVALID_URL" {
			e.Module = parentURL
		}
		if e.Code == "ERR_MODULE_NOT_FOUND" || e.Code == "ERR_UNSUPPORTED_DIR_IMPORT" {
			if hint := r.hint(specifier, parentURL); hint != "" {
				e.Message += "\nDid you mean to import \"" + hint + "\"?"
			}
		}
	}
	return res, err
}

// isPath is the specification's test for specifiers that are resolved as URLs against the importer.
func isPath(specifier string) bool { return strings.HasPrefix(specifier, "/") || isRelative(specifier) }

// importResolve is ESM_RESOLVE, with the load step's checks of scheme and extension.
func (r *Resolver) importResolve(specifier string, base *importer) (Result, error) {
	fromFile := base.file != ""
	if isPath(specifier) {
		if !fromFile {
			return Result{}, errUnresolvable(specifier, base.url, true)
		}
		own := base.location()
		u, err := parseFileRef(&own, specifier)
		if err != nil {
			return Result{}, err
		}
		return r.finalize(location{url: u}, base, searchExtensions)
	}
	if fromFile && strings.HasPrefix(specifier, "#") {
		if file := r.mapped(specifier, base.file); file != "" {
			return r.importFile(file, fileURL{})
		}
		loc, err := r.packageImports(specifier, base, r.imports)
		if err != nil {
			return Result{}, err
		}
		return r.finalize(loc, base, exactFile)
	}
	if scheme, rest := splitScheme(specifier); scheme != "" {
		return r.importURL(specifier, scheme, rest, base)
	}
	if r.bareBuiltin(specifier) {
		return builtinResult(specifier), nil
	}
	if !fromFile {
		return Result{}, errUnresolvable(specifier, base.url, false)
	}
	if file := r.mapped(specifier, base.file); file != "" {
		return r.importFile(file, fileURL{})
	}
	loc, err := r.packageResolve(specifier, base, r.imports)
	if err != nil {
		return Result{}, err
	}
	return r.finalize(loc, base, searchExtensions)
}

// importURL resolves a specifier that is a URL of its own.
func (r *Resolver) importURL(specifier, scheme, rest string, base *importer) (Result, error) {
	switch scheme {
	case "file":
		u, err := parseFileRef(nil, rest)
		if err != nil {
			return Result{}, err
		}
		return r.finalize(location{url: u}, base, exactFile)
	case "node":
		if name, ok := r.builtin(specifier); ok {
			return builtinResult(name), nil
		}
		return Result{}, errUnknownBuiltin(specifier)
	case "data":
		return importData(scheme+":"+rest, rest)
	}
	return Result{}, errURLScheme(scheme, scheme+":"+rest)
}

// importData reads the media type of a data: URL, which decides the format.
func importData(href, rest string) (Result, error) {
	head, _, ok := strings.Cut(rest, ",")
	if !ok {
		return Result{}, &Error{Name: "TypeError", Code: "ERR_INVALID_URL", Message: "Invalid URL", Input: href, Resolved: href}
	}
	media, _, _ := strings.Cut(head, ";")
	res := Result{URL: href}
	switch strings.ToLower(media) {
	case "text/javascript":
		res.Format = FormatModule
	case "application/json":
		res.Format = FormatJSON
	case "application/wasm":
		res.Format = FormatWasm
	default:
		if !strings.Contains(media, "/") {
			media = "null"
		}
		return Result{}, &Error{Name: "RangeError", Code: "ERR_UNKNOWN_MODULE_FORMAT", Resolved: href,
			Message: "Unknown module format: " + media + " for URL " + href}
	}
	return res, nil
}

// searchPolicy says whether a TypeScript importer may leave out the extension or name a directory.
type searchPolicy bool

const (
	exactFile        searchPolicy = false
	searchExtensions searchPolicy = true
)

// finalize checks that the file exists and takes its real path.
func (r *Resolver) finalize(loc location, base *importer, search searchPolicy) (Result, error) {
	if loc.builtin != "" {
		return builtinResult(loc.builtin), nil
	}
	u := loc.url
	if u.encodedSeparator() {
		return Result{}, errSpecifier(u.path, `must not include encoded "/" or "\" characters`, base)
	}
	file, err := u.file()
	if err != nil {
		return Result{}, err
	}
	clean := path.Clean(file)
	slash := strings.HasSuffix(file, "/")
	kind := r.files.kind(clean)
	if kind == regular && !slash {
		return r.importFile(clean, u)
	}
	if isTypeScript(base.file) {
		found := ""
		if search == searchExtensions && !insideNodeModules(base.file) {
			found = r.searchTypeScript(clean, slash)
		} else if !slash {
			found = r.trySwapped(clean, r.preserve(notMain))
		}
		if found != "" {
			return r.importFile(found, fileURL{search: u.search, hash: u.hash})
		}
	}
	if slash || kind == directory {
		return Result{}, errDirImport(file, base, u.href())
	}
	return Result{}, errModuleNotFound(file, base, u.href())
}

// importFile makes the result for a file that exists. u is the URL as asked for; a zero path means
// that it is to be made from the file.
func (r *Resolver) importFile(file string, u fileURL) (Result, error) {
	if !r.opts.PreserveSymlinks || u.path == "" {
		file = r.real(file, r.preserve(notMain))
		u.path = percentEncode(file, &unreserved)
	}
	res := Result{Path: file, URL: u.href()}
	var err error
	if res.Format, err = r.Format(file); err != nil {
		if e, ok := err.(*Error); ok && e.Code == "ERR_UNKNOWN_FILE_EXTENSION" {
			e.Resolved = res.URL
		}
		return Result{}, err
	}
	return res, nil
}

// hint finds the file that require would have taken, for "Did you mean to import".
//
// Differs from Node: a relative specifier is looked up from the importer; Node looks from the working
// directory and so finds something only where the two agree.
func (r *Resolver) hint(specifier, parentURL string) string {
	base := urlImporter(parentURL)
	if base.file == "" || strings.HasPrefix(specifier, "#") {
		return ""
	}
	request := specifier
	if scheme, rest := splitScheme(specifier); scheme == "file" {
		u, err := parseFileRef(nil, rest)
		if err != nil {
			return ""
		}
		if request, err = u.file(); err != nil {
			return ""
		}
	}
	file, err := r.findPath(request, r.LookupPaths(request, base.file), r.preserve(notMain))
	if err != nil || file == "" {
		return ""
	}
	if isRelative(request) {
		rel, err := filepath.Rel(base.dir(), file)
		if err != nil {
			return ""
		}
		if !strings.HasPrefix(rel, "../") {
			rel = "./" + rel
		}
		return percentEncode(rel, &unreserved)
	}
	if strings.HasPrefix(request, "/") {
		return file
	}
	name, _, _ := requiredPackage(request)
	if i := strings.LastIndex(file, "/node_modules/"+name+"/"); name != "" && i >= 0 {
		return file[i+len("/node_modules/"):]
	}
	return PathToFileURL(file)
}
