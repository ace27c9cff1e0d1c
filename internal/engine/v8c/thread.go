package v8c

/*
#include "rt.h"
*/
import "C"

import (
	"sync"
	"unsafe"
)

// RetainPacket adds n references to a packet. Any goroutine.
func RetainPacket(id uint64, n int) { C.rt_packet_retain(C.uint64_t(id), C.int(n)) }

// ReleasePacket takes one reference of a packet away. Any goroutine.
func ReleasePacket(id uint64) { C.rt_packet_release(C.uint64_t(id)) }

// StopAtHeapLimit makes the isolate terminate at its heap limit instead of ending the process.
func (i Isolate) StopAtHeapLimit() { C.rt_isolate_stop_at_heap_limit(i.p) }

// HeapLimitHit tells whether it did. Any goroutine, while the isolate lives.
func (i Isolate) HeapLimitHit() bool { return C.rt_isolate_heap_limit_hit(i.p) != 0 }

// WatchHeapLimit makes Host.NearHeapLimit the one that is asked near the heap's limit.
func (i Isolate) WatchHeapLimit() { C.rt_isolate_watch_heap_limit(i.p) }

//export rt_go_near_heap_limit
func rt_go_near_heap_limit(id C.uintptr_t, current, initial C.uint64_t) C.uint64_t {
	return C.uint64_t(host.NearHeapLimit(uintptr(id), uint64(current), uint64(initial)))
}

// Stack is what JavaScript does, as rt_stack has it.
func (i Isolate) Stack(depth int) Value { return Value(unsafe.Pointer(C.rt_stack(i.p, C.int(depth)))) }

// OutOfMemory ends the process as a heap does that can't grow. An isolate's thread.
func OutOfMemory() { C.rt_out_of_memory() }

// StackRoom is the rest of the calling thread's stack in bytes; 0 when not known.
func StackRoom() uint64 { return uint64(C.rt_stack_room()) }

// DefaultLimits are V8's limits for a machine with this much memory, in bytes.
func DefaultLimits(physical uint64) (old, young, code uint64) {
	var o, y, c C.uint64_t
	C.rt_default_limits(C.uint64_t(physical), &o, &y, &c)
	return uint64(o), uint64(y), uint64(c)
}

// tokens are the Go halves of calls that C++ makes later, by number.
var tokens = struct {
	mu   sync.Mutex
	last uint64         // guarded by mu
	all  map[uint64]any // guarded by mu
}{all: map[uint64]any{}}

func token(v any) uint64 {
	tokens.mu.Lock()
	defer tokens.mu.Unlock()
	tokens.last++
	tokens.all[tokens.last] = v
	return tokens.last
}

func tokenValue(id uint64, take bool) any {
	tokens.mu.Lock()
	defer tokens.mu.Unlock()
	v := tokens.all[id]
	if take {
		delete(tokens.all, id)
	}
	return v
}

// Interrupt runs f on the isolate's thread in the middle of JavaScript, if any runs before forget is called. Any goroutine, while the
// isolate lives. f must not touch JavaScript.
func (i Isolate) Interrupt(f func()) (forget func()) {
	id := token(f)
	C.rt_isolate_interrupt(i.p, C.uint64_t(id))
	return func() { tokenValue(id, true) }
}

// Break ends the innermost run of vm that may be broken; false: there is none. Any goroutine, while the isolate lives.
func (i Isolate) Break() bool { return C.rt_isolate_break(i.p) != 0 }

//export rt_go_breakable
func rt_go_breakable(id C.uintptr_t, begins C.int) { host.Breakable(uintptr(id), begins != 0) }

//export rt_go_interrupt
func rt_go_interrupt(_ C.uintptr_t, id C.uint64_t) {
	if f, ok := tokenValue(uint64(id), true).(func()); ok {
		f()
	}
}

// HeapSnapshot writes a heap snapshot in DevTools' format in pieces, which are valid during the call. The isolate's thread.
func (i Isolate) HeapSnapshot(internals, numeric bool, write func(piece []byte)) bool {
	id := token(write)
	defer tokenValue(id, true)
	flag := func(b bool) C.int {
		if b {
			return 1
		}
		return 0
	}
	return C.rt_isolate_heap_snapshot(i.p, C.uint64_t(id), flag(internals), flag(numeric)) != 0
}

//export rt_go_snapshot
func rt_go_snapshot(id C.uint64_t, data *C.char, n C.int) {
	if f, ok := tokenValue(uint64(id), false).(func([]byte)); ok {
		f(unsafe.Slice((*byte)(unsafe.Pointer(data)), int(n)))
	}
}
