package perfhooks

import (
	"errors"
	"math"
	"math/bits"
	"slices"
	"sync"
)

// histogram counts int64 values in buckets of bounded relative error: the layout of High Dynamic Range histograms
// (https://hdrhistogram.github.io/HdrHistogram/). Values are grouped by powers of two, and each group is cut into the same number of
// steps, so that a value is known to the given number of decimal figures. Its clones on other threads are the same histogram: mu guards it, and
// whoever calls its methods holds mu.
type histogram struct {
	mu          sync.Mutex
	highest     int64
	unit        int // log2 of the smallest distance that is told apart
	half        int // log2 of half the steps of a group
	steps       int64
	mask        int64
	counts      []int64
	total       int64
	exceeds     int64 // values outside of the range
	min, max    int64 // as recorded
	lastDeltaAt int64 // of recordDelta, in nanoseconds; 0: none yet
}

// SharedByIsolates says that messages carry it as it is.
func (h *histogram) SharedByIsolates() {}

// maxHistogramCounts bounds the memory of one histogram (8 bytes a count).
const maxHistogramCounts = 1 << 26

var errHistogramRange = errors.New("histogram range is invalid")

func newHistogram(lowest, highest int64, figures int) (*histogram, error) {
	if lowest < 1 || figures < 1 || figures > 5 || highest/2 < lowest {
		return nil, errHistogramRange
	}
	largest := 2 * int64(math.Pow10(figures)) // single steps are needed up to here
	magnitude := bits.Len64(uint64(largest - 1))
	h := &histogram{highest: highest, unit: bits.Len64(uint64(lowest)) - 1, half: magnitude - 1, steps: 1 << magnitude}
	if h.unit+h.half > 61 {
		return nil, errHistogramRange
	}
	h.mask = (h.steps - 1) << h.unit
	groups := 1
	for covers := h.steps << h.unit; covers <= highest; groups++ {
		if covers > math.MaxInt64/2 {
			groups++
			break
		}
		covers <<= 1
	}
	n := (int64(groups) + 1) << h.half
	if n > maxHistogramCounts {
		return nil, errHistogramRange
	}
	h.counts = make([]int64, n)
	h.reset()
	return h, nil
}

func (h *histogram) reset() {
	clear(h.counts)
	h.total, h.exceeds, h.lastDeltaAt = 0, 0, 0
	h.min, h.max = math.MaxInt64, 0
}

// group is the number of the power-of-two group of a value, and step its place in it.
func (h *histogram) group(v int64) int {
	return bits.Len64(uint64(v|h.mask)) - h.unit - h.half - 1
}

func (h *histogram) index(v int64) int {
	g := h.group(v)
	step := v >> (g + h.unit)
	return (g+1)<<h.half + int(step) - 1<<h.half
}

// valueAt is the lowest value that is counted at index i.
func (h *histogram) valueAt(i int) int64 {
	g := i>>h.half - 1
	step := i&(1<<h.half-1) + 1<<h.half
	if g < 0 {
		step -= 1 << h.half
		g = 0
	}
	return int64(step) << (g + h.unit)
}

// width is how many values are counted together with v.
func (h *histogram) width(v int64) int64 { return 1 << (h.unit + h.group(v)) }

func (h *histogram) lowestEquivalent(v int64) int64  { return v &^ (h.width(v) - 1) }
func (h *histogram) highestEquivalent(v int64) int64 { return h.lowestEquivalent(v) + h.width(v) - 1 }
func (h *histogram) middle(v int64) int64            { return h.lowestEquivalent(v) + h.width(v)>>1 }

// record counts n times v; a value outside of the range is counted in exceeds and false is returned.
func (h *histogram) record(v, n int64) bool {
	if v < 0 || v > h.highest {
		h.exceeds += n
		return false
	}
	h.put(v, n)
	return true
}

func (h *histogram) put(v, n int64) {
	i := h.index(v)
	if i < 0 || i >= len(h.counts) {
		h.exceeds += n
		return
	}
	h.counts[i] += n
	h.total += n
	if v != 0 {
		h.min = min(h.min, v)
	}
	h.max = max(h.max, v)
}

// snapshot gives the state as a histogram of the caller's.
func (h *histogram) snapshot() *histogram {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &histogram{highest: h.highest, unit: h.unit, half: h.half, steps: h.steps, mask: h.mask, counts: slices.Clone(h.counts), total: h.total,
		exceeds: h.exceeds, min: h.min, max: h.max}
}

// add counts what other, which is a snapshot, has counted.
func (h *histogram) add(other *histogram) {
	for i, n := range other.counts {
		if n > 0 {
			h.record(other.valueAt(i), n)
		}
	}
	h.exceeds += other.exceeds
}

func (h *histogram) minimum() int64 {
	if h.counts[0] > 0 {
		return 0
	}
	if h.min == math.MaxInt64 {
		return h.min
	}
	return h.lowestEquivalent(h.min)
}

func (h *histogram) maximum() int64 {
	if h.max == 0 {
		return 0
	}
	return h.highestEquivalent(h.max)
}

func (h *histogram) mean() float64 {
	if h.total == 0 {
		return math.NaN()
	}
	sum := 0.0
	for i, n := range h.counts {
		if n > 0 {
			sum += float64(n) * float64(h.middle(h.valueAt(i)))
		}
	}
	return sum / float64(h.total)
}

func (h *histogram) deviation() float64 {
	if h.total == 0 {
		return math.NaN()
	}
	mean, sum := h.mean(), 0.0
	for i, n := range h.counts {
		if n > 0 {
			d := float64(h.middle(h.valueAt(i))) - mean
			sum += float64(n) * d * d
		}
	}
	return math.Sqrt(sum / float64(h.total))
}

// percentile is the value that p percent of the counted ones don't exceed.
func (h *histogram) percentile(p float64) int64 {
	want := max(int64(min(p, 100)/100*float64(h.total)+0.5), 1)
	seen := int64(0)
	for i, n := range h.counts {
		if seen += n; seen >= want {
			return h.highestEquivalent(h.valueAt(i))
		}
	}
	return 0
}

// percentiles gives levels and values alternately: from 0, each level half as far from 100 as the one before it, and 100 itself.
func (h *histogram) percentiles() []float64 {
	var out []float64
	level, seen := 0.0, int64(0)
	last := int64(0)
	for i, n := range h.counts {
		if n == 0 || seen >= h.total {
			continue
		}
		seen += n
		last = h.valueAt(i)
		for reached := 100 * float64(seen) / float64(h.total); level <= reached; {
			out = append(out, level, float64(last))
			half := math.Exp2(math.Floor(math.Log2(100/(100-level))) + 1)
			level += 100 / half
			if seen >= h.total {
				break
			}
		}
	}
	return append(out, 100, float64(last))
}
