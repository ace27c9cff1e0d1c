package roost

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/scanner"
)

// Erase gives source without its types: what is TypeScript only becomes spaces, so every remaining
// character keeps its line and its column (counted in UTF-16 units; line terminators stay).
//
// Two things move, because JavaScript would read the text otherwise: where an erased part ended a
// statement that the next line could continue, a ";" takes the place of one of its spaces; and when
// the types of an arrow function span lines, its "(" or ")" moves to the line that JavaScript wants it on.
//
// Syntax that has behaviour at run time (enums, namespaces with values, parameter properties,
// `import x = `, `export =`, casts in angle brackets) is an *Error with Node's code and message.
// Decorators and `accessor` stay as they are: V8 reports them. name is used in errors, and
// ".cts" at its end says that the text is no module (`await` at top level is a name there).
//
// Follows what Node's --experimental-strip-types does: https://nodejs.org/api/typescript.html#type-stripping
func Erase(name, source string) (js string, err error) {
	defer recovered(name, &err)
	file := parse(name, source, core.ScriptKindTS, !strings.HasSuffix(name, ".cts"))
	if diagnostics := file.Diagnostics(); len(diagnostics) > 0 {
		return "", diagnosticError(name, source, diagnostics[0], CodeInvalidSyntax)
	}
	if err := checkModuleKeyword(name, file); err != nil {
		return "", err
	}
	e := &eraser{name: name, text: source}
	e.visit = func(node *ast.Node) bool {
		e.node(node)
		return e.err != nil
	}
	e.statements(file.Statements.Nodes)
	if e.err != nil {
		return "", e.err
	}
	return e.output(), nil
}

// eraser walks a tree and collects what to blank. One use, one goroutine.
type eraser struct {
	name, text string
	blanks     []core.TextRange
	puts       []put
	visit      ast.Visitor
	err        *Error
}

// put says that the blanked character at pos becomes char instead of a space.
type put struct {
	pos  int
	char byte
}

func (e *eraser) skip(pos int) int              { return scanner.SkipTrivia(e.text, pos) }
func (e *eraser) start(node *ast.Node) int      { return e.skip(node.Pos()) }
func (e *eraser) put(pos int, char byte)        { e.puts = append(e.puts, put{pos, char}) }
func (e *eraser) breaks(pos, end int) bool      { return hasLineBreak(e.text[pos:end]) }
func (e *eraser) endsWith(end int, c byte) bool { return end > 0 && e.text[end-1] == c }

func (e *eraser) blank(pos, end int) {
	if pos < end {
		e.blanks = append(e.blanks, core.NewTextRange(pos, end))
	}
}

func (e *eraser) at(pos int) byte {
	if pos < len(e.text) {
		return e.text[pos]
	}
	return 0
}

func (e *eraser) fail(node *ast.Node, code, message string) {
	if e.err == nil {
		e.err = newError(e.name, e.text, e.start(node), node.End(), code, message)
	}
}

func (e *eraser) unsupported(node *ast.Node, what string) {
	e.fail(node, CodeUnsupportedSyntax, "TypeScript "+what+" is not supported in strip-only mode")
}

func hasLineBreak(s string) bool {
	return strings.ContainsAny(s, "\n\r\u2028\u2029")
}

// token blanks a token node such as "?" or "!".
func (e *eraser) token(node *ast.Node) {
	if node != nil {
		e.blank(e.start(node), node.End())
	}
}

// annotation blanks ": T". A type's node starts right after the colon.
func (e *eraser) annotation(node *ast.Node) {
	if node != nil {
		e.blank(node.Pos()-1, node.End())
	}
}

// angles blanks "<...>" and gives the range; the list starts right after "<".
func (e *eraser) angles(list *ast.NodeList) (pos, end int, ok bool) {
	if list == nil {
		return 0, 0, false
	}
	pos, end = list.Pos()-1, e.skip(list.End())
	if e.at(end) == ',' {
		end = e.skip(end + 1)
	}
	if e.at(end) == '>' {
		end++
	}
	e.blank(pos, end)
	return pos, end, true
}

// element blanks one element of a comma-separated list with the comma after it.
func (e *eraser) element(node *ast.Node) {
	end := node.End()
	if comma := e.skip(end); e.at(comma) == ',' {
		end = comma + 1
	}
	e.blank(e.start(node), end)
}

