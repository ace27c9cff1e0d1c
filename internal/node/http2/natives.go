package http2

import (
	"roost/internal/binding"
	"roost/internal/node/http2/h2"
)

// Flags of request and respond.
const (
	flagEnd      = 1 // no body follows
	flagTrailers = 2 // trailers do: eventWantTrailers asks for them
)

// latin1 makes the characters of a JavaScript string bytes.
func latin1(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			out := append(make([]byte, 0, len(s)), s[:i]...)
			for _, r := range s[i:] {
				out = append(out, byte(r))
			}
			return string(out)
		}
	}
	return s
}

// fieldsOf reads the field list and the secret names from arguments k and k + 1.
func fieldsOf(c *binding.Call, k int) h2.Fields {
	return h2.Fields{List: latin1(c.String(k)), Secret: latin1(c.String(k + 1))}
}

// request(session, fields, secret names, method, flags) → stream | an nghttp2 error
func request(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || s.leaving {
		c.Return(binding.Int(h2.ErrSessionClosing))
		return
	}
	flags := c.Int(4)
	st := s.h.Request(fieldsOf(c, 1), c.String(3), flags&flagEnd != 0, flags&flagTrailers != 0)
	if st == nil {
		c.Return(binding.Int(h2.ErrNoStreamID))
		return
	}
	c.Return(binding.Int(st.ID))
}

// respond(session, stream, fields, secret names, flags)
func respond(c *binding.Call) {
	if s, st := streamOf(c); st != nil {
		flags := c.Int(4)
		fields := fieldsOf(c, 2)
		s.answers(st.ID, fields)
		s.h.Respond(st, fields, flags&flagEnd != 0, flags&flagTrailers != 0)
	}
}

// info(session, stream, fields, secret names)
func info(c *binding.Call) {
	if s, st := streamOf(c); st != nil {
		s.h.Info(st, fieldsOf(c, 2))
	}
}

// trailers(session, stream, fields, secret names)
func trailers(c *binding.Call) {
	if s, st := streamOf(c); st != nil {
		s.h.Trailers(st, fieldsOf(c, 2))
	}
}

// waitForTrailers(session, stream): the body will be followed by trailers after all
func waitForTrailers(c *binding.Call) {
	if s, st := streamOf(c); st != nil {
		s.h.AwaitTrailers(st)
	}
}

// push(session, stream, fields, secret names, method) → stream | an nghttp2 error
func push(c *binding.Call) {
	s, st := streamOf(c)
	if st == nil {
		c.Return(binding.Int(h2.ErrStreamClosed))
		return
	}
	promised := s.h.Push(st, fieldsOf(c, 2), c.String(4))
	if promised == nil {
		c.Return(binding.Int(h2.ErrNoStreamID))
		return
	}
	c.Return(binding.Int(promised.ID))
}

// write(session, stream, ...chunks: string in UTF-8 | bytes). eventWritten follows.
func write(c *binding.Call) {
	s, st := streamOf(c)
	if st == nil || s.leaving {
		return
	}
	for k := 2; k < c.Len(); k++ {
		if c.IsBytes(k) {
			s.h.Write(st, c.Bytes(k))
		} else {
			s.h.Write(st, []byte(c.String(k)))
		}
	}
	s.h.Wait(st)
}

// end(session, stream): our side, once everything is written
func end(c *binding.Call) {
	if s, st := streamOf(c); st != nil {
		s.h.End(st)
	}
}

// reset(session, stream, code)
func reset(c *binding.Call) {
	if s, st := streamOf(c); st != nil {
		s.h.Reset(st, h2.Code(c.Uint32(2)))
	}
}

// setReading(session, stream, on)
func setReading(c *binding.Call) {
	if s, st := streamOf(c); st != nil {
		s.h.SetReading(st, c.Bool(2))
	}
}

// settings(session, payload)
func settings(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.h.Submit(c.Bytes(1))
	}
}

// ping(session, payload)
func ping(c *binding.Call) {
	var payload [8]byte
	if s := sessionOf(c); s != nil {
		copy(payload[:], c.Bytes(1))
		s.h.Ping(payload)
	}
}

// maxOpaque keeps a GOAWAY frame within what any peer takes.
const maxOpaque = 16384 - 8

// goaway(session, code, last stream, opaque data)
func goaway(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		opaque := c.Bytes(3)
		s.h.Goaway(h2.Code(c.Uint32(1)), uint32(max(0, c.Int64(2))), opaque[:min(len(opaque), maxOpaque)])
	}
}

// setNextStreamID(session, id) → whether it can be
func setNextStreamID(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		c.Return(binding.Bool(s.h.SetNextID(uint32(c.Int64(1)))))
	}
}

// setLocalWindowSize(session, size)
func setLocalWindowSize(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.h.SetLocalWindow(uint32(c.Int64(1)))
	}
}

// altsvc(session, stream, origin, value)
func altsvc(c *binding.Call) {
	id := uint32(c.Int64(1))
	if s := sessionOf(c); s != nil && (id == 0 || s.h.Stream(id) != nil) {
		s.h.AltSvc(id, latin1(c.String(2)), latin1(c.String(3)))
	}
}

// origin(session, list)
func origin(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.h.Origin(c.Strings(1))
	}
}

// settingsOf(session, the peer's) → [table size, push, concurrent streams, window, frame size, header list, connect, custom id, value, ...]
func settingsOf(c *binding.Call) {
	s := sessionOf(c)
	if s == nil {
		return
	}
	of := s.h.Local()
	if c.Bool(1) {
		of = s.h.Remote()
	}
	c.Return(settingsList(of))
}

func settingsList(of h2.Settings) binding.Result {
	list := []binding.Result{binding.Int(of.TableSize), binding.Bool(of.Push), binding.Int(of.MaxConcurrent), binding.Int(of.Window),
		binding.Int(of.FrameSize), binding.Int(of.HeaderList), binding.Bool(of.Connect)}
	for _, e := range of.Custom {
		list = append(list, binding.Int(e.ID), binding.Int(e.Value))
	}
	return binding.List(list...)
}

// sessionState(session) → [effective local window, received length, next id, local window, last processed, remote window, queue]
func sessionState(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		v := s.h.State()
		c.Return(binding.List(binding.Int(v.EffectiveLocalWindow), binding.Int(v.ReceivedLength), binding.Int(v.NextID), binding.Int(v.LocalWindow),
			binding.Int(v.LastProcessed), binding.Int(v.RemoteWindow), binding.Int(v.Queue)))
	}
}

// streamState(session, stream) → [state, local end, remote end, local window] | undefined
func streamState(c *binding.Call) {
	if _, st := streamOf(c); st != nil {
		local, remote := st.Ends()
		c.Return(binding.List(binding.Int(st.State()), binding.Bool(local), binding.Bool(remote), binding.Int(st.Window())))
	}
}

// counts(session) → [frames received, frames sent, streams, most streams at once, bytes waiting]
func counts(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		c.Return(binding.List(binding.Int(s.h.FramesReceived), binding.Int(s.h.FramesSent), binding.Int(s.h.StreamCount), binding.Int(s.h.MaxStreams),
			binding.Int(s.h.Memory()+int64(s.queued()))))
	}
}
