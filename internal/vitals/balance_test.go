package vitals

import (
	"testing"
	"time"
)

// crowd makes writers of programs that listen and sleep, with so many connections each. They are all this process.
func crowd(t *testing.T, conns ...int64) []*Writer {
	b := newBoard(t)
	var out []*Writer
	for _, n := range conns {
		page, err := b.Take(0)
		if err != nil {
			t.Fatal(err)
		}
		w := b.Write(page)
		w.Start(nil)
		w.Listens(1)
		w.s.conns = n
		w.s.since = -Now() + int64(time.Hour)
		out = append(out, w)
	}
	return out
}

func TestWhoAccepts(t *testing.T) {
	blocked := func(w *Writer) { w.s.since = Now() - int64(time.Second) }
	for _, c := range []struct {
		name   string
		conns  []int64
		change func(all []*Writer)
		want   []bool
	}{
		{"alone", []int64{1000}, nil, []bool{true}},
		{"nobody has any", []int64{0, 0, 0}, nil, []bool{true, true, true}},
		{"one has more", []int64{9, 1, 1, 1}, nil, []bool{false, true, true, true}},
		{"about the mean", []int64{101, 100, 100, 99}, nil, []bool{true, true, true, true}},
		{"the one with fewer is blocked", []int64{9, 0}, func(all []*Writer) { blocked(all[1]) }, []bool{true, false}},
		{"blocked, and alone", []int64{9}, func(all []*Writer) { blocked(all[0]) }, []bool{true}},
		{"all are blocked", []int64{9, 0}, func(all []*Writer) { blocked(all[0]); blocked(all[1]) }, []bool{true, true}},
		{"the one with fewer drains", []int64{9, 0}, func(all []*Writer) { all[1].Listens(-1) }, []bool{true, true}},
		{"the one with fewer is dead", []int64{9, 0}, func(all []*Writer) { all[1].s.pid = 1<<22 + 1 }, []bool{true, true}},
		{"the one with fewer was taken away", []int64{9, 0}, func(all []*Writer) { all[0].board.Free(all[1].n) }, []bool{true, true}},
		{"it was late and has hardly slept", []int64{0, 0}, func(all []*Writer) {
			all[0].s.last, all[0].s.since, all[0].s.slept = int64(time.Second), Now(), int64(time.Millisecond)
		}, []bool{false, true}},
		{"it was late once", []int64{0, 0}, func(all []*Writer) {
			all[0].s.last, all[0].s.since, all[0].s.slept = int64(time.Second), Now(), int64(time.Minute)
		}, []bool{true, true}},
	} {
		all := crowd(t, c.conns...)
		if c.change != nil {
			c.change(all)
		}
		for k, w := range all {
			if got := w.Heed(); got != c.want[k] {
				t.Errorf("%s: program %d accepts: %v", c.name, k, got)
			}
		}
	}
}

// Who leaves a connection to others looks again, and takes it when they don't; then it doesn't wait for them any more, until they move.
func TestYield(t *testing.T) {
	all := crowd(t, 9, 0)
	w, other := all[0], all[1]
	for round := range maxSkips {
		if wait := w.Yield(); wait != min(firstSkip<<round, lastSkip) {
			t.Errorf("round %d: waits %v", round, wait)
		}
	}
	if wait := w.Yield(); wait != 0 {
		t.Errorf("waits %v for somebody who doesn't come", wait)
	}
	if wait := w.Yield(); wait != 0 {
		t.Errorf("waits %v for somebody who didn't come", wait)
	}
	other.s.since--
	for range 3 * maxSkips { // it takes them
		if wait := w.Yield(); wait != firstSkip {
			t.Errorf("waits %v for somebody who comes", wait)
		}
		other.s.accepted++
	}
}

func TestAlarm(t *testing.T) {
	all := crowd(t, 9, 0)
	if all[0].Heed() {
		t.Error("a ring concerns a program that has more than its share")
	}
	all[0].board.Alarm()
	if !all[0].Heed() || all[0].Heed() {
		t.Error("an alarm concerns everybody, once")
	}
}

// Connections that come and go are taken by whoever is there.
func TestShortLived(t *testing.T) {
	w := crowd(t, 9, 0)[0]
	for range 40 {
		w.Opened()
		w.Closed(time.Millisecond)
	}
	if !w.Heed() {
		t.Error("a short-lived connection is left to somebody else")
	}
	for range 60 {
		w.Opened()
	}
	if w.Heed() {
		t.Error("connections that stay are not")
	}
}
