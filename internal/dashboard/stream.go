package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"roost/internal/dashboard/feed"
)

// Streams are server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html

const (
	writeLimit = 15 * time.Second // a browser that takes longer to read is gone
	heartbeat  = 15 * time.Second
)

type events struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func newEvents(w http.ResponseWriter) events {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	return events{w, http.NewResponseController(w)}
}

func (e events) send(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return e.raw("data: " + string(text) + "\n\n")
}

func (e events) raw(text string) error {
	_ = e.c.SetWriteDeadline(time.Now().Add(writeLimit))
	if _, err := e.w.Write([]byte(text)); err != nil {
		return err
	}
	return e.c.Flush()
}

// hub hands pages to the streams of state. One that is slow gets the newest when it can take it.
type hub struct {
	mu   sync.Mutex
	last *page // guarded by mu
	subs map[chan page]bool
}

func (h *hub) publish(p page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = &p
	for c := range h.subs {
		select {
		case <-c: // nobody took the one before
		default:
		}
		c <- p
	}
}

func (h *hub) join() (c chan page, leave func()) {
	c = make(chan page, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last != nil {
		c <- *h.last
	}
	if h.subs == nil {
		h.subs = map[chan page]bool{}
	}
	h.subs[c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs, c)
	}
}

// takeStream counts a stream, or refuses one too many.
func (s *Server) takeStream(w http.ResponseWriter) (release func(), ok bool) {
	select {
	case s.streams <- struct{}{}:
		return func() { <-s.streams }, true
	default:
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return nil, false
	}
}

func (s *Server) stateStream(w http.ResponseWriter, r *http.Request) {
	release, ok := s.takeStream(w)
	if !ok {
		return
	}
	defer release()
	c, leave := s.hub.join()
	defer leave()
	e := newEvents(w)
	if e.raw("retry: 1000\n\n") != nil {
		return
	}
	for {
		select {
		case p := <-c:
			if e.send(p) != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// --- logs -------------------------------------------------------------------------------------------------------------

const (
	logPause      = 200 * time.Millisecond // between two events
	logRoom       = 400                    // lines of one event: 2,000 a second are more than anybody reads, and a page shows them at ease
	logLineLength = 8 << 10
	logBacklog    = 1000
)

// logLine is a line as the page gets it.
type logLine struct {
	ID   int    `json:"id"`
	App  string `json:"app"`
	Err  bool   `json:"err,omitempty"`
	At   int64  `json:"at,omitempty"`
	Text string `json:"text"`
}

type logEvent struct {
	Lines []logLine `json:"lines"`
	Lost  int       `json:"lost,omitempty"`
}

// logBatch gathers lines between two events. When a browser doesn't keep up, add waits, and so does the daemon's connection; then it is the daemon
// that leaves lines out, and counts them.
type logBatch struct {
	lines chan batched
}

// batched is a line, and how many were left out before it.
type batched struct {
	logLine
	lost int
}

func newLogBatch() *logBatch { return &logBatch{make(chan batched, logRoom)} }

func (b *logBatch) add(ctx context.Context, l feed.Line) error {
	text := feed.Text(l)
	if len(text) > logLineLength {
		text = strings.ToValidUTF8(text[:logLineLength], "") + " …"
	}
	out := batched{logLine{ID: l.ID, App: l.App, Err: l.Kind == feed.Err, Text: text}, l.Lost}
	if !l.At.IsZero() {
		out.At = l.At.UnixMilli()
	}
	select {
	case b.lines <- out:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take gives what has gathered, logRoom lines at the most.
func (b *logBatch) take() (e logEvent) {
	for len(e.Lines) < logRoom {
		select {
		case l := <-b.lines:
			e.Lines = append(e.Lines, l.logLine)
			e.Lost += l.lost
		default:
			return e
		}
	}
	return e
}

func (s *Server) logStream(w http.ResponseWriter, r *http.Request) {
	target := strings.TrimPrefix(r.URL.Query().Get("of"), "app:")
	if target == "" {
		http.Error(w, "no process is named", http.StatusBadRequest)
		return
	}
	release, ok := s.takeStream(w)
	if !ok {
		return
	}
	defer release()
	e := newEvents(w)
	if e.raw("retry: 1000\n\n") != nil {
		return
	}
	b := newLogBatch()
	ctx, cancel := context.WithCancel(r.Context())
	done := make(chan struct{})
	defer func() { cancel(); <-done }()
	go func() {
		defer close(done)
		feed.FollowBlocking(ctx, s.home, target, atMost(r.URL.Query().Get("lines"), logBacklog, 200), func(l feed.Line) error {
			return b.add(ctx, l)
		})
	}()
	ticker := time.NewTicker(logPause)
	defer ticker.Stop()
	sent := time.Now()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		var err error
		if next := b.take(); len(next.Lines) > 0 {
			err, sent = e.send(next), time.Now()
		} else if time.Since(sent) > heartbeat {
			err, sent = e.raw(": still here\n\n"), time.Now()
		}
		if err != nil {
			return
		}
	}
}
