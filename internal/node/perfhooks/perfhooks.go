// Package perfhooks is the Go half of node:perf_hooks: the clock, the milestones of the program's start, what the loop measures, and
// histograms. Everything runs on the isolate's thread; nothing blocks.
package perfhooks

import (
	"math"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/loop"
)

// Module is the perfhooks builtin.
var Module = binding.Module{Name: "perfhooks", Natives: binding.Natives{
	"now":         now,
	"timeOrigin":  timeOrigin,
	"milestones":  milestones,
	"loopMetrics": loopMetrics,
	"sinceOrigin": sinceOrigin,

	"histogramNew":         histogramNew,
	"histogramRecord":      histogramRecord,
	"histogramRecordDelta": histogramRecordDelta,
	"histogramAdd":         histogramAdd,
	"histogramReset":       histogramReset,
	"histogramNumbers":     histogramNumbers,
	"histogramPercentile":  histogramPercentile,
	"histogramPercentiles": histogramPercentiles,
	"histogramShare":       histogramShare,

	"delayNew":    delayNew,
	"delayEnable": delayEnable,
}}

// origin is the moment that performance.now() counts from: when the program's packages were initialised. Immutable.
var origin = time.Now()

// state is what one isolate measures.
type state struct {
	delays map[*delay]bool // whose timers are not closed
}

type stateKey struct{}

func stateOf(env *binding.Env) *state {
	return env.State(stateKey{}, func() any {
		s := &state{delays: map[*delay]bool{}}
		env.OnClose(func() {
			for d := range s.delays {
				d.Close()
			}
		})
		return s
	}).(*state)
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func elapsed() float64 { return milliseconds(time.Since(origin)) }

// now() → milliseconds since origin.
func now(c *binding.Call) { c.Return(binding.Number(elapsed())) }

// timeOrigin() → origin as milliseconds of Unix time.
func timeOrigin(c *binding.Call) { c.Return(binding.Number(float64(origin.UnixMicro()) / 1e3)) }

// sinceOrigin(microseconds of the steady clock) → milliseconds since origin.
func sinceOrigin(c *binding.Call) {
	var steady unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &steady)
	c.Return(binding.Number(c.Float(0)/1e3 - float64(steady.Nano())/1e6 + elapsed()))
}

// milestones() → milliseconds since origin of each milestone, -1 for what hasn't come.
func milestones(c *binding.Call) {
	var out [binding.MilestoneCount]float64
	for k, at := range c.Env().Reached() {
		out[k] = -1
		if !at.IsZero() {
			out[k] = milliseconds(at.Sub(origin))
		}
	}
	c.Return(binding.Float64s(out[:]))
}

// loopMetrics() → turns, events, events that waited, idle milliseconds.
func loopMetrics(c *binding.Call) {
	m := c.Env().Loop.Metrics()
	c.Return(binding.Float64s([]float64{float64(m.Turns), float64(m.Events), float64(m.EventsWaiting), milliseconds(m.Idle)}))
}

// recorder is what the histogram natives take: a histogram, or a delay monitor, which has one.
type recorder interface{ values() *histogram }

func (h *histogram) values() *histogram { return h }
func (d *delay) values() *histogram     { return d.histogram }

// use calls f with the histogram of argument 0. JavaScript passes nothing else.
func use(c *binding.Call, f func(h *histogram)) {
	if r, ok := c.Ref(0).(recorder); ok {
		h := r.values()
		h.mu.Lock()
		defer h.mu.Unlock()
		f(h)
	}
}

// histogramNew(lowest, highest, figures) → ref
func histogramNew(c *binding.Call) {
	h, err := newHistogram(c.Int64(0), c.Int64(1), c.Int(2))
	if err != nil {
		c.Throw(binding.RangeError("ERR_OUT_OF_RANGE", "The range of the histogram is too large or empty"))
		return
	}
	c.Return(binding.Ref(h))
}

