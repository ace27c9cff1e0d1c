package v8c

// #include <stdlib.h>
// #include "rt.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// Outbox is memory in which JavaScript leaves small writes to one stream (native:engine hold).
type Outbox struct {
	box  *C.rt_outbox
	open *byte // tick_info[3]
}

// NewOutbox makes the isolate's only one. Isolate's thread.
func (i Isolate) NewOutbox() *Outbox {
	box := (*C.rt_outbox)(C.calloc(1, C.sizeof_rt_outbox))
	o := &Outbox{box, (*byte)(unsafe.Add(unsafe.Pointer(C.rt_tick_info(i.p)), 3))}
	C.rt_outbox_use(i.p, box)
	runtime.AddCleanup(o, func(box *C.rt_outbox) { C.free(unsafe.Pointer(box)) }, box)
	return o
}

// Admit lets JavaScript write to the stream with that number, 0: to none. fd is its socket, to which small writes go at once, or -1. What there
// was must have been taken. Isolate's thread.
func (o *Outbox) Admit(stream, fd int) {
	o.box.stream, o.box.fd, o.box.given, o.box.kept = C.int32_t(stream), C.int32_t(fd), 0, 0
	*o.open = 0
	if stream != 0 {
		*o.open = 1
	}
}

// Given is how many bytes JavaScript has written since Admit. Isolate's thread.
func (o *Outbox) Given() int { return int(o.box.given) }

// Kept is how many of them had to wait. Isolate's thread.
func (o *Outbox) Kept() int { return int(o.box.kept) }

// Waits tells whether there is something to take. Any goroutine.
func (o *Outbox) Waits() bool { return atomic.LoadUint32((*uint32)(unsafe.Pointer(&o.box.used))) > 0 }

// Take appends what there is to to, and empties the box. Any goroutine, one at a time.
func (o *Outbox) Take(to []byte) []byte {
	lock := (*int32)(unsafe.Pointer(&o.box.lock))
	for !atomic.CompareAndSwapInt32(lock, 0, 1) {
		runtime.Gosched() // JavaScript copies at most 16 KiB
	}
	to = append(to, unsafe.Slice((*byte)(unsafe.Pointer(&o.box.bytes)), int(o.box.used))...)
	atomic.StoreUint32((*uint32)(unsafe.Pointer(&o.box.used)), 0)
	atomic.StoreInt32(lock, 0)
	return to
}
