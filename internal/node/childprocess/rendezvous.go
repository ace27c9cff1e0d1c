package childprocess

import (
	"roost/internal/binding"
	"roost/internal/handle"
)

// rendezvous is a handle.Rendezvous as JavaScript knows it. Loop thread only.
type rendezvous struct {
	*handle.Rendezvous
	id  int
	env *binding.Env
}

func rendezvousOf(c *binding.Call) *rendezvous {
	r, _ := c.Env().Handle(c.Int(0)).(*rendezvous)
	return r
}

// rendezvousOpen(fd) → id | -errno. eventRead(fd) tells that somebody has come back.
func rendezvousOpen(c *binding.Call) {
	r := &rendezvous{env: c.Env()}
	h, err := handle.OpenRendezvous(r.env.Loop, c.Int(0), func(fd int) { r.env.Emit(r.id, eventRead, binding.Int(fd)) })
	if err != nil {
		c.Return(binding.Int(errnoOf(err)))
		return
	}
	r.Rendezvous = h
	r.id = r.env.Adopt(r)
	c.Return(binding.Int(r.id))
}

// rendezvousWait(id, whether that keeps the loop alive) → 0 | -errno
func rendezvousWait(c *binding.Call) {
	r := rendezvousOf(c)
	if r == nil {
		bad(c)
		return
	}
	c.Return(binding.Int(errnoOf(r.Wait(c.Bool(1)))))
}

// rendezvousRef(id, on)
func rendezvousRef(c *binding.Call) {
	if r := rendezvousOf(c); r != nil {
		r.SetRef(c.Bool(1))
	}
}

// rendezvousClose(id); eventClose follows
func rendezvousClose(c *binding.Call) {
	if r := rendezvousOf(c); r != nil {
		r.Close(func() {
			r.env.Emit(r.id, eventClose)
			r.env.Drop(r.id)
		})
	}
}
