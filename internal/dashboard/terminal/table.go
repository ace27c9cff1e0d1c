package terminal

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"roost/internal/supervisor/control"
)

// column is one of the table's. Those with the highest rank go first when the terminal is narrow.
type column struct {
	name  string
	width int
	rank  int
	text  bool // aligned left
	cell  func(p control.Process, now time.Time) (text, colour string)
}

// loaded makes a cell of the figures that a program's page of vitals has.
func loaded(show func(l *control.Load) string) func(control.Process, time.Time) (string, string) {
	return func(p control.Process, _ time.Time) (string, string) {
		if p.Load == nil {
			return "–", dim
		}
		return show(p.Load), ""
	}
}

func running(show func(p control.Process) string) func(control.Process, time.Time) (string, string) {
	return func(p control.Process, _ time.Time) (string, string) {
		if p.Pid == 0 {
			return "–", dim
		}
		return show(p), ""
	}
}

var columns = []column{
	{"id", 3, 1, false, func(p control.Process, _ time.Time) (string, string) { return fmt.Sprint(p.ID), cyan }},
	{"name", 0, 0, true, func(p control.Process, _ time.Time) (string, string) { return p.Name, bold }},
	{"status", 9, 0, true, func(p control.Process, _ time.Time) (string, string) {
		return strings.TrimSuffix(p.Status, " restart"), statusColour(p.Status)
	}},
	{"cpu", 7, 1, false, running(func(p control.Process) string { return percent(p.CPU) })},
	{"mem", 8, 1, false, running(func(p control.Process) string { return bytes(float64(p.Memory)) })},
	{"heap", 8, 4, false, loaded(func(l *control.Load) string { return bytes(float64(l.HeapUsed)) })},
	{"lag p50", 8, 5, false, loaded(func(l *control.Load) string { return milliseconds(l.LagP50) })},
	{"lag p99", 8, 2, false, func(p control.Process, now time.Time) (string, string) {
		text, colour := loaded(func(l *control.Load) string { return milliseconds(l.LagP99) })(p, now)
		if p.Load != nil {
			colour = lagColour(p.Load.LagP99)
		}
		return text, colour
	}},
	{"req/s", 7, 2, false, loaded(func(l *control.Load) string { return rate(l.Requests) })},
	{"conns", 6, 6, false, loaded(func(l *control.Load) string { return fmt.Sprint(l.Connections) })},
	{"handles", 7, 7, false, loaded(func(l *control.Load) string { return fmt.Sprint(l.Handles) })},
	{"↺", 4, 3, false, func(p control.Process, _ time.Time) (string, string) {
		if p.Restarts > 0 {
			return fmt.Sprint(p.Restarts), yellow
		}
		return "0", ""
	}},
	{"uptime", 7, 3, false, func(p control.Process, now time.Time) (string, string) {
		if p.Pid == 0 {
			return "–", dim
		}
		return since(now.Sub(time.UnixMilli(p.Started))), ""
	}},
	{"pid", 8, 8, false, running(func(p control.Process) string { return fmt.Sprint(p.Pid) })},
}

func lagColour(ms float64) string {
	switch {
	case ms >= 200:
		return red
	case ms >= 50:
		return yellow
	}
	return ""
}

func since(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", max(0, int(d.Seconds())))
	case d < time.Hour:
		return fmt.Sprintf("%dm %ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh %dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd %dh", int(d.Hours()/24), int(d.Hours())%24)
}

// leastName is how wide the name's column must be for another column to stay.
const leastName = 12

// layout gives the columns that fit into width, and their widths; the name's column takes what is left, up to the longest name.
func layout(list []control.Process, width int) ([]column, []int) {
	name := leastName
	for _, p := range list {
		name = max(name, min(ansi.StringWidth(p.Name), 32))
	}
	for rank := 8; ; rank-- {
		var shown []column
		var widths []int
		sum, at := 0, 0
		for _, c := range columns {
			if c.rank > rank {
				continue
			}
			if c.width == 0 {
				at = len(shown)
			}
			shown, widths = append(shown, c), append(widths, c.width)
			sum += c.width + 1
		}
		left := width - sum
		if left >= leastName || rank == 0 {
			widths[at] = max(1, min(name, left))
			return shown, widths
		}
	}
}

// table gives the header and rows from top on, at most height lines in all.
func (m *model) table(rows []control.Process, height int) []string {
	shown, widths := layout(rows, m.width-2)
	cells := func(cell func(c column) (string, string), plain bool) string {
		var b strings.Builder
		for k, c := range shown {
			text, colour := cell(c)
			if c.text {
				text = fit(text, widths[k])
			} else {
				text = fitRight(text, widths[k])
			}
			if !plain {
				text = paint(colour, text)
			}
			b.WriteString(text + " ")
		}
		return b.String()
	}
	out := []string{"  " + cells(func(c column) (string, string) { return c.name, dim }, false)}
	visible := max(1, height-1)
	at := m.index(rows)
	if at >= 0 {
		m.top = min(max(m.top, at-visible+1), at)
	}
	m.top = max(0, min(m.top, len(rows)-visible))
	for k := m.top; k < len(rows) && k < m.top+visible; k++ {
		p := rows[k]
		row := func(plain bool) string {
			return cells(func(c column) (string, string) { return c.cell(p, m.state.At) }, plain)
		}
		switch {
		case k != at:
			out = append(out, "  "+row(false))
		case m.focus == processPane:
			out = append(out, paint(reverse, fit("▸ "+row(true), m.width)))
		default:
			out = append(out, "▸ "+row(false))
		}
	}
	return out
}
