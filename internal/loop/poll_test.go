package loop

import (
	"errors"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/sys"
)

func testPipe(t testing.TB) (r, w int) {
	t.Helper()
	r, w, err := sys.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sys.Close(r); _ = sys.Close(w) })
	return r, w
}

// testPair is for tests that close the descriptors themselves.
func testPair(t testing.TB) (a, b int) {
	t.Helper()
	a, b, err := sys.Socketpair()
	if err != nil {
		t.Fatal(err)
	}
	return a, b
}

func writeByte(t testing.TB, fd int) {
	t.Helper()
	if _, errno := sys.Write(fd, []byte{1}); errno != 0 {
		t.Fatal(errno)
	}
}

func newPoll(t testing.TB, l *Loop, fd int, want Events, f func(Events)) *Poll {
	t.Helper()
	p, err := l.NewPoll(fd, f)
	if err == nil {
		err = p.Set(want)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPollEvents(t *testing.T) {
	a, b := testPair(t)
	defer sys.Close(a)
	l := newLoop(t)
	var got []Events
	p := newPoll(t, l, a, Readable, func(e Events) { got = append(got, e) })
	step := func(want ...Events) {
		t.Helper()
		got = nil
		l.Run(RunNoWait)
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	step()
	writeByte(t, b)
	step(Readable)
	step(Readable) // level triggered
	_ = p.Set(Writable)
	step(Writable)
	_ = p.Set(Readable | Writable)
	step(Readable | Writable)
	_ = p.Set(0)
	l.BeginRequest() // a stopped poll doesn't keep the loop alive
	step()
	l.EndRequest()
	_ = p.Set(Readable | Disconnect)
	step(Readable)
	_ = unix.Shutdown(b, unix.SHUT_WR)
	step(Readable | Disconnect)
	_ = p.Set(Disconnect)
	step(Disconnect)
	_ = sys.Close(b)
	step(Disconnect)
	_ = p.Set(Writable) // a hang-up must reach whoever waits for anything
	step(Writable)
	if p.Set(Failed) != syscall.EINVAL || p.Set(128) != syscall.EINVAL {
		t.Error("unknown events pass")
	}
	finish(t, l)
}

// An Edge tells once, and again when it is asked to or when what it told of was not wanted at that moment.
func TestEdge(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it is Level elsewhere")
	}
	l := newLoop(t)
	var polls [2]*Poll
	var told [2]int
	var far [2]int
	var last Events
	stop := false
	for i := range polls {
		a, b := testPair(t)
		t.Cleanup(func() { _ = sys.Close(a); _ = sys.Close(b) })
		far[i] = b
		p, err := l.NewPoll(a, func(e Events) {
			told[i]++
			last = e
			if stop { // the other's event is in the same batch
				other := polls[1-i]
				_ = other.Set(0)
				l.Pending(func() { _ = other.Set(Readable) })
				stop = false
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		p.SetTrigger(Edge)
		_ = p.Set(Readable)
		polls[i] = p
	}
	turn := func(a, b int) {
		t.Helper()
		l.Run(RunNoWait)
		if told != [2]int{a, b} {
			t.Errorf("told %v times, not %d and %d", told, a, b)
		}
	}
	writeByte(t, far[0])
	turn(1, 0)
	turn(1, 0)
	polls[0].Again()
	turn(2, 0)
	turn(2, 0)
	writeByte(t, far[0])
	writeByte(t, far[1])
	stop = true
	l.Run(RunNoWait)
	if told[0]+told[1] != 3 {
		t.Error("both were told:", told)
	}
	turn(3, 1)
	turn(3, 1)
	if last != Readable {
		t.Error("there is nothing behind it:", last)
	}
	_ = unix.Shutdown(far[1], unix.SHUT_WR)
	turn(3, 2)
	if last != Readable|Drain {
		t.Error("nothing tells of the end:", last)
	}
	for _, p := range polls {
		p.Close(nil)
		p.Again()
	}
	turn(3, 2)
}

func TestPollBadDescriptors(t *testing.T) {
	l := newLoop(t)
	for _, fd := range []int{-1, l.poller.fd, l.WakeFD()} {
		if _, err := l.NewPoll(fd, nil); !errors.Is(err, syscall.EBADF) {
			t.Errorf("%d: %v", fd, err)
		}
	}
	r, _ := testPipe(t)
	p, err := l.NewPoll(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.NewPoll(r, nil); !errors.Is(err, syscall.EEXIST) {
		t.Errorf("second poll: %v", err)
	}
	p.Close(nil)
	if _, err := l.NewPoll(r, nil); err != nil {
		t.Errorf("after close: %v", err)
	}

	file, err := os.Create(t.TempDir() + "/f")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var got Events
	regular := newPoll(t, l, int(file.Fd()), Readable, func(e Events) { got = e })
	run(t, l)
	if got != Failed || !errors.Is(regular.Err(), syscall.EPERM) || regular.Active() {
		t.Errorf("regular file: events %v, error %v", got, regular.Err())
	}
	finish(t, l)
}

// TestDescriptorReusedWithinBatch: two descriptors are ready in one batch. The
// first callback closes the other and opens a new one, which gets the same
// number; the event of the old one must not reach the new poll.
func TestDescriptorReusedWithinBatch(t *testing.T) {
	l := newLoop(t)
	a1, b1 := testPair(t)
	a2, b2 := testPair(t)
	fds := [2]int{a1, a2}
	var polls [2]*Poll
	reused := -1
	calls := 0
	callback := func(i int) func(Events) {
		return func(Events) {
			if calls++; calls > 1 {
				t.Error("the second descriptor of the batch called back")
				return
			}
			polls[0].Close(nil)
			polls[1].Close(nil)
			other := fds[1-i]
			_ = sys.Close(other)
			r, w, err := sys.Socketpair()
			if err != nil {
				t.Fatal(err)
			}
			if r != other {
				_, _ = sys.Close(w), sys.Close(r)
				return
			}
			reused = r
			defer sys.Close(w)
			newPoll(t, l, r, Readable|Writable, func(e Events) {
				if e&Writable == 0 {
					t.Errorf("the new poll got %v", e)
				}
				l.Stop()
			})
		}
	}
	for i, fd := range fds {
		polls[i] = newPoll(t, l, fd, Readable, callback(i))
	}
	writeByte(t, b1)
	writeByte(t, b2)
	l.Run(RunNoWait)
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
	if reused < 0 {
		t.Skip("the system gave another number")
	}
	guard(t, l)
	l.Run(RunDefault)
	finish(t, l)
	for _, fd := range []int{a1, a2, b1, b2} {
		_ = sys.Close(fd)
	}
}

// TestStaleEventOfDuplicate: a duplicate keeps a description alive after its
// poll was closed; no event of it may come.
func TestStaleEventOfDuplicate(t *testing.T) {
	l := newLoop(t)
	a, b := testPair(t)
	p := newPoll(t, l, a, Readable, func(Events) { t.Error("event of a closed poll") })
	l.Run(RunNoWait)
	dup, err := unix.Dup(a)
	if err != nil {
		t.Fatal(err)
	}
	p.Close(nil)
	_ = sys.Close(a)
	writeByte(t, b)
	for range 3 {
		l.BeginRequest()
		l.Run(RunNoWait)
		l.EndRequest()
	}
	if n := l.Metrics().Events; n != 0 {
		t.Errorf("%d events", n)
	}
	_, _ = sys.Close(dup), sys.Close(b)
}

func TestPollClosedByAnotherInBatch(t *testing.T) {
	l := newLoop(t)
	var polls []*Poll
	calls := 0
	for range 5 {
		r, w := testPipe(t)
		writeByte(t, w)
		polls = append(polls, newPoll(t, l, r, Readable, func(Events) {
			calls++
			for i, p := range polls {
				if i%2 == 0 {
					p.Close(nil)
				} else {
					_ = p.Set(0)
				}
			}
		}))
	}
	l.Run(RunNoWait)
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
	finish(t, l)
}

// TestTimersAreNotStarved: descriptors that stay ready and posts that never
// end must let a timer through.
func TestTimersAreNotStarved(t *testing.T) {
	l := newLoop(t)
	for range 10 {
		r, w := testPipe(t)
		writeByte(t, w)
		newPoll(t, l, r, Readable, func(Events) {})
	}
	stopped := false
	var flood func()
	flood = func() {
		if !stopped {
			l.Post(flood)
			l.Post(func() {})
		}
	}
	flood()
	var pending func()
	pending = func() {
		if !stopped {
			l.Pending(pending)
		}
	}
	pending()
	l.NewTimer(func() { stopped = true; l.WalkClose() }).Start(3*time.Millisecond, 0)
	run(t, l)
	if !stopped {
		t.Error("the timer didn't run")
	}
	for l.RunPosted() {
	}
}

// TestBlockedRunCostsNoProcessor compares with a generous bound: a loop that
// spins would burn all of the time.
func TestBlockedRunCostsNoProcessor(t *testing.T) {
	const wall = 200 * time.Millisecond
	l := newLoop(t)
	r, _ := testPipe(t)
	newPoll(t, l, r, Readable, func(Events) { t.Error("event") })
	l.NewTimer(l.WalkClose).Start(wall, 0)
	before, err := sys.ProcessUsage()
	if err != nil {
		t.Fatal(err)
	}
	run(t, l)
	after, err := sys.ProcessUsage()
	if err != nil {
		t.Fatal(err)
	}
	if used := after.User + after.System - before.User - before.System; used > wall/2 {
		t.Errorf("%v of processor time in %v", used, wall)
	}
	if m := l.Metrics(); m.Turns > 10 {
		t.Errorf("%d turns", m.Turns)
	}
}

func TestInterruptedWaitGoesOn(t *testing.T) {
	l := newLoop(t)
	tid := make(chan int, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		id := <-tid
		for range 5 {
			time.Sleep(2 * time.Millisecond)
			interrupt(id)
		}
	}()
	l.BeginRequest()
	l.Post(func() { tid <- threadNumber() })
	began := time.Now()
	l.Run(RunNoWait)
	l.NewTimer(l.EndRequest).Start(30*time.Millisecond, 0)
	turns := l.Metrics().Turns
	run(t, l)
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("after %v", took)
	}
	if n := l.Metrics().Turns - turns; n > 2 {
		t.Errorf("%d turns: signals ended the wait", n)
	}
	<-done
	finish(t, l)
}
