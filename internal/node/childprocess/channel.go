package childprocess

import (
	"io"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/handle"
	"roost/internal/ipc"
	"roost/internal/sys"
)

// Events of a channel; lib/pipe.ts has the same numbers.
const (
	eventRead = iota + 1
	eventEnd
	eventError
	eventClose
	eventWritten // a write that had to wait, in the order of the writes
)

// channel is a handle.Channel as JavaScript knows it. Loop thread only.
type channel struct {
	*handle.Channel
	id  int
	env *binding.Env
}

func channelOf(c *binding.Call) *channel {
	ch, _ := c.Env().Handle(c.Int(0)).(*channel)
	return ch
}

func bad(c *binding.Call) { c.Return(binding.Int(errnoOf(unix.EBADF))) }

// channelOpen(fd) → id | -errno. The descriptor is the channel's from now on.
func channelOpen(c *binding.Call) {
	env := c.Env()
	h, err := handle.OpenChannel(env.Loop, c.Int(0))
	if err != nil {
		c.Return(binding.Int(errnoOf(err)))
		return
	}
	h.SetKind("PipeWrap")
	ch := &channel{Channel: h, env: env}
	ch.id = env.Adopt(ch)
	c.Return(binding.Int(ch.id))
}

// channelRead(id, on) → 0 | -errno
func channelRead(c *binding.Call) {
	ch := channelOf(c)
	switch {
	case ch == nil:
		bad(c)
	case c.Bool(1):
		c.Return(binding.Int(errnoOf(ch.Read(ch.onRead))))
	default:
		ch.StopRead()
		c.Return(binding.Int(0))
	}
}

func (ch *channel) onRead(p []byte, err error) {
	switch err {
	case nil:
		ch.env.Emit(ch.id, eventRead, binding.Buffer(p))
	case io.EOF:
		ch.env.Emit(ch.id, eventEnd)
	default:
		ch.env.Emit(ch.id, eventError, binding.Int(errnoOf(err)))
	}
}

// channelWrite(id, text or bytes, descriptor to pass | -1) → 1 it is written | 0 eventWritten(errno) follows | -errno
func channelWrite(c *binding.Call) {
	ch := channelOf(c)
	if ch == nil {
		bad(c)
		return
	}
	p := c.Bytes(1)
	if c.IsString(1) {
		p = []byte(c.String(1))
	}
	var pending bool
	var err error
	if fd := c.Int(2); fd != ipc.None {
		pending, err = ch.Pass(p, fd, ch.written)
	} else {
		pending, err = ch.Write(p, ch.written)
	}
	switch {
	case err != nil:
		c.Return(binding.Int(errnoOf(err)))
	case pending:
		ch.env.Loop.BeginRequest() // what is sent arrives, even from a process that has nothing else to do
		c.Return(binding.Int(0))
	default:
		c.Return(binding.Int(1))
	}
}

func (ch *channel) written(err error) {
	ch.env.Loop.EndRequest()
	ch.env.Emit(ch.id, eventWritten, binding.Int(errnoOf(err)))
}

// channelTake(id) → the oldest descriptor that came along, the caller's to close | -1
func channelTake(c *binding.Call) {
	fd := -1
	if ch := channelOf(c); ch != nil {
		fd = ch.TakeDescriptor()
	}
	c.Return(binding.Int(fd))
}

// channelClose(id): once what waits is written; eventClose follows
func channelClose(c *binding.Call) {
	if ch := channelOf(c); ch != nil {
		ch.CloseSoon(func() {
			ch.env.Emit(ch.id, eventClose)
			ch.env.Drop(ch.id)
		})
	}
}

// channelRef(id, on)
func channelRef(c *binding.Call) {
	ch := channelOf(c)
	switch {
	case ch == nil:
	case c.Bool(1):
		ch.Ref()
	default:
		ch.Unref()
	}
}

// channelQueued(id) → bytes that wait to be written
func channelQueued(c *binding.Call) {
	n := 0
	if ch := channelOf(c); ch != nil {
		n = ch.Queued()
	}
	c.Return(binding.Int(n))
}

// closeDescriptor(fd): of a descriptor that came along and that nobody wants
func closeDescriptor(c *binding.Call) { _ = sys.Close(c.Int(0)) }
