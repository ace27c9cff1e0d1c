package handle

import (
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/ipc"
	"roost/internal/loop"
	"roost/internal/sys"
)

// Channel is one end of the socketpair between a process and its child: a Descriptor whose writes can pass descriptors, and whose reads
// keep those that came along until somebody takes them. Loop thread only.
type Channel struct {
	*Descriptor
}

// rights are the descriptors that arrived and nobody has taken yet, oldest first.
type rights struct {
	received []int
}

// OpenChannel takes over a connected Unix socket. It fails with the errno of fcntl or epoll.
func OpenChannel(l *loop.Loop, fd int) (*Channel, error) {
	d, err := OpenDescriptor(l, fd, Own)
	if err != nil {
		return nil, err
	}
	d.rights = &rights{}
	return &Channel{d}, nil
}

// Pass is Write with a descriptor that goes along with the first byte of p. The caller may close its own when Pass returns.
// EINVAL when p is empty: a descriptor needs a byte to travel with.
func (c *Channel) Pass(p []byte, fd int, done func(error)) (pending bool, err error) {
	if c.closing {
		return false, unix.EBADF
	}
	if len(p) == 0 {
		return false, unix.EINVAL
	}
	if len(c.queue) == 0 {
		n, errno := ipc.Send(c.fd, p, fd)
		if errno == 0 {
			return c.Write(p[n:], done)
		}
		if errno != unix.EAGAIN {
			return false, errno
		}
	}
	dup, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return false, err
	}
	c.queue = append(c.queue, descriptorWrite{append([]byte(nil), p...), dup, done})
	return true, c.want()
}

// TakeDescriptor gives the oldest descriptor that came along with what was read; -1 when there is none. It is the caller's to close.
func (c *Channel) TakeDescriptor() int {
	if len(c.rights.received) == 0 {
		return -1
	}
	fd := c.rights.received[0]
	c.rights.received = c.rights.received[1:]
	return fd
}

// CloseSoon is Close once everything queued is written, or can't be. Until then it doesn't keep the loop alive.
func (c *Channel) CloseSoon(onClose func()) {
	c.StopRead()
	if c.closing || len(c.queue) == 0 {
		c.Close(onClose)
		return
	}
	c.Unref()
	last := &c.queue[len(c.queue)-1]
	done := last.done
	last.done = func(err error) {
		done(err)
		c.Close(onClose)
	}
}

// receive is read(2); a Channel keeps the descriptors that come along.
func (d *Descriptor) receive(p []byte) (n int, errno syscall.Errno) {
	if d.rights == nil {
		return sys.Read(d.fd, p)
	}
	n, d.rights.received, errno = ipc.Receive(d.fd, p, d.rights.received)
	return n, errno
}

// send is write(2) of what is left of w, with its descriptor if that still waits.
func (d *Descriptor) send(w *descriptorWrite) (n int, errno syscall.Errno) {
	if w.pass == ipc.None {
		return sys.Write(d.fd, w.rest)
	}
	if n, errno = ipc.Send(d.fd, w.rest, w.pass); errno == 0 {
		w.release()
	}
	return n, errno
}

func (w *descriptorWrite) release() {
	if w.pass != ipc.None {
		_ = sys.Close(w.pass)
		w.pass = ipc.None
	}
}

func (r *rights) release() {
	if r == nil {
		return
	}
	for _, fd := range r.received {
		_ = sys.Close(fd)
	}
	r.received = nil
}
