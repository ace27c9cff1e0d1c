package handle

import (
	"syscall"
	"time"

	"roost/internal/loop"
	"roost/internal/sticky"
	"roost/internal/sys"
)

// arrivals are connections whose first request is waited for, to see whose they are. The bytes stay in the socket: whoever serves the
// connection reads them again. Loop thread only.
type arrivals struct {
	crew        *crew
	first, last *arrival // in the order of their coming, which is the order of their deadlines
	timer       *loop.Timer
}

type arrival struct {
	in         *arrivals
	prev, next *arrival
	fd         int
	poll       *loop.Poll
	looks      int
	deadline   time.Duration
}

const (
	// headLimit is how much of a request's head is looked at; Node's limit of a head is as much.
	headLimit = 16 << 10
	// lookLimit is how often a connection is looked at that sends its head piece by piece.
	lookLimit = 32
	// headTime is how long its first request may take. Then it is served as one that doesn't say whose it is.
	headTime = 5 * time.Second
)

func (a *arrivals) init(c *crew) {
	a.crew = c
	a.timer = c.l.r.Loop.NewTimer(a.late)
	a.timer.Unref()
}

// look begins with a connection: mostly its request is there already. It may run user code.
func (a *arrivals) look(fd int) {
	if v := a.judge(fd, 0); v.known {
		a.settle(fd, v)
		return
	}
	x := &arrival{in: a, fd: fd, deadline: a.crew.l.r.Loop.Now() + headTime}
	poll, err := a.crew.l.quietPoll(fd, x.ready)
	if err == nil {
		poll.SetTrigger(loop.Edge) // what was looked at stays there
		x.poll = poll
		err = poll.Set(loop.Readable)
	}
	if err != nil {
		if poll != nil {
			poll.Close(nil)
		}
		a.fallBack(fd, sticky.Absent)
		return
	}
	if x.prev = a.last; x.prev != nil {
		x.prev.next = x
	} else {
		a.first = x
		a.timer.Start(headTime, 0)
	}
	a.last = x
}

// judgement is what is known of a connection's client.
type judgement struct {
	known bool // nothing more is waited for
	ended bool // the client has
	key   uint64
	v     sticky.Verdict
}

// judge looks at what a connection has brought.
func (a *arrivals) judge(fd, looks int) (j judgement) {
	buf := a.crew.l.r.buf[:headLimit]
	n, errno := sys.Peek(fd, buf)
	if errno == syscall.EAGAIN {
		return j
	}
	if errno != 0 || n == 0 {
		return judgement{known: true, ended: true}
	}
	j.key, j.v = a.crew.by.Of(buf[:n])
	j.known = j.v != sticky.Unclear || n == headLimit || looks >= lookLimit
	return j
}

// settle gives a connection to its owner; the loop doesn't know its descriptor. It may run user code.
func (a *arrivals) settle(fd int, j judgement) {
	switch {
	case j.ended:
		a.crew.serve(fd) // the server is to see it
	case j.v == sticky.Found:
		a.crew.route(given{fd, j.key, yours})
	default:
		a.fallBack(fd, j.v)
	}
}

// fallBack is for a connection that doesn't say whose it is. Without a cookie it is nobody's yet; else the address is better than nothing. It may
// run user code.
func (a *arrivals) fallBack(fd int, v sticky.Verdict) {
	if a.crew.by.Kind == sticky.Cookie && v != sticky.Foreign {
		a.crew.serve(fd)
		return
	}
	a.crew.byAddress(fd)
}

// ready is called when more has come. It may run user code.
func (x *arrival) ready(loop.Events) {
	x.looks++
	if v := x.in.judge(x.fd, x.looks); v.known {
		x.leave()
		x.in.settle(x.fd, v)
	}
}

// leave takes the arrival out of the list and the loop; its descriptor is the caller's.
func (x *arrival) leave() {
	x.poll.Close(nil)
	a := x.in
	if x.prev != nil {
		x.prev.next = x.next
	} else {
		a.first = x.next
	}
	if x.next != nil {
		x.next.prev = x.prev
	} else {
		a.last = x.prev
	}
	x.prev, x.next = nil, nil
}

// late is called when the oldest has waited for long enough. It may run user code.
func (a *arrivals) late() {
	for a.first != nil {
		x := a.first
		if left := x.deadline - a.crew.l.r.Loop.Now(); left > 0 {
			a.timer.Start(left, 0)
			return
		}
		x.leave()
		a.fallBack(x.fd, sticky.Absent)
	}
}

// close gives what waits to others.
func (a *arrivals) close() {
	a.timer.Close(nil)
	for a.first != nil {
		x := a.first
		x.leave()
		a.crew.reroute(x.fd)
	}
}
