package loop

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"roost/internal/vitals"
)

// Mode says how long Run runs.
type Mode uint8

const (
	// RunDefault turns until the loop isn't alive or Stop is called.
	RunDefault Mode = iota
	// RunOnce makes one turn, which may block in poll.
	RunOnce
	// RunNoWait makes one turn, which doesn't block.
	RunNoWait
)

// maxPendingRounds bounds how often one turn runs pending callbacks after poll,
// so that callbacks which queue each other can't starve the other phases.
const maxPendingRounds = 8

// ErrRunning is what Close returns when it is called from inside Run.
var ErrRunning = errors.New("loop: close of a running loop")

// BusyError is what Close returns while something still belongs to the loop.
type BusyError struct {
	Handles  []string // kinds of the handles that aren't closed, oldest first
	Requests int      // requests in flight
}

// Error implements error.
func (e *BusyError) Error() string {
	var parts []string
	if len(e.Handles) > 0 {
		parts = append(parts, "open handles: "+strings.Join(e.Handles, ", "))
	}
	if e.Requests > 0 {
		parts = append(parts, fmt.Sprintf("requests in flight: %d", e.Requests))
	}
	return "loop: busy: " + strings.Join(parts, "; ")
}

// Loop is an event loop. Make one with New, run it with Run.
type Loop struct {
	// Fields without a remark: loop thread only.

	start   time.Time            // immutable after New
	signals map[*Signal]struct{} // that listen
	// listening counts them by signal; any goroutine may read it.
	listening [65]atomic.Int32
	held      [65]bool // signals that Hold keeps from them; loop thread only
	now       time.Duration
	yielded   time.Duration // when the scheduler had its turn last
	running   bool
	stopped   bool
	closed    bool
	thread    threadID // of Run; checked in race builds

	active   int // handles that are active and referenced
	requests int // requests in flight
	handles  handleList
	closing  *handle // closed in this turn, newest first

	timers   timerHeap
	pending  []func()
	draining []func() // the batch of pending that runs now
	drained  int      // how many of draining have started
	idle     watchers
	prepare  watchers
	check    watchers

	poller     poller
	polls      []*Poll // by descriptor
	changed    []*Poll // whose registration may differ from what they want
	generation uint32  // of the newest Poll
	eventNext  int     // the next event of the batch to dispatch
	eventCount int     // the events of the batch
	woken      bool    // the wake descriptor fired, onWake has not run yet
	onWake     func()

	posted  atomic.Pointer[postNode] // any goroutine pushes, the loop takes all
	backlog *postNode                // taken from posted, oldest first
	asleep  atomic.Bool              // the loop blocks in poll: a post must wake it

	endBatch   func()
	phaseStart func(Phase)
	phaseEnd   func(Phase)
	metrics    metrics
	vitals     *vitals.Writer // nil: nobody looks
	sinceBoot  int64          // vitals.Now() when the loop was made; loop thread only
}

// New makes a loop with its poller and wake descriptor.
func New() (*Loop, error) {
	l := &Loop{start: time.Now(), signals: map[*Signal]struct{}{}}
	if err := l.poller.open(); err != nil {
		return nil, fmt.Errorf("loop: open poller: %w", err)
	}
	return l, nil
}

// Run turns the loop as mode says, on the calling goroutine, which is locked to
// its thread meanwhile. It returns whether the loop is still alive. A loop that
// isn't alive makes no turn. Callbacks must not call it.
func (l *Loop) Run(mode Mode) bool {
	if l.running {
		panic("loop: Run called from inside Run")
	}
	if l.closed {
		return false
	}
	runtime.LockOSThread()
	l.running = true
	l.thread = currentThread()
	defer func() {
		l.running = false
		l.stopped = false
		runtime.UnlockOSThread()
	}()

	l.UpdateTime()
	l.vitals.Resume(l.systemTime())
	alive := l.Alive()
	if mode == RunDefault && alive && !l.stopped {
		l.runTimers()
	}
	for alive && !l.stopped {
		l.turn(mode)
		alive = l.Alive()
		if mode != RunDefault {
			break
		}
	}
	return alive
}

