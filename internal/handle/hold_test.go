package handle

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"roost/internal/sys"
)

// batch makes n connections, lets each client say "?" before the loop looks, so that all are ready at one wait, answers "!", and
// calls data. after runs for each connection with its client, on a goroutine of its own, which ends it.
func batch(t *testing.T, n int, data func(i int, s *Stream), after func(i int, c *net.TCPConn)) {
	t.Helper()
	var clients sync.WaitGroup
	run(t, func(r *Reactor) {
		var accepted []*Stream
		_, address := listen(t, r, func(l *Listener, s *Stream) {
			i := len(accepted)
			accepted = append(accepted, s)
			sink := &side{}
			sink.data = func(b []byte) {
				if s.BytesRead == uint64(len(b)) {
					s.Write([]byte("!"))
				}
				data(i, s)
			}
			sink.eof = func() { s.CloseSoon() }
			sink.readError = func(syscall.Errno) { s.Close(nil) }
			s.SetSink(sink)
			if len(accepted) == n {
				l.Close(nil)
				for _, s := range accepted {
					s.SetReading(true)
				}
			}
		})
		for i := range n {
			c, err := net.Dial("tcp", address.String())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Write([]byte("?")); err != nil {
				t.Fatal(err)
			}
			clients.Go(func() {
				defer c.Close()
				after(i, c.(*net.TCPConn))
			})
		}
	})
	clients.Wait()
}

// receive gives what the client receives until the end of the connection.
func receive(t *testing.T, c *net.TCPConn) []byte {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	got, err := io.ReadAll(c)
	if err != nil {
		t.Error(err)
	}
	return got
}

