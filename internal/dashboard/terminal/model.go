package terminal

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
)

// pane is a part of the screen that can have the focus.
type pane int

const (
	processPane pane = iota
	logPane
)

// model is all that is on the screen. Only Bubble Tea's goroutine touches it.
type model struct {
	ctx  context.Context
	home control.Home
	send func(tea.Msg) // any goroutine may call it

	width, height int
	state         feed.State
	heard         time.Time // when the daemon answered last
	history       map[int]*history

	selected int // the process's id; it stays selected when the list changes
	top      int // the first row of the table on the screen
	focus    pane
	filters  [2]string // by pane
	typing   bool      // the filter of the focus is being typed
	help     bool
	stopping int // the id that is stopped if its key comes once more, or -1

	say     string // about the last action
	sayBad  bool
	pending int // actions under way

	logs   *logView
	allLog bool // the logs of all processes are shown
}

type (
	stateMsg  feed.State
	resultMsg struct {
		text string
		err  error
	}
)

func newModel(ctx context.Context, home control.Home) *model {
	return &model{ctx: ctx, home: home, width: 80, height: 24, history: map[int]*history{}, selected: -1, stopping: -1, logs: &logView{}, send: func(tea.Msg) {}}
}

func (m *model) Init() tea.Cmd { return nil }

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case stateMsg:
		m.take(feed.State(msg))
		m.followSelected()
	case linesMsg:
		m.logs.take(msg)
	case resultMsg:
		m.pending--
		m.say, m.sayBad = msg.text, msg.err != nil
		if msg.err != nil {
			m.say = strings.ReplaceAll(msg.err.Error(), "\n", "; ")
		}
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		if m.typing {
			m.filters[m.focus] += printable(msg.Content)
		}
	}
	return m, nil
}

// take shows a new state. When the daemon is gone the last figures stay, and the header says so.
func (m *model) take(s feed.State) {
	if s.Err != nil {
		m.state.Err, m.state.At = s.Err, s.At
		return
	}
	m.state, m.heard = s, s.At
	slices.SortStableFunc(m.state.Processes, func(a, b control.Process) int {
		if n := strings.Compare(a.Name, b.Name); n != 0 {
			return n
		}
		return a.ID - b.ID
	})
	there := map[int]bool{}
	for _, p := range m.state.Processes {
		there[p.ID] = true
		h := m.history[p.ID]
		if h == nil {
			h = &history{}
			m.history[p.ID] = h
		}
		h.add(p)
	}
	for id := range m.history {
		if !there[id] {
			delete(m.history, id)
		}
	}
	if rows := m.rows(); len(rows) > 0 && m.index(rows) < 0 {
		m.selected = rows[0].ID
	}
}

// rows are the processes that the filter lets through.
func (m *model) rows() []control.Process {
	f := strings.ToLower(m.filters[processPane])
	if f == "" {
		return m.state.Processes
	}
	var out []control.Process
	for _, p := range m.state.Processes {
		if strings.Contains(strings.ToLower(p.Name+" "+p.Namespace+" "+p.Status), f) || strconv.Itoa(p.ID) == f {
			out = append(out, p)
		}
	}
	return out
}

// index is the selected one's place in rows, or -1.
func (m *model) index(rows []control.Process) int {
	return slices.IndexFunc(rows, func(p control.Process) bool { return p.ID == m.selected })
}

func (m *model) process() (control.Process, bool) {
	rows := m.rows()
	if k := m.index(rows); k >= 0 {
		return rows[k], true
	}
	return control.Process{}, false
}

// move selects another row.
func (m *model) move(by int) {
	rows := m.rows()
	if len(rows) == 0 {
		return
	}
	k := min(max(m.index(rows)+by, 0), len(rows)-1)
	m.selected = rows[k].ID
	m.followSelected()
}

func (m *model) followSelected() {
	target := "all"
	if !m.allLog {
		if m.selected < 0 {
			return
		}
		target = strconv.Itoa(m.selected)
	}
	m.logs.follow(m.ctx, m.home, target, m.send)
}

// act does something to the selected process; reload takes all of its application, one after the other.
func (m *model) act(method string) tea.Cmd {
	p, ok := m.process()
	if !ok {
		return nil
	}
	a := feed.Action{Method: method, Target: strconv.Itoa(p.ID)}
	what := fmt.Sprintf("%s (%d)", p.Name, p.ID)
	if method == control.MethodReload {
		a.Target, what = p.Name, p.Name
	}
	m.pending++
	m.say, m.sayBad = fmt.Sprintf("%s %s …", method, what), false
	ctx, home := m.ctx, m.home
	return func() tea.Msg {
		text, err := feed.DoBlocking(ctx, home, a)
		return resultMsg{text, err}
	}
}
