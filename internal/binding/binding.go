// Package binding is what a builtin is to the rest of Roost: its natives, how they read arguments and give results, requests that
// settle on the loop, handles by number, and the one place where Go errors become JavaScript errors.
//
// Natives run on the isolate's thread. Request.Settle may be called from any goroutine; everything else belongs to that thread.
// It imports engine and loop and knows no particular builtin.
package binding

import (
	"fmt"
	"syscall"
	"time"

	"roost/internal/engine"
	"roost/internal/loop"
)

// Func is a native: one crossing from JavaScript.
type Func func(c *Call)

// Natives are the functions of one builtin by their JavaScript names; JavaScript imports them from native:<module>.
type Natives map[string]Func

// Module is the Go half of a builtin.
type Module struct {
	Name    string // the folder's name, "fs"; "web/fetch" for internal/web/fetch
	Natives Natives
}

// Env is the state of one isolate that natives share.
type Env struct {
	Isolate *engine.Isolate
	Loop    *loop.Loop

	// Hooks of the runtime, set before the first native runs.
	Uncaught func(x *engine.Exception) // an exception reached the loop; it ends the program or returns after user code handled it
	Exit     func(code int)            // ends the program now; does not return where the process is the program's own
	// Raise is a signal that the program sends to its own process; nil: Loop.Raise. A program that shares its process gets it alone.
	Raise func(s syscall.Signal) error

	// Watched tells JavaScript what it has to do for debuggers: in an Interrupt, or on the loop. May run user code. why is "console" (one
	// listens to what the program prints), "network" (to its requests), "no network" (no longer) or "signal" (the endpoint is to be opened).
	Watched func(why string)

	// Program tells the programs of a process apart, a main thread with its workers each; 0 where there is one. Immutable.
	Program int
	// Main is the state of the program's main thread; nil on it. It lives longer than this one. Immutable.
	Main *Env
	// Stdio are the descriptors of the standard streams where those of the process are not the program's; nil: 0, 1 and 2. Immutable.
	Stdio *[3]int
	// EndChildren: processes that the program started end with it, as nobody else can tell them from those of its neighbours. Immutable.
	EndChildren bool
	Files       *Files // descriptors to close with the isolate; nil on the main thread, where the process's end closes them

	natives  []Func
	calls    []*Call
	state    map[any]any
	onClose  []func()
	settle   *engine.Persistent // internal:request settle(...[id, error, value])
	dispatch *engine.Persistent // internal:handle dispatch(id, event, ...args)

	completed []completion
	flushing  bool
	batch     []engine.Result

	handles    []any
	freeIDs    []int
	waitedID   int // ids closed during this turn are not reused in it
	stopped    bool
	milestones [MilestoneCount]time.Time
	requestsIn int
}

type completion struct {
	id     float64
	result Result
}

// NewEnv makes the state of one isolate.
func NewEnv(l *loop.Loop) *Env {
	return &Env{Loop: l, state: map[any]any{}, handles: make([]any, 1)}
}

// Native implements engine.Host.
func (e *Env) Native(index int, c *engine.Call) {
	d := c.Depth() - 1
	for d >= len(e.calls) {
		e.calls = append(e.calls, &Call{env: e})
	}
	b := e.calls[d]
	b.Call, b.pins = c, nil
	e.natives[index](b)
	for _, p := range b.pins {
		p.Release()
	}
	b.Call, b.pins = nil, nil
}

// Request implements engine.Host: operations of Node-API keep the loop alive.
func (e *Env) Request(delta int) {
	for ; delta > 0; delta-- {
		e.Loop.BeginRequest()
	}
	for ; delta < 0; delta++ {
		e.Loop.EndRequest()
	}
}

// Function makes a JavaScript function from a native.
func (e *Env) Function(name string, f Func) engine.Value {
	e.natives = append(e.natives, f)
	return e.Isolate.NewNative(len(e.natives)-1, name)
}

// SetCallbacks registers the functions by which Go reaches JavaScript: settle of internal:request and dispatch of internal:handle.
func (e *Env) SetCallbacks(settle, dispatch engine.Value) {
	e.settle, e.dispatch = e.Isolate.Keep(settle), e.Isolate.Keep(dispatch)
}

// State gives the isolate's value under key, made by make at first use. Use a key of an unexported type.
func (e *Env) State(key any, make func() any) any {
	v, ok := e.state[key]
	if !ok {
		v = make()
		e.state[key] = v
	}
	return v
}

