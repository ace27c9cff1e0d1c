// Package roost is our one door to the TypeScript compiler. The compiler's packages are internal to
// its module; this nested module has an import path below it, which is what lets us use them.
//
// It owns what needs the compiler's parser, checker or emitter: blanking out types (Erase), reading
// the export names of a CommonJS file (ModuleExports), telling ES modules from scripts
// (IsESModuleSyntax), and compiling a project's TypeScript (Program). Everything takes text or plain
// values and gives back text or plain values: no type of the compiler leaves this package.
//
// All exported functions may be called from any goroutine. Called by tools at generation and by
// internal/module/typescript; it must not import anything of ours.
package roost

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/microsoft/typescript-go/internal/ast"
	"github.com/microsoft/typescript-go/internal/core"
	"github.com/microsoft/typescript-go/internal/locale"
	"github.com/microsoft/typescript-go/internal/parser"
	"github.com/microsoft/typescript-go/internal/tspath"
)

// Codes of an Error, as Node prints them.
const (
	CodeInvalidSyntax     = "ERR_INVALID_TYPESCRIPT_SYNTAX"
	CodeUnsupportedSyntax = "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX"
)

// Error is a problem with a source text, at a place in it.
type Error struct {
	File    string // as the caller named it
	Line    int    // from 1; 0 when the problem has no place
	Column  int    // from 1, in UTF-16 units
	Length  int    // UTF-16 units from Column that the problem covers on its first line, at least 1
	Source  string // the text of that line
	Code    string // a code of Node's, or TS and a number for the compiler's own errors
	Message string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		if e.File == "" {
			return e.Message
		}
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Report is the error as a command line shows it: the place, the line with a marker under it, the message.
func (e *Error) Report() string {
	if e.Line == 0 {
		return e.Error() + "\n"
	}
	return fmt.Sprintf("%s\n\nSyntaxError: %s\n", e.Place(), e.Message)
}

// Place is the first part of Report: the file and line, the text of the line, a marker under it.
func (e *Error) Place() string {
	var pad strings.Builder
	units := 0
	for _, r := range e.Source {
		if units >= e.Column-1 {
			break
		}
		if r == '\t' {
			pad.WriteByte('\t')
		} else {
			pad.WriteByte(' ')
		}
		units += utf16Len(string(r))
	}
	return fmt.Sprintf("%s:%d\n%s\n%s%s", e.File, e.Line, e.Source, pad.String(), strings.Repeat("^", e.Length))
}

// newError builds an Error for the bytes from pos to end of text.
func newError(file, text string, pos, end int, code, message string) *Error {
	pos = max(0, min(pos, len(text)))
	end = max(pos, min(end, len(text)))
	line, start := 1, 0
	for i := 0; i < pos; {
		n := lineBreak(text, i)
		if n == 0 {
			i++
			continue
		}
		i += n
		if i <= pos {
			line, start = line+1, i
		}
	}
	stop := start
	for stop < len(text) && lineBreak(text, stop) == 0 {
		stop++
	}
	pos = min(pos, stop)
	return &Error{
		File: file, Line: line, Column: utf16Len(text[start:pos]) + 1,
		Length: max(1, utf16Len(text[pos:max(pos, min(end, stop))])),
		Source: text[start:stop], Code: code, Message: message,
	}
}

// diagnosticError turns a diagnostic of the parser into an Error.
func diagnosticError(file, text string, d *ast.Diagnostic, code string) *Error {
	if code == "" {
		code = fmt.Sprintf("TS%d", d.Code())
	}
	return newError(file, text, d.Pos(), d.End(), code, diagnosticText(d))
}

// diagnosticText is the message of d with the messages chained under it, as tsc prints them.
func diagnosticText(d *ast.Diagnostic) string {
	var b strings.Builder
	var write func(d *ast.Diagnostic, depth int)
	write = func(d *ast.Diagnostic, depth int) {
		if depth > 0 {
			b.WriteByte('\n')
			b.WriteString(strings.Repeat("  ", depth))
		}
		b.WriteString(d.Localize(locale.Default))
		for _, c := range d.MessageChain() {
			write(c, depth+1)
		}
	}
	write(d, 0)
	return b.String()
}

// lineBreak is the length in bytes of the line terminator of JavaScript at text[i:], 0 when there is none.
func lineBreak(text string, i int) int {
	switch text[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(text) && text[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xE2: // U+2028 and U+2029
		if i+2 < len(text) && text[i+1] == 0x80 && (text[i+2] == 0xA8 || text[i+2] == 0xA9) {
			return 3
		}
	}
	return 0
}

// utf16Len counts the UTF-16 units of s; a byte that is no UTF-8 counts as one.
func utf16Len(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			n, i = n+1, i+1
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		n++
		if r >= 0x10000 {
			n++
		}
		i += size
	}
	return n
}

// parse parses source under a name that the parser accepts (absolute and normalized).
func parse(name, source string, kind core.ScriptKind, forceModule bool) *ast.SourceFile {
	path := tspath.GetNormalizedAbsolutePath(name, "/")
	return parser.ParseSourceFile(ast.SourceFileParseOptions{
		FileName:                       path,
		Path:                           tspath.Path(path),
		ExternalModuleIndicatorOptions: ast.ExternalModuleIndicatorOptions{Force: forceModule},
	}, source, kind)
}

// recovered turns a panic of the parser on bad input into an Error.
func recovered(name string, err *error) {
	if p := recover(); p != nil {
		*err = &Error{File: name, Code: CodeInvalidSyntax, Message: fmt.Sprintf("The TypeScript parser failed: %v", p)}
	}
}
