// Package dgram is the Go half of node:dgram: UDP sockets as JavaScript sees them, by number.
//
// Everything runs on the isolate's thread. Descriptors are non-blocking and watched by the loop's own poller. Natives give negative
// errnos; JavaScript makes the errors, since it knows the addresses. The package must not import another builtin.
package dgram

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/sys"
)

// Module is the dgram builtin.
var Module = binding.Module{Name: "dgram", Natives: binding.Natives{
	"create": create, "open": open, "bind": bind, "connect": connect, "disconnect": disconnect, "send": send,
	"receive": receive, "close": closeSocket, "ref": ref, "hasRef": hasRef, "fd": fd, "queue": queue,
	"localAddress": localAddress, "remoteAddress": remoteAddress, "bufferSize": bufferSize, "setOption": setOption,
	"setMulticastInterface": setMulticastInterface, "membership": membership, "sourceMembership": sourceMembership,
	"descriptorKind": descriptorKind, "adopt": adopt, "share": share,
}}

// Events of a socket, as lib/handle.ts reads them.
const (
	eventMessage = iota + 1
	eventReceiveError
	eventSent
	eventClose
)

type stateKey struct{}

func buffersOf(env *binding.Env) *buffers {
	return env.State(stateKey{}, func() any { return newBuffers() }).(*buffers)
}

// errno is an error number as JavaScript has it: negative, 0 for none.
func errno(err error) binding.Result {
	if err == nil {
		return binding.Int(0)
	}
	if e, ok := sys.ErrnoOf(err); ok {
		return binding.Int(sys.ErrnoNumber(e))
	}
	return binding.Int(sys.ErrnoNumber(syscall.EINVAL))
}

func get(c *binding.Call) *socket {
	s, _ := c.Env().Handle(c.Int(0)).(*socket)
	return s
}

// with calls f with the socket of argument 0 if it has a descriptor, and returns the errno.
func with(c *binding.Call, f func(s *socket) error) {
	s := get(c)
	if s == nil || s.fd < 0 {
		c.Return(errno(syscall.EBADF))
		return
	}
	c.Return(errno(f(s)))
}

