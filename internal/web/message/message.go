// Package message is the Go half of MessageChannel and BroadcastChannel: handles that wake the loop. The messages themselves stay in
// JavaScript. It runs on the isolate's thread; its TypeScript half alone calls it.
package message

import (
	"roost/internal/binding"
	"roost/internal/loop"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "web/message", Natives: binding.Natives{
	"portNew":   portNew,
	"portSend":  portSend,
	"portRef":   portRef,
	"portClose": portClose,
}}

// Events of a port's handle.
const (
	onMessages = iota // messages wait in the port's queue
	onClose
)

type port struct{ async *loop.Async }

// portNew() → id of a handle that does not keep the loop alive
func portNew(c *binding.Call) {
	env := c.Env()
	p := &port{}
	id := env.Adopt(p)
	p.async = env.Loop.NewAsync(func() { env.Emit(id, onMessages) })
	p.async.SetKind("MessagePort")
	p.async.Unref()
	c.Return(binding.Int(id))
}

func find(c *binding.Call) *port {
	p, _ := c.Env().Handle(c.Int(0)).(*port)
	return p
}

// portSend(id): the event onMessages comes in the next poll phase
func portSend(c *binding.Call) {
	if p := find(c); p != nil {
		p.async.Send()
	}
}

// portRef(id, ref)
func portRef(c *binding.Call) {
	p := find(c)
	switch {
	case p == nil:
	case c.Bool(1):
		p.async.Ref()
	default:
		p.async.Unref()
	}
}

// portClose(id): the event onClose comes in the close phase; the id ends with it
func portClose(c *binding.Call) {
	p := find(c)
	if p == nil || p.async.Closing() {
		return
	}
	env, id := c.Env(), c.Int(0)
	p.async.Close(func() {
		env.Emit(id, onClose)
		env.Drop(id)
	})
}
