package dashboard

import (
	"slices"
	"time"

	"roost/internal/vitals"
)

// chart is a histogram as the page gets it, of the last minute and of the time since the program's start. Times are milliseconds.
type chart struct {
	Recent counts `json:"recent"`
	Whole  counts `json:"whole"`
}

type counts struct {
	Buckets []uint64 `json:"buckets"`
	Count   uint64   `json:"count"`
	Sum     float64  `json:"sum"`
	P50     float64  `json:"p50"`
	P99     float64  `json:"p99"`
	Max     float64  `json:"max"` // of the whole time
}

type gcChart struct {
	Kind string `json:"kind"`
	chart
}

// inside is what a key's programs show of themselves.
type inside struct {
	Bounds   []float64 `json:"bounds"` // of the buckets
	Isolates int       `json:"isolates"`
	Lag      chart     `json:"lag"`
	GC       []gcChart `json:"gc"`
	Requests chart     `json:"requests"`
	Classes  [5]uint64 `json:"classes"` // requests by 1xx to 5xx
	Pending  int64     `json:"pending"`
	Heap     heap      `json:"heap"`
}

type heap struct {
	Used     uint64         `json:"used"`
	Total    uint64         `json:"total"`
	Limit    uint64         `json:"limit"`
	External uint64         `json:"external"`
	Buffers  uint64         `json:"buffers"`
	Spaces   []vitals.Space `json:"spaces"`
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

var bounds = func() []float64 {
	out := make([]float64, vitals.Buckets)
	for k := range out {
		out[k] = milliseconds(vitals.Bound(k))
	}
	return out
}()

// pair is a histogram under way: what it was a minute ago is taken off for recent.
type pair struct{ recent, whole vitals.Histogram }

func (p *pair) add(now, before vitals.Histogram) {
	join(&p.whole, now)
	join(&p.recent, now.Since(before))
}

func join(sum *vitals.Histogram, h vitals.Histogram) {
	for k, n := range h.Buckets {
		sum.Buckets[k] += n
	}
	sum.Sum += h.Sum
	sum.Max = max(sum.Max, h.Max)
}

func countsOf(h vitals.Histogram) counts {
	return counts{Buckets: h.Buckets[:], Count: h.Count(), Sum: milliseconds(h.Sum), P50: milliseconds(h.Quantile(0.5)), P99: milliseconds(h.Quantile(0.99)), Max: milliseconds(h.Max)}
}

func (p *pair) chart() chart { return chart{countsOf(p.recent), countsOf(p.whole)} }

// gcOrder is how the kinds are shown.
var gcOrder = []string{"minor", "major", "incremental", "weakcb"}

// inside adds up the isolates of a key.
func (s *store) inside(key string) (inside, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := inside{Bounds: bounds}
	var lag, requests pair
	gc := map[string]*pair{}
	spaces := map[string]*vitals.Space{}
	var names []string
	for _, p := range members(key, s.state.Processes) {
		for _, i := range s.isolates[p.ID] {
			now, before := i.now, i.older[0]
			out.Isolates++
			lag.add(now.Loop.Lag, before.Loop.Lag)
			requests.add(now.Requests.Duration, before.Requests.Duration)
			for _, g := range now.GC {
				if gc[g.Kind] == nil {
					gc[g.Kind] = &pair{}
				}
				gc[g.Kind].add(g.Pauses, pausesOf(before, g.Kind))
			}
			for k, n := range now.Requests.ByClass {
				out.Classes[k] += n
			}
			out.Pending += now.Requests.Pending
			out.Heap.add(now.Heap)
			for _, sp := range now.Heap.Spaces {
				if spaces[sp.Name] == nil {
					spaces[sp.Name] = &vitals.Space{Name: sp.Name}
					names = append(names, sp.Name)
				}
				sum := spaces[sp.Name]
				sum.Used, sum.Size, sum.Available = sum.Used+sp.Used, sum.Size+sp.Size, sum.Available+sp.Available
			}
		}
	}
	out.Lag, out.Requests = lag.chart(), requests.chart()
	out.GC = []gcChart{}
	for _, kind := range gcOrder {
		if p := gc[kind]; p != nil {
			out.GC = append(out.GC, gcChart{kind, p.chart()})
			delete(gc, kind)
		}
	}
	var others []string
	for kind := range gc {
		others = append(others, kind)
	}
	slices.Sort(others)
	for _, kind := range others {
		out.GC = append(out.GC, gcChart{kind, gc[kind].chart()})
	}
	out.Heap.Spaces = []vitals.Space{}
	for _, n := range names {
		out.Heap.Spaces = append(out.Heap.Spaces, *spaces[n])
	}
	return out, out.Isolates > 0
}

func (h *heap) add(o vitals.Heap) {
	h.Used += o.Used
	h.Total += o.Total
	h.Limit += o.Limit
	h.External += o.External
	h.Buffers += o.Buffers
}

func pausesOf(s vitals.Snapshot, kind string) vitals.Histogram {
	for _, g := range s.GC {
		if g.Kind == kind {
			return g.Pauses
		}
	}
	return vitals.Histogram{}
}
