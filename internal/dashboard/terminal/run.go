// Package terminal is `roost monit`: the processes, their figures and their logs on a terminal, and keys to act on them.
//
// Bubble Tea draws and reads keys. It runs Update and View on one goroutine; what waits for the daemon runs on others and comes back as messages.
// Nothing here runs, and no terminal is asked anything, before Run is called. It imports dashboard/feed and supervisor/control.
package terminal

import (
	"context"
	"io"
	"os"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
)

// Options are where it runs.
type Options struct {
	Home    control.Home
	In, Out *os.File // a terminal
	Plain   bool     // without colours
}

// Run shows the dashboard until the user leaves it.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	var open sync.WaitGroup
	defer open.Wait()
	defer cancel()
	m := newModel(ctx, o.Home)
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithInput(o.In), tea.WithOutput(o.Out), tea.WithFPS(30)}
	if o.Plain {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	p := tea.NewProgram(m, options...)
	m.send = p.Send
	open.Go(func() { feed.PollBlocking(ctx, o.Home, feed.Brief, func(s feed.State) { p.Send(stateMsg(s)) }) })
	_, err := p.Run()
	return err
}

// Once writes one reading without anything that only a terminal understands.
func Once(ctx context.Context, home control.Home, out io.Writer) error {
	s := feed.Once(ctx, home)
	if s.Err != nil {
		return s.Err
	}
	m := newModel(ctx, home)
	m.take(s)
	_, err := io.WriteString(out, m.plain())
	return err
}
