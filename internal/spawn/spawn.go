// Package spawn starts other programs: fork and exec with process groups, descriptors, credentials, and waiting for exactly the children
// it started. child_process and the supervisor use it.
//
// It may be used from any goroutine. It imports nothing of this module but internal/sys, keeps no state beyond each Process, and never
// calls wait4 for a process that isn't its own.
package spawn

import (
	"errors"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// Close, in Options.Files, leaves a descriptor of the child closed.
const Close = -1

// Options says what to start.
type Options struct {
	File     string   // a path, or a name to be found in PATH of Env
	Args     []string // with argv[0]
	Env      []string // KEY=value; the child gets exactly these
	Dir      string   // working directory; "" for the caller's
	Files    []int    // the child's descriptors 0, 1, ...: descriptors of ours, or Close
	Detached bool     // a session and a process group of its own
	UID, GID int      // -1 for the caller's
}

// Exit is how a program ended: by itself with Code, or by Signal when that isn't 0.
type Exit struct {
	Code   int
	Signal syscall.Signal
}

// Process is a started program.
type Process struct {
	Pid int // immutable

	mu     sync.Mutex
	pidfd  int  // guarded by mu; -1 where the system has none
	reaped bool // guarded by mu: the number may belong to somebody else
	exit   Exit // guarded by mu
}

// DefaultPath is searched when the environment has no PATH.
const DefaultPath = "/usr/local/bin:/bin:/usr/bin"

// Start starts a program. Its errors are errnos: ENOENT when there is no such program or directory, EACCES, EAGAIN, E2BIG, ...
func Start(o Options) (*Process, error) {
	if strings.IndexByte(o.File, 0) >= 0 || o.File == "" {
		return nil, unix.ENOENT
	}
	attr := &syscall.ProcAttr{Dir: o.Dir, Env: o.Env, Sys: &syscall.SysProcAttr{Setsid: o.Detached}}
	attr.Files = make([]uintptr, len(o.Files))
	for k, fd := range o.Files {
		if fd < 0 {
			attr.Files[k] = ^uintptr(0)
			continue
		}
		attr.Files[k] = uintptr(fd)
	}
	if o.UID >= 0 || o.GID >= 0 {
		attr.Sys.Credential = credential(o.UID, o.GID)
	}
	p := &Process{pidfd: -1}
	wantPidFD(attr.Sys, &p.pidfd)
	if attr.Env == nil {
		attr.Env = []string{}
	}
	var err error
	missing := unix.ENOENT
	for _, file := range candidates(o.File, o.Env) {
		p.Pid, err = start(file, o.Args, attr)
		switch {
		case err == nil:
			return p, nil
		case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
			if o.Dir != "" && !isDirectory(o.Dir) {
				return nil, err
			}
			if strings.Contains(o.File, "/") {
				return nil, err
			}
			continue
		case errors.Is(err, unix.EACCES) && !strings.Contains(o.File, "/"):
			missing = unix.EACCES // go on as execvp(3) does
			continue
		}
		return nil, err
	}
	return nil, missing
}

// start tries one file; a script without #! goes to the shell, as execvp(3) does it.
func start(file string, args []string, attr *syscall.ProcAttr) (int, error) {
	defer usualPolicy()()
	pid, _, err := syscall.StartProcess(file, args, attr)
	if err == nil || !errors.Is(err, unix.ENOEXEC) {
		return pid, err
	}
	script := append([]string{"/bin/sh", file}, args[min(1, len(args)):]...)
	pid, _, err = syscall.StartProcess("/bin/sh", script, attr)
	return pid, err
}

func isDirectory(path string) bool {
	var st unix.Stat_t
	return unix.Stat(path, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR
}

func candidates(file string, env []string) []string {
	if strings.Contains(file, "/") {
		return []string{file}
	}
	path := DefaultPath
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, "PATH="); ok {
			path = value
			break
		}
	}
	var out []string
	for _, dir := range strings.Split(path, ":") {
		if dir == "" {
			dir = "."
		}
		out = append(out, dir+"/"+file)
	}
	return out
}

func credential(uid, gid int) *syscall.Credential {
	c := &syscall.Credential{Uid: uint32(unix.Getuid()), Gid: uint32(unix.Getgid()), NoSetGroups: unix.Getuid() != 0}
	if uid >= 0 {
		c.Uid = uint32(uid)
	}
	if gid >= 0 {
		c.Gid = uint32(gid)
	}
	return c
}

// PidFD is a descriptor that becomes readable when the program has ended, or -1 where the system has none. It lives until the program is
// reaped or Release is called.
func (p *Process) PidFD() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pidfd
}

// WaitBlocking waits for the end.
func (p *Process) WaitBlocking() (Exit, error) {
	// Wait without reaping first: while somebody waits, Signal must still find the process.
	for {
		err := waitNoReap(p.Pid)
		if err == unix.EINTR {
			continue
		}
		break
	}
	exit, _, err := p.reap(0)
	return exit, err
}

// Poll reaps the program if it has ended.
func (p *Process) Poll() (exit Exit, ended bool, err error) { return p.reap(unix.WNOHANG) }

func (p *Process) reap(options int) (Exit, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return p.exit, true, nil
	}
	var ws unix.WaitStatus
	for {
		pid, err := unix.Wait4(p.Pid, &ws, options, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			// ECHILD: somebody took our child. It is gone all the same.
			p.finish(Exit{})
			return p.exit, true, err
		}
		if pid == 0 {
			return Exit{}, false, nil
		}
		break
	}
	e := Exit{Code: ws.ExitStatus()}
	if ws.Signaled() {
		e = Exit{Signal: ws.Signal()}
	}
	p.finish(e)
	return e, true, nil
}

// finish is called with mu held.
func (p *Process) finish(e Exit) {
	p.reaped, p.exit = true, e
	if p.pidfd >= 0 {
		_ = unix.Close(p.pidfd)
		p.pidfd = -1
	}
}

// Signal sends a signal; 0 only asks whether the program is there. ESRCH when it has ended.
func (p *Process) Signal(s syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return unix.ESRCH
	}
	return unix.Kill(p.Pid, s)
}

// SignalGroup sends a signal to the process group of a detached program.
func (p *Process) SignalGroup(s syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return unix.ESRCH
	}
	return unix.Kill(-p.Pid, s)
}
