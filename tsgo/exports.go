package roost

import (
	"strings"

	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/scanner"
)

// Exports is what a CommonJS file exports by name, as far as its text shows.
type Exports struct {
	Names     []string // in order of first appearance; "default" and "__esModule" included
	Reexports []string // specifiers of files whose names are exported too
}

// ModuleExports finds the named exports of a CommonJS file without running it. It finds what Node finds:
// https://nodejs.org/api/esm.html#commonjs-namespaces describes the patterns, which compilers and bundlers write:
//
//	exports.x = …            exports['x'] = …           the same on module.exports
//	module.exports = { a, b: c, 'd': e, ...require('f') }    up to the first value that is not one identifier
//	module.exports = require('f')                       the last one counts
//	Object.defineProperty(exports, 'x', { enumerable: true, get: function () { return m.x; } })   or value:
//	__exportStar(require('f'), exports)   __export(require('f'))
//	Object.keys(m).forEach(function (key) { if (key === "default" || key === "__esModule") return; exports[key] = m[key]; })
//
// Scopes are not looked at: a pattern counts in functions and in code that never runs, because that is how
// universal module wrappers and `0 && (module.exports = { … })` hints work. An error means that the text has a syntax error;
// what was found is returned with it.
func ModuleExports(name, source string) (found Exports, err error) {
	defer recovered(name, &err)
	file := parse(name, source, core.ScriptKindJS, false)
	found = exportsOf(file, source)
	if diagnostics := file.Diagnostics(); len(diagnostics) > 0 {
		err = diagnosticError(name, source, diagnostics[0], "")
	}
	return found, err
}

func exportsOf(file *ast.SourceFile, source string) Exports {
	x := &exportFinder{text: source, seen: map[string]bool{}, modules: map[string]string{}}
	x.visit = func(node *ast.Node) bool {
		x.node(node)
		return false
	}
	for _, statement := range file.Statements.Nodes {
		x.node(statement)
	}
	return x.found
}

// Shape is what the text of a JavaScript file says about it: whether it can only be an ES module (IsESModuleSyntax), and what it exports when
// it is CommonJS (ModuleExports; nothing when it has a syntax error).
type Shape struct {
	ESModule bool
	Exports  Exports
}

// ShapeOf answers both questions with one parse.
func ShapeOf(name, source string) (shape Shape) {
	var err error
	defer func() {
		if err != nil {
			shape = Shape{}
		}
	}()
	defer recovered(name, &err)
	file := parse(name, source, core.ScriptKindJS, false)
	shape.ESModule = mustBeESModule(file, source, core.ScriptKindJS)
	if len(file.Diagnostics()) == 0 {
		shape.Exports = exportsOf(file, source)
	}
	return shape
}

// exportFinder walks a file once. Depth counts the brackets of any kind around the place, because some patterns
// count at the top only.
type exportFinder struct {
	text    string
	found   Exports
	seen    map[string]bool
	modules map[string]string // variable: specifier that it was required from
	depth   int
	visit   ast.Visitor
}

func (x *exportFinder) export(name string) {
	if !x.seen[name] && wellFormed(name) {
		x.seen[name] = true
		x.found.Names = append(x.found.Names, name)
	}
}

func (x *exportFinder) reexport(specifier string) {
	x.found.Reexports = append(x.found.Reexports, specifier)
}

// wellFormed refuses names with lone surrogates, which the scanner keeps as three bytes that are no UTF-8.
func wellFormed(name string) bool {
	return strings.ToValidUTF8(name, "") == name
}

// next is the byte of the first token at or after pos.
func (x *exportFinder) next(pos int) byte {
	if pos = scanner.SkipTrivia(x.text, pos); pos < len(x.text) {
		return x.text[pos]
	}
	return 0
}

func (x *exportFinder) inside(walk func()) {
	x.depth++
	walk()
	x.depth--
}

func (x *exportFinder) nodes(list *ast.NodeList) {
	if list != nil {
		for _, n := range list.Nodes {
			x.node(n)
		}
	}
}

func (x *exportFinder) children(node *ast.Node) { node.ForEachChild(x.visit) }

