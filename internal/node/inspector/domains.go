package inspector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// The domains of the protocol that are Node's own, not V8's. https://github.com/nodejs/node: NodeRuntime tells a debugger when the program waits
// for it.

// command is a message of a debugger.
type command struct {
	ID     int    `json:"id"`
	Method string `json:"method"`
	Params struct {
		Enabled bool `json:"enabled"`
	} `json:"params"`
}

// own answers a command of NodeRuntime; false: it is V8's business.
func (a *agent) own(s *session, message []byte) bool {
	if !bytes.Contains(message, []byte(`"NodeRuntime.`)) {
		return false
	}
	var c command
	if json.Unmarshal(message, &c) != nil {
		return false
	}
	switch c.Method {
	case "NodeRuntime.enable":
		a.send(s, fmt.Sprintf(`{"id":%d,"result":{}}`, c.ID))
		s.runtime = true
		if a.waiting {
			a.send(s, `{"method":"NodeRuntime.waitingForDebugger","params":{}}`)
		}
	case "NodeRuntime.disable":
		s.runtime = false
		a.send(s, fmt.Sprintf(`{"id":%d,"result":{}}`, c.ID))
	case "NodeRuntime.notifyWhenWaitingForDisconnect":
		s.notify = c.Params.Enabled
		a.send(s, fmt.Sprintf(`{"id":%d,"result":{}}`, c.ID))
	default:
		return false
	}
	return true
}

func (a *agent) send(s *session, text string) {
	if s.say([]byte(text)) != nil {
		s.close()
	}
}

// waitForDisconnect is the program's end: debuggers hear of it, and the process stays until they have left, so that they can still read what
// there was to see.
func (a *agent) waitForDisconnect() {
	a.serve()
	if a.debuggers() == 0 {
		return
	}
	fmt.Fprintln(os.Stderr, "Waiting for the debugger to disconnect...")
	asked := func() (waits bool) {
		for _, s := range a.list() {
			waits = waits || s.notify
		}
		return waits
	}
	for _, s := range a.list() {
		if s.notify {
			a.send(s, `{"method":"NodeRuntime.waitingForDisconnect","params":{}}`)
		}
	}
	a.serveWhile(asked)
	if a.debuggers() > 0 {
		a.env.Isolate.InspectorContextDestroyed()
	}
	a.serveWhile(func() bool { return a.debuggers() > 0 })
}

// serveWhile serves until the condition no longer holds. The isolate's thread.
func (a *agent) serveWhile(condition func() bool) {
	a.serve()
	for condition() {
		<-a.wake
		a.serve()
	}
}
