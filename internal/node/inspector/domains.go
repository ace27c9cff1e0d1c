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
		if a.waiting {
			a.send(s, `{"method":"NodeRuntime.waitingForDebugger","params":{}}`)
		}
	case "NodeRuntime.disable":
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
	if s.socket.write(opText, []byte(text)) != nil {
		s.close()
	}
}

// waitForDisconnect is the program's end: debuggers hear of it, and the process stays until they have left, so that they can still read what
// there was to see.
func (a *agent) waitForDisconnect() {
	a.serve()
	if a.count() == 0 {
		return
	}
	notified := false
	for _, s := range a.list() {
		if s.notify {
			notified = true
			a.send(s, `{"method":"NodeRuntime.waitingForDisconnect","params":{}}`)
		}
	}
	if !notified {
		a.env.Isolate.InspectorContextDestroyed()
	}
	fmt.Fprintln(os.Stderr, "Waiting for the debugger to disconnect...")
	for a.count() > 0 {
		a.serve()
		if a.count() > 0 {
			<-a.wake
		}
	}
}
