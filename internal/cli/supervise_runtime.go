package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/supervisor/logs"
)

// runtime stays in the foreground, for containers: a daemon of its own, the programs' lines on this process's standard output, signals that end it
// all, and the exit code of the last program that has ended by itself.
func (m *manager) runtime() int {
	if len(m.args) > 0 && m.args[0] == "start" {
		m.args = m.args[1:]
	}
	what, err := m.target()
	if err != nil {
		return m.fail(err)
	}
	apps, err := m.runtimeApps(what)
	if err != nil {
		return m.fail(err)
	}
	if os.Getenv("ROOST_HOME") == "" {
		dir, err := os.MkdirTemp("", "roost-runtime-")
		if err != nil {
			return m.fail(err)
		}
		defer os.RemoveAll(dir)
		m.home = control.Home(dir)
	}
	for k := range apps {
		apps[k] = rehome(apps[k], m.home)
	}
	return m.foreground(apps)
}

func (m *manager) runtimeApps(what string) ([]ecosystem.App, error) {
	if ecosystem.IsFile(what) {
		return m.readEcosystem(what)
	}
	app, err := m.appOf(what)
	return []ecosystem.App{app}, err
}

// rehome moves the default files of an application to a state folder that was made after it.
func rehome(a ecosystem.App, h control.Home) ecosystem.App {
	base := ecosystem.FileName(a.Name)
	a.PidFile = filepath.Join(string(h), "pids", base+".pid")
	for path, name := range map[*string]string{&a.OutFile: base + "-out.log", &a.ErrorFile: base + "-error.log"} {
		if filepath.Base(*path) == name && filepath.Base(filepath.Dir(*path)) == "logs" {
			*path = filepath.Join(string(h), "logs", name)
		}
	}
	return a
}

// stay follows the daemon until a signal ends both: --no-daemon.
func (m *manager) stay() int {
	return m.foreground(nil)
}

func (m *manager) foreground(apps []ecosystem.App) int {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	c, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	defer c.Close()
	lines, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	defer lines.Close()
	followed := make(chan struct{})
	following := make(chan struct{})
	o := followOptions{json: m.flags.has("json"), raw: m.flags.has("raw"), out: m.flags.has("out"), err: m.flags.has("err")}
	go func() {
		defer close(followed)
		first := true
		_ = lines.Call(control.MethodFollow, control.Target{Target: "all"}, nil, func(text json.RawMessage) {
			if first {
				first = false
				close(following)
				return
			}
			var l logs.Line
			if json.Unmarshal(text, &l) == nil {
				m.printLine(l, o)
			}
		})
	}()
	<-following
	code := 0
	if len(apps) > 0 {
		if err := c.Call(control.MethodStart, control.Start{Apps: apps}, nil, noteReader(m.told)); err != nil {
			fmt.Fprintf(m.err, "%s %s\n", m.paint("31", mark+"[ERROR]"), err)
			code = exitFailure
		}
	}
	if code == 0 {
		code = m.awaitPrograms(c, signals)
	}
	time.Sleep(20 * time.Millisecond) // lines on their way
	if err := c.Call(control.MethodKill, nil, nil, nil); err == nil {
		<-followed
	}
	return code
}

// awaitPrograms returns when a signal has come, or no program runs any more.
func (m *manager) awaitPrograms(c *control.Client, signals <-chan os.Signal) int {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-signals:
			return 0
		case <-ticker.C:
			var list []control.Process
			if err := c.Call(control.MethodList, nil, &list, nil); err != nil {
				return exitFailure
			}
			running := slices.ContainsFunc(list, func(p control.Process) bool { return p.Status != control.Stopped && p.Status != control.Errored })
			if !running {
				return exitCode(list)
			}
		}
	}
}

// exitCode is that of the program that failed, if one has.
func exitCode(list []control.Process) int {
	code := 0
	for _, p := range list {
		if n, ok := strings.CutPrefix(p.LastExit, "code "); ok {
			if n, err := strconv.Atoi(n); err == nil && n != 0 {
				code = n
			}
		} else if s := unix.SignalNum(p.LastExit); s != 0 {
			code = 128 + int(s)
		} else if p.Status == control.Errored {
			code = max(code, exitFailure)
		}
	}
	return code
}
