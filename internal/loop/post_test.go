package loop

import (
	"encoding/binary"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"roost/internal/sys"
)

const testSignal = syscall.SIGUSR2

// TestPostHammer: goroutines post as fast as they can, with pauses that let the
// loop fall asleep; nothing may be lost, and each goroutine's order holds.
func TestPostHammer(t *testing.T) {
	const goroutines, each = 8, 5000
	l := newLoop(t)
	l.BeginRequest()
	var next [goroutines]int
	left := goroutines * each
	for g := range goroutines {
		go func() {
			for i := range each {
				l.Post(func() {
					if next[g] != i {
						t.Errorf("goroutine %d: %d before %d", g, i, next[g])
					}
					next[g]++
					if left--; left == 0 {
						l.EndRequest()
					}
				})
				switch {
				case i%1000 == 999:
					time.Sleep(time.Millisecond)
				case i%64 == 63:
					runtime.Gosched()
				}
			}
		}()
	}
	run(t, l)
	if left != 0 {
		t.Errorf("%d posts lost", left)
	}
}

// TestPostWakesSleepingLoop plays ping-pong, so that every post meets a loop
// that falls asleep or just did.
func TestPostWakesSleepingLoop(t *testing.T) {
	const rounds = 3000
	l := newLoop(t)
	l.BeginRequest()
	answer := make(chan struct{})
	go func() {
		for range rounds {
			l.Post(func() { answer <- struct{}{} })
			<-answer
		}
		l.Post(l.EndRequest)
	}()
	run(t, l)
}

func TestAsyncHammer(t *testing.T) {
	l := newLoop(t)
	var sent, seen atomic.Int64
	async := l.NewAsync(func() { seen.Store(sent.Load()) })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5000 {
				sent.Add(1)
				async.Send()
			}
		})
	}
	go func() {
		wg.Wait()
		l.Post(func() { async.Close(nil) })
	}()
	run(t, l)
	if sent.Load() != seen.Load() {
		t.Errorf("the callback saw %d of %d sends", seen.Load(), sent.Load())
	}
	async.Send()
	l.RunPosted()
}

func TestPostDoesNotKeepAlive(t *testing.T) {
	l := newLoop(t)
	ran := false
	l.Post(func() { ran = true })
	if l.Run(RunDefault) || ran || !l.HasPosted() {
		t.Error("the post ran or kept the loop alive")
	}
	if !l.RunPosted() || !ran || l.RunPosted() {
		t.Error("RunPosted")
	}
}

func TestWakeFD(t *testing.T) {
	l := newLoop(t)
	var woken atomic.Int64
	l.OnWake(func() { woken.Add(1) })
	l.BeginRequest()
	go func() {
		var one [8]byte
		binary.NativeEndian.PutUint64(one[:], 1)
		for want := range int64(3) {
			for l.IdleTime() == 0 {
				runtime.Gosched()
			}
			if _, errno := sys.Write(l.WakeFD(), one[:]); errno != 0 {
				t.Error(errno)
			}
			for woken.Load() <= want {
				runtime.Gosched()
			}
		}
		l.Post(l.EndRequest)
	}()
	run(t, l)
}

// TestPoolBounds must not run beside other users of the pools.
func TestPoolBounds(t *testing.T) {
	for _, c := range []struct {
		env  string
		want int
	}{{"2", 2}, {"0", 1}, {"junk", 1}, {"-5", 1}, {"99999", maxPoolSize}} {
		t.Setenv("UV_THREADPOOL_SIZE", c.env)
		if got := poolSizeFromEnv(); got != c.want {
			t.Errorf("%q: %d, want %d", c.env, got, c.want)
		}
	}
	p := &pool{size: func() int { return 3 }}
	l := newLoop(t)
	var running, most atomic.Int64
	done := 0
	for range 50 {
		l.submit(p, func() {
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(100 * time.Microsecond)
			running.Add(-1)
		}, func() { done++ })
	}
	run(t, l)
	if done != 50 || most.Load() > 3 {
		t.Errorf("%d done, %d at once", done, most.Load())
	}
	for workers := 1; workers > 0; { // they end after the last completion
		p.mu.Lock()
		workers = p.workers
		p.mu.Unlock()
		runtime.Gosched()
	}
}

