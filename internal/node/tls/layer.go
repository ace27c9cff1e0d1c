package tls

import (
	"errors"
	"io"
	"net"
	"slices"

	"roost/internal/binding"
)

// A session as a handle.Layer: HTTP takes the bytes of the stream below and reads and writes through the session without JavaScript.

// Ready implements handle.Layer.
func (s *session) Ready() bool { return s.done() }

// Open implements handle.Layer.
func (s *session) Open(dst, b []byte) (plain []byte, ended bool, err error) {
	s.mu.Lock()
	if len(s.in) == 0 {
		s.in = b[:len(b):len(b)] // read to its end below
	} else {
		s.in = append(s.in, b...)
	}
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return dst, true, nil
	}
	before := len(dst)
	for err == nil {
		if cap(dst)-len(dst) < recordSize {
			dst = slices.Grow(dst, 2*recordSize)
		}
		var n int
		n, err = s.decrypt(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
	}
	s.opened += uint64(len(dst) - before)
	s.mu.Lock()
	if len(s.in) > 0 { // an error left it
		s.in = slices.Clone(s.in)
	}
	if len(s.out) > 0 {
		s.flushLater()
	}
	s.mu.Unlock()
	if isWait(err) {
		return dst, false, nil
	}
	if isEnd(err) {
		err = nil
	}
	return dst, true, err
}

// isWait tells whether a read failed for want of bytes alone. crypto/tls gives the error of the connection as it is.
func isWait(err error) bool {
	_, ok := err.(wouldBlock)
	return ok
}

// isEnd tells whether a read failed because the peer, or we, ended the connection.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// Seal implements handle.Layer.
func (s *session) Seal(dst, b []byte) ([]byte, error) {
	s.borrow(dst)
	s.sealed += uint64(len(b))
	var err error
	for len(b) > 0 && err == nil {
		n := len(b)
		if s.fragment > 0 {
			n = min(n, s.fragment)
		}
		_, err = s.conn.Write(b[:n])
		b = b[n:]
	}
	return s.giveBack(), err
}

// End implements handle.Layer.
func (s *session) End(dst []byte) []byte {
	s.borrow(dst)
	_ = s.conn.CloseWrite()
	return s.giveBack()
}

// borrow makes what is encrypted go to the end of dst until giveBack, behind what waits.
func (s *session) borrow(dst []byte) {
	s.mu.Lock()
	s.out = append(dst, s.out...)
	s.mu.Unlock()
}

func (s *session) giveBack() []byte {
	s.mu.Lock()
	out := s.out
	s.out = nil
	s.mu.Unlock()
	return out
}

// layered(id) → [bytes opened, bytes sealed] without JavaScript
func layered(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		c.Return(binding.List(binding.Int(s.opened), binding.Int(s.sealed)))
	}
}
