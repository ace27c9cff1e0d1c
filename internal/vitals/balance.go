package vitals

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Who accepts? The programs of a cluster accept from one socket, and the kernel wakes one that waits, not the one that has least to do.
// Before it accepts, a program looks at the others' seats: with more connections than the mean, or with a loop that is late, it leaves the
// connection to them. Nothing is lost by that: it rings the bell, which makes those that sleep look at the socket, and looks again itself
// in a moment; when nobody has accepted anything meanwhile, it does. Of the programs that are alive and not late the one with the fewest connections
// never leaves one to others.

const (
	// late is how long a turn takes at least that makes a loop late: connections that it accepts would wait.
	late = int64(50 * time.Millisecond)
	// overdue is how long a turn has gone on after which others don't count on the loop.
	overdue = int64(20 * time.Millisecond)
	// lateShare: a loop that was late is so no more when it has slept this many times as long as the turn took.
	lateShare = 4
	// maxSkips is how often in a row a program leaves a connection to others that don't take it: a tenth of a second in all, in which the others get
	// a processor unless they are stopped.
	maxSkips = 9
	// firstSkip is how long it waits at the first time. It doubles, up to lastSkip.
	firstSkip = 2 * time.Millisecond
	lastSkip  = 16 * time.Millisecond
)

// Connections that live for less than a second are not worth a thought: who has few of them at a moment has served many. Whether they are
// so is a part of the last ones, in 65,536ths: a connection that ends moves it by a sixteenth, one that begins back by a sixty-fourth.
const (
	shortLife  = time.Second
	shortLived = 1 << 15
)

// isLate judges a seat. running tells a loop whose turn is under way from one that sleeps.
func (s *seat) isLate(now int64) bool {
	since, last := atomic.LoadInt64(&s.since), atomic.LoadInt64(&s.last)
	if since > 0 {
		return now-since > overdue || last > late && atomic.LoadInt64(&s.slept)/lateShare < last
	}
	return last > late && (now+since)/lateShare < last
}

// group is what the other programs that accept look like together.
type group struct {
	members  int64 // that are not late
	conns    int64
	accepted uint64
}

// look sums up the others. With a check of their life it costs a system call for each.
func (w *Writer) look(now int64, check bool) (g group, listening int) {
	for n := range w.board.used() {
		s := w.board.seat(n)
		if n == w.n || atomic.LoadUint64(&s.taken) == 0 || atomic.LoadInt64(&s.listening) <= 0 {
			continue
		}
		listening++
		if s.isLate(now) || check && (!isAlive(atomic.LoadInt64(&s.pid)) || w.isDeaf(n, s)) {
			continue
		}
		g.members++
		g.conns += max(atomic.LoadInt64(&s.conns), 0)
		g.accepted += atomic.LoadUint64(&s.accepted)
	}
	return g, listening
}

// leaves tells whether the others are to take a connection. A little above the mean is good enough: connections that come and go would make the
// programs leave each other what they can as well take.
func (w *Writer) leaves(g group, now int64) bool {
	if g.members == 0 {
		return false
	}
	if w.s.isLate(now) {
		return true
	}
	if w.short > shortLived {
		return false
	}
	// As it would be after.
	mine, all := max(atomic.LoadInt64(&w.s.conns), 0)+1, g.members+1
	total := g.conns + mine
	return mine*all > total+all+total/32
}

// Heed is for a program that hears the bell: whether it shall look at the socket. A program that has more than its share need not, unless it is
// an alarm.
func (w *Writer) Heed() bool {
	alarm := atomic.LoadUint64(&w.board.head().alarm)
	if alarm != w.alarm {
		w.alarm = alarm
		return true
	}
	leaves, _, _ := w.judge()
	return !leaves
}

// judge tells whether a connection is to be left to the others, and whether only those that don't come would have been a reason.
func (w *Writer) judge() (leaves, inVain bool, g group) {
	if w == nil || w.board.used() < 2 {
		return false, false, g
	}
	now := Now()
	g, w.listening = w.look(now, false)
	if !w.leaves(g, now) {
		return false, false, g
	}
	// Only now is it worth asking whether they live: the daemon that would take dead ones away may be dead, too.
	g, _ = w.look(now, true)
	leaves = w.leaves(g, now)
	return leaves, !leaves, g
}

// Yield is for a program that was woken for a connection. 0: it shall accept. Otherwise it leaves it to the others, and has rung the bell; it
// shall not look at the socket for the time that is returned, and then again.
func (w *Writer) Yield() time.Duration {
	leaves, inVain, g := w.judge()
	if inVain {
		w.board.Ring() // to learn whether those that did not come do now
	}
	if !leaves {
		return 0
	}
	if g.accepted != w.others {
		w.others, w.skips = g.accepted, 0 // they do take them
	}
	if w.skips >= maxSkips {
		w.skips = 0
		w.giveUp()
		return 0
	}
	w.skips++
	w.board.Ring()
	return min(firstSkip<<(w.skips-1), lastSkip)
}

// giveUp remembers who has not come for a connection: stopped, or without a processor.
func (w *Writer) giveUp() {
	if w.deaf == nil {
		w.deaf = map[int]int64{}
	}
	for n := range w.board.used() {
		w.deaf[n] = atomic.LoadInt64(&w.board.seat(n).since)
	}
}

// isDeaf tells whether a program's loop has not moved since it didn't come.
func (w *Writer) isDeaf(n int, s *seat) bool {
	since, ok := w.deaf[n]
	if ok && since == atomic.LoadInt64(&s.since) {
		return true
	}
	delete(w.deaf, n)
	return false
}

// Crowd tells whether other programs accept, too, as of the last look at them.
func (w *Writer) Crowd() bool { return w != nil && w.listening > 0 }

// Bell is a descriptor that has an edge (epoll's EPOLLET) whenever somebody rings; -1: there is none. It is not to be read.
func (w *Writer) Bell() int {
	if w == nil {
		return -1
	}
	return w.board.bell
}

// Alarm rings for a connection that nobody has accepted for a while: whoever was woken for it has been stopped, or killed.
func (b *Board) Alarm() {
	atomic.AddUint64(&b.head().alarm, 1)
	b.Ring()
}

// Ring makes the programs that sleep look whether a connection waits. Any goroutine.
func (b *Board) Ring() {
	if b.bell < 0 {
		return
	}
	// A pipe that is empty has an edge at every write, on every kernel.
	var heard [64]byte
	_, _ = unix.Read(b.bell, heard[:])
	_, _ = unix.Write(b.bell, heard[:1])
}
