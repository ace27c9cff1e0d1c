package supervisor

import (
	"slices"
	"sync"

	"roost/internal/vitals"
)

// boards are where the workers of one application show how they fare. There is one, but for an application whose workers are of different
// daemons that could not find each other's. Any goroutine may call it.
type boards struct {
	mu  sync.Mutex // held while a board is read: nobody unmaps it then
	all []*board   // guarded by mu; new workers get pages of the last one
}

// board lives as long as a worker has pages of it.
type board struct {
	*vitals.Board
	of    *boards      // immutable
	taken map[int]bool // guarded by of.mu: pages of workers
}

// takePage gives a page for a worker that is to be started, by its number in the application; no board where there can be none.
func (s *boards) takePage(number int) (*board, []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		made, err := vitals.New()
		if err != nil {
			return nil, nil
		}
		s.all = append(s.all, &board{made, s, map[int]bool{}})
	}
	b := s.all[len(s.all)-1]
	page, err := b.Take(number)
	if err != nil {
		b.free(nil)
		return nil, nil
	}
	b.taken[page] = true
	return b, []int{page}
}

// takeFrom gives a page of one board; none when it is full or gone.
func (s *boards) takeFrom(b *board, number int) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b == nil || !slices.Contains(s.all, b) {
		return nil
	}
	page, err := b.Take(number)
	if err != nil {
		return nil
	}
	b.taken[page] = true
	return []int{page}
}

// adopt finds the board of a worker of the daemon before.
func (s *boards) adopt(pid int, p pages) *board {
	found, err := vitals.Find(pid, p.Memory, p.Bell)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var b *board
	for _, known := range s.all {
		if known.Same(found) {
			found.Close()
			b = known
		}
	}
	if b == nil {
		b = &board{found, s, map[int]bool{}}
		s.all = append(s.all, b)
	}
	for _, n := range p.Numbers {
		b.taken[n] = true
	}
	return b
}

// adopted frees the pages of workers that are gone.
func (s *boards) adopted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.all {
		b.Keep(b.taken)
	}
}

// free is called with mu held.
func (b *board) free(numbers []int) {
	for _, n := range numbers {
		b.Free(n)
		delete(b.taken, n)
	}
	if len(b.taken) > 0 {
		return
	}
	for k, known := range b.of.all {
		if known == b {
			b.of.all = append(b.of.all[:k], b.of.all[k+1:]...)
			b.Close()
			return
		}
	}
}

// freePages gives a worker's pages back. It has ended, or was never started.
func (w *worker) freePages() {
	if w.board == nil {
		return
	}
	s := w.board.of
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.Page != nil && w.board.taken[w.Page.Numbers[0]] {
		w.board.Alarm() // it may have been woken for a connection that it has not accepted any more
		w.board.free(w.Page.Numbers)
	}
}

// alarm wakes everybody.
func (s *boards) alarm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.all {
		b.Alarm()
	}
}

// vitals reads a worker's pages; those of isolates that have not come up are left out.
func (w *worker) vitals() []vitals.Snapshot {
	if w.board == nil {
		return nil
	}
	s := w.board.of
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []vitals.Snapshot
	for _, n := range w.Page.Numbers {
		if !w.board.taken[n] {
			break // freed, and perhaps somebody else's
		}
		if v, ok := w.board.Read(n); ok {
			out = append(out, v)
		}
	}
	return out
}
