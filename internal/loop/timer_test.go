package loop

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestTimersAgainstModel drives the heap with random starts, stops and agains
// and compares each pass with a plain sorted list. Time is set by hand.
func TestTimersAgainstModel(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		l := newLoop(t)
		type entry struct {
			due, repeat time.Duration
			seq         int
			armed       bool
		}
		const count = 40
		model := make([]entry, count)
		timers := make([]*Timer, count)
		seq := 0
		var fired []int
		start := func(i int, timeout, repeat time.Duration) {
			seq++
			timers[i].Start(timeout, repeat)
			model[i] = entry{due: l.now + timeout, repeat: repeat, seq: seq, armed: true}
		}
		for i := range timers {
			timers[i] = l.NewTimer(func() {
				fired = append(fired, i)
				if e := &model[i]; e.repeat > 0 {
					// Run armed it anew, with the number of its turn.
					e.due = l.now + e.repeat
				}
			})
		}
		for step := range 300 {
			for range rnd.IntN(6) {
				i := rnd.IntN(count)
				switch rnd.IntN(6) {
				case 0:
					timers[i].Stop()
					model[i].armed = false
				case 1:
					if model[i].repeat > 0 {
						start(i, model[i].repeat, model[i].repeat)
					}
					timers[i].Again()
				case 2:
					start(i, time.Duration(rnd.IntN(20)), time.Duration(1+rnd.IntN(9)))
				default:
					start(i, time.Duration(rnd.IntN(20)), 0)
				}
			}
			l.now += time.Duration(rnd.IntN(8))

			var want []int
			for i, e := range model {
				if e.armed && e.due <= l.now {
					want = append(want, i)
				}
			}
			slices.SortFunc(want, func(a, b int) int {
				if model[a].due != model[b].due {
					return int(model[a].due - model[b].due)
				}
				return model[a].seq - model[b].seq
			})
			for _, i := range want {
				if model[i].repeat > 0 {
					seq++
					model[i].seq = seq
				} else {
					model[i].armed = false
				}
			}
			fired = fired[:0]
			l.runTimers()
			if !slices.Equal(fired, want) {
				t.Fatalf("seed %d step %d: fired %v, want %v", seed, step, fired, want)
			}
			armed := 0
			next := time.Duration(math.MaxInt64)
			for i, e := range model {
				if timers[i].Active() != e.armed {
					t.Fatalf("seed %d step %d: timer %d active %v", seed, step, i, timers[i].Active())
				}
				if e.armed {
					armed++
					next = min(next, e.due)
					if timers[i].Due() != e.due || timers[i].DueIn() != max(e.due-l.now, 0) {
						t.Fatalf("seed %d step %d: due %v", seed, step, timers[i].Due())
					}
				}
			}
			if l.active != armed {
				t.Fatalf("seed %d step %d: %d active, want %d", seed, step, l.active, armed)
			}
			if got, ok := l.nextTimer(); ok != (armed > 0) || ok && got != next {
				t.Fatalf("seed %d step %d: next %v %v, want %v", seed, step, got, ok, next)
			}
		}
		finish(t, l)
	}
}

func TestTimerIsNeverEarly(t *testing.T) {
	l := newLoop(t)
	for i := range 40 {
		timeout := time.Duration(i) * 730 * time.Microsecond
		began := time.Now()
		l.UpdateTime()
		l.NewTimer(func() {
			if took := time.Since(began); took < timeout {
				t.Errorf("timer of %v after %v", timeout, took)
			}
		}).Start(timeout, 0)
	}
	run(t, l)
	finish(t, l)
}

func TestTimerLimits(t *testing.T) {
	l := newLoop(t)
	ran := false
	far := l.NewTimer(func() { t.Error("the far timer ran") })
	l.now = time.Millisecond
	far.Start(math.MaxInt64, 0)
	if far.Due() != math.MaxInt64 {
		t.Errorf("due %v", far.Due())
	}
	l.NewTimer(func() { ran = true; far.Stop() }).Start(-time.Second, -1)
	run(t, l)
	if !ran {
		t.Error("the negative timer didn't run")
	}
	finish(t, l)
}

func TestTimerRepeat(t *testing.T) {
	l := newLoop(t)
	n := 0
	timer := l.NewTimer(nil)
	timer.f = func() {
		if n++; n == 3 {
			timer.SetRepeat(0) // this run has armed it already: one more comes
		}
	}
	timer.Start(0, time.Millisecond)
	if timer.Repeat() != time.Millisecond {
		t.Error(timer.Repeat())
	}
	run(t, l)
	if n != 4 {
		t.Errorf("ran %d times", n)
	}
	if timer.Again(); timer.Active() {
		t.Error("again without repeat")
	}
	finish(t, l)
}

func TestUnrefedTimerFiresWhileOthersKeepTheLoop(t *testing.T) {
	l := newLoop(t)
	fired := false
	side := l.NewTimer(func() { fired = true })
	side.Start(time.Millisecond, 0)
	side.Unref()
	l.NewTimer(func() {}).Start(5*time.Millisecond, 0)
	run(t, l)
	if !fired {
		t.Error("it didn't")
	}
	finish(t, l)
}