// turn runs every phase once.
func (l *Loop) turn(mode Mode) {
	l.metrics.turns.Add(1)
	maySleep := mode == RunDefault || mode == RunOnce && !l.hasPending() && l.idle.empty()
	l.runPending()
	l.runWatchers(&l.idle, PhaseIdle)
	l.runWatchers(&l.prepare, PhasePrepare)
	l.runPoll(maySleep)
	for i := 0; i < maxPendingRounds && l.hasPending(); i++ {
		l.runPending()
	}
	l.runWatchers(&l.check, PhaseCheck)
	l.runClosing()
	l.UpdateTime()
	l.yield()
	l.runTimers()
}

// yieldEvery is less than the 10 ms after which Go's scheduler takes a processor back from a goroutine.
const yieldEvery = 9500 * time.Microsecond

// yield lets the scheduler switch goroutines, once in a while. One that never stops, as this one between two waits, is taken for one that
// runs away: sysmon takes its processor in a system call, and then looks every 20 us for what else there is to take.
// See docs/rationale.md, "Why does the loop yield?".
func (l *Loop) yield() {
	if l.now-l.yielded >= yieldEvery {
		l.yielded = l.now
		runtime.Gosched()
	}
}

// Stop makes Run return after the current turn, which then doesn't block.
// Outside Run it makes the next Run return without a turn.
func (l *Loop) Stop() {
	l.checkThread()
	l.stopped = true
}

// Alive reports whether the loop has a reason to turn: an active referenced
// handle, a request in flight, a pending callback or a closing handle.
func (l *Loop) Alive() bool {
	return l.active > 0 || l.requests > 0 || l.closing != nil || l.hasPending()
}

// Now is the cached monotonic time since the loop was made, in nanoseconds. It
// is refreshed after poll and before timers.
func (l *Loop) Now() time.Duration { return l.now }

// UpdateTime refreshes Now, for a callback that took long.
func (l *Loop) UpdateTime() { l.now = time.Since(l.start) }

// Close releases the poller. It fails with a *BusyError while a handle isn't
// closed or a request is in flight, and with ErrRunning inside Run. Posts that
// come later are dropped. Nobody may write to WakeFD after it.
func (l *Loop) Close() error {
	if l.running {
		return ErrRunning
	}
	if l.closed {
		return nil
	}
	busy := &BusyError{Requests: l.requests}
	for h := range l.Handles() {
		busy.Handles = append(busy.Handles, h.Kind())
	}
	if len(busy.Handles) > 0 || busy.Requests > 0 {
		return busy
	}
	l.closed = true
	l.posted.Store(nil)
	l.backlog = nil
	return l.poller.close()
}

// BeginRequest counts an operation that keeps the loop alive until EndRequest.
func (l *Loop) BeginRequest() {
	l.checkThread()
	l.requests++
}

// EndRequest ends what BeginRequest began.
func (l *Loop) EndRequest() {
	l.checkThread()
	if l.requests == 0 {
		panic("loop: EndRequest without BeginRequest")
	}
	l.requests--
}

// Requests is how many requests are in flight.
func (l *Loop) Requests() int { return l.requests }

// Pending queues f for the next pending phase: before poll, or right after it
// when f was queued during poll. It keeps the loop alive and awake. Errors that
// were found while a call was made are reported this way.
func (l *Loop) Pending(f func()) {
	l.checkThread()
	l.pending = append(l.pending, f)
}

func (l *Loop) hasPending() bool {
	return len(l.pending) > 0 || l.drained < len(l.draining)
}

// runPending runs what was queued before it began; what those callbacks queue
// waits for the next pending phase.
func (l *Loop) runPending() {
	if !l.hasPending() {
		return
	}
	l.enter(PhasePending)
	if l.drained == len(l.draining) { // else a callback panicked: finish its batch
		clear(l.draining)
		l.draining, l.pending = l.pending, l.draining[:0]
		l.drained = 0
	}
	for l.drained < len(l.draining) {
		f := l.draining[l.drained]
		l.draining[l.drained] = nil
		l.drained++
		f()
	}
	l.leave(PhasePending)
}

// Handles iterates over the open handles, the closing ones included, oldest
// first. The body may close handles and make new ones.
func (l *Loop) Handles() iter.Seq[Handle] { return l.handles.all }

// WalkClose closes every open handle. They are gone after the next turn.
func (l *Loop) WalkClose() {
	for h := range l.Handles() {
		if !h.Closing() {
			h.Close(nil)
		}
	}
}
