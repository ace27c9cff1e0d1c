package inspector

import "roost/internal/binding"

// A worker can debug its program's main thread: it is one more session of that thread's agent.
// https://nodejs.org/docs/latest-v24.x/api/inspector.html#sessionconnecttomainthread

// link is a worker's session. Its methods run on the worker's thread.
type link struct {
	env    *binding.Env // the worker's
	id     int          // by which JavaScript knows it; 0: it has ended
	main   *agent
	remote *session
}

// eventMessage is the one event of a link: what the main thread's inspector says.
const eventMessage = 1

// connectMain() → the number of a session of the main thread; it doesn't keep the loop alive
func connectMain(c *binding.Call) {
	l := &link{env: c.Env(), main: agentOf(c.Env().Main)}
	l.remote = &session{within: true, quiet: true, close: func() {}, say: func(m []byte) error {
		text := string(m)
		l.env.Loop.Post(func() {
			if l.id != 0 {
				l.env.Emit(l.id, eventMessage, binding.String(text))
			}
		})
		return nil
	}}
	l.id = l.env.Adopt(l)
	l.env.OnClose(l.leave)
	l.main.join(l.remote)
	c.Return(binding.Int(l.id))
}

// tellMain(id, text): the answer comes as an event
func tellMain(c *binding.Call) {
	if l, ok := c.Env().Handle(c.Int(0)).(*link); ok {
		l.main.tell(l.remote, []byte(c.String(1)))
	}
}

func leaveMain(c *binding.Call) {
	if l, ok := c.Env().Handle(c.Int(0)).(*link); ok {
		l.leave()
	}
}

func (l *link) leave() {
	if l.id == 0 {
		return
	}
	l.env.Drop(l.id)
	l.id = 0
	l.main.leave(l.remote)
}
