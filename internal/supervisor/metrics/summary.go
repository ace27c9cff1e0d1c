package metrics

import (
	"fmt"
	"math"
	"time"

	"roost/internal/vitals"
)

// summary is what a histogram says of its durations, in seconds. The ends and the deviation are as exact as its buckets.
func summary(h vitals.Histogram) (low, high, mean, deviation float64) {
	n := float64(h.Count())
	if n == 0 {
		return 0, 0, 0, 0
	}
	mean = h.Sum.Seconds() / n
	below := time.Duration(0)
	squares := 0.0
	first := true
	for k, c := range h.Buckets {
		bound := min(vitals.Bound(k), max(h.Max, below))
		if c > 0 {
			if first {
				low, first = below.Seconds(), false
			}
			high = bound.Seconds()
			d := (below+bound).Seconds()/2 - mean
			squares += float64(c) * d * d
		}
		below = vitals.Bound(k)
	}
	return low, high, mean, math.Sqrt(squares / n)
}

// upTo is how many durations are not longer than a bound. Buckets don't end there: one that reaches over it counts where most of it lies.
func upTo(h vitals.Histogram, bound time.Duration) (n uint64) {
	for k, c := range h.Buckets {
		if middle := (float64(lower(k)) + float64(vitals.Bound(k))) / 2; middle <= float64(bound) {
			n += c
		}
	}
	return n
}

func lower(k int) time.Duration {
	if k == 0 {
		return 0
	}
	return vitals.Bound(k - 1)
}

// version tells Node's version, "v24.12.0".
func (e emitter) version(v string) {
	var major, minor, patch int
	if _, err := fmt.Sscanf(v, "v%d.%d.%d", &major, &minor, &patch); err == nil {
		e.gauge(node, 1, v, fmt.Sprint(major), fmt.Sprint(minor), fmt.Sprint(patch))
	}
}
