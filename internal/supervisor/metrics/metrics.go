// Package metrics gives figures of programs in Prometheus' format. The names are those of prom-client, so that boards made for it show programs of
// Roost as they are; what prom-client has no name for is called roost_*.
// https://github.com/siimon/prom-client#default-metrics
//
// It knows nobody: what there is to tell is asked for at each request. Any goroutine may use it.
package metrics

import (
	"strconv"
	"sync"
	"time"

	"roost/internal/vitals"
)

// Program is one process of an application.
type Program struct {
	App, Namespace, Mode, Version string
	ID, Pid                       int
	Online                        bool
	Restarts                      int
	Isolates                      []vitals.Snapshot // what the kernel knows stands in the first
}

// Collector tells of all programs.
type Collector struct {
	programs func() []Program
	node     string // Node's version, "v24.12.0"

	mu   sync.Mutex
	seen map[key]vitals.Snapshot // guarded by mu; at the last request
}

// key names an isolate of a run.
type key struct{ id, pid, isolate int }

// NewCollector makes a collector that asks programs for what there is.
func NewCollector(nodeVersion string, programs func() []Program) *Collector {
	return &Collector{programs: programs, node: nodeVersion, seen: map[key]vitals.Snapshot{}}
}

// Labels of a process, and of an isolate: one, or several in threads mode.
var (
	ofProcess = []string{"app", "id"}
	ofIsolate = []string{"app", "id", "isolate"}
)

func process(name, help string) *family { return desc(name, help, ofProcess...) }

func isolate(name, help string, more ...string) *family {
	return desc(name, help, append(append([]string(nil), ofIsolate...), more...)...)
}

