package engine

import "roost/internal/engine/v8c"

// InspectorHost serves the inspector's sessions of an isolate. All its methods run on the isolate's thread, in the middle of JavaScript.
type InspectorHost interface {
	// Message takes what a session says; the text is borrowed.
	Message(session int, message []byte)
	// Paused returns when the program is to go on. Meanwhile it dispatches what the sessions are told.
	Paused()
	// Resumed says that Paused is to return.
	Resumed()
	// Run says that the program need not wait for a debugger any more.
	Run()
}

// SetInspector makes h the host of the isolate's sessions.
func (i *Isolate) SetInspector(h InspectorHost) { i.inspector = h }

// InspectorConnect begins session, a number above 0.
func (i *Isolate) InspectorConnect(session int) { i.c.InspectorConnect(session) }

// InspectorDispatch tells a session something; false: it has to wait for the end of the dispatch in the middle of which it came. May run user code.
// Unlike other methods it may be called in an Interrupt.
func (i *Isolate) InspectorDispatch(session int, message []byte) bool {
	return i.c.InspectorDispatch(session, message)
}

// InspectorDisconnect ends a session. In an Interrupt too.
func (i *Isolate) InspectorDisconnect(session int) { i.c.InspectorDisconnect(session) }

// InspectorBreakNext pauses the program at its next statement.
func (i *Isolate) InspectorBreakNext() { i.c.InspectorBreakNext() }

// InspectorContextDestroyed tells sessions that the program has ended.
func (i *Isolate) InspectorContextDestroyed() { i.c.InspectorContextDestroyed() }

func inspectorMessage(id uintptr, session int, message []byte) {
	if h := isolates[id].inspector; h != nil {
		h.Message(session, message)
	}
}

func inspectorEvent(id uintptr, what int) {
	h := isolates[id].inspector
	if h == nil {
		return
	}
	switch what {
	case v8c.InspectorPaused:
		h.Paused()
	case v8c.InspectorResumed:
		h.Resumed()
	case v8c.InspectorRun:
		h.Run()
	}
}
