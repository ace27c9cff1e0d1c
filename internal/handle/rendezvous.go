package handle

import (
	"golang.org/x/sys/unix"

	"roost/internal/loop"
	"roost/internal/sys"
)

// Rendezvous is a listening Unix socket over which somebody comes back who was connected before: it waits for one connection at a time, when
// told to. Loop thread only.
type Rendezvous struct {
	poll     *loop.Poll
	fd       int
	returned func(fd int) // the descriptor is the callee's. May run user code
}

// OpenRendezvous takes over a listening socket; children don't inherit it. It fails with an errno, and the descriptor stays the caller's.
func OpenRendezvous(l *loop.Loop, fd int, returned func(fd int)) (*Rendezvous, error) {
	if on, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || on == 0 {
		return nil, unix.EINVAL
	}
	if err := sys.SetNonblock(fd, true); err != nil {
		return nil, err
	}
	unix.CloseOnExec(fd)
	r := &Rendezvous{fd: fd, returned: returned}
	poll, err := l.NewPoll(fd, r.ready)
	if err != nil {
		return nil, err
	}
	r.poll = poll
	r.poll.SetKind("PipeWrap")
	return r, nil
}

// Wait begins to wait; ref says whether that keeps the loop alive.
func (r *Rendezvous) Wait(ref bool) error {
	r.SetRef(ref)
	return r.poll.Set(loop.Readable)
}

// SetRef says whether waiting keeps the loop alive.
func (r *Rendezvous) SetRef(on bool) {
	if on {
		r.poll.Ref()
	} else {
		r.poll.Unref()
	}
}

func (r *Rendezvous) ready(loop.Events) {
	fd, err := sys.Accept(r.fd)
	if err == unix.EAGAIN || err == unix.EINTR || err == unix.ECONNABORTED {
		return
	}
	_ = r.poll.Set(0)
	if err == nil {
		r.returned(fd)
	}
}

// Close closes the socket; onClose, unless nil, runs in the close phase.
func (r *Rendezvous) Close(onClose func()) {
	if r.fd < 0 {
		return
	}
	fd := r.fd
	r.fd = -1
	r.poll.Close(func() {
		_ = sys.Close(fd)
		if onClose != nil {
			onClose()
		}
	})
}
