package handle

import (
	"io"
	"math"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/ipc"
	"roost/internal/loop"
	"roost/internal/sys"
)

// Descriptor is a byte stream over a descriptor that came from elsewhere: a terminal, a pipe, one end of a socketpair to a child.
// Loop thread only.
type Descriptor struct {
	loop     *loop.Loop
	poll     *loop.Poll
	fd       int
	nonblock bool
	reading  bool
	onRead   func(p []byte, err error)
	queue    []descriptorWrite
	shutdown func(error) // waits for the queue
	closing  bool
	rights   *rights // of a Channel; nil otherwise
}

type descriptorWrite struct {
	rest []byte
	pass int // a descriptor to send along, owned by the queue; ipc.None for none
	done func(error)
}

// Sharing says whose descriptor it is that OpenDescriptor gets.
type Sharing uint8

const (
	// Own: the descriptor passes to the handle, which makes it non-blocking and closes it.
	Own Sharing = iota
	// Share: other processes use the open file too. The handle works on a duplicate and leaves its flags alone.
	Share
)

// descriptorChunk is how much one read takes.
const descriptorChunk = 64 << 10

var chunks = sync.Pool{New: func() any { return new([descriptorChunk]byte) }}

// OpenDescriptor makes a handle that doesn't read yet. It fails with the errno of dup, fcntl or epoll.
func OpenDescriptor(l *loop.Loop, fd int, sharing Sharing) (*Descriptor, error) {
	if fd < 0 || fd > math.MaxInt32 { // the kernel would look at the lower half alone
		return nil, unix.EBADF
	}
	d := &Descriptor{loop: l, fd: fd}
	if sharing == Share {
		dup, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
		if err != nil {
			return nil, err
		}
		d.fd = dup
	} else {
		if err := sys.SetNonblock(fd, true); err != nil {
			return nil, err
		}
		unix.CloseOnExec(fd)
		d.nonblock = true
	}
	poll, err := l.NewPoll(d.fd, d.ready)
	if err != nil {
		if sharing == Share {
			_ = sys.Close(d.fd)
		}
		return nil, err
	}
	d.poll = poll
	return d, nil
}

// FD is the descriptor that the handle works on.
func (d *Descriptor) FD() int { return d.fd }

// SetKind names the handle for reports.
func (d *Descriptor) SetKind(kind string) { d.poll.SetKind(kind) }

// Ref makes the handle keep the loop alive while it reads or writes; the default.
func (d *Descriptor) Ref() { d.poll.Ref() }

// Unref undoes Ref.
func (d *Descriptor) Unref() { d.poll.Unref() }

// HasRef tells which of them came last.
func (d *Descriptor) HasRef() bool { return d.poll.HasRef() }

// Read starts reading. f gets each chunk, borrowed until it returns, and at the end an error: io.EOF or a syscall.Errno.
func (d *Descriptor) Read(f func(p []byte, err error)) error {
	if d.closing {
		return unix.EBADF
	}
	d.onRead, d.reading = f, true
	return d.want()
}

// StopRead stops reading until the next Read.
func (d *Descriptor) StopRead() {
	if d.reading && !d.closing {
		d.reading = false
		_ = d.want()
	}
}

func (d *Descriptor) want() error {
	var e loop.Events
	if d.reading {
		e |= loop.Readable
		if d.rights != nil {
			e |= loop.Disconnect
		}
	}
	if len(d.queue) > 0 {
		e |= loop.Writable
	}
	return d.poll.Set(e)
}

func (d *Descriptor) ready(e loop.Events) {
	if e&loop.Failed != 0 {
		d.fail(d.poll.Err())
		return
	}
	if e&loop.Writable != 0 && len(d.queue) > 0 {
		d.flush()
	}
	if e&(loop.Readable|loop.Disconnect) != 0 && d.reading && !d.closing {
		d.read(e&loop.Disconnect != 0)
	}
}

func (d *Descriptor) fail(err error) {
	for !d.closing && len(d.queue) > 0 {
		d.pop()(err)
	}
	if d.reading && !d.closing {
		d.reading = false
		d.onRead(nil, err)
	}
}

