// Package process is the Go half of the process object: environment, identity, clocks, usage, signals. Natives run on the isolate's
// thread; signals arrive through the loop.
package process

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/loop"
	"roost/internal/sys"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "process", Natives: binding.Natives{
	"environ":           func(c *binding.Call) { c.Return(binding.Strings(EnvironmentOf(c.Env()).All())) },
	"environVersion":    func(c *binding.Call) { c.Return(binding.Int(EnvironmentOf(c.Env()).version.Load())) },
	"setenv":            func(c *binding.Call) { EnvironmentOf(c.Env()).set(c.String(0), c.String(1)) },
	"unsetenv":          func(c *binding.Call) { EnvironmentOf(c.Env()).unset(c.String(0)) },
	"cwd":               cwd,
	"chdir":             chdir,
	"umask":             umask,
	"hrtime":            hrtime,
	"now":               func(c *binding.Call) { c.Return(binding.Number(float64(time.Since(start).Nanoseconds()) / 1e6)) },
	"timeOrigin":        func(c *binding.Call) { c.Return(binding.Number(float64(start.UnixMicro()) / 1e3)) },
	"uptime":            func(c *binding.Call) { c.Return(binding.Number(time.Since(start).Seconds())) },
	"memory":            memory,
	"cpuUsage":          func(c *binding.Call) { usageOf(c, unix.RUSAGE_SELF) },
	"threadCpuUsage":    func(c *binding.Call) { usageOf(c, unix.RUSAGE_THREAD) },
	"resourceUsage":     resourceUsage,
	"availableMemory":   availableMemory,
	"constrainedMemory": func(c *binding.Call) { c.Return(binding.Number(float64(sys.ConstrainedMemory()))) },
	"kill":              kill,
	"ids":               ids,
	"groups":            groups,
	"setid":             setid,
	"setgroups":         setgroups,
	"initgroups":        initgroups,
	"setTitle":          func(c *binding.Call) { setTitle(c.String(0)) },
	"signalHandle":      func(c *binding.Call) { c.Return(binding.Int(c.Env().Adopt(struct{}{}))) },
	"signalStart":       signalStart,
	"signalStop":        signalStop,
	"execve":            execve,
	"endpoints":         endpoints,
	"onFatal":           onFatal,
	"traceInterrupt":    traceInterrupt,
}}

// start is the process's own origin of time, taken when the program's packages are initialised.
var start = time.Now()

func cwd(c *binding.Call) {
	dir, err := syscall.Getwd()
	if err != nil {
		c.Throw(binding.Syscall("uv_cwd", err))
		return
	}
	c.Return(binding.String(dir))
}

func chdir(c *binding.Call) {
	to := c.String(0)
	if err := syscall.Chdir(to); err != nil {
		from, _ := os.Getwd()
		c.Throw(binding.Syscall("chdir", err, from, to))
	}
}

// umask() gives the mask, umask(mask) sets it and gives the old one.
func umask(c *binding.Call) {
	if c.IsUndefined(0) {
		old := syscall.Umask(0)
		syscall.Umask(old)
		c.Return(binding.Int(old))
		return
	}
	c.Return(binding.Int(syscall.Umask(c.Int(0))))
}