func (x *exportFinder) node(node *ast.Node) {
	if node == nil || node.Flags&ast.NodeFlagsReparsed != 0 {
		return
	}
	switch node.Kind {
	case ast.KindPropertyAccessExpression, ast.KindElementAccessExpression:
		x.access(node)
		x.node(node.Expression())
		if node.Kind == ast.KindElementAccessExpression {
			x.inside(func() { x.node(node.AsElementAccessExpression().ArgumentExpression) })
		}
	case ast.KindCallExpression:
		x.call(node)
		x.node(node.Expression())
		x.inside(func() { x.nodes(node.ArgumentList()) })
	case ast.KindNewExpression:
		x.node(node.Expression())
		x.inside(func() { x.nodes(node.ArgumentList()) })
	case ast.KindVariableDeclarationList:
		if x.depth == 0 && len(node.AsVariableDeclarationList().Declarations.Nodes) > 0 {
			x.required(node.AsVariableDeclarationList().Declarations.Nodes[0])
		}
		x.children(node)
	case ast.KindIfStatement:
		n := node.AsIfStatement()
		x.inside(func() { x.node(n.Expression) })
		x.node(n.ThenStatement)
		x.node(n.ElseStatement)
	case ast.KindArrowFunction:
		x.inside(func() { x.nodes(node.ParameterList()) })
		x.node(node.Body())
	case ast.KindBlock, ast.KindParenthesizedExpression, ast.KindArrayLiteralExpression, ast.KindObjectLiteralExpression,
		ast.KindFunctionDeclaration, ast.KindFunctionExpression, ast.KindMethodDeclaration, ast.KindGetAccessor, ast.KindSetAccessor,
		ast.KindConstructor, ast.KindClassDeclaration, ast.KindClassExpression, ast.KindCaseBlock, ast.KindTemplateExpression,
		ast.KindWithStatement, ast.KindCatchClause, ast.KindObjectBindingPattern, ast.KindArrayBindingPattern:
		x.inside(func() { x.children(node) })
	default:
		x.children(node)
	}
}

// isExports tells whether node is `exports` or `module.exports`, written plainly.
func isExports(node *ast.Node) bool {
	return isName(node, "exports") || isModuleExports(node)
}

func isModuleExports(node *ast.Node) bool {
	return ast.IsPropertyAccessExpression(node) && isName(node.Expression(), "module") && isName(node.Name(), "exports") &&
		node.QuestionDotToken() == nil
}

func isName(node *ast.Node, name string) bool {
	return node != nil && ast.IsIdentifier(node) && node.Text() == name
}

// access looks at `exports.x` and `module.exports` in front of "=". A comparison counts as well: only the first character is looked at.
func (x *exportFinder) access(node *ast.Node) {
	if node.QuestionDotToken() != nil || x.next(node.End()) != '=' {
		return
	}
	switch {
	case isModuleExports(node):
		x.found.Reexports = nil
		if parent := node.Parent; ast.IsBinaryExpression(parent) && parent.AsBinaryExpression().Left == node &&
			parent.AsBinaryExpression().OperatorToken.Kind == ast.KindEqualsToken {
			x.assigned(leftmost(parent.AsBinaryExpression().Right))
		}
	case !isExports(node.Expression()):
	case ast.IsPropertyAccessExpression(node):
		if ast.IsIdentifier(node.Name()) {
			x.export(node.Name().Text())
		}
	default:
		if key := node.AsElementAccessExpression().ArgumentExpression; key != nil && ast.IsStringLiteral(key) {
			x.export(key.Text())
		}
	}
}

// leftmost is the operand that an expression's text begins with, down to an object literal or a call of a plain name.
func leftmost(node *ast.Node) *ast.Node {
	for {
		switch node.Kind {
		case ast.KindBinaryExpression:
			node = node.AsBinaryExpression().Left
		case ast.KindConditionalExpression:
			node = node.AsConditionalExpression().Condition
		case ast.KindPropertyAccessExpression, ast.KindElementAccessExpression, ast.KindPostfixUnaryExpression:
			if node.Kind == ast.KindPostfixUnaryExpression {
				node = node.AsPostfixUnaryExpression().Operand
			} else {
				node = node.Expression()
			}
		case ast.KindTaggedTemplateExpression:
			node = node.AsTaggedTemplateExpression().Tag
		case ast.KindCallExpression:
			if ast.IsIdentifier(node.Expression()) {
				return node
			}
			node = node.Expression()
		default:
			return node
		}
	}
}

// assigned reads the right side of `module.exports = `.
func (x *exportFinder) assigned(node *ast.Node) {
	if specifier, ok := requireCall(node); ok {
		x.reexport(specifier)
	} else if ast.IsObjectLiteralExpression(node) {
		x.literal(node)
	}
}

