package runtime

import (
	"errors"
	"os"
	"runtime"
	"sort"
	"strings"
	"time"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/loop"
	"roost/internal/sys"
)

// natives are native:runtime: what bootstrap, timers and process ask of the program itself.
func (r *Runtime) natives() binding.Natives {
	timer := r.loop.NewTimer(func() { r.processTimers() })
	timer.Unref()
	immediate := &immediates{r: r, check: r.loop.NewCheck(func() { r.env.CallTop(r.hooks.immediates) }), idle: r.loop.NewIdle(func() {})}
	immediate.check.Unref()
	r.timer = timer
	return binding.Natives{
		"load": func(c *binding.Call) {
			v, err := r.builtins.load(c.String(0))
			var x *engine.Exception
			if errors.As(err, &x) && x.Terminated {
				err = x // an end of the isolate is no error of the builtin
			}
			if err != nil {
				c.Throw(err)
				return
			}
			c.Return(binding.Handle(v))
		},
		"hasBuiltin": func(c *binding.Call) { c.Return(binding.Bool(r.builtins.has(c.String(0)))) },
		"builtinNames": func(c *binding.Call) {
			var names []string
			for s := range r.builtins.sources {
				if name, ok := strings.CutPrefix(s, "node:"); ok {
					names = append(names, name)
				}
			}
			sort.Strings(names)
			c.Return(binding.Strings(names))
		},
		"config": func(c *binding.Call) { c.Return(r.configResult()) },
		// reportUncaught(error, fromPromise): as if error had reached the loop.
		"reportUncaught": func(c *binding.Call) {
			x := r.isolate.Describe(c.Value(0))
			x.Value = c.Value(0)
			r.fatal(x, c.Bool(1))
		},
		"reallyExit": func(c *binding.Call) { r.env.Exit(c.Int(0)) },
		"abort":      func(*binding.Call) { r.loop.EndBatch(); engine.Abort() },
		// writeSync(fd, text): for fatal messages; goes around the streams.
		"writeSync": func(c *binding.Call) {
			text := c.String(1)
			if t := r.thread(); t != nil && c.Int(0) <= 2 {
				t.Output(c.Int(0), []byte(text))
				return
			}
			writeAll(c.FD(0), []byte(text))
		},
		// scheduleTimer(ms): arms the one timer of the loop; refTimer(bool): whether it keeps the loop alive.
		"scheduleTimer": func(c *binding.Call) {
			r.timerArmed = true
			timer.Start(milliseconds(max(c.Float(0), 1)), 0)
		},
		"refTimer": func(c *binding.Call) {
			if c.Bool(0) {
				timer.Ref()
			} else {
				timer.Unref()
			}
		},
		"loopNow": func(c *binding.Call) {
			r.loop.UpdateTime()
			c.Return(binding.Int(r.loop.Now().Milliseconds()))
		},
		// loopTime: the time of the turn, or of the last loopNow.
		"loopTime": func(c *binding.Call) { c.Return(binding.Int(r.loop.Now().Milliseconds())) },
		// refImmediates(active, ref): whether the check phase calls back, and whether that keeps the loop from blocking.
		"refImmediates": func(c *binding.Call) { immediate.set(c.Bool(0), c.Bool(1)) },
		"hrtime":        func(c *binding.Call) { c.Return(binding.Number(float64(time.Since(processStart).Nanoseconds()))) },
		"heapStatistics": func(c *binding.Call) {
			h := r.isolate.HeapStatistics()
			c.Return(binding.Float64s([]float64{h.TotalHeapSize, h.TotalHeapSizeExecutable, h.TotalPhysicalSize, h.TotalAvailableSize, h.UsedHeapSize,
				h.HeapSizeLimit, h.MallocedMemory, h.PeakMallocedMemory, h.DoesZapGarbage, h.NumberOfNativeContexts, h.NumberOfDetachedContexts,
				h.TotalGlobalHandlesSize, h.UsedGlobalHandlesSize, h.ExternalMemory}))
		},
		// loadAddon(path, flags, exports) → what a Node-API addon exports
		"loadAddon": func(c *binding.Call) {
			v, err := r.isolate.LoadAddon(c.String(0), c.Int(1), c.Value(2))
			if err != nil {
				c.Throw(err)
				return
			}
			c.Return(binding.Handle(v))
		},
		"v8Version": func(c *binding.Call) { c.Return(binding.String(engine.Version())) },
		"loopMetrics": func(c *binding.Call) {
			m := r.loop.Metrics()
			c.Return(binding.List(binding.Int(m.Turns), binding.Int(m.Events), binding.Int(m.EventsWaiting), binding.Number(float64(r.loop.IdleTime())/1e6)))
		},
	}
}

