package process

import (
	"fmt"
	"os"

	"roost/internal/binding"
	"roost/internal/engine"
)

// Heap that the report of a full heap may use, and how often a program gets that which doesn't come to its interrupt: a loop of builtins alone.
const (
	reportRoom  = 32 << 20
	reportTimes = 3
)

type fatalKey struct{}

// fatalReport writes the report of a program whose heap is full (--report-on-fatalerror). The isolate's thread only.
type fatalReport struct {
	isolate *engine.Isolate
	write   *engine.Persistent // JavaScript: writes the report if it is wanted
	asked   int
}

// onFatal(write): calls write() when the heap is full, and ends the process then. An isolate whose program ends alone has no such report.
func onFatal(c *binding.Call) {
	env := c.Env()
	if env.Isolate.StopsAtHeapLimit() || !c.Value(0).IsFunction() {
		return
	}
	env.State(fatalKey{}, func() any {
		r := &fatalReport{isolate: env.Isolate, write: env.Isolate.Keep(c.Value(0))}
		env.OnClose(r.write.Release)
		env.Isolate.OnNearHeapLimit(r.ask)
		return r
	})
}

// ask is called in the middle of an allocation, where no JavaScript may run: that waits for the next interrupt.
func (r *fatalReport) ask(current, _ uint64) uint64 {
	if r.asked >= reportTimes {
		return current
	}
	if r.asked++; r.asked == 1 {
		r.isolate.Interrupt(func() { r.isolate.Inside(r.end) })
	}
	return current + reportRoom
}

func (r *fatalReport) end() {
	if _, err := r.isolate.EvalInside(r.write); err != nil {
		fmt.Fprintf(os.Stderr, "No report: %v\n", err)
	}
	engine.OutOfMemory()
}
