package supervisor

import (
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/vitals"
)

// loadOf sums up what a program's isolates have done since they were seen before; nil when there is nothing to see.
func loadOf(now, before []vitals.Snapshot) *control.Load {
	if len(now) == 0 {
		return nil
	}
	var l control.Load
	var lag vitals.Histogram
	var idle, busy, span time.Duration
	for k, s := range now {
		var old vitals.Snapshot
		if k < len(before) && before[k].Pid == s.Pid && before[k].StartedAt.Equal(s.StartedAt) {
			old = before[k]
		} else {
			old.At = s.StartedAt
		}
		lag = lag.Plus(s.Loop.Lag.Since(old.Loop.Lag))
		idle += s.Loop.Idle - old.Loop.Idle
		busy += s.Loop.Busy - old.Loop.Busy
		span = max(span, s.At.Sub(old.At))
		l.Requests += float64(s.Requests.Total - min(old.Requests.Total, s.Requests.Total))
		l.Connections += s.Conns
		l.HeapUsed += s.Heap.Used
		l.HeapTotal += s.Heap.Total
		l.Handles += s.Handles
		l.Blocked = max(l.Blocked, milliseconds(s.Loop.Running))
	}
	l.LagP50, l.LagP99 = milliseconds(lag.Quantile(0.5)), milliseconds(lag.Quantile(0.99))
	if lag.Count() == 0 {
		l.LagP50, l.LagP99 = l.Blocked, l.Blocked // no turn has ended
	}
	if idle+busy > 0 {
		l.Utilization = min(max(float64(busy)/float64(idle+busy), 0), 1)
	}
	if span > 0 {
		l.Requests /= span.Seconds()
	}
	return &l
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// allVitals answers control.MethodVitals.
func (d *Daemon) allVitals(p control.Target) ([]control.Vitals, error) {
	target := p.Target
	if target == "" {
		target = "all"
	}
	list, err := d.find(target)
	if err != nil && p.Target != "" {
		return nil, err
	}
	out := []control.Vitals{}
	for _, i := range list {
		v := control.Vitals{ID: i.id, Isolates: []vitals.Snapshot{}}
		if w := i.shown.Load(); w != nil {
			v.Isolates = append(v.Isolates, w.vitals()...)
			if len(v.Isolates) > 0 {
				w.measure(&v.Isolates[0])
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// measure adds what the kernel knows of the process, to the first of its isolates.
func (w *worker) measure(s *vitals.Snapshot) {
	u, err := readUsage(w.Pid)
	if err != nil || u.start != w.Start {
		return
	}
	s.UserCPU, s.SystemCPU, s.Resident, s.OpenFiles = u.user, u.system, u.memory, openFiles(w.Pid)
	s.StartedAt = time.UnixMilli(w.Started)
}
