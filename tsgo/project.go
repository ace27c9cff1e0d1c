package roost

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/bundled"
	"github.com/microsoft/typescript-go/internal/compiler"
	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/diagnostics"
	"github.com/microsoft/typescript-go/internal/scanner"
	"github.com/microsoft/typescript-go/internal/tsoptions"
	"github.com/microsoft/typescript-go/internal/tspath"
)

// ModuleKind is how a compiled file is to be run.
type ModuleKind uint8

const (
	CommonJS ModuleKind = iota
	ESModule
)

func (k ModuleKind) String() string {
	if k == ESModule {
		return "module"
	}
	return "commonjs"
}

// PathMapping is one entry of tsconfig's "paths", its targets made absolute.
type PathMapping struct {
	Pattern string   `json:"pattern"`
	Targets []string `json:"targets"`
}

// Project is the TypeScript of one tsconfig.json, or of a folder that has none. It keeps parsed files between
// compilations; drop it when files change. Safe for use from several goroutines; compilations run one at a time.
type Project struct {
	mu      sync.Mutex // one compilation at a time
	files   *trackedFS
	dir     string
	config  string                // path of tsconfig.json, "" without one
	user    *core.CompilerOptions // as the configuration says
	options *core.CompilerOptions // what we compile with
	ambient []string              // declaration files that the configuration includes
	all     []string              // every file that it includes
	interop bool                  // imports of CommonJS files go through __importStar and __importDefault
	parsed  sync.Map              // ast.SourceFileParseOptions: *ast.SourceFile
	kinds   sync.Map              // path: ModuleKind
}

// Version names the compiler, for cache keys.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/microsoft/typescript-go" {
				return module.Version
			}
		}
	}
	return "unknown"
}

// LoadProject reads the tsconfig.json for a program that starts from the file entry, with what it extends. config is an absolute path, or ""
// for no configuration; dir is then the folder that relative lookups start from. A configuration that doesn't hold entry, but refers to one that does,
// stands for that one (see heldBy). A configuration that tsc could not make sense of is an *Error
// in tsc's words; options that the compiler doesn't know are left out, as tsc reports them and goes on.
func LoadProject(config, dir, entry string) (*Project, error) {
	p := &Project{files: newTrackedFS(), dir: tspath.NormalizePath(dir), config: config, user: &core.CompilerOptions{}}
	if config != "" {
		p.config = tspath.NormalizePath(config)
		parsed, err := p.parseConfig(p.config)
		if err != nil {
			return nil, err
		}
		if held := p.heldBy(parsed, tspath.NormalizePath(entry)); held != nil {
			parsed, p.config = held, held.ConfigName()
		}
		if err := checkPaths(parsed.ConfigFile.SourceFile); err != nil {
			return nil, err
		}
		p.dir = tspath.GetDirectoryPath(p.config)
		p.user = parsed.CompilerOptions()
		p.all = parsed.FileNames()
		for _, name := range p.all {
			if tspath.IsDeclarationFileName(name) {
				p.ambient = append(p.ambient, name)
			}
		}
	}
	p.setOptions()
	return p, nil
}

// parseConfig reads one configuration.
func (p *Project) parseConfig(config string) (*tsoptions.ParsedCommandLine, error) {
	host := compiler.NewCompilerHost(tspath.GetDirectoryPath(config), p.files, bundled.LibPath(), nil, nil)
	p.files.show(nil, true) // configurations may come from packages
	parsed, problems := tsoptions.GetParsedCommandLineOfConfigFile(config, &core.CompilerOptions{}, nil, host, nil)
	p.files.hide()
	if parsed != nil {
		problems = append(problems, parsed.GetConfigFileParsingDiagnostics()...)
	}
	for _, d := range problems {
		if isFatal(d) {
			return nil, configError(config, d)
		}
	}
	if parsed == nil {
		return nil, &Error{File: config, Code: "TS5083", Message: "Cannot read file '" + config + "'."}
	}
	return parsed, nil
}

