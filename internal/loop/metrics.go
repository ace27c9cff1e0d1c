package loop

import (
	"sync/atomic"
	"time"
)

// Metrics are counts since the loop was made, for performance.nodeTiming and
// eventLoopUtilization.
type Metrics struct {
	Idle          time.Duration // blocked in poll, up to this moment
	Turns         uint64
	Events        uint64 // that poll returned, wake-ups included
	EventsWaiting uint64 // of those, how many stood ready when poll began
}

// metrics is written by the loop thread and read by any.
type metrics struct {
	idle       atomic.Int64 // nanoseconds of the polls that ended
	idleSince  atomic.Int64 // loop time at which the loop fell asleep; 0 if awake
	turns      atomic.Uint64
	events     atomic.Uint64
	eventsWait atomic.Uint64
}

// Metrics reads the counts. Any goroutine may call it; the counts are each
// right, but not taken in one instant.
func (l *Loop) Metrics() Metrics {
	m := &l.metrics
	idle := time.Duration(m.idle.Load())
	if since := m.idleSince.Load(); since != 0 {
		idle += max(time.Since(l.start)-time.Duration(since), 0)
	}
	return Metrics{
		Idle:          idle,
		Turns:         m.turns.Load(),
		Events:        m.events.Load(),
		EventsWaiting: m.eventsWait.Load(),
	}
}

// IdleTime is Metrics().Idle.
func (l *Loop) IdleTime() time.Duration { return l.Metrics().Idle }
