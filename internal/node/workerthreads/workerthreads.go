// Package workerthreads is the Go half of node:worker_threads: threads of the process that run an isolate each.
//
// A Thread is a worker as its parent and the worker itself see it. The package owns what passes between them (life, standard streams,
// errors, questions); running a program is the runtime's business, which hands down how in a Host. Natives run on the thread of the
// isolate that calls; what both sides touch is guarded by Thread.mu. Messages are internal/web/message's, which this package does not
// import: it carries them unopened.
package workerthreads

import (
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/engine"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "workerthreads", Natives: binding.Natives{
	// of a parent
	"workerNew":     workerNew,
	"workerStop":    workerStop,
	"workerHold":    workerHold,
	"workerRelease": workerRelease,
	"workerInput":   workerInput,
	"workerTaken":   workerTaken,
	"workerLoop":    workerLoop,
	"workerAsk":     workerAsk,
	"workerReports": workerReports,
	"workerEval":    workerEval,
	// of every thread
	"threadInbox": threadInbox,
	"threadSend":  threadSend,
	// of a worker
	"threadInit":     threadInit,
	"threadHold":     threadHold,
	"threadOnline":   threadOnline,
	"threadOutput":   threadOutput,
	"threadNeeds":    threadNeeds,
	"threadFail":     threadFail,
	"threadReporter": threadReporter,
}}

// Events that a parent hears of a worker.
const (
	onOnline = iota
	onOutput // (fd, bytes)
	onNeeds  // the worker reads standard input
	onError  // (parcel): an exception that nobody caught
	onExit   // (code, error code | undefined, message)
)

// Events that a thread hears.
const (
	onInput   = iota // (bytes | null): standard input, null at its end
	onTaken          // (fd, n): the parent has read so many bytes of an output
	onMessage        // (source thread, token, parcel): postMessageToThread
	onAnswer         // (token, result): what became of a message that this thread sent
)

// How a worker gets its environment.
const (
	EnvCopy  = iota // a copy in Spec.Env
	EnvShare        // the parent's own
)

// Spec is what a worker is started with. Immutable.
type Spec struct {
	Name        string
	Kind        string // "file", "eval", "url", or "hooks": see internal/module/esm/lib/hooksthread.ts
	Main        string // path, source text or URL
	Argv        []string
	ExecArgv    []string
	HasExecArgv bool // else the parent's
	EnvMode     int
	Env         []string  // KEY=value
	Limits      []float64 // young generation, old generation, code range, stack, in MB; 0: default. In the order of resourceLimits
	Stdin       bool
	KeepFDs     bool // trackUnmanagedFds: false

	parcel mover // what JavaScript hands to JavaScript; taken by the worker
}

// Host is what the runtime does for this package.
type Host struct {
	// Check tells what is wrong with the options of a worker: the words, and in which words of Node's message. None: nothing is.
	Check func(s *Spec) (bad []string, where string)
	// Limits completes Spec.Limits with V8's defaults.
	Limits func(s *Spec)
	// Start runs the worker on a thread of its own. It calls Begin, End and Exit. Called on the parent's thread.
	Start func(t *Thread)
}

// Thread is a worker.
type Thread struct {
	ID     int
	Spec   Spec
	Parent *binding.Env // of the isolate that made it; its thread only
	inbox  *inbox       // of the parent
	done   chan struct{}

	mu       sync.Mutex
	env      *binding.Env // guarded by mu; the worker's, while it may be reached
	stopping bool         // guarded by mu
	own      *inbox       // guarded by mu; the worker's
	early    []event      // guarded by mu; for own, before there is one
	asked    map[*question]bool
	answer   *engine.Persistent // guarded by mu; JavaScript: answers what threadReporter says
}

type hostKey struct{}
type threadKey struct{}
type childrenKey struct{}

// Install gives an isolate the host of its workers; thread is the isolate's own, nil on the main thread.
func Install(env *binding.Env, h *Host, thread *Thread) {
	env.SetState(hostKey{}, h)
	env.SetState(threadKey{}, thread)
}

// Of is the isolate's own thread; nil on the main thread.
func Of(env *binding.Env) *Thread {
	t, _ := env.State(threadKey{}, func() any { return (*Thread)(nil) }).(*Thread)
	return t
}

var lastID atomic.Int64 // of all workers of the process

// children are the running workers of an isolate. They end with it.
type children map[*Thread]bool

