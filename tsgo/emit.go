package roost

import (
	"strings"

	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/diagnostics"
	"github.com/microsoft/typescript-go/internal/printer"
	"github.com/microsoft/typescript-go/internal/sourcemap"
	"github.com/microsoft/typescript-go/internal/transformers"
	"github.com/microsoft/typescript-go/internal/transformers/estransforms"
	"github.com/microsoft/typescript-go/internal/transformers/inliners"
	"github.com/microsoft/typescript-go/internal/transformers/jsxtransforms"
	"github.com/microsoft/typescript-go/internal/transformers/moduletransforms"
	"github.com/microsoft/typescript-go/internal/transformers/tstransforms"
	"github.com/microsoft/typescript-go/internal/tspath"
)

// doubts says what could not be resolved when a file was emitted and could change its output.
type doubts struct {
	any      bool
	names    map[string]bool // local names, of imports or of other declarations
	packages map[string]bool // packages that they are imported from
	indirect bool            // a name comes through another file, or from a declaration that mentions a package
}

// resolvable tells whether reading more declarations could settle anything.
func (d doubts) resolvable() bool { return len(d.packages) > 0 || d.indirect }

// resolver answers the transformers' questions and takes down which answers were guesses.
type resolver struct {
	printer.EmitResolver
	unknown map[string]bool // first identifiers of type names that did not resolve
}

func (r *resolver) GetTypeReferenceSerializationKind(name *ast.EntityName, scope *ast.Node) printer.TypeReferenceSerializationKind {
	kind := r.EmitResolver.GetTypeReferenceSerializationKind(name, scope)
	if kind == printer.TypeReferenceSerializationKindUnknown && name != nil {
		r.unknown[ast.GetFirstIdentifier(name).Text()] = true
	}
	return kind
}

// emit gives the JavaScript of a file.
func (p *program) emit(file *ast.SourceFile) (File, doubts) {
	kind := p.project.kind(file.FileName(), file.Text())
	out := File{Path: file.FileName(), Kind: kind}
	if list := file.Diagnostics(); len(list) > 0 {
		out.Err = diagnosticError(file.FileName(), file.Text(), list[0], "")
		return out, doubts{}
	}
	if out.Err = p.checkDecorators(file); out.Err != nil {
		return out, doubts{}
	}

	options := p.Options().Clone()
	node := core.ModuleKindNode16 <= options.Module && options.Module <= core.ModuleKindNodeNext
	switch {
	case kind == ESModule && !node:
		options.Module = core.ModuleKindNodeNext // `import x = require()` becomes createRequire
	case kind == CommonJS && options.Module == core.ModuleKindESNext && p.project.user.Module != core.ModuleKindCommonJS:
		options.Module = core.ModuleKindNodeNext // import() stays import()
	}

	emitContext, release := printer.GetEmitContext()
	defer release()
	names := &resolver{EmitResolver: p.checker.GetEmitResolver(), unknown: map[string]bool{}}
	opts := &transformers.TransformOptions{
		Context: emitContext, CompilerOptions: options, Resolver: names, EmitResolver: names,
		GetEmitModuleFormatOfFile: p.format,
	}
	result := file
	apply := func(make func(*transformers.TransformOptions) *transformers.Transformer) {
		if transformer := make(opts); transformer != nil {
			result = transformer.TransformSourceFile(result)
		}
	}
	// The order is that of the language's layers: types, TypeScript's own run-time syntax, JSX, newer ECMAScript, modules.
	if options.EmitDecoratorMetadata.IsTrue() {
		apply(tstransforms.NewMetadataTransformer)
	}
	apply(tstransforms.NewTypeEraserTransformer)
	if !options.VerbatimModuleSyntax.IsTrue() {
		apply(tstransforms.NewImportElisionTransformer)
	}
	apply(tstransforms.NewRuntimeSyntaxTransformer)
	if options.ExperimentalDecorators.IsTrue() {
		apply(tstransforms.NewLegacyDecoratorsTransformer)
		if strings.Contains(file.Text(), "abstract") {
			apply(newAbstractFieldTransformer)
		}
	}
	if file.LanguageVariant == core.LanguageVariantJSX {
		apply(jsxtransforms.NewJSXTransformer)
	}
	apply(estransforms.GetESTransformer)
	apply(estransforms.NewUseStrictTransformer)
	if kind == ESModule {
		if guarded := p.guardedImports(file, names.unknown); len(guarded) > 0 {
			apply(func(opts *transformers.TransformOptions) *transformers.Transformer {
				return newNamespaceTransformer(opts, guarded)
			})
		}
	}
	apply(moduletransforms.NewImpliedModuleTransformer)
	if kind == CommonJS && !p.project.interop {
		apply(newPlainRequireTransformer)
	}
	if !options.GetIsolatedModules() { // verbatimModuleSyntax implies it
		apply(inliners.NewConstEnumInliningTransformer)
	}

	writer := printer.NewTextWriter("\n", 0)
	generator := sourcemap.NewGenerator(tspath.GetBaseFileName(file.FileName()), "", tspath.GetDirectoryPath(file.FileName()),
		tspath.ComparePathsOptions{UseCaseSensitiveFileNames: true, CurrentDirectory: p.project.dir})
	printer.NewPrinter(printer.PrinterOptions{
		RemoveComments: options.RemoveComments.IsTrue(), NewLine: core.NewLineKindLF, SourceMap: true, Target: options.Target,
	}, printer.PrintHandlers{}, emitContext).Write(result.AsNode(), result, writer, generator)
	out.JS = writer.String()
	out.Mappings = generator.RawSourceMap().Mappings
	return out, p.doubts(file, names.unknown)
}

