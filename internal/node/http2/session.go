package http2

import (
	"syscall"

	"roost/internal/binding"
	"roost/internal/handle"
	"roost/internal/node/http2/h2"
	"roost/internal/sys"
)

// session is one connection, as a Sink of the stream below it and a Handler of the protocol above. Loop thread only.
type session struct {
	st   *state
	id   int
	h    *h2.Session
	s    *handle.Stream // nil: a JavaScript stream carries the bytes
	prev handle.Sink    // who had s before
	over handle.Layer   // what is laid over s, nil for nothing

	batch     []binding.Result // events that JavaScript hasn't got
	busy      bool             // events or bytes are on their way: they go out when what runs now returns
	scheduled bool             // run is queued
	written   []uint32         // streams whose writes have become frames
	given     int              // bytes that the JavaScript stream hasn't written
	carried   bool             // a JavaScript stream may be written to
	leaving   bool             // destroyed; the last bytes are on their way
	closed    bool

	exchanges map[uint32]exchange // by stream; nil when nobody counts
}

// maxQueued is how much output may wait in the transport before streams must.
const maxQueued = 128 << 10

// maxHeld is how much may wait that isn't a body before the peer is not read any more.
const maxHeld = 1 << 20

// consume(session, stream's handle, handle of what is laid over it | 0, what was read before) → whether Go takes the stream's bytes from now on
func consume(c *binding.Call) {
	s := sessionOf(c)
	below, ok := c.Env().Handle(c.Int(1)).(*handle.Stream)
	if s == nil {
		return
	}
	if !ok || below.Closing() {
		s.carried = true
		c.Return(binding.False)
		s.schedule()
		return
	}
	if over := c.Int(2); over != 0 {
		layer, ok := c.Env().Handle(over).(handle.Layer)
		if !ok || !layer.Ready() {
			s.carried = true
			c.Return(binding.False)
			s.schedule()
			return
		}
		s.over = layer
	}
	s.s, s.prev = below, below.Sink()
	below.SetSink(s)
	below.Prompt()
	below.SetReading(true)
	if early := c.Bytes(3); len(early) > 0 {
		s.h.Receive(append([]byte(nil), early...))
	}
	if s.over != nil {
		s.open(nil)
	}
	s.schedule()
	c.Return(binding.True)
}

// receive(session, bytes of the JavaScript stream) → the events, as deliver gets them | undefined
func receive(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || s.closed || s.leaving {
		return
	}
	// The memory is the caller's; what events keep of it must be ours.
	s.h.Receive(append([]byte(nil), c.Bytes(1)...))
	s.schedule()
	if batch := s.batch; len(batch) > 0 && !s.busy {
		s.batch = nil
		c.Return(binding.List(batch...))
	}
}

// send(session): what is queued, now → the events that wait | undefined
func send(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || s.closed || s.leaving || s.busy {
		return
	}
	s.busy = true
	s.flush()
	s.tellWritten()
	s.busy = false
	if batch := s.batch; len(batch) > 0 {
		s.batch = nil
		c.Return(binding.List(batch...))
	}
}

// wrote(session, n): the JavaScript stream has written n bytes
func wrote(c *binding.Call) {
	s := sessionOf(c)
	if s == nil {
		return
	}
	if s.given = max(0, s.given-c.Int(1)); s.given == 0 {
		s.h.Delivered()
	}
	s.schedule()
}

// destroy(session, code, whether to say goodbye) → whether bytes are still on their way: then the event done follows
func destroy(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || s.closed || s.leaving {
		return
	}
	if !c.Bool(2) { // the stream below is gone
		s.carried = false
	} else if s.attached() {
		s.h.Terminate(h2.Code(c.Uint32(1)))
	}
	s.leaving = true
	if s.attached() {
		s.flush()
	}
	if s.attached() && !s.drained() {
		c.Return(binding.True)
		s.schedule()
		return
	}
	s.leave()
}

func (s *session) attached() bool { return s.carried || s.s != nil && !s.s.Closing() }

// drained tells whether everything has been handed to the stream below.
func (s *session) drained() bool {
	if s.s != nil {
		return s.h.Empty() && s.s.Queued() == 0
	}
	return s.h.Empty() && len(s.batch) == 0
}

// leave gives the stream back and forgets the session.
func (s *session) leave() {
	if s.closed {
		return
	}
	s.closed = true
	s.abandon()
	if s.s != nil && !s.s.Closing() {
		s.s.SetSink(s.prev)
	}
	if len(s.batch) == 0 {
		s.st.env.Drop(s.id)
	}
}

// ---- what the stream below brings

// Connected implements handle.Sink.
func (s *session) Connected(e syscall.Errno) { s.prev.Connected(e) }

