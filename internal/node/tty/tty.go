// Package tty is the Go half of node:tty and of the standard streams: what a descriptor is, terminal modes, synchronous writes, and
// byte streams over descriptors, which child_process uses for the pipes of its children too. Natives run on the isolate's thread.
package tty

import (
	"io"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/handle"
	"roost/internal/sys"
)

// Module is the tty builtin.
var Module = binding.Module{Name: "tty", Natives: binding.Natives{
	"isatty":             func(c *binding.Call) { c.Return(binding.Bool(handle.IsTTY(c.FD(0)))) },
	"guessHandleType":    func(c *binding.Call) { c.Return(binding.String(string(handle.TypeOf(c.FD(0))))) },
	"windowSize":         windowSize,
	"setRawMode":         setRawMode,
	"writeSync":          writeSync,
	"descriptorOpen":     descriptorOpen,
	"descriptorRead":     descriptorRead,
	"descriptorWrite":    descriptorWrite,
	"descriptorShutdown": descriptorShutdown,
	"descriptorClose":    descriptorClose,
	"descriptorRef":      descriptorRef,
}}

// errnoOf is the number that JavaScript sees: negative, 0 for no error.
func errnoOf(err error) int {
	if err == nil {
		return 0
	}
	if e, ok := sys.ErrnoOf(err); ok {
		return sys.ErrnoNumber(e)
	}
	return sys.ErrnoNumber(syscall.EIO)
}

// windowSize(fd) → [columns, rows] | errno
func windowSize(c *binding.Call) {
	columns, rows, err := handle.WindowSize(c.FD(0))
	if err != nil {
		c.Return(binding.Int(errnoOf(err)))
		return
	}
	c.Return(binding.List(binding.Int(columns), binding.Int(rows)))
}

type modesKey struct{}

// setRawMode(fd, on) → errno. The mode from before is restored when raw mode ends or the isolate closes.
func setRawMode(c *binding.Call) {
	env, fd := c.Env(), c.FD(0)
	modes := env.State(modesKey{}, func() any {
		m := map[int]*handle.Mode{}
		env.OnClose(func() {
			for fd, mode := range m {
				_ = mode.Restore(fd)
			}
		})
		return m
	}).(map[int]*handle.Mode)
	before := modes[fd]
	switch {
	case c.Bool(1) && before == nil:
		mode, err := handle.SetRaw(fd)
		if err == nil {
			modes[fd] = mode
		}
		c.Return(binding.Int(errnoOf(err)))
	case !c.Bool(1) && before != nil:
		delete(modes, fd)
		c.Return(binding.Int(errnoOf(before.Restore(fd))))
	default:
		c.Return(binding.Int(0))
	}
}

// writeSync(fd, bytes or string) → errno; writes everything, waiting while the other side is full.
func writeSync(c *binding.Call) {
	p := c.Bytes(1)
	if c.IsString(1) {
		p = []byte(c.String(1))
	}
	c.Return(binding.Int(errnoOf(handle.WriteAllBlocking(c.FD(0), p))))
}

// Events of a descriptor; lib/descriptor.ts has the same numbers.
const (
	eventRead = iota + 1
	eventEOF
	eventError
	eventClose
)

type descriptor struct {
	*handle.Descriptor
	id  int
	env *binding.Env
}

type openKey struct{}

// open is the set of the isolate's descriptors, which are closed with it.
func (d *descriptor) open() map[*descriptor]struct{} {
	return d.env.State(openKey{}, func() any {
		m := map[*descriptor]struct{}{}
		d.env.OnClose(func() {
			for d := range m {
				d.Close(nil)
			}
		})
		return m
	}).(map[*descriptor]struct{})
}

func find(c *binding.Call) *descriptor {
	d, _ := c.Env().Handle(c.Int(0)).(*descriptor)
	return d
}

// descriptorOpen(fd, shared, kind) → id, or a negative errno
func descriptorOpen(c *binding.Call) {
	sharing := handle.Own
	if c.Bool(1) {
		sharing = handle.Share
	}
	env := c.Env()
	h, err := handle.OpenDescriptor(env.Loop, c.FD(0), sharing)
	if err != nil {
		c.Return(binding.Int(errnoOf(err)))
		return
	}
	h.SetKind(c.String(2))
	d := &descriptor{Descriptor: h, env: env}
	d.id = env.Adopt(d)
	open := d.open()
	open[d] = struct{}{}
	c.Return(binding.Int(d.id))
}

// descriptorRead(id, on) → errno
func descriptorRead(c *binding.Call) {
	d := find(c)
	if d == nil {
		c.Return(binding.Int(errnoOf(unix.EBADF)))
		return
	}
	if !c.Bool(1) {
		d.StopRead()
		c.Return(binding.Int(0))
		return
	}
	c.Return(binding.Int(errnoOf(d.Read(d.onRead))))
}

func (d *descriptor) onRead(p []byte, err error) {
	switch err {
	case nil:
		d.env.Emit(d.id, eventRead, binding.Buffer(p))
	case io.EOF:
		d.env.Emit(d.id, eventEOF)
	default:
		d.env.Emit(d.id, eventError, binding.Int(errnoOf(err)))
	}
}

// descriptorWrite(id, bytes, request) → 1 written, 0 the request settles later, negative errno
func descriptorWrite(c *binding.Call) {
	d := find(c)
	if d == nil {
		c.Return(binding.Int(errnoOf(unix.EBADF)))
		return
	}
	var req *binding.Request
	pending, err := d.Write(c.Bytes(1), func(err error) { settle(req, err) })
	switch {
	case err != nil:
		c.Return(binding.Int(errnoOf(err)))
	case pending:
		req = c.Request(2)
		c.Return(binding.Int(0))
	default:
		c.Return(binding.Int(1))
	}
}

func settle(req *binding.Request, err error) {
	if req == nil {
		return
	}
	if err != nil {
		req.SettleNow(binding.Int(errnoOf(err)))
		return
	}
	req.SettleNow(binding.Int(0))
}

// descriptorShutdown(id, request): settles with an errno
func descriptorShutdown(c *binding.Call) {
	req := c.Request(1)
	d := find(c)
	if d == nil {
		settle(req, unix.EBADF)
		return
	}
	d.Shutdown(func(err error) { settle(req, err) })
}

// descriptorClose(id): the close event follows in the close phase
func descriptorClose(c *binding.Call) {
	d := find(c)
	if d == nil {
		return
	}
	delete(d.open(), d)
	d.Close(func() {
		d.env.Emit(d.id, eventClose)
		d.env.Drop(d.id)
	})
}

// descriptorRef(id, on)
func descriptorRef(c *binding.Call) {
	if d := find(c); d != nil {
		if c.Bool(1) {
			d.Ref()
		} else {
			d.Unref()
		}
	}
}
