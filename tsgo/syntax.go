package roost

import (
	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/core"
)

// IsESModuleSyntax tells whether a JavaScript text can only be an ES module, which is how Node decides about a ".js" file
// when no package.json says: https://nodejs.org/api/packages.html#syntax-detection. Static import and export,
// import.meta, await at top level, and top-level const, let or class of a name that CommonJS gives
// every file (require, module, exports, __filename, __dirname) decide for it; import() does not.
// A text with a syntax error in either kind is not an ES module.
func IsESModuleSyntax(source string) bool { return isESModuleSyntax(source, core.ScriptKindJS) }

// IsESModuleSyntaxTypeScript is IsESModuleSyntax for TypeScript, where imports and exports of types count too.
func IsESModuleSyntaxTypeScript(source string) bool {
	return isESModuleSyntax(source, core.ScriptKindTS)
}

func isESModuleSyntax(source string, kind core.ScriptKind) (is bool) {
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	return mustBeESModule(parse("/detect", source, kind, false), source, kind)
}

// mustBeESModule is isESModuleSyntax for a text that was parsed as either kind.
func mustBeESModule(file *ast.SourceFile, source string, kind core.ScriptKind) bool {
	if file.ExternalModuleIndicator != nil {
		return true
	}
	if len(file.Diagnostics()) > 0 {
		// `await {}` is no script; it may be a module.
		file = parse("/detect", source, kind, true)
		if len(file.Diagnostics()) > 0 {
			return false
		}
	}
	d := &syntaxDetector{}
	d.visit = func(node *ast.Node) bool {
		d.node(node)
		return false
	}
	for _, statement := range file.Statements.Nodes {
		d.redeclared = d.redeclared || redeclaresWrapper(statement)
		d.node(statement)
	}
	return (d.awaits || d.redeclared) && !d.returns
}

type syntaxDetector struct {
	awaits, redeclared, returns bool
	visit                       ast.Visitor
}

func (d *syntaxDetector) node(node *ast.Node) {
	if node == nil || node.Flags&ast.NodeFlagsReparsed != 0 {
		return
	}
	switch node.Kind {
	case ast.KindAwaitExpression:
		d.awaits = true
	case ast.KindForOfStatement:
		d.awaits = d.awaits || node.AsForInOrOfStatement().AwaitModifier != nil
	case ast.KindVariableDeclarationList:
		d.awaits = d.awaits || ast.IsVarAwaitUsing(node)
	case ast.KindReturnStatement:
		d.returns = true
	case ast.KindFunctionDeclaration, ast.KindFunctionExpression, ast.KindArrowFunction, ast.KindMethodDeclaration, ast.KindGetAccessor,
		ast.KindSetAccessor, ast.KindConstructor, ast.KindClassStaticBlockDeclaration:
		d.node(node.Name()) // a computed name is evaluated outside
		return
	case ast.KindPropertyDeclaration:
		d.node(node.Name())
		return
	}
	node.ForEachChild(d.visit)
}

// redeclaresWrapper tells whether a statement declares, as const, let or class, a variable of Node's CommonJS wrapper.
func redeclaresWrapper(statement *ast.Node) bool {
	if ast.HasSyntacticModifier(statement, ast.ModifierFlagsAmbient) {
		return false
	}
	switch statement.Kind {
	case ast.KindClassDeclaration:
		return isWrapperName(statement.Name())
	case ast.KindVariableStatement:
		list := statement.AsVariableStatement().DeclarationList
		if list.Flags&ast.NodeFlagsBlockScoped == 0 {
			return false
		}
		for _, declaration := range list.AsVariableDeclarationList().Declarations.Nodes {
			if isWrapperName(declaration.Name()) {
				return true
			}
		}
	}
	return false
}

func isWrapperName(node *ast.Node) bool {
	switch {
	case node == nil:
		return false
	case ast.IsIdentifier(node):
		switch node.Text() {
		case "require", "module", "exports", "__filename", "__dirname":
			return true
		}
	case ast.IsBindingPattern(node):
		for _, element := range node.Elements() {
			if isWrapperName(element.Name()) {
				return true
			}
		}
	}
	return false
}
