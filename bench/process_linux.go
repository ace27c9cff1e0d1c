package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clockTick is the unit of the times in /proc/PID/stat: the kernel's USER_HZ, 100 on every Linux that Go supports.
const clockTick = 10 * time.Millisecond

// A child is a started program with its process group. Its methods may be called by one goroutine.
type child struct {
	cmd    *exec.Cmd
	output bytes.Buffer // complete once ended is closed
	ended  chan struct{}
	err    error // immutable once ended is closed
}

// spawn starts args in dir. The thread that starts it stays until it ends, for the kernel kills the child when that
// thread dies (PR_SET_PDEATHSIG): nothing is left running whichever way bench ends.
func spawn(dir string, env []string, args ...string) (*child, error) {
	c := &child{cmd: exec.Command(args[0], args[1:]...), ended: make(chan struct{})}
	c.cmd.Dir = dir
	c.cmd.Env = append(os.Environ(), env...)
	c.cmd.Stdout, c.cmd.Stderr = &c.output, &c.output
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	c.cmd.WaitDelay = time.Second
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			c.err = c.cmd.Wait()
			close(c.ended)
		}
	}()
	return c, <-started
}

// stop ends the program, all that it started, and waits for it.
func (c *child) stop() {
	_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL) // gone already is as good
	<-c.ended
}

// firstAnswer waits until the server at addr answers GET / with 200 and gives how long that took since began.
func (c *child) firstAnswer(ctx context.Context, scheme, addr string, began time.Time) (time.Duration, error) {
	const limit = 60 * time.Second
	for time.Since(began) < limit {
		if answers(scheme, addr) {
			return time.Since(began), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-c.ended:
			return 0, fmt.Errorf("it ended: %v: %s", c.err, reason(c.output.String()))
		case <-time.After(time.Millisecond):
		}
	}
	return 0, fmt.Errorf("no answer within %v", limit)
}

// answers tells whether GET / at addr is answered with 200.
func answers(scheme, addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, 2*time.Second)
	if err != nil {
		return false
	}
	if scheme == "https" { // with a certificate that was made for this
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		return false
	}
	if _, err := fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", addr); err != nil {
		return false
	}
	status := make([]byte, len("HTTP/1.1 200"))
	n, _ := conn.Read(status)
	return string(status[:n]) == "HTTP/1.1 200"
}

// reason picks the line of a program's output that says why it failed: the first that speaks of an error, or else the last.
func reason(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for _, line := range lines {
		if strings.Contains(strings.ToLower(line), "error") {
			return strings.TrimSpace(line)
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}

// tree gives the ids of a process and of all that descend from it.
func tree(pid int) []int {
	pids := []int{pid}
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // that thread has just ended
		}
		for field := range strings.FieldsSeq(string(text)) {
			if id, err := strconv.Atoi(field); err == nil {
				pids = append(pids, tree(id)...)
			}
		}
	}
	return pids
}

// cpu gives the processor time that the program and its descendants have used.
func (c *child) cpu() (time.Duration, error) { return cpuOf(tree(c.cmd.Process.Pid)) }

// cpuOf gives the processor time that processes have used.
func cpuOf(pids []int) (time.Duration, error) {
	var ticks int
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if errors.Is(err, os.ErrNotExist) {
			continue
		} else if err != nil {
			return 0, err
		}
		// The name in parentheses may hold anything; what follows it starts with field 3 of proc(5), utime is 14.
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		for _, field := range fields[11:13] {
			n, err := strconv.Atoi(field)
			if err != nil {
				return 0, fmt.Errorf("/proc/%d/stat: %w", pid, err)
			}
			ticks += n
		}
	}
	return time.Duration(ticks) * clockTick, nil
}

// memory gives the proportional resident memory of the program and its descendants, in bytes.
func (c *child) memory() (int, error) { return memoryOf(tree(c.cmd.Process.Pid)) }

// memoryOf gives the proportional resident memory of processes, in bytes.
func memoryOf(pids []int) (int, error) {
	var total int
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(string(text)) {
			if value, ok := strings.CutPrefix(line, "Pss:"); ok {
				kb, err := strconv.Atoi(strings.Fields(value)[0])
				if err != nil {
					return 0, err
				}
				total += kb << 10
			}
		}
	}
	return total, nil
}

// freeAddress gives an address on which nobody listened a moment ago.
func freeAddress() (addr, port string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	defer l.Close()
	_, port, err = net.SplitHostPort(l.Addr().String())
	return l.Addr().String(), port, err
}
