package control

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// startLimit is how long a daemon may take to answer after it was started.
const startLimit = 15 * time.Second

// EnsureBlocking connects to the daemon and starts it when there is none: program with args, in a session of its own, with the state folder as its
// working directory. The daemon tells over descriptor 3 that it listens, or why not. started says that it was not there.
func EnsureBlocking(h Home, program string, args []string) (c *Client, started bool, err error) {
	c, started, err = ensure(h, program, args)
	if err == nil {
		c.next = func() (net.Conn, error) {
			next, _, err := ensure(h, program, args)
			if err != nil {
				return nil, err
			}
			return next.conn, nil
		}
	}
	return c, started, err
}

func ensure(h Home, program string, args []string) (c *Client, started bool, err error) {
	if c, err := Dial(h); err == nil {
		return c, false, nil
	}
	if err := h.Make(); err != nil {
		return nil, false, err
	}
	if err := launch(h, program, args); err != nil {
		return nil, false, err
	}
	for end := time.Now().Add(startLimit); ; time.Sleep(5 * time.Millisecond) {
		if c, err = Dial(h); err == nil || time.Now().After(end) {
			return c, true, err
		}
	}
}

func launch(h Home, program string, args []string) error {
	log, err := os.OpenFile(h.DaemonLog(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	cmd := exec.Command(program, args...)
	cmd.Dir = string(h)
	cmd.Env = append(os.Environ(), "ROOST_HOME="+string(h))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{w}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		return fmt.Errorf("the daemon can't be started: %w", err)
	}
	_ = r.SetReadDeadline(time.Now().Add(startLimit))
	told, _ := io.ReadAll(r)
	if text := strings.TrimSpace(string(told)); text != "ok" {
		_ = cmd.Wait()
		if text == "" {
			text = "it said nothing; see " + h.DaemonLog()
		}
		return errors.New("the daemon can't be started: " + text)
	}
	return cmd.Process.Release()
}
