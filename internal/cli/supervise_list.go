package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
)

// list is the table of all processes, or with --json what jlist prints.
func (m *manager) list() int {
	list, err := m.processes()
	if err != nil {
		return m.fail(err)
	}
	if m.flags.has("json") && m.flags.command == "" {
		return m.printJSON(list, "")
	}
	m.sortBy(list, m.flags.last("sort"))
	if m.flags.has("mini-list") {
		m.miniList(list)
		return 0
	}
	fmt.Fprint(m.out, m.table(list, time.Now()))
	return 0
}

// sortBy orders by name, or by field:asc and field:desc.
func (m *manager) sortBy(list []control.Process, by string) {
	field, direction, _ := strings.Cut(by, ":")
	slices.SortStableFunc(list, func(a, b control.Process) int {
		n := compareBy(field, a, b)
		if direction == "desc" {
			n = -n
		}
		return n
	})
}

func compareBy(field string, a, b control.Process) int {
	switch field {
	case "id", "pm_id":
		return a.ID - b.ID
	case "pid":
		return a.Pid - b.Pid
	case "memory":
		return int(a.Memory - b.Memory)
	case "cpu":
		return int(a.CPU*100) - int(b.CPU*100)
	case "status":
		return strings.Compare(a.Status, b.Status)
	case "uptime":
		return int(b.Started - a.Started)
	case "namespace":
		return strings.Compare(a.Namespace, b.Namespace)
	}
	if n := strings.Compare(a.Name, b.Name); n != 0 {
		return n
	}
	return a.ID - b.ID
}

// cell is a text of the table with its colour.
type cell struct{ text, colour string }

// columns are those of PM2's table, with the least width of their contents.
var columns = []struct {
	name  string
	width int
	cell  func(control.Process, time.Time) cell
}{
	{"id", 2, func(p control.Process, _ time.Time) cell { return cell{fmt.Sprint(p.ID), "1;36"} }},
	{"name", 4, func(p control.Process, _ time.Time) cell { return cell{p.Name, ""} }},
	{"namespace", 11, func(p control.Process, _ time.Time) cell { return cell{p.Namespace, ""} }},
	{"version", 7, func(p control.Process, _ time.Time) cell { return cell{p.Version, ""} }},
	{"mode", 7, func(p control.Process, _ time.Time) cell {
		switch p.Mode {
		case ecosystem.ModeCluster:
			return cell{"cluster", "1;34"}
		case ecosystem.ModeThreads:
			return cell{"threads", "1;35"}
		}
		return cell{"fork", "1;7"}
	}},
	{"pid", 8, func(p control.Process, _ time.Time) cell { return cell{orNA(p.Pid), ""} }},
	{"uptime", 6, func(p control.Process, now time.Time) cell { return cell{uptime(p, now), ""} }},
	{"↺", 4, func(p control.Process, _ time.Time) cell { return cell{fmt.Sprint(p.Restarts), ""} }},
	{"status", 9, func(p control.Process, _ time.Time) cell { return cell{p.Status, statusColour(p.Status)} }},
	{"cpu", 8, func(p control.Process, _ time.Time) cell { return cell{percent(p.CPU), ""} }},
	{"mem", 8, func(p control.Process, _ time.Time) cell { return cell{size(p.Memory), ""} }},
	{"loop lag", 8, func(p control.Process, _ time.Time) cell { return lag(p.Load) }},
	{"req/s", 6, func(p control.Process, _ time.Time) cell { return requests(p.Load) }},
	{"user", 8, func(p control.Process, _ time.Time) cell { return cell{p.User, "1"} }},
	{"watching", 8, func(p control.Process, _ time.Time) cell {
		if p.Watching {
			return cell{"enabled", "1;32"}
		}
		return cell{"disabled", "90"}
	}},
}

// lag is what nearly every event of the last second has waited at most, or for how long the loop is blocked now.
func lag(l *control.Load) cell {
	if l == nil {
		return cell{"N/A", "90"}
	}
	ms, colour := max(l.LagP99, l.Blocked), ""
	switch {
	case ms >= 500:
		colour = "1;31"
	case ms >= 100:
		colour = "1;33"
	}
	if ms < 10 {
		return cell{fmt.Sprintf("%.1fms", ms), colour}
	}
	return cell{fmt.Sprintf("%.0fms", ms), colour}
}

func requests(l *control.Load) cell {
	if l == nil {
		return cell{"N/A", "90"}
	}
	if l.Requests < 10 {
		return cell{strings.TrimSuffix(fmt.Sprintf("%.1f", l.Requests), ".0"), ""}
	}
	return cell{fmt.Sprintf("%.0f", l.Requests), ""}
}

func statusColour(s string) string {
	switch s {
	case control.Online:
		return "1;32"
	case control.Launching:
		return "1;34"
	default:
		return "1;31"
	}
}

