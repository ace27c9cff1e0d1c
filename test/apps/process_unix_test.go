//go:build unix

package apps

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// A process is a started program and whatever it starts: a process group of its own.
type process struct {
	cmd *exec.Cmd
	// ended is closed when the program has ended and its output is complete; err is what Wait gave.
	ended chan struct{}
	err   error
}

// spawn starts cmd as the leader of a new process group, as the user whose credential is given (nil: the test's own).
// The thread that starts it stays until it ends, because on Linux the death of that thread is what tells the kernel to
// end a child whose parent has gone (PR_SET_PDEATHSIG).
func spawn(cmd *exec.Cmd, as *syscall.Credential) (*process, error) {
	cmd.SysProcAttr = groupAttributes()
	cmd.SysProcAttr.Credential = as
	cmd.WaitDelay = 2 * time.Second
	p := &process{cmd: cmd, ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.ended)
	}()
	return p, <-started
}

// kill ends the program and all of its group at once. Ending one that is gone is no error.
func (p *process) kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
}

// stop asks the program to end, waits and ends its group.
func (p *process) stop(sig syscall.Signal) {
	_ = p.cmd.Process.Signal(sig)
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
	}
	p.kill()
}

// runLimited runs cmd to its end, or ends its process group after limit.
func runLimited(cmd *exec.Cmd, limit time.Duration) error {
	return runAs(cmd, nil, limit)
}

func runAs(cmd *exec.Cmd, as *syscall.Credential, limit time.Duration) error {
	p, err := spawn(cmd, as)
	if err != nil {
		return err
	}
	timer := time.AfterFunc(limit, p.kill)
	<-p.ended
	if !timer.Stop() {
		return fmt.Errorf("still running after %v", limit)
	}
	return p.err
}

// unprivileged gives who servers run as: nobody when the test is root (PostgreSQL refuses to be root), else nil, the test's own user.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// lockFile holds an exclusive lock on an existing file until unlock is called.
func lockFile(path string) (unlock func(), err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
