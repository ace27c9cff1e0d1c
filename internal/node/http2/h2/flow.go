package h2

import "encoding/binary"

// window is what the peer may still send: to a stream, or in all.
type window struct {
	id       uint32
	queued   bool  // an update is on its way: until it is, nothing opens
	limit    int64 // how far it is opened again
	left     int64 // before the peer must stop
	consumed int64 // read by the program, not yet given back
}

// consume notes that n bytes were read, and opens the window: rarely, so that there are few frames.
func (s *Session) consume(w *window, n int) {
	w.consumed += int64(n)
	if w.queued || w.consumed == 0 || w.consumed < w.limit/2 {
		return
	}
	if n := w.open(); n > 0 {
		w.queued = true
		s.opened = append(s.opened, w)
		s.sendWindowUpdate(w.id, n)
	}
}

// reopen looks at the windows whose updates have gone out.
func (s *Session) reopen() {
	opened := s.opened
	s.opened = nil
	for _, w := range opened {
		w.queued = false
		if w.id == 0 || s.streams[w.id] != nil && !s.streams[w.id].remoteEnd {
			s.consume(w, 0)
		}
	}
}

func (w *window) open() int64 {
	// A window that was made smaller opens only up to its new size.
	n := min(w.consumed, w.limit-w.left)
	w.consumed = 0
	if n <= 0 {
		return 0
	}
	w.left += n
	return n
}

func (s *Session) sendWindowUpdate(id uint32, n int64) {
	if n <= 0 {
		return
	}
	s.out = appendHeader(s.out, 4, frameWindowUpdate, 0, id)
	s.out = binary.BigEndian.AppendUint32(s.out, uint32(n))
	s.sent()
}

// SetLocalWindow sets how much the peer may send in all before we take it.
func (s *Session) SetLocalWindow(size uint32) {
	delta := int64(size) - s.recv.limit
	s.recv.limit = int64(size)
	if delta > 0 {
		s.recv.left += delta
		s.sendWindowUpdate(0, delta)
	}
}

// windowUpdate handles WINDOW_UPDATE.
func (s *Session) windowUpdate(h header, b []byte) {
	if len(b) != 4 {
		s.fail(FrameSizeError, ErrFrameSize)
		return
	}
	n := int64(binary.BigEndian.Uint32(b) & maxWindow)
	if h.id == 0 {
		if n == 0 {
			s.fail(ProtocolError, ErrProto)
			return
		}
		if s.window += n; s.window > maxWindow {
			s.fail(FlowControlError, ErrFlowControl)
			return
		}
		if s.hasWork() {
			s.h.Output()
		}
		return
	}
	st := s.streams[h.id]
	if st == nil {
		if s.idle(h.id) {
			s.fail(ProtocolError, ErrProto)
		}
		return
	}
	if n == 0 {
		s.streamError(st, ProtocolError, ErrProto)
		return
	}
	if st.window += n; st.window > maxWindow {
		s.streamError(st, FlowControlError, ErrFlowControl)
		return
	}
	s.schedule(st)
}

// SetReading says whether the program takes the stream's data: while it doesn't, the stream's window stays as it is.
func (s *Session) SetReading(st *Stream, on bool) {
	if st.reading == on {
		return
	}
	st.reading = on
	if on && st.unread > 0 {
		n := st.unread
		st.unread = 0
		s.consumed(st, n)
	}
}

func (s *Session) consumed(st *Stream, n int) {
	if !st.reading {
		st.unread += n
		return
	}
	if !st.remoteEnd && !st.gone {
		s.consume(&st.recv, n)
	}
}