// isFatal tells whether a diagnostic of the configuration leaves us without a meaning for it.
func isFatal(d *ast.Diagnostic) bool {
	switch d.Code() {
	case 5023, 5025, // unknown option
		5101, 5102, 5107, 5108, // deprecated or removed option
		18002, 18003: // no input files: the program starts from the entry point
		return false
	case 6046: // bad value of an enumeration: old values that this compiler dropped are harmless
		text := diagnosticText(d)
		return !strings.Contains(text, "'--moduleResolution'") && !strings.Contains(text, "'--target'") && !strings.Contains(text, "'--module'") &&
			!strings.Contains(text, "'--lib'") || !isDroppedValue(d)
	}
	return true
}

// isDroppedValue tells whether the text at a diagnostic is a value that tsc 5 knew and tsc 7 does not.
func isDroppedValue(d *ast.Diagnostic) bool {
	if d.File() == nil {
		return false
	}
	value := strings.ToLower(strings.Trim(d.File().Text()[d.Pos():d.End()], "\"'"))
	switch value {
	case "none", "amd", "umd", "system", "es3", "es5", "classic", "node", "node10":
		return true
	}
	return strings.HasPrefix(value, "lib.") || strings.HasPrefix(value, "dom")
}

func configError(config string, d *ast.Diagnostic) *Error {
	code := fmt.Sprintf("TS%d", d.Code())
	if d.File() == nil {
		return &Error{File: config, Code: code, Message: diagnosticText(d)}
	}
	return newError(d.File().FileName(), d.File().Text(), d.Pos(), d.End(), code, diagnosticText(d))
}

// checkPaths reports path mappings that have the wrong form. The compiler finds them only later, when it has lost their place.
func checkPaths(file *ast.SourceFile) error {
	if len(file.Statements.Nodes) == 0 || !ast.IsExpressionStatement(file.Statements.Nodes[0]) {
		return nil
	}
	paths := jsonProperty(jsonProperty(file.Statements.Nodes[0].Expression(), "compilerOptions"), "paths")
	if paths == nil || !ast.IsObjectLiteralExpression(paths) {
		return nil
	}
	report := func(node *ast.Node, message *diagnostics.Message, pattern string) error {
		d := ast.NewDiagnostic(file, node.Loc, message, pattern)
		d.SetLocation(core.NewTextRange(scanner.SkipTrivia(file.Text(), node.Pos()), node.End()))
		return configError(file.FileName(), d)
	}
	for _, property := range paths.Properties() {
		if !ast.IsPropertyAssignment(property) || !ast.IsStringLiteral(property.Name()) {
			continue
		}
		targets := property.Initializer()
		if !ast.IsArrayLiteralExpression(targets) {
			return report(targets, diagnostics.Substitutions_for_pattern_0_should_be_an_array, property.Name().Text())
		}
		if len(targets.Elements()) == 0 {
			return report(targets, diagnostics.Substitutions_for_pattern_0_shouldn_t_be_an_empty_array, property.Name().Text())
		}
	}
	return nil
}

// jsonProperty is the value of a property of an object literal, nil when there is none.
func jsonProperty(node *ast.Node, name string) *ast.Node {
	if node == nil || !ast.IsObjectLiteralExpression(node) {
		return nil
	}
	for _, property := range node.Properties() {
		if ast.IsPropertyAssignment(property) && ast.IsStringLiteral(property.Name()) && property.Name().Text() == name {
			return property.Initializer()
		}
	}
	return nil
}

