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

// timetable says when a cron expression is next due, by a wall clock that may be set at any moment.
type timetable struct {
	times cron.Schedule
	next  time.Time
	last  time.Time // that was due
}

func newTimetable(expression string, now time.Time) (*timetable, error) {
	s, err := cronParser.Parse(expression)
	if err != nil {
		return nil, err
	}
	return &timetable{times: s, next: s.Next(now)}, nil
}

// look tells whether a time is over, and how long to sleep before the next look; negative: there is no further one. After a jump ahead what was missed
// is due once; after a jump back nothing is due twice within a minute, and the times are those of the new clock.
func (t *timetable) look(now time.Time) (due bool, wait time.Duration) {
	switch sooner := t.times.Next(now); {
	case t.next.IsZero():
		return false, -1
	case !now.Before(t.next):
		due, t.last, t.next = true, t.next, sooner
	case t.next.Sub(now) > time.Minute && sooner.Before(t.next) && !t.wasDue(sooner, now):
		t.next = sooner
	}
	if t.next.IsZero() {
		return due, -1
	}
	return due, min(max(t.next.Sub(now), 0), checkInterval)
}

// wasDue tells whether a time has been due, and comes again because the clock was corrected a little.
func (t *timetable) wasDue(next, now time.Time) bool {
	return !next.After(t.last) && t.last.Sub(now) <= time.Minute
}

// schedule calls tick at the times of a cron expression until ctx ends.
func schedule(ctx context.Context, expression string, tick func()) error {
	wall := func() time.Time { return time.Now().Round(0) }
	t, err := newTimetable(expression, wall())
	if err != nil {
		return err
	}
	go func() {
		for {
			due, wait := t.look(wall())
			if due {
				tick()
			}
			if wait < 0 {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
		}
	}()
	return nil
}
