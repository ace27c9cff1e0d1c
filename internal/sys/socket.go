package sys

import (
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// Family is the address family of a: AF_INET or AF_INET6.
func Family(a netip.Addr) int {
	if a.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

// sockaddr turns an address into what the kernel takes. A zone is a number or
// the name of an interface; ENXIO if there is no such interface.
func sockaddr(a netip.AddrPort) (unix.Sockaddr, error) {
	ip := a.Addr()
	switch {
	case ip.Is4():
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: ip.As4()}, nil
	case ip.Is6():
		sa := &unix.SockaddrInet6{Port: int(a.Port()), Addr: ip.As16()}
		if zone := ip.Zone(); zone != "" {
			n, err := strconv.ParseUint(zone, 10, 32)
			if err != nil {
				nic, err := net.InterfaceByName(zone)
				if err != nil {
					return nil, unix.ENXIO
				}
				n = uint64(nic.Index)
			}
			sa.ZoneId = uint32(n)
		}
		return sa, nil
	}
	return nil, unix.EINVAL
}

// addrPort is the inverse; the zero AddrPort for another family.
func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		ip := netip.AddrFrom16(sa.Addr)
		if sa.ZoneId != 0 {
			zone := strconv.FormatUint(uint64(sa.ZoneId), 10)
			if nic, err := net.InterfaceByIndex(int(sa.ZoneId)); err == nil {
				zone = nic.Name
			}
			ip = ip.WithZone(zone)
		}
		return netip.AddrPortFrom(ip, uint16(sa.Port))
	}
	return netip.AddrPort{}
}

// Bind gives the socket a local address.
func Bind(fd int, a netip.AddrPort) error {
	sa, err := sockaddr(a)
	if err != nil {
		return err
	}
	return unix.Bind(fd, sa)
}

// BindUnix gives the socket a path. One that begins with NUL is abstract (Linux).
func BindUnix(fd int, path string) error {
	return unix.Bind(fd, &unix.SockaddrUnix{Name: unixName(path)})
}

// Connect starts a connection. EINPROGRESS is returned as it is: when the
// descriptor becomes writable, SocketError has the result.
func Connect(fd int, a netip.AddrPort) error {
	sa, err := sockaddr(a)
	if err != nil {
		return err
	}
	return connect(fd, sa)
}

// ConnectUnix connects to a path.
func ConnectUnix(fd int, path string) error {
	return connect(fd, &unix.SockaddrUnix{Name: unixName(path)})
}

// connect: a connect that a signal interrupts goes on by itself (connect(2)).
func connect(fd int, sa unix.Sockaddr) error {
	if err := unix.Connect(fd, sa); err != unix.EINTR {
		return err
	}
	return unix.EINPROGRESS
}

// unixName marks an abstract name the way that x/sys/unix wants it.
func unixName(path string) string {
	if path != "" && path[0] == 0 {
		return "@" + path[1:]
	}
	return path
}

// Listen makes the socket accept connections.
func Listen(fd, backlog int) error { return unix.Listen(fd, backlog) }

// Shutdown closes one half: unix.SHUT_RD, SHUT_WR or both.
func Shutdown(fd, how int) error { return unix.Shutdown(fd, how) }

// LocalAddr is the socket's own address.
func LocalAddr(fd int) (netip.AddrPort, error) {
	sa, err := unix.Getsockname(fd)
	if err != nil {
		return netip.AddrPort{}, err
	}
	return addrPort(sa), nil
}

// PeerAddr is the address of the other side.
func PeerAddr(fd int) (netip.AddrPort, error) {
	sa, err := unix.Getpeername(fd)
	if err != nil {
		return netip.AddrPort{}, err
	}
	return addrPort(sa), nil
}

// Connected tells whether a socket has a peer.
func Connected(fd int) bool {
	_, err := unix.Getpeername(fd)
	return err == nil
}

// LocalPath is the path that a Unix socket is bound to, "" for none.
func LocalPath(fd int) (string, error) {
	sa, err := unix.Getsockname(fd)
	if err != nil {
		return "", err
	}
	u, _ := sa.(*unix.SockaddrUnix)
	if u == nil {
		return "", unix.EAFNOSUPPORT
	}
	return u.Name, nil
}

// SocketError takes the pending error, 0 for none: the result of a connect.
func SocketError(fd int) syscall.Errno {
	n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		e, _ := ErrnoOf(err)
		return e
	}
	return syscall.Errno(n)
}

func setBool(fd, level, name int, on bool) error {
	value := 0
	if on {
		value = 1
	}
	return unix.SetsockoptInt(fd, level, name, value)
}

// SetNoDelay switches Nagle's algorithm off or on.
func SetNoDelay(fd int, on bool) error {
	return setBool(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, on)
}

// SetReuseAddr lets a server bind while old connections linger.
func SetReuseAddr(fd int, on bool) error {
	return setBool(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, on)
}

// SetReusePort lets several sockets share a port.
func SetReusePort(fd int, on bool) error {
	return setBool(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, on)
}

// SetV6Only keeps IPv4 away from an IPv6 socket.
func SetV6Only(fd int, on bool) error {
	return setBool(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, on)
}

// SetBroadcast lets a datagram socket send to broadcast addresses.
func SetBroadcast(fd int, on bool) error {
	return setBool(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, on)
}

// SetResetOnClose makes close send a reset in place of an orderly end.
func SetResetOnClose(fd int) error {
	return unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
}

// SendBuffer is the size of the kernel's send buffer in bytes.
func SendBuffer(fd int) (int, error) {
	return unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF)
}

// RecvBuffer is the size of the kernel's receive buffer in bytes.
func RecvBuffer(fd int) (int, error) {
	return unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF)
}

// SetSendBuffer asks for a size; Linux doubles it.
func SetSendBuffer(fd, size int) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, size)
}

// SetRecvBuffer asks for a size; Linux doubles it.
func SetRecvBuffer(fd, size int) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, size)
}
