package inspector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// The domains of the protocol that are Node's own, not V8's. https://github.com/nodejs/node: NodeRuntime tells a debugger when the program waits
// for it.

// command is a message of a debugger.
type command struct {
	ID     json.Number     `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// commandOf reads a message that is a command of one of these domains.
func commandOf(message []byte, domains ...string) (c command, ok bool) {
	if !slices.ContainsFunc(domains, func(d string) bool { return bytes.Contains(message, []byte(`"`+d+`.`)) }) {
		return c, false // what most messages are, unparsed
	}
	if json.Unmarshal(message, &c) != nil {
		return c, false
	}
	domain, _, _ := strings.Cut(c.Method, ".")
	if c.Params == nil {
		c.Params = json.RawMessage("{}")
	}
	return c, c.ID != "" && slices.Contains(domains, domain)
}

// Answers to a command; they give true: it was one of ours.

func (c command) done(s *session) bool { return c.answer(s, "{}") }

func (c command) answer(s *session, result string) bool {
	s.tell(fmt.Sprintf(`{"id":%s,"result":%s}`, c.ID, result))
	return true
}

func (c command) invalid(s *session) bool { return c.fail(s, -32602, "Invalid parameters") }

func (c command) unknown(s *session) bool {
	return c.fail(s, -32601, "'"+c.Method+"' wasn't found")
}

func (c command) fail(s *session, code int, message string) bool {
	text, _ := json.Marshal(message)
	s.tell(fmt.Sprintf(`{"id":%s,"error":{"code":%d,"message":%s}}`, c.ID, code, text))
	return true
}

// own answers a command of NodeRuntime or Network; false: it is V8's business.
func (a *agent) own(s *session, message []byte) bool {
	c, ok := commandOf(message, "NodeRuntime", "Network")
	switch {
	case !ok:
		return false
	case strings.HasPrefix(c.Method, "Network."):
		return a.ownNetwork(s, c)
	}
	switch c.Method {
	case "NodeRuntime.enable":
		c.done(s)
		s.runtime = true
		if a.waiting {
			s.tell(waitingForDebugger)
		}
		return true
	case "NodeRuntime.disable":
		s.runtime = false
	case "NodeRuntime.notifyWhenWaitingForDisconnect":
		var p struct {
			Enabled *bool `json:"enabled"`
		}
		if json.Unmarshal(c.Params, &p) != nil || p.Enabled == nil {
			return c.invalid(s)
		}
		s.notify = *p.Enabled
	default:
		return c.unknown(s)
	}
	return c.done(s)
}

const waitingForDebugger = `{"method":"NodeRuntime.waitingForDebugger","params":{}}`

// tell says something to a debugger. Any goroutine.
func (s *session) tell(text string) {
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
	a.waitToBeLeft()
	if a.debuggers() > 0 {
		a.env.Isolate.InspectorContextDestroyed()
	}
	a.serveWhile(func() bool { return a.debuggers() > 0 })
}

// waitToBeLeft waits for the debuggers that want to be told of the end, until they have left.
func (a *agent) waitToBeLeft() {
	for _, s := range a.list() {
		if s.notify {
			s.tell(`{"method":"NodeRuntime.waitingForDisconnect","params":{}}`)
		}
	}
	a.serveWhile(func() bool { return slices.ContainsFunc(a.list(), func(s *session) bool { return s.notify }) })
}

// serveWhile serves until the condition no longer holds. The isolate's thread.
func (a *agent) serveWhile(condition func() bool) {
	a.serve()
	for condition() && !a.ending.Load() {
		<-a.wake
		a.serve()
	}
}
