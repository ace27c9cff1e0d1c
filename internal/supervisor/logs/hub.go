package logs

import (
	"sync"
	"sync/atomic"
	"time"
)

// Line is a line as followers get it.
type Line struct {
	ID        int       `json:"id"`
	App       string    `json:"app"`
	Namespace string    `json:"namespace,omitempty"`
	Kind      Kind      `json:"type"`
	At        time.Time `json:"at"`
	Text      string    `json:"text"`           // as in the file, without line break
	Raw       string    `json:"raw,omitempty"`  // as the program wrote it, where that differs
	Lost      int       `json:"lost,omitempty"` // lines that this follower missed before this one
}

// Hub hands lines to those who follow. A follower that doesn't keep up misses lines and is told how many; nobody waits for it.
// The zero value is ready; any goroutine may call it.
type Hub struct {
	count atomic.Int32

	mu        sync.Mutex
	followers map[*Follower]bool
}

// Follower gets the lines that want says yes to.
type Follower struct {
	C    <-chan Line
	c    chan Line
	lost int // guarded by Hub.mu
	want func(id int, kind Kind) bool
}

// followerRoom is how many lines may wait for one follower.
const followerRoom = 1024

// Follow begins to follow.
func (h *Hub) Follow(want func(id int, kind Kind) bool) *Follower {
	c := make(chan Line, followerRoom)
	f := &Follower{C: c, c: c, want: want}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.followers == nil {
		h.followers = map[*Follower]bool{}
	}
	h.followers[f] = true
	h.count.Add(1)
	return f
}

// Leave ends it.
func (h *Hub) Leave(f *Follower) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.followers[f] {
		delete(h.followers, f)
		h.count.Add(-1)
	}
}

func (h *Hub) isFollowed() bool { return h != nil && h.count.Load() > 0 }

func (h *Hub) publish(l Line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range h.followers {
		if !f.want(l.ID, l.Kind) {
			continue
		}
		l.Lost = f.lost
		select {
		case f.c <- l:
			f.lost = 0
		default:
			f.lost++
		}
	}
}
