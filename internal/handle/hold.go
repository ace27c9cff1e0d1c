package handle

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"roost/internal/sys"
)

// Small writes that a batch of events causes are held, and sent one after another when all events are dispatched: the readers of a machine
// are woken once a batch then and not once a write, and this thread isn't taken off its processor by each of them. What is written for the
// only event isn't held, nor for the last one unless one call sends all. See docs/rationale.md, "Why are writes held until the batch of events ends?".
//
// The sender counts as having written, as for what the kernel holds: that the peer is gone is told by the next read or write.

const (
	// maxHeld is how many bytes of one stream are held.
	maxHeld = 16 << 10
	// ringFrom is from how many streams on one call sends for all of them.
	ringFrom = 4
	// maxHolding is how many streams hold; the next one makes all of them send, so that the first needn't wait for a batch of hundreds.
	maxHolding = 64
	// watchSoonest is how often a watchman looks while batches take long, or hold nothing. A callback that doesn't come back keeps held writes
	// for at most twice that time.
	watchSoonest = 4 * time.Millisecond
	// watchLatest is how often he looks when batches have been short, since each look takes a thread from its sleep.
	watchLatest = 16 * time.Millisecond
	// shortBatches is how many batches a look finds ended for the next look to be later.
	shortBatches = 4
	// watchIdle is after how many looks without a held write the watchman leaves.
	watchIdle = 64
)

// holder is the streams of a reactor that hold writes. The loop thread alone changes it; under mu, since the watchman looks and sends, too.
type holder struct {
	mu      sync.Mutex
	streams []*Stream // in the order of their first write; nil for one that has sent since
	batches uint64    // that have ended

	ring     *sys.SendRing // nil: none yet. Loop thread only, as are the next two
	ringless bool          // the system has none, or the user wants none
	ringed   []*Stream     // whose sends the ring has

	outbox   Outbox                 // nil: there is none; set once by the loop thread, under mu
	admitted *Stream                // to which JavaScript may write by the outbox; loop thread only
	current  atomic.Pointer[Stream] // the one that was admitted last
	watched  atomic.Bool            // there is a watchman
}

// add makes s one that holds. h.mu is held.
func (h *holder) add(s *Stream) {
	if !s.held {
		s.held, s.heldAt = true, len(h.streams)
		h.streams = append(h.streams, s)
	}
}

// watchOver sees to it that there is a watchman.
func (h *holder) watchOver() {
	if !h.watched.Load() {
		h.watched.Store(true)
		go h.watch()
	}
}

// Prompt makes the stream hold nothing from now on: its owner gathers what a turn writes by itself.
func (s *Stream) Prompt() {
	s.Release()
	s.prompt = true
}

// holds tells whether a stream that has nothing queued should hold n bytes.
func (s *Stream) holds(n int) bool {
	return n <= maxHeld && s.canHold() && s.r.waits()
}

// waits tells whether small writes wait now: for more events of the batch, or for the call that sends what they have caused.
func (r *Reactor) waits() bool {
	return r.Loop.Batched() || len(r.holder.streams) >= ringFrom-1 && r.holder.hasRing()
}

// canHold tells whether it may hold anything.
func (s *Stream) canHold() bool {
	return !s.prompt && s.connected && s.writeErr == 0 && !s.plain && s.BytesRead > 0
}

// hold keeps the bytes until the batch ends.
func (s *Stream) hold(bufs [][]byte, n int) {
	h := &s.r.holder
	h.mu.Lock()
	for _, b := range bufs {
		s.out = append(s.out, b...)
	}
	h.add(s)
	h.mu.Unlock()
	s.BytesWritten += uint64(n)
	s.LastActive = s.r.Loop.Now()
	h.watchOver()
	if len(h.streams) >= maxHolding {
		h.release()
	}
}

// sendHeld gives the kernel what is held; the stream keeps what it doesn't take. h.mu is held.
func (s *Stream) sendHeld() {
	for s.outAt < len(s.out) && s.heldErr == 0 {
		n, errno := s.send(s.out[s.outAt:])
		if errno == syscall.EAGAIN {
			return
		}
		s.heldErr = errno
		s.outAt += n
	}
}