// statements walks a list of statements.
func (e *eraser) statements(list []*ast.Node) {
	var last *ast.Node // the last one that stays
	for _, node := range list {
		if e.err != nil {
			return
		}
		if !e.isTypeOnly(node) {
			e.node(node)
			last = node
			continue
		}
		pos := e.start(node)
		e.blank(pos, node.End())
		if last != nil && !e.endsWith(last.End(), ';') {
			switch last.Kind {
			case ast.KindFunctionDeclaration, ast.KindClassDeclaration, ast.KindBlock:
			default:
				e.put(pos, ';')
				last = nil // one is enough
			}
		}
	}
}

// isTypeOnly tells whether nothing of a statement is left after erasing. It reports statements that cannot be erased.
func (e *eraser) isTypeOnly(node *ast.Node) bool {
	switch node.Kind {
	case ast.KindInterfaceDeclaration, ast.KindTypeAliasDeclaration, ast.KindNamespaceExportDeclaration:
		return true
	case ast.KindImportDeclaration:
		clause := node.AsImportDeclaration().ImportClause
		return clause != nil && clause.AsImportClause().IsTypeOnly()
	case ast.KindExportDeclaration:
		return node.AsExportDeclaration().IsTypeOnly
	case ast.KindImportEqualsDeclaration:
		if node.AsImportEqualsDeclaration().IsTypeOnly || ast.HasSyntacticModifier(node, ast.ModifierFlagsAmbient) {
			return true
		}
		e.unsupported(node, "import equals declaration")
		return true
	case ast.KindExportAssignment:
		if node.AsExportAssignment().IsExportEquals {
			e.unsupported(node, "export assignment")
		}
		return false
	case ast.KindModuleDeclaration:
		if ast.HasSyntacticModifier(node, ast.ModifierFlagsAmbient) {
			return true
		}
		if ast.GetModuleInstanceState(node) != ast.ModuleInstanceStateNonInstantiated {
			e.unsupported(node, "namespace declaration")
		}
		return true
	case ast.KindEnumDeclaration:
		if !ast.HasSyntacticModifier(node, ast.ModifierFlagsAmbient) {
			e.unsupported(node, "enum")
		}
		return true
	case ast.KindFunctionDeclaration:
		return node.Body() == nil || ast.HasSyntacticModifier(node, ast.ModifierFlagsAmbient)
	case ast.KindClassDeclaration, ast.KindVariableStatement:
		return ast.HasSyntacticModifier(node, ast.ModifierFlagsAmbient)
	}
	return false
}

// embedded walks a statement that stands alone after if, else, a loop or a label.
func (e *eraser) embedded(node *ast.Node) {
	if node == nil {
		return
	}
	if e.isTypeOnly(node) {
		pos := e.start(node)
		e.blank(pos, node.End())
		e.put(pos, ';')
		return
	}
	e.node(node)
}

// modifiers blanks what only TypeScript knows. It gives the place of the first blanked one when nothing
// stays in front of the name, -1 otherwise.
func (e *eraser) modifiers(node *ast.Node) (first int) {
	first = -1
	kept := false
	for _, m := range node.ModifierNodes() {
		switch m.Kind {
		case ast.KindPublicKeyword, ast.KindPrivateKeyword, ast.KindProtectedKeyword, ast.KindReadonlyKeyword,
			ast.KindOverrideKeyword, ast.KindAbstractKeyword, ast.KindDeclareKeyword, ast.KindInKeyword, ast.KindOutKeyword, ast.KindConstKeyword:
			if first < 0 && !kept {
				first = e.start(m)
			}
			e.token(m)
		default:
			kept = true
			e.node(m)
		}
	}
	if kept {
		return -1
	}
	return first
}

// children walks the children of node.
func (e *eraser) children(node *ast.Node) {
	if e.err == nil {
		node.ForEachChild(e.visit)
	}
}

func (e *eraser) list(list *ast.NodeList) {
	if list != nil {
		for _, n := range list.Nodes {
			e.node(n)
		}
	}
}

