package loop

import "sync"

// debugging is what SIGUSR1 does while no handle listens to it: Node keeps it for debuggers.
// https://nodejs.org/docs/latest-v24.x/api/process.html#signal-events
var debugging debugSignal

type debugSignal struct {
	mu   sync.Mutex
	open func() // guarded by mu; nil: nothing
	came bool   // guarded by mu: before there was open
}

// OnDebugSignal makes f what happens when SIGUSR1 comes and no Signal of the process listens to it, also when it has come since
// KeepDefaultActions. Without f it has no effect. f runs on any goroutine.
func OnDebugSignal(f func()) {
	debugging.mu.Lock()
	debugging.open = f
	came := debugging.came
	debugging.came = false
	debugging.mu.Unlock()
	if came {
		f()
	}
}

func (d *debugSignal) signalled() {
	d.mu.Lock()
	open := d.open
	d.came = open == nil
	d.mu.Unlock()
	if open != nil {
		open()
	}
}
