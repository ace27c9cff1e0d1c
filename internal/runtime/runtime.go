// Package runtime runs one program: it joins an isolate, a loop, the loader and the builtins. It is the only package that knows both
// engine and loop from above. Run must be called on a goroutine locked to its OS thread; everything below runs on that thread.
package runtime

import (
	"fmt"
	"io"
	"os"
	"time"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/handle"
	"roost/internal/loop"
	"roost/internal/module/source"
	"roost/internal/node/workerthreads"
	"roost/internal/sticky"
	"roost/internal/vitals"
)

// Config is what the command line asks for. It crosses to JavaScript as native:runtime's config().
type Config struct {
	Argv0            string   // as the program was called
	ExecPath         string   // absolute path of the binary
	ExecArgv         []string // options before the program
	Argv             []string // the program's own arguments; the script is not among them
	Script           string   // path of the main script as given; "" when there is none
	Eval             string   // -e or -p, or standard input
	HasEval          bool
	Print            bool // -p
	Check            bool // -c
	Stdin            bool // the program comes from standard input
	Require          []string
	Import           []string
	Conditions       []string
	EnvironmentFlags []string          // process.allowedNodeEnvironmentFlags
	Options          map[string]string // the remaining options by their long names, as given
	V8Flags          string            // in V8's command-line form
	HeapLimit        uint64            // --max-old-space-size in bytes; 0: default
	Instances        int               // how many such programs share the application's load; 0 or 1: this one has it all
	// WorkerConfig reads the execArgv (nil: the program's) and the NODE_OPTIONS of a worker. bad are words that a worker can't have,
	// inEnvironment tells whether they are from NODE_OPTIONS.
	WorkerConfig func(execArgv []string, nodeOptions string) (c Config, bad []string, inEnvironment bool)
	Stderr       io.Writer
	// Vitals are the pages on which the program shows how it fares: one for each isolate that serves. The first is the main thread's.
	Vitals []*vitals.Writer
	// Sticky is where the program meets the other instances of its application, when their clients stick to them.
	Sticky *sticky.Place

	worker *workerConfig // nil: the program's main thread
	tenant *Tenant       // nil: the process is the program's; else it is one of several, or a worker of one
}

// sharesProcess tells whether the end of the isolate is not the end of the process.
func (c *Config) sharesProcess() bool { return c.worker != nil || c.tenant != nil }

// Runtime is one running program.
type Runtime struct {
	config       Config
	env          *binding.Env
	isolate      *engine.Isolate
	loop         *loop.Loop
	builtins     *builtins
	hooks        hooks
	reactor      *handle.Reactor // nil: made when it is needed
	tasks        *loop.Timer     // the next delayed task of V8's platform
	timer        *loop.Timer     // the one timer of all JavaScript timers
	timerArmed   bool            // it was armed since processTimers began
	exitCode     int
	exiting      bool
	breakAtStart bool // a debugger wants a worker to stop at its first statement
}

// hooks are the functions of internal:bootstrap that Go calls.
type hooks struct {
	timers, immediates, uncaught, handlerFailure, main, beforeExit, exit, watched *engine.Persistent
}

// Run runs the program and gives its exit code.
func Run(config Config) int {
	if config.Stderr == nil {
		config.Stderr = os.Stderr
	}
	r := &Runtime{config: config}
	if err := r.start(); err != nil {
		fmt.Fprintf(config.Stderr, "roost: %v\n", err)
		return 1
	}
	code := r.run()
	r.part()
	r.saveCaches()
	engine.Flush()
	return code
}

func (r *Runtime) start() error {
	began := time.Now()
	engine.Start(r.config.V8Flags)
	loop.KeepDefaultActions()
	l, err := loop.New()
	if err != nil {
		return err
	}
	r.loop = l
	r.env = binding.NewEnv(l)
	o := engine.Options{Host: r.env, WakeFD: l.WakeFD(), MaxOldBytes: r.config.HeapLimit, PhysicalMemory: physicalMemory()}
	o.MaxYoungBytes = youngPart(r.config.Instances, o.PhysicalMemory)
	if r.config.worker != nil {
		r.config.worker.limit(&o)
		r.env.Main = r.config.worker.main
	}
	r.isolate, err = engine.New(o)
	if err != nil {
		return err
	}
	r.env.Isolate = r.isolate
	if len(r.config.Vitals) > 0 {
		r.show(r.config.Vitals[0])
	}
	r.meet()
	r.env.ReachAt(binding.V8Start, began)
	r.env.Reach(binding.EnvironmentReady)
	if r.config.tenant != nil {
		r.config.tenant.share(r.env)
	}
	r.env.Uncaught = r.uncaught
	r.env.Exit = r.exit
	if err := r.beginWorker(); err != nil {
		return err
	}
	workerthreads.Install(r.env, r.workerHost(), r.thread())
	r.tasks = l.NewTimer(r.runTasks)
	r.tasks.Unref()
	l.OnWake(r.runTasks)
	r.builtins, err = newBuiltins(r)
	if err != nil {
		return err
	}
	scope := r.isolate.Scope()
	defer scope.Close()
	r.isolate.EnterMain()
	defer r.isolate.LeaveMain()
	namespace, err := r.builtins.load("internal:bootstrap")
	if err != nil {
		return err
	}
	for _, h := range []struct {
		name string
		to   **engine.Persistent
	}{{"processTimers", &r.hooks.timers}, {"processImmediates", &r.hooks.immediates}, {"onUncaught", &r.hooks.uncaught}, {"onHandlerFailure", &r.hooks.handlerFailure},
		{"main", &r.hooks.main}, {"beforeExit", &r.hooks.beforeExit}, {"exit", &r.hooks.exit}, {"watched", &r.hooks.watched}} {
		v, err := r.isolate.Get(namespace, h.name)
		if err != nil {
			return err
		}
		if !v.IsFunction() {
			return fmt.Errorf("internal:bootstrap does not export %s", h.name)
		}
		*h.to = r.isolate.Keep(v)
	}
	r.env.Watched = func(why string) {
		r.isolate.Inside(func() { _, _ = r.isolate.EvalInside(r.hooks.watched, binding.String(why)) })
	}
	settle, err := r.isolate.Get(namespace, "settle")
	if err != nil {
		return err
	}
	dispatch, err := r.isolate.Get(namespace, "dispatch")
	if err != nil {
		return err
	}
	r.env.SetCallbacks(settle, dispatch)
	r.takeDebugSignal()
	return nil
}

