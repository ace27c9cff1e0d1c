package loop

import (
	"math"
	"time"
)

// Timer calls back once after a timeout, and again each repeat if that isn't 0.
type Timer struct {
	handle
	f      func()
	repeat time.Duration
	due    time.Duration // loop time
	seq    uint64        // order of starts, which decides among equal due times
	index  int           // in the heap, or in ready
	place  timerPlace
}

type timerPlace uint8

const (
	timerStopped timerPlace = iota
	timerInHeap
	timerReady // collected by the timers phase that runs now
)

// NewTimer makes a stopped timer that calls f.
func (l *Loop) NewTimer(f func()) *Timer {
	t := &Timer{f: f}
	t.init(l, t, "timer")
	return t
}

// Start arms the timer for timeout after Now, replacing an earlier start. With
// repeat > 0 it is armed anew, repeat after the Now of each run, before f is
// called. A negative duration is 0. A timer started in the timers phase doesn't
// run in that same phase. A closing timer stays stopped.
func (t *Timer) Start(timeout, repeat time.Duration) {
	l := t.loop
	l.checkThread()
	t.repeat = max(repeat, 0)
	if t.closing {
		return
	}
	t.unlink()
	t.due = l.now + max(timeout, 0)
	if t.due < l.now { // overflow
		t.due = math.MaxInt64
	}
	l.timers.seq++
	t.seq = l.timers.seq
	l.timers.push(t)
	t.activate()
}

// Stop disarms the timer; its callback doesn't come, even if it was due.
func (t *Timer) Stop() {
	t.loop.checkThread()
	t.unlink()
	t.deactivate()
}

// Again starts the timer with its repeat as timeout. Without a repeat it does
// nothing.
func (t *Timer) Again() {
	if t.repeat > 0 {
		t.Start(t.repeat, t.repeat)
	}
}

// Repeat is the current repeat, 0 for none.
func (t *Timer) Repeat() time.Duration { return t.repeat }

// SetRepeat changes the repeat from the next run on.
func (t *Timer) SetRepeat(repeat time.Duration) { t.repeat = max(repeat, 0) }

// Due is the loop time (comparable with Now) for which the timer is armed; 0 if
// it isn't.
func (t *Timer) Due() time.Duration {
	if !t.active {
		return 0
	}
	return t.due
}

// DueIn is how long after Now the timer is due; 0 if it is overdue or not armed.
func (t *Timer) DueIn() time.Duration {
	return max(t.Due()-t.loop.now, 0)
}

// Close implements Handle.
func (t *Timer) Close(onClose func()) {
	if t.beginClose(onClose) {
		t.Stop()
	}
}

func (t *Timer) unlink() {
	switch t.place {
	case timerInHeap:
		t.loop.timers.remove(t)
	case timerReady:
		t.loop.timers.ready[t.index] = nil
	}
	t.place = timerStopped
}

// runTimers runs the timers that are due at Now. They are collected first, so
// that what callbacks start waits, and what they stop doesn't run.
func (l *Loop) runTimers() {
	ts := &l.timers
	for len(ts.heap) > 0 && ts.heap[0].due <= l.now {
		t := ts.heap[0]
		ts.remove(t)
		t.place = timerReady
		t.index = len(ts.ready)
		ts.ready = append(ts.ready, t)
	}
	if len(ts.ready) == 0 {
		return
	}
	l.enter(PhaseTimers)
	for ts.readyNext < len(ts.ready) {
		t := ts.ready[ts.readyNext]
		ts.ready[ts.readyNext] = nil
		ts.readyNext++
		if t == nil {
			continue
		}
		t.place = timerStopped
		if t.repeat > 0 {
			t.Again()
		} else {
			t.deactivate()
		}
		t.f()
	}
	ts.ready = ts.ready[:0]
	ts.readyNext = 0
	l.leave(PhaseTimers)
}

// nextTimer is the earliest due time, and whether there is one. Timers that a
// panic left in ready are overdue.
func (l *Loop) nextTimer() (time.Duration, bool) {
	ts := &l.timers
	if ts.readyNext < len(ts.ready) {
		return 0, true
	}
	if len(ts.heap) == 0 {
		return 0, false
	}
	return ts.heap[0].due, true
}

// timerHeap holds the armed timers as a heap of four children a node, which is
// shallower than two and reads neighbours.
type timerHeap struct {
	heap      []*Timer
	ready     []*Timer // due timers of this phase; nil where one was stopped
	readyNext int
	seq       uint64
}

func (a *Timer) before(b *Timer) bool {
	return a.due < b.due || a.due == b.due && a.seq < b.seq
}

func (s *timerHeap) push(t *Timer) {
	t.place = timerInHeap
	s.heap = append(s.heap, t)
	s.up(t, len(s.heap)-1)
}

func (s *timerHeap) remove(t *Timer) {
	i := t.index
	n := len(s.heap) - 1
	last := s.heap[n]
	s.heap[n] = nil
	s.heap = s.heap[:n]
	if i == n {
		return
	}
	if i > 0 && last.before(s.heap[(i-1)/4]) {
		s.up(last, i)
	} else {
		s.down(last, i)
	}
}

// up places t at i or above.
func (s *timerHeap) up(t *Timer, i int) {
	for i > 0 {
		parent := (i - 1) / 4
		if !t.before(s.heap[parent]) {
			break
		}
		s.set(i, s.heap[parent])
		i = parent
	}
	s.set(i, t)
}

// down places t at i or below.
func (s *timerHeap) down(t *Timer, i int) {
	n := len(s.heap)
	for {
		first := 4*i + 1
		if first >= n {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, n); c++ {
			if s.heap[c].before(s.heap[least]) {
				least = c
			}
		}
		if !s.heap[least].before(t) {
			break
		}
		s.set(i, s.heap[least])
		i = least
	}
	s.set(i, t)
}

func (s *timerHeap) set(i int, t *Timer) {
	s.heap[i] = t
	t.index = i
}