func childrenOf(env *binding.Env) children {
	return env.State(childrenKey{}, func() any {
		all := children{}
		env.OnClose(func() {
			for t := range all {
				t.Stop()
			}
			for t := range all {
				<-t.done
				t.inbox.close()
			}
		})
		return all
	}).(children)
}

// workerNew(name, kind, main, argv, execArgv | undefined, envMode, env, limits, stdin, keepFDs, parcel) → [id, threadId, limits] once the
// thread is started, or [where, bad words...]
func workerNew(c *binding.Call) {
	env := c.Env()
	h, _ := env.State(hostKey{}, func() any { return (*Host)(nil) }).(*Host)
	p, ok := c.Ref(10).(mover)
	if h == nil || !ok {
		return
	}
	s := Spec{Name: c.String(0), Kind: c.String(1), Main: c.String(2), Argv: c.Strings(3), ExecArgv: c.Strings(4), HasExecArgv: c.IsArray(4),
		EnvMode: c.Int(5), Env: c.Strings(6), Limits: c.Floats(7), Stdin: c.Bool(8), KeepFDs: c.Bool(9)}
	for len(s.Limits) < 4 {
		s.Limits = append(s.Limits, 0)
	}
	if bad, where := h.Check(&s); len(bad) > 0 {
		c.Return(binding.Strings(append([]string{where}, bad...)))
		return
	}
	h.Limits(&s)
	s.parcel = p.Take().(mover)
	t := &Thread{ID: int(lastID.Add(1)), Spec: s, Parent: env, done: make(chan struct{}), asked: map[*question]bool{}}
	all := childrenOf(env)
	t.inbox = newInbox(env, "Worker")
	all[t] = true
	threads.mu.Lock()
	threads.workers[t.ID] = t
	threads.mu.Unlock()
	h.Start(t)
	c.Return(binding.List(binding.Int(t.inbox.id), binding.Int(t.ID), binding.Float64s(s.Limits)))
}

// worker finds the thread behind an id of the parent.
func worker(c *binding.Call) *Thread {
	b, _ := c.Env().Handle(c.Int(0)).(*inbox)
	if b == nil {
		return nil
	}
	for t := range childrenOf(c.Env()) {
		if t.inbox == b {
			return t
		}
	}
	return nil
}

// Begin publishes the worker's isolate, when it is about to run JavaScript. False: it must not any more. The worker's thread.
func (t *Thread) Begin(env *binding.Env) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping {
		return false
	}
	t.env = env
	return true
}

// Stopping tells whether the parent asked the worker to end. Any goroutine.
func (t *Thread) Stopping() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stopping
}

// End hides the isolate, before it is torn down. The worker's thread.
func (t *Thread) End() {
	t.mu.Lock()
	t.env = nil
	threads.mu.Lock()
	delete(threads.workers, t.ID)
	threads.mu.Unlock()
	own := t.own
	t.stopping = true
	early := t.early
	t.early = nil
	asked := t.asked
	t.asked = nil
	t.mu.Unlock()
	for _, e := range early {
		if e.parcel != nil {
			e.parcel.Close()
		}
	}
	for q := range asked {
		q.settle(binding.Fail(errNotRunning()))
	}
	if own != nil {
		own.close()
	}
	t.Spec.parcel.Close()
}

// Exit tells the parent that the worker has ended, with the code and message of the error that it has not told itself, if any. The
// isolate is gone by then.
func (t *Thread) Exit(code int, errorCode, message string) {
	args := []binding.Result{binding.Int(code)}
	if errorCode != "" {
		args = append(args, binding.String(errorCode), binding.String(message))
	}
	t.inbox.send(event{kind: onExit, args: args})
	close(t.done)
}

// Stop ends the worker soon, whatever it does. Any goroutine.
func (t *Thread) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping {
		return
	}
	t.stopping = true
	if env := t.env; env != nil {
		env.Loop.Post(func() { env.Exit(1) })
		env.Isolate.Terminate()
	}
}

// Output tells the parent what the worker wrote to descriptor fd. Any goroutine.
func (t *Thread) Output(fd int, b []byte) {
	t.inbox.send(event{kind: onOutput, args: []binding.Result{binding.Int(fd), binding.Buffer(b)}})
}

// tell sends the worker an event. What comes before it has an inbox waits for it.
func (t *Thread) tell(e event) bool {
	t.mu.Lock()
	own := t.own
	if own == nil {
		if t.stopping && t.env == nil {
			t.mu.Unlock()
			if e.parcel != nil {
				e.parcel.Close()
			}
			return false
		}
		t.early = append(t.early, e)
		t.mu.Unlock()
		return true
	}
	t.mu.Unlock()
	return own.send(e)
}

