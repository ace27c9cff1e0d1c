package tls

import (
	"errors"
	"slices"

	"roost/internal/binding"
)

// A session as a handle.Layer: HTTP/2 takes the bytes of the stream below and reads and writes through the session without JavaScript.

// Ready implements handle.Layer.
func (s *session) Ready() bool { return s.done() }

// Open implements handle.Layer.
func (s *session) Open(dst, b []byte) (plain []byte, ended bool, err error) {
	s.mu.Lock()
	s.in = append(s.in, b...)
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return dst, true, nil
	}
	before := len(dst)
	for {
		if cap(dst)-len(dst) < recordSize {
			dst = slices.Grow(dst, 2*recordSize)
		}
		n, err := s.conn.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		if err == nil {
			continue
		}
		s.opened += uint64(len(dst) - before)
		s.answerLater()
		var wait wouldBlock
		if errors.As(err, &wait) {
			return dst, false, nil
		}
		return dst, true, err // JavaScript reads on, and hears of it
	}
}

// Seal implements handle.Layer.
func (s *session) Seal(b []byte) ([]byte, error) {
	shared := scratchOf(s.env)
	s.mu.Lock()
	s.out = append(shared.out[:0], s.out...)
	s.mu.Unlock()
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
	s.mu.Lock()
	out := s.out
	s.out = nil
	s.mu.Unlock()
	if cap(out) <= maxScratch {
		shared.out = out[:0]
	}
	return out, err
}

// layered(id) → [bytes opened, bytes sealed] without JavaScript
func layered(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		c.Return(binding.List(binding.Int(s.opened), binding.Int(s.sealed)))
	}
}
