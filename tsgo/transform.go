package roost

import (
	"context"
	"strings"

	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/compiler"
	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/printer"
	"github.com/microsoft/typescript-go/internal/scanner"
	"github.com/microsoft/typescript-go/internal/sourcemap"
	"github.com/microsoft/typescript-go/internal/transformers"
	"github.com/microsoft/typescript-go/internal/transformers/inliners"
	"github.com/microsoft/typescript-go/internal/transformers/tstransforms"
	"github.com/microsoft/typescript-go/internal/tsoptions"
	"github.com/microsoft/typescript-go/internal/tspath"
	"github.com/microsoft/typescript-go/internal/vfs"
	"github.com/microsoft/typescript-go/internal/vfs/osvfs"
	"github.com/microsoft/typescript-go/internal/vfs/wrapvfs"
)

// Transform gives source as JavaScript, with what TypeScript has at run time written out: enums, namespaces, parameter
// properties, `import x = ` and `export =`. mappings are those of a source map whose only source is the text, in base 64.
//
// The text is looked at alone, as in Node's transform mode, so every import stays that doesn't say `type`, and nothing is
// read from disk. Newer ECMAScript stays as it is, decorators too, which V8 reports. The names require and module that
// `import x = require()` and `export =` become are those of a CommonJS file. name is used in errors, and ".cts" at its
// end says that the text is no module.
//
// Follows https://nodejs.org/api/module.html#modulestriptypescripttypescode-options
func Transform(name, source string) (js, mappings string, err error) {
	defer recovered(name, &err)
	path := "/input.ts"
	if strings.HasSuffix(name, ".cts") {
		path = "/input.cts"
	}
	file := parse(path, source, core.ScriptKindTS, path == "/input.ts")
	if list := file.Diagnostics(); len(list) > 0 {
		return "", "", diagnosticError(name, source, list[0], CodeInvalidSyntax)
	}
	if err := checkModuleKeyword(name, file); err != nil {
		return "", "", err
	}
	options := transformOptions()
	program := compiler.NewProgram(compiler.ProgramOptions{
		Host: &loneHost{CompilerHost: compiler.NewCompilerHost("/", nothing, "/", nil, nil), file: file},
		Config: tsoptions.NewParsedCommandLine(options, []string{path},
			tspath.ComparePathsOptions{UseCaseSensitiveFileNames: true, CurrentDirectory: "/"}),
	})
	program.BindSourceFiles()
	checker, done := program.GetTypeChecker(context.Background())
	defer done()
	emitContext, release := printer.GetEmitContext()
	defer release()
	opts := &transformers.TransformOptions{
		Context: emitContext, CompilerOptions: options, Resolver: checker.GetEmitResolver(), EmitResolver: checker.GetEmitResolver(),
	}
	result := file
	for _, make := range []func(*transformers.TransformOptions) *transformers.Transformer{
		tstransforms.NewTypeEraserTransformer, tstransforms.NewRuntimeSyntaxTransformer, newCommonJSSyntaxTransformer,
	} {
		result = make(opts).TransformSourceFile(result)
	}
	inlining := *opts
	inlining.CompilerOptions = options.Clone()
	inlining.CompilerOptions.VerbatimModuleSyntax = core.TSFalse // it refuses to work with it; here nothing is imported
	result = inliners.NewConstEnumInliningTransformer(&inlining).TransformSourceFile(result)
	writer := printer.NewTextWriter("\n", 0)
	generator := sourcemap.NewGenerator(path, "", "/", tspath.ComparePathsOptions{UseCaseSensitiveFileNames: true, CurrentDirectory: "/"})
	printer.NewPrinter(printer.PrinterOptions{NewLine: core.NewLineKindLF, SourceMap: true, Target: options.Target},
		printer.PrintHandlers{}, emitContext).Write(result.AsNode(), result, writer, generator)
	return writer.String(), generator.RawSourceMap().Mappings, nil
}

func transformOptions() *core.CompilerOptions {
	one := 1
	return &core.CompilerOptions{
		Target: core.ScriptTargetESNext, Module: core.ModuleKindESNext, ModuleResolution: core.ModuleResolutionKindBundler,
		UseDefineForClassFields: core.TSTrue, VerbatimModuleSyntax: core.TSTrue, PreserveConstEnums: core.TSTrue,
		NoCheck: core.TSTrue, NoLib: core.TSTrue, NoResolve: core.TSTrue, NoEmitHelpers: core.TSTrue, Types: []string{}, Checkers: &one,
	}
}

