package runtime

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/node/process"
	"roost/internal/sys"
)

// Lodging is what a tenant gets in place of what a process has of its own.
type Lodging struct {
	Env         []string // KEY=value
	Stdio       [3]int   // descriptors of its standard streams; the tenant closes them
	Among       int      // how many such programs the process is to hold
	EndChildren bool     // processes that it has started end with it
	Running     func(task int)
	Ended       func(code int, signal syscall.Signal)
}

// Tenant is a program that shares its process with others: an isolate, loop and globals of its own, and for its JavaScript a main thread. What
// it does to its process (exit, signals, standard streams, environment) happens to it alone; the working directory, the file mode mask, the
// title, the user, and abort(3), are the process's.
type Tenant struct {
	number  int // immutable
	lodging Lodging

	mu     sync.Mutex
	env    *binding.Env   // guarded by mu; while it may be reached
	over   bool           // guarded by mu: it is to end
	signal syscall.Signal // guarded by mu; what ended it
	debug  func()         // guarded by mu; what SIGUSR1 does
}

var lastTenant atomic.Int64

// StartTenant starts a program on a thread of its own. Signals are its host's to hand on.
func StartTenant(c Config, l Lodging) *Tenant {
	t := &Tenant{number: int(lastTenant.Add(1)), lodging: l}
	c.tenant = t
	if c.HeapLimit == 0 {
		c.HeapLimit = heapPart(l.Among)
	}
	c.Instances = l.Among
	if c.Stderr == nil {
		c.Stderr = tenantStderr(l.Stdio[2])
	}
	countWorker(1)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		l.Running(unix.Gettid())
		r := &Runtime{config: c}
		code := r.lodge()
		countWorker(-1)
		t.mu.Lock()
		signal := t.signal
		t.mu.Unlock()
		r.rest()
		for _, fd := range l.Stdio {
			_ = sys.Close(fd)
		}
		l.Ended(code, signal)
	}()
	return t
}

// Compressed pointers give all isolates of a process one cage of 4 GB, in which there is more than their old generations.
const (
	cage        = 4 << 30
	cageReserve = 512 << 20
)

// heapPart is the heap limit of one of n programs of a process, and of one more that takes another's place; 0: V8's default is less.
func heapPart(n int) uint64 {
	part := uint64(cage-cageReserve) / uint64(max(n, 1)+1)
	if old, _, _ := engine.DefaultLimits(physicalMemory()); old <= part {
		return 0
	}
	return part
}

// youngPart is the limit of the young generation of one of n instances; 0: V8's default. They have half: two have together what one program
// has. With as many processors as instances each may have as much in flight as one program alone, so more of them don't have less.
// See docs/rationale.md, "How large are the heaps of instances?".
func youngPart(n int, physical uint64) uint64 {
	if n < 2 {
		return 0
	}
	_, young, _ := engine.DefaultLimits(physical)
	return young / 2
}

// tenantStderr is a descriptor as an io.Writer.
type tenantStderr int

func (fd tenantStderr) Write(p []byte) (int, error) {
	writeAll(int(fd), p)
	return len(p), nil
}

// lodge is the life of a tenant up to the end of its isolate.
func (r *Runtime) lodge() int {
	code := 1
	err := r.start()
	if err == nil {
		r.exitCode = 1
		code = r.run()
	}
	switch {
	case r.isolate != nil && r.isolate.HeapLimitHit():
		fmt.Fprint(r.config.Stderr, "\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n")
		code = 0
		r.config.tenant.endedBy(syscall.SIGABRT)
	case err != nil && !errors.Is(err, errStopped):
		fmt.Fprintf(r.config.Stderr, "roost: %v\n", err)
	case err == nil:
		r.isolate.CancelTerminate()
		r.saveCaches()
	}
	r.close()
	return code
}

// begin gives the isolate what is the tenant's own, before JavaScript runs.
func (t *Tenant) begin(r *Runtime) error {
	r.isolate.StopAtHeapLimit()
	r.env.Files = &binding.Files{}
	process.SetEnvironment(r.env, process.NewEnvironment(t.lodging.Env))
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return errStopped
	}
	t.env = r.env
	return nil
}

// takeDebugSignal makes open what SIGUSR1 does.
func (t *Tenant) takeDebugSignal(open func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.debug = open
}

// hide keeps signals away from an isolate that is torn down.
func (t *Tenant) hide() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.env, t.over = nil, true
}

// share gives an isolate of the tenant, its main one or a worker's, what all of them have.
func (t *Tenant) share(env *binding.Env) {
	env.Program, env.Stdio, env.EndChildren, env.Raise = t.number, &t.lodging.Stdio, t.lodging.EndChildren, t.raise
}

// endedBy notes the signal that ends the tenant; the first counts.
func (t *Tenant) endedBy(s syscall.Signal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.signal == 0 {
		t.signal = s
	}
}

// Signal is what kill(2) does to a process: listeners of the program hear of it, else the signal's default action happens, to the tenant
// alone. A tenant can't be stopped (SIGSTOP, SIGTSTP): nothing happens. Any goroutine.
func (t *Tenant) Signal(s syscall.Signal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	env := t.env
	if env != nil && s != syscall.SIGKILL && env.Loop.Listens(s) {
		env.Loop.Post(func() {
			if !env.Stopped() {
				env.Loop.Deliver(s)
			}
		})
		return
	}
	if isHarmless(s) || t.over && s != syscall.SIGKILL {
		return
	}
	if s == syscall.SIGUSR1 && env != nil && t.debug != nil {
		t.debug()
		return
	}
	t.over = true
	if t.signal == 0 {
		t.signal = s
	}
	if env != nil {
		env.Loop.Post(func() { env.Exit(0) })
		env.Isolate.Terminate()
	}
}

// Default is what a signal to the whole process does to a tenant: listeners have heard of it by themselves.
func (t *Tenant) Default(s syscall.Signal) {
	t.mu.Lock()
	listens := t.env != nil && t.env.Loop.Listens(s)
	t.mu.Unlock()
	if !listens {
		t.Signal(s)
	}
}

// raise is process.kill(process.pid, s).
func (t *Tenant) raise(s syscall.Signal) error {
	switch {
	case s < 0 || s > 64:
		return syscall.EINVAL
	case s != 0:
		t.Signal(s)
	}
	return nil
}

// isHarmless: the default action of these doesn't end a process.
func isHarmless(s syscall.Signal) bool {
	switch s {
	case syscall.SIGCHLD, syscall.SIGURG, syscall.SIGWINCH, syscall.SIGCONT, syscall.SIGSTOP, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU:
		return true
	}
	return false
}

// StartEngine initialises V8 before the first program: its flags are the process's.
func StartEngine(flags string) { engine.Start(flags) }
