package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
)

func (m *manager) stop() int    { return m.operateAll(control.MethodStop) }
func (m *manager) restart() int { return m.operateAll(control.MethodRestart) }
func (m *manager) reload() int  { return m.operateAll(control.MethodReload) }
func (m *manager) delete() int  { return m.operateAll(control.MethodDelete) }

// verbs as PM2 names them in its messages.
var verbs = map[string]string{
	control.MethodStop: "stopProcessId", control.MethodRestart: "restartProcessId", control.MethodReload: "reloadProcessId", control.MethodDelete: "deleteProcessId",
}

func (m *manager) operateAll(method string) int {
	if _, err := m.target(); err != nil {
		return m.fail(err)
	}
	code := m.operateEach(method)
	if code == 0 && m.flags.has("attach") && method != control.MethodDelete {
		return m.follow(m.args[0], followOptions{})
	}
	return code
}

func (m *manager) operateEach(method string) int {
	code := 0
	for _, target := range m.args {
		if !ecosystem.IsFile(target) {
			code = max(code, m.operate(method, target))
			continue
		}
		// An ecosystem file: all its applications; restart and reload start those that aren't there.
		apps, err := m.readEcosystem(target)
		switch {
		case err != nil:
			return m.fail(err)
		case method == control.MethodRestart:
			code = max(code, m.startApps(apps, control.Restart))
		case method == control.MethodReload:
			code = max(code, m.startApps(apps, control.Reload))
		default:
			for _, a := range apps {
				code = max(code, m.operate(method, a.Name))
			}
		}
	}
	return code
}

func (m *manager) operate(method, target string) int {
	p := control.Target{Target: target, EnvName: m.flags.last("env")}
	p.Parallel, _ = strconv.Atoi(m.flags.last("parallel"))
	if m.flags.has("update-env") {
		p.Env = map[string]string{}
		for _, e := range os.Environ() {
			if k, v, ok := strings.Cut(e, "="); ok {
				p.Env[k] = v
			}
		}
	}
	if m.flags.has("watch") {
		on := method != control.MethodStop
		p.Watch = &on
	}
	if method == control.MethodRestart || method == control.MethodReload {
		p.Options = m.flags.options()
		delete(p.Options, "watch")
		if len(m.rest) > 0 {
			p.Options["args"] = m.rest
		}
		if !m.flags.has("update-env") {
			fmt.Fprintln(m.out, m.paint("34", "Use --update-env to update environment variables"))
		}
	}
	m.say("Applying action %s on app [%s]", verbs[method], target)
	err := m.call(method, p, nil, m.told)
	if control.IsCode(err, control.NotFound) {
		return m.fail(err)
	}
	if err != nil {
		m.list()
		return exitFailure // told has said why
	}
	return m.list()
}

func (m *manager) scale() int {
	if len(m.args) < 2 {
		return m.fail(errors.New("missing arguments: scale <name> <number>"))
	}
	n, err := strconv.Atoi(m.args[1])
	if err != nil {
		return m.fail(fmt.Errorf("'%s' is no number", m.args[1]))
	}
	relative := strings.HasPrefix(m.args[1], "+") || strings.HasPrefix(m.args[1], "-")
	m.say("Scaling application %s", m.args[0])
	if err := m.call(control.MethodScale, control.Scale{Name: m.args[0], Count: n, Relative: relative}, nil, m.told); err != nil {
		return m.fail(err)
	}
	return m.list()
}

func (m *manager) reset() int {
	target, err := m.target()
	if err != nil {
		return m.fail(err)
	}
	var list []control.Process
	if err := m.call(control.MethodReset, control.Target{Target: target}, &list, nil); err != nil {
		return m.fail(err)
	}
	for _, p := range list {
		m.say("Resetting meta for process id %d", p.ID)
	}
	return m.list()
}

func (m *manager) sendSignal() int {
	if len(m.args) < 2 {
		return m.fail(errors.New("missing arguments: sendSignal <signal> <id|name>"))
	}
	if err := m.call(control.MethodSignal, control.Signal{Signal: m.args[0], Target: m.args[1]}, nil, nil); err != nil {
		return m.fail(err)
	}
	m.say("Successfully sent signal %s to process name %s", m.args[0], m.args[1])
	return 0
}

func (m *manager) ping() int {
	if err := m.call(control.MethodPing, nil, nil, nil); err != nil {
		return m.fail(err)
	}
	fmt.Fprintln(m.out, "{ msg: 'pong' }")
	return 0
}

// kill ends the daemon and all processes. Without a daemon there is nothing to do.
func (m *manager) kill() int {
	c, err := control.Dial(m.home)
	if err != nil {
		m.warn("No daemon is running")
		return 0
	}
	defer c.Close()
	if err := c.Call(control.MethodKill, nil, nil, noteReader(m.told)); err != nil {
		return m.fail(err)
	}
	m.waitGone(c)
	m.say("All Applications Stopped")
	m.say("Daemon Stopped")
	return 0
}

// waitGone returns when the daemon has closed the connection.
func (m *manager) waitGone(c *control.Client) {
	_ = c.Call(control.MethodFollow, control.Target{Target: "\x00"}, nil, nil)
}

// update replaces the daemon by one of this program; processes run on meanwhile.
func (m *manager) update() int {
	if c, err := control.Dial(m.home); err == nil {
		err := c.Call(control.MethodLeave, nil, nil, nil)
		m.waitGone(c)
		c.Close()
		if err != nil {
			return m.fail(err)
		}
	}
	if err := m.call(control.MethodPing, nil, nil, nil); err != nil {
		return m.fail(err)
	}
	m.say("Daemon updated")
	return m.list()
}

func (m *manager) flush() int {
	target := ""
	if len(m.args) > 0 {
		target = m.args[0]
	}
	var paths []string
	if err := m.call(control.MethodFlush, control.Target{Target: target}, &paths, nil); err != nil {
		return m.fail(err)
	}
	m.say("Flushing:")
	for _, p := range paths {
		m.say("%s", p)
	}
	m.say("Logs flushed")
	return 0
}

func (m *manager) reloadLogs() int {
	m.say("Reloading all logs...")
	if err := m.call(control.MethodReopen, nil, nil, nil); err != nil {
		return m.fail(err)
	}
	m.say("All logs reloaded")
	return 0
}

func (m *manager) save() int {
	m.say("Saving current process list...")
	var n int
	if err := m.call(control.MethodSave, nil, &n, nil); err != nil {
		return m.fail(err)
	}
	if n == 0 {
		m.warn("The process list is empty: resurrect will start nothing")
	}
	m.say("Successfully saved in %s", m.home.Dump())
	return 0
}

func (m *manager) resurrect() int {
	m.say("Resurrecting")
	failed := 0
	err := m.call(control.MethodRevive, nil, nil, func(n control.Note) {
		if n.Error != "" {
			failed = exitFailure
		}
		m.told(n)
	})
	if err != nil {
		return m.fail(err)
	}
	return max(failed, m.list())
}

func (m *manager) cleardump() int {
	text, _ := json.Marshal(map[string]any{"version": 1, "apps": []any{}})
	if err := m.home.Make(); err != nil {
		return m.fail(err)
	}
	if err := os.WriteFile(m.home.Dump(), text, 0o600); err != nil {
		return m.fail(err)
	}
	m.say("Successfully created %s", m.home.Dump())
	return 0
}
