package handle

import (
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/loop"
)

// A socket tells once of what has come. However it came and is read, nothing stays behind.

// arriving has the client do something first, so that the loop's first look at the stream finds all of it. The stream, whose sink set gives,
// reads from then on and must be closed.
func arriving(t *testing.T, client func(c *net.TCPConn), set func(s *Stream, sink *side)) {
	t.Helper()
	run(t, func(r *Reactor) {
		_, address := listen(t, r, func(l *Listener, s *Stream) {
			l.Close(nil)
			sink := &side{}
			s.SetSink(sink)
			set(s, sink)
			s.SetReading(true)
		})
		c, err := net.Dial("tcp", address.String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		client(c.(*net.TCPConn))
	})
}

func send(t *testing.T, c *net.TCPConn, n int) {
	t.Helper()
	if _, err := c.Write(make([]byte, n)); err != nil {
		t.Error(err)
	}
}

// The end, a reset and urgent data come behind what is read first, and nothing else tells of them.
func TestEdgeBehindData(t *testing.T) {
	for name, test := range map[string]struct {
		client func(c *net.TCPConn)
		bytes  int
		errno  syscall.Errno
	}{
		"end":   {func(c *net.TCPConn) { send(t, c, 5); _ = c.CloseWrite() }, 5, 0},
		"reset": {func(c *net.TCPConn) { send(t, c, 5); _ = c.SetLinger(0); c.Close() }, 5, syscall.ECONNRESET},
		"urgent": {func(c *net.TCPConn) {
			send(t, c, 5)
			raw, _ := c.SyscallConn()
			_ = raw.Control(func(fd uintptr) {
				if err := unix.Sendto(int(fd), []byte("!"), unix.MSG_OOB, nil); err != nil {
					t.Error(err)
				}
			})
			send(t, c, 7)
			time.AfterFunc(100*time.Millisecond, func() { _ = c.CloseWrite() })
		}, 12, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, ended, early, errno := 0, false, false, syscall.Errno(0)
			arriving(t, test.client, func(s *Stream, sink *side) {
				time.Sleep(10 * time.Millisecond)
				soon := s.r.Loop.NewTimer(func() { early = got == test.bytes })
				soon.Start(50*time.Millisecond, 0)
				done := func() { soon.Close(nil); s.Close(nil) }
				if name != "urgent" {
					early = true
				}
				sink.data = func(b []byte) { got += len(b) }
				sink.eof = func() { ended = true; done() }
				sink.readError = func(e syscall.Errno) { errno = e; done() }
			})
			if got != test.bytes || errno != test.errno || ended != (errno == 0) || !early {
				t.Errorf("%d bytes, end %v, errno %v, in time %v", got, ended, errno, early)
			}
		})
	}
}

// More than an event's share of reads, and more than a reader takes before it pauses, for a moment or for a while.
func TestEdgeLeft(t *testing.T) {
	const size = 3 * readsPerEvent * readSize
	for name, pause := range map[string]func(s *Stream){
		"not":   func(*Stream) {},
		"turn":  func(s *Stream) { s.SetReading(false); s.SetReading(true) },
		"later": func(s *Stream) { s.SetReading(false); s.r.Loop.Pending(func() { s.SetReading(true) }) },
		"timer": func(s *Stream) {
			s.SetReading(false)
			var timer *loop.Timer
			timer = s.r.Loop.NewTimer(func() { timer.Close(nil); s.SetReading(true) })
			timer.Start(time.Millisecond, 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := 0
			arriving(t, func(c *net.TCPConn) { go send(t, c, size) }, func(s *Stream, sink *side) {
				_ = unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4<<20)
				time.Sleep(20 * time.Millisecond)
				sink.data = func(b []byte) {
					if got += len(b); got == size {
						s.Close(nil)
						return
					}
					pause(s)
				}
				sink.readError = func(e syscall.Errno) { t.Error(e); s.Close(nil) }
			})
			if got != size {
				t.Error(got)
			}
		})
	}
}