func TestSlowWorkDoesNotStarveFiles(t *testing.T) {
	l := newLoop(t)
	release := make(chan struct{})
	for range 10 {
		l.BlockingSlow(func() { <-release }, nil)
	}
	l.Blocking(func() {}, func() { close(release) })
	run(t, l)
}

func TestCancel(t *testing.T) {
	p := &pool{size: func() int { return 1 }}
	l := newLoop(t)
	release := make(chan struct{})
	var tr trace
	first := l.submit(p, func() { <-release }, tr.add("first"))
	var second *Request
	second = l.submit(p, func() { t.Error("cancelled work ran") }, func() {
		if !second.Cancelled() {
			t.Error("not cancelled in done")
		}
		tr.add("second")()
		close(release)
	})
	third := l.submit(p, func() {}, tr.add("third"))
	if first.Cancel() || !second.Cancel() || second.Cancel() {
		t.Error("Cancel")
	}
	if !l.Alive() || l.Requests() != 3 {
		t.Error("a cancelled request counts until done")
	}
	run(t, l)
	tr.want(t, "second", "first", "third")
	if first.Cancelled() || third.Cancelled() || third.Cancel() {
		t.Error("Cancelled")
	}
}

func TestPanicInWork(t *testing.T) {
	p := &pool{size: func() int { return 1 }}
	l := newLoop(t)
	l.submit(p, func() { panic(errors.ErrUnsupported) }, func() { t.Error("done after a panic") })
	after := false
	l.submit(p, func() { runtime.Goexit() }, func() { after = true })
	last := false
	l.submit(p, func() {}, func() { last = true })
	func() {
		defer func() {
			err, _ := recover().(*PanicError)
			if err == nil || !errors.Is(err, errors.ErrUnsupported) || len(err.Stack) == 0 {
				t.Errorf("recovered %v", err)
			}
		}()
		guard(t, l)
		l.Run(RunDefault)
	}()
	run(t, l)
	if !after || !last {
		t.Error("the pool is stuck")
	}
}

func TestSignal(t *testing.T) {
	l := newLoop(t)
	var got []syscall.Signal
	s := l.NewSignal(nil)
	s.f = func(sig syscall.Signal) {
		got = append(got, sig)
		if len(got) == 1 {
			if err := s.Start(syscall.SIGWINCH); err != nil {
				t.Error(err)
			}
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGWINCH)
		} else {
			s.Close(nil)
		}
	}
	for _, sig := range []syscall.Signal{0, -1, syscall.SIGKILL, syscall.SIGSTOP} {
		if err := s.Start(sig); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("signal %d: %v", sig, err)
		}
	}
	if err := s.Start(syscall.SIGURG); !errors.Is(err, syscall.ENOTSUP) {
		t.Errorf("SIGURG: %v", err)
	}
	if err := errors.Join(s.Start(testSignal), s.Start(testSignal)); err != nil {
		t.Fatal(err)
	}
	_ = syscall.Kill(syscall.Getpid(), testSignal)
	run(t, l)
	if len(got) != 2 || got[0] != testSignal || got[1] != syscall.SIGWINCH {
		t.Errorf("got %v", got)
	}
}

// TestPostBeforeSleep: a post that came after the loop looked and before it said
// that it sleeps wakes nobody; the loop must look again.
func TestPostBeforeSleep(t *testing.T) {
	l := newLoop(t)
	l.Post(func() {})
	began := time.Now()
	l.wait(5 * time.Second)
	if took := time.Since(began); took >= 5*time.Second {
		t.Error("slept over a post")
	}
	l.RunPosted()
}
