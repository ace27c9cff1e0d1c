package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"roost/internal/dashboard"
)

// webPort is the port of `pm2 web`.
const webPort = 9615

// web serves the dashboard until it is interrupted.
func (m *manager) web() int {
	o := dashboard.Options{Home: m.home, Host: "127.0.0.1", Port: webPort, Token: os.Getenv("ROOST_WEB_TOKEN")}
	if m.flags.has("host") {
		o.Host = m.flags.last("host")
	}
	if m.flags.has("token") {
		o.Token = m.flags.last("token")
	}
	if m.flags.has("port") {
		var err error
		if o.Port, err = strconv.Atoi(m.flags.last("port")); err != nil || o.Port < 0 || o.Port > 65535 {
			return m.fail(fmt.Errorf("option '--port' must be a port, not '%s'", m.flags.last("port")))
		}
	}
	c, err := m.connect()
	if err != nil {
		return m.fail(err)
	}
	c.Close()
	s, err := dashboard.Listen(o)
	if errors.Is(err, syscall.EADDRINUSE) {
		return m.fail(fmt.Errorf("port %d is taken: choose another with --port", o.Port))
	}
	if err != nil {
		return m.fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m.say("The dashboard is at %s", s.URL())
	if !s.IsLoopback() {
		m.warn("it can be reached from other machines, without encryption: who sees the traffic sees the token. A tunnel (`ssh -L`) is safer")
	}
	if err := s.ServeBlocking(ctx); err != nil {
		return m.fail(err)
	}
	return 0
}
