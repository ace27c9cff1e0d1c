package v8c

// #include "rt.h"
import "C"

import "unsafe"

// What an inspector's event says; see rt.h.
const (
	InspectorPaused  = C.RT_INSPECTOR_PAUSED
	InspectorResumed = C.RT_INSPECTOR_RESUMED
	InspectorRun     = C.RT_INSPECTOR_RUN
)

// InspectorConnect begins a session.
func (i Isolate) InspectorConnect(session int) { C.rt_inspector_connect(i.p, C.int(session)) }

// InspectorDispatch hands a session a message; false: it has to wait for the end of the dispatch in the middle of which it came. May run JavaScript.
func (i Isolate) InspectorDispatch(session int, message []byte) bool {
	return len(message) == 0 || C.rt_inspector_dispatch(i.p, C.int(session), (*C.char)(unsafe.Pointer(&message[0])), C.size_t(len(message))) != 0
}

// InspectorDisconnect ends a session.
func (i Isolate) InspectorDisconnect(session int) { C.rt_inspector_disconnect(i.p, C.int(session)) }

// InspectorBreakNext pauses at the next statement.
func (i Isolate) InspectorBreakNext() { C.rt_inspector_break_next(i.p) }

// InspectorContextDestroyed tells sessions that the main context is gone.
func (i Isolate) InspectorContextDestroyed() { C.rt_inspector_context_destroyed(i.p) }

//export rt_go_inspector_message
func rt_go_inspector_message(id C.uintptr_t, session C.int, data *C.char, n C.int) {
	host.InspectorMessage(uintptr(id), int(session), unsafe.Slice((*byte)(unsafe.Pointer(data)), int(n)))
}

//export rt_go_inspector_event
func rt_go_inspector_event(id C.uintptr_t, what C.int) { host.InspectorEvent(uintptr(id), int(what)) }
