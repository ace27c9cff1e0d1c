package resolve

import (
	"io"
	"os"
	"path"
)

// isTypeScript reports whether a file name or URL path is TypeScript's.
func isTypeScript(file string) bool {
	switch path.Ext(file) {
	case ".ts", ".tsx", ".mts", ".cts":
		return true
	}
	return false
}

// extensionOf is Node's path.extname: a leading dot begins no extension.
func extensionOf(file string) string {
	name := path.Base(file)
	ext := path.Ext(name)
	if ext == name {
		return ""
	}
	return ext
}

// fixedFormats are the extensions that say all.
var fixedFormats = map[string]Format{
	".mjs": FormatModule, ".cjs": FormatCommonJS, ".json": FormatJSON, ".wasm": FormatWasm, ".node": FormatAddon,
	".mts": FormatModuleTypeScript, ".cts": FormatCommonJSTypeScript,
}

// typed gives the format of an extension whose meaning hangs on the package's type.
func typed(ext, packageType string) Format {
	script := ext == ".ts" || ext == ".tsx"
	switch {
	case packageType == "module" && script:
		return FormatModuleTypeScript
	case packageType == "module":
		return FormatModule
	case packageType == "commonjs" && script:
		return FormatCommonJSTypeScript
	case packageType == "commonjs":
		return FormatCommonJS
	}
	return FormatUnknown
}

// Format is ESM_FILE_FORMAT: how import treats a file. FormatUnknown means that the syntax decides
// (.js, .ts, .tsx or no extension, in a package without type). The error is
// ERR_UNKNOWN_FILE_EXTENSION or ERR_INVALID_PACKAGE_CONFIG.
func (r *Resolver) Format(file string) (Format, error) {
	ext := extensionOf(file)
	if f, ok := fixedFormats[ext]; ok {
		return f, nil
	}
	switch ext {
	case ".js", ".ts", ".tsx", "":
	default:
		return "", errExtension(ext, file)
	}
	packageType, err := r.packageType(file)
	if err != nil {
		return "", err
	}
	if ext == "" && packageType == "module" && isWasm(file) {
		return FormatWasm, nil
	}
	return typed(ext, packageType), nil
}

// requireFormat is how require treats a file: an extension that nobody registered is JavaScript,
// whose syntax decides.
func (r *Resolver) requireFormat(file string) (Format, error) {
	ext := extensionOf(file)
	if f, ok := fixedFormats[ext]; ok && f != FormatWasm {
		return f, nil
	}
	switch ext {
	case ".js", ".ts", ".tsx":
		packageType, err := r.packageType(file)
		return typed(ext, packageType), err
	}
	return FormatUnknown, nil
}

// mainFormat is how the entry point is treated: by import's rules where its name or package says ES
// module, else by require's.
func (r *Resolver) mainFormat(file string) (Format, error) {
	ext := extensionOf(file)
	if f, ok := fixedFormats[ext]; ok {
		return f, nil
	}
	packageType, err := r.packageType(file)
	if err != nil {
		return "", err
	}
	if packageType == "module" {
		return r.Format(file)
	}
	return r.requireFormat(file)
}

func (r *Resolver) packageType(file string) (string, error) {
	pkg, err := r.Scope(file)
	if pkg == nil || err != nil {
		return "", err
	}
	return pkg.Type, nil
}

// isWasm looks for WebAssembly's magic number.
func isWasm(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [4]byte
	_, err = io.ReadFull(f, magic[:])
	return err == nil && magic == [4]byte{0, 'a', 's', 'm'}
}
