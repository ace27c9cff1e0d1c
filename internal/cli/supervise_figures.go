package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"roost/internal/supervisor/control"
)

// describeProgram prints what a program tells of itself, its actions and its figures, and where its environment isn't that of the caller.
func (m *manager) describeProgram(p control.Process) {
	if len(p.Actions) > 0 {
		var names []string
		for _, a := range p.Actions {
			names = append(names, a.Name)
		}
		fmt.Fprintln(m.out, m.paint("1;7", " Actions available "))
		m.column(names)
		fmt.Fprintf(m.out, " Trigger via: roost trigger %s <action_name>\n", p.Name)
	}
	if rows := figures(p.Monitor()); len(rows) > 0 {
		fmt.Fprintln(m.out, m.paint("1;7", " Code metrics value "))
		m.pairs(rows)
	}
	if rows := divergent(p.App.Env, os.Environ()); len(rows) > 0 {
		fmt.Fprintln(m.out, m.paint("1;7", " Divergent env variables from local env "))
		m.pairs(rows)
	}
}

// column draws a table of one column.
func (m *manager) column(rows []string) {
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r))
	}
	var b strings.Builder
	m.rule(&b, []int{width}, "┌", "", "┐")
	for _, r := range rows {
		m.row(&b, []int{width}, []cell{{r, ""}})
	}
	m.rule(&b, []int{width}, "└", "", "┘")
	fmt.Fprint(m.out, b.String())
}

// figures reads an object of values by name, in its order: {value, unit}, or the value itself.
func figures(object json.RawMessage) (rows [][2]string) {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return rows
		}
		var value any
		if d.Decode(&value) != nil {
			return rows
		}
		unit := ""
		if o, ok := value.(map[string]any); ok {
			if u, ok := o["unit"].(string); ok && u != "" {
				unit = " " + u
			}
			value = o["value"]
		}
		rows = append(rows, [2]string{fmt.Sprint(name), fmt.Sprint(value) + unit})
	}
	return rows
}

// ownToShell are variables in which two terminals differ without a meaning.
var ownToShell = []string{"PWD", "OLDPWD", "SHLVL", "_", "ROOST_HOME", "PM2_HOME"}

// divergent are the variables of a program that the caller has otherwise.
func divergent(program map[string]string, caller []string) (rows [][2]string) {
	for _, name := range slices.Sorted(maps.Keys(program)) {
		for _, e := range caller {
			k, v, _ := strings.Cut(e, "=")
			if k == name && v != program[name] && !slices.Contains(ownToShell, name) {
				rows = append(rows, [2]string{name, oneLine(program[name])})
			}
		}
	}
	return rows
}

func oneLine(s string) string {
	const limit = 80
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit]) + "…"
	}
	return s
}
