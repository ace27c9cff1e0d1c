package feed

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/logs"
)

// Line is one that a program printed.
type Line = logs.Line

// Kinds of lines.
const (
	Out = logs.Out
	Err = logs.Err
)

// retry is how long FollowBlocking waits for a daemon that is gone.
const retry = time.Second

// FollowBlocking gives put the last n lines of the log files of target, without times, and then the lines as they come, until ctx ends or put fails.
// Target is an id, a name, a namespace or all. When put is slow the daemon leaves lines out and says how many. What is printed while the daemon
// is gone comes from the files when there is one again.
func FollowBlocking(ctx context.Context, home control.Home, target string, n int, put func(Line) error) {
	f := &follower{ctx: ctx, home: home, target: target, n: n, put: put, last: map[source]string{}}
	for ctx.Err() == nil && !f.over {
		f.follow()
		if f.over {
			return
		}
		select {
		case <-time.After(retry):
		case <-ctx.Done():
		}
	}
}

type follower struct {
	ctx    context.Context
	home   control.Home
	target string
	n      int
	put    func(Line) error
	last   map[source]string // what was given last
	over   bool              // put wants no more
}

// source is where lines come from.
type source struct {
	id   int
	kind logs.Kind
}

// follow follows on one connection.
func (f *follower) follow() {
	c, err := control.Dial(f.home)
	if err != nil {
		return
	}
	defer c.Close()
	defer context.AfterFunc(f.ctx, c.Close)()
	var old *backlog
	_ = c.Call(control.MethodFollow, control.Target{Target: f.target}, nil, func(text json.RawMessage) {
		if string(text) == "null" { // from here on it misses nothing, so that the files are read now
			old = f.readBacklog()
			for _, l := range old.lines {
				f.give(c, l)
			}
			return
		}
		var l Line
		if json.Unmarshal(text, &l) == nil && !old.has(l) {
			f.give(c, l)
		}
	})
}

func (f *follower) give(c *control.Client, l Line) {
	if f.over {
		return
	}
	f.last[source{l.ID, l.Kind}] = l.Text
	if f.put(l) != nil {
		f.over = true
		c.Close()
	}
}

// backlog is what the files held when following began. A line may be in them and come once more.
type backlog struct {
	read  time.Time
	lines []Line
	rest  map[source][]string // the lines that may come again
}

func (f *follower) readBacklog() *backlog {
	b := &backlog{rest: map[source][]string{}}
	if f.n == 0 {
		return b
	}
	// The file that was written last comes last.
	type part struct {
		at    time.Time
		lines []Line
	}
	var parts []part
	seen := map[string]bool{}
	for _, p := range Once(f.ctx, f.home).Processes {
		if !names(f.target, p) {
			continue
		}
		for _, file := range []struct {
			path string
			kind logs.Kind
		}{{p.OutLog, Out}, {p.ErrLog, Err}} {
			info, err := os.Stat(file.path)
			if err != nil || seen[file.path] {
				continue
			}
			seen[file.path] = true
			texts, err := logs.Tail(file.path, f.n)
			if err != nil {
				continue
			}
			from := source{p.ID, file.kind}
			b.rest[from] = texts
			if last, ok := f.last[from]; ok { // given before the daemon went
				for k := len(texts) - 1; k >= 0; k-- {
					if texts[k] == last {
						texts = texts[k+1:]
						break
					}
				}
			}
			lines := make([]Line, len(texts))
			for k, text := range texts {
				lines[k] = Line{ID: p.ID, App: p.Name, Kind: file.kind, Text: text}
			}
			parts = append(parts, part{info.ModTime(), lines})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return a.at.Compare(b.at) })
	for _, p := range parts {
		b.lines = append(b.lines, p.lines...)
	}
	b.read = time.Now()
	return b
}

// has tells whether a line that comes was in the files already.
func (b *backlog) has(l Line) bool {
	if b == nil || l.At.After(b.read) {
		return false
	}
	from := source{l.ID, l.Kind}
	k := slices.Index(b.rest[from], l.Text)
	if k < 0 {
		return false
	}
	b.rest[from] = b.rest[from][k+1:]
	return true
}

func names(target string, p control.Process) bool {
	return target == "all" || target == p.Name || target == p.Namespace || target == idText(p.ID)
}

// Text gives a line as the program wrote it. It may hold any characters, escape sequences too.
func Text(l Line) string {
	if l.Raw != "" {
		return strings.TrimRight(l.Raw, "\r\n")
	}
	return strings.TrimRight(l.Text, "\r\n")
}
