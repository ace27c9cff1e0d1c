package h2

import (
	"encoding/binary"
	"math"
)

// Numbers of settings (RFC 9113 section 6.5.2, RFC 8441).
const (
	settingTableSize     = 1
	settingPush          = 2
	settingMaxConcurrent = 3
	settingWindow        = 4
	settingFrameSize     = 5
	settingHeaderList    = 6
	settingConnect       = 8
)

// Settings are one side's.
type Settings struct {
	TableSize     uint32
	Push          bool
	MaxConcurrent uint32
	Window        uint32
	FrameSize     uint32
	HeaderList    uint32
	Connect       bool
	Custom        []Setting // those with other numbers that were asked for
}

// Setting is one entry of a SETTINGS frame.
type Setting struct {
	ID    uint16
	Value uint32
}

// initialSettings hold until a SETTINGS frame says otherwise.
func initialSettings() Settings {
	return Settings{TableSize: 4096, Push: true, MaxConcurrent: math.MaxUint32, Window: initialWindow, FrameSize: minFrameSize, HeaderList: math.MaxUint32}
}

func (s *Settings) setCustom(e Setting) {
	for i := range s.Custom {
		if s.Custom[i].ID == e.ID {
			s.Custom[i].Value = e.Value
			return
		}
	}
	s.Custom = append(s.Custom, e)
}

// check tells whether a value is allowed, and the code for one that isn't.
func (e Setting) check() (Code, LibError) {
	switch e.ID {
	case settingPush, settingConnect:
		if e.Value > 1 {
			return ProtocolError, ErrProto
		}
	case settingWindow:
		if e.Value > maxWindow {
			return FlowControlError, ErrFlowControl
		}
	case settingFrameSize:
		if e.Value < minFrameSize || e.Value > maxFrameSize {
			return ProtocolError, ErrProto
		}
	}
	return NoError, 0
}

// Submit sends settings; the peer's acknowledgement makes them ours, but those of other numbers, which nothing depends on. payload is that of the frame.
func (s *Session) Submit(payload []byte) {
	list := make([]Setting, 0, len(payload)/settingSize)
	for b := payload; len(b) >= settingSize; b = b[settingSize:] {
		list = append(list, Setting{binary.BigEndian.Uint16(b), binary.BigEndian.Uint32(b[2:])})
	}
	s.sendPreface()
	s.inflight = append(s.inflight, list)
	s.out = appendHeader(s.out, len(list)*settingSize, frameSettings, 0, 0)
	s.out = append(s.out, payload[:len(list)*settingSize]...)
	s.sent()
	for _, e := range list {
		switch e.ID {
		case settingTableSize, settingHeaderList:
			// What the peer may do more must work from now on; what it may do less holds when it agrees.
			if e.ID == settingTableSize && e.Value > s.local.TableSize {
				s.decoder.SetAllowedMaxDynamicTableSize(e.Value)
			}
		case settingMaxConcurrent:
			s.pendingConcurrent = e.Value
		case settingConnect:
			s.local.Connect = e.Value != 0
		case settingPush, settingWindow, settingFrameSize:
		default:
			s.local.setCustom(e)
		}
	}
}

// acknowledged makes the oldest settings that wait ours.
func (s *Session) acknowledged() {
	if len(s.inflight) == 0 {
		s.fail(ProtocolError, ErrProto)
		return
	}
	list := s.inflight[0]
	s.inflight = s.inflight[1:]
	for _, e := range list {
		switch e.ID {
		case settingTableSize:
			s.local.TableSize = e.Value
			s.decoder.SetAllowedMaxDynamicTableSize(e.Value)
		case settingPush:
			s.local.Push = e.Value != 0
		case settingMaxConcurrent:
			s.local.MaxConcurrent = e.Value
		case settingWindow:
			s.setLocalWindow(e.Value)
		case settingFrameSize:
			s.local.FrameSize = e.Value
		case settingHeaderList:
			s.local.HeaderList = e.Value
		case settingConnect:
			s.local.Connect = e.Value != 0
		}
	}
	s.h.SettingsAck()
}

func (s *Session) setLocalWindow(v uint32) {
	delta := int64(v) - int64(s.local.Window)
	s.local.Window = v
	for _, st := range s.streams {
		st.recv.limit += delta
		st.recv.left += delta
	}
}

// settingsFrame handles the peer's SETTINGS.
func (s *Session) settingsFrame(h header, b []byte) {
	if h.id != 0 {
		s.fail(ProtocolError, ErrProto)
		return
	}
	if h.has(flagAck) {
		if len(b) != 0 {
			s.fail(FrameSizeError, ErrFrameSize)
			return
		}
		s.acknowledged()
		return
	}
	if len(b)%settingSize != 0 {
		s.fail(FrameSizeError, ErrFrameSize)
		return
	}
	if len(b)/settingSize > s.o.MaxSettings {
		s.fatal(ErrTooManySettings, "")
		return
	}
	if !s.gotSettings { // what we assumed until now
		s.remote.MaxConcurrent = math.MaxUint32
	}
	for ; len(b) >= settingSize; b = b[settingSize:] {
		e := Setting{binary.BigEndian.Uint16(b), binary.BigEndian.Uint32(b[2:])}
		code, n := e.check()
		if n == 0 && (e.ID == settingConnect && e.Value == 0 && s.remote.Connect || e.ID == settingPush && e.Value == 1 && !s.server) {
			code, n = ProtocolError, ErrProto
		}
		if n == 0 && !s.setRemote(e) {
			code, n = FlowControlError, ErrFlowControl
		}
		if n != 0 {
			s.fail(code, n)
			return
		}
	}
	s.gotSettings = true
	s.out = appendHeader(s.out, 0, frameSettings, flagAck, 0)
	s.sent()
	s.answered()
	s.h.Settings()
	s.openPending()
}

// setRemote is false when a window becomes too large.
func (s *Session) setRemote(e Setting) bool {
	switch e.ID {
	case settingTableSize:
		s.remote.TableSize = e.Value
		s.encoder.SetMaxDynamicTableSizeLimit(s.o.MaxDeflateTable)
		s.encoder.SetMaxDynamicTableSize(min(e.Value, s.o.MaxDeflateTable))
	case settingPush:
		s.remote.Push = e.Value != 0
	case settingMaxConcurrent:
		s.remote.MaxConcurrent = e.Value
	case settingWindow:
		delta := int64(e.Value) - int64(s.remote.Window)
		s.remote.Window = e.Value
		for _, st := range s.streams {
			if st.window += delta; st.window > maxWindow {
				return false
			}
			s.schedule(st)
		}
	case settingFrameSize:
		s.remote.FrameSize = e.Value
	case settingHeaderList:
		s.remote.HeaderList = e.Value
	case settingConnect:
		s.remote.Connect = e.Value != 0
	default:
		for _, id := range s.o.RemoteCustom {
			if id == e.ID {
				s.remote.setCustom(e)
				break
			}
		}
	}
	return true
}
