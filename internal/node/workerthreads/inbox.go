package workerthreads

import (
	"sync"

	"roost/internal/binding"
	"roost/internal/loop"
)

// event is something that one thread tells another. Its arguments hold no JavaScript.
type event struct {
	kind   int
	args   []binding.Result
	parcel mover // a message that comes last in the arguments; nil: none
}

// mover is a message of internal:web/message in the hands of JavaScript: it moves to another isolate, and Close frees one that nobody took.
type mover interface {
	Take() any
	Close() error
}

// inbox is how other threads reach the JavaScript of one: events come in their order on its loop. It is a handle of the receiving
// isolate, made and closed on its thread; send may be called by any goroutine.
type inbox struct {
	env   *binding.Env
	id    int
	async *loop.Async

	mu     sync.Mutex
	events []event // guarded by mu
	closed bool    // guarded by mu
}

// newInbox makes an inbox that keeps the loop alive, and closes it with the isolate.
func newInbox(env *binding.Env, kind string) *inbox {
	b := &inbox{env: env}
	b.id = env.Adopt(b)
	b.async = env.Loop.NewAsync(b.deliver)
	b.async.SetKind(kind)
	return b
}

// send queues an event. It is freed when nobody receives any more.
func (b *inbox) send(e event) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		if e.parcel != nil {
			e.parcel.Close()
		}
		return false
	}
	b.events = append(b.events, e)
	b.async.Send()
	return true
}

// deliver calls JavaScript for each event. May run user code.
func (b *inbox) deliver() {
	for !b.env.Stopped() {
		b.mu.Lock()
		if len(b.events) == 0 {
			b.mu.Unlock()
			return
		}
		e := b.events[0]
		b.events = b.events[1:]
		b.mu.Unlock()
		args := e.args
		if e.parcel != nil {
			args = append(args[:len(args):len(args)], binding.Ref(e.parcel))
		}
		b.env.Emit(b.id, e.kind, args...)
	}
}

// close ends the inbox. A second call does nothing.
func (b *inbox) close() {
	b.mu.Lock()
	events, closed := b.events, b.closed
	b.events, b.closed = nil, true
	b.mu.Unlock()
	if closed {
		return
	}
	for _, e := range events {
		if e.parcel != nil {
			e.parcel.Close()
		}
	}
	b.async.Close(nil)
	b.env.Drop(b.id)
}