// show makes loop and engine write to a page.
func (r *Runtime) show(w *vitals.Writer) {
	r.loop.SetVitals(w)
	r.isolate.ShowVitals(w.Engine())
	w.Start(func() {
		r.isolate.SampleVitals()
		w.SetIsolates(engine.Isolates())
	})
}

// meet lets the program's listeners hand connections to the other instances.
func (r *Runtime) meet() {
	if r.config.Sticky == nil || len(r.config.Vitals) == 0 || r.config.Sticky.By.Kind == sticky.Off {
		return
	}
	r.reactor = handle.NewReactor(r.loop)
	r.reactor.Meet(r.config.Sticky)
	r.env.State(handle.Key{}, func() any { return r.reactor })
}

// part gives the connections to the others that came for this program and that it has not taken yet: it ends.
func (r *Runtime) part() {
	if r.reactor != nil {
		r.reactor.Part()
		r.reactor = nil
	}
}

// run is the life of the program: main script, loop, beforeExit, exit.
func (r *Runtime) run() int {
	r.env.Reach(binding.BootstrapComplete)
	r.env.CallTop(r.hooks.main)
	if r.config.worker == nil {
		go r.trimBlocking()
	}
	for !r.env.Stopped() {
		r.env.Reach(binding.LoopStart)
		r.loop.Run(loop.RunDefault)
		r.env.Reach(binding.LoopExit)
		if r.env.Stopped() {
			break
		}
		r.runTasks()
		r.loop.RunPosted()
		if r.loop.Alive() || r.isolate.AwaitWorkers() {
			continue
		}
		r.env.CallTop(r.hooks.beforeExit)
		if !r.loop.Alive() {
			break
		}
	}
	if r.config.sharesProcess() && r.env.Stopped() {
		return r.exitCode
	}
	if !r.exiting {
		code, ok := r.isolate.CallTopNumber(r.hooks.exit)
		if !ok {
			r.env.Caught()
		}
		if !r.exiting {
			r.exitCode = int(code)
		}
	}
	return r.exitCode
}

// saveCaches writes the code caches of builtins and user code.
func (r *Runtime) saveCaches() {
	r.builtins.saveCache()
	source.Of(r.env).SaveCache(true)
}

// exit ends the process at once: process.reallyExit. JavaScript has emitted 'exit' already.
func (r *Runtime) exit(code int) {
	if r.config.sharesProcess() {
		r.exitIsolate(code)
		return
	}
	r.exiting = true
	r.exitCode = code
	r.part()
	r.env.Stop()
	r.loop.EndBatch()
	r.saveCaches()
	engine.Flush()
	os.Exit(code)
}

// uncaught hands an exception that reached the loop to JavaScript, which prints it and exits unless user code handles it.
func (r *Runtime) uncaught(x *engine.Exception) {
	r.fatal(x, false)
}

func (r *Runtime) fatal(x *engine.Exception, fromPromise bool) {
	if x.Terminated {
		return
	}
	if r.hooks.uncaught == nil && r.config.sharesProcess() {
		if r.config.worker == nil {
			fmt.Fprintf(r.config.Stderr, "roost: exception during start: %s\n", x.Error())
		}
		r.exit(1)
		return
	}
	if r.hooks.uncaught == nil {
		fmt.Fprintf(r.config.Stderr, "roost: exception during start: %s\n", x.Error())
		os.Exit(70)
	}
	if _, err := r.isolate.Call(r.hooks.uncaught.Value(), engine.Value{}, binding.Handle(x.Value), binding.Bool(fromPromise), where(x)); err != nil {
		x, ok := err.(*engine.Exception)
		if ok && x.Terminated && r.config.sharesProcess() {
			r.exit(1) // or ended already, by process.exit in a handler
			return
		}
		if ok && !x.Terminated {
			_, err = r.isolate.Call(r.hooks.handlerFailure.Value(), engine.Value{}, binding.Handle(x.Value), where(x))
		}
		if err != nil {
			fmt.Fprintf(r.config.Stderr, "%s\n", err.Error())
			r.exit(7)
		}
	}
}

// where is an exception's place as JavaScript gets it.
func where(x *engine.Exception) binding.Result {
	if x.Line == 0 {
		return binding.Undefined
	}
	return binding.List(binding.String(x.File), binding.Int(x.Line), binding.Int(x.Start), binding.Int(x.End), binding.String(x.Source))
}

// runTasks runs V8's foreground tasks and arms the timer for the next delayed one.
func (r *Runtime) runTasks() {
	if r.env.Stopped() {
		return // the isolate may be gone
	}
	next := r.isolate.RunTasks()
	if !r.isolate.Drain() {
		r.env.Caught()
	}
	if next < 0 {
		r.tasks.Stop()
		return
	}
	r.tasks.Start(milliseconds(next), 0)
}