// read takes what is there, but no more than a few chunks, so that one stream can't starve the others. When the other side has ended, the
// end is reported too: that of a channel before that of its process.
func (d *Descriptor) read(ended bool) {
	b := chunks.Get().(*[descriptorChunk]byte)
	defer chunks.Put(b)
	for round := 0; (round < 8 || ended) && d.reading && !d.closing; round++ {
		n, errno := d.receive(b[:])
		switch {
		case errno == unix.EINTR:
			continue
		case errno == unix.EAGAIN:
			return
		case errno != 0:
			d.reading = false
			_ = d.want()
			d.onRead(nil, errno)
			return
		case n == 0:
			d.reading = false
			_ = d.want()
			d.onRead(nil, io.EOF)
			return
		}
		d.onRead(b[:n], nil)
		if n < len(b) && !ended || !d.nonblock {
			return
		}
	}
}

// Write writes p. It reports pending when some of p waits for the peer; then p was copied and done comes later, exactly once.
func (d *Descriptor) Write(p []byte, done func(error)) (pending bool, err error) {
	if d.closing {
		return false, unix.EBADF
	}
	if len(d.queue) == 0 {
		for len(p) > 0 {
			n, errno := sys.Write(d.fd, p)
			if errno == unix.EINTR {
				continue
			}
			if errno == unix.EAGAIN {
				break
			}
			if errno != 0 {
				return false, errno
			}
			p = p[n:]
		}
		if len(p) == 0 {
			return false, nil
		}
	}
	d.queue = append(d.queue, descriptorWrite{append([]byte(nil), p...), ipc.None, done})
	return true, d.want()
}

// Queued is how many bytes wait to be written.
func (d *Descriptor) Queued() int {
	n := 0
	for _, w := range d.queue {
		n += len(w.rest)
	}
	return n
}

func (d *Descriptor) flush() {
	for len(d.queue) > 0 && !d.closing {
		w := &d.queue[0]
		n, errno := d.send(w)
		switch {
		case errno == unix.EINTR:
			continue
		case errno == unix.EAGAIN:
			return
		case errno != 0:
			d.pop()(errno)
			continue
		}
		if w.rest = w.rest[n:]; len(w.rest) == 0 {
			d.pop()(nil)
		}
	}
	if d.closing {
		return
	}
	_ = d.want()
	if f := d.shutdown; f != nil && len(d.queue) == 0 {
		d.shutdown = nil
		f(d.shutdownNow())
	}
}

func (d *Descriptor) pop() func(error) {
	w := d.queue[0]
	w.release()
	d.queue[0] = descriptorWrite{}
	d.queue = d.queue[1:]
	return w.done
}

// Shutdown ends the writing half once the queue is empty. A pipe has no halves: there only Close ends it.
func (d *Descriptor) Shutdown(done func(error)) {
	if d.closing {
		done(unix.ECANCELED)
		return
	}
	if len(d.queue) > 0 {
		d.shutdown = done
		return
	}
	done(d.shutdownNow())
}

func (d *Descriptor) shutdownNow() error {
	err := sys.Shutdown(d.fd, unix.SHUT_WR)
	if err == unix.ENOTSOCK || err == unix.ENOTCONN {
		return nil
	}
	return err
}

// Close closes the handle and its descriptor; what waits fails with ECANCELED. onClose, unless nil, runs in the close phase.
func (d *Descriptor) Close(onClose func()) {
	if d.closing {
		return
	}
	d.closing, d.reading = true, false
	queue, shutdown := d.queue, d.shutdown
	d.queue, d.shutdown = nil, nil
	d.poll.Close(onClose)
	_ = sys.Close(d.fd)
	d.rights.release()
	for _, w := range queue {
		w.release()
		w.done(unix.ECANCELED)
	}
	if shutdown != nil {
		shutdown(unix.ECANCELED)
	}
}

// WriteAllBlocking writes all of p to a descriptor, waiting while it is full.
func WriteAllBlocking(fd int, p []byte) error {
	for len(p) > 0 {
		n, errno := sys.Write(fd, p)
		switch errno {
		case 0:
			p = p[n:]
		case unix.EINTR:
		case unix.EAGAIN:
			if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1); err != nil && err != syscall.EINTR {
				return err
			}
		default:
			return errno
		}
	}
	return nil
}
