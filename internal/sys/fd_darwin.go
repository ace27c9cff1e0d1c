package sys

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// prepare makes fresh descriptors non-blocking and not inherited. The caller
// holds syscall.ForkLock, since macOS can't do it in one call.
func prepare(fds ...int) error {
	for _, fd := range fds {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			for _, fd := range fds {
				_ = unix.Close(fd)
			}
			return err
		}
	}
	return nil
}

// Pipe makes a pipe whose ends are non-blocking and not inherited by children.
func Pipe() (r, w int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	var p [2]int
	if err = unix.Pipe(p[:]); err == nil {
		err = prepare(p[:]...)
	}
	return p[0], p[1], err
}

// Eventfd doesn't exist on macOS: it fails with ENOSYS.
func Eventfd() (int, error) { return -1, unix.ENOSYS }

// Socketpair makes a pair of connected, non-blocking stream sockets.
func Socketpair() (a, b int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		err = prepare(p[:]...)
	}
	return p[0], p[1], err
}

// Socket makes a non-blocking socket that children don't inherit.
func Socket(family, kind, protocol int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(family, kind, protocol)
	if err != nil {
		return -1, err
	}
	return fd, prepare(fd)
}

// Accept takes a connection, non-blocking and not inherited.
func Accept(fd int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	for {
		conn, _, err := unix.Accept(fd)
		if err == nil {
			return conn, prepare(conn)
		}
		if err != unix.EINTR {
			return -1, err
		}
	}
}

// SetKeepAlive switches probes of an idle connection: the first after idle
// seconds, then every interval, until count are lost. Zero keeps the system's
// value.
func SetKeepAlive(fd int, on bool, idle, interval, count int) error {
	if err := setBool(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, on); err != nil || !on {
		return err
	}
	for _, o := range [...]struct{ name, value int }{
		{unix.TCP_KEEPALIVE, idle}, {unix.TCP_KEEPINTVL, interval}, {unix.TCP_KEEPCNT, count},
	} {
		if o.value > 0 {
			if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, o.name, o.value); err != nil {
				return err
			}
		}
	}
	return nil
}

const sendFlags = 0

// SocketCookie doesn't exist on macOS: it fails with ENOTSUP.
func SocketCookie(int) (uint64, error) { return 0, unix.ENOTSUP }
