package loop

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// newLoop makes a loop that the test must leave without handles.
func newLoop(t testing.TB) *Loop {
	t.Helper()
	l, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// guard fails the test and stops the loop if it doesn't end by itself.
func guard(t testing.TB, l *Loop) {
	t.Helper()
	timer := time.AfterFunc(20*time.Second, func() {
		l.Post(func() { t.Error("the loop hangs"); l.Stop() })
	})
	t.Cleanup(func() { timer.Stop() })
}

// run runs the loop until it isn't alive.
func run(t testing.TB, l *Loop) {
	t.Helper()
	guard(t, l)
	if l.Run(RunDefault) {
		t.Error("the loop is alive after Run")
	}
}

// finish closes what is open and runs the close phase.
func finish(t testing.TB, l *Loop) {
	t.Helper()
	l.WalkClose()
	for l.Run(RunNoWait) {
	}
}

type trace struct{ got []string }

func (tr *trace) add(s string) func() { return func() { tr.got = append(tr.got, s) } }

func (tr *trace) want(t testing.TB, want ...string) {
	t.Helper()
	if !slices.Equal(tr.got, want) {
		t.Errorf("order\n got %s\nwant %s", strings.Join(tr.got, " "), strings.Join(want, " "))
	}
}

func TestOrderOfPhases(t *testing.T) {
	for _, c := range []struct {
		name  string
		mode  Mode
		setup func(l *Loop, tr *trace)
		want  string
	}{
		{"all phases of the first turn", RunDefault, func(l *Loop, tr *trace) {
			l.NewTimer(tr.add("timer")).Start(0, 0)
			l.Pending(tr.add("pending"))
			l.NewIdle(tr.add("idle")).Start()
			l.NewPrepare(tr.add("prepare")).Start()
			l.Post(tr.add("post"))
			l.NewCheck(func() { tr.add("check")(); l.Stop() }).Start()
			l.NewTimer(nil).Close(tr.add("close"))
		}, "timer pending idle prepare post check close"},
		{"one turn without waiting runs timers last", RunNoWait, func(l *Loop, tr *trace) {
			l.NewTimer(tr.add("timer")).Start(0, 0)
			l.Pending(tr.add("pending"))
			l.NewCheck(tr.add("check")).Start()
			l.NewTimer(nil).Close(tr.add("close"))
		}, "pending check close timer"},
		{"from poll, check comes before timers", RunDefault, func(l *Loop, tr *trace) {
			l.BeginRequest()
			l.Post(func() {
				tr.add("io")()
				l.EndRequest()
				l.NewTimer(tr.add("timer")).Start(0, 0)
				check := l.NewCheck(nil)
				check.f = func() { tr.add("check")(); check.Close(nil) }
				check.Start()
			})
		}, "io check timer"},
		{"from poll, pending comes before check", RunDefault, func(l *Loop, tr *trace) {
			l.BeginRequest()
			check := l.NewCheck(nil)
			check.f = func() { tr.add("check")(); check.Close(nil) }
			check.Start()
			l.Post(func() {
				tr.add("io")()
				l.EndRequest()
				l.Pending(func() { tr.add("pending1")(); l.Pending(tr.add("pending2")) })
			})
		}, "io pending1 pending2 check"},
		{"a timer closed in check closes in the same turn", RunDefault, func(l *Loop, tr *trace) {
			timer := l.NewTimer(tr.add("never"))
			timer.Start(time.Hour, 0)
			check := l.NewCheck(nil)
			check.f = func() { tr.add("check")(); timer.Close(tr.add("closed")); check.Close(nil) }
			check.Start()
			l.NewIdle(nil).Start()
			l.NewTimer(func() { tr.add("later")(); l.Stop() }).Start(time.Millisecond, 0)
		}, "check closed later"},
		{"close callbacks run newest first", RunDefault, func(l *Loop, tr *trace) {
			a, b, c := l.NewTimer(nil), l.NewCheck(nil), l.NewIdle(nil)
			a.Close(tr.add("a"))
			b.Close(tr.add("b"))
			c.Close(tr.add("c"))
		}, "c b a"},
		{"what a close callback closes waits for the next turn", RunDefault, func(l *Loop, tr *trace) {
			b := l.NewTimer(nil)
			n := 0
			check := l.NewCheck(func() { n++; tr.add("check")() })
			check.Start()
			l.NewTimer(nil).Close(func() { tr.add("a")(); b.Close(func() { tr.add("b")(); check.Close(nil) }) })
		}, "check a check b"},
		{"check handles run in start order", RunNoWait, func(l *Loop, tr *trace) {
			a, b := l.NewCheck(tr.add("a")), l.NewCheck(tr.add("b"))
			b.Start()
			a.Start()
		}, "b a"},
		{"a check started by a check waits", RunNoWait, func(l *Loop, tr *trace) {
			b := l.NewCheck(tr.add("b"))
			l.NewCheck(func() { tr.add("a")(); b.Start() }).Start()
		}, "a"},
		{"a check stopped by a check doesn't run", RunNoWait, func(l *Loop, tr *trace) {
			b := l.NewCheck(tr.add("b"))
			l.NewCheck(func() { tr.add("a")(); b.Stop() }).Start()
			b.Start()
			l.NewCheck(tr.add("c")).Start()
		}, "a c"},
		{"posts run in order, what they post waits", RunNoWait, func(l *Loop, tr *trace) {
			l.BeginRequest()
			l.Post(func() { tr.add("1")(); l.Post(tr.add("3")) })
			l.Post(func() { tr.add("2")(); l.EndRequest() })
		}, "1 2"},
		{"timers due at once run in start order", RunDefault, func(l *Loop, tr *trace) {
			a, b, c := l.NewTimer(tr.add("a")), l.NewTimer(tr.add("b")), l.NewTimer(tr.add("c"))
			c.Start(time.Millisecond, 0)
			a.Start(time.Millisecond, 0)
			b.Start(0, 0)
			a.Start(time.Millisecond, 0)
		}, "b c a"},
		{"a timer started at 0 by a timer waits for the next turn", RunDefault, func(l *Loop, tr *trace) {
			check := l.NewCheck(tr.add("check"))
			check.Start()
			b := l.NewTimer(func() { tr.add("b")(); l.Stop() })
			l.NewTimer(func() { tr.add("a")(); b.Start(0, 0) }).Start(0, 0)
		}, "a check b"},
		{"a due timer stopped by a timer doesn't run", RunDefault, func(l *Loop, tr *trace) {
			a, b := l.NewTimer(nil), l.NewTimer(tr.add("b"))
			a.f = func() { tr.add("a")(); b.Stop() }
			a.Start(0, 0)
			b.Start(0, 0)
		}, "a"},
		{"a due timer closed by a timer closes in the next turn", RunDefault, func(l *Loop, tr *trace) {
			a, b := l.NewTimer(nil), l.NewTimer(tr.add("b"))
			a.f = func() { tr.add("a")(); b.Close(tr.add("closed")) }
			a.Start(0, 0)
			b.Start(0, 0)
		}, "a closed"},
		{"stop ends after the turn", RunDefault, func(l *Loop, tr *trace) {
			l.NewIdle(func() { tr.add("idle")(); l.Stop() }).Start()
			l.NewCheck(tr.add("check")).Start()
		}, "idle check"},
		{"stop before run makes no turn", RunDefault, func(l *Loop, tr *trace) {
			l.NewTimer(tr.add("timer")).Start(0, 0)
			l.Stop()
		}, ""},
		{"a loop that isn't alive makes no turn", RunDefault, func(l *Loop, tr *trace) {
			check := l.NewCheck(tr.add("check"))
			check.Start()
			check.Unref()
			l.Post(tr.add("post"))
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLoop(t)
			tr := &trace{}
			c.setup(l, tr)
			guard(t, l)
			l.Run(c.mode)
			tr.want(t, strings.Fields(c.want)...)
			l.requests = 0
			finish(t, l)
			if l.RunPosted(); l.HasPosted() {
				l.RunPosted()
			}
		})
	}
}

func TestObserverSeesPhases(t *testing.T) {
	l := newLoop(t)
	var got []string
	l.OnPhase(
		func(p Phase) { got = append(got, "+"+p.String()) },
		func(p Phase) { got = append(got, "-"+p.String()) })
	l.NewTimer(func() {}).Start(0, 0)
	l.Pending(func() {})
	l.NewIdle(func() {}).Start()
	l.NewPrepare(func() {}).Start()
	l.NewCheck(l.Stop).Start()
	l.NewTimer(nil).Close(nil)
	l.Run(RunDefault)
	want := strings.Fields("+timers -timers +pending -pending +idle -idle +prepare -prepare +poll -poll +check -check +close -close")
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	finish(t, l)
}

// everyKind makes one active handle of each kind.
func everyKind(t testing.TB, l *Loop) []Handle {
	t.Helper()
	r, _ := testPipe(t)
	timer, check, idle, prepare := l.NewTimer(func() {}), l.NewCheck(func() {}), l.NewIdle(func() {}), l.NewPrepare(func() {})
	timer.Start(time.Hour, 0)
	check.Start()
	idle.Start()
	prepare.Start()
	poll, err := l.NewPoll(r, func(Events) {})
	if err != nil {
		t.Fatal(err)
	}
	sig := l.NewSignal(nil)
	if err := errors.Join(poll.Set(Readable), sig.Start(testSignal)); err != nil {
		t.Fatal(err)
	}
	return []Handle{timer, check, idle, prepare, poll, l.NewAsync(func() {}), sig}
}

func TestRefUnrefClose(t *testing.T) {
	l := newLoop(t)
	for _, h := range everyKind(t, l) {
		h.Unref()
	}
	if l.Alive() {
		t.Fatal("alive with unreferenced handles alone")
	}
	for h := range l.Handles() {
		name := h.Kind()
		if !h.Active() || h.HasRef() || h.Closing() {
			t.Errorf("%s: active %v ref %v closing %v", name, h.Active(), h.HasRef(), h.Closing())
		}
		h.Ref()
		h.Ref()
		if !l.Alive() || !h.HasRef() {
			t.Errorf("%s: not alive when referenced", name)
		}
		h.Unref()
		h.Unref()
		if l.Alive() {
			t.Errorf("%s: alive when unreferenced", name)
		}
	}
	closed := 0
	for h := range l.Handles() {
		h.Close(func() { closed++ })
		if h.Active() || !h.Closing() || !l.Alive() {
			t.Errorf("%s: active %v, closing %v, alive %v", h.Kind(), h.Active(), h.Closing(), l.Alive())
		}
		h.Close(func() { closed++ })
		h.Close(nil)
	}
	run(t, l)
	if closed != 14 {
		t.Errorf("%d close callbacks", closed)
	}
	for h := range l.Handles() {
		t.Errorf("%s is still there", h.Kind())
	}
}

func TestCloseInOwnCallback(t *testing.T) {
	l := newLoop(t)
	r, w := testPipe(t)
	var tr trace
	timer, check, idle, prepare := l.NewTimer(nil), l.NewCheck(nil), l.NewIdle(nil), l.NewPrepare(nil)
	once := func(h Handle, name string) func() {
		return func() { tr.add(name)(); h.Close(tr.add("-" + name)) }
	}
	timer.f, check.f, idle.f, prepare.f = once(timer, "timer"), once(check, "check"), once(idle, "idle"), once(prepare, "prepare")
	timer.Start(0, time.Millisecond)
	check.Start()
	idle.Start()
	prepare.Start()
	async := l.NewAsync(nil)
	async.f = once(async, "async")
	async.Send()
	poll, err := l.NewPoll(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	poll.f = func(Events) { once(poll, "poll")() }
	_ = poll.Set(Readable)
	writeByte(t, w)
	run(t, l)
	tr.want(t, "timer", "idle", "prepare", "poll", "async", "check",
		"-check", "-async", "-poll", "-prepare", "-idle", "-timer")
}

func TestClosedHandleStaysStopped(t *testing.T) {
	l := newLoop(t)
	handles := everyKind(t, l)
	l.WalkClose()
	l.WalkClose()
	restart := func() {
		for _, h := range handles {
			switch h := h.(type) {
			case *Timer:
				h.Start(0, 1)
				h.Again()
			case interface{ Start() }:
				h.Start()
			case *Poll:
				if h.Set(Readable) == nil {
					t.Error("Set of a closing poll succeeds")
				}
			case *Async:
				h.Send()
			case *Signal:
				if h.Start(testSignal) == nil {
					t.Error("Start of a closing signal succeeds")
				}
			}
			if h.Active() {
				t.Errorf("%s is active", h.Kind())
			}
		}
	}
	restart()
	run(t, l)
	restart()
	late := 0
	for _, h := range handles {
		h.Close(func() { late++ })
	}
	run(t, l)
	if late != len(handles) {
		t.Errorf("%d of %d late close callbacks", late, len(handles))
	}
}

func TestCloseNamesWhatIsOpen(t *testing.T) {
	l := newLoop(t)
	everyKind(t, l)
	l.NewTimer(nil).SetKind("Timeout")
	l.BeginRequest()
	var busy *BusyError
	if err := l.Close(); !errors.As(err, &busy) {
		t.Fatal(err)
	}
	want := []string{"timer", "check", "idle", "prepare", "poll", "signal", "async", "Timeout"}
	if !reflect.DeepEqual(busy.Handles, want) || busy.Requests != 1 {
		t.Errorf("%v", busy)
	}
	l.Post(func() {
		if err := l.Close(); err != ErrRunning {
			t.Errorf("close inside Run: %v", err)
		}
	})
	l.EndRequest()
	finish(t, l)
}

func TestClosedLoop(t *testing.T) {
	l := newLoop(t)
	l.NewTimer(nil)
	finish(t, l)
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	l.Post(func() { t.Error("post to a closed loop ran") })
	if l.Run(RunDefault) {
		t.Error("closed loop is alive")
	}
	if _, err := l.NewPoll(0, nil); err == nil {
		t.Error("poll on a closed loop")
	}
}

func TestRunInsideRunPanics(t *testing.T) {
	l := newLoop(t)
	l.BeginRequest()
	l.Post(func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
			l.EndRequest()
		}()
		l.Run(RunNoWait)
	})
	run(t, l)
}