func (e *eraser) node(node *ast.Node) {
	if node == nil || e.err != nil {
		return
	}
	switch node.Kind {
	case ast.KindBlock:
		e.statements(node.Statements())
	case ast.KindCaseClause, ast.KindDefaultClause:
		n := node.AsCaseOrDefaultClause()
		e.node(n.Expression)
		e.statements(n.Statements.Nodes)
	case ast.KindIfStatement:
		n := node.AsIfStatement()
		e.node(n.Expression)
		e.embedded(n.ThenStatement)
		e.embedded(n.ElseStatement)
	case ast.KindDoStatement:
		e.embedded(node.Statement())
		e.node(node.Expression())
	case ast.KindWhileStatement, ast.KindWithStatement:
		e.node(node.Expression())
		e.embedded(node.Statement())
	case ast.KindForStatement:
		n := node.AsForStatement()
		e.node(n.Initializer)
		e.node(n.Condition)
		e.node(n.Incrementor)
		e.embedded(n.Statement)
	case ast.KindForInStatement, ast.KindForOfStatement:
		n := node.AsForInOrOfStatement()
		e.node(n.Initializer)
		e.node(n.Expression)
		e.embedded(n.Statement)
	case ast.KindLabeledStatement:
		e.embedded(node.Statement())

	case ast.KindVariableDeclaration:
		n := node.AsVariableDeclaration()
		e.node(n.Name())
		e.token(n.ExclamationToken)
		e.annotation(n.Type)
		e.node(n.Initializer)

	case ast.KindFunctionDeclaration, ast.KindFunctionExpression, ast.KindMethodDeclaration,
		ast.KindGetAccessor, ast.KindSetAccessor, ast.KindConstructor:
		e.modifiers(node)
		e.node(node.Name())
		if ast.IsMethodDeclaration(node) {
			e.token(node.PostfixToken())
		}
		e.angles(node.TypeParameterList())
		e.list(node.ParameterList())
		e.annotation(node.Type())
		e.node(node.Body())
	case ast.KindArrowFunction:
		e.arrow(node)
	case ast.KindParameter:
		e.parameter(node)

	case ast.KindClassDeclaration, ast.KindClassExpression:
		e.class(node)
	case ast.KindPropertyDeclaration:
		e.property(node)
	case ast.KindExpressionWithTypeArguments:
		e.node(node.Expression())
		e.angles(node.TypeArgumentList())

	case ast.KindAsExpression, ast.KindSatisfiesExpression:
		e.node(node.Expression())
		pos := e.skip(node.Expression().End())
		e.blank(pos, node.End())
		// The type ended the statement; without it the next line would go on with a call, an index or a template.
		switch e.at(e.skip(node.End())) {
		case '(', '[', '`':
			e.put(pos, ';')
		}
	case ast.KindNonNullExpression:
		e.node(node.Expression())
		e.blank(node.End()-1, node.End())
	case ast.KindTypeAssertionExpression:
		e.fail(node, CodeUnsupportedSyntax, "The angle-bracket syntax for type assertions, `<T>expr`, is not supported in type strip mode. Instead, use the 'as' syntax: `expr as T`.")
	case ast.KindCallExpression, ast.KindNewExpression:
		e.node(node.Expression())
		e.angles(node.TypeArgumentList())
		e.list(node.ArgumentList())
	case ast.KindTaggedTemplateExpression:
		n := node.AsTaggedTemplateExpression()
		e.node(n.Tag)
		e.angles(n.TypeArguments)
		e.node(n.Template)

	case ast.KindImportSpecifier:
		if node.IsTypeOnly() {
			e.element(node)
		}
	case ast.KindExportSpecifier:
		if node.IsTypeOnly() {
			e.element(node)
		}
	case ast.KindJsxElement, ast.KindJsxSelfClosingElement, ast.KindJsxFragment:
		e.unsupported(node, "JSX")
	case ast.KindVariableStatement:
		e.modifiers(node)
		e.node(node.AsVariableStatement().DeclarationList)
	default:
		e.children(node)
	}
}

// arrow erases an arrow function. JavaScript allows no line break before its "=>", and where it stands
// after return, throw or the like (or after async) none before its "(".
func (e *eraser) arrow(node *ast.Node) {
	n := node.AsArrowFunction()
	e.modifiers(node)
	if pos, end, ok := e.angles(n.TypeParameters); ok {
		if open := e.skip(end); e.at(open) == '(' && e.breaks(pos, open) {
			e.blank(open, open+1)
			e.put(pos, '(')
		}
	}
	e.list(n.Parameters)
	if n.Type != nil {
		colon, end := n.Type.Pos()-1, n.Type.End()
		e.blank(colon, end)
		if e.breaks(colon, end) {
			// The ")" is the last token before the colon; what lies between are comments at most.
			from := n.Parameters.End()
			closing := e.skip(from)
			if e.at(closing) == ',' {
				closing = e.skip(closing + 1)
			}
			if e.at(closing) == ')' {
				e.blank(closing, closing+1)
				_, size := utf8.DecodeLastRuneInString(e.text[:end])
				e.put(end-size, ')')
			}
		}
	}
	e.node(n.Body)
}

func (e *eraser) parameter(node *ast.Node) {
	if ast.IsThisParameter(node) {
		e.element(node)
		return
	}
	n := node.AsParameterDeclaration()
	if node.Parent != nil && ast.IsParameterPropertyDeclaration(node, node.Parent) {
		e.unsupported(node, "parameter property")
		return
	}
	e.modifiers(node)
	e.node(n.Name())
	e.token(n.QuestionToken)
	e.annotation(n.Type)
	e.node(n.Initializer)
}