// address reads the address in argument k and the port in the next one; false unless it is of the socket's family.
func address(c *binding.Call, s *socket, k int) (netip.AddrPort, bool) {
	a, err := netip.ParseAddr(c.String(k))
	if err != nil || a.Is4() == s.v6 {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(a, uint16(c.Int(k+1))), true
}

// create(v6) → id of a socket without a descriptor
func create(c *binding.Call) {
	env := c.Env()
	s := &socket{env: env, buffers: buffersOf(env), fd: -1, v6: c.Bool(0)}
	s.id = env.Adopt(s)
	c.Return(binding.Int(s.id))
}

// adopt(fd) → id of a socket over one that another process gave | -errno. The descriptor is gone either way.
func adopt(c *binding.Call) {
	env, fd := c.Env(), c.Int(0)
	s := &socket{env: env, buffers: buffersOf(env), fd: -1, shared: true}
	if a, err := sys.LocalAddr(fd); err == nil {
		s.v6 = a.Addr().Is6()
	}
	if err := s.open(fd); err != nil {
		_ = sys.Close(fd)
		c.Return(errno(err))
		return
	}
	unix.CloseOnExec(fd)
	s.id = env.Adopt(s)
	c.Return(binding.Int(s.id))
}

// share(id): other processes get the socket too
func share(c *binding.Call) {
	if s := get(c); s != nil {
		s.shared = true
	}
}

// open(id, fd) → 0 | -errno
func open(c *binding.Call) {
	s := get(c)
	if s == nil || s.closing || s.fd >= 0 {
		c.Return(errno(syscall.EBADF))
		return
	}
	c.Return(errno(s.open(c.Int(1))))
}

// bind(id, address, port, flags) → 0 | -errno
func bind(c *binding.Call) {
	s := get(c)
	if s == nil || s.closing {
		c.Return(errno(syscall.EBADF))
		return
	}
	a, ok := address(c, s, 1)
	if !ok {
		c.Return(errno(syscall.EINVAL))
		return
	}
	c.Return(errno(s.bind(a, bindFlags(c.Int(3)))))
}

// connect(id, address, port) → 0 | -errno
func connect(c *binding.Call) {
	with(c, func(s *socket) error {
		a, ok := address(c, s, 1)
		if !ok {
			return syscall.EINVAL
		}
		return sys.Connect(s.fd, a)
	})
}

// disconnect(id) → 0 | -errno
func disconnect(c *binding.Call) {
	with(c, func(s *socket) error { return dissolve(s.fd) })
}

// send(id, request, address | undefined, port, ...chunks) → bytes + 1 when they were sent | 0 when eventSent follows | -errno
func send(c *binding.Call) {
	s := get(c)
	if s == nil || s.closing || s.fd < 0 {
		c.Return(errno(syscall.EBADF))
		return
	}
	var to netip.AddrPort
	if !c.IsUndefined(2) {
		var ok bool
		if to, ok = address(c, s, 2); !ok {
			c.Return(errno(syscall.EINVAL))
			return
		}
	}
	var few [8][]byte
	bufs := few[:0]
	for k := 4; k < c.Len(); k++ {
		if b := c.Bytes(k); len(b) > 0 {
			bufs = append(bufs, b)
		}
	}
	n, err := s.send(c.Int(1), to, bufs)
	if err != nil {
		c.Return(errno(err))
		return
	}
	c.Return(binding.Int(n))
}

// receive(id, on) → 0 | -errno
func receive(c *binding.Call) {
	on := c.Bool(1)
	with(c, func(s *socket) error {
		s.receiving = on
		return s.update()
	})
}

func closeSocket(c *binding.Call) {
	s := get(c)
	if s == nil || s.closing {
		return
	}
	env := c.Env()
	s.Close(func() {
		env.Emit(s.id, eventClose)
		env.Drop(s.id)
	})
}

// ref(id, on)
func ref(c *binding.Call) {
	if s := get(c); s != nil {
		s.setRef(c.Bool(1))
	}
}

func hasRef(c *binding.Call) {
	s := get(c)
	c.Return(binding.Bool(s != nil && !s.unrefed && !s.closing))
}

func fd(c *binding.Call) {
	if s := get(c); s != nil {
		c.Return(binding.Int(s.fd))
		return
	}
	c.Return(binding.Int(-1))
}

// queue(id) → [bytes, datagrams] that wait to be sent
func queue(c *binding.Call) {
	if s := get(c); s != nil {
		c.Return(binding.List(binding.Int(s.queuedBytes), binding.Int(len(s.out))))
		return
	}
	c.Return(binding.List(binding.Int(0), binding.Int(0)))
}

func localAddress(c *binding.Call)  { returnAddress(c, sys.LocalAddr) }
func remoteAddress(c *binding.Call) { returnAddress(c, sys.PeerAddr) }

// returnAddress returns [address, family, port] | -errno
func returnAddress(c *binding.Call, of func(int) (netip.AddrPort, error)) {
	s := get(c)
	if s == nil || s.fd < 0 {
		c.Return(errno(syscall.EBADF))
		return
	}
	a, err := of(s.fd)
	if err != nil {
		c.Return(errno(err))
		return
	}
	c.Return(binding.List(binding.String(a.Addr().String()), family(a), binding.Int(a.Port())))
}

func family(a netip.AddrPort) binding.Result {
	if a.Addr().Is4() {
		return binding.String("IPv4")
	}
	return binding.String("IPv6")
}

// bufferSize(id, receive, size: 0 to ask) → size | -errno
func bufferSize(c *binding.Call) {
	s := get(c)
	if s == nil || s.fd < 0 {
		c.Return(errno(syscall.EBADF))
		return
	}
	name := unix.SO_SNDBUF
	if c.Bool(1) {
		name = unix.SO_RCVBUF
	}
	size := c.Int64(2)
	if size > 1<<31-1 || size < 0 {
		c.Return(errno(syscall.EINVAL))
		return
	}
	if size > 0 {
		if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, name, int(size)); err != nil {
			c.Return(errno(err))
			return
		}
	}
	got, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, name)
	if err != nil {
		c.Return(errno(err))
		return
	}
	c.Return(binding.Int(got))
}

