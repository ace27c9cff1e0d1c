package dashboard

import (
	"math"
	"slices"
	"strconv"
	"time"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
)

const (
	kept      = time.Hour
	mostSpots = int(kept / feed.Interval)
	// mostHistories bounds the memory: each takes 190 KB when it is an hour long.
	mostHistories = 300
	// goneFor is how long the history of a process that is no more stays.
	goneFor = 5 * time.Minute
)

// spot is one moment of a process, of an application or of all. What isn't known is NaN.
type spot struct {
	at                                                 int64 // Unix milliseconds
	cpu, memory, heap, p50, p99, requests, conns, busy float32
}

// history is an hour of spots, the oldest first from start on.
type history struct {
	spots []spot
	start int
	seen  time.Time
}

func (h *history) add(s spot) {
	if len(h.spots) < mostSpots {
		h.spots = append(h.spots, s)
		return
	}
	h.spots[h.start] = s
	h.start = (h.start + 1) % mostSpots
}

func (h *history) each(f func(spot)) {
	for _, s := range h.spots[h.start:] {
		f(s)
	}
	for _, s := range h.spots[:h.start] {
		f(s)
	}
}

var unknown = float32(math.NaN())

func newSpot(at time.Time) spot {
	return spot{at: at.UnixMilli(), cpu: unknown, memory: unknown, heap: unknown, p50: unknown, p99: unknown, requests: unknown, conns: unknown, busy: unknown}
}

// plus adds what adds up and takes the highest of what doesn't.
func plus(sum *float32, v float32) {
	if math.IsNaN(float64(*sum)) {
		*sum = v
	} else if !math.IsNaN(float64(v)) {
		*sum += v
	}
}

func highest(top *float32, v float32) {
	if math.IsNaN(float64(*top)) || v > *top {
		*top = v
	}
}

func (s *spot) join(o spot) {
	plus(&s.cpu, o.cpu)
	plus(&s.memory, o.memory)
	plus(&s.heap, o.heap)
	plus(&s.requests, o.requests)
	plus(&s.conns, o.conns)
	highest(&s.p50, o.p50)
	highest(&s.p99, o.p99)
	highest(&s.busy, o.busy)
}

func spotOf(p control.Process, at time.Time) spot {
	s := newSpot(at)
	if p.Pid == 0 {
		return s
	}
	s.cpu, s.memory = float32(p.CPU), float32(p.Memory)
	if l := p.Load; l != nil {
		s.heap, s.p50, s.p99, s.requests, s.conns, s.busy = float32(l.HeapUsed), float32(l.LagP50), float32(l.LagP99), float32(l.Requests), float32(l.Connections), float32(l.Utilization*100)
	}
	return s
}

// Keys of what is shown: all, an application, a process.
const allKey = "all"

func appKey(name string) string { return "app:" + name }

func processKey(id int) string { return strconv.Itoa(id) }

// spots are those of one state, by key.
func spots(st feed.State) map[string]spot {
	out := map[string]spot{}
	join := func(key string, s spot) {
		sum, ok := out[key]
		if !ok {
			sum = newSpot(st.At)
		}
		sum.join(s)
		out[key] = sum
	}
	for _, p := range st.Processes {
		s := spotOf(p, st.At)
		join(processKey(p.ID), s)
		join(appKey(p.Name), s)
		join(allKey, s)
	}
	return out
}

// columns is a history as the page gets it: one list a figure. What isn't known is null.
type columns struct {
	At     []int64              `json:"at"`
	Series map[string][]*number `json:"series"`
}

// number is a float32 written with three digits behind the point at the most.
type number float32

func (n *number) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, math.Round(float64(*n)*1000)/1000, 'f', -1, 64), nil
}

func (s spot) figures() map[string]float32 {
	return map[string]float32{"cpu": s.cpu, "memory": s.memory, "heap": s.heap, "p50": s.p50, "p99": s.p99, "requests": s.requests, "connections": s.conns, "busy": s.busy}
}

func known(v float32) *number {
	if math.IsNaN(float64(v)) {
		return nil
	}
	n := number(v)
	return &n
}

func (h *history) columns() columns {
	c := columns{At: []int64{}, Series: map[string][]*number{}}
	h.each(func(s spot) {
		c.At = append(c.At, s.at)
		for name, v := range s.figures() {
			c.Series[name] = append(c.Series[name], known(v))
		}
	})
	return c
}

// forget drops histories of what is gone, the longest gone first, until there is room.
func forget(all map[string]*history, now time.Time) {
	var gone []string
	for key, h := range all {
		if now.Sub(h.seen) > goneFor {
			delete(all, key)
		} else if h.seen.Before(now) {
			gone = append(gone, key)
		}
	}
	slices.SortFunc(gone, func(a, b string) int { return all[a].seen.Compare(all[b].seen) })
	for len(all) > mostHistories && len(gone) > 0 {
		delete(all, gone[0])
		gone = gone[1:]
	}
}
