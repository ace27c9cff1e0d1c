package handle

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/ipc"
	"roost/internal/loop"
	"roost/internal/sys"
)

// crewmate is another instance as this one reaches it: by a connection that is opened at the first handover, and again when it has another
// program. Loop thread only.
type crewmate struct {
	crew *crew
	page int
	fd   int        // -1: not connected
	poll *loop.Poll // nil: nothing waits

	// Connections that have no room in the socket: its loop is busy.
	waiting []given
	limit   *loop.Timer // of the first that waits

	since  int64         // its loop's last move when it was given one
	given  time.Duration // loop time, when it was given the first since then
	asked  bool          // it was given one since then
	absent bool          // it can't be reached, as of then
}

// isReachable tells whether connections may go there. Who has not moved since it was found absent is still so.
func (m *crewmate) isReachable(since int64) bool {
	if since != m.since {
		m.since, m.asked, m.absent = since, false, false
		return true
	}
	return !m.absent && !(m.asked && m.crew.l.r.Loop.Now()-m.given > patience)
}

// give hands a connection over, now or when there is room, and false when it can't be reached. The descriptor is its own when it succeeds.
func (m *crewmate) give(g given) bool {
	if !m.asked {
		m.asked, m.given = true, m.crew.l.r.Loop.Now()
	}
	if len(m.waiting) > 0 {
		m.waiting = append(m.waiting, g)
		return true
	}
	switch m.send(g) {
	case 0:
		_ = sys.Close(g.fd)
		return true
	case syscall.EAGAIN:
		if m.crew.closed {
			if m.awaitBlocking() && m.send(g) == 0 {
				_ = sys.Close(g.fd)
				return true
			}
		} else if m.await() {
			m.waiting = append(m.waiting, g)
			return true
		}
	}
	m.absent = true
	return false
}

// send sends one descriptor. A connection that has ended is opened anew, once: there may be another program.
func (m *crewmate) send(g given) syscall.Errno {
	message := [1]byte{byte(g.how)}
	for fresh := false; ; fresh = true {
		if m.fd < 0 {
			if errno := m.connect(); errno != 0 {
				return errno
			}
			fresh = true
		}
		_, errno := ipc.Send(m.fd, message[:], g.fd)
		if errno == 0 || errno == syscall.EAGAIN {
			return errno
		}
		m.hangUp()
		if fresh {
			return errno
		}
	}
}

func (m *crewmate) connect() syscall.Errno {
	fd, err := unixSocket()
	if err == nil {
		if err = sys.ConnectUnix(fd, m.crew.name(m.page)); err == nil {
			m.fd = fd
			return 0
		}
		_ = sys.Close(fd)
	}
	errno, ok := sys.ErrnoOf(err)
	if !ok || errno == syscall.EAGAIN { // its backlog is full, which nobody tells the end of
		return syscall.ECONNREFUSED
	}
	return errno
}

// hangUp closes the connection.
func (m *crewmate) hangUp() {
	if m.poll != nil {
		m.poll.Close(nil)
		m.poll = nil
	}
	if m.limit != nil {
		m.limit.Close(nil)
		m.limit = nil
	}
	if m.fd >= 0 {
		_ = sys.Close(m.fd)
		m.fd = -1
	}
}

// await waits for room.
func (m *crewmate) await() bool {
	if m.poll == nil {
		p, err := m.crew.l.quietPoll(m.fd, m.room)
		if err != nil {
			return false
		}
		m.poll = p
		m.limit = m.crew.l.r.Loop.NewTimer(m.late)
		m.limit.Unref()
	}
	m.limit.Start(patience, 0)
	return m.poll.Set(loop.Writable) == nil
}

// awaitBlocking waits for room on behalf of a listener that is closed and can't come back to it: there are hundreds on their way already.
func (m *crewmate) awaitBlocking() bool {
	for m.crew.farewell > 0 && m.fd >= 0 {
		began := time.Now()
		fds := []unix.PollFd{{Fd: int32(m.fd), Events: unix.POLLOUT}}
		n, _ := unix.Poll(fds, int(m.crew.farewell/time.Millisecond)+1)
		m.crew.farewell -= time.Since(began)
		if n > 0 {
			return fds[0].Revents&unix.POLLOUT != 0
		}
	}
	return false
}

// room is called when the socket takes more, or is broken. It may run user code.
func (m *crewmate) room(loop.Events) {
	for len(m.waiting) > 0 {
		g := m.waiting[0]
		errno := m.send(g)
		if errno == syscall.EAGAIN {
			if m.poll == nil && !m.await() { // connected anew
				break
			}
			m.limit.Start(patience, 0)
			return
		}
		if errno != 0 {
			break
		}
		_ = sys.Close(g.fd)
		m.waiting = m.waiting[1:]
	}
	if m.poll != nil {
		_ = m.poll.Set(0)
		m.limit.Stop()
	}
	if len(m.waiting) > 0 {
		m.leave()
	}
	m.waiting = nil
}

// late is called when the first that waits has waited for long enough. It may run user code.
func (m *crewmate) late() {
	if m.poll != nil {
		_ = m.poll.Set(0)
	}
	m.leave()
}

// leave gives what waits to others. It may run user code.
func (m *crewmate) leave() {
	waiting := m.waiting
	m.waiting = nil
	if len(waiting) > 0 {
		m.absent, m.since = true, m.crew.l.r.Loop.Vitals().Since(m.page)
	}
	for _, g := range waiting {
		m.crew.route(g)
	}
}
