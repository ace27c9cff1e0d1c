package vitals

import "sync/atomic"

// Owner is the page of the program that a key belongs to: of those that accept connections, and that may is true for, the one with the highest
// score of key and number; -1: there is none. Of two programs with one number, as there are during a reload, the younger counts. since names the
// moment at which a program's loop last slept or woke: as long as it stays the same the loop has not moved.
//
// The memory is the programs' to write: the page is in range, the rest is what they say. The loop's thread.
func (w *Writer) Owner(key uint64, score func(key uint64, number int) uint64, may func(page int, since int64) bool) int {
	best, most, number := -1, uint64(0), 0
	for n := range w.board.used() {
		s := w.board.seat(n)
		taken := atomic.LoadUint64(&s.taken)
		if taken == 0 || atomic.LoadInt64(&s.listening) <= 0 || !may(n, atomic.LoadInt64(&s.since)) {
			continue
		}
		this := int(taken - 1)
		switch points := score(key, this); {
		case best < 0 || points > most:
			best, most, number = n, points, this
		case this == number && w.board.started(n) >= w.board.started(best):
			best = n
		}
	}
	return best
}

// started is when a page's program began, Unix nanoseconds.
func (b *Board) started(n int) int64 { return atomic.LoadInt64(&b.page(n).started) }

// Since is the moment at which a program's loop last slept or woke, as Owner has it.
func (w *Writer) Since(page int) int64 { return atomic.LoadInt64(&w.board.seat(page).since) }

// Name tells boards apart that exist at one time.
func (w *Writer) Name() uint64 { return w.board.name() }