// SetState puts the isolate's value under key.
func (e *Env) SetState(key, v any) { e.state[key] = v }

// OnClose runs f when the isolate is torn down, in reverse order, on its thread. JavaScript no longer runs then.
func (e *Env) OnClose(f func()) { e.onClose = append(e.onClose, f) }

// Close runs what OnClose registered and releases the callbacks. No Emit reaches JavaScript after it.
func (e *Env) Close() {
	e.stopped = true
	for k := len(e.onClose) - 1; k >= 0; k-- {
		e.onClose[k]()
	}
	e.onClose = nil
	for _, p := range []*engine.Persistent{e.settle, e.dispatch} {
		if p != nil {
			p.Release()
		}
	}
}

// CloseHandles closes the adopted handles that are still open: descriptors, watches. After Close; the loop calls back no more JavaScript.
func (e *Env) CloseHandles() {
	for id, h := range e.handles {
		switch h := h.(type) {
		case interface{ Close(func()) }:
			h.Close(nil)
		case interface{ Close() error }:
			_ = h.Close()
		case interface{ Close() }:
			h.Close()
		}
		e.handles[id] = nil
	}
}

// Stop keeps Emit and Settle from entering JavaScript any more (process.exit, worker.terminate).
func (e *Env) Stop() { e.stopped = true }

// Stopped tells whether Stop or Close was called.
func (e *Env) Stopped() bool { return e.stopped }

// CallTop calls a function from the loop, then drains. Exceptions go to Uncaught. May run user code.
func (e *Env) CallTop(fn *engine.Persistent, args ...Result) {
	if e.stopped {
		return
	}
	if !e.Isolate.CallTop(fn, args...) {
		e.Caught()
	}
}

// Caught hands the pending exception of a CallTop or Drain to Uncaught and finishes the drain.
func (e *Env) Caught() {
	for !e.stopped {
		s := e.Isolate.Scope()
		x := e.Isolate.TakeException()
		if x.Terminated {
			s.Close()
			e.stopped = true
			e.Loop.Stop()
			return
		}
		e.Uncaught(x)
		s.Close()
		if e.stopped || e.Isolate.Drain() {
			return
		}
	}
}

// Adopt gives a Go handle its number, by which JavaScript knows it.
func (e *Env) Adopt(h any) int {
	if n := len(e.freeIDs); n > 64 { // a number rests for a while before it is used again
		id := e.freeIDs[0]
		e.freeIDs = e.freeIDs[1:]
		e.handles[id] = h
		return id
	}
	e.handles = append(e.handles, h)
	return len(e.handles) - 1
}

// Handle finds the Go handle of a number; nil when there is none.
func (e *Env) Handle(id int) any {
	if id <= 0 || id >= len(e.handles) {
		return nil
	}
	return e.handles[id]
}

// Drop ends a number.
func (e *Env) Drop(id int) {
	if e.Handle(id) != nil {
		e.handles[id] = nil
		e.freeIDs = append(e.freeIDs, id)
	}
}

// Handles is the number of adopted handles, for leak tests.
func (e *Env) Handles() int { return len(e.handles) - 1 - len(e.freeIDs) }

// Emit calls onevent(event, ...args) of the JavaScript object that adopted the handle id, then drains. May run user code.
func (e *Env) Emit(id, event int, args ...Result) {
	if e.stopped {
		return
	}
	var few [8]Result
	all := append(few[:0], Int(id), Int(event))
	all = append(all, args...)
	if !e.Isolate.CallTop(e.dispatch, all...) {
		e.Caught()
	}
}

// EmitBytes is Emit of one ArrayBuffer, into which b is copied.
func (e *Env) EmitBytes(id, event int, b []byte) {
	if !e.stopped && !e.Isolate.CallTopBytes(e.dispatch, float64(id), float64(event), b) {
		e.Caught()
	}
}

// complete queues a settled request; all that come before the flush cross in one call.
func (e *Env) complete(id float64, r Result) {
	e.completed = append(e.completed, completion{id, r})
	if !e.flushing {
		e.flushing = true
		e.Loop.BeginRequest() // the loop lives until the callbacks have run, in its poll phase
		e.Loop.Post(e.flush)
	}
}

const batchSize = 64 // requests that cross in one call

