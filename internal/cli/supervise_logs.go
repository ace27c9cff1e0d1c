package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/logs"
)

const defaultLines = 15

// followOptions are what `logs` was asked for.
type followOptions struct {
	json, raw, out, err bool
	highlight           string
	stamp               *logs.Layout
}

func (m *manager) logs() int {
	target := "all"
	if len(m.args) > 0 {
		target = m.args[0]
	}
	n := defaultLines
	if m.flags.has("lines") {
		var err error
		if n, err = strconv.Atoi(m.flags.last("lines")); err != nil || n < 0 {
			return m.fail(fmt.Errorf("option '--lines' must be a number, not '%s'", m.flags.last("lines")))
		}
	}
	o := followOptions{json: m.flags.has("json"), raw: m.flags.has("raw"), out: m.flags.has("out"), err: m.flags.has("err"), highlight: m.flags.last("highlight")}
	if m.flags.has("timestamp") {
		format := m.flags.last("timestamp")
		if format == "" {
			format = "YYYY-MM-DD-HH:mm:ss"
		}
		l := logs.Compile(format)
		o.stamp = &l
	}
	list, err := m.processes()
	if err != nil {
		return m.fail(err)
	}
	if target != "all" {
		list = slices.DeleteFunc(list, func(p control.Process) bool {
			return p.Name != target && p.Namespace != target && strconv.Itoa(p.ID) != target && !strings.HasPrefix(target, "/")
		})
	}
	if !o.json {
		m.tail(list, target, n, o)
	}
	if m.flags.has("nostream") {
		return 0
	}
	return m.follow(target, o)
}

// tail prints the last lines of the log files.
func (m *manager) tail(list []control.Process, target string, n int, o followOptions) {
	if n == 0 {
		return
	}
	fmt.Fprintln(m.out, m.paint("90", fmt.Sprintf("[TAILING] Tailing last %d lines for [%s] processes (change the value with --lines option)", n, target)))
	seen := map[string]bool{}
	show := func(path, label, colour string) {
		lines, err := logs.Tail(path, n)
		if err != nil || seen[path] {
			return
		}
		seen[path] = true
		fmt.Fprintln(m.out, m.paint("90", fmt.Sprintf("%s last %d lines:", path, n)))
		for _, line := range lines {
			m.line(label, colour, line, o, time.Time{})
		}
		fmt.Fprintln(m.out)
	}
	if target == "all" && !o.raw && !o.out && !o.err {
		show(m.home.DaemonLog(), "Roost", "34")
	}
	for _, p := range list {
		label := fmt.Sprintf("%d|%s", p.ID, p.Name)
		if !o.err {
			show(p.OutLog, label, "32")
		}
		if !o.out {
			show(p.ErrLog, label, "31")
		}
	}
}

// line prints one line behind its label.
func (m *manager) line(label, colour, text string, o followOptions, at time.Time) {
	if o.highlight != "" {
		text = strings.ReplaceAll(text, o.highlight, m.paint("7", o.highlight))
	}
	if o.stamp != nil && !at.IsZero() {
		text = string(append(o.stamp.Append(nil, at), ": "...)) + text
	}
	if o.raw {
		fmt.Fprintln(m.out, text)
		return
	}
	fmt.Fprintf(m.out, "%s%s\n", m.paint(colour, fmt.Sprintf("%-12s| ", label)), text)
}

// follow prints lines as they come, until the program is ended.
func (m *manager) follow(target string, o followOptions) int {
	c, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	defer c.Close()
	err = c.Call(control.MethodFollow, control.Target{Target: target}, nil, func(text json.RawMessage) {
		var l logs.Line
		if string(text) == "null" || json.Unmarshal(text, &l) != nil || l.Kind == logs.Out && o.err || l.Kind == logs.Err && o.out {
			return
		}
		m.printLine(l, o)
	})
	if err != nil && err != io.EOF {
		return m.fail(err)
	}
	return 0
}

func (m *manager) printLine(l logs.Line, o followOptions) {
	if l.Lost > 0 {
		m.warn("%d lines were too fast and are missing here; the files have them", l.Lost)
	}
	raw := l.Text
	if l.Raw != "" {
		raw = l.Raw
	}
	switch {
	case o.json:
		text, _ := json.Marshal(map[string]any{"message": raw + "\n", "timestamp": l.At.UTC().Format("2006-01-02T15:04:05.000Z"), "type": l.Kind, "process_id": l.ID, "app_name": l.App})
		fmt.Fprintln(m.out, string(text))
	case l.Kind == logs.Err:
		m.line(fmt.Sprintf("%d|%s", l.ID, l.App), "31", l.Text, o, l.At)
	default:
		m.line(fmt.Sprintf("%d|%s", l.ID, l.App), "32", l.Text, o, l.At)
	}
}