// hasRing tells whether there is a ring, which the first call makes. UV_USE_IO_URING=0 forbids it, as it does for Node.
// https://nodejs.org/docs/latest-v24.x/api/cli.html#uv_use_io_uringvalue
func (h *holder) hasRing() bool {
	if h.ring == nil && !h.ringless {
		if os.Getenv("UV_USE_IO_URING") != "0" {
			h.ring, _ = sys.NewSendRing(maxHolding) // whatever keeps it from us, sends go one by one then
		}
		h.ringless = h.ring == nil
	}
	return h.ring != nil
}

// sendByRing gives the kernel with one call what the streams hold, or the most of it. h.mu is held.
func (h *holder) sendByRing() {
	for _, s := range h.streams {
		if s != nil && s.outAt < len(s.out) && s.heldErr == 0 && !h.ring.Full() {
			h.ring.Add(s.fd, s.out[s.outAt:])
			h.ringed = append(h.ringed, s)
		}
	}
	err := h.ring.Send(func(i, n int, errno syscall.Errno) {
		s := h.ringed[i]
		s.outAt += n
		if errno != syscall.EAGAIN {
			s.heldErr = errno
		}
	})
	clear(h.ringed)
	h.ringed = h.ringed[:0]
	if err != nil {
		h.close()
		h.ringless = true
	}
}

// close gives back what the system has given.
func (h *holder) close() {
	if h.ring != nil {
		h.ring.Close()
		h.ring = nil
	}
}

// release sends what the streams hold.
func (h *holder) release() {
	if h.admitted != nil { // an event ends the process
		h.gather()
	}
	if len(h.streams) == 0 {
		return
	}
	h.mu.Lock()
	if len(h.streams) >= ringFrom && h.hasRing() {
		h.sendByRing()
	}
	for i, s := range h.streams {
		h.streams[i] = nil
		if s != nil {
			s.sendHeld()
			s.settleHeld()
		}
	}
	h.streams = h.streams[:0]
	h.batches++
	h.mu.Unlock()
}

// settleHeld makes the stream one that holds nothing; what the kernel didn't take is queued. It never runs user code. h.mu is held.
func (s *Stream) settleHeld() {
	s.held = false
	if s.outAt == len(s.out) {
		s.out, s.outAt = s.out[:0], 0
		return
	}
	s.BytesWritten -= uint64(len(s.out) - s.outAt)
	if s.heldErr != 0 {
		s.writeErr = s.heldErr
		s.out, s.outAt = nil, 0
		if s.heldErr != syscall.EPIPE { // the send has taken away the error that a read would have found
			s.r.Loop.Pending(s.heldFailed)
		}
	}
	s.update()
}

// Release sends at once what the stream holds: for who reads or passes on its descriptor.
func (s *Stream) Release() {
	s.Dismiss()
	if !s.held {
		return
	}
	h := &s.r.holder
	h.mu.Lock()
	h.streams[s.heldAt] = nil
	s.sendHeld()
	s.settleHeld()
	h.mu.Unlock()
}

// heldFailed tells who reads, or waits for the end, what the read would have told.
func (s *Stream) heldFailed() {
	if !s.closing && !s.eof && (s.reading || s.watching) {
		s.readFailed(s.heldErr)
	}
}

// watch sends what is held for too long, since a callback doesn't come back. Its own goroutine.
func (h *holder) watch() {
	var seen uint64
	idle, pause := 0, watchSoonest
	for {
		time.Sleep(pause)
		if !h.mu.TryLock() { // they are being sent
			continue
		}
		if h.outbox != nil && h.outbox.Waits() { // in this order: what waits belongs to the current one, which stays that while h.mu is held
			h.absorb(h.current.Load())
		}
		switch ended := h.batches - seen; {
		case ended != 0:
			seen, idle = h.batches, 0
			if ended >= shortBatches {
				pause = min(2*pause, watchLatest)
			} else {
				pause = watchSoonest
			}
		case len(h.streams) > 0:
			pause = watchSoonest
			for _, s := range h.streams {
				if s != nil {
					s.sendHeld()
				}
			}
		default:
			if idle++; idle == watchIdle {
				h.watched.Store(false)
				h.mu.Unlock()
				return
			}
		}
		h.mu.Unlock()
	}
}
