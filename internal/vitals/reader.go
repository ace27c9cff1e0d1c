package vitals

import (
	"math"
	"sync/atomic"
	"time"
)

// Read gives what a page says, and false for one that no program has written. Any goroutine. The memory is the programs' to write and may hold
// anything: figures may be nonsense then, but every one is in its range.
func (b *Board) Read(n int) (Snapshot, bool) {
	if n < 0 || n >= b.used() {
		return Snapshot{}, false
	}
	s, p := b.seat(n), b.page(n)
	pid := atomic.LoadInt64(&s.pid)
	if atomic.LoadUint64(&s.taken) == 0 || pid <= 0 || pid > math.MaxInt32 {
		return Snapshot{}, false
	}
	out := Snapshot{Pid: int(pid), At: time.Now(), StartedAt: time.Unix(0, atomic.LoadInt64(&p.started)),
		Listening: atomic.LoadInt64(&s.listening) > 0, Late: s.isLate(Now()), Conns: count(&s.conns), Accepted: atomic.LoadUint64(&s.accepted),
		Handles: count(&p.handles), InFlight: count(&p.inFlight), Isolates: int(min(count(&p.isolates), 1<<16))}
	out.Loop = Loop{Idle: duration(atomic.LoadUint64(&p.idle)), Lag: p.lag.read()}
	out.Loop.Turns, out.Loop.Busy = out.Loop.Lag.Count(), out.Loop.Lag.Sum
	since := atomic.LoadInt64(&s.since)
	if since == math.MinInt64 {
		since = 0
	}
	out.Beat = time.Duration(max(Now()-max(since, -since), 0))
	if since > 0 {
		out.Loop.Running = out.Beat
		out.Loop.Busy = sum(out.Loop.Busy, out.Beat)
	} else {
		out.Loop.Idle = sum(out.Loop.Idle, out.Beat)
	}
	out.Requests = Requests{Pending: count(&p.pending), Duration: p.duration.read()}
	out.Requests.Total = atomic.LoadUint64(&p.classes[0])
	for k := range out.Requests.ByClass {
		out.Requests.ByClass[k] = atomic.LoadUint64(&p.classes[k+1])
		out.Requests.Total += out.Requests.ByClass[k]
	}
	p.engine.read(&out)
	return out, true
}

func (e *Engine) read(out *Snapshot) {
	load := func(p *uint64) uint64 { return atomic.LoadUint64(p) }
	out.Heap = Heap{Used: load(&e.used), Total: load(&e.total), Limit: load(&e.limit), External: load(&e.external), Buffers: load(&e.buffers)}
	for k := range e.spaces {
		s := &e.spaces[k]
		if name := s.title(); name != "" {
			out.Heap.Spaces = append(out.Heap.Spaces, Space{Name: name, Used: load(&s.used), Size: load(&s.size), Available: load(&s.available)})
		}
	}
	for k, kind := range kinds {
		if h := e.gc[k].read(); h.Count() > 0 {
			out.GC = append(out.GC, GC{Kind: kind, Pauses: h})
		}
	}
}

// title is the space's name, of letters that are no trouble to anybody.
func (s *space) title() string {
	name := s.name // written once
	end := 0
	for end < len(name) && (name[end] >= 'a' && name[end] <= 'z' || name[end] == '_') {
		end++
	}
	return string(name[:end])
}

func count(p *int64) int64 { return max(atomic.LoadInt64(p), 0) }

func duration(n uint64) time.Duration { return time.Duration(min(n, math.MaxInt64)) }

func sum(a, b time.Duration) time.Duration {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
