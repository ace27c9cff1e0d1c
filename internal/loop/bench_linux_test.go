package loop

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"roost/internal/sys"
)

// BenchmarkTurn is a turn with nothing to do but an idle handle.
func BenchmarkTurn(b *testing.B) {
	l := newLoop(b)
	n := 0
	idle := l.NewIdle(func() {
		if n++; n == b.N {
			l.Stop()
		}
	})
	idle.Start()
	b.ReportAllocs()
	b.ResetTimer()
	l.Run(RunDefault)
	b.StopTimer()
	finish(b, l)
}

// BenchmarkTurnWithEvent is a turn with a ready descriptor, a timer that is
// armed anew, and a Set that changes nothing: what a request costs here.
func BenchmarkTurnWithEvent(b *testing.B) {
	l := newLoop(b)
	r, w := testPipe(b)
	writeByte(b, w)
	timer := l.NewTimer(func() {})
	n := 0
	var p *Poll
	p = newPoll(b, l, r, Readable, func(Events) {
		timer.Start(time.Hour, 0)
		_ = p.Set(0)
		_ = p.Set(Readable)
		if n++; n == b.N {
			l.Stop()
		}
	})
	b.ReportAllocs()
	b.ResetTimer()
	l.Run(RunDefault)
	b.StopTimer()
	finish(b, l)
}

// BenchmarkPost fills the queue and empties it: the pool of nodes can't help.
func BenchmarkPost(b *testing.B) {
	l := newLoop(b)
	l.BeginRequest()
	n := 0
	f := func() {
		if n++; n == b.N {
			l.EndRequest()
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		l.Post(f)
	}
	l.Run(RunDefault)
}

// BenchmarkPostTurn posts one function a turn: the steady case.
func BenchmarkPostTurn(b *testing.B) {
	l := newLoop(b)
	l.BeginRequest()
	n := 0
	var f func()
	f = func() {
		if n++; n == b.N {
			l.EndRequest()
			return
		}
		l.Post(f)
	}
	l.Post(f)
	b.ReportAllocs()
	b.ResetTimer()
	l.Run(RunDefault)
}

// BenchmarkPostWake is the way there and back between a goroutine and a loop
// that sleeps.
func BenchmarkPostWake(b *testing.B) {
	l := newLoop(b)
	l.BeginRequest()
	answer := make(chan struct{}, 1)
	f := func() { answer <- struct{}{} }
	go func() {
		for range b.N {
			l.Post(f)
			<-answer
		}
		l.Post(l.EndRequest)
	}()
	b.ReportAllocs()
	b.ResetTimer()
	l.Run(RunDefault)
}

func BenchmarkBlocking(b *testing.B) {
	l := newLoop(b)
	n := 0
	var next func()
	work := func() {}
	next = func() {
		if n++; n < b.N {
			l.Blocking(work, next)
		}
	}
	l.Blocking(work, next)
	b.ReportAllocs()
	b.ResetTimer()
	l.Run(RunDefault)
}

func BenchmarkTimerStartStop(b *testing.B) {
	l := newLoop(b)
	for i := range 1000 {
		l.NewTimer(func() {}).Start(time.Hour+time.Duration(i), 0)
	}
	timer := l.NewTimer(func() {})
	b.ReportAllocs()
	for b.Loop() {
		timer.Start(time.Minute, 0)
		timer.Stop()
	}
	finish(b, l)
}

// The three ways to ask epoll without blocking; poller.wait takes the cheapest.
func BenchmarkEpollRaw(b *testing.B) {
	l := newLoop(b)
	for b.Loop() {
		l.poller.wait(0)
	}
}

func BenchmarkEpollSyscall(b *testing.B) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		b.Fatal(err)
	}
	defer sys.Close(ep)
	events := make([]unix.EpollEvent, 16)
	for b.Loop() {
		_, _ = unix.EpollWait(ep, events, 0)
	}
}
