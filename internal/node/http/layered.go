package http

import (
	"syscall"

	"roost/internal/binding"
	"roost/internal/handle"
	"roost/internal/sys"
)

// layered is what a connection has besides over a session of TLS. The stream is net's, and its session belongs to a socket of JavaScript
// (lib/layered_connection.ts): both get it back when the connection moves. Loop thread only.
type layered struct {
	over    handle.Layer
	below   handle.Sink // the stream's owner
	onClose func()      // the owner's
	ended   bool        // the client has ended its side
	said    bool        // we have ended ours
}

// maxSealed is how much is encrypted at once.
const maxSealed = 64 << 10

// takeOver(server, stream's handle, handle of what is laid over it) → connection | undefined. It has a number of its own.
func takeOver(call *binding.Call) {
	s, env := serverOf(call), call.Env()
	stream, ok := env.Handle(call.Int(1)).(*handle.Stream)
	layer, laid := env.Handle(call.Int(2)).(handle.Layer)
	if s == nil || !ok || !laid || stream.Closing() || !layer.Ready() {
		return
	}
	c := s.newConn(stream)
	s.add(c, env.Adopt(c))
	c.lay = &layered{over: layer, below: stream.Sink(), onClose: stream.TakeOnClose()}
	stream.SetSink(c)
	stream.OnClose(c.onCloseLayered)
	stream.SetReading(true)
	call.Return(binding.Int(c.id))
	// What the client sent behind its last message of the handshake.
	env.Loop.Pending(func() {
		if !c.detached && !stream.Closing() {
			c.open(nil)
		}
	})
}

// onCloseLayered runs in the close phase. The socket hears of the connection's end before the end of the stream.
func (c *conn) onCloseLayered() {
	then := c.lay.onClose
	c.onClose()
	if then != nil {
		then()
	}
}

// giveBack gives the stream to its owner again, who hears of its end if that was before.
func (c *conn) giveBack() {
	below := c.lay.below
	c.s.SetSink(below)
	c.s.OnClose(c.lay.onClose)
	c.forget()
	if c.s.EOFSeen() {
		c.srv.st.env.Loop.Pending(func() {
			if !c.s.Closing() {
				below.EOF()
			}
		})
	}
}

// open has what bytes of the stream hold.
func (c *conn) open(b []byte) {
	if c.failed || c.lay.ended {
		return
	}
	st := c.srv.st
	plain, ended, err := c.lay.over.Open(st.plain[:0], b)
	st.plain = plain
	if len(plain) > 0 {
		c.take(plain)
	}
	switch {
	case !ended || c.detached || c.s.Closing():
	case err != nil:
		c.lay.ended = true
		c.emit(eventBroken)
	default:
		c.ended()
	}
}

// seal encrypts and writes. The result is that of write.
func (c *conn) seal(bufs [][]byte) int {
	if len(bufs) == 1 && len(bufs[0]) <= maxSealed {
		return c.sealOne(bufs[0])
	}
	// Pieces share records: a header of some bytes gets none of its own.
	st, queued := c.srv.st, 0
	joined := st.joined[:0]
	for _, b := range bufs {
		for len(b) > 0 {
			n := min(len(b), maxSealed-len(joined))
			joined = append(joined, b[:n]...)
			if b = b[n:]; len(joined) == maxSealed {
				if queued = c.sealOne(joined); queued < 0 {
					return queued
				}
				joined = joined[:0]
			}
		}
	}
	st.joined = joined
	if len(joined) > 0 {
		return c.sealOne(joined)
	}
	return queued
}

func (c *conn) sealOne(b []byte) int {
	st := c.srv.st
	sealed, err := c.lay.over.Seal(st.sealed[:0], b)
	st.sealed = sealed
	errno := syscall.EPIPE
	queued := 0
	if err == nil {
		if queued, errno = c.s.Write(sealed); errno == 0 {
			return queued
		}
	}
	c.s.Close(nil)
	return sys.ErrnoNumber(errno)
}

// goodbye tells the client that nothing follows.
func (c *conn) goodbye() {
	if c.lay.said || c.s.Closing() {
		return
	}
	c.lay.said = true
	st := c.srv.st
	if st.sealed = c.lay.over.End(st.sealed[:0]); len(st.sealed) > 0 {
		_, _ = c.s.Write(st.sealed) // a stream that can't be written to is closed the same
	}
}