// TestPanicLosesNothing: a panic in any callback passes through Run, and the
// next Run goes on with what is left of every batch.
func TestPanicLosesNothing(t *testing.T) {
	l := newLoop(t)
	var tr trace
	boom := func(name string) func() {
		return func() { tr.add(name)(); panic(name) }
	}
	l.NewTimer(boom("timer1")).Start(0, 0)
	l.NewTimer(tr.add("timer2")).Start(0, 0)
	l.Pending(boom("pending1"))
	l.Pending(tr.add("pending2"))
	l.Post(boom("post1"))
	l.Post(tr.add("post2"))
	l.OnWake(func() { l.OnWake(nil); boom("wake")() })
	l.poller.wake()
	r1, w1 := testPipe(t)
	r2, w2 := testPipe(t)
	for _, p := range []struct {
		r, w int
		name string
	}{{r1, w1, "poll"}, {r2, w2, "poll"}} {
		writeByte(t, p.w)
		var poll *Poll
		poll, err := l.NewPoll(p.r, func(Events) { poll.Close(boom("close")); boom(p.name)() })
		if err != nil {
			t.Fatal(err)
		}
		_ = poll.Set(Readable)
	}
	guard(t, l)
	panics := 0
	for again := true; again; {
		func() {
			defer func() {
				if recover() != nil {
					panics++
				}
			}()
			l.Run(RunDefault)
			again = false
		}()
	}
	counts := map[string]int{}
	for _, s := range tr.got {
		counts[s]++
	}
	want := map[string]int{"timer1": 1, "timer2": 1, "pending1": 1, "pending2": 1,
		"post1": 1, "post2": 1, "wake": 1, "poll": 2, "close": 2}
	if !reflect.DeepEqual(counts, want) || panics != 8 {
		t.Errorf("%d panics, %v", panics, tr.got)
	}
	finish(t, l)
}