var (
	info     = desc("roost_process_info", "A process of an application.", "app", "id", "namespace", "pid", "mode", "version")
	online   = process("roost_process_online", "Whether the process is online.")
	restarts = process("roost_process_restarts_total", "How often the process was started again.")

	cpuUser   = process("process_cpu_user_seconds_total", "Total user CPU time spent in seconds.")
	cpuSystem = process("process_cpu_system_seconds_total", "Total system CPU time spent in seconds.")
	cpu       = process("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
	start     = process("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
	resident  = process("process_resident_memory_bytes", "Resident memory size in bytes.")
	openFiles = process("process_open_fds", "Number of open file descriptors.")
	node      = desc("nodejs_version_info", "Node.js version info.", "app", "id", "version", "major", "minor", "patch")

	lagNow      = isolate("nodejs_eventloop_lag_seconds", "Lag of event loop in seconds: for how long the turn under way has run, or the mean.")
	lagMin      = isolate("nodejs_eventloop_lag_min_seconds", "The shortest turn of the event loop since the last request for metrics.")
	lagMax      = isolate("nodejs_eventloop_lag_max_seconds", "The longest turn of the event loop since the last request for metrics.")
	lagMean     = isolate("nodejs_eventloop_lag_mean_seconds", "The mean of the turns of the event loop since the last request for metrics.")
	lagStddev   = isolate("nodejs_eventloop_lag_stddev_seconds", "The standard deviation of the turns of the event loop since the last request for metrics.")
	lagP50      = isolate("nodejs_eventloop_lag_p50_seconds", "The 50th percentile of the turns of the event loop since the last request for metrics.")
	lagP90      = isolate("nodejs_eventloop_lag_p90_seconds", "The 90th percentile of the turns of the event loop since the last request for metrics.")
	lagP99      = isolate("nodejs_eventloop_lag_p99_seconds", "The 99th percentile of the turns of the event loop since the last request for metrics.")
	utilization = isolate("nodejs_eventloop_utilization", "The part of the time that the event loop was busy since the last request for metrics.")

	gc            = isolate("nodejs_gc_duration_seconds", "Garbage collection duration by kind, one of major, minor, incremental or weakcb.", "kind")
	heapTotal     = isolate("nodejs_heap_size_total_bytes", "Process heap size from Node.js in bytes.")
	heapUsed      = isolate("nodejs_heap_size_used_bytes", "Process heap size used from Node.js in bytes.")
	external      = isolate("nodejs_external_memory_bytes", "Node.js external memory size in bytes.")
	spaceTotal    = isolate("nodejs_heap_space_size_total_bytes", "Process heap space size total from Node.js in bytes.", "space")
	spaceUsed     = isolate("nodejs_heap_space_size_used_bytes", "Process heap space size used from Node.js in bytes.", "space")
	spaceFree     = isolate("nodejs_heap_space_size_available_bytes", "Process heap space size available from Node.js in bytes.", "space")
	handles       = isolate("nodejs_active_handles", "Number of active handles.", "type")
	handlesTotal  = isolate("nodejs_active_handles_total", "Total number of active handles.")
	inFlight      = isolate("nodejs_active_requests", "Number of active requests.", "type")
	inFlightTotal = isolate("nodejs_active_requests_total", "Total number of active requests.")

	answers     = isolate("http_requests_total", "HTTP requests that were answered, by the class of their status.", "status_code")
	pending     = isolate("http_requests_in_flight", "HTTP requests that were not answered yet.")
	durations   = isolate("http_request_duration_seconds", "HTTP requests from their arrival to the end of the answer.")
	connections = isolate("roost_connections", "Open connections of the program's servers.")
	accepted    = isolate("roost_connections_accepted_total", "Connections that the program's servers have accepted.")
)

// Collect gives the figures of this moment.
func (c *Collector) Collect() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := map[key]vitals.Snapshot{}
	out := &page{}
	for _, p := range c.programs() {
		e := emitter{out, []string{p.App, strconv.Itoa(p.ID)}}
		e.gauge(info, 1, p.Namespace, strconv.Itoa(p.Pid), p.Mode, p.Version)
		e.gauge(online, truth(p.Online))
		e.counter(restarts, float64(p.Restarts))
		if len(p.Isolates) == 0 {
			continue
		}
		e.process(p.Isolates[0])
		e.version(c.node)
		for k, s := range p.Isolates {
			at := key{p.ID, p.Pid, k}
			emitter{out, []string{p.App, strconv.Itoa(p.ID), strconv.Itoa(k)}}.isolate(s, c.seen[at])
			seen[at] = s
		}
	}
	c.seen = seen
	return out.bytes()
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (e emitter) process(s vitals.Snapshot) {
	e.counter(cpuUser, s.UserCPU.Seconds())
	e.counter(cpuSystem, s.SystemCPU.Seconds())
	e.counter(cpu, (s.UserCPU + s.SystemCPU).Seconds())
	e.gauge(start, float64(s.StartedAt.UnixMilli())/1000)
	e.gauge(resident, float64(s.Resident))
	e.gauge(openFiles, float64(s.OpenFiles))
}

// Bounds of the histograms: prom-client's for collections, the usual ones of HTTP.
var (
	gcBounds   = []time.Duration{time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second}
	httpBounds = []time.Duration{5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond,
		250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second}
)

func (e emitter) isolate(s, before vitals.Snapshot) {
	e.loop(s, before)
	for _, g := range s.GC {
		e.histogram(gc, g.Pauses, gcBounds, g.Kind)
	}
	e.gauge(heapTotal, float64(s.Heap.Total))
	e.gauge(heapUsed, float64(s.Heap.Used))
	e.gauge(external, float64(s.Heap.External))
	for _, space := range s.Heap.Spaces {
		e.gauge(spaceTotal, float64(space.Size), space.Name)
		e.gauge(spaceUsed, float64(space.Used), space.Name)
		e.gauge(spaceFree, float64(space.Available), space.Name)
	}
	e.gauge(handles, float64(s.Handles), "all")
	e.gauge(handlesTotal, float64(s.Handles))
	e.gauge(inFlight, float64(s.InFlight), "all")
	e.gauge(inFlightTotal, float64(s.InFlight))
	for k, n := range s.Requests.ByClass {
		e.counter(answers, float64(n), strconv.Itoa(k+1)+"xx")
	}
	e.gauge(pending, float64(s.Requests.Pending))
	e.histogram(durations, s.Requests.Duration, httpBounds)
	e.gauge(connections, float64(s.Conns))
	e.counter(accepted, float64(s.Accepted))
}

func (e emitter) loop(s, before vitals.Snapshot) {
	lag := s.Loop.Lag.Since(before.Loop.Lag)
	low, high, mean, deviation := summary(lag)
	e.gauge(lagNow, max(s.Loop.Running.Seconds(), mean))
	e.gauge(lagMin, low)
	e.gauge(lagMax, max(high, s.Loop.Running.Seconds()))
	e.gauge(lagMean, mean)
	e.gauge(lagStddev, deviation)
	e.gauge(lagP50, lag.Quantile(0.5).Seconds())
	e.gauge(lagP90, lag.Quantile(0.9).Seconds())
	e.gauge(lagP99, lag.Quantile(0.99).Seconds())
	busy, idle := s.Loop.Busy-before.Loop.Busy, s.Loop.Idle-before.Loop.Idle
	if total := busy + idle; total > 0 {
		e.gauge(utilization, min(max(busy.Seconds()/total.Seconds(), 0), 1))
	} else {
		e.gauge(utilization, 0)
	}
}
