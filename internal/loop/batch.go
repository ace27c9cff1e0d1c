package loop

// A batch is the events of one wait, or the posts that came by one turn. What is done for each of them and can wait for the others is put
// off until all of them have been run, and then done at once.

// Batched reports whether more of the batch waits, so that something may be put off until EndBatch.
func (l *Loop) Batched() bool { return l.eventNext < l.eventCount || l.backlog != nil }

// OnEndBatch sets f to run each time when a batch has run.
func (l *Loop) OnEndBatch(f func()) {
	l.checkThread()
	l.endBatch = f
}

// EndBatch does at once what was put off: for who ends the process in the middle of a batch.
func (l *Loop) EndBatch() {
	if l.endBatch != nil {
		l.endBatch()
	}
}
