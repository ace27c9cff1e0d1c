package cli

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"roost/internal/supervisor/control"
)

// named gives the processes of that id or name.
func (m *manager) named(target string) ([]control.Process, error) {
	list, err := m.processes()
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p control.Process) bool { return p.Name != target && strconv.Itoa(p.ID) != target })
	return list, nil
}

// targeted gives the command's target and the processes that it names.
func (m *manager) targeted() (target string, list []control.Process, err error) {
	if target, err = m.target(); err == nil {
		list, err = m.named(target)
	}
	return target, list, err
}

func (m *manager) describe() int {
	target, list, err := m.targeted()
	if err != nil {
		return m.fail(err)
	}
	if len(list) == 0 {
		m.warn("%s doesn't exist", target)
		return exitFailure
	}
	for _, p := range list {
		fmt.Fprintln(m.out, m.paint("1;7", fmt.Sprintf(" Describing process with id %d - name %s ", p.ID, p.Name)))
		m.pairs(describe(p))
		if len(p.LastError) > 0 {
			fmt.Fprintf(m.out, "%s\n  %s\n", m.paint("1;7", " Last lines of the standard error "), strings.Join(p.LastError, "\n  "))
		}
		m.describeProgram(p)
		fmt.Fprintf(m.out, " Use `roost logs %s [--lines 1000]` to display logs\n Use `roost env %d` to display environment variables\n", p.Name, p.ID)
	}
	return 0
}

func describe(p control.Process) [][2]string {
	a := p.App
	orNone := func(s string) string {
		if s == "" {
			return "N/A"
		}
		return s
	}
	yes := map[bool]string{true: "✔", false: "✘"}
	out := [][2]string{
		{"status", p.Status}, {"name", p.Name}, {"namespace", p.Namespace}, {"version", p.Version}, {"restarts", fmt.Sprint(p.Restarts)},
		{"uptime", uptime(p, time.Now())}, {"script path", a.Script}, {"script args", orNone(strings.Join(a.Args, " "))},
		{"error log path", p.ErrLog}, {"out log path", p.OutLog}, {"pid path", p.PidFile}, {"interpreter", a.Interpreter},
		{"interpreter args", orNone(strings.Join(a.InterpreterArgs, " "))}, {"script id", fmt.Sprint(p.ID)}, {"exec cwd", a.Cwd}, {"exec mode", p.Mode},
		{"node.js version", strings.TrimPrefix(NodeVersion, "v")}, {"node env", orNone(a.Env["NODE_ENV"])}, {"watch & reload", yes[p.Watching]},
		{"unstable restarts", fmt.Sprint(p.Unstable)}, {"created at", time.UnixMilli(p.Created).UTC().Format("2006-01-02T15:04:05.000Z")},
	}
	if a.Sticky != "" {
		out = append(out, [2]string{"sticky", "by " + strings.Replace(a.Sticky, ":", " ", 1)})
	}
	if p.LastExit != "" {
		out = append(out, [2]string{"last exit", p.LastExit})
	}
	if p.Dropped > 0 {
		out = append(out, [2]string{"log lines dropped", fmt.Sprint(p.Dropped)})
	}
	return out
}

// pairs draws a table of two columns.
func (m *manager) pairs(rows [][2]string) {
	widths := []int{0, 0}
	for _, r := range rows {
		for k := range widths {
			widths[k] = max(widths[k], utf8.RuneCountInString(r[k]))
		}
	}
	var b strings.Builder
	m.rule(&b, widths, "┌", "┬", "┐")
	for _, r := range rows {
		colour := ""
		if r[0] == "status" {
			colour = statusColour(r[1])
		}
		m.row(&b, widths, []cell{{r[0], ""}, {r[1], colour}})
	}
	m.rule(&b, widths, "└", "┴", "┘")
	fmt.Fprint(m.out, b.String())
}

func (m *manager) env() int {
	target, list, err := m.targeted()
	if err != nil {
		return m.fail(err)
	}
	if len(list) == 0 {
		return m.fail(fmt.Errorf("Modules with id %s not found", target))
	}
	env := list[0].App.Env
	for _, name := range slices.Sorted(maps.Keys(env)) {
		fmt.Fprintf(m.out, "%s: %s\n", name, m.paint("32", env[name]))
	}
	return 0
}

func (m *manager) id() int {
	_, list, err := m.targeted()
	if err != nil {
		return m.fail(err)
	}
	var ids []string
	for _, p := range list {
		ids = append(ids, fmt.Sprint(p.ID))
	}
	if len(ids) == 0 {
		fmt.Fprintln(m.out, "[]")
		return 0
	}
	fmt.Fprintf(m.out, "[ %s ]\n", strings.Join(ids, ", "))
	return 0
}

func (m *manager) pid() int {
	list, err := m.processes()
	if len(m.args) > 0 && err == nil {
		list, err = m.named(m.args[0])
	}
	if err != nil {
		return m.fail(err)
	}
	for _, p := range list {
		fmt.Fprintln(m.out, p.Pid)
	}
	return 0
}
