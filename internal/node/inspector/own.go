package inspector

import (
	"sync"

	"roost/internal/binding"
)

// The program's own sessions speak to V8 without Go. What is not V8's they ask the agent, as a debugger does.

// own is such a session, begun with its first command for the agent. Its methods run on the isolate's thread but for say.
type own struct {
	env    *binding.Env
	id     int // by which JavaScript knows it; 0: it has ended
	agent  *agent
	remote *session

	mu     sync.Mutex
	said   []string // guarded by mu; JavaScript has not heard it yet
	posted bool     // guarded by mu
}

// joinOwn() → the number of a session that keeps nothing alive; what it hears are events of the kind eventMessage
func joinOwn(c *binding.Call) {
	o := &own{env: c.Env(), agent: of(c.Env())}
	o.remote = &session{within: true, close: func() {}, say: o.say}
	o.id = o.env.Adopt(o)
	o.env.OnClose(o.leave)
	c.Return(binding.Int(o.id))
}

// say queues a message for the next turn, or for the end of a command. Any goroutine.
func (o *own) say(message []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.said = append(o.said, string(message))
	if !o.posted {
		o.posted = true
		o.env.Loop.Post(o.emit)
	}
	return nil
}

func (o *own) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	said := o.said
	o.said, o.posted = nil, false
	return said
}

func (o *own) emit() {
	for _, text := range o.take() {
		if o.id != 0 {
			o.env.Emit(o.id, eventMessage, binding.String(text))
		}
	}
}

// tellOwn(id, text) → what was said meanwhile, the answer at last; undefined: it is V8's business
func tellOwn(c *binding.Call) {
	o, ok := c.Env().Handle(c.Int(0)).(*own)
	if !ok {
		return
	}
	message := []byte(c.String(1))
	if o.env.Main == nil && o.agent.crew.command(o.remote, message) || o.agent.own(o.remote, message) {
		c.Return(binding.Strings(o.take()))
	}
}

func leaveOwn(c *binding.Call) {
	if o, ok := c.Env().Handle(c.Int(0)).(*own); ok {
		o.leave()
	}
}

func (o *own) leave() {
	if o.id == 0 {
		return
	}
	o.env.Drop(o.id)
	o.id = 0
	o.agent.crew.forget(o.remote)
	o.agent.watch(o.remote, false)
}