// histogramRecord(ref, value)
func histogramRecord(c *binding.Call) {
	use(c, func(h *histogram) { h.record(c.Int64(1), 1) })
}

// histogramRecordDelta(ref): the nanoseconds since the last call.
func histogramRecordDelta(c *binding.Call) {
	use(c, func(h *histogram) {
		at := time.Since(origin).Nanoseconds()
		if h.lastDeltaAt > 0 {
			h.record(at-h.lastDeltaAt, 1)
		}
		h.lastDeltaAt = at
	})
}

// histogramAdd(ref, other)
func histogramAdd(c *binding.Call) {
	other, ok := c.Ref(1).(recorder)
	if !ok {
		return
	}
	from := other.values().snapshot() // before h is locked: two threads may add each other's
	use(c, func(h *histogram) { h.add(from) })
}

// histogramShare(ref) → ref of the histogram alone, which a message can carry
func histogramShare(c *binding.Call) {
	if r, ok := c.Ref(0).(recorder); ok {
		c.Return(binding.Ref(r.values()))
	}
}

func histogramReset(c *binding.Call) { use(c, (*histogram).reset) }

// histogramNumbers(ref) → count, exceeds, min, max, mean, standard deviation; whole numbers as BigInt when asked for (argument 1).
func histogramNumbers(c *binding.Call) {
	use(c, func(h *histogram) {
		if c.Bool(1) {
			c.Return(binding.List(binding.BigInt(h.total), binding.BigInt(h.exceeds), binding.BigInt(h.minimum()), binding.BigInt(h.maximum())))
			return
		}
		c.Return(binding.Float64s([]float64{float64(h.total), float64(h.exceeds), float64(h.minimum()), float64(h.maximum()), h.mean(), h.deviation()}))
	})
}

// histogramPercentile(ref, percentile, bigint) → value
func histogramPercentile(c *binding.Call) {
	use(c, func(h *histogram) {
		v := h.percentile(c.Float(1))
		if c.Bool(2) {
			c.Return(binding.BigInt(v))
			return
		}
		c.Return(binding.Number(float64(v)))
	})
}

// histogramPercentiles(ref) → level, value, level, value, ...
func histogramPercentiles(c *binding.Call) {
	use(c, func(h *histogram) { c.Return(binding.Float64s(h.percentiles())) })
}

// delay measures how late the loop is: a timer of the loop that does not keep it alive records the time between its calls.
type delay struct {
	histogram  *histogram
	timer      *loop.Timer
	resolution time.Duration
	last       time.Time
	state      *state
}

// delayNew(resolution in milliseconds) → ref
func delayNew(c *binding.Call) {
	s := stateOf(c.Env())
	h, err := newHistogram(1, int64(time.Hour), 3)
	if err != nil {
		c.Throw(err)
		return
	}
	resolution := min(c.Float(0), float64(math.MaxInt32))
	d := &delay{histogram: h, resolution: time.Duration(resolution * float64(time.Millisecond)), state: s}
	d.timer = c.Env().Loop.NewTimer(d.tick)
	d.timer.Unref()
	s.delays[d] = true
	c.Return(binding.Ref(d))
}

func (d *delay) tick() {
	at := time.Now()
	if !d.last.IsZero() {
		d.histogram.mu.Lock()
		defer d.histogram.mu.Unlock()
		d.histogram.record(at.Sub(d.last).Nanoseconds(), 1)
	}
	d.last = at
}

// Close ends the monitor when its JavaScript object is collected, or the isolate is torn down. Loop thread.
func (d *delay) Close() error {
	if d.state.delays[d] {
		delete(d.state.delays, d)
		d.timer.Close(nil)
	}
	return nil
}

// delayEnable(ref, on)
func delayEnable(c *binding.Call) {
	d, ok := c.Ref(0).(*delay)
	if !ok || !d.state.delays[d] {
		return
	}
	if c.Bool(1) {
		d.last = time.Time{}
		d.timer.Start(d.resolution, d.resolution)
		return
	}
	d.timer.Stop()
}
