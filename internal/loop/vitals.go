package loop

import (
	"time"

	"roost/internal/vitals"
)

// SetVitals makes the loop write its turns to a page. The times are those that the loop takes anyway.
func (l *Loop) SetVitals(w *vitals.Writer) {
	l.checkThread()
	l.vitals, l.sinceBoot = w, vitals.Now()-int64(time.Since(l.start))
}

// Vitals is the page on which this loop's program shows how it fares; nil, which takes every call, when nobody looks.
func (l *Loop) Vitals() *vitals.Writer { return l.vitals }

// systemTime is Now on the clock of package vitals.
func (l *Loop) systemTime() int64 { return l.sinceBoot + int64(l.now) }

// Elapsed is what Now would be, were it read now.
func (l *Loop) Elapsed() time.Duration { return time.Since(l.start) }