func (e *Env) flush() {
	e.flushing = false
	defer e.Loop.EndRequest()
	// What a callback completes at once waits for the next turn: a program that does so for ever must not hold up timers and sockets.
	for left := len(e.completed); left > 0 && !e.stopped; {
		n := min(left, batchSize)
		left -= n
		e.batch = e.batch[:0]
		for _, c := range e.completed[:n] {
			failed, value := Null, c.result
			if isError(c.result) {
				failed, value = c.result, Undefined
			}
			e.batch = append(e.batch, Number(c.id), failed, value)
		}
		e.completed = append(e.completed[:0], e.completed[n:]...)
		ok := e.Isolate.CallTop(e.settle, e.batch...)
		for !ok {
			e.Caught() // an exception left the rest of the batch in JavaScript's queue
			if e.stopped {
				break
			}
			ok = e.Isolate.CallTop(e.settle)
		}
	}
	if e.stopped {
		e.completed = nil
	}
}

// Request is an asynchronous operation that JavaScript waits for. It keeps the loop alive until it settles.
type Request struct {
	env  *Env
	id   float64
	pins []*engine.Pin
	done bool // loop thread only
}

// Settle gives the request's result from any goroutine. The first call counts.
func (r *Request) Settle(result Result) { r.env.Loop.Post(func() { r.SettleNow(result) }) }

// SettleNow is Settle on the loop thread.
func (r *Request) SettleNow(result Result) {
	if r.done {
		return
	}
	r.done = true
	for _, p := range r.pins {
		p.Release()
	}
	r.env.Loop.EndRequest()
	r.env.complete(r.id, result)
}

// Call is one call of a native.
type Call struct {
	*engine.Call
	env  *Env
	pins []*engine.Pin
}

// Env is the isolate's state.
func (c *Call) Env() *Env { return c.env }

// FD is the descriptor in argument k, by which a program means its own standard streams with 0, 1 and 2.
func (c *Call) FD(k int) int { return c.env.FD(c.Int(k)) }

// FD is the process's descriptor for the program's.
func (e *Env) FD(fd int) int {
	if e.Stdio != nil && fd >= 0 && fd < len(e.Stdio) {
		return e.Stdio[fd]
	}
	return fd
}

// Throw makes the native throw err.
func (c *Call) Throw(err error) { c.Fail(err) }

// Pin keeps the memory of argument k alive: until the native returns, or until the request settles that the call starts after.
// nil when the argument is no view or ArrayBuffer; Bytes of nil is nil.
func (c *Call) Pin(k int) *Pin {
	p := c.Call.Pin(k)
	if p == nil {
		return nil
	}
	c.pins = append(c.pins, p)
	return (*Pin)(p)
}

// Pin is pinned memory of JavaScript.
type Pin engine.Pin

// Bytes is the memory.
func (p *Pin) Bytes() []byte {
	if p == nil {
		return nil
	}
	return (*engine.Pin)(p).Bytes()
}

// Request starts an operation for the request number in argument k; nil when the argument is no number. Pins made so far pass to it.
func (c *Call) Request(k int) *Request {
	if !c.IsNumber(k) {
		return nil
	}
	r := &Request{env: c.env, id: c.Float(k), pins: c.pins}
	c.pins = nil
	c.env.Loop.BeginRequest()
	return r
}

// Run does blocking work: on a goroutine of the pool when argument k is a request number, at once otherwise. work must not touch the
// call or V8; it may use what the native read before and pinned memory. Fail results reject, or throw when at once.
func (c *Call) Run(k int, work func() Result) { c.run(k, work, false) }

// RunSlow is Run for work that may wait long for something other than a disk (DNS), so that it can't starve files.
func (c *Call) RunSlow(k int, work func() Result) { c.run(k, work, true) }

func (c *Call) run(k int, work func() Result, slow bool) {
	r := c.Request(k)
	if r == nil {
		result := guard(work)
		if isError(result) {
			c.Call.Return(thrown(result))
			return
		}
		c.Call.Return(result)
		return
	}
	var result Result
	do := func() { result = guard(work) }
	done := func() { r.SettleNow(result) }
	if slow {
		c.env.Loop.BlockingSlow(do, done)
	} else {
		c.env.Loop.Blocking(do, done)
	}
}

// guard turns a panic of work into an error: a fault in a native must not take the process along.
func guard(work func() Result) (r Result) {
	defer func() {
		if p := recover(); p != nil {
			r = Fail(fmt.Errorf("internal error: %v", p))
		}
	}()
	return work()
}