// loneHost gives a program its one file.
type loneHost struct {
	compiler.CompilerHost
	file *ast.SourceFile
}

func (h *loneHost) GetSourceFile(options ast.SourceFileParseOptions) *ast.SourceFile {
	if options.FileName == h.file.FileName() {
		return h.file
	}
	return nil
}

// nothing is a file system in which nothing is.
var nothing = wrapvfs.Wrap(osvfs.FS(), wrapvfs.Replacements{
	FileExists:           func(string) bool { return false },
	ReadFile:             func(string) (string, bool) { return "", false },
	DirectoryExists:      func(string) bool { return false },
	GetAccessibleEntries: func(string) vfs.Entries { return vfs.Entries{} },
	Stat:                 func(string) vfs.FileInfo { return nil },
	Realpath:             func(path string) string { return path },
})

// checkModuleKeyword reports a namespace that is declared by the keyword module, which Node refuses.
func checkModuleKeyword(name string, file *ast.SourceFile) (err error) {
	if !strings.Contains(file.Text(), "module") {
		return nil
	}
	var visit ast.Visitor
	visit = func(node *ast.Node) bool {
		switch node.Kind {
		case ast.KindModuleDeclaration:
			if node.AsModuleDeclaration().Keyword == ast.KindModuleKeyword && ast.IsIdentifier(node.Name()) {
				start := node.Pos()
				if modifiers := node.ModifierNodes(); len(modifiers) > 0 {
					start = modifiers[len(modifiers)-1].End()
				}
				err = newError(name, file.Text(), scanner.SkipTrivia(file.Text(), start), node.Name().End(), CodeUnsupportedSyntax,
					"`module` keyword is not supported. Use `namespace` instead.")
				return true
			}
		case ast.KindModuleBlock:
		default:
			return false // namespaces stand in files and namespaces alone
		}
		return node.ForEachChild(visit)
	}
	file.AsNode().ForEachChild(visit)
	return err
}

// newCommonJSSyntaxTransformer writes TypeScript's own forms of CommonJS as the plain ones: `import x = require('y')` as
// `const x = require('y')`, with export as `const x = exports.x = require('y')`, and `export = x` as `module.exports = x`.
func newCommonJSSyntaxTransformer(opts *transformers.TransformOptions) *transformers.Transformer {
	tx := &transformers.Transformer{}
	return tx.NewTransformer(func(node *ast.Node) *ast.Node {
		f := tx.Factory()
		switch node.Kind {
		case ast.KindSourceFile:
			return tx.Visitor().VisitEachChild(node)
		case ast.KindImportEqualsDeclaration:
			if !ast.IsExternalModuleImportEqualsDeclaration(node) {
				return node
			}
			require := f.NewCallExpression(f.NewIdentifier("require"), nil, nil,
				f.NewNodeList([]*ast.Node{ast.GetExternalModuleImportEqualsDeclarationExpression(node)}), ast.NodeFlagsNone)
			if ast.HasSyntacticModifier(node, ast.ModifierFlagsExport) {
				exported := f.NewPropertyAccessExpression(f.NewIdentifier("exports"), nil, f.NewIdentifier(node.Name().Text()), ast.NodeFlagsNone)
				require = f.NewAssignmentExpression(exported, require)
			}
			declaration := f.NewVariableDeclaration(node.Name(), nil, nil, require)
			statement := f.NewVariableStatement(nil, f.NewVariableDeclarationList(f.NewNodeList([]*ast.Node{declaration}), ast.NodeFlagsConst))
			tx.EmitContext().SetOriginal(statement, node)
			tx.EmitContext().AssignCommentAndSourceMapRanges(statement, node)
			return statement
		case ast.KindExportAssignment:
			if !node.AsExportAssignment().IsExportEquals {
				return node
			}
			exports := f.NewPropertyAccessExpression(f.NewIdentifier("module"), nil, f.NewIdentifier("exports"), ast.NodeFlagsNone)
			statement := f.NewExpressionStatement(f.NewAssignmentExpression(exports, node.Expression()))
			tx.EmitContext().SetOriginal(statement, node)
			tx.EmitContext().AssignCommentAndSourceMapRanges(statement, node)
			return statement
		}
		return node
	}, opts.Context)
}
