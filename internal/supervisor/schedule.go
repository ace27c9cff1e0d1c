package supervisor

import (
	"context"
	"time"

	"github.com/robfig/cron/v3"
)

// cronParser reads five fields, or six with seconds in front.
var cronParser = cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// checkInterval bounds a sleep, so that a clock that was set is noticed.
const checkInterval = 30 * time.Second

// schedule calls tick at the times of a cron expression until ctx ends.
func schedule(ctx context.Context, expression string, tick func()) error {
	s, err := cronParser.Parse(expression)
	if err != nil {
		return err
	}
	go func() {
		next := s.Next(time.Now())
		for !next.IsZero() {
			select {
			case <-ctx.Done():
				return
			case <-time.After(min(time.Until(next), checkInterval)):
			}
			now := time.Now().Round(0) // the wall clock
			switch {
			case !now.Before(next):
				tick()
				next = s.Next(now)
			case next.Sub(now) > time.Minute && s.Next(now).Before(next):
				next = s.Next(now) // the clock was set back
			}
		}
	}()
	return nil
}
