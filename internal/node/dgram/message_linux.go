package dgram

import (
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batch       = 8        // datagrams that one system call takes
	messageSize = 64 << 10 // no UDP datagram is larger

	mcastJoinSourceGroup  = unix.MCAST_JOIN_SOURCE_GROUP
	mcastLeaveSourceGroup = unix.MCAST_LEAVE_SOURCE_GROUP
)

// message is the kernel's struct mmsghdr. recvmmsg(2)
type message struct {
	header unix.Msghdr
	size   uint32
	_      [4]byte
}

// buffers is what the sockets of one isolate share: memory for a batch of datagrams each way. Loop thread only; what receive gave is
// valid until the next receive.
type buffers struct {
	in       [batch]message
	from     [batch]unix.RawSockaddrInet6
	vectors  [batch]unix.Iovec
	memory   []byte
	out      [batch]message
	to       [batch]unix.RawSockaddrInet6
	outParts [batch]unix.Iovec
}

func newBuffers() *buffers {
	return &buffers{memory: make([]byte, batch*messageSize)}
}

// mmsg calls recvmmsg or sendmmsg until no signal interrupts it, and gives how many messages of the vector were used.
func mmsg(trap uintptr, fd int, vector unsafe.Pointer, count int) (int, error) {
	for {
		n, _, e := unix.RawSyscall6(trap, uintptr(fd), uintptr(vector), uintptr(count), unix.MSG_DONTWAIT, 0, 0)
		switch e {
		case 0:
			return int(n), nil
		case unix.EINTR:
		default:
			return 0, e
		}
	}
}

// receive takes up to limit datagrams, at most a batch; message gives them.
func (b *buffers) receive(fd, limit int) (int, error) {
	for k := range b.in[:limit] {
		b.vectors[k].Base = &b.memory[k*messageSize]
		b.vectors[k].SetLen(messageSize)
		h := &b.in[k].header
		*h = unix.Msghdr{Name: (*byte)(unsafe.Pointer(&b.from[k])), Namelen: uint32(unsafe.Sizeof(b.from[k])), Iov: &b.vectors[k]}
		h.SetIovlen(1)
	}
	return mmsg(unix.SYS_RECVMMSG, fd, unsafe.Pointer(&b.in), limit)
}

// message is datagram k of the last receive.
func (b *buffers) message(k int) ([]byte, netip.AddrPort) {
	size := min(int(b.in[k].size), messageSize)
	return b.memory[k*messageSize:][:size], decode(&b.from[k])
}

// decode reads a socket address of either family.
func decode(raw *unix.RawSockaddrInet6) netip.AddrPort {
	port := func(p *uint16) uint16 {
		b := (*[2]byte)(unsafe.Pointer(p))
		return uint16(b[0])<<8 | uint16(b[1])
	}
	switch raw.Family {
	case unix.AF_INET:
		in4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(raw))
		return netip.AddrPortFrom(netip.AddrFrom4(in4.Addr), port(&in4.Port))
	case unix.AF_INET6:
		a := netip.AddrFrom16(raw.Addr)
		if raw.Scope_id != 0 {
			zone := strconv.FormatUint(uint64(raw.Scope_id), 10)
			if nic, err := net.InterfaceByIndex(int(raw.Scope_id)); err == nil {
				zone = nic.Name
			}
			a = a.WithZone(zone)
		}
		return netip.AddrPortFrom(a, port(&raw.Port))
	}
	return netip.AddrPort{}
}

// encode writes a socket address and gives its size.
func encode(raw *unix.RawSockaddrInet6, to netip.AddrPort) uint32 {
	put := func(p *uint16) {
		b := (*[2]byte)(unsafe.Pointer(p))
		b[0], b[1] = byte(to.Port()>>8), byte(to.Port())
	}
	*raw = unix.RawSockaddrInet6{}
	if a := to.Addr(); a.Is4() {
		in4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(raw))
		in4.Family, in4.Addr = unix.AF_INET, a.As4()
		put(&in4.Port)
		return unix.SizeofSockaddrInet4
	}
	raw.Family, raw.Addr, raw.Scope_id = unix.AF_INET6, to.Addr().As16(), uint32(zoneIndex(to.Addr()))
	put(&raw.Port)
	return unix.SizeofSockaddrInet6
}

// send sends as many of the datagrams as the kernel takes in one call, at least one if err is nil. An error is of the first one.
func (b *buffers) send(fd int, datagrams []datagram) (int, error) {
	count := min(len(datagrams), batch)
	for k := range count {
		d := &datagrams[k]
		h := &b.out[k].header
		*h = unix.Msghdr{}
		if d.to.IsValid() {
			h.Name, h.Namelen = (*byte)(unsafe.Pointer(&b.to[k])), encode(&b.to[k], d.to)
		}
		if len(d.data) > 0 {
			b.outParts[k].Base = &d.data[0]
			b.outParts[k].SetLen(len(d.data))
			h.Iov = &b.outParts[k]
			h.SetIovlen(1)
		}
	}
	defer clear(b.outParts[:]) // keep no datagram alive
	return mmsg(unix.SYS_SENDMMSG, fd, unsafe.Pointer(&b.out), count)
}

// shareAddress lets sockets bind to one address. socket(7)
func shareAddress(fd int) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
}

// dissolve ends the association with a peer: connect(2) with AF_UNSPEC.
func dissolve(fd int) error {
	raw := unix.RawSockaddr{Family: unix.AF_UNSPEC}
	for {
		_, _, e := unix.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&raw)), unsafe.Sizeof(raw))
		switch e {
		case 0:
			return nil
		case unix.EINTR:
		default:
			return syscall.Errno(e)
		}
	}
}

// sourceRequest is struct ip_mreq_source. ip(7)
func sourceRequest(group, local, source [4]byte) string {
	return string(group[:]) + string(local[:]) + string(source[:])
}

// groupSourceRequest is struct group_source_req for IPv6 (RFC 3678).
func groupSourceRequest(index int, group, source [16]byte) string {
	const storage = 128 // sizeof(struct sockaddr_storage)
	var req struct {
		index  uint32
		_      uint32
		group  [storage]byte
		source [storage]byte
	}
	req.index = uint32(index)
	for k, a := range [][16]byte{group, source} {
		to := &req.group
		if k == 1 {
			to = &req.source
		}
		*(*unix.RawSockaddrInet6)(unsafe.Pointer(to)) = unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: a}
	}
	return string((*[unsafe.Sizeof(req)]byte)(unsafe.Pointer(&req))[:])
}