// hrtime(Uint32Array(3)): high and low word of the seconds, nanoseconds; monotonic.
func hrtime(c *binding.Call) {
	b := c.Bytes(0)
	if len(b) < 12 {
		return
	}
	var ts unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts)
	put := func(i int, v uint32) {
		b[i], b[i+1], b[i+2], b[i+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
	put(0, uint32(uint64(ts.Sec)>>32))
	put(4, uint32(ts.Sec))
	put(8, uint32(ts.Nsec))
}

// memory() → [rss, heapTotal, heapUsed, external, arrayBuffers] in bytes
func memory(c *binding.Call) {
	rss, err := sys.RSS()
	if err != nil {
		c.Throw(binding.Syscall("uv_resident_set_memory", err))
		return
	}
	h := c.Env().Isolate.HeapStatistics()
	n := binding.Number
	c.Return(binding.List(n(float64(rss)), n(h.TotalHeapSize), n(h.UsedHeapSize), n(h.ExternalMemory), n(h.ArrayBuffers))) // no array buffer: they are counted
}

func usage(who int) (unix.Rusage, error) {
	var r unix.Rusage
	err := unix.Getrusage(who, &r)
	return r, err
}

// usageOf gives [user, system] in microseconds.
func usageOf(c *binding.Call, who int) {
	r, err := usage(who)
	if err != nil {
		c.Throw(binding.Syscall("uv_getrusage", err))
		return
	}
	c.Return(binding.Float64s([]float64{micros(r.Utime), micros(r.Stime)}))
}

func micros(t unix.Timeval) float64 { return float64(t.Sec)*1e6 + float64(t.Usec) }

// resourceUsage() → the sixteen numbers of process.resourceUsage, in its order
func resourceUsage(c *binding.Call) {
	r, err := usage(unix.RUSAGE_SELF)
	if err != nil {
		c.Throw(binding.Syscall("uv_getrusage", err))
		return
	}
	c.Return(binding.Float64s([]float64{micros(r.Utime), micros(r.Stime), float64(r.Maxrss), float64(r.Ixrss), float64(r.Idrss), float64(r.Isrss),
		float64(r.Minflt), float64(r.Majflt), float64(r.Nswap), float64(r.Inblock), float64(r.Oublock), float64(r.Msgsnd), float64(r.Msgrcv),
		float64(r.Nsignals), float64(r.Nvcsw), float64(r.Nivcsw)}))
}

func availableMemory(c *binding.Call) {
	n, err := sys.AvailableMemory()
	if err != nil {
		c.Throw(binding.Syscall("uv_get_available_memory", err))
		return
	}
	c.Return(binding.Number(float64(n)))
}

// kill(pid, signal): throws ESRCH and the like
func kill(c *binding.Call) {
	pid, signum := c.Int(0), syscall.Signal(c.Int(1))
	c.Env().Loop.EndBatch() // it may be the end of this process
	var err error
	if raise := c.Env().Raise; pid == os.Getpid() && raise != nil {
		err = raise(signum)
	} else if pid == os.Getpid() {
		err = c.Env().Loop.Raise(signum)
	} else {
		err = syscall.Kill(pid, signum)
	}
	if err != nil {
		c.Return(binding.Int(binding.Syscall("kill", err).Errno))
		return
	}
	c.Return(binding.Int(0))
}

// ids() → [uid, euid, gid, egid]
func ids(c *binding.Call) {
	c.Return(binding.List(binding.Int(os.Getuid()), binding.Int(os.Geteuid()), binding.Int(os.Getgid()), binding.Int(os.Getegid())))
}

func groups(c *binding.Call) {
	list, err := os.Getgroups()
	if err != nil {
		c.Throw(binding.Syscall("getgroups", err))
		return
	}
	out := make([]binding.Result, 0, len(list)+1)
	seen := false
	for _, g := range list {
		out = append(out, binding.Int(g))
		seen = seen || g == os.Getegid()
	}
	if !seen {
		out = append(out, binding.Int(os.Getegid()))
	}
	c.Return(binding.List(out...))
}

// setid(which, id): which is "setuid", "seteuid", "setgid" or "setegid"
func setid(c *binding.Call) {
	id := c.Int(1)
	var err error
	switch c.String(0) {
	case "setuid":
		err = syscall.Setuid(id)
	case "seteuid":
		err = syscall.Setreuid(-1, id)
	case "setgid":
		err = syscall.Setgid(id)
	case "setegid":
		err = syscall.Setregid(-1, id)
	}
	if err != nil {
		c.Throw(binding.Syscall(c.String(0), err))
	}
}

func setgroups(c *binding.Call) {
	var list []int
	for _, g := range c.Floats(0) {
		list = append(list, int(g))
	}
	if err := syscall.Setgroups(list); err != nil {
		c.Throw(binding.Syscall("setgroups", err))
	}
}

// initgroups(user name or number, group) → whether there is such a user; as initgroups(3), an unknown one has no groups
func initgroups(c *binding.Call) {
	u, err := user.Lookup(c.String(0))
	if err != nil {
		u, err = user.LookupId(c.String(0))
	}
	known := err == nil
	var names []string
	if known {
		if names, err = u.GroupIds(); err != nil {
			c.Throw(binding.Syscall("initgroups", err))
			return
		}
	}
	list := []int{c.Int(1)}
	for _, name := range names {
		if g, err := strconv.Atoi(name); err == nil && g != c.Int(1) {
			list = append(list, g)
		}
	}
	if err := syscall.Setgroups(list); err != nil {
		c.Throw(binding.Syscall("initgroups", err))
		return
	}
	c.Return(binding.Bool(known))
}

// signals are the handles by which a process listens, one a signal number.
type signals map[int]*loop.Signal

type signalsKey struct{}

func of(env *binding.Env) signals {
	return env.State(signalsKey{}, func() any {
		s := signals{}
		env.OnClose(func() {
			for _, h := range s {
				h.Close(nil)
			}
		})
		return s
	}).(signals)
}

// signalStart(signum, handle id): onevent(signum) of the handle runs for every delivery
func signalStart(c *binding.Call) {
	env, n := c.Env(), c.Int(0)
	all := of(env)
	if all[n] != nil {
		return
	}
	id := c.Int(1)
	h := env.Loop.NewSignal(func(s syscall.Signal) { env.Emit(id, int(s)) })
	if err := h.Start(syscall.Signal(n)); err != nil {
		h.Close(nil)
		c.Throw(binding.Syscall("uv_signal_start", err))
		return
	}
	h.Unref()
	all[n] = h
}

func signalStop(c *binding.Call) {
	all := of(c.Env())
	if h := all[c.Int(0)]; h != nil {
		h.Close(nil)
		delete(all, c.Int(0))
	}
}

// execve(file, args, env): replaces the process
func execve(c *binding.Call) {
	file := c.String(0)
	if !strings.Contains(file, "/") {
		if found, err := exec.LookPath(file); err == nil {
			file = found
		}
	}
	if err := syscall.Exec(file, c.Strings(1), c.Strings(2)); err != nil {
		c.Throw(binding.Syscall("execve", err, file))
	}
}
