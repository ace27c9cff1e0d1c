package vitals

import "testing"

func TestOwner(t *testing.T) {
	b := newBoard(t)
	member := func(number int, started int64) *Writer {
		n, err := b.Take(number)
		if err != nil {
			t.Fatal(err)
		}
		w := b.Write(n)
		w.Start(nil)
		w.p.started = started
		w.Listens(1)
		return w
	}
	high := func(key uint64, number int) uint64 { return uint64(number) }
	all := func(int, int64) bool { return true }
	zero, two, one := member(0, 10), member(2, 10), member(1, 10)
	owner := func(may func(int, int64) bool) int { return zero.Owner(7, high, may) }
	if got := owner(all); got != two.Page() {
		t.Errorf("owner is page %d", got)
	}
	if got := owner(func(page int, since int64) bool { return page != two.Page() && since == zero.Since(page) }); got != one.Page() {
		t.Errorf("without it, page %d", got)
	}
	if got := owner(func(int, int64) bool { return false }); got != -1 {
		t.Errorf("nobody is page %d", got)
	}
	// The younger of one number, wherever its page is.
	b.Free(zero.Page())
	younger := member(2, 20)
	if younger.Page() > two.Page() {
		t.Fatal("the page is not used again")
	}
	older := member(2, 5)
	if got := owner(all); got != younger.Page() {
		t.Errorf("owner is page %d of %d, %d, %d", got, younger.Page(), two.Page(), older.Page())
	}
	younger.Listens(-1)
	if got := owner(all); got != two.Page() {
		t.Errorf("the younger has left, owner is page %d", got)
	}
	b.Renumber(one.Page(), 9)
	if got := owner(all); got != one.Page() {
		t.Errorf("renumbered, owner is page %d", got)
	}
}
