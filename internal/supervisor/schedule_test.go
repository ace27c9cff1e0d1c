package supervisor

import (
	"testing"
	"time"
)

// A clock that is set neither loses nor repeats times.
func TestTimetable(t *testing.T) {
	at := func(clock string) time.Time {
		when, err := time.ParseInLocation(time.DateTime, "2026-11-29 "+clock, time.Local)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	table, err := newTimetable("0 * * * *", at("10:30:00"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		clock string
		due   bool
		next  string
	}{
		{"10:30:00", false, "11:00:00"},
		{"10:59:59", false, "11:00:00"},
		{"11:00:00", true, "12:00:00"},
		{"11:00:01", false, "12:00:00"},
		{"14:20:00", true, "15:00:00"}, // set ahead by hours: due once
		{"14:20:30", false, "15:00:00"},
		{"09:10:00", false, "10:00:00"}, // set back by hours: the times of that clock
		{"10:00:00", true, "11:00:00"},
		{"09:59:50", false, "11:00:00"}, // set back by seconds, as a time server does: not due twice
	} {
		due, wait := table.look(at(c.clock))
		if due != c.due || !table.next.Equal(at(c.next)) || wait < 0 || wait > checkInterval {
			t.Errorf("%s: due %v, next %v, sleep %v", c.clock, due, table.next, wait)
		}
	}
	if _, err := newTimetable("often", time.Now()); err == nil {
		t.Error("that is no expression")
	}
}