// converse says "?" whenever what came ends with ".", and gives all that came until the end of the connection.
func converse(t *testing.T, c *net.TCPConn) (got []byte) {
	t.Helper()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	b := make([]byte, 64<<10)
	for {
		m, err := c.Read(b)
		got = append(got, b[:m]...)
		if bytes.HasSuffix(b[:m], []byte(".")) {
			if _, err := c.Write([]byte("?")); err != nil {
				t.Error(err)
				return got
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			return got
		}
	}
}

// arrives sees to it that "!now" comes while the callback of the first connection is still running, of which it then tells.
func arrives(t *testing.T, i int, c *net.TCPConn, arrived chan struct{}) {
	t.Helper()
	b := make([]byte, 4)
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.ReadFull(c, b); err != nil || string(b) != "!now" {
		t.Errorf("%q %v", b, err)
	}
	if i == 0 {
		close(arrived)
	}
	_, _ = io.Copy(io.Discard, c)
}

func TestHeldUntilTheBatchEnds(t *testing.T) {
	held, streams := 0, []*Stream{}
	batch(t, 3, func(i int, s *Stream) {
		streams = append(streams, s)
		s.Write([]byte("and "))
		s.Write([]byte("more"))
		if s.held {
			held++
			if s.Queued() != 0 || s.BytesWritten != 9 {
				t.Error("held bytes don't count as written:", s.Queued(), s.BytesWritten)
			}
		}
		if len(streams) == 3 {
			// What is written for the last event isn't held.
			if s.held {
				t.Error("the last one holds")
			}
			for _, s := range streams {
				if s.FD(); s.held {
					t.Error("held back from who asks for the descriptor")
				}
			}
		}
		s.Shutdown()
	}, func(i int, c *net.TCPConn) {
		if got := receive(t, c); string(got) != "!and more" {
			t.Errorf("%d got %q", i, got)
		}
	})
	if held != 2 {
		t.Error("held by", held, "of 3")
	}
}

// Whatever ends a stream sends first what it holds.
func TestHeldAtTheEnd(t *testing.T) {
	ends := []func(*Stream){
		func(s *Stream) { s.Close(nil) },
		func(s *Stream) { s.CloseSoon() },
		func(s *Stream) { s.Shutdown() },
		func(s *Stream) { s.Write(bytes.Repeat([]byte("x"), maxHeld)); s.Shutdown() },
		func(s *Stream) { s.Write(make([]byte, 0)); s.Shutdown(); s.CloseSoon() },
		func(s *Stream) {},
	}
	batch(t, len(ends), func(i int, s *Stream) {
		s.Write([]byte("rest"))
		ends[i](s)
	}, func(i int, c *net.TCPConn) {
		want := "!rest"
		switch i {
		case 3:
			want += string(bytes.Repeat([]byte("x"), maxHeld))
		case 5:
			_ = c.CloseWrite()
		}
		if got := receive(t, c); string(got) != want {
			t.Errorf("%d got %.20q of %d bytes", i, got, len(got))
		}
	})
}

// A callback that doesn't come back doesn't keep what others, or itself, have written.
func TestHeldInALongCallback(t *testing.T) {
	arrived := make(chan struct{})
	batch(t, 2, func(i int, s *Stream) {
		s.Write([]byte("now"))
		if s.held {
			select {
			case <-arrived:
			case <-time.After(5 * time.Second):
				t.Error("nothing came while the callback ran")
			}
		}
		s.Shutdown()
	}, func(i int, c *net.TCPConn) { arrives(t, i, c, arrived) })
}

// What the kernel doesn't take of held bytes waits, in order, as it would have waited without.
func TestHeldForAFullSocket(t *testing.T) {
	const rest = 4 << 20
	var drained []syscall.Errno
	batch(t, 2, func(i int, s *Stream) {
		s.Sink().(*side).drained = func(e syscall.Errno) { drained = append(drained, e) }
		queued := 0
		if i == 0 {
			// Fill the socket behind the stream's back: nobody reads yet.
			for junk := make([]byte, 64<<10); ; {
				if _, errno := sys.Send(s.fd, junk); errno != 0 {
					break
				}
			}
			s.Write([]byte("held"))
			if !s.held {
				t.Error("not held")
			}
			s.Release()
			if s.Queued() == 0 {
				t.Error("nothing is queued")
			}
			queued, _ = s.Write(bytes.Repeat([]byte("y"), rest))
			if queued != rest+len("!held") {
				t.Error("queued", queued)
			}
		}
		s.Shutdown()
	}, func(i int, c *net.TCPConn) {
		if i > 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
		got := receive(t, c)
		want := append([]byte("!held"), bytes.Repeat([]byte("y"), rest)...)
		if !bytes.HasSuffix(got, want) {
			t.Errorf("%d bytes, not those that were written at their end", len(got))
		}
	})
}

// Held bytes are lost to a peer that is gone, as those in the kernel's buffer are: the read says so, and the next write.
func TestHeldForAPeerThatIsGone(t *testing.T) {
	failed := 0
	var r *Reactor
	gone := make(chan struct{})
	batch(t, 2, func(i int, s *Stream) {
		if i == 1 {
			s.Close(nil)
			return
		}
		r = s.r
		s.Sink().(*side).drained = func(e syscall.Errno) { t.Error("drained", e) }
		s.Sink().(*side).readError = func(e syscall.Errno) {
			failed++
			if !errors.Is(e, syscall.ECONNRESET) {
				t.Error(e)
			}
			if _, errno := s.Write([]byte("more")); errno != e && errno != syscall.EPIPE { // one of the two calls gets the reset
				t.Error("a later write says", errno)
			}
			s.Close(nil)
		}
		<-gone
		s.Write([]byte("held"))
		if !s.held {
			t.Error("not held")
		}
	}, func(i int, c *net.TCPConn) {
		if i == 0 {
			_ = c.SetLinger(0)
			c.Close()
			close(gone)
		}
	})
	if failed != 1 || len(r.holder.streams) != 0 {
		t.Error("told", failed, "times; holding", len(r.holder.streams))
	}
}

// Writes of every size, callbacks that take long, and ends in the middle: each client gets what was written for it. Under the race detector
// this is the proof that the watchman and the loop keep out of each other's way.
func TestHoldHammer(t *testing.T) { eachWay(t, holdHammer) }

func holdHammer(t *testing.T) {
	const n, rounds = 150, 20
	want, got := make([]bytes.Buffer, n), make([][]byte, n)
	for i := range want {
		want[i].WriteByte('!')
	}
	turns := make([]int, n)
	batch(t, n, func(i int, s *Stream) {
		for range rand.IntN(4) {
			b := bytes.Repeat([]byte{byte('a' + rand.IntN(26))}, 1<<rand.IntN(15))
			if rand.IntN(50) == 0 {
				time.Sleep(watchSoonest + time.Duration(rand.IntN(10))*time.Millisecond)
			}
			want[i].Write(b)
			if _, errno := s.Write(b[:len(b)/2], b[len(b)/2:]); errno != 0 {
				t.Error(errno)
			}
		}
		if turns[i]++; turns[i] == rounds {
			switch rand.IntN(3) {
			case 0:
				s.Shutdown()
			case 1:
				s.CloseSoon()
			default:
				want[i].WriteString("last")
				s.Write([]byte("last"))
				s.Shutdown()
			}
			return
		}
		want[i].WriteByte('.')
		s.Write([]byte("."))
	}, func(i int, c *net.TCPConn) {
		got[i] = converse(t, c)
	})
	for i := range want {
		if !bytes.Equal(got[i], want[i].Bytes()) {
			t.Errorf("%d got %d bytes of %d", i, len(got[i]), want[i].Len())
		}
	}
}