// writeAll writes to a descriptor, waiting where it is full.
func writeAll(fd int, text []byte) {
	for len(text) > 0 {
		n, errno := sys.Write(fd, text)
		switch {
		case errno == 0:
			text = text[n:]
		case errno.Temporary():
			time.Sleep(time.Millisecond)
		default:
			return
		}
	}
}

// processTimers runs the timers that are due. JavaScript gives the time of the next one, 0 for none, and refs the timer itself. Ticks and
// promise jobs run before it returns here; a timer that they started is due earlier than next and has armed the timer already.
func (r *Runtime) processTimers() {
	r.timerArmed = false
	next, ok := r.isolate.CallTopNumber(r.hooks.timers, binding.Int(r.loop.Now().Milliseconds()))
	if !ok {
		// A timer threw: the rest of its list runs when the exception was handled.
		r.timer.Start(milliseconds(1), 0)
		r.env.Caught()
		return
	}
	if next == 0 || r.timerArmed {
		return
	}
	r.loop.UpdateTime()
	r.timer.Start(milliseconds(max(next-float64(r.loop.Now().Milliseconds()), 1)), 0)
}

// immediates is the check phase; a ref'd immediate also keeps the poll phase from blocking.
type immediates struct {
	r     *Runtime
	check *loop.Check
	idle  *loop.Idle
}

func (m *immediates) set(active, ref bool) {
	if active {
		m.check.Start()
	} else {
		m.check.Stop()
	}
	if ref {
		m.idle.Start()
	} else {
		m.idle.Stop()
	}
}

func (r *Runtime) configResult() binding.Result {
	c := &r.config
	cwd, _ := os.Getwd()
	var options []binding.Result
	for k, v := range c.Options {
		options = append(options, binding.String(k), binding.String(v))
	}
	return binding.Object(
		binding.String("argv0"), binding.String(c.Argv0),
		binding.String("execPath"), binding.String(c.ExecPath),
		binding.String("execArgv"), binding.Strings(c.ExecArgv),
		binding.String("argv"), binding.Strings(c.Argv),
		binding.String("script"), binding.String(c.Script),
		binding.String("eval"), binding.String(c.Eval),
		binding.String("hasEval"), binding.Bool(c.HasEval),
		binding.String("print"), binding.Bool(c.Print),
		binding.String("check"), binding.Bool(c.Check),
		binding.String("stdin"), binding.Bool(c.Stdin),
		binding.String("require"), binding.Strings(c.Require),
		binding.String("import"), binding.Strings(c.Import),
		binding.String("options"), binding.Object(options...),
		binding.String("title"), binding.String("node"),
		binding.String("arch"), binding.String(arch()),
		binding.String("platform"), binding.String(runtime.GOOS),
		binding.String("environmentFlags"), binding.Strings(c.EnvironmentFlags),
		binding.String("conditions"), binding.Strings(c.Conditions),
		binding.String("cwd"), binding.String(cwd),
		binding.String("worker"), binding.String(r.config.worker.kind()),
		binding.String("breakAtStart"), binding.Bool(r.breakAtStart),
		binding.String("sharesProcess"), binding.Bool(r.config.tenant != nil),
		binding.String("sharesEnv"), binding.Bool(r.config.worker.sharesEnv()),
		binding.String("pid"), binding.Int(os.Getpid()),
		binding.String("ppid"), binding.Int(os.Getppid()),
	)
}

// arch is process.arch.
func arch() string {
	if runtime.GOARCH == "amd64" {
		return "x64"
	}
	return runtime.GOARCH
}

// processStart is the origin of hrtime.
var processStart = time.Now()

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func physicalMemory() uint64 {
	total, err := sys.TotalMemory()
	if err != nil {
		return 0
	}
	if limit := sys.ConstrainedMemory(); limit > 0 && limit < total {
		return limit
	}
	return total
}