// ---- natives of a parent ----

// workerStop(id)
func workerStop(c *binding.Call) {
	if t := worker(c); t != nil {
		t.Stop()
	}
}

// workerHold(id, ref): whether the worker keeps the parent's loop alive
func workerHold(c *binding.Call) {
	switch t := worker(c); {
	case t == nil:
	case c.Bool(1):
		t.inbox.async.Ref()
	default:
		t.inbox.async.Unref()
	}
}

// workerRelease(id): after onExit; ends the id
func workerRelease(c *binding.Call) {
	if t := worker(c); t != nil {
		delete(childrenOf(c.Env()), t)
		t.inbox.close()
	}
}

// workerInput(id, bytes | null): a piece of the worker's standard input, or its end
func workerInput(c *binding.Call) {
	t := worker(c)
	if t == nil {
		return
	}
	r := binding.Null
	if c.IsBytes(1) {
		r = binding.Buffer(append([]byte(nil), c.Bytes(1)...))
	}
	t.tell(event{kind: onInput, args: []binding.Result{r}})
}

// workerTaken(id, fd, n): so many bytes of an output were read
func workerTaken(c *binding.Call) {
	if t := worker(c); t != nil {
		t.tell(event{kind: onTaken, args: []binding.Result{binding.Int(c.Int(1)), binding.Int(c.Int(2))}})
	}
}

// workerLoop(id) → [milliseconds idle, turns] of the worker's loop; undefined when it does not run
func workerLoop(c *binding.Call) {
	t := worker(c)
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.env != nil {
		m := t.env.Loop.Metrics()
		c.Return(binding.Float64s([]float64{float64(m.Idle.Nanoseconds()) / 1e6, float64(m.Turns)}))
	}
}

func errNotRunning() error {
	return binding.Error("ERR_WORKER_NOT_RUNNING", "Worker instance not running")
}

// question is something that only the worker's thread can answer. It is put twice, to the loop and as an interrupt of JavaScript; the
// first that comes answers.
type question struct {
	once   sync.Once
	req    *binding.Request
	forget func()
}

func (q *question) settle(r binding.Result) { q.once.Do(func() { q.req.Settle(r) }) }

// ask begins a question to the worker that a call names; the call's third argument is the request. put, which runs with t.mu held, has the worker's
// thread answer; false, it can't. A worker that doesn't run answers nothing: the request fails.
func ask(c *binding.Call, put func(t *Thread, env *binding.Env, q *question) bool) {
	req := c.Request(2)
	if req == nil {
		return
	}
	t := worker(c)
	if t == nil {
		req.Settle(binding.Fail(errNotRunning()))
		return
	}
	q := &question{req: req}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.env == nil || t.stopping || !put(t, t.env, q) {
		req.Settle(binding.Fail(errNotRunning()))
		return
	}
	t.asked[q] = true // its end answers what was not answered
}

// workerAsk(id, what, request, flags): what is "heap", "cpu" or "snapshot"
func workerAsk(c *binding.Call) {
	what, flags := c.String(1), c.Int(3)
	ask(c, func(t *Thread, env *binding.Env, q *question) bool {
		answer := func() {
			q.once.Do(func() {
				t.mu.Lock()
				delete(t.asked, q)
				forget := q.forget
				t.mu.Unlock()
				if forget != nil {
					forget()
				}
				q.req.Settle(answerOf(env, what, flags))
			})
		}
		q.forget = env.Isolate.Interrupt(answer)
		env.Loop.Post(answer)
		return true
	})
}

// answerOf runs on the worker's thread, perhaps in the middle of JavaScript.
func answerOf(env *binding.Env, what string, flags int) binding.Result {
	switch what {
	case "heap":
		h := env.Isolate.HeapStatistics()
		return binding.Float64s([]float64{h.TotalHeapSize, h.TotalHeapSizeExecutable, h.TotalPhysicalSize, h.TotalAvailableSize, h.UsedHeapSize,
			h.HeapSizeLimit, h.MallocedMemory, h.PeakMallocedMemory, h.DoesZapGarbage, h.NumberOfNativeContexts, h.NumberOfDetachedContexts,
			h.TotalGlobalHandlesSize, h.UsedGlobalHandlesSize, h.ExternalMemory})
	case "cpu":
		user, system, err := threadUsage()
		if err != nil {
			return binding.Fail(binding.Syscall("getrusage", err))
		}
		return binding.Float64s([]float64{user, system})
	default:
		var out []byte
		if !env.Isolate.HeapSnapshot(flags&1 != 0, flags&2 != 0, func(piece []byte) { out = append(out, piece...) }) {
			return binding.Fail(errNotRunning())
		}
		return binding.Buffer(out)
	}
}

