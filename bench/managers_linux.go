package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A manager is a process manager with a state folder of its own: Roost's, or PM2 on Node. One goroutine uses it.
type manager struct {
	command []string // its words before a command's
	home    string
	env     []string
	pidFile string // of its daemon
}

// A fleet is what is compared: a manager, how it runs the application, and in how many instances.
type fleet struct {
	label   string
	program program // that the manager is of, or that it runs on
	pm2     string  // path of PM2's script; empty: Roost
	args    []string
	problem string
}

// fleets are Roost and PM2 with a number of instances. modes are Roost's.
func fleets(ctx context.Context, o options, programs []program, instances string, modes ...string) []fleet {
	var out []fleet
	for _, p := range programs {
		switch p.name {
		case "roost":
			for _, mode := range modes {
				f := fleet{label: p.label + ", " + mode, program: p, args: []string{"-i", instances}, problem: p.problem}
				switch mode {
				case "threads":
					f.args = append(f.args, "--threads")
				case "alone":
					f.args = nil
				}
				out = append(out, f)
			}
		case "node":
			f := fleet{label: "pm2 on " + p.label, program: p, args: []string{"-i", instances}, problem: p.problem}
			if f.problem == "" {
				f.pm2, f.problem = findPM2(ctx, o)
			}
			out = append(out, f)
		}
	}
	return out
}

// findPM2 gives the path of PM2's script; npm installs it into bench/out unless -peer pm2= names another.
func findPM2(ctx context.Context, o options) (path, problem string) {
	if path, given := o.peers["pm2"]; given {
		if path == "" {
			return "", "left out"
		}
		return path, ""
	}
	dir := filepath.Join(o.root, "bench", "out")
	path = filepath.Join(dir, "node_modules", "pm2", "bin", "pm2")
	if _, err := os.Stat(path); err == nil {
		return path, ""
	}
	fmt.Println("installing pm2@7 into bench/out")
	if err := installPeers(ctx, dir, []string{"pm2@7"}); err != nil {
		return "", "not installed: " + err.Error()
	}
	return path, ""
}

// manager makes an empty state folder with a daemon.
func (f fleet) manager(ctx context.Context, port string) (*manager, error) {
	home, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	m := &manager{home: home, env: append(os.Environ(), "PORT="+port, "NO_COLOR=1")}
	if f.pm2 == "" {
		m.command, m.pidFile = []string{f.program.path}, "daemon.pid"
		m.env = append(m.env, "ROOST_HOME="+home)
	} else {
		m.command, m.pidFile = []string{f.program.path, f.pm2}, "pm2.pid"
		m.env = append(m.env, "PM2_HOME="+home)
	}
	// PM2 starts its daemon with any command, Roost with those that need it.
	if err = m.run(ctx, "", "ping"); err == nil && f.pm2 == "" {
		err = m.run(ctx, "/", "start", "bin/sleep", "--interpreter", "none", "--name", "first", "--", "1000")
		if err == nil {
			err = m.run(ctx, "", "delete", "first")
		}
	}
	if err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// run runs a command of the manager and waits for its end.
func (m *manager) run(ctx context.Context, dir string, args ...string) error {
	var out bytes.Buffer
	words := append(append([]string(nil), m.command...), args...)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, m.env, &out, &out
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, reason(out.String()))
	}
	return nil
}

// start starts the application and gives the time to its first answer.
func (m *manager) start(ctx context.Context, f fleet, dir, addr string) (time.Duration, error) {
	began := time.Now()
	failed := make(chan error, 1)
	go func() {
		failed <- m.run(ctx, dir, append([]string{"start", nestEntry(f.program), "--name", "app"}, f.args...)...)
	}()
	for !answers("http", addr) {
		if time.Since(began) > time.Minute || ctx.Err() != nil {
			return 0, errors.New("no answer")
		}
		time.Sleep(time.Millisecond)
	}
	took := time.Since(began)
	return took, <-failed
}

// daemon is the pid of the manager's daemon.
func (m *manager) daemon() int {
	text, _ := os.ReadFile(filepath.Join(m.home, m.pidFile))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

// all are the daemon and what runs below it.
func (m *manager) all() []int {
	if pid := m.daemon(); pid != 0 {
		return tree(pid)
	}
	return nil
}

// workers are the processes of the application.
func (m *manager) workers() (out []int) {
	for _, pid := range m.all() {
		if pid != m.daemon() {
			out = append(out, pid)
		}
	}
	return out
}

// close ends everything.
func (m *manager) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	pids := m.all()
	_ = m.run(ctx, "", "kill")
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL) // gone already is as good
	}
	_ = os.RemoveAll(m.home)
}
