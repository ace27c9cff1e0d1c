package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/logs"
)

// report prints what somebody who is to help wants to know.
func (m *manager) report() int {
	var d control.Daemon
	if err := m.call(control.MethodPing, nil, &d, nil); err != nil {
		return m.fail(err)
	}
	list, err := m.processes()
	if err != nil {
		return m.fail(err)
	}
	host, _ := os.Hostname()
	rows := [][2]string{
		{"commands of PM2", supervisorVersion}, {"API of Node.js", strings.TrimPrefix(NodeVersion, "v")}, {"program", m.program},
		{"daemon's program", d.Program}, {"daemon's pid", fmt.Sprint(d.Pid)}, {"daemon's uptime", since(time.Since(time.UnixMilli(d.Started)))},
		{"protocol", fmt.Sprintf("%d, the daemon's %d", control.Version, d.Version)}, {"state folder", string(m.home)},
		{"system", runtime.GOOS + " " + runtime.GOARCH}, {"processors", fmt.Sprint(runtime.NumCPU())}, {"host", host},
	}
	m.pairs(rows)
	fmt.Fprint(m.out, m.table(list, time.Now()))
	lines, err := logs.Tail(m.home.DaemonLog(), 20)
	if err != nil {
		return m.fail(err)
	}
	fmt.Fprintf(m.out, "%s last 20 lines:\n  %s\n", m.home.DaemonLog(), strings.Join(lines, "\n  "))
	return 0
}

// sysinfos prints figures of the machine, as JSON.
func (m *manager) sysinfos() int {
	out := map[string]any{"cpus": runtime.NumCPU(), "platform": runtime.GOOS, "arch": runtime.GOARCH}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		var a, b, c float64
		if _, err := fmt.Sscan(string(text), &a, &b, &c); err == nil {
			out["loadavg"] = []float64{a, b, c}
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for _, line := range strings.Split(string(text), "\n") {
			var name string
			var kb int64
			if _, err := fmt.Sscan(line, &name, &kb); err == nil && (name == "MemTotal:" || name == "MemAvailable:") {
				out[map[string]string{"MemTotal:": "mem_total", "MemAvailable:": "mem_available"}[name]] = kb << 10
			}
		}
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return m.fail(err)
	}
	fmt.Fprintln(m.out, string(text))
	return 0
}

// logrotate has nothing to set up.
func (m *manager) logrotate() int {
	m.say("Logs are rotated by themselves: log_max_size (10M), log_daily, log_keep (30) and log_compress say how.")
	m.say("With a logrotate of your own set log_max_size to 0 and log_daily to false, and let it call `roost reloadLogs`.")
	return 0
}

func (m *manager) examples() int {
	fmt.Fprint(m.out, `- Start an application, give it a name:
    $ roost start app.js --name api
- Start one process for each processor, and four:
    $ roost start app.js -i max
    $ roost scale api 4
- Start with arguments and environment:
    $ NODE_ENV=production roost start app.js -- --port 3000
- Start what an ecosystem file describes, one of it, another environment:
    $ roost start ecosystem.config.js
    $ roost start ecosystem.config.js --only api --env production
- Restart when files change:
    $ roost start app.js --watch src --ignore-watch node_modules
- Take up new code without a request that fails:
    $ roost reload api
- See what is there:
    $ roost list
    $ roost describe api
    $ roost logs api --lines 100
- Serve a folder:
    $ roost serve ./dist 8080 --spa
- Bring everything back when the machine starts:
    $ roost save
    $ roost startup
- In a container:
    $ roost runtime app.js
`)
	return 0
}
