package cli

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"

	"roost/internal/supervisor/control"
)

// metricsPort is where the metrics are unless something else is said.
const metricsPort = "9209"

// metrics makes the daemon serve metrics, from now on and after each of its starts: it is settings that say so. `metrics off` ends that.
func (m *manager) metrics() int {
	s, err := m.settings()
	if err != nil {
		return m.fail(err)
	}
	if len(m.args) > 0 && m.args[0] != "off" {
		return m.fail(fmt.Errorf("unknown argument '%s': metrics [off]", m.args[0]))
	}
	if len(m.args) > 0 {
		delete(s, "metrics.port")
	} else {
		if s["metrics.port"] == "" {
			s["metrics.port"] = metricsPort
		}
		for _, option := range []string{"port", "host", "token"} {
			if m.flags.has(option) {
				s["metrics."+option] = m.flags.last(option)
			}
		}
		if s["metrics.token"] == "" {
			b := make([]byte, 24)
			_, _ = rand.Read(b) // never fails
			s["metrics.token"] = base64.RawURLEncoding.EncodeToString(b)
		}
	}
	if err := m.store(s); err != nil {
		return m.fail(err)
	}
	c, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	defer c.Close()
	var at control.Metrics
	if err := c.Call(control.MethodSettings, nil, &at, nil); err != nil {
		return m.fail(err)
	}
	if at.URL == "" {
		m.say("No metrics are served")
		return 0
	}
	m.say("Metrics are at %s/metrics, for whoever sends 'Authorization: Bearer %s'; /healthz and /readyz are beside them", at.URL, s["metrics.token"])
	if !strings.HasPrefix(at.URL, "http://127.") && !strings.HasPrefix(at.URL, "http://[::1]") {
		m.warn("they can be reached from other machines, without encryption: who sees the traffic sees the token")
	}
	return 0
}

// tellSettings tells a daemon that runs of settings that are its own.
func (m *manager) tellSettings(names ...string) error {
	for _, name := range names {
		if !strings.HasPrefix(name, "metrics.") {
			continue
		}
		c, err := control.Dial(m.home)
		if err != nil {
			return nil // the next daemon reads them
		}
		defer c.Close()
		return c.Call(control.MethodSettings, nil, nil, nil)
	}
	return nil
}