// Data implements handle.Sink.
func (s *session) Data(b []byte) {
	if s.leaving || s.closed {
		return
	}
	s.busy = true
	if s.over != nil {
		s.open(b)
	} else {
		s.h.Receive(b)
	}
	s.deliver()
	s.busy = false
	s.run()
}

// open takes bytes through what is laid over the stream. The events keep what they hold: JavaScript may come only later.
func (s *session) open(b []byte) {
	plain, ended, _ := s.over.Open(s.st.plain[:0], b)
	s.st.plain = plain
	if len(plain) > 0 {
		if !s.busy { // the events outlive this call
			plain = append([]byte(nil), plain...)
		}
		s.h.Receive(plain)
	}
	if ended {
		s.add(eventEnded)
	}
}

// EOF implements handle.Sink: the socket is told, and the session by the socket, after what came before.
func (s *session) EOF() {
	prev := s.prev
	s.run()
	prev.EOF()
}

// ReadError implements handle.Sink.
func (s *session) ReadError(e syscall.Errno) { s.prev.ReadError(e) }

// ShutDown implements handle.Sink.
func (s *session) ShutDown(e syscall.Errno) { s.prev.ShutDown(e) }

// Drained implements handle.Sink.
func (s *session) Drained(e syscall.Errno) {
	if e != 0 {
		s.writeFailed(e)
		s.run()
		return
	}
	s.h.Delivered()
	prev := s.prev
	s.run()
	if !s.s.Closing() && s.s.Queued() == 0 {
		prev.Drained(0)
	}
}

func (s *session) writeFailed(e syscall.Errno) {
	s.add(eventWriteError, binding.Int(sys.ErrnoNumber(e)))
}

// ---- what goes out

// schedule makes run be called before the loop waits.
func (s *session) schedule() {
	if s.busy || s.scheduled || s.closed {
		return
	}
	s.scheduled = true
	s.st.env.Loop.Pending(func() {
		s.scheduled = false
		s.run()
	})
}

// run sends what is queued and tells JavaScript what there is to tell, until there is nothing. May run user code.
func (s *session) run() {
	for range 4 {
		if s.closed && len(s.batch) == 0 {
			return
		}
		s.busy = true
		if !s.closed {
			s.flush()
			s.tellWritten()
			if s.s != nil && !s.s.Closing() { // a peer that doesn't read what it asks for may not ask for more
				s.s.SetReading(s.h.Held() < maxHeld)
			}
		}
		if s.leaving && !s.closed && (!s.attached() || s.h.Empty() && (s.s == nil || s.s.Queued() == 0)) {
			s.add(eventDone)
			s.leave()
		}
		if len(s.batch) == 0 {
			s.busy = false
			return
		}
		s.deliver()
		s.busy = false
	}
	s.schedule()
}

// flush writes what is queued.
func (s *session) flush() {
	for s.attached() {
		if s.queued() >= maxQueued {
			return
		}
		out, more := s.h.Flush(maxQueued)
		if len(out) == 0 {
			return
		}
		s.write(out)
		s.h.Sent()
		if !more && s.h.Empty() {
			return
		}
	}
}

// tellWritten lets JavaScript write more, once what it wrote before has gone.
func (s *session) tellWritten() {
	if len(s.written) == 0 || s.queued() > 0 {
		return
	}
	for _, id := range s.written {
		s.add(eventWritten, binding.Int(id))
	}
	s.written = s.written[:0]
}

func (s *session) queued() int {
	if s.s != nil {
		return s.s.Queued()
	}
	return s.given
}

func (s *session) write(out []byte) {
	if s.s == nil {
		s.given += len(out)
		s.add(eventOutput, binding.Buffer(append([]byte(nil), out...)))
		return
	}
	if s.over != nil {
		sealed, err := s.over.Seal(s.st.sealed[:0], out)
		if err != nil {
			s.writeFailed(syscall.EPIPE)
			return
		}
		s.st.sealed, out = sealed, sealed
	}
	queued, errno := s.s.Write(out)
	if errno != 0 {
		s.writeFailed(errno)
	} else if queued == 0 {
		s.h.Delivered()
	}
}

// deliver gives JavaScript the events. May run user code.
func (s *session) deliver() {
	for len(s.batch) > 0 {
		env := s.st.env
		if env.Stopped() || s.st.deliver == nil {
			s.batch = nil
			return
		}
		batch := s.batch
		s.batch = nil
		ok := env.Isolate.CallTop(s.st.deliver, binding.List(batch...))
		for !ok {
			env.Caught() // an exception left the rest in JavaScript's queue
			if env.Stopped() {
				return
			}
			ok = env.Isolate.CallTop(s.st.deliver)
		}
		if s.batch == nil {
			clear(batch)
			s.batch = batch[:0]
		}
	}
	if s.closed {
		s.st.env.Drop(s.id)
	}
}
