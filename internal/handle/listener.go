package handle

import (
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/loop"
	"roost/internal/sys"
)

// Listener accepts connections.
type Listener struct {
	r      *Reactor
	fd     int
	poll   *loop.Poll
	accept func(*Stream) // may run user code
	path   string        // of a Unix socket, removed on close
	pause  *loop.Timer   // descriptors ran out
	closed bool

	ID   int // by which JavaScript knows it; the owner's
	Unix bool

	NoDelay   bool // of each accepted connection
	KeepAlive int  // seconds before the first probe; 0: none
}

// ListenOptions are flags of a TCP listener.
type ListenOptions struct {
	Backlog   int
	V6Only    bool
	ReusePort bool
}

// ListenTCP opens a TCP listener. accept is called for every connection, with a stream that has no sink yet and doesn't read.
func (r *Reactor) ListenTCP(a netip.AddrPort, o ListenOptions, accept func(*Stream)) (*Listener, error) {
	fd, err := sys.Socket(sys.Family(a.Addr()), unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	_ = sys.SetReuseAddr(fd, true)
	if o.ReusePort {
		if err := sys.SetReusePort(fd, true); err != nil {
			_ = sys.Close(fd)
			return nil, err
		}
	}
	if !a.Addr().Is4() {
		_ = sys.SetV6Only(fd, o.V6Only)
	}
	if err := sys.Bind(fd, a); err != nil {
		_ = sys.Close(fd)
		return nil, err
	}
	return r.listen(fd, o.Backlog, accept)
}

// ListenUnix opens a Unix-domain listener. mode, unless 0, are the permissions of the path.
func (r *Reactor) ListenUnix(path string, backlog int, mode uint32, accept func(*Stream)) (*Listener, error) {
	fd, err := sys.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	if err := sys.BindUnix(fd, path); err != nil {
		_ = sys.Close(fd)
		return nil, err
	}
	l, err := r.listen(fd, backlog, accept)
	if err != nil {
		return nil, err
	}
	l.Unix = true
	if !strings.HasPrefix(path, "\x00") {
		l.path = path
		if mode != 0 {
			if err := os.Chmod(path, os.FileMode(mode)); err != nil {
				l.Close(nil)
				return nil, err
			}
		}
	}
	return l, nil
}

// ListenFD listens on a descriptor that is bound already.
func (r *Reactor) ListenFD(fd, backlog int, accept func(*Stream)) (*Listener, error) {
	if _, err := unix.Getsockname(fd); err != nil {
		return nil, syscall.EINVAL
	}
	if err := sys.SetNonblock(fd, true); err != nil {
		return nil, err
	}
	l, err := r.listen(fd, backlog, accept)
	if err == nil {
		if _, e := sys.LocalAddr(fd); e == nil {
			_, e := sys.LocalPath(fd)
			l.Unix = e == nil
		}
	}
	return l, err
}

func (r *Reactor) listen(fd, backlog int, accept func(*Stream)) (*Listener, error) {
	if err := sys.Listen(fd, backlog); err != nil {
		_ = sys.Close(fd)
		return nil, err
	}
	l := &Listener{r: r, fd: fd, accept: accept}
	poll, err := r.Loop.NewPoll(fd, l.ready)
	if err != nil {
		_ = sys.Close(fd)
		return nil, err
	}
	poll.SetKind("TCPServerWrap")
	l.poll = poll
	if err := poll.Set(loop.Readable); err != nil {
		return nil, err
	}
	return l, nil
}

// FD is the descriptor.
func (l *Listener) FD() int { return l.fd }

// SetAccept changes who gets the connections.
func (l *Listener) SetAccept(accept func(*Stream)) { l.accept = accept }

const acceptsPerEvent = 64

func (l *Listener) ready(loop.Events) {
	for range acceptsPerEvent {
		if l.closed {
			return
		}
		fd, err := sys.Accept(l.fd)
		if err != nil {
			switch errno, _ := sys.ErrnoOf(err); errno {
			case syscall.EMFILE, syscall.ENFILE:
				l.refuse()
			case syscall.ECONNABORTED, syscall.EPROTO:
				continue
			}
			return
		}
		if l.r.reserve < 0 {
			l.r.openReserve()
		}
		if !l.Unix {
			if l.NoDelay {
				_ = sys.SetNoDelay(fd, true)
			}
			if l.KeepAlive > 0 {
				_ = sys.SetKeepAlive(fd, true, l.KeepAlive, 1, 10)
			}
		}
		s := l.r.NewStream(nil)
		if err := s.attach(fd); err != nil {
			_ = sys.Close(fd)
			continue
		}
		s.connected = true
		l.accept(s)
	}
}

func (r *Reactor) openReserve() {
	if fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
		r.reserve = fd
	}
}

// refuse closes the connections that wait, for lack of descriptors: clients learn at once, and the loop doesn't spin. Without a reserve
// it stops accepting for a moment.
func (l *Listener) refuse() {
	if l.r.reserve >= 0 {
		_ = sys.Close(l.r.reserve)
		l.r.reserve = -1
		for range acceptsPerEvent {
			fd, err := sys.Accept(l.fd)
			if err != nil {
				break
			}
			_ = sys.Close(fd)
		}
		l.r.openReserve()
		if l.r.reserve >= 0 {
			return
		}
	}
	_ = l.poll.Set(0)
	if l.pause == nil {
		l.pause = l.r.Loop.NewTimer(func() { _ = l.poll.Set(loop.Readable) })
		if !l.poll.HasRef() {
			l.pause.Unref()
		}
	}
	l.pause.Start(100*time.Millisecond, 0)
}

// SetRef says whether the listener keeps the loop alive.
func (l *Listener) SetRef(on bool) {
	if on {
		l.poll.Ref()
	} else {
		l.poll.Unref()
	}
}

// HasRef tells whether it does.
func (l *Listener) HasRef() bool { return l.poll.HasRef() && !l.closed }

// Close stops listening; onClose runs in the close phase.
func (l *Listener) Close(onClose func()) {
	if l.closed {
		return
	}
	l.closed = true
	if l.pause != nil {
		l.pause.Close(nil)
	}
	l.poll.Close(onClose)
	_ = sys.Close(l.fd)
	l.fd = -1
	if l.path != "" {
		_ = os.Remove(l.path)
	}
}
