package loop

import (
	"math"
	"time"

	"golang.org/x/sys/unix"
)

// maxEvents is how many events one wait takes. More stay ready for the next
// turn, so that a flood of them can't starve timers.
const maxEvents = 1024

// poller is kqueue with a pipe. It is built and vetted, not yet run in tests.
type poller struct {
	fd     int    // immutable after open
	pipe   [2]int // reading and writing end; immutable after open
	events [maxEvents]unix.Kevent_t
}

func (p *poller) open() error {
	var err error
	if p.fd, err = unix.Kqueue(); err != nil {
		return err
	}
	unix.CloseOnExec(p.fd)
	if err = unix.Pipe(p.pipe[:]); err != nil {
		_ = unix.Close(p.fd)
		return err
	}
	for _, fd := range p.pipe {
		unix.CloseOnExec(fd)
		if err == nil {
			err = unix.SetNonblock(fd, true)
		}
	}
	if err == nil {
		err = p.change(p.pipe[0], unix.EVFILT_READ, unix.EV_ADD, 0, 0)
	}
	if err != nil {
		_ = p.close()
	}
	return err
}

func (p *poller) close() error {
	_ = unix.Close(p.pipe[0])
	_ = unix.Close(p.pipe[1])
	return unix.Close(p.fd)
}

func (p *poller) wakeFD() int { return p.pipe[1] }

// wake writes to the pipe. Any goroutine. A full pipe wakes just as well.
func (p *poller) wake() {
	one := [8]byte{0: 1}
	_, _ = unix.Write(p.pipe[1], one[:])
}

// drainWake empties the pipe.
func (p *poller) drainWake() {
	var buf [512]byte
	for {
		n, err := unix.Read(p.pipe[0], buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n < len(buf) {
			return
		}
	}
}

func (p *poller) change(fd, filter, flags int, fflags uint32, data int64) error {
	var ev unix.Kevent_t
	unix.SetKevent(&ev, fd, filter, flags)
	ev.Fflags, ev.Data = fflags, data
	_, err := unix.Kevent(p.fd, []unix.Kevent_t{ev}, nil, nil)
	return err
}

// update registers want for fd, of which the kernel knows have.
func (p *poller) update(fd int, _ uint32, have, want Events, _ Trigger) error {
	if want&Priority != 0 {
		return unix.ENOTSUP
	}
	const reads = Readable | Disconnect
	if have&reads != want&reads {
		switch {
		case want&Readable != 0:
			if err := p.change(fd, unix.EVFILT_READ, unix.EV_ADD, 0, 0); err != nil {
				return err
			}
		case want&Disconnect != 0:
			// A low-water mark that data can't reach: only the end counts.
			err := p.change(fd, unix.EVFILT_READ, unix.EV_ADD, unix.NOTE_LOWAT, math.MaxInt32)
			if err != nil {
				return err
			}
		default:
			_ = p.change(fd, unix.EVFILT_READ, unix.EV_DELETE, 0, 0)
		}
	}
	if have&Writable != want&Writable {
		if want&Writable != 0 {
			return p.change(fd, unix.EVFILT_WRITE, unix.EV_ADD, 0, 0)
		}
		_ = p.change(fd, unix.EVFILT_WRITE, unix.EV_DELETE, 0, 0)
	}
	return nil
}

// remove forgets fd. That it is closed already is no error.
func (p *poller) remove(fd int, have Events) { _ = p.update(fd, 0, have, 0, Level) }

// wait fills events and returns their number, or -1 when a signal came first.
func (p *poller) wait(timeout time.Duration) int {
	var limit *unix.Timespec
	if timeout >= 0 {
		ts := unix.NsecToTimespec(int64(timeout))
		limit = &ts
	}
	n, err := unix.Kevent(p.fd, nil, p.events[:], limit)
	switch {
	case err == unix.EINTR && timeout == 0:
		return 0
	case err == unix.EINTR:
		return -1
	case err != nil:
		// EBADF, EFAULT or EINVAL: someone closed the loop's own descriptor.
		panic("loop: kevent: " + err.Error())
	}
	return n
}

// event is the i-th of the last wait. Generation 0: kqueue forgets a descriptor
// when it is closed, so that an event within the batch is told by the new poll
// not being registered yet.
func (p *poller) event(i int) (fd int, generation uint32, ready Events) {
	ev := &p.events[i]
	fd = int(ev.Ident)
	if fd == p.pipe[0] {
		return p.wakeFD(), 0, 0
	}
	switch ev.Filter {
	case unix.EVFILT_READ:
		ready = Readable
	case unix.EVFILT_WRITE:
		ready = Writable
	}
	if ev.Flags&unix.EV_EOF != 0 {
		ready |= Disconnect
	}
	return fd, 0, ready
}
