package navigator

import (
	"fmt"
	"os"
	"slices"
	"sync"

	"roost/internal/binding"
	"roost/internal/loop"
)

// Locks by name, shared by all isolates of a program: https://w3c.github.io/web-locks/. A request waits in its name's queue until what
// is held and what waits before it allow it; then its isolate hears of it on its own loop. Nothing runs JavaScript while mu is held.
type lockManager struct {
	mu     sync.Mutex
	names  map[place]*named // guarded by mu
	lastID int              // guarded by mu
}

var locks = &lockManager{names: map[place]*named{}}

// place is a name of locks in one program of the process.
type place struct {
	program int
	name    string
}

// named is the locks of one name; the manager's lock guards it.
type named struct {
	held, queue []*lock // oldest first
}

type lock struct {
	id     int
	name   string
	shared bool
	owner  *lockClient
}

// lockClient is an isolate that takes locks.
type lockClient struct {
	env     *binding.Env
	program int
	handle  int // whose onevent(event, lock id) runs; loop thread only
	name    string
	async   *loop.Async

	inbox []lockEvent // guarded by the manager's mu
}

// What becomes of a request: at once, or later as an event of the client's handle.
const (
	lockGranted = iota
	lockUnavailable
	lockWaits
	lockStolen
)

type lockEvent struct{ kind, id int }

// tell queues an event. The caller's own are not announced: it takes them when the native has returned.
func (m *lockManager) tell(c *lockClient, kind, id int, caller *lockClient) {
	c.inbox = append(c.inbox, lockEvent{kind, id})
	if c != caller {
		c.async.Send()
	}
}

// take gives what a client has not heard of yet.
func (m *lockManager) take(c *lockClient) []lockEvent {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := c.inbox
	c.inbox = nil
	return events
}

// deliver hands events to JavaScript, on the client's loop.
func (c *lockClient) deliver() {
	for _, e := range locks.take(c) {
		c.env.Emit(c.handle, e.kind, binding.Int(e.id))
	}
}

// lockTake() → [event, lock id, ...] since the last call
func lockTake(c *binding.Call) {
	var out []binding.Result
	if client := clientOf(c.Env()); client != nil {
		for _, e := range locks.take(client) {
			out = append(out, binding.Int(e.kind), binding.Int(e.id))
		}
	}
	c.Return(binding.List(out...))
}

// request asks for a lock. ifAvailable: now or never; steal: whoever has it loses it. It gives the lock's number and what became of it.
func (m *lockManager) request(c *lockClient, name string, shared, ifAvailable, steal bool) (id, state int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lastID++
	l := &lock{id: m.lastID, name: name, shared: shared, owner: c}
	at := place{c.program, name}
	n := m.names[at]
	if n == nil {
		n = &named{}
		m.names[at] = n
	}
	switch {
	case steal:
		for _, h := range n.held {
			m.tell(h.owner, lockStolen, h.id, c)
		}
		n.held = []*lock{l}
	case n.grantable(l) && len(n.queue) == 0:
		n.held = append(n.held, l)
	case ifAvailable:
		return l.id, lockUnavailable
	default:
		n.queue = append(n.queue, l)
		return l.id, lockWaits
	}
	return l.id, lockGranted
}

// grantable tells whether what is held allows a lock.
func (n *named) grantable(l *lock) bool {
	return len(n.held) == 0 || l.shared && n.held[0].shared
}

// settle grants what may be granted now, in order, and forgets a name that nobody uses.
func (m *lockManager) settle(at place, caller *lockClient) {
	n := m.names[at]
	if n == nil {
		return
	}
	for len(n.queue) > 0 && n.grantable(n.queue[0]) {
		l := n.queue[0]
		n.queue = n.queue[1:]
		n.held = append(n.held, l)
		m.tell(l.owner, lockGranted, l.id, caller)
	}
	if len(n.held) == 0 && len(n.queue) == 0 {
		delete(m.names, at)
	}
}

// release gives a lock back, or takes a request out of its queue. It tells whether the request was still waiting.
func (m *lockManager) release(c *lockClient, id int) (waiting bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	mine := func(l *lock) bool { return l.owner == c && l.id == id }
	for at, n := range m.names {
		before := len(n.queue)
		n.queue = slices.DeleteFunc(n.queue, mine)
		waiting = before != len(n.queue)
		held := len(n.held)
		n.held = slices.DeleteFunc(n.held, mine)
		if waiting || held != len(n.held) {
			m.settle(at, c)
			return waiting
		}
	}
	return false
}

// leave gives back everything that an isolate has, as it ends.
func (m *lockManager) leave(c *lockClient) {
	m.mu.Lock()
	defer m.mu.Unlock()
	mine := func(l *lock) bool { return l.owner == c }
	for at, n := range m.names {
		n.queue = slices.DeleteFunc(n.queue, mine)
		n.held = slices.DeleteFunc(n.held, mine)
		m.settle(at, nil)
	}
}

type lockKey struct{}

func clientOf(env *binding.Env) *lockClient {
	c, _ := env.State(lockKey{}, func() any { return (*lockClient)(nil) }).(*lockClient)
	return c
}

// lockOpen(thread id) → handle id. Once an isolate.
func lockOpen(c *binding.Call) {
	env := c.Env()
	client := &lockClient{env: env, program: env.Program, name: fmt.Sprintf("node-%d-%d", os.Getpid(), c.Int(0))}
	client.handle = env.Adopt(client)
	client.async = env.Loop.NewAsync(client.deliver)
	client.async.Unref()
	env.SetState(lockKey{}, client)
	env.OnClose(func() {
		locks.leave(client)
		client.async.Close(nil)
	})
	c.Return(binding.Int(client.handle))
}

// lockRequest(name, shared, ifAvailable, steal) → [lock id, what became of it]
func lockRequest(c *binding.Call) {
	if client := clientOf(c.Env()); client != nil {
		id, state := locks.request(client, c.String(0), c.Bool(1), c.Bool(2), c.Bool(3))
		c.Return(binding.List(binding.Int(id), binding.Int(state)))
	}
}

// lockRelease(lock id) → whether the request was still waiting
func lockRelease(c *binding.Call) {
	if client := clientOf(c.Env()); client != nil {
		c.Return(binding.Bool(locks.release(client, c.Int(0))))
	}
}

// lockQuery() → [held, name, shared, client]...: what is held, the newest first, then what waits, the oldest first
//
// Differs from Node: the locks of all threads are listed, as its documentation says, not only those of the thread that asks.
func lockQuery(c *binding.Call) {
	locks.mu.Lock()
	defer locks.mu.Unlock()
	var held, waits []*lock
	for at, n := range locks.names {
		if at.program != c.Env().Program {
			continue
		}
		held, waits = append(held, n.held...), append(waits, n.queue...)
	}
	slices.SortFunc(held, func(a, b *lock) int { return b.id - a.id })
	slices.SortFunc(waits, func(a, b *lock) int { return a.id - b.id })
	var out []binding.Result
	for k, l := range append(held, waits...) {
		out = append(out, binding.List(binding.Bool(k < len(held)), binding.String(l.name), binding.Bool(l.shared), binding.String(l.owner.name)))
	}
	c.Return(binding.List(out...))
}
