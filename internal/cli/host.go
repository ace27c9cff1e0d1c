package cli

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/engine"
	"roost/internal/hosting"
	roost "roost/internal/runtime"
	"roost/internal/sticky"
	"roost/internal/vitals"
)

// runHost is the process of an application in threads mode: it holds its programs, an isolate each, for the daemon.
func runHost() int {
	file := os.NewFile(3, "host")
	if file == nil {
		return exitFailure
	}
	l, err := net.FileListener(file)
	_ = file.Close()
	if err != nil {
		fmt.Fprintf(os.Stderr, "roost: %v\n", err)
		return exitFailure
	}
	listener, ok := l.(*net.UnixListener)
	if !ok {
		return exitFailure
	}
	// With an arena for each thread, what one frees no other can use. No more threads than processors allocate at once.
	engine.LimitArenas(runtime.NumCPU())
	h := &house{board: vitals.InheritBoard(), meeting: sticky.Inherit(), tenants: map[*roost.Tenant]bool{}}
	go h.signals()
	hosting.ServeBlocking(listener, h.lodge)
	engine.Flush()
	return 0
}

// house is what a host knows of its tenants.
type house struct {
	board   *vitals.Board // immutable; nil: nobody wants to see how the tenants fare
	meeting *sticky.Place // immutable; nil: no clients stick to tenants
	engine  sync.Once

	mu      sync.Mutex
	tenants map[*roost.Tenant]bool // guarded by mu
}

// signals hands what the process as a whole is sent to each tenant.
func (h *house) signals() {
	incoming := make(chan os.Signal, 16)
	signal.Notify(incoming, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	for s := range incoming {
		h.mu.Lock()
		for t := range h.tenants {
			t.Default(s.(syscall.Signal))
		}
		h.mu.Unlock()
	}
}

// lodge starts a program.
func (h *house) lodge(s hosting.Seat) hosting.Program {
	env := append(slices.Clone(s.Env), fmt.Sprintf("NODE_CHANNEL_FD=%d", s.Channel))
	if s.Again >= 0 {
		env = append(env, fmt.Sprintf("ROOST_CHANNEL_RETURN=%d", s.Again))
	}
	c, env, err := h.configure(s.Args, env)
	if err != nil {
		_, _ = unix.Write(s.Stdio[2], fmt.Appendf(nil, "%s: %s\n", s.Args[0], err))
		for _, fd := range append(s.Stdio[:], s.Channel, s.Again) {
			if fd >= 0 {
				_ = unix.Close(fd)
			}
		}
		s.Ended(hosting.Exit{Code: exitInvalidArgument})
		return nil
	}
	if h.board != nil && s.Page >= 0 && s.Page < vitals.Pages {
		c.Vitals = []*vitals.Writer{h.board.Write(s.Page)}
	}
	if by, err := sticky.Parse(s.Sticky); err == nil && by.Kind != sticky.Off && h.meeting != nil {
		c.Sticky = &sticky.Place{Folder: h.meeting.Folder, By: by}
	}
	var t *roost.Tenant
	started := make(chan struct{})
	t = roost.StartTenant(c, roost.Lodging{Env: env, Stdio: s.Stdio, Among: s.Among, EndChildren: s.Tree, Running: s.Running,
		Ended: func(code int, signal syscall.Signal) {
			<-started
			h.mu.Lock()
			delete(h.tenants, t)
			h.mu.Unlock()
			s.Ended(hosting.Exit{Code: code, Signal: int(signal)})
		}})
	h.mu.Lock()
	h.tenants[t] = true
	h.mu.Unlock()
	close(started)
	return t
}

// configure reads a program's command line, and gives its environment with what --env-file adds.
func (h *house) configure(args, env []string) (roost.Config, []string, error) {
	o, err := parse(args[1:], variable(env, "NODE_OPTIONS"))
	if err == nil && len(o.envFiles) > 0 {
		if err = loadEnvFiles(o.envFiles); err == nil {
			for _, e := range os.Environ() {
				if name, _, _ := strings.Cut(e, "="); !slices.ContainsFunc(env, func(have string) bool { return strings.HasPrefix(have, name+"=") }) {
					env = append(env, e)
				}
			}
			o, err = parse(args[1:], variable(env, "NODE_OPTIONS"))
		}
	}
	if err != nil {
		return roost.Config{}, nil, err
	}
	var bad []string
	h.engine.Do(func() { bad = engine.FilterFlags(o.v8) })
	if len(bad) > 0 {
		return roost.Config{}, nil, fmt.Errorf("bad option: %s", bad[0])
	}
	c, err := o.config(args)
	if err == nil && c.Script == "" {
		err = fmt.Errorf("no script")
	}
	c.WorkerConfig = workerConfig
	return c, env, err
}

// variable is one of KEY=value.
func variable(env []string, name string) string {
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}
