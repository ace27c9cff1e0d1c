package runtime

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"runtime"
	"sync"
	"time"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/handle"
	"roost/internal/loop"
	"roost/internal/node/inspector"
	"roost/internal/node/process"
	"roost/internal/node/workerthreads"
)

// workerConfig is what makes a Runtime a worker's.
type workerConfig struct {
	thread      *workerthreads.Thread
	environment *process.Environment
	main        *binding.Env
}

// kind is "file", "eval", "url" or "hooks"; "" on the main thread.
func (w *workerConfig) kind() string {
	if w == nil {
		return ""
	}
	return w.thread.Spec.Kind
}

func (w *workerConfig) sharesEnv() bool {
	return w != nil && w.thread.Spec.EnvMode == workerthreads.EnvShare
}

// Of the stack that a worker asks for, what V8 and natives need below JavaScript; and what must remain of the thread's own.
const (
	stackReserve = 192 << 10
	stackMargin  = 256 << 10
)

// limit sets the isolate's limits. It runs on the worker's thread.
func (w *workerConfig) limit(o *engine.Options) {
	mb := func(k int) uint64 { return uint64(w.thread.Spec.Limits[k] * (1 << 20)) }
	o.MaxYoungBytes, o.MaxOldBytes, o.CodeRange = mb(0), mb(1), mb(2)
	o.ContextName = fmt.Sprintf("Worker[%d]", w.thread.ID)
	o.StackBytes = max(mb(3), 2*stackReserve) - stackReserve
	if room := engine.StackRoom(); room > 2*stackMargin {
		o.StackBytes = min(o.StackBytes, room-stackMargin)
	}
}

// thread is the worker's; nil on the main thread.
func (r *Runtime) thread() *workerthreads.Thread {
	if r.config.worker == nil {
		return nil
	}
	return r.config.worker.thread
}

func (r *Runtime) workerHost() *workerthreads.Host {
	return &workerthreads.Host{
		Check: func(s *workerthreads.Spec) ([]string, string) {
			_, bad, where := r.workerConfig(s)
			return bad, where
		},
		Limits: completeLimits,
		Start:  r.startWorker,
	}
}

// defaultStack is resourceLimits.stackSizeMb.
const defaultStack = 4

// completeLimits puts V8's defaults in place of zeros.
func completeLimits(s *workerthreads.Spec) {
	old, young, code := engine.DefaultLimits(physicalMemory())
	for k, bytes := range []uint64{young, old, code, defaultStack << 20} {
		if s.Limits[k] <= 0 {
			s.Limits[k] = float64(bytes) / (1 << 20)
		}
	}
}

// workerConfig is the configuration of a worker of this program.
func (r *Runtime) workerConfig(s *workerthreads.Spec) (c Config, bad []string, where string) {
	c = r.config
	c.Vitals, c.Sticky = nil, nil // a worker is a part of its program
	c.Check, c.Print, c.Stdin, c.HasEval, c.Eval, c.Script = false, false, false, false, "", ""
	c.HeapLimit = 0
	nodeOptions, ownOptions := "", false
	for _, v := range s.Env {
		if len(v) > 13 && v[:13] == "NODE_OPTIONS=" {
			nodeOptions, ownOptions = v[13:], v[13:] != os.Getenv("NODE_OPTIONS")
		}
	}
	if parse := r.config.WorkerConfig; parse != nil && (s.HasExecArgv || ownOptions) {
		words := s.ExecArgv
		if !s.HasExecArgv {
			words = nil
		}
		o, bad, inEnvironment := parse(words, nodeOptions)
		if len(bad) > 0 {
			if inEnvironment {
				return c, bad, "invalid NODE_OPTIONS env variable"
			}
			return c, bad, "invalid execArgv flags"
		}
		if !s.HasExecArgv {
			c.Options = maps.Clone(c.Options)
			maps.Copy(c.Options, o.Options)
		} else {
			c.Options, c.Require, c.Import, c.Conditions, c.ExecArgv = o.Options, o.Require, o.Import, o.Conditions, o.ExecArgv
		}
	}
	c.Argv = s.Argv
	switch s.Kind {
	case "eval":
		c.Eval, c.HasEval = s.Main, true
		c.Argv = append([]string{"[worker eval]"}, s.Argv...)
	case "url":
		c.Eval, c.HasEval = s.Main, true
		c.Argv = append([]string{s.Main}, s.Argv...)
	case "hooks":
		// The thread of module.register: a program of ours, for which nothing is loaded beforehand.
		c.Require, c.Import, c.HasEval = nil, nil, false
	default:
		c.Script = s.Main
	}
	return c, nil, ""
}

// workers counts the running workers of the process.
var workers = struct {
	mu      sync.Mutex
	running int // guarded by mu
}{}

// maxProcs bounds how far workers raise GOMAXPROCS.
const maxProcs = 256

func countWorker(delta int) {
	workers.mu.Lock()
	defer workers.mu.Unlock()
	workers.running += delta
	// A thread that comes back from V8 needs one of Go's processors: with one for each isolate and one more, nobody waits for another's
	// JavaScript to be seen by the scheduler.
	if want := min(workers.running+2, maxProcs); delta > 0 && want > runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(want)
	}
}

