package handle

import (
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/loop"
	"roost/internal/sticky"
	"roost/internal/sys"
)

// Listener accepts connections. There are three kinds: one that opens its own socket, one whose socket other processes accept from too
// (Inherit), and one without a socket, which is given connections that another process has accepted (NewFed).
type Listener struct {
	r      *Reactor
	fd     int        // -1: a fed listener, or closed
	poll   *loop.Poll // nil for a fed listener
	alive  *loop.Async
	accept func(*Stream) // may run user code
	path   string        // of a Unix socket, removed on close
	pause  *loop.Timer   // descriptors ran out
	shared bool          // other processes accept from the socket
	crew   *crew         // nil: clients don't stick to instances
	closed bool

	counted bool // as one that accepts

	ID   int // by which JavaScript knows it; the owner's
	Unix bool

	NoDelay   bool // of each accepted connection
	KeepAlive int  // seconds before the first probe; 0: none
}

// ListenOptions are flags of a TCP listener.
type ListenOptions struct {
	V6Only    bool
	ReusePort bool
}

// BindTCP opens a TCP listener, which accepts from Listen on.
func (r *Reactor) BindTCP(a netip.AddrPort, o ListenOptions) (*Listener, error) {
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
	return r.newListener(fd)
}

// BindUnix opens a Unix-domain listener, which accepts from Listen on. mode, unless 0, are the permissions of the path.
func (r *Reactor) BindUnix(path string, mode uint32) (*Listener, error) {
	fd, err := sys.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	if err := sys.BindUnix(fd, path); err != nil {
		_ = sys.Close(fd)
		return nil, err
	}
	l, err := r.newListener(fd)
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

// Inherit takes over a bound socket that came from another process: from the parent, at start, or over a Channel. Whether it listens
// already doesn't matter: it accepts from Listen on. The path of a Unix socket stays its maker's to remove. When it fails, the descriptor
// stays the caller's.
func (r *Reactor) Inherit(fd int) (*Listener, error) {
	if _, err := unix.Getsockname(fd); err != nil {
		return nil, syscall.EINVAL
	}
	if err := sys.SetNonblock(fd, true); err != nil {
		return nil, err
	}
	unix.CloseOnExec(fd)
	l := &Listener{r: r, fd: fd}
	if err := l.watch(); err != nil {
		return nil, err
	}
	_, err := sys.LocalPath(fd)
	l.Unix, l.shared = err == nil, true
	l.poll.SetTrigger(loop.Exclusive)
	return l, nil
}

// NewFed makes a listener without a socket: Feed gives it connections.
func (r *Reactor) NewFed() *Listener {
	l := &Listener{r: r, fd: -1, alive: r.Loop.NewAsync(func() {})}
	l.alive.SetKind("TCPServerWrap")
	return l
}

// Feed gives the listener a connected socket, as if it had accepted it. The socket is the listener's, even when it fails.
// It may run user code.
func (l *Listener) Feed(fd int) error {
	if l.closed {
		_ = sys.Close(fd)
		return syscall.EBADF
	}
	if err := sys.SetNonblock(fd, true); err != nil {
		_ = sys.Close(fd)
		return err
	}
	return l.take(fd)
}

// newListener closes the descriptor when it fails.
func (r *Reactor) newListener(fd int) (*Listener, error) {
	l := &Listener{r: r, fd: fd}
	if err := l.watch(); err != nil {
		_ = sys.Close(fd)
		return nil, err
	}
	return l, nil
}

func (l *Listener) watch() (err error) {
	if l.poll, err = l.r.Loop.NewPoll(l.fd, l.ready); err == nil {
		l.poll.SetKind("TCPServerWrap")
	}
	return err
}

// Listen begins to accept: accept is called for every connection, with a stream that has no sink yet and doesn't read. When it fails, the
// listener must still be closed.
func (l *Listener) Listen(backlog int, accept func(*Stream)) error {
	if l.closed || l.poll == nil {
		return syscall.EBADF
	}
	if err := sys.Listen(l.fd, backlog); err != nil {
		return err
	}
	l.accept = accept
	if l.shared && l.r.place != nil && l.crew == nil {
		if err := l.joinCrew(); err != nil {
			return err
		}
	}
	l.counts()
	if l.shared {
		l.r.share(l)
	}
	return l.poll.Set(loop.Readable)
}

// counts shows that the listener accepts.
func (l *Listener) counts() {
	if !l.counted {
		l.counted = true
		l.r.Loop.Vitals().Listens(1)
	}
}

// FD is the descriptor; -1 if there is none.
func (l *Listener) FD() int { return l.fd }

// SetAccept changes who gets the connections.
func (l *Listener) SetAccept(accept func(*Stream)) { l.accept = accept }

const acceptsPerEvent = 64

func (l *Listener) ready(loop.Events) {
	n := acceptsPerEvent
	if l.shared && !l.isMine(&n) {
		return
	}
	for range n {
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
		if l.crew != nil {
			l.crew.arrived(fd)
		} else {
			_ = l.take(fd)
		}
	}
}

// take makes a stream of an accepted socket.
func (l *Listener) take(fd int) error {
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
		return err
	}
	if !l.Unix {
		s.isTCP()
	}
	s.connected, s.counted, s.opened = true, true, l.r.Loop.Now()
	if l.crew != nil {
		if l.crew.by.Kind != sticky.Address {
			s.crew = l.crew
		}
		l.r.Loop.Vitals().Joined()
	} else {
		l.r.Loop.Vitals().Opened()
	}
	l.accept(s)
	return nil
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
	l.rest(100 * time.Millisecond)
}

// rest stops accepting for a time.
func (l *Listener) rest(d time.Duration) {
	if l.pause == nil {
		l.pause = l.r.Loop.NewTimer(func() { _ = l.poll.Set(loop.Readable) })
	}
	if l.poll.HasRef() {
		l.pause.Ref()
	} else {
		l.pause.Unref()
	}
	_ = l.poll.Set(0)
	l.pause.Start(d, 0)
}

// handle is what keeps the loop alive.
func (l *Listener) handle() loop.Handle {
	if l.poll == nil {
		return l.alive
	}
	return l.poll
}

// SetRef says whether the listener keeps the loop alive.
func (l *Listener) SetRef(on bool) {
	if on {
		l.handle().Ref()
	} else {
		l.handle().Unref()
	}
	if l.pause != nil && l.pause.Active() {
		if on {
			l.pause.Ref()
		} else {
			l.pause.Unref()
		}
	}
}

// HasRef tells whether it does.
func (l *Listener) HasRef() bool { return l.handle().HasRef() && !l.closed }

// Close stops listening; onClose runs in the close phase.
func (l *Listener) Close(onClose func()) {
	if l.closed {
		return
	}
	l.closed = true
	if l.counted {
		l.r.Loop.Vitals().Listens(-1)
	}
	if l.crew != nil {
		l.crew.close()
	}
	if l.pause != nil {
		l.pause.Close(nil)
	}
	if l.shared {
		l.r.unshare(l)
	}
	l.handle().Close(onClose)
	if l.fd >= 0 {
		_ = sys.Close(l.fd)
		l.fd = -1
	}
	if l.path != "" {
		_ = os.Remove(l.path)
	}
}
