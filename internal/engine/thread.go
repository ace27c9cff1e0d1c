package engine

import "roost/internal/engine/v8c"

// What an isolate needs that is not the only one of its process.

// RetainPacket adds n references to a packet of native:engine's packetSerialize. Any goroutine.
func RetainPacket(id uint64, n int) { v8c.RetainPacket(id, n) }

// ReleasePacket takes a reference of a packet away; the last one frees it. Any goroutine.
func ReleasePacket(id uint64) { v8c.ReleasePacket(id) }

// StopAtHeapLimit makes the isolate terminate its JavaScript at the heap limit instead of ending the process. Call it right after New.
func (i *Isolate) StopAtHeapLimit() { i.c.StopAtHeapLimit() }

// HeapLimitHit tells whether StopAtHeapLimit terminated. Any goroutine, while the isolate lives.
func (i *Isolate) HeapLimitHit() bool { return i.c.HeapLimitHit() }

// Interrupt runs f on the isolate's thread in the middle of JavaScript, if any runs before forget is called. f must not touch
// JavaScript, but may read statistics. Any goroutine, while the isolate lives.
func (i *Isolate) Interrupt(f func()) (forget func()) { return i.c.Interrupt(f) }

// HeapSnapshot writes a heap snapshot in DevTools' format, piece by piece; a piece is valid during the call. It collects garbage first.
func (i *Isolate) HeapSnapshot(internals, numeric bool, write func(piece []byte)) bool {
	return i.c.HeapSnapshot(internals, numeric, write)
}

// StackRoom is the rest of the calling thread's stack in bytes; 0 when not known.
func StackRoom() uint64 { return v8c.StackRoom() }

// DefaultLimits are V8's limits of old generation, young generation and code for a machine with this much memory, in bytes.
func DefaultLimits(physical uint64) (old, young, code uint64) { return v8c.DefaultLimits(physical) }
