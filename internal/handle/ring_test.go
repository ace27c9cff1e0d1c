package handle

import (
	"bytes"
	"net"
	"syscall"
	"testing"

	"roost/internal/sys"
)

// oneByOne runs a test without a ring.
func oneByOne(t *testing.T) { t.Setenv("UV_USE_IO_URING", "0") }

// eachWay runs a test with and without a ring.
func eachWay(t *testing.T, f func(t *testing.T)) {
	t.Run("ring", f)
	t.Run("one by one", func(t *testing.T) {
		oneByOne(t)
		f(t)
	})
}

// One call sends what a batch has caused, that of its last event too; a full socket, a closed stream and a peer that is gone are nothing to the others.
func TestHeldForTheRing(t *testing.T) {
	ring, err := sys.NewSendRing(1)
	if err != nil {
		t.Skip("the system has no ring:", err)
	}
	ring.Close()
	const n, full, closed, gone = 8, 0, 1, 2
	failed, reset := 0, make(chan struct{})
	batch(t, n, func(i int, s *Stream) {
		switch i {
		case full:
			for junk := make([]byte, 64<<10); ; {
				if _, errno := sys.Send(s.fd, junk); errno != 0 {
					break
				}
			}
		case gone:
			s.Sink().(*side).readError = func(e syscall.Errno) { failed++; s.Close(nil) }
			<-reset
		}
		if s.Write([]byte("held")); !s.held {
			t.Error(i, "does not hold")
		}
		switch i {
		case closed:
			s.Close(nil)
		case gone:
		case n - 1:
			if s.r.Loop.EndBatch(); s.r.holder.ring == nil || s.held {
				t.Error("not sent by a ring")
			}
			s.Shutdown()
		default:
			s.Shutdown()
		}
	}, func(i int, c *net.TCPConn) {
		switch i {
		case gone:
			_ = c.SetLinger(0)
			c.Close()
			close(reset)
		default:
			<-reset
			got := receive(t, c) // behind the junk, where there is some
			if !bytes.HasSuffix(got, []byte("!held")) || i != full && len(got) != 5 {
				t.Errorf("%d got %d bytes", i, len(got))
			}
		}
	})
	if failed != 1 {
		t.Error("told", failed, "times of the one that is gone")
	}
}
