package binding

import "time"

// Milestone is a moment in the life of a program, which performance.nodeTiming tells (perf_hooks.html, "Class: PerformanceNodeTiming").
type Milestone int

// The milestones, in their order.
const (
	V8Start Milestone = iota
	EnvironmentReady
	BootstrapComplete
	LoopStart
	LoopExit
	MilestoneCount
)

// Reach notes that the program has come to m now. The first call counts, but for LoopExit. Loop thread.
func (e *Env) Reach(m Milestone) { e.ReachAt(m, time.Now()) }

// ReachAt is Reach for a moment in the past.
func (e *Env) ReachAt(m Milestone, at time.Time) {
	if e.milestones[m].IsZero() || m == LoopExit {
		e.milestones[m] = at
	}
}

// Reached gives the moments; those that haven't come are zero. Loop thread.
func (e *Env) Reached() [MilestoneCount]time.Time { return e.milestones }
