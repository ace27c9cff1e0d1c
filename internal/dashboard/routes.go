package dashboard

import (
	"encoding/json"
	"net/http"
	"strconv"

	"roost/internal/dashboard/feed"
)

// routes are what the page asks for. Who asks was checked by the guard.
func (s *Server) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		text, _ := ui.ReadFile("ui/index.html")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(text)
	})
	m.Handle("GET /ui/", http.FileServerFS(ui))
	m.HandleFunc("GET /api/state", s.stateStream)
	m.HandleFunc("GET /api/logs", s.logStream)
	m.HandleFunc("GET /api/history", func(w http.ResponseWriter, r *http.Request) {
		h, ok := s.store.history(r.URL.Query().Get("of"))
		reply(w, h, ok)
	})
	m.HandleFunc("GET /api/inside", func(w http.ResponseWriter, r *http.Request) {
		i, ok := s.store.inside(r.URL.Query().Get("of"))
		reply(w, i, ok)
	})
	m.HandleFunc("POST /api/do", s.do)
	return m
}

// reply answers null when there is nothing.
func reply(w http.ResponseWriter, v any, ok bool) {
	if !ok {
		v = nil
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// do does what a button stands for. It is answered when it is done, which a reload may take a while for.
func (s *Server) do(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "JSON is wanted", http.StatusUnsupportedMediaType)
		return
	}
	var a feed.Action
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&a); err != nil {
		http.Error(w, "this is no action: "+err.Error(), http.StatusBadRequest)
		return
	}
	text, err := feed.DoBlocking(r.Context(), s.home, a)
	out := map[string]string{"done": text}
	if err != nil {
		out = map[string]string{"error": err.Error()}
	}
	reply(w, out, true)
}

func atMost(text string, limit, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return otherwise
	}
	return min(n, limit)
}