func TestHandlesMayChangeWhileIterating(t *testing.T) {
	l := newLoop(t)
	for range 3 {
		l.NewTimer(nil)
	}
	n := 0
	for h := range l.Handles() {
		n++
		h.Close(nil)
		if n < 3 {
			l.NewCheck(nil)
		}
		if n == 4 {
			break
		}
	}
	if n != 4 {
		t.Errorf("visited %d", n)
	}
	finish(t, l)
}

func TestMetrics(t *testing.T) {
	l := newLoop(t)
	l.NewTimer(func() {}).Start(30*time.Millisecond, 0)
	run(t, l)
	m := l.Metrics()
	if m.Idle < 20*time.Millisecond || m.Idle > l.Now() || m.Turns == 0 {
		t.Errorf("%+v at %v", m, l.Now())
	}
	finish(t, l)
}

func TestMetricsCountTheWaitThatGoesOn(t *testing.T) {
	l := newLoop(t)
	l.BeginRequest()
	idle := make(chan time.Duration)
	go func() {
		for l.IdleTime() < 10*time.Millisecond {
			time.Sleep(time.Millisecond)
		}
		l.Post(l.EndRequest)
		idle <- l.IdleTime()
	}()
	guard(t, l)
	l.Run(RunOnce)
	<-idle
}
