package http

import (
	"time"

	"roost/internal/binding"
)

// Requests and their answers, as package vitals counts them.

// owe counts a request whose head is there.
func (c *conn) owe() {
	c.begun, c.status, c.owed = c.srv.st.env.Loop.Now(), 0, true
	c.srv.st.env.Loop.Vitals().Begin()
}

// counts counts an answer that is complete.
func (c *conn) counts() {
	if !c.owed {
		return
	}
	c.owed = false
	l := c.srv.st.env.Loop
	if w := l.Vitals(); w != nil {
		w.Answered(c.status, l.Elapsed()-c.begun)
	}
}

// abandons takes a request back that gets no answer of ours.
func (c *conn) abandons() {
	if c.owed {
		c.owed = false
		c.srv.st.env.Loop.Vitals().Abandon()
	}
}

// statusOf is the status of the answer that begins with head; before, when it doesn't begin one.
func statusOf(head []byte, before int) int {
	if len(head) < 12 || string(head[:7]) != "HTTP/1." {
		return before
	}
	status := 0
	for _, digit := range head[9:12] {
		if digit < '0' || digit > '9' {
			return before
		}
		status = status*10 + int(digit-'0')
	}
	return status
}

// handOver is when an owed request began, for JavaScript, which counts its answer; negative when none is owed.
func (c *conn) handOver() float64 {
	if !c.owed {
		return -1
	}
	c.owed = false
	return float64(c.begun)
}

// exchangeBegan() → when a request began whose connection is JavaScript's
func exchangeBegan(call *binding.Call) {
	l := call.Env().Loop
	l.Vitals().Begin()
	call.Return(binding.Number(float64(l.Now())))
}

// exchangeEnded(began, status): the answer is complete; status is 0 when there will be none
func exchangeEnded(call *binding.Call) {
	l := call.Env().Loop
	w := l.Vitals()
	switch status := call.Int(1); {
	case w == nil:
	case status == 0:
		w.Abandon()
	default:
		w.Answered(status, max(l.Elapsed()-time.Duration(call.Float(0)), 0))
	}
}
