package handle

import (
	"errors"
	"io"
	"net/netip"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"roost/internal/sys"
)

// channels opens both ends of a socketpair.
func channels(t *testing.T, r *Reactor) (a, b *Channel) {
	t.Helper()
	x, y, err := sys.Socketpair()
	if err != nil {
		t.Fatal(err)
	}
	if a, err = OpenChannel(r.Loop, x); err != nil {
		t.Fatal(err)
	}
	if b, err = OpenChannel(r.Loop, y); err != nil {
		t.Fatal(err)
	}
	return a, b
}

func openDescriptors(t *testing.T) int {
	t.Helper()
	n := 0
	for fd := range 256 {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			n++
		}
	}
	return n
}

// A connection that one side accepted is passed over a channel to a fed listener of the other.
func TestFedListener(t *testing.T) {
	got := ""
	run(t, func(r *Reactor) {
		a, b := channels(t, r)
		fed := r.NewFed()
		fed.SetAccept(func(s *Stream) {
			s.SetSink(&side{data: func(p []byte) { got += string(p) }, eof: func() { s.Close(nil); fed.Close(nil) }})
			s.SetReading(true)
		})
		_ = b.Read(func(_ []byte, err error) {
			if err != nil {
				b.Close(nil)
				return
			}
			if err := fed.Feed(b.TakeDescriptor()); err != nil {
				t.Error(err)
			}
		})
		_, address := listen(t, r, func(l *Listener, s *Stream) {
			if _, err := a.Pass([]byte("x"), s.FD(), nil); err != nil {
				t.Error(err)
			}
			s.Close(nil)
			l.Close(nil)
			a.Close(nil)
		})
		c := r.NewStream(nil)
		c.SetSink(&side{connected: func(syscall.Errno) { c.Write([]byte("fed")); c.CloseSoon() }})
		if err := c.Connect(address); err != nil {
			t.Fatal(err)
		}
	})
	if got != "fed" {
		t.Errorf("got %q", got)
	}
}

// A bound socket that is passed listens on the other side.
func TestInherit(t *testing.T) {
	accepted := false
	run(t, func(r *Reactor) {
		l := mustBind(t, r)
		address, err := sys.LocalAddr(l.FD())
		if err != nil {
			t.Fatal(err)
		}
		fd, err := unix.Dup(l.FD())
		if err != nil {
			t.Fatal(err)
		}
		l.Close(nil)
		heir, err := r.Inherit(fd)
		if err != nil {
			t.Fatal(err)
		}
		err = heir.Listen(8, func(s *Stream) {
			accepted = true
			s.Close(nil)
			heir.Close(nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		c := r.NewStream(nil)
		c.SetSink(&side{connected: func(syscall.Errno) { c.Close(nil) }})
		if err := c.Connect(address); err != nil {
			t.Fatal(err)
		}
	})
	if !accepted {
		t.Error("nothing was accepted")
	}
}

// What waits in a full channel arrives in order, each descriptor with its write, although the sender has closed its own.
func TestChannelQueues(t *testing.T) {
	before := openDescriptors(t)
	const size = 300 << 10
	var read, passed int
	run(t, func(r *Reactor) {
		a, b := channels(t, r)
		fill := make([]byte, size)
		if pending, err := a.Write(fill, func(error) {}); !pending || err != nil {
			t.Fatal(pending, err)
		}
		x, y, err := sys.Socketpair()
		if err != nil {
			t.Fatal(err)
		}
		for _, fd := range []int{x, y} {
			if pending, err := a.Pass([]byte("!"), fd, func(error) {}); !pending || err != nil {
				t.Fatal(pending, err)
			}
			_ = sys.Close(fd)
		}
		a.CloseSoon(nil)
		_ = b.Read(func(p []byte, err error) {
			if errors.Is(err, io.EOF) {
				b.Close(nil)
				return
			}
			read += len(p)
			for fd := b.TakeDescriptor(); fd >= 0; fd = b.TakeDescriptor() {
				if read < size {
					t.Error("a descriptor came before its write")
				}
				passed++
				_ = sys.Close(fd)
			}
		})
	})
	if read != size+2 || passed != 2 {
		t.Errorf("%d bytes and %d descriptors", read, passed)
	}
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d before", after, before)
	}
}

// Descriptors that wait, in either direction, are closed with the channel.
func TestChannelTeardown(t *testing.T) {
	before := openDescriptors(t)
	run(t, func(r *Reactor) {
		a, b := channels(t, r)
		if _, err := a.Pass([]byte("x"), a.FD(), nil); err != nil {
			t.Fatal(err)
		}
		_ = b.Read(func([]byte, error) {
			b.Close(nil) // with one received, and one that waits below
			failed := 0
			for {
				pending, err := a.Pass(make([]byte, 64<<10), a.FD(), func(error) { failed++ })
				if err != nil || pending {
					break
				}
			}
			a.Close(nil)
		})
	})
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d before", after, before)
	}
}

func mustBind(t *testing.T, r *Reactor) *Listener {
	t.Helper()
	l, err := r.BindTCP(netip.MustParseAddrPort("127.0.0.1:0"), ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}
