package resolve

import (
	"encoding/json"
	"errors"
	"strings"
)

// Error is a failed resolution as Node reports it. The loader makes the JavaScript error of it: Name
// is the class (Error, TypeError, RangeError, URIError), and a non-empty field after Message is an
// own property of that name.
type Error struct {
	Name    string
	Code    string // empty for URIError
	Message string

	URL          string   // url: the address that is missing or a directory
	Path         string   // path: the package that is at fault
	RequestPath  string   // requestPath
	Input        string   // input: the URL that could not be parsed
	Module       string   // module: the importer of Input
	Base         string   // cause.base of ERR_UNSUPPORTED_RESOLVE_REQUEST; its cause is ERR_INVALID_URL of Input
	RequireStack []string // requireStack, when not nil

	// Resolved is what import.meta.resolve() answers in spite of the error: it does not look at the
	// file system, nor at what the loader can load. No property of the JavaScript error.
	Resolved string

	request string // the specifier that was required
}

// Error returns the message, as the JavaScript error's message property has it.
func (e *Error) Error() string { return e.Message }

// SetRequireStack replaces the one-entry require stack of a failed require() by the whole chain of
// parents, nearest first, and rewrites the message. Other errors stay as they are.
func (e *Error) SetRequireStack(stack []string) {
	if e.RequireStack == nil {
		return
	}
	e.RequireStack = append([]string{}, stack...)
	e.Message = "Cannot find module '" + e.request + "'"
	if len(stack) > 0 {
		e.Message += "\nRequire stack:\n- " + strings.Join(stack, "\n- ")
	}
}

// codeOf returns an *Error's code, or "".
func codeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// from is the " imported from" part of a message.
func from(base *importer) string {
	if base == nil {
		return ""
	}
	return " imported from " + base.display()
}

func errRequire(request string, stack ...string) *Error {
	e := &Error{Name: "Error", Code: "MODULE_NOT_FOUND", RequireStack: []string{}, request: request}
	e.SetRequireStack(stack)
	return e
}

// errMissingTarget is what require() throws where exports or imports lead to no file.
func errMissingTarget(request, where string) *Error {
	return &Error{Name: "Error", Code: "MODULE_NOT_FOUND", Message: "Cannot find module '" + request + "'", Path: where}
}

func errMissingMain(file, packageJSON, request string) *Error {
	return &Error{Name: "Error", Code: "MODULE_NOT_FOUND", Path: packageJSON, RequestPath: request,
		Message: "Cannot find module '" + file + `'. Please verify that the package.json has a valid "main" entry`}
}

func errModuleNotFound(file string, base *importer, href string) *Error {
	return &Error{Name: "Error", Code: "ERR_MODULE_NOT_FOUND", URL: href, Resolved: href,
		Message: "Cannot find module '" + file + "'" + from(base)}
}

func errPackageNotFound(name string, base *importer) *Error {
	return &Error{Name: "Error", Code: "ERR_MODULE_NOT_FOUND", Message: "Cannot find package '" + name + "'" + from(base)}
}

func errDirImport(dir string, base *importer, href string) *Error {
	return &Error{Name: "Error", Code: "ERR_UNSUPPORTED_DIR_IMPORT", URL: href, Resolved: href,
		Message: "Directory import '" + dir + "' is not supported resolving ES modules" + from(base)}
}

func errSpecifier(request, reason string, base *importer) *Error {
	return &Error{Name: "TypeError", Code: "ERR_INVALID_MODULE_SPECIFIER",
		Message: `Invalid module "` + request + `" ` + reason + from(base)}
}

// errConfig reports a package.json that can't be used. while is the text after "while importing".
func errConfig(packageJSON, while, detail string) *Error {
	m := "Invalid package config " + packageJSON
	if while != "" {
		m += " while importing " + while
	}
	m += "."
	if detail != "" {
		m += " " + detail
	}
	return &Error{Name: "Error", Code: "ERR_INVALID_PACKAGE_CONFIG", Message: m}
}

func errNotExported(pkg *Package, subpath string, base *importer) *Error {
	m := `No "exports" main defined in ` + pkg.Path
	if subpath != "." {
		m = "Package subpath '" + subpath + `' is not defined by "exports" in ` + pkg.Path
	}
	return &Error{Name: "Error", Code: "ERR_PACKAGE_PATH_NOT_EXPORTED", Message: m + from(base)}
}

func errImportNotDefined(specifier string, pkg *Package, base *importer) *Error {
	m := `Package import specifier "` + specifier + `" is not defined`
	if pkg != nil {
		m += " in package " + pkg.Path
	}
	return &Error{Name: "TypeError", Code: "ERR_PACKAGE_IMPORT_NOT_DEFINED", Message: m + from(base)}
}

func errTarget(c *mapping, key, target string) *Error {
	m := `Invalid "` + c.field() + `" target ` + quoteJSON(target) + " defined for '" + key + "' in the package config " + c.pkg.Path
	if !c.internal && key == "." {
		m = `Invalid "exports" main target ` + quoteJSON(target) + " defined in the package config " + c.pkg.Path
	}
	m += from(c.base)
	if !c.internal && target != "" && !strings.HasPrefix(target, "./") {
		m += `; targets must start with "./"`
	}
	return &Error{Name: "Error", Code: "ERR_INVALID_PACKAGE_TARGET", Message: m}
}

func errUnresolvable(specifier, parentURL string, relative bool) *Error {
	e := &Error{Name: "TypeError", Code: "ERR_UNSUPPORTED_RESOLVE_REQUEST", Input: specifier,
		Message: `Failed to resolve module specifier "` + specifier + `" from "` + parentURL + `": Invalid relative URL or base scheme is not hierarchical.`}
	if relative {
		e.Base = parentURL
	}
	return e
}

func errExtension(ext, file string) *Error {
	return &Error{Name: "TypeError", Code: "ERR_UNKNOWN_FILE_EXTENSION", Message: `Unknown file extension "` + ext + `" for ` + file}
}

func errUnknownBuiltin(specifier string) *Error {
	return &Error{Name: "Error", Code: "ERR_UNKNOWN_BUILTIN_MODULE", Message: "No such built-in module: " + specifier, Resolved: specifier}
}

func errURLScheme(scheme, href string) *Error {
	schemes := "file, data, and node"
	if scheme == "http" || scheme == "https" {
		schemes = "file and data"
	}
	return &Error{Name: "Error", Code: "ERR_UNSUPPORTED_ESM_URL_SCHEME", Resolved: href,
		Message: "Only URLs with a scheme in: " + schemes + " are supported by the default ESM loader. Received protocol '" + scheme + ":'"}
}

// quoteJSON is JSON.stringify of a string.
func quoteJSON(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return `"` + s + `"`
	}
	// encoding/json escapes the two line separators, JSON.stringify doesn't.
	return strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029").Replace(strings.TrimSuffix(b.String(), "\n"))
}
