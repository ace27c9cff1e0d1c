// Package dotenv reads the format of .env files, as --env-file, process.loadEnvFile and util.parseEnv take it. It is pure; any goroutine may
// call it. https://nodejs.org/docs/latest-v24.x/api/environment_variables.html#dotenv
package dotenv

import "strings"

// Variable is one assignment.
type Variable struct{ Name, Value string }

// Parse gives the assignments of a text in order; a name may come more than once, and the last counts. Lines that are none are passed over.
func Parse(text string) []Variable {
	var out []Variable
	p := parser{rest: strings.ReplaceAll(text, "\r\n", "\n")}
	for {
		p.rest = strings.TrimLeft(p.rest, " \t\n\r")
		if p.rest == "" {
			return out
		}
		if v, ok := p.assignment(); ok {
			out = append(out, v)
		}
	}
}

type parser struct{ rest string }

// line takes the rest of the line.
func (p *parser) line() string {
	line, rest, _ := strings.Cut(p.rest, "\n")
	p.rest = rest
	return line
}

// assignment takes a line, or several if its value is quoted.
func (p *parser) assignment() (Variable, bool) {
	line, _, _ := strings.Cut(p.rest, "\n")
	name, _, ok := strings.Cut(line, "=")
	if !ok || line[0] == '#' {
		p.line()
		return Variable{}, false
	}
	p.rest = strings.TrimLeft(p.rest[len(name)+1:], " \t")
	if after, is := strings.CutPrefix(strings.TrimSpace(name), "export "); is {
		name = after
	}
	name = strings.TrimSpace(name)
	value := p.value()
	return Variable{name, value}, name != ""
}

func (p *parser) value() string {
	if p.rest != "" && strings.ContainsRune("\"'`", rune(p.rest[0])) {
		mark := p.rest[:1]
		if quoted, after, closed := strings.Cut(p.rest[1:], mark); closed {
			p.rest = after
			p.line() // what follows the quote is a comment, or nothing
			if mark == `"` {
				quoted = strings.ReplaceAll(quoted, `\n`, "\n")
			}
			return quoted
		}
	}
	value, _, _ := strings.Cut(p.line(), "#")
	return strings.TrimSpace(value)
}