// setOptions derives the options that we compile with from the user's.
//
// The defaults are those of TypeScript 5 where the project depends on TypeScript 5 or says nothing: strict and esModuleInterop
// off, and an old target, which means class fields by assignment.
func (p *Project) setOptions() {
	user := p.user
	o := user.Clone()
	classic := p.config != "" && p.typeScriptMajor() < 6

	target := user.Target
	if target == core.ScriptTargetNone {
		target = core.ScriptTargetES2025
		if classic {
			target = core.ScriptTargetES5
		}
	}
	// What depends on the target and can be observed is fixed before the target is raised to what V8 runs natively.
	if user.UseDefineForClassFields == core.TSUnknown {
		o.UseDefineForClassFields = core.IfElse(target >= core.ScriptTargetES2022, core.TSTrue, core.TSFalse)
	}
	o.Target = min(max(target, core.ScriptTargetES2022), core.ScriptTargetES2025)

	node := core.ModuleKindNode16 <= user.Module && user.Module <= core.ModuleKindNodeNext
	switch {
	case user.ESModuleInterop != core.TSUnknown:
		p.interop = user.ESModuleInterop.IsTrue()
	default:
		p.interop = node || !classic || user.Module == core.ModuleKindPreserve
	}
	if classic && user.Strict == core.TSUnknown {
		o.Strict = core.TSFalse
	}

	if user.Module == core.ModuleKindNone || user.Module == core.ModuleKindAMD || user.Module == core.ModuleKindUMD || user.Module == core.ModuleKindSystem ||
		user.Module == core.ModuleKindPreserve {
		o.Module = core.ModuleKindESNext
	}
	// Own files are found as the loader finds them: ./x.js may be ./x.ts, and ./x needs no extension.
	o.ModuleResolution = core.ModuleResolutionKindBundler
	if user.BaseUrl != "" {
		p.applyBaseURL(o)
	}

	switch user.Jsx {
	case core.JsxEmitReact, core.JsxEmitReactJSX, core.JsxEmitReactJSXDev:
	default:
		o.Jsx = core.JsxEmitReactJSX
	}
	if user.GetIsolatedModules() {
		o.PreserveConstEnums = core.TSTrue
	}
	o.IsolatedModules = core.TSFalse // the whole program is known
	one := 1
	o.Checkers = &one
	o.NoCheck, o.SkipLibCheck, o.SourceMap, o.SuppressOutputPathCheck = core.TSTrue, core.TSTrue, core.TSTrue, core.TSTrue
	o.NoEmit, o.EmitDeclarationOnly, o.NoEmitOnError, o.NoEmitHelpers = core.TSFalse, core.TSFalse, core.TSFalse, core.TSFalse
	o.InlineSourceMap, o.InlineSources, o.Declaration, o.DeclarationMap = core.TSFalse, core.TSFalse, core.TSFalse, core.TSFalse
	o.Composite, o.Incremental, o.EmitBOM, o.RewriteRelativeImportExtensions = core.TSFalse, core.TSFalse, core.TSFalse, core.TSFalse
	o.IsolatedDeclarations = core.TSFalse
	o.OutDir, o.RootDir, o.OutFile, o.DeclarationDir, o.TsBuildInfoFile, o.SourceRoot, o.MapRoot = "", "", "", "", "", "", ""
	o.RootDirs = user.RootDirs
	o.NewLine = core.NewLineKindLF
	o.NoLib = core.TSFalse
	o.Lib = []string{"lib.es2024.d.ts"}
	o.LibReplacement = core.TSFalse
	o.Types = []string{}
	p.options = o
}

// applyBaseURL expresses baseUrl, which this compiler no longer has, by paths.
func (p *Project) applyBaseURL(o *core.CompilerOptions) {
	base := tspath.GetNormalizedAbsolutePath(o.BaseUrl, p.dir)
	paths := o.Paths.Clone()
	if paths == nil {
		paths = newPaths()
	}
	for pattern, targets := range paths.Entries() {
		absolute := make([]string, len(targets))
		for i, target := range targets {
			absolute[i] = tspath.GetNormalizedAbsolutePath(target, base)
		}
		paths.Set(pattern, absolute)
	}
	if targets, ok := paths.Get("*"); !ok {
		paths.Set("*", []string{base + "/*"})
	} else {
		paths.Set("*", append(targets, base+"/*"))
	}
	o.BaseUrl, o.Paths, o.PathsBasePath = "", paths, p.dir
}

