package loop

import (
	"fmt"
	"math"
	"syscall"
	"time"
)

// Events is a set of what a descriptor can be ready for.
type Events uint8

const (
	// Readable means that a read doesn't block: data, end of file, an error or
	// a connection to accept.
	Readable Events = 1 << iota
	// Writable means that a write doesn't block, or that a connect has ended.
	Writable
	// Disconnect means that the peer has closed its writing half.
	Disconnect
	// Priority means urgent data (Linux alone).
	Priority
	// Failed is never asked for: the descriptor can't be watched, Poll.Err says
	// why, and the handle is stopped.
	Failed
	// Drain is never asked for: it comes with Readable of an Edge. Behind what is
	// there now may be an end, an error or urgent data, and nothing will tell of
	// them again: read until EAGAIN. Without it a read of TCP that gives less than
	// was asked for has taken all that was told of.
	Drain

	settable = Readable | Writable | Disconnect | Priority
)

// Poll watches a descriptor that someone else owns. Level triggered: as long as
// the descriptor is ready for what is wanted, each turn calls back.
type Poll struct {
	handle
	f          func(Events)
	fd         int
	generation uint32 // tells apart polls that had the same descriptor
	want       Events
	registered Events // what the kernel was told
	queued     bool   // in loop.changed
	mode       Trigger
	again      bool // the kernel is to be told although it knows
	err        error
}

// Trigger is how the kernel tells of a descriptor.
type Trigger uint8

const (
	// Level calls back each turn while the descriptor is ready: the default.
	Level Trigger = iota
	// Exclusive is Level for a descriptor that several processes wait for: of those that sleep the kernel wakes one, the one that has been
	// registered for the longest time (EPOLLEXCLUSIVE). It may want Readable and Writable alone. Where the system can't do it, it is Level.
	Exclusive
	// Edge calls back when the descriptor becomes ready, or something comes when it is; nobody need read it, but who wants to hear of what he left says
	// so (Again). It spares the kernel to look at each descriptor that was ready a second time. Elsewhere than on Linux it is Level.
	Edge
)

// SetTrigger is called before the first Set.
func (p *Poll) SetTrigger(t Trigger) { p.mode = t }

// Requeue registers the descriptor anew: among those that wait for it Exclusive it is the last one to be woken then, and if it is ready now the
// next turn calls back.
func (p *Poll) Requeue() {
	l := p.loop
	l.checkThread()
	if p.closing || p.registered == 0 {
		return
	}
	l.poller.remove(p.fd, p.registered)
	p.registered = 0
	if !p.queued && p.want != 0 {
		p.queued = true
		l.changed = append(l.changed, p)
	}
}

// Again has the next turn call back if the descriptor is ready then: for who has left some of what an Edge told of.
func (p *Poll) Again() {
	if p.mode != Edge || p.closing {
		return
	}
	p.again = true
	if !p.queued {
		p.queued = true
		p.loop.changed = append(p.loop.changed, p)
	}
}

// NewPoll makes a poll that wants nothing yet and calls f with what its
// descriptor is ready for. The descriptor should be non-blocking. One poll a
// descriptor: a second one fails with EEXIST until the first is closed.
// Call Poll.Close before the descriptor is closed.
func (l *Loop) NewPoll(fd int, f func(Events)) (*Poll, error) {
	if fd < 0 || fd > math.MaxInt32 || fd == l.poller.fd || fd == l.poller.wakeFD() || l.closed {
		return nil, fmt.Errorf("loop: poll descriptor %d: %w", fd, syscall.EBADF)
	}
	if fd < len(l.polls) && l.polls[fd] != nil {
		return nil, fmt.Errorf("loop: poll descriptor %d: %w", fd, syscall.EEXIST)
	}
	if fd >= len(l.polls) {
		l.polls = append(l.polls, make([]*Poll, fd+1-len(l.polls))...)
	}
	l.generation++
	if l.generation == 0 { // reserved: "the poller doesn't know"
		l.generation = 1
	}
	p := &Poll{f: f, fd: fd, generation: l.generation}
	p.init(l, p, "poll")
	l.polls[fd] = p
	return p, nil
}

// FD is the descriptor.
func (p *Poll) FD() int { return p.fd }

// Wants is what the last Set asked for.
func (p *Poll) Wants() Events { return p.want }

// Err says why the descriptor couldn't be watched, after Failed.
func (p *Poll) Err() error { return p.err }

// Set says what to call back for; 0 stops. The kernel is told before the next
// wait, and only if it must know something new, so Set is cheap to call often.
// It fails with EBADF on a closing poll and EINVAL for unknown events.
func (p *Poll) Set(want Events) error {
	l := p.loop
	l.checkThread()
	if p.closing {
		return syscall.EBADF
	}
	if want&^settable != 0 {
		return syscall.EINVAL
	}
	if want == p.want {
		return nil
	}
	p.want = want
	if want != 0 {
		p.activate()
	} else {
		p.deactivate()
	}
	if !p.queued && want != p.registered {
		p.queued = true
		l.changed = append(l.changed, p)
	}
	return nil
}

