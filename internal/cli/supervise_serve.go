package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/supervisor/static"
	"roost/internal/sys"
)

const defaultServePort = "8080"

// serve starts an application that serves a folder: the program is this one, its options are variables as PM2 has them.
func (m *manager) serve() int {
	dir, port := ".", m.flags.last("port")
	if len(m.args) > 0 {
		dir = m.args[0]
	}
	if len(m.args) > 1 {
		port = m.args[1]
	}
	if port == "" {
		port = defaultServePort
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
		return m.fail(fmt.Errorf("'%s' is no port", port))
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return m.fail(err)
	}
	if m.flags.has("monitor") {
		m.warn("--monitor has no effect: it is of PM2 Plus")
	}
	cwd, err := os.Getwd()
	if err != nil {
		return m.fail(err)
	}
	options := m.flags.options()
	options["script"] = ecosystem.ServeScript
	if options["name"] == nil {
		options["name"] = "static-page-server-" + port
	}
	env := map[string]any{"PM2_SERVE_PATH": full, "PM2_SERVE_PORT": port}
	for flag, name := range map[string]string{"host": "PM2_SERVE_HOST", "basic-auth-username": "PM2_SERVE_BASIC_AUTH_USERNAME", "basic-auth-password": "PM2_SERVE_BASIC_AUTH_PASSWORD"} {
		if m.flags.has(flag) {
			env[name] = m.flags.last(flag)
		}
	}
	for flag, name := range map[string]string{"spa": "PM2_SERVE_SPA", "ftp": "PM2_SERVE_FTP", "basic-auth-username": "PM2_SERVE_BASIC_AUTH"} {
		if m.flags.has(flag) {
			env[name] = "true"
		}
	}
	options["env"] = env
	v, warnings, err := ecosystem.ParseApp(options)
	for _, w := range warnings {
		m.warn("%s", w)
	}
	if err != nil {
		return m.fail(err)
	}
	app, err := ecosystem.New(v, m.caller(cwd))
	if err != nil {
		return m.fail(err)
	}
	code := m.startApps([]ecosystem.App{app}, control.Refuse)
	if code == 0 {
		m.say("Serving %s on port %s", full, port)
	}
	return code
}

// runServe is the process of such an application.
func runServe() int {
	on := func(name string) bool { v := os.Getenv(name); return v != "" && v != "false" && v != "0" }
	or := func(name, otherwise string) string {
		if v := os.Getenv(name); v != "" {
			return v
		}
		return otherwise
	}
	o := static.Options{Dir: or("PM2_SERVE_PATH", "."), SPA: on("PM2_SERVE_SPA"), Homepage: os.Getenv("PM2_SERVE_HOMEPAGE"), Listing: on("PM2_SERVE_FTP"),
		User: os.Getenv("PM2_SERVE_BASIC_AUTH_USERNAME"), Password: os.Getenv("PM2_SERVE_BASIC_AUTH_PASSWORD")}
	if on("PM2_SERVE_BASIC_AUTH") && (o.User == "" || o.Password == "") {
		fmt.Fprintln(os.Stderr, "PM2_SERVE_BASIC_AUTH needs PM2_SERVE_BASIC_AUTH_USERNAME and PM2_SERVE_BASIC_AUTH_PASSWORD")
		return exitFailure
	}
	if v := os.Getenv("PM2_SERVE_BASIC_AUTH"); v == "false" {
		o.User, o.Password = "", ""
	}
	s, err := static.New(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, static.Explain(err, o.Dir))
		return exitFailure
	}
	defer s.Close()
	l, err := net.Listen("tcp", net.JoinHostPort(or("PM2_SERVE_HOST", "0.0.0.0"), or("PM2_SERVE_PORT", or("PORT", defaultServePort))))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFailure
	}
	fmt.Printf("Exposing %s directory on %s\n", o.Dir, l.Addr())
	debug.FreeOSMemory()
	sys.DropText()
	return serveBlocking(l, s)
}

// serveBlocking serves until it is told to end, and then finishes what it has begun.
func serveBlocking(l net.Listener, handler http.Handler) int {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 20 * time.Second, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 32 << 10}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		if !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(os.Stderr, strings.TrimSpace(err.Error()))
			return exitFailure
		}
	case <-signals:
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
	}
	return 0
}