func orNA(n int) string {
	if n == 0 {
		return "N/A"
	}
	return fmt.Sprint(n)
}

func uptime(p control.Process, now time.Time) string {
	if p.Pid == 0 {
		return "0"
	}
	return since(now.Sub(time.UnixMilli(p.Started)))
}

func since(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", max(0, int(d.Seconds())))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	default:
		return fmt.Sprintf("%dD", int(d.Hours()/24))
	}
}

func percent(p float64) string {
	s := fmt.Sprintf("%.1f", p)
	return strings.TrimSuffix(s, ".0") + "%"
}

func size(n int64) string {
	switch {
	case n == 0:
		return "0b"
	case n < 1<<10:
		return fmt.Sprintf("%db", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1fkb", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1fmb", float64(n)/(1<<20))
	default:
		return fmt.Sprintf("%.1fgb", float64(n)/(1<<30))
	}
}

// spare are the columns that a terminal which is too narrow does without, the first one first.
var spare = []string{"version", "watching", "user", "namespace", "pid", "mode", "uptime"}

// table draws the list: with colours on a terminal, plain elsewhere.
func (m *manager) table(list []control.Process, now time.Time) string {
	var head []cell
	var widths []int
	rows := make([][]cell, len(list))
	total := 1
	for _, c := range columns {
		head = append(head, cell{c.name, "1;36"})
		width := max(c.width, utf8.RuneCountInString(c.name))
		for r, p := range list {
			text := c.cell(p, now)
			rows[r] = append(rows[r], text)
			width = max(width, utf8.RuneCountInString(text.text))
		}
		widths = append(widths, width)
		total += width + 3
	}
	for _, name := range spare {
		if m.columns == 0 || total <= m.columns {
			break
		}
		k := slices.IndexFunc(head, func(c cell) bool { return c.text == name })
		total -= widths[k] + 3
		head, widths = slices.Delete(head, k, k+1), slices.Delete(widths, k, k+1)
		for r := range rows {
			rows[r] = slices.Delete(rows[r], k, k+1)
		}
	}
	var b strings.Builder
	m.rule(&b, widths, "┌", "┬", "┐")
	m.row(&b, widths, head)
	m.rule(&b, widths, "├", "┼", "┤")
	for _, r := range rows {
		m.row(&b, widths, r)
	}
	m.rule(&b, widths, "└", "┴", "┘")
	for _, p := range list {
		if p.Status == control.Errored && len(p.LastError) > 0 {
			fmt.Fprintf(&b, "%s\n  %s\n", m.paint("1;31", fmt.Sprintf("[%s](%d) is errored; its last lines:", p.Name, p.ID)), strings.Join(p.LastError, "\n  "))
		}
	}
	return b.String()
}

func (m *manager) rule(b *strings.Builder, widths []int, left, middle, right string) {
	for k, w := range widths {
		if k == 0 {
			b.WriteString(left)
		} else {
			b.WriteString(middle)
		}
		b.WriteString(strings.Repeat("─", w+2))
	}
	b.WriteString(right + "\n")
}

func (m *manager) row(b *strings.Builder, widths []int, cells []cell) {
	for k, c := range cells {
		text := c.text
		if c.colour != "" {
			text = m.paint(c.colour, text)
		}
		fmt.Fprintf(b, "│ %s%s ", text, strings.Repeat(" ", widths[k]-utf8.RuneCountInString(c.text)))
	}
	b.WriteString("│\n")
}

func (m *manager) miniList(list []control.Process) {
	for _, p := range list {
		mode := strings.TrimSuffix(p.Mode, "_mode")
		fmt.Fprintf(m.out, "+--- %s\nnamespace : %s\nversion : %s\npid : %s\npm2 id : %d\nstatus : %s\nmode : %s\nrestarted : %d\nuptime : %s\n"+
			"memory usage : %s\nerror log : %s\nwatching : %s\nPID file : %s\n\n", p.Name, p.Namespace, p.Version, orNA(p.Pid), p.ID, p.Status, mode, p.Restarts,
			uptime(p, time.Now()), size(p.Memory), p.ErrLog, map[bool]string{true: "yes", false: "no"}[p.Watching], p.PidFile)
	}
}

// --- JSON in PM2's shape ------------------------------------------------------------------------------------------

func (m *manager) jlist() int      { return m.listJSON("") }
func (m *manager) prettylist() int { return m.listJSON("  ") }

func (m *manager) listJSON(indent string) int {
	list, err := m.processes()
	if err != nil {
		return m.fail(err)
	}
	return m.printJSON(list, indent)
}

func (m *manager) printJSON(list []control.Process, indent string) int {
	out := make([]map[string]any, len(list))
	for k, p := range list {
		out[k] = control.PM2Shape(p, NodeVersion)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(out); err != nil {
		return m.fail(err)
	}
	_, _ = m.out.Write(b.Bytes())
	return 0
}
