package dgram

import (
	"math"
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// setOption sets one of the options that are a number. ip(7), ipv6(7).
func (s *socket) setOption(name string, value float64) error {
	on := 0
	if value != 0 {
		on = 1
	}
	switch name {
	case "broadcast":
		return unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_BROADCAST, on)
	case "ttl":
		if !(value >= 1 && value <= 255) {
			return syscall.EINVAL
		}
		if s.v6 {
			return unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS, int(value))
		}
		return unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_TTL, int(value))
	case "multicastTtl":
		if !(math.Trunc(value) >= 0 && value <= 255) {
			return syscall.EINVAL
		}
		if s.v6 {
			return unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS, int(value))
		}
		return unix.SetsockoptByte(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_TTL, byte(value))
	case "multicastLoopback":
		if s.v6 {
			return unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_LOOP, on)
		}
		return unix.SetsockoptByte(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_LOOP, byte(on))
	}
	return syscall.EINVAL
}

// zoneIndex is the number of the interface that an address names after "%"; 0, the system's choice, when there is none of that name.
func zoneIndex(a netip.Addr) int {
	zone := a.Zone()
	if zone == "" {
		return 0
	}
	if n, err := strconv.ParseUint(zone, 10, 31); err == nil {
		return int(n)
	}
	if nic, err := net.InterfaceByName(zone); err == nil {
		return nic.Index
	}
	return 0
}

// setInterface chooses the interface by which multicast leaves: by its address (IPv4) or by its zone (IPv6).
func setInterface(fd int, nic netip.Addr) error {
	if nic.Is4() {
		return unix.SetsockoptInet4Addr(fd, unix.IPPROTO_IP, unix.IP_MULTICAST_IF, nic.As4())
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_IF, zoneIndex(nic))
}

// setMembership joins or leaves a group; nic may be the zero Addr. The group's family decides, whatever the socket's is.
func setMembership(fd int, join bool, group, nic netip.Addr) error {
	if group.Is4() {
		m := unix.IPMreq{Multiaddr: group.As4()}
		if nic.IsValid() {
			if !nic.Is4() {
				return syscall.EINVAL
			}
			m.Interface = nic.As4()
		}
		option := unix.IP_ADD_MEMBERSHIP
		if !join {
			option = unix.IP_DROP_MEMBERSHIP
		}
		return unix.SetsockoptIPMreq(fd, unix.IPPROTO_IP, option, &m)
	}
	m := unix.IPv6Mreq{Multiaddr: group.As16()}
	if nic.IsValid() {
		if nic.Is4() {
			return syscall.EINVAL
		}
		m.Interface = uint32(zoneIndex(nic))
	}
	option := unix.IPV6_JOIN_GROUP
	if !join {
		option = unix.IPV6_LEAVE_GROUP
	}
	return unix.SetsockoptIPv6Mreq(fd, unix.IPPROTO_IPV6, option, &m)
}

// setSourceMembership joins or leaves a group for datagrams of one source; nic may be the zero Addr.
func setSourceMembership(fd int, join bool, source, group, nic netip.Addr) error {
	if nic.IsValid() && nic.Is4() != group.Is4() {
		return syscall.EINVAL
	}
	if group.Is4() {
		var local [4]byte
		if nic.IsValid() {
			local = nic.As4()
		}
		option := unix.IP_ADD_SOURCE_MEMBERSHIP
		if !join {
			option = unix.IP_DROP_SOURCE_MEMBERSHIP
		}
		return unix.SetsockoptString(fd, unix.IPPROTO_IP, option, sourceRequest(group.As4(), local, source.As4()))
	}
	option := mcastJoinSourceGroup
	if !join {
		option = mcastLeaveSourceGroup
	}
	return unix.SetsockoptString(fd, unix.IPPROTO_IPV6, option, groupSourceRequest(zoneIndex(nic), group.As16(), source.As16()))
}

// sendNow sends one datagram at once; to may be the zero value when the socket is connected.
func sendNow(fd int, bufs [][]byte, to netip.AddrPort) error {
	var sa unix.Sockaddr
	if to.IsValid() {
		if a := to.Addr(); a.Is4() {
			sa = &unix.SockaddrInet4{Port: int(to.Port()), Addr: a.As4()}
		} else {
			sa = &unix.SockaddrInet6{Port: int(to.Port()), Addr: a.As16(), ZoneId: uint32(zoneIndex(a))}
		}
	}
	for {
		_, err := unix.SendmsgBuffers(fd, bufs, nil, sa, 0)
		if err != unix.EINTR {
			return err
		}
	}
}