// format is the module format that a file of the program is emitted in.
func (p *program) format(file ast.HasFileName) core.ModuleKind {
	if source := p.GetSourceFileByPath(file.Path()); source != nil && isOwn(source) {
		if p.project.kind(source.FileName(), source.Text()) == ESModule {
			return core.ModuleKindESNext
		}
		return core.ModuleKindCommonJS
	}
	return p.GetEmitModuleFormatOfFile(file)
}

// checkDecorators reports decorators of parameters, which only the experimental decorators know.
func (p *program) checkDecorators(file *ast.SourceFile) (err *Error) {
	if p.Options().ExperimentalDecorators.IsTrue() || !strings.Contains(file.Text(), "@") {
		return nil
	}
	var visit ast.Visitor
	visit = func(node *ast.Node) bool {
		if ast.IsParameterDeclaration(node) && len(node.Decorators()) > 0 {
			decorator := node.Decorators()[0]
			err = newError(file.FileName(), file.Text(), (&eraser{text: file.Text()}).start(decorator), decorator.End(), "TS1206",
				diagnostics.Decorators_are_not_valid_here.String())
			return true
		}
		return node.ForEachChild(visit)
	}
	file.AsNode().ForEachChild(visit)
	return err
}

// doubts tells what the unknown names of a file come from, and looks for re-exports that may be types.
func (p *program) doubts(file *ast.SourceFile, unknown map[string]bool) doubts {
	d := doubts{names: unknown, packages: map[string]bool{}}
	imported := map[string]bool{}
	for _, binding := range namedImports(file) {
		imported[binding.name] = true
		if unknown[binding.name] {
			d.any = true
			if p.isPackage(file, binding.specifier) {
				d.packages[packageName(binding.specifier.Text())] = true
			} else {
				d.indirect = true
			}
		}
	}
	for name := range unknown {
		if !imported[name] && file.Locals[name] != nil {
			d.any, d.indirect = true, true // declared here, in terms of something from a package
		}
	}
	if !p.Options().VerbatimModuleSyntax.IsTrue() {
		p.reexports(file, &d)
	}
	return d
}

