package restart

import (
	"testing"
	"time"
)

const (
	ms = time.Millisecond
	s  = time.Second
)

func TestDecide(t *testing.T) {
	auto := Config{AutoRestart: true}
	for _, c := range []struct {
		name   string
		config Config
		before History
		exit   Exit
		want   Decision
	}{
		{"a short run", auto, History{}, Exit{Code: 1, Uptime: 10 * ms}, Decision{History: History{Unstable: 1}}},
		{"exit code 0 is restarted too", auto, History{}, Exit{Uptime: 5 * s}, Decision{}},
		{"a run of min_uptime forgets those before", auto, History{Unstable: 9}, Exit{Code: 1, Uptime: s}, Decision{}},
		{"the sixteenth unstable run is the last", auto, History{Unstable: 15}, Exit{Code: 1}, Decision{Verdict: GiveUp}},
		{"the fifteenth isn't", auto, History{Unstable: 14}, Exit{Code: 1}, Decision{History: History{Unstable: 15}}},
		{"max_restarts", Config{AutoRestart: true, MaxRestarts: 2}, History{Unstable: 1}, Exit{Signaled: true}, Decision{Verdict: GiveUp}},
		{"max_restarts without limit", Config{AutoRestart: true, MaxRestarts: -1}, History{Unstable: 500}, Exit{Code: 1}, Decision{History: History{Unstable: 501}}},
		{"min_uptime", Config{AutoRestart: true, MinUptime: 10 * s}, History{}, Exit{Uptime: 9 * s}, Decision{History: History{Unstable: 1}}},
		{"no autorestart", Config{}, History{Unstable: 3}, Exit{Code: 1}, Decision{Verdict: Stop}},
		{"stop_exit_codes", Config{AutoRestart: true, StopExitCodes: []int{0, 3}}, History{}, Exit{Code: 3}, Decision{Verdict: Stop}},
		{"another code", Config{AutoRestart: true, StopExitCodes: []int{3}}, History{}, Exit{Code: 4, Uptime: s}, Decision{}},
		{"a signal is no exit code", Config{AutoRestart: true, StopExitCodes: []int{0}}, History{}, Exit{Signaled: true, Uptime: s}, Decision{}},
		{"restart_delay", Config{AutoRestart: true, Delay: 4 * s}, History{}, Exit{Uptime: s}, Decision{Delay: 4 * s}},
		{"a negative delay is none", Config{AutoRestart: true, Delay: -s}, History{}, Exit{Uptime: s}, Decision{}},
		{"back-off begins", Config{AutoRestart: true, Backoff: 100 * ms}, History{}, Exit{Uptime: s},
			Decision{Delay: 100 * ms, History: History{Backoff: 100 * ms}}},
		{"back-off grows by half", Config{AutoRestart: true, Backoff: 100 * ms}, History{Backoff: 100 * ms}, Exit{Uptime: s},
			Decision{Delay: 150 * ms, History: History{Backoff: 150 * ms}}},
		{"back-off has a limit", Config{AutoRestart: true, Backoff: 100 * ms}, History{Backoff: 14 * s}, Exit{Uptime: s},
			Decision{Delay: 15 * s, History: History{Backoff: 15 * s}}},
		{"a stable run starts the back-off anew", Config{AutoRestart: true, Backoff: 100 * ms}, History{Backoff: 15 * s}, Exit{Uptime: 30 * s},
			Decision{Delay: 100 * ms, History: History{Backoff: 100 * ms}}},
		{"back-off goes before restart_delay", Config{AutoRestart: true, Backoff: 100 * ms, Delay: s}, History{}, Exit{Uptime: s},
			Decision{Delay: 100 * ms, History: History{Backoff: 100 * ms}}},
	} {
		if got := Decide(c.config, c.before, c.exit); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// Whatever the history, a delay is never negative nor beyond the limit, and a program that never stays up ends.
func TestCrashLoopEnds(t *testing.T) {
	c := Config{AutoRestart: true, Backoff: 7 * ms}
	var h History
	for n := 1; ; n++ {
		d := Decide(c, h, Exit{Code: 1, Uptime: 20 * ms})
		if d.Verdict == GiveUp {
			if n != DefaultMaxRestarts {
				t.Errorf("given up at run %d", n)
			}
			return
		}
		if d.Delay < 7*ms || d.Delay > BackoffLimit || d.Delay < h.Backoff {
			t.Fatalf("run %d: delay %v", n, d.Delay)
		}
		h = d.History
	}
}
