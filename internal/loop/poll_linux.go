package loop

import (
	"math"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxEvents is how many events one wait takes. More stay ready for the next
// turn, so that a flood of them can't starve timers.
const maxEvents = 1024

// poller is epoll with an eventfd.
type poller struct {
	fd     int // immutable after open
	waker  int // eventfd; immutable after open
	events [maxEvents]unix.EpollEvent
}

func (p *poller) open() error {
	var err error
	if p.fd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if p.waker, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		_ = unix.Close(p.fd)
		return err
	}
	// Edge triggered: every write is an event even if nobody reads the counter
	// (eventfd(2), epoll(7)), which saves a read a wake.
	err = unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, p.waker, &unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(p.waker),
	})
	if err != nil {
		_ = p.close()
	}
	return err
}

func (p *poller) close() error {
	err := unix.Close(p.waker)
	if e := unix.Close(p.fd); err == nil {
		err = e
	}
	return err
}

func (p *poller) wakeFD() int { return p.waker }

// wake writes to the eventfd. Any goroutine. It can't fail while the loop is
// open: the counter has room for 2^64-2 writes.
func (p *poller) wake() {
	one := uint64(1)
	_, _, _ = unix.RawSyscall(unix.SYS_WRITE, uintptr(p.waker), uintptr(unsafe.Pointer(&one)), 8)
}

// drainWake has nothing to do: see open.
func (p *poller) drainWake() {}

// update registers want for fd, of which the kernel knows have.
func (p *poller) update(fd int, generation uint32, have, want Events, mode Trigger) error {
	ev := unix.EpollEvent{Events: toEpoll(want), Fd: int32(fd), Pad: int32(generation)}
	switch {
	case want != 0 && mode == Exclusive:
		// It can be added and removed, not modified.
		if have != 0 {
			p.remove(fd, have)
		}
		ev.Events |= unix.EPOLLEXCLUSIVE
		err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &ev)
		if err != unix.EINVAL && err != unix.EEXIST {
			return err
		}
		return p.update(fd, generation, have, want, Level)
	case mode == Edge:
		ev.Events |= unix.EPOLLET
		if want&Readable != 0 {
			ev.Events |= unix.EPOLLRDHUP | unix.EPOLLPRI // for Drain
		}
	}
	switch {
	case want == 0:
		p.remove(fd, have)
		return nil
	case have != 0:
		err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_MOD, fd, &ev)
		if err != unix.ENOENT {
			return err
		}
		// The owner closed and reopened the descriptor under a live poll.
		return unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &ev)
	default:
		err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &ev)
		if err != unix.EEXIST {
			return err
		}
		return unix.EpollCtl(p.fd, unix.EPOLL_CTL_MOD, fd, &ev)
	}
}

// remove forgets fd. That it is closed already is no error.
func (p *poller) remove(fd int, _ Events) {
	_ = unix.EpollCtl(p.fd, unix.EPOLL_CTL_DEL, fd, nil)
}

// wait fills events and returns their number, or -1 when a signal came first.
//
// A wait that can't block is a raw system call: telling Go's scheduler costs
// more than the call. One that may block tells it, so that the processor of
// this thread goes to other goroutines.
func (p *poller) wait(timeout time.Duration) int {
	var n uintptr
	var errno unix.Errno
	if timeout == 0 {
		n, _, errno = unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd),
			uintptr(unsafe.Pointer(&p.events)), maxEvents, 0, 0, 0)
		if errno == unix.EINTR {
			return 0
		}
	} else {
		n, _, errno = unix.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd),
			uintptr(unsafe.Pointer(&p.events)), maxEvents, millis(timeout), 0, 0)
		if errno == unix.EINTR {
			return -1
		}
	}
	if errno != 0 {
		// EBADF, EFAULT or EINVAL: someone closed the loop's own descriptor.
		panic("loop: epoll_pwait: " + errno.Error())
	}
	return int(n)
}

// millis rounds up, so that a timer is never early.
func millis(d time.Duration) uintptr {
	if d < 0 {
		return ^uintptr(0)
	}
	ms := int64(d / time.Millisecond)
	if d%time.Millisecond != 0 {
		ms++
	}
	return uintptr(min(ms, math.MaxInt32))
}

// event is the i-th of the last wait.
func (p *poller) event(i int) (fd int, generation uint32, ready Events) {
	ev := &p.events[i]
	return int(ev.Fd), uint32(ev.Pad), fromEpoll(ev.Events)
}

func toEpoll(e Events) uint32 {
	var out uint32
	if e&Readable != 0 {
		out |= unix.EPOLLIN
	}
	if e&Writable != 0 {
		out |= unix.EPOLLOUT
	}
	if e&Disconnect != 0 {
		out |= unix.EPOLLRDHUP
	}
	if e&Priority != 0 {
		out |= unix.EPOLLPRI
	}
	return out
}

// fromEpoll turns an error or a hang-up into everything, so that whoever waits
// finds it by the read or write that it makes.
func fromEpoll(e uint32) Events {
	if e&(unix.EPOLLERR|unix.EPOLLHUP) != 0 {
		return settable
	}
	var out Events
	if e&unix.EPOLLIN != 0 {
		out |= Readable
	}
	if e&unix.EPOLLOUT != 0 {
		out |= Writable
	}
	if e&unix.EPOLLRDHUP != 0 {
		out |= Disconnect
	}
	if e&unix.EPOLLPRI != 0 {
		out |= Priority
	}
	return out
}
