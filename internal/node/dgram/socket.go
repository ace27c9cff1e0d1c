package dgram

import (
	"errors"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/loop"
	"roost/internal/sys"
)

// bindFlags are libuv's, which os.constants publishes.
type bindFlags int

const (
	flagV6Only    bindFlags = 1
	flagReuseAddr bindFlags = 4
	flagReusePort bindFlags = 8
)

// socket is one UDP socket. Loop thread only.
type socket struct {
	env     *binding.Env
	buffers *buffers
	id      int  // by which JavaScript knows it; immutable after create
	v6      bool // immutable after create

	fd          int // -1: none yet, or closed
	poll        *loop.Poll
	receiving   bool
	shared      bool // other processes receive from the socket too
	unrefed     bool
	closing     bool
	flushing    bool
	out         []datagram // what the kernel didn't take at once
	queuedBytes int
}

// datagram waits to be sent.
type datagram struct {
	request int
	to      netip.AddrPort // the zero value: the connected peer
	data    []byte
}

func (s *socket) attach(fd int) error {
	poll, err := s.env.Loop.NewPoll(fd, s.ready)
	if err != nil {
		return err
	}
	poll.SetKind("UDPWrap")
	s.fd, s.poll = fd, poll
	if s.unrefed {
		poll.Unref()
	}
	return nil
}

// open takes over a descriptor.
func (s *socket) open(fd int) error {
	if _, err := unix.Getsockname(fd); err != nil {
		return err
	}
	if kindOf(fd) != "UDP" {
		return syscall.EINVAL
	}
	if err := sys.SetNonblock(fd, true); err != nil {
		return err
	}
	return s.attach(fd)
}

func (s *socket) bind(a netip.AddrPort, flags bindFlags) error {
	if flags&flagV6Only != 0 && !s.v6 {
		return syscall.EINVAL
	}
	if s.fd < 0 {
		fd, err := sys.Socket(sys.Family(a.Addr()), unix.SOCK_DGRAM, 0)
		if err != nil {
			return err
		}
		if err = s.attach(fd); err != nil {
			_ = sys.Close(fd)
			return err
		}
	}
	if flags&flagReuseAddr != 0 {
		if err := shareAddress(s.fd); err != nil {
			return err
		}
	}
	if flags&flagReusePort != 0 {
		if err := sys.SetReusePort(s.fd, true); err != nil {
			return err
		}
	}
	if flags&flagV6Only != 0 {
		if err := sys.SetV6Only(s.fd, true); err != nil {
			return err
		}
	}
	return sys.Bind(s.fd, a)
}

// implicitBind gives a socket without a descriptor any port of all addresses.
func (s *socket) implicitBind() error {
	if s.fd >= 0 || s.closing {
		return nil
	}
	unspecified := netip.IPv4Unspecified()
	if s.v6 {
		unspecified = netip.IPv6Unspecified()
	}
	return s.bind(netip.AddrPortFrom(unspecified, 0), 0)
}

// send sends one datagram. n is its size + 1 when the kernel took it, 0 when it waits: eventSent(request, errno, size) will follow.
func (s *socket) send(request int, to netip.AddrPort, bufs [][]byte) (n int, err error) {
	size := 0
	for _, b := range bufs {
		size += len(b)
	}
	if len(s.out) == 0 && !s.flushing {
		err = sendNow(s.fd, bufs, to)
		if err == nil {
			return size + 1, nil
		}
		if !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.ENOBUFS) {
			return 0, err
		}
	}
	data := make([]byte, 0, size)
	for _, b := range bufs {
		data = append(data, b...)
	}
	s.out = append(s.out, datagram{request, to, data})
	s.queuedBytes += size
	return 0, s.update()
}

// update tells the poller what the socket waits for.
func (s *socket) update() error {
	if s.closing || s.poll == nil {
		return nil
	}
	var want loop.Events
	if s.receiving {
		want |= loop.Readable
	}
	if len(s.out) > 0 {
		want |= loop.Writable
	}
	return s.poll.Set(want)
}

func (s *socket) ready(ev loop.Events) {
	if ev&loop.Failed != 0 {
		e, ok := sys.ErrnoOf(s.poll.Err())
		if !ok {
			e = syscall.EBADF
		}
		s.receiving = false
		s.env.Emit(s.id, eventReceiveError, binding.Int(sys.ErrnoNumber(e)))
		return
	}
	if ev&loop.Readable != 0 && s.receiving {
		s.read()
	}
	if ev&loop.Writable != 0 && !s.closing {
		s.flush()
	}
}

// readsPerEvent bounds how long one busy socket may keep the others waiting.
const readsPerEvent = 4

func (s *socket) read() {
	for range readsPerEvent {
		limit := batch
		if s.shared {
			limit = 1 // what is taken and not delivered, since the program closes the socket, is lost for the others
		}
		n, err := s.buffers.receive(s.fd, limit)
		if err != nil {
			if !errors.Is(err, syscall.EAGAIN) {
				s.env.Emit(s.id, eventReceiveError, errno(err))
			}
			return
		}
		for k := range n {
			data, from := s.buffers.message(k)
			s.env.Emit(s.id, eventMessage, binding.Buffer(data), binding.String(from.Addr().String()), family(from), binding.Int(from.Port()))
			if s.closing || !s.receiving || s.env.Stopped() {
				return
			}
		}
		if n < limit {
			return
		}
	}
}

// flush sends what waits until the kernel takes no more.
func (s *socket) flush() {
	s.flushing = true
	defer func() { s.flushing = false }()
	for len(s.out) > 0 && !s.closing {
		n, err := s.buffers.send(s.fd, s.out)
		if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.ENOBUFS) {
			return
		}
		if err != nil {
			n = 1 // the first one failed
		}
		sent := s.out[:n:n]
		if s.out = s.out[n:]; len(s.out) == 0 {
			s.out = nil
		}
		for k := range sent {
			s.queuedBytes -= len(sent[k].data)
		}
		_ = s.update()
		for k := range sent {
			s.env.Emit(s.id, eventSent, binding.Int(sent[k].request), errno(err), binding.Int(len(sent[k].data)))
		}
	}
}

// Close closes the descriptor at once; onClose runs in the close phase, after eventSent(ECANCELED) for what still waited.
func (s *socket) Close(onClose func()) {
	if s.closing {
		return
	}
	s.closing = true
	s.receiving = false
	left := s.out
	s.out, s.queuedBytes = nil, 0
	done := func() {
		for _, d := range left {
			s.env.Emit(s.id, eventSent, binding.Int(d.request), errno(syscall.ECANCELED), binding.Int(len(d.data)))
		}
		if onClose != nil {
			onClose()
		}
	}
	if s.poll == nil {
		s.env.Loop.Pending(done)
		return
	}
	s.poll.Close(done)
	_ = sys.Close(s.fd)
	s.fd = -1
}

func (s *socket) setRef(on bool) {
	s.unrefed = !on
	if s.poll == nil {
		return
	}
	if on {
		s.poll.Ref()
	} else {
		s.poll.Unref()
	}
}
