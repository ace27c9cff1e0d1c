package supervisor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/metrics"
	"roost/internal/vitals"
)

// exporter serves the metrics, when that is asked for.
type exporter struct {
	mu      sync.Mutex
	server  *metrics.Server // guarded by mu; nil: off
	serving [3]string       // guarded by mu: host, port and token of server
	url     string          // guarded by mu
}

// Settings of the metrics, as `roost set` keeps them.
const (
	settingPort  = "metrics.port" // none: off
	settingHost  = "metrics.host"
	settingToken = "metrics.token"
)

// applySettings serves the metrics where the settings say, or ends that.
func (d *Daemon) applySettings() (control.Metrics, error) {
	s := map[string]string{}
	text, err := os.ReadFile(d.home.Settings())
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return control.Metrics{}, fmt.Errorf("%s: %w", d.home.Settings(), err)
	}
	e := &d.exporter
	e.mu.Lock()
	defer e.mu.Unlock()
	want := [3]string{s[settingHost], s[settingPort], s[settingToken]}
	if want[0] == "" {
		want[0] = "127.0.0.1"
	}
	if e.server != nil && want == e.serving {
		return control.Metrics{URL: e.url}, nil
	}
	if e.server != nil {
		e.server.Close()
		e.server, e.url = nil, ""
	}
	if want[1] == "" {
		return control.Metrics{}, nil
	}
	return d.serveMetrics(want)
}

// serveMetrics is called with exporter.mu held.
func (d *Daemon) serveMetrics(want [3]string) (control.Metrics, error) {
	port, err := strconv.Atoi(want[1])
	if err != nil || port < 0 || port > 65535 {
		return control.Metrics{}, fmt.Errorf("setting '%s' must be a port, not '%s'", settingPort, want[1])
	}
	if want[2] == "" {
		return control.Metrics{}, fmt.Errorf("setting '%s' is missing: metrics are for those who know it", settingToken)
	}
	l, err := net.Listen("tcp", net.JoinHostPort(want[0], want[1]))
	if err != nil {
		return control.Metrics{}, err
	}
	e := &d.exporter
	e.server = metrics.Serve(l, metrics.Options{Token: want[2], Collector: metrics.NewCollector(d.node, d.programs), Ready: d.notReady})
	e.serving, e.url = want, "http://"+l.Addr().String()
	d.log("Metrics are served at %s", e.url)
	return control.Metrics{URL: e.url}, nil
}

// programs is what the metrics tell of.
func (d *Daemon) programs() []metrics.Program {
	var out []metrics.Program
	for _, i := range d.all() {
		v := i.view.Load()
		if v.Status == "" {
			continue
		}
		p := metrics.Program{App: v.Name, Namespace: v.Namespace, Mode: v.Mode, Version: v.Version, ID: v.ID, Pid: v.Pid, Online: v.Status == control.Online,
			Restarts: v.Restarts}
		if w := i.shown.Load(); w != nil {
			p.Isolates = w.vitals()
			if len(p.Isolates) > 0 {
				w.measure(&p.Isolates[0])
			}
		}
		out = append(out, p)
	}
	return out
}

// notReady are the processes that should serve and don't. A program that has never listened is none that serves, once its listen_timeout is over.
func (d *Daemon) notReady() []metrics.NotReady {
	out := []metrics.NotReady{}
	for _, i := range d.all() {
		v := i.view.Load()
		why := ""
		switch v.Status {
		case "", control.Stopped:
		case control.Online:
			starting := time.Since(time.UnixMilli(v.Started)) < time.Duration(v.App.ListenTimeout)*time.Millisecond
			if w := i.shown.Load(); w != nil && w.board != nil && (starting || i.served.Load()) && !listens(w.vitals()) {
				why = "not listening"
			}
		default:
			why = v.Status
		}
		if why != "" {
			out = append(out, metrics.NotReady{App: v.Name, ID: v.ID, Why: why})
		}
	}
	return out
}

func listens(pages []vitals.Snapshot) bool {
	for _, s := range pages {
		if s.Listening {
			return true
		}
	}
	return false
}
