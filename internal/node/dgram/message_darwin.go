package dgram

import (
	"net"
	"net/netip"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batch       = 1
	messageSize = 64 << 10 // no UDP datagram is larger

	mcastJoinSourceGroup  = 82 // <netinet/in.h>
	mcastLeaveSourceGroup = 83
)

// buffers is what the sockets of one isolate share. Loop thread only; what receive gave is valid until the next receive.
type buffers struct {
	memory []byte
	size   int
	from   netip.AddrPort
}

func newBuffers() *buffers { return &buffers{memory: make([]byte, messageSize)} }

func (b *buffers) receive(fd, _ int) (int, error) {
	for {
		n, sa, err := unix.Recvfrom(fd, b.memory, unix.MSG_DONTWAIT)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, err
		}
		b.size, b.from = n, netip.AddrPort{}
		switch sa := sa.(type) {
		case *unix.SockaddrInet4:
			b.from = netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
		case *unix.SockaddrInet6:
			a := netip.AddrFrom16(sa.Addr)
			if sa.ZoneId != 0 {
				zone := strconv.FormatUint(uint64(sa.ZoneId), 10)
				if nic, err := net.InterfaceByIndex(int(sa.ZoneId)); err == nil {
					zone = nic.Name
				}
				a = a.WithZone(zone)
			}
			b.from = netip.AddrPortFrom(a, uint16(sa.Port))
		}
		return 1, nil
	}
}

func (b *buffers) message(int) ([]byte, netip.AddrPort) { return b.memory[:b.size], b.from }

func (b *buffers) send(fd int, datagrams []datagram) (int, error) {
	if err := sendNow(fd, [][]byte{datagrams[0].data}, datagrams[0].to); err != nil {
		return 0, err
	}
	return 1, nil
}

// shareAddress lets sockets bind to one address; the BSDs want SO_REUSEPORT for that.
func shareAddress(fd int) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
}

// dissolve ends the association with a peer: connect(2) with AF_UNSPEC, which fails with EAFNOSUPPORT once it is done.
func dissolve(fd int) error {
	raw := unix.RawSockaddr{Len: uint8(unsafe.Sizeof(unix.RawSockaddr{})), Family: unix.AF_UNSPEC}
	_, _, e := unix.Syscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&raw)), unsafe.Sizeof(raw))
	if e != 0 && e != unix.EAFNOSUPPORT && e != unix.EINVAL {
		return e
	}
	return nil
}

// sourceRequest is struct ip_mreq_source. <netinet/in.h>
func sourceRequest(group, local, source [4]byte) string {
	return string(group[:]) + string(source[:]) + string(local[:])
}

// groupSourceRequest is struct group_source_req for IPv6 (RFC 3678); packed to 4 bytes there.
func groupSourceRequest(index int, group, source [16]byte) string {
	var req [4 + 128 + 128]byte
	*(*uint32)(unsafe.Pointer(&req[0])) = uint32(index)
	for k, a := range [][16]byte{group, source} {
		to := req[4+k*128:]
		to[0], to[1] = unix.SizeofSockaddrInet6, unix.AF_INET6
		copy(to[8:], a[:])
	}
	return string(req[:])
}
