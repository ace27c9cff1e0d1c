package handle

import (
	"golang.org/x/sys/unix"

	"roost/internal/ipc"
	"roost/internal/loop"
	"roost/internal/sys"
)

// inbox is where other instances hand connections to this one: a listening Unix socket, and a connection from each that has. Loop thread only.
type inbox struct {
	l     *Listener
	fd    int
	poll  *loop.Poll
	lines map[*line]bool
}

// line is one other instance's connection.
type line struct {
	in   *inbox
	fd   int
	poll *loop.Poll
}

// openInbox fails with an errno.
func (l *Listener) openInbox(path string) (*inbox, error) {
	fd, err := unixSocket()
	if err != nil {
		return nil, err
	}
	in := &inbox{l: l, fd: fd, lines: map[*line]bool{}}
	if err = sys.BindUnix(fd, path); err == nil {
		err = sys.Listen(fd, unix.SOMAXCONN)
	}
	if err == nil {
		in.poll, err = l.quietPoll(fd, func(loop.Events) { in.accept() })
	}
	if err == nil {
		err = in.poll.Set(loop.Readable)
	}
	if err != nil {
		if in.poll != nil {
			in.poll.Close(nil)
		}
		_ = sys.Close(fd)
		return nil, err
	}
	return in, nil
}

// accept takes connections of other instances.
func (in *inbox) accept() {
	for {
		fd, err := sys.Accept(in.fd)
		if err != nil {
			return
		}
		x := &line{in: in, fd: fd}
		if x.poll, err = in.l.quietPoll(fd, func(loop.Events) { x.read(in.l.adopt, perTurn) }); err == nil {
			err = x.poll.Set(loop.Readable)
		}
		if err != nil {
			x.close()
			continue
		}
		in.lines[x] = true
	}
}

// perTurn is how many connections are taken from one instance before others have their turn.
const perTurn = 64

// read takes up to n connections that were handed over. take owns them, and may run user code and close the listener.
func (x *line) read(take func(fd int, how handover), n int) {
	var buf [64]byte
	var room [4]int
	for ; n != 0 && x.fd >= 0; n-- {
		got, fds, errno := ipc.Receive(x.fd, buf[:], room[:0])
		if errno == unix.EAGAIN {
			return
		}
		if got == 0 || !isHandover(buf[:got], len(fds)) { // the end, or nobody of ours
			for _, fd := range fds {
				_ = sys.Close(fd)
			}
			x.close()
			return
		}
		for k, fd := range fds {
			take(fd, handover(buf[k]))
		}
	}
}

// isHandover tells whether bytes that came with descriptors are a handover of each. Without a descriptor it is one that found no room here:
// the kernel has closed the connection.
func isHandover(p []byte, descriptors int) bool {
	for _, c := range p {
		if h := handover(c); h != yours && h != anybodys {
			return false
		}
	}
	return descriptors <= len(p)
}

func (x *line) close() {
	if x.poll != nil {
		x.poll.Close(nil)
	}
	if x.fd >= 0 {
		_ = sys.Close(x.fd)
		x.fd = -1
	}
	delete(x.in.lines, x)
}

// adopt serves a connection that another instance has accepted. It may run user code.
func (l *Listener) adopt(fd int, how handover) {
	switch {
	case l.closed:
		l.crew.reroute(fd)
	case how == anybodys:
		l.crew.arriving.look(fd)
	default:
		_ = l.take(fd)
	}
}

// close ends all connections in a way that loses nothing: from the shutdown on a sender gets an error, and what it has sent before is read
// and given to others.
func (in *inbox) close(c *crew) {
	_ = sys.Shutdown(in.fd, unix.SHUT_RDWR)
	in.accept()
	for x := range in.lines {
		_ = sys.Shutdown(x.fd, unix.SHUT_RD)
		x.read(func(fd int, _ handover) { c.reroute(fd) }, -1)
		x.close()
	}
	in.poll.Close(nil)
	_ = sys.Close(in.fd)
}
