// Package http2 is the Go half of node:http2. It joins sessions of h2, which know the protocol, with what carries their bytes: a stream of
// internal/handle, which it reads and writes itself, or a JavaScript stream, which brings bytes and gets them in events.
//
// Everything runs on the isolate's thread. What one read, or one turn, produced goes to JavaScript in one call; what JavaScript queues in
// one turn goes out in one write.
package http2

import (
	"math"
	"time"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/node/http2/h2"
)

// Module is the http2 builtin.
var Module = binding.Module{Name: "http2", Natives: binding.Natives{
	"onEvents": onEvents, "sessionNew": sessionNew, "consume": consume, "receive": receive, "send": send, "wrote": wrote, "destroy": destroy,
	"request": request, "respond": respond, "info": info, "trailers": trailers, "waitForTrailers": waitForTrailers, "push": push, "write": write, "end": end, "reset": reset,
	"setReading": setReading, "settings": settings, "ping": ping, "goaway": goaway, "setNextStreamID": setNextStreamID,
	"setLocalWindowSize": setLocalWindowSize, "altsvc": altsvc, "origin": origin, "settingsOf": settingsOf, "sessionState": sessionState,
	"streamState": streamState, "counts": counts, "errorText": errorText,
}}

type stateKey struct{}

// state is what the isolate's sessions share.
type state struct {
	env     *binding.Env
	plain   []byte             // what a read held under TLS
	sealed  []byte             // what a write makes under TLS
	deliver *engine.Persistent // lib/events.ts deliver(session, ...events)
}

func stateOf(env *binding.Env) *state {
	return env.State(stateKey{}, func() any {
		st := &state{env: env}
		env.OnClose(func() {
			if st.deliver != nil {
				st.deliver.Release()
				st.deliver = nil
			}
		})
		return st
	}).(*state)
}

// onEvents(deliver): who gets the events of all sessions
func onEvents(c *binding.Call) {
	st := stateOf(c.Env())
	if st.deliver == nil {
		st.deliver = c.Env().Isolate.Keep(c.Value(0))
	}
}

// sessionNew(isServer, options (memory in MB), numbers of the peer's custom settings that are of interest) → id
func sessionNew(c *binding.Call) {
	o := c.Floats(1)
	for k, v := range o { // a limit that is no limit
		o[k] = max(0, min(v, math.MaxInt32))
	}
	for len(o) < optionCount {
		o = append(o, 0)
	}
	s := &session{st: stateOf(c.Env())}
	env := c.Env()
	options := h2.Options{
		MaxHeaderPairs: int(o[0]), PeerConcurrent: uint32(o[1]), MaxReserved: int(o[2]), MaxSettings: int(o[3]), MaxInvalidFrames: int(o[4]),
		MaxRejected: int(o[5]), MaxMemory: int64(o[6] * 1e6), MaxDeflateTable: uint32(o[7]), MaxSendHeaders: int(o[8]), Padding: h2.Padding(o[9]),
		ResetBurst: uint64(o[10]), ResetRate: uint64(o[11]), LenientWhitespace: o[12] != 0,
		Now: func() int64 { return int64(env.Loop.Now()/time.Nanosecond) + 1 },
	}
	for _, id := range c.Floats(2) {
		options.RemoteCustom = append(options.RemoteCustom, uint16(id))
	}
	s.h = h2.New(c.Bool(0), options, s)
	s.id = env.Adopt(s)
	c.Return(binding.Int(s.id))
}

const optionCount = 13

func sessionOf(c *binding.Call) *session {
	s, _ := c.Env().Handle(c.Int(0)).(*session)
	return s
}

// streamOf is the session of argument 0 and its stream of argument 1, nil if either is gone.
func streamOf(c *binding.Call) (*session, *h2.Stream) {
	s := sessionOf(c)
	if s == nil {
		return nil, nil
	}
	return s, s.h.Stream(uint32(c.Int64(1)))
}

// errorText(number) → the text of an nghttp2 error
func errorText(c *binding.Call) { c.Return(binding.String(h2.Text(h2.LibError(c.Int(0))))) }
