// Package vm is the Go half of node:vm: what breakOnSigint needs. The rest is the engine's (internal/engine/v8c/context.cc) and
// TypeScript. Its native runs on the isolate's thread.
package vm

import (
	"os"
	"os/signal"
	"syscall"

	"roost/internal/binding"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "vm", Natives: binding.Natives{
	"listenForInterrupts": listenForInterrupts,
}}

type key struct{}

// listenForInterrupts(): from now on SIGINT ends runs with breakOnSigint. Called before the first of them.
func listenForInterrupts(c *binding.Call) {
	env := c.Env()
	env.State(key{}, func() any {
		var w *watch
		env.Isolate.OnBreakable(func(begins bool) {
			if begins {
				w = newWatch(env)
			} else if w != nil {
				w.close()
				w = nil
			}
		})
		env.OnClose(func() {
			if w != nil {
				w.close()
			}
		})
		return struct{}{}
	})
}

// watch takes SIGINT for itself while such a run lasts: the process's listeners don't hear of it, as in Node.
type watch struct {
	incoming chan os.Signal
	release  func()
	done     chan struct{} // closed when nothing is broken any more
}

func newWatch(env *binding.Env) *watch {
	w := &watch{incoming: make(chan os.Signal, 1), done: make(chan struct{})}
	signal.Notify(w.incoming, syscall.SIGINT)
	w.release = env.Loop.HoldSignal(syscall.SIGINT)
	go func() {
		defer close(w.done)
		for range w.incoming {
			env.Isolate.Break()
		}
	}()
	return w
}

// close ends it. A signal that has come before breaks the run yet.
func (w *watch) close() {
	w.release()
	signal.Stop(w.incoming)
	close(w.incoming)
	<-w.done
}
