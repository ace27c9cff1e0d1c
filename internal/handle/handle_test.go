package handle

import (
	"bytes"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"roost/internal/loop"
	"roost/internal/sys"
)

// side is a Sink made of functions; nil ones do nothing.
type side struct {
	connected, readError, drained, shutDown func(syscall.Errno)
	data                                    func([]byte)
	eof                                     func()
}

func (s *side) Connected(e syscall.Errno) {
	if s.connected != nil {
		s.connected(e)
	}
}
func (s *side) Data(b []byte) {
	if s.data != nil {
		s.data(b)
	}
}
func (s *side) EOF() {
	if s.eof != nil {
		s.eof()
	}
}
func (s *side) ReadError(e syscall.Errno) {
	if s.readError != nil {
		s.readError(e)
	}
}
func (s *side) Drained(e syscall.Errno) {
	if s.drained != nil {
		s.drained(e)
	}
}
func (s *side) ShutDown(e syscall.Errno) {
	if s.shutDown != nil {
		s.shutDown(e)
	}
}

// run turns a loop until it isn't alive, and checks that nothing is left of it.
func run(t *testing.T, setUp func(r *Reactor)) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	timer := l.NewTimer(func() {
		for h := range l.Handles() {
			t.Logf("open: %s, active %v", h.Kind(), h.Active())
		}
		t.Error("the loop went on for too long")
		l.WalkClose()
	})
	timer.Start(5*time.Second, 0)
	timer.Unref()
	r := NewReactor(l)
	defer r.Close()
	setUp(r)
	l.Run(loop.RunDefault)
	if !timer.Closing() {
		timer.Close(nil)
	}
	l.Run(loop.RunDefault)
	if err := l.Close(); err != nil && !t.Failed() {
		t.Error(err)
	}
}

