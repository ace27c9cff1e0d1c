package loop

import (
	"sync"
	"sync/atomic"
)

// maxPostsPerTurn bounds how many posts one turn runs, so that a flood of them
// can't starve timers and descriptors. The rest waits, and poll doesn't block.
const maxPostsPerTurn = 1024

// postNode is a link of the queue of posts: a function, or a task that embeds
// the node so that posting it allocates nothing.
type postNode struct {
	next *postNode
	f    func()
	task task
}

type task interface{ runPosted() }

var postNodes = sync.Pool{New: func() any { return new(postNode) }}

// Post runs f on the loop thread in the poll phase, after what was posted
// earlier. Any goroutine may call it; it never blocks. A post doesn't keep the
// loop alive: if nothing else does, f waits for the next Run, or for RunPosted.
// Posts to a closed loop are dropped.
func (l *Loop) Post(f func()) {
	n := postNodes.Get().(*postNode)
	n.f = f
	l.push(n)
}

// push queues n and wakes the loop if it sleeps. The loop takes the whole list
// at once, so that a recycled node can't confuse the exchange.
//
// The two atomics need each other's order: here the list and then asleep, in
// runPoll asleep and then the list. One of the two sides sees the other.
func (l *Loop) push(n *postNode) {
	for {
		head := l.posted.Load()
		n.next = head
		if l.posted.CompareAndSwap(head, n) {
			break
		}
	}
	// Only the one that turns the flag pays for the system call.
	if l.asleep.Load() && l.asleep.CompareAndSwap(true, false) {
		l.poller.wake()
	}
}

// HasPosted reports whether posted functions wait. Loop thread only.
func (l *Loop) HasPosted() bool { return l.backlog != nil || l.posted.Load() != nil }

// RunPosted runs what is posted now, outside Run, and reports whether that was
// anything: for an owner that must not exit with work posted to a loop that
// isn't alive.
func (l *Loop) RunPosted() bool {
	l.checkThread()
	if !l.HasPosted() {
		return false
	}
	l.runPosted()
	l.EndBatch()
	return true
}

// runPosted runs the posts that came before it began, at most maxPostsPerTurn.
func (l *Loop) runPosted() {
	if l.backlog == nil {
		if l.posted.Load() == nil {
			return
		}
		l.backlog = reversed(l.posted.Swap(nil))
	}
	for range maxPostsPerTurn {
		n := l.backlog
		if n == nil {
			return
		}
		l.backlog = n.next
		n.next = nil
		if n.task != nil {
			n.task.runPosted()
			continue
		}
		f := n.f
		n.f = nil
		postNodes.Put(n)
		f()
	}
}

// reversed turns newest first into oldest first.
func reversed(n *postNode) *postNode {
	var out *postNode
	for n != nil {
		n, n.next, out = n.next, out, n
	}
	return out
}

// WakeFD is a descriptor that wakes the loop from any thread, Go's or not:
// write eight bytes, a native-endian 1, to it. It is an eventfd on Linux and
// the writing end of a pipe on macOS. It lives until Close.
func (l *Loop) WakeFD() int { return l.poller.wakeFD() }

// OnWake sets f to run on the loop thread in the poll phase whenever WakeFD was
// written to. Writes between two polls come as one call. Posts may cause calls
// too.
func (l *Loop) OnWake(f func()) {
	l.checkThread()
	l.onWake = f
}

// Async is a handle that other goroutines wake. It is active from the start: it
// keeps the loop alive until it is closed or unreferenced.
type Async struct {
	handle
	f    func()
	sent atomic.Bool
	node postNode
}

// NewAsync makes an async handle that calls f on the loop thread, in the poll
// phase.
func (l *Loop) NewAsync(f func()) *Async {
	a := &Async{f: f}
	a.node.task = a
	a.init(l, a, "async")
	a.activate()
	return a
}

// Send makes the handle call back soon. Any goroutine may call it. Sends that
// come before the callback begins are one. After Close it does nothing.
func (a *Async) Send() {
	if a.sent.CompareAndSwap(false, true) {
		a.loop.push(&a.node)
	}
}

func (a *Async) runPosted() {
	a.sent.Store(false)
	if !a.closing {
		a.f()
	}
}

// Close implements Handle.
func (a *Async) Close(onClose func()) {
	if a.beginClose(onClose) {
		a.deactivate()
	}
}
