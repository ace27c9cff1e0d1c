package terminal

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"roost/internal/supervisor/control"
)

// keyHelp is what `?` shows.
var keyHelp = [][2]string{
	{"↑ ↓  k j", "select a process, or scroll the logs when they have the focus"},
	{"g  G", "first, last"},
	{"PgUp PgDn", "scroll the logs"},
	{"Tab", "focus: processes or logs"},
	{"r", "restart the process"},
	{"R", "reload its application: one process after the other, without a request lost"},
	{"s s", "stop the process"},
	{"a", "logs of all processes, or of the selected one"},
	{"/", "filter what has the focus: processes by name, logs by text"},
	{"Esc", "drop the filter"},
	{"?", "this help"},
	{"q  Ctrl+C", "leave"},
}

// key does what a key stands for.
func (m *model) key(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	if name == "ctrl+c" {
		return tea.Quit
	}
	if m.pending == 0 {
		m.say = "" // it has been read
	}
	if m.typing {
		m.typeFilter(k)
		m.move(0)
		return nil
	}
	if m.help {
		m.help = false
		if name == "q" {
			return tea.Quit
		}
		return nil
	}
	stopping := m.stopping
	m.stopping = -1
	switch name {
	case "q":
		return tea.Quit
	case "?":
		m.help = true
	case "tab", "shift+tab":
		m.focus = 1 - m.focus
	case "/":
		m.typing = true
	case "esc":
		m.filters[m.focus] = ""
		m.move(0)
	case "a":
		m.allLog = !m.allLog
		m.followSelected()
	case "r":
		return m.act(control.MethodRestart)
	case "R", "shift+r":
		return m.act(control.MethodReload)
	case "s":
		return m.stop(stopping)
	default:
		m.navigate(name)
	}
	return nil
}

// stop asks first, and stops when the key comes a second time.
func (m *model) stop(asked int) tea.Cmd {
	p, ok := m.process()
	if !ok {
		return nil
	}
	if asked == p.ID {
		return m.act(control.MethodStop)
	}
	m.stopping, m.sayBad = p.ID, false
	m.say = "press s once more to stop " + p.Name
	return nil
}

func (m *model) navigate(name string) {
	by := map[string]int{"up": -1, "k": -1, "down": 1, "j": 1, "g": -1 << 20, "home": -1 << 20, "G": 1 << 20, "shift+g": 1 << 20, "end": 1 << 20}[name]
	page := max(1, m.logs.height-1)
	switch {
	case name == "pgup":
		m.logs.scroll(-page)
	case name == "pgdown":
		m.logs.scroll(page)
	case m.focus == logPane:
		m.logs.scroll(by)
	default:
		m.move(by)
	}
}

func (m *model) typeFilter(k tea.KeyPressMsg) {
	f := &m.filters[m.focus]
	switch k.String() {
	case "enter":
		m.typing = false
	case "esc":
		m.typing, *f = false, ""
	case "backspace":
		if r := []rune(*f); len(r) > 0 {
			*f = string(r[:len(r)-1])
		}
	case "ctrl+u":
		*f = ""
	default:
		*f += printable(k.Text)
	}
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
}