// literal takes the keys of an object literal until one whose value is not a single identifier.
func (x *exportFinder) literal(node *ast.Node) {
	for _, property := range node.Properties() {
		switch property.Kind {
		case ast.KindSpreadAssignment:
			value := property.Expression()
			if specifier, ok := requireCall(value); ok {
				x.reexport(specifier)
			} else if !ast.IsIdentifier(value) {
				return
			}
		case ast.KindShorthandPropertyAssignment:
			x.export(property.Name().Text())
		case ast.KindPropertyAssignment:
			key := property.Name()
			if !ast.IsIdentifier(key) && !ast.IsStringLiteral(key) {
				return
			}
			value := property.Initializer()
			if !x.startsWithWord(value) {
				return
			}
			x.export(key.Text())
			if specifier, ok := requireCall(leftmost(value)); ok {
				x.reexport(specifier)
				return
			}
			if !isWord(value) || value.End() >= len(x.text) || x.text[value.End()] != ',' {
				return // a space before the comma ends the search as well
			}
		case ast.KindMethodDeclaration, ast.KindSetAccessor, ast.KindGetAccessor:
			x.method(property)
			return
		default:
			return
		}
	}
}

// method takes the first word of a method: it is read like a name, and then no comma follows.
// A getter with a plain name is told apart and gives nothing.
func (x *exportFinder) method(node *ast.Node) {
	name := node.Name()
	switch {
	case node.Kind == ast.KindGetAccessor:
		if !ast.IsIdentifier(name) {
			x.export("get")
		}
	case node.Kind == ast.KindSetAccessor:
		x.export("set")
	case ast.HasSyntacticModifier(node, ast.ModifierFlagsAsync):
		x.export("async")
	case node.BodyData().AsteriskToken == nil && ast.IsIdentifier(name):
		x.export(name.Text())
	}
}

// startsWithWord tells whether the text of an expression begins with an identifier or a keyword.
func (x *exportFinder) startsWithWord(node *ast.Node) bool {
	pos := scanner.SkipTrivia(x.text, node.Pos())
	if pos >= len(x.text) {
		return false
	}
	c := x.text[pos]
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' || c == '\\' || c >= 0x80
}

// isWord tells whether an expression is one identifier or one keyword.
func isWord(node *ast.Node) bool {
	switch node.Kind {
	case ast.KindIdentifier, ast.KindNullKeyword, ast.KindTrueKeyword, ast.KindFalseKeyword, ast.KindThisKeyword:
		return true
	}
	return false
}

// requireCall reads `require('x')` with nothing else in its brackets.
func requireCall(node *ast.Node) (specifier string, ok bool) {
	if node == nil || !ast.IsCallExpression(node) || !isName(node.Expression(), "require") || node.QuestionDotToken() != nil {
		return "", false
	}
	arguments := node.Arguments()
	if len(arguments) != 1 || !ast.IsStringLiteral(arguments[0]) {
		return "", false
	}
	return arguments[0].Text(), true
}

// required remembers `var m = require('x')`, also in the wrapper that Babel puts around it.
func (x *exportFinder) required(declaration *ast.Node) {
	name, value := declaration.Name(), declaration.Initializer()
	if value == nil || name == nil || !ast.IsIdentifier(name) {
		return
	}
	value = leftmost(value)
	if ast.IsCallExpression(value) && isName(value.Expression(), "_interopRequireWildcard") && len(value.Arguments()) == 1 {
		value = value.Arguments()[0]
	}
	if specifier, ok := requireCall(value); ok {
		x.modules[name.Text()] = specifier
	}
}

func (x *exportFinder) call(node *ast.Node) {
	callee, arguments := node.Expression(), node.Arguments()
	if len(arguments) == 0 || node.QuestionDotToken() != nil {
		return
	}
	name := callee
	if ast.IsPropertyAccessExpression(callee) {
		name = callee.Name()
	}
	if !ast.IsIdentifier(name) {
		return
	}
	switch name.Text() {
	case "__export", "__exportStar":
		if x.depth == 0 {
			if specifier, ok := requireCall(arguments[0]); ok {
				x.reexport(specifier)
			}
		}
	case "defineProperty":
		if name != callee && isName(callee.Expression(), "Object") && callee.QuestionDotToken() == nil && len(arguments) >= 3 &&
			isExports(arguments[0]) && ast.IsStringLiteral(arguments[1]) && x.isExportDescriptor(arguments[2]) {
			x.export(arguments[1].Text())
		}
	case "forEach":
		if x.depth == 0 && name != callee && len(arguments) == 1 {
			x.forEach(callee.Expression(), arguments[0])
		}
	}
}

