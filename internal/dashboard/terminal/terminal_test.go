package terminal

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
)

func processes(n int) feed.State {
	s := feed.State{At: time.Now()}
	for k := range n {
		s.Processes = append(s.Processes, control.Process{ID: k, Name: fmt.Sprintf("application-%d-äöü-日本語", k), Status: control.Online, Pid: 4000 + k,
			CPU: float64(k), Memory: 50 << 20, Load: &control.Load{LagP99: 300, Requests: 12345.6, HeapUsed: 20 << 20}})
	}
	return s
}

// Every size gives exactly as many lines and never a longer one.
func TestScreenFits(t *testing.T) {
	m := newModel(t.Context(), "")
	for _, n := range []int{0, 1, 5, 80} {
		m.take(processes(n))
		for width := 4; width < 180; width += 7 {
			for height := 2; height < 60; height += 3 {
				m.width, m.height = width, height
				lines := strings.Split(m.screen(), "\n")
				if len(lines) != height {
					t.Fatalf("%d processes, %dx%d: %d lines", n, width, height, len(lines))
				}
				for _, l := range lines {
					if w := ansi.StringWidth(l); w > width {
						t.Fatalf("%d processes, %dx%d: a line of %d: %q", n, width, height, w, l)
					}
				}
			}
		}
	}
}

// The selected row stays on the screen, and its process stays selected when others come and go.
func TestSelection(t *testing.T) {
	m := newModel(t.Context(), "")
	m.logs.target = "all" // nothing is followed here
	m.allLog = true
	m.take(processes(80))
	for range 50 {
		m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
	}
	id := m.selected
	if !strings.Contains(m.screen(), fmt.Sprintf("application-%d-", id)) {
		t.Errorf("%d isn't on the screen", id)
	}
	s := processes(80)
	s.Processes = s.Processes[10:]
	m.take(s)
	if m.selected != id {
		t.Errorf("%d is selected, not %d", m.selected, id)
	}
	m.take(processes(1))
	if m.selected != 0 {
		t.Errorf("%d is selected", m.selected)
	}
}

func TestForScreen(t *testing.T) {
	for in, want := range map[string]string{
		"a\tb":                       "a    b",
		"\x1b[2J\x1b[31mred\x1b[0m!": "red!",
		"\x1b]0;title\x07x\r\b":      "x",
	} {
		if got := forScreen(in); got != want {
			t.Errorf("%q gives %q", in, got)
		}
	}
	if got := forScreen(strings.Repeat("é", lineLimit)); len(got) > lineLimit+3 {
		t.Errorf("%d bytes", len(got))
	}
}

func TestColoured(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                         "plain",
		"\x1b[2Ja\x1b[31mred\x1b[39m":   "a\x1b[31mred\x1b[39m\x1b[0m",
		"\x1b]0;t\x07x\x1b[1;1Hy\r":     "xy",
		"\x1b[31\x1b[32mgreen\x1b[?25l": "\x1b[32mgreen\x1b[0m",
	} {
		if got := coloured(in); got != want {
			t.Errorf("%q gives %q", in, got)
		}
	}
}

func FuzzForScreen(f *testing.F) {
	f.Add("\x1b[31ma\x1b]0;x\x07\x90\xff\t")
	f.Fuzz(func(t *testing.T, s string) {
		if got := forScreen(s); strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
			t.Errorf("%q gives %q", s, got)
		}
		if got := colours.ReplaceAllString(coloured(s), ""); strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
			t.Errorf("%q gives %q", s, coloured(s))
		}
	})
}

// A flood of lines costs no more memory than is shown, and all lines are accounted for.
func TestBatchHammer(t *testing.T) {
	const writers, each = 4, 20_000
	total := 0
	var mu sync.Mutex
	b := &batch{send: func(m tea.Msg) {
		l := m.(linesMsg)
		mu.Lock()
		defer mu.Unlock()
		total += len(l.lines) + l.lost
		if len(l.lines) > batchLines {
			t.Errorf("%d lines in one message", len(l.lines))
		}
	}}
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				b.add(feed.Line{Text: "x"})
			}
		})
	}
	wg.Wait()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(batchPause) {
		mu.Lock()
		n := total
		mu.Unlock()
		if n == writers*each {
			return
		}
	}
	t.Errorf("%d lines of %d", total, writers*each)
}

func TestFollowingAnother(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	v := &logView{}
	v.follow(ctx, control.Home(t.TempDir()), "1", func(tea.Msg) {})
	v.follow(ctx, control.Home(t.TempDir()), "2", func(tea.Msg) {})
	v.take(linesMsg{target: "1", lines: []logLine{{text: "late", shown: "late"}}})
	v.take(linesMsg{target: "2", lines: []logLine{{text: "a", shown: "a"}, {text: "b", shown: "b"}}})
	if got := v.view(40, 5, "", false); len(got) != 2 || got[1] != "b" {
		t.Errorf("%q", got)
	}
	v.scroll(-1)
	v.take(linesMsg{target: "2", lines: []logLine{{text: "c", shown: "c"}}})
	if got := v.view(40, 1, "", false); got[0] != "a" {
		t.Errorf("%q: what is read doesn't stay", got)
	}
}