func micros(t unix.Timeval) float64 { return float64(t.Sec)*1e6 + float64(t.Usec) }

// ---- natives of every thread ----

// threads are what postMessageToThread reaches, by their numbers: the inboxes that are open, and workers. The main thread of a program is
// the negative number of the program.
var threads = struct {
	mu      sync.Mutex
	all     map[int]*inbox  // guarded by mu
	workers map[int]*Thread // guarded by mu; from their start on
}{all: map[int]*inbox{}, workers: map[int]*Thread{}}

// threadInbox() → id of the handle by which others reach this thread; it does not keep the loop alive
func threadInbox(c *binding.Call) {
	env := c.Env()
	t := Of(env)
	b := newInbox(env, "MessagePort")
	b.async.Unref()
	number := -env.Program
	if t != nil {
		number = t.ID
		t.mu.Lock()
		t.own = b
		for _, e := range t.early {
			b.send(e)
		}
		t.early = nil
		t.mu.Unlock()
	}
	threads.mu.Lock()
	threads.all[number] = b
	threads.mu.Unlock()
	env.OnClose(func() {
		threads.mu.Lock()
		delete(threads.all, number)
		threads.mu.Unlock()
		b.close()
	})
	c.Return(binding.Int(b.id))
}

// threadSend(to, token, parcel | result): a message to another thread, or the answer to one. False: there is no such thread.
func threadSend(c *binding.Call) {
	to, program := c.Int(0), c.Env().Program
	if to == 0 {
		to = -program
	}
	threads.mu.Lock()
	b, t := threads.all[to], threads.workers[to]
	threads.mu.Unlock()
	if b != nil && b.env.Program != program || t != nil && t.Parent.Program != program {
		b, t = nil, nil // another program's
	}
	send := func(event) bool { return false }
	switch {
	case t != nil:
		send = t.tell
	case b != nil:
		send = b.send
	}
	from := 0
	if t := Of(c.Env()); t != nil {
		from = t.ID
	}
	if p, ok := c.Ref(2).(mover); ok {
		c.Return(binding.Bool(send(event{kind: onMessage, args: []binding.Result{binding.Int(from), binding.Int(c.Int(1))}, parcel: p.Take().(mover)})))
		return
	}
	c.Return(binding.Bool(send(event{kind: onAnswer, args: []binding.Result{binding.Int(c.Int(1)), binding.Int(c.Int(2))}})))
}

// ---- natives of a worker ----

// threadInit() → [threadId, name, limits, stdin, keepFDs, parcel] on a worker
func threadInit(c *binding.Call) {
	t := Of(c.Env())
	if t == nil {
		return
	}
	c.Return(binding.List(binding.Int(t.ID), binding.String(t.Spec.Name), binding.Float64s(t.Spec.Limits), binding.Bool(t.Spec.Stdin),
		binding.Bool(t.Spec.KeepFDs), binding.Ref(t.Spec.parcel.Take())))
}

// threadHold(ref): whether the inbox keeps the loop alive
func threadHold(c *binding.Call) {
	t := Of(c.Env())
	if t == nil {
		return
	}
	t.mu.Lock()
	own := t.own
	t.mu.Unlock()
	switch {
	case own == nil:
	case c.Bool(0):
		own.async.Ref()
	default:
		own.async.Unref()
	}
}

// threadOnline(): user code is about to run
func threadOnline(c *binding.Call) {
	if t := Of(c.Env()); t != nil {
		t.inbox.send(event{kind: onOnline})
	}
}

// threadOutput(fd, bytes)
func threadOutput(c *binding.Call) {
	if t := Of(c.Env()); t != nil {
		t.Output(c.Int(0), append([]byte(nil), c.Bytes(1)...))
	}
}

// threadNeeds(): the worker wants standard input
func threadNeeds(c *binding.Call) {
	if t := Of(c.Env()); t != nil {
		t.inbox.send(event{kind: onNeeds})
	}
}

// threadFail(parcel): an exception ends the worker
func threadFail(c *binding.Call) {
	p, ok := c.Ref(0).(mover)
	if t := Of(c.Env()); t != nil && ok {
		t.inbox.send(event{kind: onError, parcel: p.Take().(mover)})
	}
}