// isExportDescriptor tells whether a property descriptor is one that compilers write for an export:
// a value, or a getter (the last property) that returns a name or one property of it.
func (x *exportFinder) isExportDescriptor(node *ast.Node) bool {
	if !ast.IsObjectLiteralExpression(node) {
		return false
	}
	properties := node.Properties()
	if len(properties) > 0 && isEnumerable(properties[0]) {
		properties = properties[1:]
	}
	if len(properties) == 0 || !isName(properties[0].Name(), "value") && !isName(properties[0].Name(), "get") {
		return false
	}
	if properties[0].Name().Text() == "value" {
		return ast.IsPropertyAssignment(properties[0])
	}
	value := getterValue(properties)
	if value == nil {
		return false
	}
	switch value.Kind {
	case ast.KindPropertyAccessExpression:
		return isWord(value.Expression()) && value.QuestionDotToken() == nil && ast.IsIdentifier(value.Name())
	case ast.KindElementAccessExpression:
		return isWord(value.Expression()) && value.QuestionDotToken() == nil && ast.IsStringLiteral(value.AsElementAccessExpression().ArgumentExpression)
	}
	return isWord(value)
}

func isEnumerable(property *ast.Node) bool {
	return ast.IsPropertyAssignment(property) && isName(property.Name(), "enumerable") && property.Initializer().Kind == ast.KindTrueKeyword
}

// getterValue is what the only property of a list, a getter written as a plain function, returns; nil when it has another form.
func getterValue(properties []*ast.Node) *ast.Node {
	if len(properties) != 1 || !isName(properties[0].Name(), "get") {
		return nil
	}
	function := properties[0]
	if ast.IsPropertyAssignment(function) {
		function = function.Initializer()
	}
	if !ast.IsFunctionExpression(function) && !ast.IsMethodDeclaration(function) ||
		function.ModifierNodes() != nil || function.BodyData().AsteriskToken != nil || len(function.Parameters()) > 0 || function.Body() == nil {
		return nil
	}
	body := function.Body().Statements()
	if len(body) != 1 || !ast.IsReturnStatement(body[0]) {
		return nil
	}
	return body[0].Expression()
}

// forEach reads Babel's and TypeScript's loop that copies the names of a required module.
func (x *exportFinder) forEach(keys, callback *ast.Node) {
	if !ast.IsCallExpression(keys) || len(keys.Arguments()) != 1 || !ast.IsIdentifier(keys.Arguments()[0]) ||
		!ast.IsPropertyAccessExpression(keys.Expression()) || !isName(keys.Expression().Expression(), "Object") || !isName(keys.Expression().Name(), "keys") {
		return
	}
	module := keys.Arguments()[0].Text()
	specifier, ok := x.modules[module]
	if !ok || !ast.IsFunctionExpression(callback) || callback.Name() != nil || callback.ModifierNodes() != nil || len(callback.Parameters()) != 1 ||
		!ast.IsIdentifier(callback.Parameters()[0].Name()) {
		return
	}
	loop := copyLoop{module: module, key: callback.Parameters()[0].Name().Text()}
	if loop.matches(callback.Body().Statements()) {
		x.reexport(specifier)
	}
}

// copyLoop is the body of such a loop.
type copyLoop struct{ module, key string }

func (l copyLoop) matches(body []*ast.Node) bool {
	if len(body) == 0 || !ast.IsIfStatement(body[0]) || body[0].AsIfStatement().ElseStatement != nil {
		return false
	}
	first := body[0].AsIfStatement()
	if !ast.IsReturnStatement(first.ThenStatement) {
		return len(body) == 1 && l.isOther(first.Expression) && l.copies(first.ThenStatement)
	}
	if !l.isDefault(first.Expression) || first.ThenStatement.Expression() != nil {
		return false
	}
	body = body[1:]
	for _, allowed := range []func(*ast.Node) bool{l.isOwn, l.isSame} {
		if len(body) > 0 && ast.IsIfStatement(body[0]) && ast.IsReturnStatement(body[0].AsIfStatement().ThenStatement) && allowed(body[0].AsIfStatement().Expression) {
			body = body[1:]
		}
	}
	return len(body) == 1 && l.copies(body[0])
}

// binary splits `left operator right`.
func binary(node *ast.Node, operator ast.Kind) (left, right *ast.Node, ok bool) {
	if !ast.IsBinaryExpression(node) || node.AsBinaryExpression().OperatorToken.Kind != operator {
		return nil, nil, false
	}
	return node.AsBinaryExpression().Left, node.AsBinaryExpression().Right, true
}

