package vitals

import (
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	var h Histogram
	if got := h.Quantile(0.5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
	h.Buckets[4], h.Buckets[40] = 99, 1
	h.Max = Bound(40) - 1
	if got := h.Quantile(0.5); got != Bound(4) {
		t.Errorf("p50 = %v, want %v", got, Bound(4))
	}
	if got := h.Quantile(0.999); got != h.Max {
		t.Errorf("p99.9 = %v, want the maximum %v", got, h.Max)
	}
}

func TestSince(t *testing.T) {
	var a, b Histogram
	a.Buckets[3], a.Sum = 2, 40*time.Microsecond
	b.Buckets[3], b.Buckets[5], b.Sum = 5, 1, 100*time.Microsecond
	d := b.Since(a)
	if d.Buckets[3] != 3 || d.Buckets[5] != 1 || d.Sum != 60*time.Microsecond {
		t.Errorf("got %+v", d)
	}
	if d.Count() != 4 {
		t.Errorf("Count = %d, want 4", d.Count())
	}
}
