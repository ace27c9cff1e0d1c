package h2

// Stream is one request and its answer.
type Stream struct {
	ID    uint32
	Local bool // we opened it
	Owner any  // the handler's

	window int64  // what we may still send; an int64 so that it can't overflow
	recv   window // what the peer may
	unread int    // bytes that the program got while it wasn't reading

	reading    bool
	reserved   bool // promised, without a response yet
	pending    bool // a request that waits for the peer to allow more streams
	sentFinal  bool // our response, or request, has gone out
	gotFinal   bool // theirs has come
	localEnd   bool
	remoteEnd  bool
	gone       bool // closed
	ending     bool // end our side when the queue is empty
	trailers   bool // ask for trailers then
	asked      bool // they were asked for
	waits      bool // tell when the queue is empty
	scheduled  bool // in the session's list
	head       bool // the answer to HEAD has no body
	method     byte // of the request: 'C' for CONNECT, 'H' for HEAD
	resetSent  bool
	headerMost int // bytes that a header block may have: those that held when the stream was opened
	length     int64
	received   int64
	queue      []byte // to send, from queueAt
	queueAt    int
	next       *Stream
	request    []byte // of a pending request: its fields
	reqSecret  []byte
	resetLater bool
	resetCode  Code
}

func (st *Stream) queued() int { return len(st.queue) - st.queueAt }

// State is the stream's as nghttp2 numbers it.
func (st *Stream) State() int {
	switch {
	case st.gone:
		return 7
	case st.pending:
		return 1
	case st.reserved && st.Local:
		return 3
	case st.reserved:
		return 4
	case st.localEnd && st.remoteEnd:
		return 7
	case st.localEnd:
		return 5
	case st.remoteEnd:
		return 6
	}
	return 2
}

// Ends tells whether either side has ended.
func (st *Stream) Ends() (local, remote bool) { return st.localEnd, st.remoteEnd }

// Window is what the peer may send before we read.
func (st *Stream) Window() int64 { return st.recv.left }

// Received is how many bytes of its body the peer has sent.
func (st *Stream) Received() int64 { return st.received }

// Pending tells that the request waits for the peer to allow more streams.
func (st *Stream) Pending() bool { return st.pending }

func (s *Session) newStream(id uint32, local bool) *Stream {
	st := &Stream{ID: id, Local: local, window: int64(s.remote.Window), length: -1, headerMost: int(min(s.local.HeaderList, maxHeaderBytes))}
	st.recv = window{id: id, limit: int64(s.local.Window), left: int64(s.local.Window)}
	s.streams[id] = st
	if local {
		s.open++
	} else {
		s.peers++
	}
	s.count(st)
	return st
}

func (s *Session) count(*Stream) {
	s.StreamCount++
	if n := len(s.streams); n > s.MaxStreams {
		s.MaxStreams = n
	}
}

// closeStream ends a stream. Its number stays used.
func (s *Session) closeStream(st *Stream, code Code) {
	if st.gone {
		return
	}
	st.gone = true
	s.memory -= int64(st.queued())
	st.queue, st.queueAt = nil, 0
	delete(s.streams, st.ID)
	switch {
	case st.pending:
		s.dropPending(st)
	case st.Local:
		s.open--
	default:
		s.peers--
	}
	if st.reserved && !st.Local {
		s.reservedCount--
	}
	s.h.Closed(st, code)
	s.openPending()
}

// maybeClose closes a stream that both sides have ended.
func (s *Session) maybeClose(st *Stream) {
	if st.localEnd && st.remoteEnd && !st.gone {
		s.closeStream(st, NoError)
	}
}

// idle tells whether a stream with this number was never opened.
func (s *Session) idle(id uint32) bool {
	if s.mine(id) {
		return id >= s.nextID
	}
	return id > s.lastPeer
}

// mine tells whether we open streams with such numbers.
func (s *Session) mine(id uint32) bool { return (id%2 == 0) == s.server }

// streamError resets a stream that the peer used wrongly.
func (s *Session) streamError(st *Stream, code Code, n LibError) {
	s.invalid()
	if s.ended {
		return
	}
	s.sendReset(st.ID, code)
	s.closeStream(st, code)
	_ = n
}

func (s *Session) sendReset(id uint32, code Code) {
	s.out = appendHeader(s.out, 4, frameReset, 0, id)
	s.out = append(s.out, byte(code>>24), byte(code>>16), byte(code>>8), byte(code))
	s.sent()
}

// Reset ends a stream with a code. What is queued and fits the windows goes out first.
func (s *Session) Reset(st *Stream, code Code) {
	if st.gone || s.ended {
		return
	}
	if st.pending {
		s.closeStream(st, code)
		return
	}
	if code != NoError { // the body is not complete
		st.ending = false
	}
	s.produce(st)
	if st.gone {
		return
	}
	s.sendReset(st.ID, code)
	s.closeStream(st, code)
}