// compares tells whether node is `key operator 'text'`.
func (l copyLoop) compares(node *ast.Node, operator ast.Kind, text string) bool {
	left, right, ok := binary(node, operator)
	return ok && isName(left, l.key) && ast.IsStringLiteral(right) && right.Text() == text
}

// isDefault is `key === 'default' || key === '__esModule'`.
func (l copyLoop) isDefault(node *ast.Node) bool {
	left, right, ok := binary(node, ast.KindBarBarToken)
	return ok && l.compares(left, ast.KindEqualsEqualsEqualsToken, "default") && l.compares(right, ast.KindEqualsEqualsEqualsToken, "__esModule")
}

// isOther is `key !== 'default'`, with `&& !exports.hasOwnProperty(key)` or not.
func (l copyLoop) isOther(node *ast.Node) bool {
	if left, right, ok := binary(node, ast.KindAmpersandAmpersandToken); ok {
		if !ast.IsPrefixUnaryExpression(right) || right.AsPrefixUnaryExpression().Operator != ast.KindExclamationToken {
			return false
		}
		call := right.AsPrefixUnaryExpression().Operand
		own := ast.IsCallExpression(call) && ast.IsPropertyAccessExpression(call.Expression()) && ast.IsIdentifier(call.Expression().Expression()) &&
			isName(call.Expression().Name(), "hasOwnProperty") && len(call.Arguments()) == 1 && isName(call.Arguments()[0], l.key)
		if !own && !l.isOwn(call) {
			return false
		}
		node = left
	}
	return l.compares(node, ast.KindExclamationEqualsEqualsToken, "default")
}

// isOwn is `Object.prototype.hasOwnProperty.call(name, key)`.
func (l copyLoop) isOwn(node *ast.Node) bool {
	if !ast.IsCallExpression(node) || len(node.Arguments()) != 2 || !ast.IsIdentifier(node.Arguments()[0]) || !isName(node.Arguments()[1], l.key) {
		return false
	}
	callee := node.Expression()
	for _, name := range []string{"call", "hasOwnProperty", "prototype"} {
		if !ast.IsPropertyAccessExpression(callee) || !isName(callee.Name(), name) {
			return false
		}
		callee = callee.Expression()
	}
	return isName(callee, "Object")
}

// isSame is `key in exports && exports[key] === module[key]`.
func (l copyLoop) isSame(node *ast.Node) bool {
	left, right, ok := binary(node, ast.KindAmpersandAmpersandToken)
	if !ok {
		return false
	}
	key, object, ok := binary(left, ast.KindInKeyword)
	if !ok || !isName(key, l.key) || !isExports(object) {
		return false
	}
	a, b, ok := binary(right, ast.KindEqualsEqualsEqualsToken)
	return ok && l.isItem(a, isExports) && l.isItem(b, l.isModule)
}

func (l copyLoop) isModule(node *ast.Node) bool { return isName(node, l.module) }

// isItem is `object[key]`.
func (l copyLoop) isItem(node *ast.Node, object func(*ast.Node) bool) bool {
	return ast.IsElementAccessExpression(node) && object(node.Expression()) && isName(node.AsElementAccessExpression().ArgumentExpression, l.key)
}

// copies is `exports[key] = module[key]`, or a getter defined to the same end.
func (l copyLoop) copies(node *ast.Node) bool {
	if !ast.IsExpressionStatement(node) {
		return false
	}
	node = node.Expression()
	if left, right, ok := binary(node, ast.KindEqualsToken); ok {
		return l.isItem(left, isExports) && l.isItem(right, l.isModule)
	}
	if !ast.IsCallExpression(node) || len(node.Arguments()) != 3 || !ast.IsPropertyAccessExpression(node.Expression()) ||
		!isName(node.Expression().Expression(), "Object") || !isName(node.Expression().Name(), "defineProperty") {
		return false
	}
	object, key, descriptor := node.Arguments()[0], node.Arguments()[1], node.Arguments()[2]
	if !isExports(object) || !isName(key, l.key) || !ast.IsObjectLiteralExpression(descriptor) {
		return false
	}
	properties := descriptor.Properties()
	if len(properties) != 2 || !isEnumerable(properties[0]) {
		return false
	}
	value := getterValue(properties[1:])
	return value != nil && l.isItem(value, l.isModule)
}