// reexports finds names of packages that a file exports again. They are left out when they are types.
func (p *program) reexports(file *ast.SourceFile, d *doubts) {
	shown := func(specifier *ast.Node) bool {
		resolved := p.GetResolvedModuleFromModuleSpecifier(file, specifier)
		return resolved != nil && resolved.IsResolved()
	}
	doubt := func(specifier *ast.Node) {
		if p.isPackage(file, specifier) && !shown(specifier) {
			d.any = true
			d.packages[packageName(specifier.Text())] = true
		}
	}
	var bindings map[string]*ast.Node
	for _, statement := range file.Statements.Nodes {
		switch {
		case ast.IsExportDeclaration(statement):
			export := statement.AsExportDeclaration()
			if export.IsTypeOnly || export.ExportClause == nil || !ast.IsNamedExports(export.ExportClause) {
				continue
			}
			if export.ModuleSpecifier != nil {
				doubt(export.ModuleSpecifier)
				continue
			}
			if bindings == nil {
				bindings = map[string]*ast.Node{}
				for _, binding := range namedImports(file) {
					bindings[binding.name] = binding.specifier
				}
			}
			for _, element := range export.ExportClause.AsNamedExports().Elements.Nodes {
				if specifier := bindings[element.PropertyNameOrName().Text()]; specifier != nil && !element.IsTypeOnly() {
					doubt(specifier)
				}
			}
		}
	}
}

// binding is a name that an import declaration makes.
type binding struct {
	name      string
	specifier *ast.Node // of the module
	node      *ast.Node // ImportSpecifier, ImportClause or NamespaceImport
}

func namedImports(file *ast.SourceFile) (bindings []binding) {
	for _, statement := range file.Statements.Nodes {
		if !ast.IsImportDeclaration(statement) || statement.ImportClause() == nil || !ast.IsStringLiteral(statement.ModuleSpecifier()) {
			continue
		}
		clause, specifier := statement.ImportClause(), statement.ModuleSpecifier()
		if clause.AsImportClause().IsTypeOnly() {
			continue
		}
		if name := clause.Name(); name != nil {
			bindings = append(bindings, binding{name.Text(), specifier, clause})
		}
		switch named := clause.AsImportClause().NamedBindings; {
		case named == nil:
		case ast.IsNamespaceImport(named):
			bindings = append(bindings, binding{named.Name().Text(), specifier, named})
		default:
			for _, element := range named.AsNamedImports().Elements.Nodes {
				if !element.IsTypeOnly() {
					bindings = append(bindings, binding{element.Name().Text(), specifier, element})
				}
			}
		}
	}
	return bindings
}

// guardedImports gives the named imports of packages that nothing but a guarded access in metadata uses, by local name, with the
// imported name. What they are is not known, and an interface would be a link error in an ES module.
func (p *program) guardedImports(file *ast.SourceFile, unknown map[string]bool) map[string]string {
	if len(unknown) == 0 {
		return nil
	}
	guarded := map[string]string{}
	for _, binding := range namedImports(file) {
		if unknown[binding.name] && ast.IsImportSpecifier(binding.node) && p.isPackage(file, binding.specifier) {
			guarded[binding.name] = binding.node.PropertyNameOrName().Text()
		}
	}
	if len(guarded) == 0 {
		return nil
	}
	var visit ast.Visitor
	visit = func(node *ast.Node) bool {
		switch {
		case ast.IsImportDeclaration(node), ast.IsInterfaceDeclaration(node), ast.IsTypeAliasDeclaration(node), ast.IsTypeParameterDeclaration(node):
			return false
		case ast.IsExpressionWithTypeArguments(node):
			return visit(node.Expression())
		case ast.IsTypeNode(node):
			return false
		case ast.IsIdentifier(node):
			delete(guarded, node.Text())
		}
		return node.ForEachChild(visit)
	}
	file.AsNode().ForEachChild(visit)
	return guarded
}