// startWorker runs a worker on a thread of its own, which ends with it.
func (r *Runtime) startWorker(t *workerthreads.Thread) {
	c, _, _ := r.workerConfig(&t.Spec)
	environment := process.EnvironmentOf(r.env)
	if t.Spec.EnvMode != workerthreads.EnvShare {
		environment = process.NewEnvironment(t.Spec.Env)
	}
	main := r.env.Main
	if main == nil {
		main = r.env
	}
	c.worker = &workerConfig{thread: t, environment: environment, main: main}
	countWorker(1)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		w := &Runtime{config: c}
		code, failure, message := w.work()
		countWorker(-1)
		t.Exit(code, failure, message)
		w.rest()
	}()
}

var errStopped = errors.New("the worker was stopped")

// beginWorker publishes the isolate to the parent, or a tenant's to its host.
func (r *Runtime) beginWorker() error {
	w := r.config.worker
	if w == nil {
		if r.config.tenant != nil {
			return r.config.tenant.begin(r)
		}
		return nil
	}
	r.isolate.StopAtHeapLimit()
	process.SetEnvironment(r.env, w.environment)
	if !w.thread.Spec.KeepFDs {
		r.env.Files = &binding.Files{}
	}
	if !w.thread.Begin(r.env) {
		return errStopped
	}
	return nil
}

// work is the life of a worker up to the end of its isolate. failure is the code of an error that the worker can't tell itself.
func (r *Runtime) work() (code int, failure, message string) {
	code = 1
	err := r.start()
	if err == nil {
		r.exitCode = 1
		r.beginDebugging()
		code = r.run()
	}
	switch {
	case r.isolate != nil && r.isolate.HeapLimitHit():
		code, failure, message = 1, "ERR_WORKER_OUT_OF_MEMORY", "Worker terminated due to reaching memory limit: JS heap out of memory"
	case err != nil && !r.thread().Stopping() && !r.exiting:
		failure, message = "ERR_WORKER_INIT_FAILED", fmt.Sprintf("Worker initialization failure: %v", err)
	case err == nil && !r.env.Stopped():
		r.saveCaches()
	}
	if err == nil {
		r.endDebugging()
	}
	r.close()
	return code, failure, message
}

// beginDebugging shows the worker to debuggers, and waits for them where they want that. The thread of a module.register is none of the program's.
func (r *Runtime) beginDebugging() {
	spec := &r.thread().Spec
	if spec.Kind == "hooks" {
		return
	}
	w := inspector.Worker{ID: r.thread().ID, Name: spec.Name}
	if spec.Kind == "file" {
		w.URL = (&url.URL{Scheme: "file", Path: spec.Main}).String()
	}
	if spec.HasExecArgv {
		_, brk := r.config.Options["inspect-brk"]
		_, wait := r.config.Options["inspect-wait"]
		w.Wait = brk || wait
	}
	r.breakAtStart = inspector.BeginWorker(r.env, w, r.thread().Stopping)
}

// endDebugging gives debuggers time to look at a worker that has ended by itself.
func (r *Runtime) endDebugging() {
	if r.thread().Spec.Kind == "hooks" || r.thread().Stopping() {
		return
	}
	r.isolate.CancelTerminate()
	inspector.EndWorker(r.env, r.thread().Stopping)
}

// exitIsolate ends a worker or a tenant now: process.exit, an exception, or the parent's wish. JavaScript that runs is terminated.
func (r *Runtime) exitIsolate(code int) {
	if !r.exiting {
		r.exiting = true
		r.exitCode = code
	}
	r.env.Stop()
	r.loop.Stop()
	r.isolate.Terminate()
}

// closeTime is how long the end of a worker waits for operations that goroutines have begun.
const closeTime = 2 * time.Second

// close tears the isolate down: JavaScript never runs again, every handle is closed.
func (r *Runtime) close() {
	if t := r.thread(); t != nil {
		t.End()
	} else if r.config.tenant != nil {
		r.config.tenant.hide()
	}
	if r.isolate == nil {
		return
	}
	r.part()
	r.env.Stop()
	r.isolate.CancelTerminate()
	r.env.Close()
	r.env.CloseHandles()
	r.env.Files.Close()
	r.loop.WalkClose()
	late := false
	deadline := r.loop.NewTimer(func() { late = true })
	deadline.Unref()
	deadline.Start(closeTime, 0)
	r.loop.Run(loop.RunNoWait) // a Stop from before counts for this one
	for r.loop.Alive() && !late {
		r.loop.Run(loop.RunOnce)
	}
	deadline.Close(nil)
	if reactor, made := r.env.State(handle.Key{}, func() any { return nil }).(*handle.Reactor); made {
		reactor.Close()
	}
	for _, p := range []*engine.Persistent{r.hooks.timers, r.hooks.immediates, r.hooks.uncaught, r.hooks.handlerFailure, r.hooks.main, r.hooks.beforeExit, r.hooks.exit, r.hooks.watched} {
		if p != nil {
			p.Release()
		}
	}
	r.isolate.Dispose()
}

// rest waits for operations that outlived the isolate, and closes the loop.
func (r *Runtime) rest() {
	if r.loop == nil {
		return
	}
	r.loop.WalkClose()
	r.loop.Run(loop.RunNoWait)
	for r.loop.Alive() {
		r.loop.Run(loop.RunOnce)
	}
	_ = r.loop.Close()
}
