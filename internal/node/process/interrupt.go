package process

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"

	"roost/internal/binding"
	"roost/internal/module/source"
)

const interruptFrames = 10 // that SIGINT shows

type interruptKey struct{}

// interruptTrace prints what JavaScript does when SIGINT comes, and ends the process as the signal would have.
type interruptTrace struct {
	env      *binding.Env
	incoming chan os.Signal // nil: off; the isolate's thread only
	begun    atomic.Bool
}

// traceInterrupt(on)
func traceInterrupt(c *binding.Call) {
	env := c.Env()
	if env.Isolate.StopsAtHeapLimit() { // it shares the process, which the signal would end
		c.Throw(binding.Error("ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", "The feature util.setTraceSigInt() is unavailable to a program that shares its process"))
		return
	}
	t := env.State(interruptKey{}, func() any {
		t := &interruptTrace{env: env}
		env.OnClose(t.stop)
		return t
	}).(*interruptTrace)
	if !c.Bool(0) {
		t.stop()
	} else if t.incoming == nil {
		t.incoming = make(chan os.Signal, 1)
		signal.Notify(t.incoming, syscall.SIGINT)
		go t.wait(t.incoming)
	}
}

func (t *interruptTrace) stop() {
	if t.incoming != nil {
		signal.Stop(t.incoming)
		close(t.incoming)
		t.incoming = nil
	}
}

// wait asks the isolate's thread, in the middle of its JavaScript or on its loop, whichever comes first.
func (t *interruptTrace) wait(incoming chan os.Signal) {
	for range incoming {
		t.env.Isolate.Interrupt(t.end)
		t.env.Loop.Post(t.end)
	}
}

func (t *interruptTrace) end() {
	// A program that listens to SIGINT goes on.
	if t.incoming == nil || of(t.env)[int(syscall.SIGINT)] != nil || t.begun.Swap(true) {
		return
	}
	var out strings.Builder
	out.WriteString("KEYBOARD_INTERRUPT: Script execution was interrupted by `SIGINT`\n")
	for _, f := range t.env.Isolate.Stack(interruptFrames) {
		if file, line, column, ok := source.Of(t.env).Position(f.File, f.Line, f.Column); ok {
			f.File, f.Line, f.Column = file, line, column
		}
		place := fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
		if f.Function != "" {
			place = fmt.Sprintf("%s (%s)", f.Function, place)
		}
		fmt.Fprintf(&out, "    at %s\n", place)
	}
	fmt.Fprint(os.Stderr, out.String())
	signal.Reset(syscall.SIGINT)
	syscall.Kill(syscall.Getpid(), syscall.SIGINT)
	select {} // the signal ends the process
}
