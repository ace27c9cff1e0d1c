package supervisor

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"roost/internal/supervisor/control"
)

// bus hands what happens to those who follow it. A follower that doesn't keep up misses events and is told how many; nobody waits for it.
// The zero value is ready; any goroutine may call it.
type bus struct {
	count atomic.Int32

	mu        sync.Mutex
	followers map[*listener]bool // guarded by mu
}

type listener struct {
	c    chan control.Event
	lost int // guarded by bus.mu
}

// eventRoom is how many events may wait for one follower.
const eventRoom = 512

func (b *bus) isFollowed() bool { return b.count.Load() > 0 }

func (b *bus) publish(e control.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.followers {
		e.Lost = l.lost
		select {
		case l.c <- e:
			l.lost = 0
		default:
			l.lost++
		}
	}
}

func (b *bus) follow() *listener {
	l := &listener{c: make(chan control.Event, eventRoom)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.followers == nil {
		b.followers = map[*listener]bool{}
	}
	b.followers[l] = true
	b.count.Add(1)
	return l
}

func (b *bus) leave(l *listener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.followers, l)
	b.count.Add(-1)
}

// followBus hands events on until the client leaves.
func (d *Daemon) followBus(ctx context.Context, tell note) error {
	l := d.bus.follow()
	defer d.bus.leave(l)
	if err := tell(nil); err != nil { // from here on nothing is missed
		return err
	}
	for {
		select {
		case e := <-l.c:
			if err := tell(e); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// whose names a process beside its message, as PM2 does.
func (i *instance) whose() map[string]any {
	return map[string]any{"pm_id": i.id, "name": i.app.Name, "namespace": i.app.Namespace}
}

// say puts a message of the program on the bus.
func (i *instance) say(channel string, data, raw json.RawMessage) {
	if i.d.bus.isFollowed() {
		i.d.bus.publish(control.Event{Channel: channel, At: time.Now().UnixMilli(), Data: data, Raw: raw, Process: i.whose()})
	}
}

// happens puts an event of the process on the bus once its state is shown.
func (i *instance) happens(what string, manually bool) {
	if i.d.bus.isFollowed() {
		i.events = append(i.events, control.Event{Channel: "process:event", Event: what, Manually: manually, At: time.Now().UnixMilli()})
	}
}

// tellEvents is called after publish.
func (i *instance) tellEvents() {
	if len(i.events) == 0 {
		return
	}
	shape := control.PM2Shape(*i.view.Load(), i.d.node)["pm2_env"]
	for _, e := range i.events {
		e.Process = shape
		i.d.bus.publish(e)
	}
	i.events = nil
}
