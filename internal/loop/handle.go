package loop

// Handle is what all handles have in common. Loop thread only.
type Handle interface {
	// Kind names the handle for reports: "timer", "poll", ... or SetKind's name.
	Kind() string
	// SetKind gives the handle its owner's name, such as "TCPSocketWrap".
	SetKind(kind string)
	// Active reports whether the handle can call back: a started timer, a poll
	// that wants events. A closing handle isn't active.
	Active() bool
	// Ref makes the handle count toward alive while active; the default.
	Ref()
	// Unref makes the handle not count toward alive.
	Unref()
	// HasRef reports whether the handle is referenced.
	HasRef() bool
	// Closing reports whether Close was called.
	Closing() bool
	// Close stops the handle; onClose, unless nil, runs in the close phase.
	// A second Close adds its callback and does nothing else.
	Close(onClose func())
}

// handle is the part that all handles embed.
type handle struct {
	loop *Loop  // immutable after init
	self Handle // immutable after init
	kind string

	prev, next  *handle // in loop.handles
	nextClosing *handle
	onClose     func()

	active  bool
	unrefed bool
	closing bool
	closed  bool // the close callback has started
}

func (h *handle) init(l *Loop, self Handle, kind string) {
	l.checkThread()
	h.loop, h.self, h.kind = l, self, kind
	l.handles.push(h)
}

// Kind implements Handle.
func (h *handle) Kind() string { return h.kind }

// SetKind implements Handle.
func (h *handle) SetKind(kind string) { h.kind = kind }

// Active implements Handle.
func (h *handle) Active() bool { return h.active }

// HasRef implements Handle.
func (h *handle) HasRef() bool { return !h.unrefed }

// Closing implements Handle.
func (h *handle) Closing() bool { return h.closing }

// Ref implements Handle.
func (h *handle) Ref() {
	h.loop.checkThread()
	if h.unrefed {
		h.unrefed = false
		if h.active {
			h.loop.active++
		}
	}
}

// Unref implements Handle.
func (h *handle) Unref() {
	h.loop.checkThread()
	if !h.unrefed {
		h.unrefed = true
		if h.active {
			h.loop.active--
		}
	}
}

// activate makes the handle count, if it is referenced.
func (h *handle) activate() {
	if !h.active {
		h.active = true
		if !h.unrefed {
			h.loop.active++
		}
	}
}

func (h *handle) deactivate() {
	if h.active {
		h.active = false
		if !h.unrefed {
			h.loop.active--
		}
	}
}

// beginClose marks the handle closing and reports whether its type must now
// release what it holds; false if that was done by an earlier Close.
func (h *handle) beginClose(onClose func()) bool {
	l := h.loop
	l.checkThread()
	switch {
	case h.closed:
		if onClose != nil {
			l.Pending(onClose)
		}
		return false
	case h.closing:
		if first := h.onClose; first == nil {
			h.onClose = onClose
		} else if onClose != nil {
			h.onClose = func() { first(); onClose() }
		}
		return false
	}
	h.closing = true
	h.onClose = onClose
	h.nextClosing = l.closing
	l.closing = h
	return true
}

// runClosing calls the close callbacks of the handles that were closed before
// it began, the newest first. That is libuv's order, and Node shows it: of two
// servers closed in one callback, the second reports first.
func (l *Loop) runClosing() {
	if l.closing == nil {
		return
	}
	l.enter(PhaseClose)
	// The batch ends at its oldest handle. What callbacks close meanwhile goes
	// to l.closing and waits for the next turn.
	batch := l.closing
	l.closing = nil
	defer func() {
		if batch != nil { // a callback panicked: put the rest back
			last := batch
			for last.nextClosing != nil {
				last = last.nextClosing
			}
			last.nextClosing = l.closing
			l.closing = batch
		}
	}()
	for batch != nil {
		h := batch
		batch = h.nextClosing
		h.nextClosing = nil
		h.closed = true
		l.handles.remove(h)
		if f := h.onClose; f != nil {
			h.onClose = nil
			f()
		}
	}
	l.leave(PhaseClose)
}

// handleList is a linked list of open handles, oldest first. It costs no
// allocation and keeps the order of creation.
type handleList struct{ first, last *handle }

func (s *handleList) push(h *handle) {
	h.prev = s.last
	if s.last != nil {
		s.last.next = h
	} else {
		s.first = h
	}
	s.last = h
}

func (s *handleList) remove(h *handle) {
	if h.prev != nil {
		h.prev.next = h.next
	} else {
		s.first = h.next
	}
	if h.next != nil {
		h.next.prev = h.prev
	} else {
		s.last = h.prev
	}
	h.prev, h.next = nil, nil
}

// all is an iter.Seq. Handles leave the list only in the close phase, so the
// link to the next one holds whatever the body does; but a close callback that
// iterates must not meet a removed link, hence runClosing removes before it
// calls.
func (s *handleList) all(yield func(Handle) bool) {
	for h := s.first; h != nil; h = h.next {
		if !yield(h.self) {
			return
		}
	}
}
