package sys

import "syscall"

// SendRing sends to many sockets with one system call. A thread that wakes readers with a call for each of them loses its processor to them between
// the calls, again and again. See docs/rationale.md, "Why are held writes sent through io_uring?". One goroutine at a time.
type SendRing struct {
	sends []send
	ring  ring
}

// send is one of the sends that are to be made, and what came of it.
type send struct {
	fd    int
	data  []byte
	n     int
	errno syscall.Errno
}

// NewSendRing makes one for up to n sends at a time, 1 to 4096. It fails with an errno where the system has nothing of the kind or doesn't permit it:
// ENOSYS, EPERM, ENOMEM.
func NewSendRing(n int) (*SendRing, error) {
	s := &SendRing{sends: make([]send, 0, n)}
	if err := s.ring.open(n); err != nil {
		return nil, err
	}
	return s, nil
}

// Add adds a send of data, which is not empty, to a non-blocking socket. Data belongs to the ring until Send returns. There must be room.
func (s *SendRing) Add(fd int, data []byte) { s.sends = append(s.sends, send{fd: fd, data: data}) }

// Full tells whether there is no room.
func (s *SendRing) Full() bool { return len(s.sends) == cap(s.sends) }

// Send makes the sends that were added, and calls result with each one's place in the order of Add, how much the socket took, and why it took none
// (EAGAIN: it is full). Then it has none. An error is one of the ring, which is of no use any more; those without a result were not made.
func (s *SendRing) Send(result func(i, n int, errno syscall.Errno)) error {
	err := s.ring.send(s.sends)
	for i := range s.sends {
		if x := &s.sends[i]; x.n > 0 || x.errno != 0 {
			result(i, x.n, x.errno)
		}
	}
	clear(s.sends)
	s.sends = s.sends[:0]
	return err
}

// Close gives the ring back.
func (s *SendRing) Close() { s.ring.close() }
