// Package restart decides what happens to a program that has ended: a pure function of its configuration, how it ended, how long it ran and
// what came before. The caller owns the clock and the timer. It imports nothing of this module and may be used from any goroutine.
package restart

import (
	"slices"
	"time"
)

// Defaults of PM2. https://pm2.keymetrics.io/docs/usage/application-declaration/
const (
	DefaultMinUptime   = time.Second
	DefaultMaxRestarts = 16
	// BackoffLimit is where the exponential back-off ends.
	BackoffLimit = 15 * time.Second
	// StableAfter is how long a program must run for its back-off to start anew.
	StableAfter = 30 * time.Second
)

// Config is the policy of one application.
type Config struct {
	AutoRestart   bool
	StopExitCodes []int         // ends with one of these are meant
	MinUptime     time.Duration // a shorter run is unstable; 0: DefaultMinUptime
	MaxRestarts   int           // so many unstable runs in a row are enough; 0: DefaultMaxRestarts, negative: no limit
	Delay         time.Duration // between end and start
	Backoff       time.Duration // the first delay of an exponential back-off; 0: none. Goes before Delay
}

// Exit is how and when a program ended.
type Exit struct {
	Code     int  // when Signaled is false
	Signaled bool // by a signal that the supervisor didn't send
	Uptime   time.Duration
}

// History is what the policy remembers between ends. The zero value is that of a program that was never restarted.
type History struct {
	Unstable int           // runs in a row that were shorter than MinUptime
	Backoff  time.Duration // the delay given last
}

// Verdict is what to do.
type Verdict int

const (
	Restart Verdict = iota // after Decision.Delay
	Stop                   // it was meant to end
	GiveUp                 // it can't stay up: errored
)

// Decision is a verdict with the delay before a restart and the history to pass at the next end.
type Decision struct {
	Verdict Verdict
	Delay   time.Duration
	History History
}

// Decide says what follows an end that nobody asked for.
func Decide(c Config, h History, e Exit) Decision {
	if !e.Signaled && slices.Contains(c.StopExitCodes, e.Code) || !c.AutoRestart {
		return Decision{Verdict: Stop}
	}
	h = h.after(c, e.Uptime)
	if c.limit() >= 0 && h.Unstable >= c.limit() {
		return Decision{Verdict: GiveUp}
	}
	if c.Backoff <= 0 {
		return Decision{Delay: max(c.Delay, 0), History: h}
	}
	h.Backoff = next(h.Backoff, c.Backoff)
	return Decision{Delay: h.Backoff, History: h}
}

func (h History) after(c Config, uptime time.Duration) History {
	if uptime >= c.minUptime() {
		h.Unstable = 0
	} else {
		h.Unstable++
	}
	if uptime >= StableAfter {
		h.Backoff = 0
	}
	return h
}

// next is the delay that follows last: half as much again, up to BackoffLimit.
func next(last, first time.Duration) time.Duration {
	if last == 0 {
		return min(first, BackoffLimit)
	}
	return min(last+last/2, BackoffLimit)
}

func (c Config) minUptime() time.Duration {
	if c.MinUptime <= 0 {
		return DefaultMinUptime
	}
	return c.MinUptime
}

func (c Config) limit() int {
	if c.MaxRestarts == 0 {
		return DefaultMaxRestarts
	}
	return c.MaxRestarts
}
