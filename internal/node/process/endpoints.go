package process

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
)

// endpoints(fd) → [local, remote, size of the send buffer, size of the receive buffer] of a socket, for reports; undefined for what is none. An
// end is [host, port], the path of a unix socket, or null.
func endpoints(c *binding.Call) {
	fd := c.Int(0)
	local, err := unix.Getsockname(fd)
	if err != nil {
		return
	}
	remote, err := unix.Getpeername(fd)
	if err != nil {
		remote = nil
	}
	send, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF)
	receive, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF)
	c.Return(binding.List(endpoint(local), endpoint(remote), binding.Int(send), binding.Int(receive)))
}

func endpoint(a unix.Sockaddr) binding.Result {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return binding.List(binding.String(netip.AddrFrom4(a.Addr).String()), binding.Int(a.Port))
	case *unix.SockaddrInet6:
		return binding.List(binding.String(netip.AddrFrom16(a.Addr).String()), binding.Int(a.Port))
	case *unix.SockaddrUnix:
		return binding.String(a.Name)
	}
	return binding.Null
}
