package sys

import "golang.org/x/sys/unix"

// Pipe makes a pipe whose ends are non-blocking and not inherited by children.
func Pipe() (r, w int, err error) {
	var p [2]int
	err = unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK)
	return p[0], p[1], err
}

// Eventfd makes a non-blocking event counter that children don't inherit.
func Eventfd() (int, error) {
	return unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
}

// Socketpair makes a pair of connected, non-blocking stream sockets.
func Socketpair() (a, b int, err error) {
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	return p[0], p[1], err
}

// Socket makes a non-blocking socket that children don't inherit.
func Socket(family, kind, protocol int) (int, error) {
	return unix.Socket(family, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, protocol)
}

// Accept takes a connection, non-blocking and not inherited. The peer's address
// isn't asked for: see PeerAddr.
func Accept(fd int) (int, error) {
	for {
		r, _, e := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(fd), 0, 0, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0, 0)
		if e == 0 {
			return int(r), nil
		}
		if e != unix.EINTR {
			return -1, e
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
		{unix.TCP_KEEPIDLE, idle}, {unix.TCP_KEEPINTVL, interval}, {unix.TCP_KEEPCNT, count},
	} {
		if o.value > 0 {
			if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, o.name, o.value); err != nil {
				return err
			}
		}
	}
	return nil
}

const sendFlags = unix.MSG_NOSIGNAL // the error is enough

// SocketCookie is a number by which the kernel tells sockets apart: the same one in every process that has the socket, and never another one's.
func SocketCookie(fd int) (uint64, error) {
	return unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_COOKIE)
}