// newNamespaceTransformer takes guarded names out of their import declarations and reads them from a namespace import of the
// same module, where a name that isn't there is undefined.
func newNamespaceTransformer(opts *transformers.TransformOptions, guarded map[string]string) *transformers.Transformer {
	tx := &transformers.Transformer{}
	namespaces := map[string]*ast.Node{}
	var visit func(node *ast.Node) *ast.Node
	visit = func(node *ast.Node) *ast.Node {
		f := tx.Factory()
		switch node.Kind {
		case ast.KindSourceFile:
			var statements []*ast.Node
			for _, statement := range node.Statements() {
				if !ast.IsImportDeclaration(statement) || statement.ImportClause() == nil || statement.ImportClause().AsImportClause().NamedBindings == nil ||
					!ast.IsNamedImports(statement.ImportClause().AsImportClause().NamedBindings) {
					statements = append(statements, statement)
					continue
				}
				declaration, clause := statement.AsImportDeclaration(), statement.ImportClause().AsImportClause()
				var kept []*ast.Node
				var namespace *ast.Node
				for _, element := range clause.NamedBindings.AsNamedImports().Elements.Nodes {
					if _, ok := guarded[element.Name().Text()]; !ok {
						kept = append(kept, element)
						continue
					}
					if namespace == nil {
						namespace = f.NewUniqueName("types")
					}
					namespaces[element.Name().Text()] = namespace
				}
				if namespace == nil {
					statements = append(statements, statement)
					continue
				}
				statements = append(statements, f.NewImportDeclaration(nil, f.NewImportClause(ast.KindUnknown, nil, f.NewNamespaceImport(namespace)),
					declaration.ModuleSpecifier, declaration.Attributes))
				if len(kept) > 0 || clause.Name() != nil {
					var named *ast.Node
					if len(kept) > 0 {
						named = f.NewNamedImports(f.NewNodeList(kept))
					}
					statements = append(statements, f.NewImportDeclaration(nil, f.NewImportClause(clause.PhaseModifier, clause.Name(), named),
						declaration.ModuleSpecifier, declaration.Attributes))
				}
			}
			list := f.NewNodeList(statements)
			list.Loc = node.AsSourceFile().Statements.Loc
			updated := f.UpdateSourceFile(node.AsSourceFile(), list, node.AsSourceFile().EndOfFileToken)
			return tx.Visitor().VisitEachChild(updated)
		case ast.KindImportDeclaration:
			return node
		case ast.KindPropertyAccessExpression:
			n := node.AsPropertyAccessExpression()
			return f.UpdatePropertyAccessExpression(n, tx.Visitor().VisitNode(n.Expression), n.QuestionDotToken, n.Name(), n.Flags)
		case ast.KindIdentifier:
			if namespace := namespaces[node.Text()]; namespace != nil {
				return f.NewPropertyAccessExpression(namespace, nil, f.NewIdentifier(guarded[node.Text()]), ast.NodeFlagsNone)
			}
			return node
		}
		return tx.Visitor().VisitEachChild(node)
	}
	return tx.NewTransformer(visit, opts.Context)
}

// newPlainRequireTransformer undoes the interoperation of esModuleInterop, which this compiler always emits: the namespace of
// a CommonJS module is then the module's exports object itself.
func newPlainRequireTransformer(opts *transformers.TransformOptions) *transformers.Transformer {
	tx := &transformers.Transformer{}
	return tx.NewTransformer(func(node *ast.Node) *ast.Node {
		if ast.IsCallExpression(node) && len(node.Arguments()) == 1 {
			callee := node.Expression()
			if ast.IsPropertyAccessExpression(callee) {
				callee = callee.Name()
			}
			if ast.IsIdentifier(callee) && (callee.Text() == "__importStar" || callee.Text() == "__importDefault") {
				return tx.Visitor().VisitNode(node.Arguments()[0])
			}
		}
		return tx.Visitor().VisitEachChild(node)
	}, opts.Context)
}

// newAbstractFieldTransformer leaves out decorated abstract properties once their decorators were applied. The compiler
// keeps them as fields, which would hide an accessor of a derived class; tsc 5 leaves them out.
func newAbstractFieldTransformer(opts *transformers.TransformOptions) *transformers.Transformer {
	tx := &transformers.Transformer{}
	return tx.NewTransformer(func(node *ast.Node) *ast.Node {
		if ast.IsPropertyDeclaration(node) && ast.HasSyntacticModifier(tx.EmitContext().MostOriginal(node), ast.ModifierFlagsAbstract) {
			return nil
		}
		return tx.Visitor().VisitEachChild(node)
	}, opts.Context)
}
