// Package handle owns the loop's sockets: listeners and stream connections over TCP and Unix-domain sockets, and other stream
// descriptors (pipes). Builtins share them: net gives a stream to JavaScript, http reads it itself and can hand it over to net.
//
// Everything belongs to the loop thread. Descriptors are non-blocking and watched by the loop's own poller, never by Go's.
// Nothing here calls JavaScript; a Sink may, so every call of a Sink is the last thing that a function does, or is followed by a check
// whether the stream was closed meanwhile. The package must not import binding or engine.
package handle

import (
	"time"

	"roost/internal/loop"
	"roost/internal/sticky"
	"roost/internal/sys"
)

// Reactor is what the streams of one loop share.
type Reactor struct {
	Loop *loop.Loop

	buf     []byte // into which every stream reads; borrowed by Sink.Data
	holder  holder
	joined  []byte // scratch of a write of several small buffers
	reserve int    // a descriptor to give up when there are no more, -1 for none

	shared []*Listener   // that accept from a socket which other processes have, too
	place  *sticky.Place // where instances meet to which clients stick; nil: nowhere
	bell   *loop.Poll    // calls when one of those has left a connection; nil: there is no bell, or nobody to hear it
}

// Key is the key under which builtins keep the isolate's Reactor.
type Key struct{}

const readSize = 64 << 10

// NewReactor makes what the streams of a loop share.
func NewReactor(l *loop.Loop) *Reactor {
	r := &Reactor{Loop: l, buf: make([]byte, readSize), reserve: -1}
	l.OnEndBatch(r.holder.release)
	return r
}

// Close gives back what the streams share, after the last of them was closed.
func (r *Reactor) Close() {
	r.holder.close()
	r.holder.ringless = true
	if r.reserve >= 0 {
		_ = sys.Close(r.reserve)
		r.reserve = -1
	}
}

// SetOutbox sets where JavaScript leaves writes to the stream that is admitted. Only the first call counts.
func (r *Reactor) SetOutbox(o Outbox) {
	if r.holder.outbox == nil {
		r.holder.mu.Lock()
		r.holder.outbox = o
		r.holder.mu.Unlock()
	}
}

// Now is the loop's time.
func (r *Reactor) Now() time.Duration { return r.Loop.Now() }
