package terminal

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"roost/internal/supervisor/control"
)

func (m *model) View() tea.View {
	v := tea.NewView(m.screen())
	v.AltScreen = true
	v.WindowTitle = "roost monit"
	return v
}

// screen is height lines. What there is no room for is left out: the details first, then the logs.
func (m *model) screen() string {
	if m.width < 4 || m.height < 2 {
		return ""
	}
	if m.help {
		return m.helpScreen()
	}
	lines := []string{m.header()}
	rest := m.height - 2 // header and footer
	rows := m.rows()
	var details []string
	if m.height >= 18 {
		details = m.details()
	}
	rest -= len(details)
	table := min(len(rows)+1, max(2, rest/2))
	if rest < 5 {
		table = max(1, rest)
	}
	switch {
	case len(m.state.Processes) == 0 && !m.heard.IsZero():
		lines = append(lines, "  no processes: start one with `roost start <file>`")
		rest--
	case m.heard.IsZero():
		lines = append(lines, "")
		rest--
	default:
		t := m.table(rows, table)
		if len(rows) == 0 {
			t = append(t, "  no process matches the filter")
		}
		lines = append(lines, t...)
		rest -= len(t)
	}
	lines = append(lines, details...)
	if rest >= 2 {
		lines = append(lines, m.logTitle())
		log := m.logs.view(m.width, rest-1, m.filters[logPane], m.allLog)
		for len(log) < rest-1 {
			log = append(log, "")
		}
		lines = append(lines, log...)
	}
	for len(lines) < m.height-1 {
		lines = append(lines, "")
	}
	lines = append(lines[:m.height-1], m.footer())
	for k, l := range lines {
		lines[k] = ansi.Truncate(l, m.width, "")
	}
	return strings.Join(lines, "\n")
}

func (m *model) header() string {
	if m.state.Err != nil {
		text := " " + m.state.Err.Error()
		if !m.heard.IsZero() {
			text = fmt.Sprintf(" daemon gone, trying again; figures of %s ago", since(m.state.At.Sub(m.heard)))
		}
		return paint(reverse+";"+red, fit(" Roost monit "+text, m.width))
	}
	if m.heard.IsZero() {
		return paint(reverse, fit(" Roost monit   asking the daemon …", m.width))
	}
	online, cpu, memory, requests := 0, 0.0, 0.0, 0.0
	for _, p := range m.state.Processes {
		if p.Status == control.Online {
			online++
		}
		cpu += p.CPU
		memory += float64(p.Memory)
		if p.Load != nil {
			requests += p.Load.Requests
		}
	}
	left := fmt.Sprintf(" Roost monit   %d/%d online   cpu %s   mem %s   %s req/s", online, len(m.state.Processes), percent(cpu), bytes(memory), rate(requests))
	right := fmt.Sprintf("daemon %d   %s ", m.state.Daemon.Pid, m.state.At.Local().Format("15:04:05"))
	gap := m.width - ansi.StringWidth(left) - ansi.StringWidth(right)
	if gap < 1 {
		return paint(reverse, fit(left, m.width))
	}
	return paint(reverse, left+strings.Repeat(" ", gap)+right)
}

// details are the selected process's figures with small plots, or why it doesn't run.
func (m *model) details() []string {
	p, ok := m.process()
	if !ok {
		return nil
	}
	title := m.rule(fmt.Sprintf("%s (%d)", p.Name, p.ID), "")
	if p.Status == control.Errored || p.Status == control.Waiting {
		return append([]string{title}, m.crash(p)...)
	}
	h := m.history[p.ID]
	if h == nil {
		h = &history{}
	}
	l := control.Load{}
	if p.Load != nil {
		l = *p.Load
	}
	cell := func(name, value string, values []float64, least float64, width int) string {
		return fit(paint(dim, fit(name, 9))+fitRight(value, 9)+"  "+paint(cyan, spark(values, max(0, width-22), least)), width)
	}
	w := m.width / 2
	if m.width < 70 {
		w = m.width
	}
	cells := []string{
		cell("cpu", percent(p.CPU), h.cpu, 10, w), cell("memory", bytes(float64(p.Memory)), h.memory, 1, w),
	}
	if p.Load != nil {
		cells = append(cells, cell("lag p99", milliseconds(l.LagP99), h.lag, 5, w), cell("requests", rate(l.Requests)+"/s", h.requests, 1, w))
	}
	out := []string{title}
	if w == m.width {
		out = append(out, cells...)
	} else {
		for k := 0; k < len(cells); k += 2 {
			out = append(out, cells[k]+cells[k+1])
		}
	}
	if p.Load == nil {
		return append(out, paint(dim, "no figures of the event loop: "+whyNone(p)))
	}
	text := fmt.Sprintf("lag p50 %s   heap %s of %s   handles %d   connections %d   loop busy %.0f%%", milliseconds(l.LagP50),
		bytes(float64(l.HeapUsed)), bytes(float64(l.HeapTotal)), l.Handles, l.Connections, l.Utilization*100)
	if l.Blocked >= 1000 {
		text = paint(red, fmt.Sprintf("blocked for %s   ", since(time.Duration(l.Blocked)*time.Millisecond))) + text
	}
	return append(out, text)
}

