package http2

import (
	"roost/internal/binding"
	"roost/internal/node/http2/h2"
)

// Events, as lib/events.ts reads them: the session's id, the event, then as many values as it says there.
const (
	eventHeaders      = 1  // (stream, category, flags, parent, fields, secret names)
	eventData         = 2  // (stream, bytes)
	eventEnd          = 3  // (stream)
	eventClosed       = 4  // (stream, code)
	eventReset        = 5  // (stream, code)
	eventWritten      = 6  // (stream)
	eventWantTrailers = 7  // (stream)
	eventSettings     = 8  // (the peer's, as settingsOf gives them)
	eventSettingsAck  = 9  // (ours)
	eventPing         = 10 // (payload, ack)
	eventGoaway       = 11 // (code, last stream, opaque data | undefined)
	eventAltSvc       = 12 // (stream, origin, value)
	eventOrigin       = 13 // (list)
	eventNotSent      = 14 // (stream, frame type, code)
	eventFailed       = 15 // (nghttp2 error, ERR_ code | "", text)
	eventOutput       = 16 // (bytes for the JavaScript stream)
	eventWriteError   = 17 // (errno)
	eventEnded        = 19 // (): what is laid over the stream has ended or failed
	eventDone         = 18 // (): the last bytes of a destroyed session are gone
)

func (s *session) add(event int, args ...binding.Result) {
	s.batch = append(s.batch, binding.Int(s.id), binding.Int(event))
	s.batch = append(s.batch, args...)
	s.schedule()
}

// Output implements h2.Handler.
func (s *session) Output() { s.schedule() }

// Headers implements h2.Handler.
func (s *session) Headers(st *h2.Stream, category h2.Category, b h2.Block) {
	if category == h2.CategoryRequest && b.Parent == 0 {
		s.begin(st.ID)
	}
	s.add(eventHeaders, binding.Int(st.ID), binding.Int(category), binding.Int(b.Flags), binding.Int(b.Parent), binding.Latin1(b.Fields),
		binding.Latin1(b.Sensitive))
}

// Body implements h2.Handler.
func (s *session) Body(st *h2.Stream, b []byte) {
	s.add(eventData, binding.Int(st.ID), binding.Buffer(b))
}

// End implements h2.Handler.
func (s *session) End(st *h2.Stream) { s.add(eventEnd, binding.Int(st.ID)) }

// Closed implements h2.Handler.
func (s *session) Closed(st *h2.Stream, code h2.Code) {
	s.ends(st.ID)
	s.add(eventClosed, binding.Int(st.ID), binding.Int(code))
}

// Reset implements h2.Handler.
func (s *session) Reset(st *h2.Stream, code h2.Code) {
	s.add(eventReset, binding.Int(st.ID), binding.Int(code))
}

// Written implements h2.Handler. JavaScript hears of it when the stream below has taken the frames, too.
func (s *session) Written(st *h2.Stream) { s.written = append(s.written, st.ID) }

// WantTrailers implements h2.Handler.
func (s *session) WantTrailers(st *h2.Stream) { s.add(eventWantTrailers, binding.Int(st.ID)) }

// Settings implements h2.Handler.
func (s *session) Settings() { s.add(eventSettings, settingsList(s.h.Remote())) }

// SettingsAck implements h2.Handler.
func (s *session) SettingsAck() { s.add(eventSettingsAck, settingsList(s.h.Local())) }

// Ping implements h2.Handler.
func (s *session) Ping(payload [8]byte, ack bool) {
	s.add(eventPing, binding.Buffer(payload[:]), binding.Bool(ack))
}

// Goaway implements h2.Handler.
func (s *session) Goaway(code h2.Code, last uint32, opaque []byte) {
	data := binding.Undefined
	if opaque != nil {
		data = binding.Buffer(opaque)
	}
	s.add(eventGoaway, binding.Int(code), binding.Int(last), data)
}

// AltSvc implements h2.Handler.
func (s *session) AltSvc(id uint32, origin, value []byte) {
	s.add(eventAltSvc, binding.Int(id), binding.Latin1(origin), binding.Latin1(value))
}

// Origin implements h2.Handler.
func (s *session) Origin(list []string) { s.add(eventOrigin, binding.Strings(list)) }

// NotSent implements h2.Handler.
func (s *session) NotSent(id uint32, kind byte, code h2.Code) {
	s.add(eventNotSent, binding.Int(id), binding.Int(kind), binding.Int(code))
}

// Failed implements h2.Handler.
func (s *session) Failed(n h2.LibError, why h2.Why) {
	s.add(eventFailed, binding.Int(int(n)), binding.String(string(why)), binding.String(h2.Text(n)))
}
