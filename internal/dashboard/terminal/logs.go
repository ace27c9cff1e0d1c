package terminal

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
)

const (
	keptLines    = 2000 // that can be scrolled to
	backlogLines = 200  // read from the files
	batchPause   = 50 * time.Millisecond
	batchLines   = keptLines
)

// logView is the lines of one target. Only Bubble Tea's goroutine touches it.
type logView struct {
	target string
	stop   context.CancelFunc
	lines  []logLine
	lost   int
	height int // on the screen, for a page's length
	back   int // how many lines it is scrolled back; 0 follows
}

type logLine struct {
	id    int
	app   string
	at    time.Time
	isErr bool
	text  string // without colours, which is searched
	shown string // with the program's own colours
}

// linesMsg are new lines of a target, not more than are kept.
type linesMsg struct {
	target string
	lines  []logLine
	lost   int
}

// follow shows the lines of another target.
func (v *logView) follow(ctx context.Context, home control.Home, target string, send func(tea.Msg)) {
	if v.target == target {
		return
	}
	if v.stop != nil {
		v.stop()
	}
	ctx, v.stop = context.WithCancel(ctx)
	v.target, v.lines, v.lost, v.back = target, nil, 0, 0
	b := &batch{target: target, send: send}
	go feed.FollowBlocking(ctx, home, target, backlogLines, func(l feed.Line) error {
		if ctx.Err() != nil {
			return errors.New("another target is shown")
		}
		b.add(l)
		return nil
	})
}

func (v *logView) take(m linesMsg) {
	if m.target != v.target {
		return
	}
	v.lines = append(v.lines, m.lines...)
	if v.back > 0 {
		v.back += len(m.lines) // what is read stays where it is
	}
	if n := len(v.lines) - keptLines; n > 0 {
		v.lines = append(v.lines[:0], v.lines[n:]...)
	}
	v.lost += m.lost
}

func (v *logView) scroll(by int) { v.back = max(0, min(v.back-by, len(v.lines)-1)) }

// batch gathers lines, so that a program that prints a lot costs the screen a few redraws a second and no more memory than is shown.
type batch struct {
	target string
	send   func(tea.Msg)

	mu      sync.Mutex
	lines   []logLine // guarded by mu
	lost    int       // guarded by mu
	waiting bool      // guarded by mu: a timer will send
}

func (b *batch) add(l feed.Line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost += l.Lost
	if len(b.lines) == batchLines {
		b.lost += batchLines / 2
		b.lines = append(b.lines[:0], b.lines[batchLines/2:]...)
	}
	b.lines = append(b.lines, newLogLine(l))
	if !b.waiting {
		b.waiting = true
		time.AfterFunc(batchPause, b.flush)
	}
}

func (b *batch) flush() {
	b.mu.Lock()
	m := linesMsg{b.target, b.lines, b.lost}
	b.lines, b.lost, b.waiting = nil, 0, false
	b.mu.Unlock()
	b.send(m)
}

// lineLimit is how much of a line is kept: a screen shows less.
const lineLimit = 2000

// forScreen takes out what a program's line must not do to our screen.
func forScreen(text string) string {
	if len(text) > lineLimit {
		text = strings.ToValidUTF8(text[:lineLimit], "") + "…"
	}
	return printable(strings.ReplaceAll(ansi.Strip(text), "\t", "    "))
}

func newLogLine(l feed.Line) logLine {
	raw := feed.Text(l)
	return logLine{l.ID, l.App, l.At, l.Kind == feed.Err, forScreen(raw), coloured(raw)}
}

// colours are the only escape sequences of programs that reach the screen.
var colours = regexp.MustCompile(`\x1b\[[0-9;:]*m`)

// coloured is forScreen with the program's colours left in, ended at the line's end.
func coloured(text string) string {
	if len(text) > lineLimit || !strings.Contains(text, "\x1b[") {
		return forScreen(text)
	}
	var b strings.Builder
	last, any := 0, false
	for _, m := range colours.FindAllStringIndex(text, -1) {
		b.WriteString(forScreen(text[last:m[0]]))
		b.WriteString(text[m[0]:m[1]])
		last, any = m[1], true
	}
	b.WriteString(forScreen(text[last:]))
	if any {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}

// view gives height lines of the screen: the newest at the bottom.
func (v *logView) view(width, height int, filter string, label bool) []string {
	v.height = height
	filter = strings.ToLower(filter)
	out := make([]string, 0, height)
	skip := v.back
	for k := len(v.lines) - 1; k >= 0 && len(out) < height; k-- {
		l := v.lines[k]
		if filter != "" && !strings.Contains(strings.ToLower(l.text), filter) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		out = append(out, l.view(width, label, filter))
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func (l logLine) view(width int, label bool, filter string) string {
	head := ""
	if !l.at.IsZero() && width >= 60 {
		head = l.at.Local().Format("15:04:05") + " "
	}
	if label {
		head += fmt.Sprintf("%-12s ", fmt.Sprintf("%d|%s", l.id, l.app))
	}
	room, code := max(0, width-ansi.StringWidth(head)), ""
	if l.isErr {
		code = red
	}
	switch {
	case filter != "":
		return paint(dim, head) + emphasize(ansi.Truncate(l.text, room, "…"), filter, code)
	case l.shown != l.text:
		return paint(dim, head) + ansi.Truncate(l.shown, room, "…")
	}
	return paint(dim, head) + paint(code, ansi.Truncate(l.text, room, "…"))
}

// emphasize marks what was searched for.
func emphasize(text, filter, code string) string {
	var b strings.Builder
	for lower := strings.ToLower(text); len(lower) == len(text); {
		k := strings.Index(lower, filter)
		if k < 0 {
			break
		}
		b.WriteString(paint(code, text[:k]) + paint(reverse, text[k:k+len(filter)]))
		text, lower = text[k+len(filter):], lower[k+len(filter):]
	}
	return b.String() + paint(code, text)
}
