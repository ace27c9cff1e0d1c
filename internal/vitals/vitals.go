// Package vitals is the page of shared memory on which a running program shows how it fares: its event loop, its garbage collection, its
// connections and requests. The program writes it and asks nobody; the supervisor reads it, and it stays readable while the loop is blocked
// and after the program has died. The programs of one application share their pages, so that each can see whether it stands above the mean.
//
// Every field of a page has one writer and is read with atomic loads; a reader gets figures that are each right, not taken in one instant.
package vitals

import (
	"math"
	"time"
)

// Snapshot is what a page says at one moment. Counts are since the program's start, so a rate is the difference of two snapshots.
type Snapshot struct {
	Pid       int           `json:"pid"`
	At        time.Time     `json:"at"`          // when it was taken
	Beat      time.Duration `json:"beat"`        // since the program wrote last, nanoseconds; large: it is blocked or stopped
	Listening bool          `json:"listening"`   // it accepts connections
	Late      bool          `json:"late"`        // its loop is: the others that accept from its sockets take what comes
	Conns     int64         `json:"connections"` // open, of its servers
	Accepted  uint64        `json:"accepted"`
	Loop      Loop          `json:"loop"`
	Heap      Heap          `json:"heap"`
	GC        []GC          `json:"gc"` // by kind; kinds that never ran are left out
	Requests  Requests      `json:"requests"`
	Handles   int64         `json:"handles"`         // that keep the loop alive
	InFlight  int64         `json:"active_requests"` // of the loop: files, DNS, threads of the pool
	Isolates  int           `json:"isolates"`        // of this program: 1 and its worker threads
	UserCPU   time.Duration `json:"user_cpu"`
	SystemCPU time.Duration `json:"system_cpu"`
	Resident  int64         `json:"resident"` // bytes
	OpenFiles int64         `json:"open_files"`
	StartedAt time.Time     `json:"started_at"`
}

// Loop is the event loop. A turn's lag is the time that its callbacks took from poll to poll, which is what a new event would have waited.
type Loop struct {
	Turns   uint64        `json:"turns"`
	Idle    time.Duration `json:"idle"`    // in poll
	Busy    time.Duration `json:"busy"`    // in callbacks
	Running time.Duration `json:"running"` // of the turn under way, 0 when the loop is in poll
	Lag     Histogram     `json:"lag"`
}

// Heap is V8's heap, in bytes, as it was at the last collection or sample.
type Heap struct {
	Used     uint64  `json:"used"`
	Total    uint64  `json:"total"`
	Limit    uint64  `json:"limit"`
	External uint64  `json:"external"`
	Buffers  uint64  `json:"array_buffers"`
	Spaces   []Space `json:"spaces"`
}

// Space is one of V8's heap spaces, by V8's name without "_space": "new", "old", "code", "large_object", ...
type Space struct {
	Name      string `json:"name"`
	Used      uint64 `json:"used"`
	Size      uint64 `json:"size"`
	Available uint64 `json:"available"`
}

// GC is the collections of one kind, as prom-client names them: "minor", "major", "incremental", "weakcb".
type GC struct {
	Kind   string    `json:"kind"`
	Pauses Histogram `json:"pauses"`
}

// Requests are those of the program's HTTP servers.
type Requests struct {
	Total    uint64    `json:"total"`     // answered
	ByClass  [5]uint64 `json:"by_class"`  // 1xx to 5xx
	Pending  int64     `json:"pending"`   // taken and not answered
	Duration Histogram `json:"durations"` // from the head's arrival to the answer's end
}

// Histogram counts durations. Bucket k holds those up to Bound(k), and the last one all that are longer.
type Histogram struct {
	Buckets [Buckets]uint64 `json:"buckets"`
	Sum     time.Duration   `json:"sum"`
	Max     time.Duration   `json:"max"`
}

// Buckets is the number of a histogram's buckets: four to each doubling, from 8 microseconds to about 35 seconds.
const Buckets = 90

const firstBound = 8 * time.Microsecond

// Bound is the upper bound of bucket k.
func Bound(k int) time.Duration {
	return time.Duration(float64(firstBound) * math.Exp2(float64(k)/4))
}

// Count is how many durations were counted.
func (h Histogram) Count() uint64 {
	n := uint64(0)
	for _, c := range h.Buckets {
		n += c
	}
	return n
}

// Since is what was counted after earlier, a snapshot of the same histogram. Max stays the whole time's.
func (h Histogram) Since(earlier Histogram) Histogram {
	for k := range h.Buckets {
		h.Buckets[k] -= min(earlier.Buckets[k], h.Buckets[k])
	}
	h.Sum -= earlier.Sum
	return h
}

// Quantile is the bound below which a part q (0 to 1) of the durations lie, and 0 when none were counted.
func (h Histogram) Quantile(q float64) time.Duration {
	n := h.Count()
	if n == 0 {
		return 0
	}
	rank := max(uint64(math.Ceil(q*float64(n))), 1)
	for k, c := range h.Buckets {
		if rank <= c {
			return min(Bound(k), h.Max)
		}
		rank -= c
	}
	return h.Max
}

// Plus is what h and other have counted together.
func (h Histogram) Plus(other Histogram) Histogram {
	for k := range h.Buckets {
		h.Buckets[k] += other.Buckets[k]
	}
	h.Sum += other.Sum
	h.Max = max(h.Max, other.Max)
	return h
}
