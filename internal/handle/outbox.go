package handle

// What JavaScript writes to the stream whose event it handles goes by an outbox, without a call into Go. Every method of the stream that writes or
// passes the descriptor on takes what is there first. See docs/rationale.md, "Why are writes held until the batch of events ends?".

// Outbox takes writes from JavaScript without a call for each.
type Outbox interface {
	// Admit lets JavaScript write to the stream with that ID, 0: to none. fd is where small writes go at once; -1: all wait. What there was has
	// been taken. Loop thread.
	Admit(id, fd int)
	// Given is how many bytes came since Admit, Kept how many of them had to wait. Loop thread.
	Given() int
	Kept() int
	// Waits tells whether there is something to take. Any goroutine.
	Waits() bool
	// Take appends what there is to to. Any goroutine, one at a time.
	Take(to []byte) []byte
}

// Admit lets JavaScript write to the stream by the outbox until Dismiss: to its socket at once, or, in a batch, to be held.
func (s *Stream) Admit() {
	h := &s.r.holder
	if h.outbox == nil || s.ID == 0 || s.closing || s.ended || s.shutting || !s.held && s.outAt < len(s.out) || !s.canHold() {
		return
	}
	fd := -1
	if !s.held && !s.r.waits() {
		fd = s.fd
	}
	if h.admitted != nil {
		h.gather()
	}
	h.admitted = s
	h.current.Store(s)
	if fd < 0 {
		h.watchOver()
	}
	h.outbox.Admit(s.ID, fd)
}

// Dismiss ends Admit.
func (s *Stream) Dismiss() {
	if s.r.holder.admitted == s {
		s.r.holder.gather()
	}
}

// gather ends the admission; what came is held by its stream.
func (h *holder) gather() {
	s, n, kept := h.admitted, h.outbox.Given(), h.outbox.Kept()
	h.admitted = nil
	h.outbox.Admit(0, -1)
	if n == 0 {
		return
	}
	s.BytesWritten += uint64(n)
	s.LastActive = s.r.Loop.Now()
	if kept == 0 {
		return
	}
	h.mu.Lock()
	h.absorb(s)
	h.mu.Unlock()
	h.watchOver()
	if len(h.streams) >= maxHolding {
		h.release()
	}
}

// absorb makes s hold what is in the outbox. h.mu is held.
func (h *holder) absorb(s *Stream) {
	s.out = h.outbox.Take(s.out)
	h.add(s)
}
