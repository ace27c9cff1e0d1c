package vitals

import (
	"math/bits"
	"sync/atomic"
	"unsafe"
)

// Pages is how many programs, or isolates of a program in threads mode, a board has room for.
const Pages = 1024

// The layout of a board: a head, a seat for each page, the pages. Memory of what is not in use is never touched, so it costs nothing.
const (
	magic   = uint64(0x32545641_54534f52) // "ROSTAVT2"; another layout gets another number
	headLen = 4096
	seatsAt = headLen
	pagesAt = seatsAt + Pages*seatLen
	seatLen = 64
	pageLen = 8192
	// boardLen is a multiple of the page size of every machine.
	boardLen = (pagesAt + Pages*pageLen + 65535) &^ 65535
)

// head is the board's.
type head struct {
	magic uint64 // immutable
	used  uint64 // pages below have been given out; written by the supervisor
	alarm uint64 // how often a connection was left to nobody; written by the supervisor
}

// seat is what the programs of an application look at before they accept a connection: one cache line each.
type seat struct {
	taken     uint64 // the supervisor has given the page out, to the program with this number less one; written by the supervisor
	pid       int64  // 0: the program has not come up
	since     int64  // monotonic nanoseconds: positive, the turn under way began then; negative, the loop fell asleep then
	last      int64  // how long the last turn took, nanoseconds
	conns     int64
	accepted  uint64
	listening int64 // listeners that accept
	slept     int64 // how long the loop slept before the turn under way, nanoseconds
}

// page is what a program shows. The supervisor clears it before it gives it out.
type page struct {
	started  int64 // Unix nanoseconds
	idle     uint64
	lag      series // of the loop; its sum is the time the loop was busy
	handles  int64
	inFlight int64
	isolates int64

	classes  [6]uint64 // answers by their status' first digit; [0]: none
	pending  int64
	duration series

	engine Engine
}

// Engine is the part of a page that the engine writes, from its own callbacks: rt_vitals in rt.h is the same.
type Engine struct {
	used, total, limit, external, buffers uint64
	spaces                                [maxSpaces]space
	gc                                    [len(kinds)]series
}

// maxSpaces is more than V8 has.
const maxSpaces = 16

type space struct {
	name                  [32]byte // without its end, zeros behind it
	used, size, available uint64
}

// kinds are the kinds of collections, in their order on the page.
var kinds = [...]string{"minor", "major", "incremental", "weakcb"}

// series is a Histogram on a page.
type series struct {
	buckets  [Buckets]uint64
	sum, max uint64
}

// That everything has its room.
var (
	_ [seatLen - unsafe.Sizeof(seat{})]byte
	_ [pageLen - unsafe.Sizeof(page{})]byte
)

// add counts a duration. The owner alone calls it, and plain stores do: a word is never seen torn, and figures may come late.
func (s *series) add(nanoseconds int64) {
	d := uint64(max(nanoseconds, 0))
	s.buckets[bucketOf(d)]++
	s.sum += d
	if d > s.max {
		s.max = d
	}
}

// bounds are Bound's values, rounded down.
var bounds = func() (out [Buckets]uint64) {
	for k := range out {
		out[k] = uint64(Bound(k))
	}
	return out
}()

// startAt is, by the number of a duration's bits, the first bucket that it may be in.
var startAt = func() (out [65]uint8) {
	for n := range out {
		k := 0
		for k < Buckets-1 && n > 0 && bounds[k] < uint64(1)<<(n-1) {
			k++
		}
		out[n] = uint8(k)
	}
	return out
}()

// bucketOf is the bucket of a duration in nanoseconds.
func bucketOf(d uint64) int {
	k := int(startAt[bits.Len64(d)])
	for k < Buckets-1 && bounds[k] < d {
		k++
	}
	return k
}

// read copies a series that its owner writes meanwhile.
func (s *series) read() (h Histogram) {
	for k := range s.buckets {
		h.Buckets[k] = atomic.LoadUint64(&s.buckets[k])
	}
	h.Sum, h.Max = duration(atomic.LoadUint64(&s.sum)), duration(atomic.LoadUint64(&s.max))
	return h
}