// typeScriptMajor is the major version of TypeScript that the project's package.json asks for, 5 when it doesn't say.
func (p *Project) typeScriptMajor() int {
	for dir := p.dir; ; dir = tspath.GetDirectoryPath(dir) {
		if text, ok := p.files.ReadFile(tspath.CombinePaths(dir, "package.json")); ok {
			var manifest struct {
				Dependencies, DevDependencies map[string]string
			}
			if json.Unmarshal([]byte(text), &manifest) == nil {
				for _, list := range []map[string]string{manifest.DevDependencies, manifest.Dependencies} {
					if version, ok := list["typescript"]; ok {
						digits := strings.TrimLeft(version, "^~>=v ")
						if i := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
							digits = digits[:i]
						}
						if major, err := strconv.Atoi(digits); err == nil {
							return major
						}
					}
				}
			}
		}
		if parent := tspath.GetDirectoryPath(dir); parent == dir {
			return 5
		}
	}
}

// Paths gives the path mappings, baseUrl included.
func (p *Project) Paths() []PathMapping {
	if p.options.Paths.Size() == 0 {
		return nil
	}
	var mappings []PathMapping
	base := p.options.GetPathsBasePath(p.dir)
	for pattern, targets := range p.options.Paths.Entries() {
		mapping := PathMapping{Pattern: pattern}
		for _, target := range targets {
			mapping.Targets = append(mapping.Targets, tspath.GetNormalizedAbsolutePath(target, base))
		}
		mappings = append(mappings, mapping)
	}
	return mappings
}

// IncludedFiles gives the TypeScript files that the configuration includes.
func (p *Project) IncludedFiles() []string { return p.all }

// kind decides how a file is to be run: by its extension, by the nearest package.json, by tsconfig's
// module, and last by its own syntax, as Node would decide about what tsc writes.
func (p *Project) kind(name, text string) ModuleKind {
	if kind, ok := p.kinds.Load(name); ok {
		return kind.(ModuleKind)
	}
	kind := p.decideKind(name, text)
	p.kinds.Store(name, kind)
	return kind
}

func (p *Project) decideKind(name, text string) ModuleKind {
	switch {
	case strings.HasSuffix(name, ".mts"):
		return ESModule
	case strings.HasSuffix(name, ".cts"):
		return CommonJS
	}
	switch p.packageType(tspath.GetDirectoryPath(name)) {
	case "module":
		return ESModule
	case "commonjs":
		return CommonJS
	}
	switch module := p.user.Module; {
	case module == core.ModuleKindCommonJS, core.ModuleKindNode16 <= module && module <= core.ModuleKindNodeNext:
		return CommonJS
	}
	if IsESModuleSyntaxTypeScript(text) {
		return ESModule
	}
	return CommonJS
}

// packageType is "type" of the nearest package.json; a folder named node_modules ends the search.
func (p *Project) packageType(dir string) string {
	for ; !strings.HasSuffix(dir, "/node_modules"); dir = tspath.GetDirectoryPath(dir) {
		if text, ok := p.files.ReadFile(tspath.CombinePaths(dir, "package.json")); ok {
			var manifest struct{ Type string }
			_ = json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &manifest)
			return manifest.Type
		}
		if parent := tspath.GetDirectoryPath(dir); parent == dir {
			break
		}
	}
	return ""
}

// isOwn tells whether a file is one that we compile.
func isOwn(file *ast.SourceFile) bool {
	return isOwnName(file.FileName()) && !file.IsDeclarationFile
}

func isOwnName(name string) bool {
	return tspath.HasTSFileExtension(name) && !tspath.IsDeclarationFileName(name) && !strings.Contains(name, "/node_modules/")
}
