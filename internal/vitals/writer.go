package vitals

import (
	"os"
	"sync/atomic"
	"time"
)

// Writer writes one page. Its methods belong to the thread of the loop whose page it is; all of them do nothing on a nil Writer.
// Figures that are written often are plain stores: see series.add.
type Writer struct {
	board *Board
	n     int
	s     *seat
	p     *page

	began      int64 // of the turn under way, or of the sleep
	sample     func()
	nextSample int64

	skips     int           // in a row: see Yield
	short     int           // how many of the last connections were short-lived: see shortLived
	alarm     uint64        // the last one that was heard
	others    uint64        // what the others had accepted at the last of them
	deaf      map[int]int64 // by page: who did not come, and its seat's since then
	listening int           // how many others accepted at the last look
}

// sampleInterval is how often what is looked at rather than counted is looked at, while the loop is awake.
const sampleInterval = int64(2 * time.Second)

// Write gives the writer of a page. Nothing is written before Start.
func (b *Board) Write(n int) *Writer {
	return &Writer{board: b, n: n, s: b.seat(n), p: b.page(n)}
}

// Start shows that the program is there. sample is called now and then by the loop before it sleeps: it writes what has to be looked at.
func (w *Writer) Start(sample func()) {
	if w == nil {
		return
	}
	w.sample = sample
	w.p.started = time.Now().UnixNano()
	w.p.isolates = 1
	w.began = Now()
	atomic.StoreInt64(&w.s.since, w.began)
	atomic.StoreInt64(&w.s.pid, int64(os.Getpid()))
}

// Page is the page's number on its board.
func (w *Writer) Page() int { return w.n }

// Engine is where the engine writes.
func (w *Writer) Engine() *Engine { return &w.p.engine }

// Resume begins a turn without an end of one before it. Times are Now's.
func (w *Writer) Resume(now int64) {
	if w == nil {
		return
	}
	w.began = now
	w.s.since = now
}

// Sleep ends a turn: the loop is about to wait.
func (w *Writer) Sleep(now int64, handles, inFlight int) {
	if w == nil {
		return
	}
	w.turn(now)
	w.s.since = -now
	w.p.handles, w.p.inFlight = int64(handles), int64(inFlight)
	if now >= w.nextSample && w.sample != nil {
		w.nextSample = now + sampleInterval
		w.sample()
	}
}

// Wake begins a turn after Sleep.
func (w *Writer) Wake(now int64) {
	if w == nil {
		return
	}
	slept := max(now-w.began, 0)
	w.p.idle += uint64(slept)
	w.s.slept = slept
	w.began = now
	w.s.since = now
}

// Turn ends a turn and begins the next: the loop has polled without waiting.
func (w *Writer) Turn(now int64) {
	if w == nil {
		return
	}
	w.turn(now)
	w.s.slept = 0
	w.s.since = now
}

func (w *Writer) turn(now int64) {
	took := now - w.began
	w.p.lag.add(took)
	w.s.last = took
	w.began = now
}

// SetIsolates tells how many isolates the program has.
func (w *Writer) SetIsolates(n int) {
	if w != nil {
		w.p.isolates = int64(n)
	}
}

// Opened counts a connection that a listener has accepted.
func (w *Writer) Opened() {
	if w != nil {
		atomic.AddInt64(&w.s.conns, 1)
		atomic.AddUint64(&w.s.accepted, 1)
		w.short -= w.short / 64
	}
}

// Accepted counts a connection that a listener has accepted and may hand to another program; Joined is for who serves it.
func (w *Writer) Accepted() {
	if w != nil {
		atomic.AddUint64(&w.s.accepted, 1)
	}
}

// Joined is Opened for a connection that was counted as accepted, here or by another program.
func (w *Writer) Joined() {
	if w != nil {
		atomic.AddInt64(&w.s.conns, 1)
		w.short -= w.short / 64
	}
}

// Closed takes back what Opened or Joined counted, of a connection that was open for some time.
func (w *Writer) Closed(open time.Duration) {
	if w == nil {
		return
	}
	atomic.AddInt64(&w.s.conns, -1)
	if open < shortLife {
		w.short += (1<<16 - w.short) / 16
	} else {
		w.short -= w.short / 16
	}
}

// Listens counts a listener that begins to accept (1), or has stopped (-1).
func (w *Writer) Listens(n int) {
	if w != nil {
		atomic.AddInt64(&w.s.listening, int64(n))
	}
}

// Begin counts an HTTP request that is to be answered.
func (w *Writer) Begin() {
	if w != nil {
		w.p.pending++
	}
}

// Abandon takes back what Begin counted: there will be no answer.
func (w *Writer) Abandon() {
	if w != nil {
		w.p.pending--
	}
}

// Answered ends what Begin began. status is the answer's, took counts from the arrival of the request's head.
func (w *Writer) Answered(status int, took time.Duration) {
	if w == nil {
		return
	}
	w.p.pending--
	class := status / 100
	if class < 1 || class > 5 {
		class = 0
	}
	w.p.classes[class]++
	w.p.duration.add(int64(took))
}
