package metrics

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"
)

// Options of a server.
type Options struct {
	Token     string // immutable; whoever doesn't show it gets no figures
	Collector *Collector
	Ready     func() []NotReady
}

// NotReady is a process that should serve and doesn't.
type NotReady struct {
	App string `json:"app"`
	ID  int    `json:"id"`
	Why string `json:"why"`
}

// Server answers /metrics, /healthz and /readyz. The figures, and the names of what isn't ready, are for those who show the token; whether all is well
// everybody may know that reaches the address, for probes that can't send a header.
type Server struct {
	http *http.Server
}

// Serve answers on a listener, which is its own from now on.
func Serve(l net.Listener, o Options) *Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if !o.knows(r) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="roost"`)
			http.Error(w, "the token is missing: Authorization: Bearer TOKEN", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(o.Collector.Collect())
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", o.ready)
	s := &Server{&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}}
	go func() { _ = s.http.Serve(l) }()
	return s
}

// Close ends it, connections and all.
func (s *Server) Close() { _ = s.http.Close() }

// knows tells whether a request shows the token: as Authorization: Bearer, or as the password of Basic, which every scraper can.
func (o Options) knows(r *http.Request) bool {
	shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		_, shown, _ = r.BasicAuth()
	}
	a, b := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(o.Token))
	return o.Token != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

func (o Options) ready(w http.ResponseWriter, r *http.Request) {
	missing := o.Ready()
	w.Header().Set("Content-Type", "application/json")
	if len(missing) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	answer := map[string]any{"ready": len(missing) == 0}
	if len(missing) > 0 && o.knows(r) {
		answer["missing"] = missing
	}
	_ = json.NewEncoder(w).Encode(answer)
}