// setOption(id, name, value) → 0 | -errno. name: broadcast, ttl, multicastTtl, multicastLoopback
func setOption(c *binding.Call) {
	name, value := c.String(1), c.Float(2)
	with(c, func(s *socket) error { return s.setOption(name, value) })
}

// setMulticastInterface(id, address) → 0 | -errno
func setMulticastInterface(c *binding.Call) {
	a, err := netip.ParseAddr(c.String(1))
	with(c, func(s *socket) error {
		if err != nil {
			return syscall.EINVAL
		}
		return setInterface(s.fd, a)
	})
}

// membership(id, join, group, interface | undefined) → 0 | -errno. Binds the socket if need be.
func membership(c *binding.Call) {
	group, err := netip.ParseAddr(c.String(2))
	if err != nil {
		c.Return(errno(syscall.EINVAL))
		return
	}
	nic, ok := nicArgument(c, 3)
	if s := get(c); !ok || s == nil || s.implicitBind() != nil {
		c.Return(errno(syscall.EINVAL))
		return
	}
	join := c.Bool(1)
	with(c, func(s *socket) error { return setMembership(s.fd, join, group, nic) })
}

// sourceMembership(id, join, source, group, interface | undefined) → 0 | -errno. Binds the socket if need be.
func sourceMembership(c *binding.Call) {
	source, err := netip.ParseAddr(c.String(2))
	group, err2 := netip.ParseAddr(c.String(3))
	nic, ok := nicArgument(c, 4)
	if err != nil || err2 != nil || !ok || source.Is4() != group.Is4() {
		c.Return(errno(syscall.EINVAL))
		return
	}
	if s := get(c); s == nil || s.implicitBind() != nil {
		c.Return(errno(syscall.EINVAL))
		return
	}
	join := c.Bool(1)
	with(c, func(s *socket) error { return setSourceMembership(s.fd, join, source, group, nic) })
}

// nicArgument reads the address of an interface; the zero Addr when there is none.
func nicArgument(c *binding.Call, k int) (netip.Addr, bool) {
	if c.IsUndefined(k) {
		return netip.Addr{}, true
	}
	a, err := netip.ParseAddr(c.String(k))
	return a, err == nil
}

// descriptorKind(fd) → what the descriptor is, in Node's words
func descriptorKind(c *binding.Call) { c.Return(binding.String(kindOf(c.Int(0)))) }

func kindOf(fd int) string {
	var st unix.Stat_t
	if fd < 0 || unix.Fstat(fd, &st) != nil {
		return "UNKNOWN"
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		return "FILE"
	case unix.S_IFIFO:
		return "PIPE"
	case unix.S_IFCHR:
		return "FILE"
	case unix.S_IFSOCK:
	default:
		return "UNKNOWN"
	}
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	name, err2 := unix.Getsockname(fd)
	if err != nil || err2 != nil {
		return "UNKNOWN"
	}
	switch name.(type) {
	case *unix.SockaddrUnix:
		if kind == unix.SOCK_STREAM {
			return "PIPE"
		}
	case *unix.SockaddrInet4, *unix.SockaddrInet6:
		switch kind {
		case unix.SOCK_STREAM:
			return "TCP"
		case unix.SOCK_DGRAM:
			return "UDP"
		}
	}
	return "UNKNOWN"
}
