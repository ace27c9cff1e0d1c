package handle

import (
	"bytes"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// fakeOutbox is an Outbox whose JavaScript is the test.
type fakeOutbox struct {
	mu            sync.Mutex
	id, fd, given int
	b             []byte
}

func (o *fakeOutbox) Admit(id, fd int) { o.id, o.fd, o.given = id, fd, 0 }
func (o *fakeOutbox) Given() int       { return o.given }
func (o *fakeOutbox) Kept() int        { return o.given }
func (o *fakeOutbox) Waits() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.b) > 0
}
func (o *fakeOutbox) Take(to []byte) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	to = append(to, o.b...)
	o.b = o.b[:0]
	return to
}

// write is what native:engine hold does, without sending.
func (o *fakeOutbox) write(s *Stream, text string) bool {
	if o.id == 0 || o.id != s.ID || o.fd >= 0 {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.b)+len(text) > maxHeld {
		return false
	}
	o.b = append(o.b, text...)
	o.given += len(text)
	return true
}

// outboxBatch is batch with an outbox to which the stream of each event is admitted.
func outboxBatch(t *testing.T, n int, data func(i int, s *Stream, o *fakeOutbox), after func(i int, c *net.TCPConn)) {
	t.Helper()
	o := &fakeOutbox{}
	batch(t, n, func(i int, s *Stream) {
		s.r.SetOutbox(o)
		s.ID = i + 1
		s.Admit()
		data(i, s, o)
		s.Dismiss()
		if o.id != 0 || o.Waits() {
			t.Error("something is left in the outbox")
		}
	}, after)
}

// What goes by the outbox and what goes by Write stay in order, and count as written.
func TestOutboxKeepsTheOrder(t *testing.T) {
	taken := 0
	outboxBatch(t, 3, func(i int, s *Stream, o *fakeOutbox) {
		if o.write(s, "and ") {
			taken++
			if s.Write([]byte("more")); o.write(s, "refused") {
				t.Error("the outbox takes what would overtake a write")
			}
			if s.BytesWritten != 9 {
				t.Error("written:", s.BytesWritten)
			}
		} else {
			s.Write([]byte("and more"))
		}
		s.Shutdown()
	}, func(i int, c *net.TCPConn) {
		if got := receive(t, c); string(got) != "!and more" {
			t.Errorf("%d got %q", i, got)
		}
	})
	if taken != 2 {
		t.Error("taken from", taken, "of 3: it is for all events but the last")
	}
}

// Whatever ends a stream, or the process, sends first what came by the outbox.
func TestOutboxAtTheEnd(t *testing.T) {
	ends := []func(*Stream){
		func(s *Stream) { s.Close(nil) },
		func(s *Stream) { s.CloseSoon() },
		func(s *Stream) { s.Shutdown() },
		func(s *Stream) {
			if s.r.Loop.EndBatch(); s.r.holder.admitted != nil || s.held {
				t.Error("the end of the process leaves it behind")
			}
			s.Close(nil)
		},
		func(s *Stream) { s.Prompt(); s.Shutdown() },
		func(s *Stream) {}, // the last one of the batch
	}
	outboxBatch(t, len(ends), func(i int, s *Stream, o *fakeOutbox) {
		if !o.write(s, "rest") {
			if i < len(ends)-1 {
				t.Error("the outbox doesn't take it")
			}
			s.Write([]byte("rest"))
		}
		ends[i](s)
	}, func(i int, c *net.TCPConn) {
		if i == len(ends)-1 {
			_ = c.CloseWrite()
		}
		if got := receive(t, c); string(got) != "!rest" {
			t.Errorf("%d got %q", i, got)
		}
	})
}

// The watchman empties the outbox of a callback that doesn't come back.
func TestOutboxInALongCallback(t *testing.T) {
	arrived := make(chan struct{})
	outboxBatch(t, 2, func(i int, s *Stream, o *fakeOutbox) {
		if o.write(s, "now") {
			select {
			case <-arrived:
			case <-time.After(5 * time.Second):
				t.Error("nothing came while the callback ran")
			}
		} else {
			s.Write([]byte("now"))
		}
		s.Shutdown()
	}, func(i int, c *net.TCPConn) { arrives(t, i, c, arrived) })
}

// A stream that can't hold isn't admitted: what is written to it must not wait.
func TestOutboxOnlyForWhoHolds(t *testing.T) {
	oneByOne(t)
	outboxBatch(t, 4, func(i int, s *Stream, o *fakeOutbox) {
		s.Dismiss()
		switch i {
		case 0:
			s.Prompt()
		case 1:
			s.Shutdown()
		case 2:
			s.ID = 0
		}
		if s.Admit(); o.id != 0 && i < 3 {
			t.Error(i, "was admitted")
		}
		if i == 3 && o.fd != s.fd {
			t.Error("the last of a batch may send to", o.fd)
		}
		s.ID = i + 1
		s.Shutdown()
	}, func(i int, c *net.TCPConn) { receive(t, c) })
}

// Both ways of writing in any order, callbacks that take long, and ends in the middle: each client gets what was written for it, in order.
func TestOutboxHammer(t *testing.T) { eachWay(t, outboxHammer) }

func outboxHammer(t *testing.T) {
	const n, rounds = 150, 20
	want, got := make([]bytes.Buffer, n), make([][]byte, n)
	for i := range want {
		want[i].WriteByte('!')
	}
	turns := make([]int, n)
	outboxBatch(t, n, func(i int, s *Stream, o *fakeOutbox) {
		write := func(text string) {
			want[i].WriteString(text)
			if rand.IntN(4) > 0 && o.write(s, text) {
				return
			}
			if _, errno := s.Write([]byte(text)); errno != 0 {
				t.Error(errno)
			}
		}
		for range rand.IntN(4) {
			if rand.IntN(50) == 0 {
				time.Sleep(watchSoonest + time.Duration(rand.IntN(10))*time.Millisecond)
			}
			write(string(bytes.Repeat([]byte{byte('a' + rand.IntN(26))}, 1<<rand.IntN(15))))
		}
		if turns[i]++; turns[i] < rounds {
			write(".")
			return
		}
		write("last")
		switch rand.IntN(3) {
		case 0:
			s.Shutdown()
		case 1:
			s.CloseSoon()
		default:
			s.Dismiss()
			s.Write([]byte("!"))
			want[i].WriteByte('!')
			s.Shutdown()
		}
	}, func(i int, c *net.TCPConn) {
		got[i] = converse(t, c)
	})
	for i := range want {
		if !bytes.Equal(got[i], want[i].Bytes()) {
			t.Errorf("%d got %d bytes of %d", i, len(got[i]), want[i].Len())
		}
	}
}
