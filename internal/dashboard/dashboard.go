// Package dashboard is `roost web`: the processes, their figures with an hour of history, and their logs as a page in the browser, and buttons to act.
//
// It is a program of its own beside the daemon and a client of its socket; the page in ui/ is embedded as it is written. It keeps what the plots show
// in memory, bounded, and nothing on disk. Whoever may open the page may stop applications, so that each request needs a token (guard.go).
//
// One goroutine writes the history; handlers of package net/http read it under its lock. It imports dashboard/feed, supervisor/control and vitals.
package dashboard

import (
	"context"
	"embed"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
)

//go:embed ui
var ui embed.FS

// Options are where it listens. Host is a name or an address; Port 0 takes any. Token is what a browser must know, "" makes one.
type Options struct {
	Home  control.Home
	Host  string
	Port  int
	Token string
}

// Server serves the page.
type Server struct {
	home     control.Home
	listener net.Listener
	guard    *guard
	store    *store
	hub      *hub
	streams  chan struct{} // one for each stream of lines that is open
}

const (
	leastToken  = 16 // characters
	mostStreams = 64
)

// Listen opens the port.
func Listen(o Options) (*Server, error) {
	if o.Token == "" {
		o.Token = newToken()
	}
	if len(o.Token) < leastToken {
		return nil, errors.New("the token is too short: at least 16 characters")
	}
	l, err := net.Listen("tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)))
	if err != nil {
		return nil, err
	}
	return &Server{home: o.Home, listener: l, guard: newGuard(o.Token, o.Host, l.Addr().(*net.TCPAddr)), store: newStore(), hub: &hub{}, streams: make(chan struct{}, mostStreams)}, nil
}

// Addr is where it listens.
func (s *Server) Addr() *net.TCPAddr { return s.listener.Addr().(*net.TCPAddr) }

// IsLoopback tells whether only this machine can reach it.
func (s *Server) IsLoopback() bool { return s.Addr().IP.IsLoopback() }

// URL is the address of the page, with the token.
func (s *Server) URL() string {
	host := s.guard.host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, strconv.Itoa(s.Addr().Port)), Path: "/", RawQuery: url.Values{"token": {s.guard.token}}.Encode()}
	return u.String()
}

// ServeBlocking answers until ctx ends.
func (s *Server) ServeBlocking(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var open sync.WaitGroup
	defer open.Wait()
	open.Go(func() {
		feed.PollBlocking(ctx, s.home, feed.Detailed, func(st feed.State) {
			s.store.add(st)
			s.hub.publish(s.store.page(st))
		})
	})
	server := &http.Server{
		Handler: s.guard.wrap(s.routes()), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }, // streams end with it
	}
	open.Go(func() {
		<-ctx.Done()
		limit, stop := context.WithTimeout(context.Background(), 2*time.Second)
		defer stop()
		_ = server.Shutdown(limit)
		_ = server.Close()
	})
	if err := server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
