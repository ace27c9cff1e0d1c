package runtime

import (
	"sync/atomic"

	"roost/internal/loop"
)

// takeDebugSignal makes SIGUSR1 open the inspector's endpoint; with --disable-sigusr1 it has no effect. Where programs share a process, each has
// its own signals (Tenant.Signal).
func (r *Runtime) takeDebugSignal() {
	open := r.openInspector
	if _, disabled := r.config.Options["disable-sigusr1"]; disabled {
		open = func() {}
	}
	switch {
	case r.config.worker != nil:
	case r.config.tenant != nil:
		r.config.tenant.takeDebugSignal(open)
	default:
		loop.OnDebugSignal(open)
	}
}

// openInspector opens the endpoint in the middle of JavaScript or from the loop, whichever comes first. Any goroutine, while the isolate lives.
func (r *Runtime) openInspector() {
	var begun atomic.Bool
	open := func() {
		if !begun.Swap(true) {
			r.env.Watched("signal")
		}
	}
	r.isolate.Interrupt(open)
	r.loop.Post(func() {
		if r.env.Stopped() {
			return
		}
		open()
		if !r.isolate.Drain() {
			r.env.Caught()
		}
	})
}
