package dashboard

import (
	"context"
	"encoding/json"
	"errors"
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
	logPause      = 100 * time.Millisecond // between two events
	logRoom       = 2000                   // lines that wait for one browser
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

// logBatch gathers lines between two events. When there are more than a browser can take the oldest are left out, and counted.
type logBatch struct {
	mu   sync.Mutex
	next logEvent // guarded by mu
}

func (b *logBatch) add(l feed.Line) {
	text := feed.Text(l)
	if len(text) > logLineLength {
		text = strings.ToValidUTF8(text[:logLineLength], "") + " …"
	}
	out := logLine{ID: l.ID, App: l.App, Err: l.Kind == feed.Err, Text: text}
	if !l.At.IsZero() {
		out.At = l.At.UnixMilli()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next.Lost += l.Lost
	if len(b.next.Lines) == logRoom {
		b.next.Lost += logRoom / 2
		b.next.Lines = append(b.next.Lines[:0], b.next.Lines[logRoom/2:]...)
	}
	b.next.Lines = append(b.next.Lines, out)
}

func (b *logBatch) take() logEvent {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.next
	b.next = logEvent{}
	return out
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
	b := &logBatch{}
	ctx, cancel := context.WithCancel(r.Context())
	done := make(chan struct{})
	defer func() { cancel(); <-done }()
	go func() {
		defer close(done)
		feed.FollowBlocking(ctx, s.home, target, atMost(r.URL.Query().Get("lines"), logBacklog, 200), func(l feed.Line) error {
			if ctx.Err() != nil {
				return errors.New("the browser left")
			}
			b.add(l)
			return nil
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
		if next := b.take(); len(next.Lines) > 0 || next.Lost > 0 {
			err, sent = e.send(next), time.Now()
		} else if time.Since(sent) > heartbeat {
			err, sent = e.raw(": still here\n\n"), time.Now()
		}
		if err != nil {
			return
		}
	}
}
