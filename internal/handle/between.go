package handle

import (
	"time"

	"roost/internal/loop"
	"roost/internal/sticky"
)

// A proxy keeps its connections and sends requests of many clients over each. So where a header or cookie names the client, a connection that is
// between two requests may go on to another instance: its next request is looked at before it is read.

// Divisible is a Sink whose stream holds messages of which each may be for another instance.
type Divisible interface {
	// Between tells whether nothing of a message is on its way, in or out, so that the stream can be another's without anybody's notice.
	Between() bool
}

// lookAgain is after how long a request is looked at again of which the beginning alone has come.
const lookAgain = time.Millisecond

// moves decides about what has come on a stream, before it is read: true, it is not to be read here, or not now. It may run user code.
func (c *crew) moves(s *Stream) bool {
	s.Release() // what another connection's request of this batch has written for this one
	if d, ok := s.sink.(Divisible); !ok || c.closed || !d.Between() {
		return false
	}
	j := c.arriving.judge(s.fd, int(s.looks))
	if !j.known {
		s.looks++
		c.wait(s)
		return true
	}
	s.looks = 0
	if j.ended || j.v != sticky.Found {
		return false
	}
	if page := c.owner(j.key); page < 0 || page == c.own {
		return false
	}
	fd := s.takeDescriptor()
	s.Close(nil)
	c.route(given{fd, j.key, yours})
	return true
}

// wait has a stream looked at again in a moment: it stays readable all the while.
func (c *crew) wait(s *Stream) {
	s.SetReading(false)
	var timer *loop.Timer
	timer = c.l.r.Loop.NewTimer(func() {
		timer.Close(nil)
		if d, ok := s.sink.(Divisible); ok && !s.closing && d.Between() {
			s.SetReading(true)
		}
	})
	timer.Unref()
	timer.Start(lookAgain, 0)
}

// Divided tells whether the stream's messages are for other instances, too, as far as its Sink is Divisible.
func (s *Stream) Divided() bool { return s.crew != nil }

// takeDescriptor takes the descriptor away from the loop and from the stream, which is to be closed.
func (s *Stream) takeDescriptor() int {
	fd := s.fd
	s.poll.Close(nil)
	s.poll, s.fd = nil, -1
	return fd
}
