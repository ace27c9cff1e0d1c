package engine

import (
	"strconv"
	"strings"

	"roost/internal/engine/v8c"
)

// What an isolate needs that is not the only one of its process.

// RetainPacket adds n references to a packet of native:engine's packetSerialize. Any goroutine.
func RetainPacket(id uint64, n int) { v8c.RetainPacket(id, n) }

// ReleasePacket takes a reference of a packet away; the last one frees it. Any goroutine.
func ReleasePacket(id uint64) { v8c.ReleasePacket(id) }

// StopAtHeapLimit makes the isolate terminate its JavaScript at the heap limit instead of ending the process. Call it right after New.
func (i *Isolate) StopAtHeapLimit() {
	i.stopsAtLimit = true
	i.c.StopAtHeapLimit()
}

// StopsAtHeapLimit tells whether it does.
func (i *Isolate) StopsAtHeapLimit() bool { return i.stopsAtLimit }

// OnNearHeapLimit makes fn one of those that are asked, in their order, when the heap comes near its limit: it gives the new limit in bytes,
// current for no more. It runs on the isolate's thread in the middle of an allocation: it may take a HeapSnapshot, during which it is asked
// again, and ask for an Interrupt, but run no JavaScript.
func (i *Isolate) OnNearHeapLimit(fn func(current, initial uint64) uint64) {
	if i.nearLimit == nil {
		i.c.WatchHeapLimit()
	}
	i.nearLimit = append(i.nearLimit, fn)
}

func nearHeapLimit(id uintptr, current, initial uint64) uint64 {
	for _, fn := range isolates[id].nearLimit {
		if limit := fn(current, initial); limit > current {
			return limit
		}
	}
	return current
}

// Frame is a call that is under way. Numbers count from 1; names may be "".
type Frame struct {
	Function, File string
	Line, Column   int
}

// Stack is what JavaScript does at the moment, at most depth frames, the innermost first; nothing when none runs. In an Interrupt too.
func (i *Isolate) Stack(depth int) []Frame {
	scope := i.Scope()
	defer scope.Close()
	parts := strings.Split(i.Text(Value{i.c.Stack(depth)}), "\x00")
	var out []Frame
	for ; len(parts) > 4; parts = parts[4:] {
		line, _ := strconv.Atoi(parts[2])
		column, _ := strconv.Atoi(parts[3])
		out = append(out, Frame{parts[0], parts[1], line, column})
	}
	return out
}

// OutOfMemory ends the process as a heap does that can't grow. The isolate's thread.
func OutOfMemory() { v8c.OutOfMemory() }

// Hold puts off what Inside runs until Unhold was called as often: builtins that are half linked must not be asked for. The isolate's thread.
func (i *Isolate) Hold() { i.held++ }

// Unhold ends a Hold. May run user code.
func (i *Isolate) Unhold() {
	if i.held--; i.held > 0 {
		return
	}
	for len(i.inside) > 0 {
		f := i.inside[0]
		i.inside = i.inside[1:]
		f()
	}
}

// Inside runs f, which calls EvalInside, in an Interrupt or on the loop: now, or when the last Hold ends.
func (i *Isolate) Inside(f func()) {
	if i.held > 0 {
		i.inside = append(i.inside, f)
		return
	}
	f()
}

// EvalInside calls fn, perhaps where other JavaScript is in the middle of its work, and gives what it returns as text. Nothing is drained. Within
// Inside only. May run user code.
func (i *Isolate) EvalInside(fn *Persistent, args ...Result) (string, error) {
	scope := i.Scope()
	defer scope.Close()
	v, err := i.Call(fn.Value(), Value{}, args...)
	if err != nil {
		return "", err
	}
	return i.Text(v), nil
}

// HeapLimitHit tells whether StopAtHeapLimit terminated. Any goroutine, while the isolate lives.
func (i *Isolate) HeapLimitHit() bool { return i.c.HeapLimitHit() }

// Interrupt runs f on the isolate's thread in the middle of JavaScript, if any runs before forget is called. f must not touch
// JavaScript but for EvalInside, and may read statistics. Any goroutine, while the isolate lives.
func (i *Isolate) Interrupt(f func()) (forget func()) { return i.c.Interrupt(f) }

// OnBreakable makes fn the one that hears when a run with breakOnSigint of vm begins while there was none, and when the last of them has
// ended. It runs on the isolate's thread and may run no JavaScript.
func (i *Isolate) OnBreakable(fn func(begins bool)) { i.breakable = fn }

func breakable(id uintptr, begins bool) {
	if fn := isolates[id].breakable; fn != nil {
		fn(begins)
	}
}

// Break ends the innermost run with breakOnSigint, which throws then; false: there is none. Any goroutine, while the isolate lives.
func (i *Isolate) Break() bool { return i.c.Break() }

// HeapSnapshot writes a heap snapshot in DevTools' format, piece by piece; a piece is valid during the call. It collects garbage first.
func (i *Isolate) HeapSnapshot(internals, numeric bool, write func(piece []byte)) bool {
	return i.c.HeapSnapshot(internals, numeric, write)
}

// StackRoom is the rest of the calling thread's stack in bytes; 0 when not known.
func StackRoom() uint64 { return v8c.StackRoom() }

// DefaultLimits are V8's limits of old generation, young generation and code for a machine with this much memory, in bytes.
func DefaultLimits(physical uint64) (old, young, code uint64) { return v8c.DefaultLimits(physical) }
