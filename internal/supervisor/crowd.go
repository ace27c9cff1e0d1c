package supervisor

import (
	"maps"
	"runtime"
	"slices"
	"time"

	"roost/internal/supervisor/ecosystem"
)

// A crowd is instances of one application that keep the processors busy between them. Then whatever wakes a worker takes the processor away from
// another one in the middle of its requests, thousands of times a second, and each comes back to cold caches. So they run under SCHED_BATCH, in
// which a thread that wakes waits for its turn. Alone on its processor or beside idle ones a worker would win nothing and might wait for a
// neighbour's slice, so the policy is the usual one again when the rush is over. See "What does CPU per request cost in several instances?" in
// docs/rationale.md.

// crowd is what was done to the workers of a group. The goroutine of the daemon's ticks only.
type crowd struct {
	is       bool
	yielding map[int]uint64 // start by pid: whose threads yield
}

// crowded tells whether instances are a crowd, from the parts of all processors' time that they have used, and that was used at all, in the last
// second. They were one before, or not.
func crowded(were bool, used, busy float64) bool {
	if were {
		return used > 0.3 && busy > 0.6
	}
	return used > 0.5 && busy > 0.85
}

// lookAtCrowds is called once in sampleInterval.
func (d *Daemon) lookAtCrowds() {
	busy := d.processors.busy()
	d.mu.Lock()
	groups := slices.Collect(maps.Values(d.groups))
	d.mu.Unlock()
	for _, g := range groups {
		g.settleCrowd(busy)
	}
}

// settleCrowd gives the threads of a group's workers the policy that is right now.
func (g *group) settleCrowd(busy float64) {
	members, used := g.members()
	c := &g.crowd
	c.is = len(members) > 0 && crowded(c.is, used, busy)
	for pid, start := range c.yielding {
		if !c.is || members[pid] != start {
			delete(c.yielding, pid)
			if u, err := readUsage(pid); err == nil && u.start == start {
				setYielding(pid, false)
			}
		}
	}
	if !c.is {
		return
	}
	if c.yielding == nil {
		c.yielding = map[int]uint64{}
	}
	for pid, start := range members {
		if u, err := readUsage(pid); err == nil && u.start == start {
			setYielding(pid, true) // its newest threads, too
			c.yielding[pid] = start
		}
	}
}

// members are the processes of two or more instances that share listening sockets, by pid with their start, and what they use of all processors.
func (g *group) members() (processes map[int]uint64, used float64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.active) < 2 {
		return nil, 0
	}
	processes = map[int]uint64{}
	for i := range g.active {
		view, w := i.view.Load(), i.shown.Load()
		if view == nil || w == nil || view.App.ExecMode == ecosystem.ModeFork || view.App.Interpreter != "node" {
			continue
		}
		used += view.CPU / 100
		processes[w.Pid] = w.Start
	}
	return processes, used / float64(runtime.NumCPU())
}

// processorMeter tells how busy all processors are.
type processorMeter struct{ idle, all time.Duration }

// busy is the part of all processors' time that was used since the last call; 0 at the first.
func (m *processorMeter) busy() float64 {
	idle, all, err := readProcessors()
	if err != nil {
		return 0
	}
	before := *m
	m.idle, m.all = idle, all
	if before.all == 0 || all <= before.all {
		return 0
	}
	return 1 - float64(idle-before.idle)/float64(all-before.all)
}