func (e *eraser) class(node *ast.Node) {
	e.modifiers(node)
	e.angles(node.TypeParameterList())
	if clauses := node.ClassLikeData().HeritageClauses; clauses != nil {
		for _, clause := range clauses.Nodes {
			if clause.AsHeritageClause().Token == ast.KindImplementsKeyword {
				e.blank(e.start(clause), clause.End())
			} else {
				e.children(clause)
			}
		}
	}
	open := false // the last member that stays is a property which no ";" ends
	for _, member := range node.Members() {
		if e.err != nil {
			return
		}
		pos := e.start(member)
		if isTypeOnlyMember(member) {
			e.blank(pos, member.End())
			if open {
				e.put(pos, ';')
				open = false
			}
			continue
		}
		if open && continuesProperty(e.text, e.afterErasedModifiers(member)) && e.afterErasedModifiers(member) != pos {
			e.put(pos, ';')
		}
		e.node(member)
		open = ast.IsPropertyDeclaration(member) && !e.endsWith(member.End(), ';')
	}
}

// afterErasedModifiers is where the first token of a member that stays begins.
func (e *eraser) afterErasedModifiers(member *ast.Node) int {
	pos := e.start(member)
	for _, m := range member.ModifierNodes() {
		switch m.Kind {
		case ast.KindPublicKeyword, ast.KindPrivateKeyword, ast.KindProtectedKeyword, ast.KindReadonlyKeyword, ast.KindOverrideKeyword:
			pos = e.skip(m.End())
		default:
			return pos
		}
	}
	return pos
}

// continuesProperty tells whether the token at pos would go on with the initializer of the property in front of it.
func continuesProperty(text string, pos int) bool {
	rest := text[pos:]
	return rest != "" && strings.IndexByte("[(*`", rest[0]) >= 0 || strings.HasPrefix(rest, "in")
}

// isTypeOnlyMember tells whether nothing of a class member is left after erasing.
func isTypeOnlyMember(node *ast.Node) bool {
	switch node.Kind {
	case ast.KindIndexSignature:
		return true
	case ast.KindPropertyDeclaration:
		return ast.HasSyntacticModifier(node, ast.ModifierFlagsAmbient|ast.ModifierFlagsAbstract)
	case ast.KindMethodDeclaration, ast.KindConstructor, ast.KindGetAccessor, ast.KindSetAccessor:
		return node.Body() == nil || ast.HasSyntacticModifier(node, ast.ModifierFlagsAbstract)
	}
	return false
}

func (e *eraser) property(node *ast.Node) {
	n := node.AsPropertyDeclaration()
	e.modifiers(node)
	e.node(n.Name())
	e.token(n.PostfixToken)
	e.annotation(n.Type)
	e.node(n.Initializer)
	if n.Initializer != nil || n.Type == nil && n.PostfixToken == nil || e.endsWith(node.End(), ';') || !ast.IsIdentifier(n.Name()) {
		return
	}
	// `get: T` on a line of its own must not become the keyword of the next member.
	switch n.Name().Text() {
	case "get", "set", "static", "async", "accessor":
		e.put(e.skip(n.Name().End()), ';')
	}
}

// output builds the text.
func (e *eraser) output() string {
	if len(e.blanks) == 0 {
		return e.text
	}
	slices.SortFunc(e.blanks, func(a, b core.TextRange) int { return cmp.Compare(a.Pos(), b.Pos()) })
	slices.SortStableFunc(e.puts, func(a, b put) int { return cmp.Compare(a.pos, b.pos) })
	var b strings.Builder
	b.Grow(len(e.text))
	at, puts := 0, e.puts
	for _, r := range e.blanks {
		pos := max(r.Pos(), at)
		if pos >= r.End() {
			continue
		}
		b.WriteString(e.text[at:pos])
		for pos < r.End() {
			char := byte(' ')
			for len(puts) > 0 && puts[0].pos <= pos {
				if puts[0].pos == pos {
					char = puts[0].char
				}
				puts = puts[1:]
			}
			if n := lineBreak(e.text, pos); n > 0 {
				b.WriteString(e.text[pos : pos+n])
				pos += n
				continue
			}
			r, size := utf8.DecodeRuneInString(e.text[pos:])
			b.WriteByte(char)
			if r >= 0x10000 {
				b.WriteByte(' ')
			}
			pos += size
		}
		at = pos
	}
	b.WriteString(e.text[at:])
	return b.String()
}