func whyNone(p control.Process) string {
	switch p.Status {
	case control.Online:
		return "Roost doesn't run this program, or it has just come up"
	case control.Launching:
		return "it is coming up"
	}
	return "it doesn't run"
}

// crash says how a process ended.
func (m *model) crash(p control.Process) []string {
	head := "ended"
	if p.LastExit != "" {
		head += " with " + p.LastExit
	}
	out := []string{paint(red, fmt.Sprintf("%s, %d restarts", head, p.Restarts))}
	lines := p.LastError
	for _, l := range lines[max(0, len(lines)-4):] {
		out = append(out, paint(red, "  "+forScreen(l)))
	}
	return out
}

// rule is a line with a title.
func (m *model) rule(title, right string) string {
	n := m.width - ansi.StringWidth(title) - ansi.StringWidth(right) - 6
	if right != "" {
		right = " " + right + " "
		n -= 2
	}
	return paint(dim, "── ") + paint(bold, title) + paint(dim, " "+strings.Repeat("─", max(0, n))+right+"──")
}

func (m *model) logTitle() string {
	title := "logs"
	if p, ok := m.process(); ok && !m.allLog {
		title = "logs of " + p.Name
	} else if m.allLog {
		title = "logs of all"
	}
	if m.focus == logPane {
		title = "▸ " + title
	}
	var right []string
	if f := m.filters[logPane]; f != "" {
		right = append(right, "/"+f)
	}
	if m.logs.back > 0 {
		right = append(right, fmt.Sprintf("%d lines back", m.logs.back))
	}
	if m.logs.lost > 0 {
		right = append(right, fmt.Sprintf("%d lines left out", m.logs.lost))
	}
	return m.rule(title, strings.Join(right, ", "))
}

func (m *model) footer() string {
	if m.typing {
		what := "processes"
		if m.focus == logPane {
			what = "logs"
		}
		return paint(bold, "filter "+what+": ") + m.filters[m.focus] + paint(reverse, " ")
	}
	if m.say != "" {
		colour := green
		switch {
		case m.sayBad:
			colour = red
		case m.stopping >= 0, m.pending > 0:
			colour = yellow
		}
		return paint(colour, m.say)
	}
	text := "↑↓ select  r restart  R reload  s stop  a all logs  / filter  Tab focus  ? help  q quit"
	if f := m.filters[processPane]; f != "" {
		text = "filter: " + f + "   Esc drops it   " + text
	}
	return paint(dim, text)
}

func (m *model) helpScreen() string {
	lines := []string{paint(bold, "Roost monit"), ""}
	for _, k := range keyHelp {
		lines = append(lines, "  "+paint(cyan, fit(k[0], 12))+k[1])
	}
	lines = append(lines, "", paint(dim, "  lag: how long a new event would have waited for the event loop; any key goes back"))
	for k, l := range lines {
		lines[k] = ansi.Truncate(l, m.width, "…")
	}
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// plain is one reading as text.
func (m *model) plain() string {
	m.width, m.selected = 200, -1
	rows := m.rows()
	var b strings.Builder
	for _, l := range m.table(rows, len(rows)+1) {
		b.WriteString(strings.TrimRight(ansi.Strip(l), " ") + "\n")
	}
	for _, p := range rows {
		if p.Status == control.Errored {
			for _, l := range m.crash(p) {
				b.WriteString(fmt.Sprintf("%s (%d): ", p.Name, p.ID) + ansi.Strip(l) + "\n")
			}
		}
	}
	return b.String()
}