func listen(t *testing.T, r *Reactor, accept func(l *Listener, s *Stream)) (*Listener, netip.AddrPort) {
	t.Helper()
	l, err := r.BindTCP(netip.MustParseAddrPort("127.0.0.1:0"), ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Listen(511, func(s *Stream) { accept(l, s) }); err != nil {
		t.Fatal(err)
	}
	a, err := sys.LocalAddr(l.FD())
	if err != nil {
		t.Fatal(err)
	}
	return l, a
}

func TestEchoAndHalfClose(t *testing.T) {
	var got []byte
	run(t, func(r *Reactor) {
		_, address := listen(t, r, func(l *Listener, s *Stream) {
			s.SetSink(&side{data: func(b []byte) { s.Write([]byte("<"), b, []byte(">")) }, eof: func() {
				s.Close(nil)
				l.Close(nil)
			}})
			s.SetReading(true)
		})
		c := r.NewStream(nil)
		c.SetSink(&side{
			connected: func(e syscall.Errno) {
				if e != 0 {
					t.Error(e)
				}
				c.Write([]byte("hi"))
				c.SetReading(true)
			},
			data:     func(b []byte) { got = append(got, b...); c.Shutdown() },
			shutDown: func(e syscall.Errno) { got = append(got, '!') },
			eof:      func() { c.Close(nil) },
		})
		if err := c.Connect(address); err != nil {
			t.Fatal(err)
		}
	})
	if string(got) != "<hi>!" {
		t.Errorf("got %q", got)
	}
}

func TestRefused(t *testing.T) {
	var got syscall.Errno
	run(t, func(r *Reactor) {
		l, address := listen(t, r, nil)
		l.Close(nil)
		c := r.NewStream(nil)
		c.SetSink(&side{connected: func(e syscall.Errno) { got = e; c.Close(nil) }})
		if err := c.Connect(address); err != nil {
			t.Fatal(err)
		}
	})
	if got != syscall.ECONNREFUSED {
		t.Error(got)
	}
}

// A peer that doesn't read: the rest is queued, Drained comes once, and CloseSoon waits for it.
func TestBackpressure(t *testing.T) {
	const size = 16 << 20
	data := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	received, drained := 0, 0
	run(t, func(r *Reactor) {
		_, address := listen(t, r, func(l *Listener, s *Stream) {
			l.Close(nil)
			s.SetSink(&side{drained: func(e syscall.Errno) { drained++ }})
			queued, errno := s.Write(data[:size/2], data[size/2:])
			if queued == 0 || errno != 0 {
				t.Errorf("queued %d, errno %v", queued, errno)
			}
			s.CloseSoon()
		})
		c := r.NewStream(nil)
		c.SetSink(&side{
			connected: func(syscall.Errno) {
				wait := r.Loop.NewTimer(func() { c.SetReading(true) })
				wait.Start(20*time.Millisecond, 0)
				c.OnClose(func() { wait.Close(nil) })
			},
			data: func(b []byte) {
				if !bytes.Equal(b, data[received:received+len(b)]) {
					t.Error("bytes came in another order")
				}
				received += len(b)
			},
			eof: func() { c.Close(nil) },
		})
		if err := c.Connect(address); err != nil {
			t.Fatal(err)
		}
	})
	if received != size || drained != 1 {
		t.Errorf("received %d, drained %d times", received, drained)
	}
}

// Closing in the middle of a callback, twice, and with output queued, leaves nothing behind.
func TestTeardown(t *testing.T) {
	closed := 0
	run(t, func(r *Reactor) {
		_, address := listen(t, r, func(l *Listener, s *Stream) {
			l.Close(nil)
			s.SetSink(&side{})
			s.OnClose(func() { closed++ })
			s.Write(make([]byte, 8<<20))
			s.Close(func() { closed++ })
			s.Close(func() { t.Error("a second close calls nobody") })
			if _, errno := s.Write([]byte("x")); errno != syscall.EBADF {
				t.Error(errno)
			}
		})
		c := r.NewStream(nil)
		c.SetSink(&side{connected: func(syscall.Errno) { c.SetReading(true) }, eof: func() { c.Close(nil) },
			readError: func(syscall.Errno) { c.Close(nil) }})
		if err := c.Connect(address); err != nil {
			t.Fatal(err)
		}
		never := r.NewStream(&side{})
		never.Close(func() { closed++ })
	})
	if closed != 3 {
		t.Errorf("%d close callbacks", closed)
	}
}

func TestUnix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	got := ""
	run(t, func(r *Reactor) {
		l, err := r.BindUnix(path, 0)
		if err != nil {
			t.Fatal(err)
		}
		err = l.Listen(8, func(s *Stream) {
			s.SetSink(&side{data: func(b []byte) { got += string(b) }, eof: func() { s.Close(nil); l.Close(nil) }})
			s.SetReading(true)
		})
		if err != nil {
			t.Fatal(err)
		}
		c := r.NewStream(nil)
		c.SetSink(&side{connected: func(syscall.Errno) { c.Write([]byte("path")); c.CloseSoon() }})
		if err := c.ConnectUnix(path); err != nil {
			t.Fatal(err)
		}
	})
	if got != "path" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the path is left behind")
	}
}

// When descriptors run out, waiting connections are refused and the listener goes on afterwards.
func TestNoDescriptors(t *testing.T) {
	var limit, old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &old); err != nil {
		t.Skip(err)
	}
	defer func() { _ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old) }()
	accepted, ended := 0, 0
	var filled []int
	defer func() {
		for _, fd := range filled {
			_ = sys.Close(fd)
		}
	}()
	run(t, func(r *Reactor) {
		l, address := listen(t, r, func(l *Listener, s *Stream) {
			accepted++
			s.SetSink(&side{eof: func() { s.Close(nil) }})
			s.SetReading(true)
		})
		connect := func(first bool, done func()) {
			c := r.NewStream(nil)
			finish := func() { ended++; c.Close(nil); done() }
			c.SetSink(&side{connected: func(e syscall.Errno) {
				c.SetReading(true)
				if first { // it only makes the listener take its reserve
					c.Shutdown()
				}
			}, eof: finish, readError: func(syscall.Errno) { finish() }})
			if err := c.Connect(address); err != nil {
				t.Error(err)
			}
		}
		connect(true, func() {
			limit = old
			limit.Cur = 256
			if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
				t.Error(err)
			}
			for {
				fd, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0)
				if err != nil {
					break
				}
				filled = append(filled, fd)
			}
			_ = sys.Close(filled[len(filled)-1]) // room for the client alone
			filled = filled[:len(filled)-1]
			connect(false, func() {
				_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old)
				l.Close(nil)
			})
		})
	})
	if accepted != 1 || ended != 2 {
		t.Errorf("accepted %d, ended %d", accepted, ended)
	}
}
