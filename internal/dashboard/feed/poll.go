// Package feed is the daemon as the dashboards see it: its figures once a second, the lines of its programs, and what can be done to them.
// It keeps trying when the daemon is gone, and says so meanwhile.
//
// Each function may be called from any goroutine and opens a connection of its own. It imports supervisor/control and what that speaks of.
package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"roost/internal/supervisor/control"
)

// Interval is how often the daemon is asked; it takes its own samples as often.
const Interval = time.Second

// answerLimit is how long the daemon may take to tell its figures.
const answerLimit = 10 * time.Second

// State is what the daemon said at one moment.
type State struct {
	At        time.Time
	Err       error // why there is no more to say: the daemon is gone or doesn't answer
	Daemon    control.Daemon
	Processes []control.Process
	Vitals    []control.Vitals // with Detailed alone; nil from a daemon that has none
}

// Detail says what Poll asks for.
type Detail bool

// Brief states have the processes alone; Detailed ones have each program's page of vitals too.
const (
	Brief    Detail = false
	Detailed Detail = true
)

// PollBlocking gives put a State at once and then every Interval, until ctx ends.
func PollBlocking(ctx context.Context, home control.Home, detail Detail, put func(State)) {
	ticker := time.NewTicker(Interval)
	defer ticker.Stop()
	var c *control.Client
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	for ctx.Err() == nil {
		s := State{At: time.Now()}
		if c == nil {
			c, s.Err = control.Dial(home)
		}
		if s.Err == nil {
			if s.Err = ask(ctx, c, detail, &s); s.Err != nil {
				c.Close()
				c = nil
			}
		}
		if ctx.Err() != nil {
			return
		}
		if s.Err != nil {
			s.Err = explain(s.Err)
		}
		put(s)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// Once gives one State.
func Once(ctx context.Context, home control.Home) State {
	s := State{At: time.Now()}
	c, err := control.Dial(home)
	if err == nil {
		defer c.Close()
		err = ask(ctx, c, Brief, &s)
	}
	if err != nil {
		s.Err = explain(err)
	}
	return s
}

func ask(ctx context.Context, c *control.Client, detail Detail, s *State) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	defer context.AfterFunc(ctx, c.Close)()
	if err := c.Call(control.MethodPing, nil, &s.Daemon, nil); err != nil {
		return err
	}
	if err := c.Call(control.MethodList, nil, &s.Processes, nil); err != nil {
		return err
	}
	if detail == Brief || len(s.Processes) == 0 {
		return nil
	}
	// A refusal is an old daemon's, or comes because every program went meanwhile.
	err := c.Call(control.MethodVitals, control.Target{Target: "all"}, &s.Vitals, nil)
	var refused *control.Error
	if errors.As(err, &refused) {
		return nil
	}
	return err
}

// explain says in a user's words why the daemon can't be asked.
func explain(err error) error {
	var refused *control.Error
	if errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("the daemon doesn't answer: %w", err)
}