// Close implements Handle. The descriptor stays open and may be closed at once.
func (p *Poll) Close(onClose func()) {
	if !p.beginClose(onClose) {
		return
	}
	p.want = 0
	p.deactivate()
	if p.registered != 0 {
		// Not left to close(2): a child that inherited the descriptor would keep
		// the registration alive.
		p.loop.poller.remove(p.fd, p.registered)
		p.registered = 0
	}
	p.loop.polls[p.fd] = nil
}

// applyChanges tells the kernel what polls want since the last wait.
func (l *Loop) applyChanges() {
	if len(l.changed) == 0 {
		return
	}
	for i, p := range l.changed {
		l.changed[i] = nil
		again := p.again && p.want != 0
		p.queued, p.again = false, false
		if p.want == p.registered && !again {
			continue
		}
		if err := l.poller.update(p.fd, p.generation, p.registered, p.want, p.mode); err != nil {
			p.fail(err)
			continue
		}
		p.registered = p.want
	}
	l.changed = l.changed[:0]
}

// fail stops the poll and reports err from the pending phase after this poll.
func (p *Poll) fail(err error) {
	p.err = fmt.Errorf("loop: poll descriptor %d: %w", p.fd, err)
	if p.registered != 0 {
		p.loop.poller.remove(p.fd, p.registered)
		p.registered = 0
	}
	p.want = 0
	p.deactivate()
	p.loop.Pending(func() {
		if !p.closing {
			p.f(Failed)
		}
	})
}

// timeout is how long poll may block: 0 not at all, negative without end.
func (l *Loop) timeout() time.Duration {
	if l.stopped || l.closing != nil || !l.idle.empty() || l.hasPending() || l.HasPosted() ||
		l.active == 0 && l.requests == 0 {
		return 0
	}
	due, ok := l.nextTimer()
	if !ok {
		return -1
	}
	// Callbacks may have run since Now was read: don't oversleep.
	l.UpdateTime()
	return max(due-l.now, 0)
}

// runPoll waits for events, runs their callbacks, and then posts.
func (l *Loop) runPoll(maySleep bool) {
	l.enter(PhasePoll)
	if l.eventNext == l.eventCount { // else a callback panicked: finish its batch
		l.applyChanges()
		var timeout time.Duration
		if maySleep {
			timeout = l.timeout()
		}
		l.wait(timeout)
	}
	l.dispatch()
	l.EndBatch()
	if l.woken {
		l.woken = false
		if l.onWake != nil {
			l.onWake()
		}
	}
	l.runPosted()
	l.EndBatch()
	l.leave(PhasePoll)
}

// wait fills the batch of events, blocking for at most timeout.
func (l *Loop) wait(timeout time.Duration) {
	l.eventNext = 0
	if timeout == 0 {
		l.eventCount = l.poller.wait(0)
		l.UpdateTime()
		l.vitals.Turn(l.systemTime())
		l.metrics.eventsWait.Add(uint64(l.eventCount))
		return
	}
	l.asleep.Store(true)
	if l.posted.Load() != nil { // posted before asleep was set: nobody wakes us
		timeout = 0
	}
	l.UpdateTime()
	l.metrics.idleSince.Store(int64(l.now))
	l.vitals.Sleep(l.systemTime(), l.active, l.requests)
	before, deadline := l.now, l.now+timeout
	for {
		n := l.poller.wait(timeout)
		l.UpdateTime()
		if n >= 0 {
			l.eventCount = n
			break
		}
		// Interrupted by a signal: wait for what is left.
		if timeout > 0 {
			timeout = max(deadline-l.now, 0)
		}
	}
	l.vitals.Wake(l.systemTime())
	l.asleep.Store(false)
	l.metrics.idleSince.Store(0)
	l.metrics.idle.Add(int64(l.now - before))
}

// edge adds Drain to an event, and sees to it that nothing is lost that came while an earlier callback of the batch had stopped the poll: it may
// have been started again before the kernel was told.
func (p *Poll) edge(ready Events) Events {
	if ready&p.registered&^p.want != 0 {
		p.Again()
	}
	if ready&Readable != 0 && ready&(Disconnect|Priority) != 0 {
		ready |= Drain
	}
	return ready
}

// dispatch calls back for the batch of events. The position is kept in the loop
// so that a panic loses no event.
func (l *Loop) dispatch() {
	l.metrics.events.Add(uint64(l.eventCount - l.eventNext))
	for l.eventNext < l.eventCount {
		fd, generation, ready := l.poller.event(l.eventNext)
		l.eventNext++
		if fd == l.poller.wakeFD() {
			l.poller.drainWake()
			l.woken = true
			continue
		}
		if fd >= len(l.polls) {
			continue
		}
		// An earlier callback of this batch may have closed the poll, and its
		// descriptor may belong to another one by now. What wasn't registered
		// before the wait can't have events.
		p := l.polls[fd]
		if p == nil || p.registered == 0 || generation != 0 && generation != p.generation {
			continue
		}
		if p.mode == Edge {
			ready = p.edge(ready)
		}
		if ready &= p.want | Drain; ready&^Drain != 0 {
			p.f(ready)
		}
	}
}
