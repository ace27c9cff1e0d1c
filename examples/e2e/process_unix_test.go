//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"runtime"
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

// spawn starts cmd as the leader of a new process group. The thread that starts it stays until it ends, because on
// Linux the death of that thread is what tells the kernel to end a child whose parent has gone (PR_SET_PDEATHSIG).
func spawn(cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = groupAttributes()
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
