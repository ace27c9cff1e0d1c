package h2

import "encoding/binary"

// Receive takes bytes of the peer.
func (s *Session) Receive(b []byte) {
	for len(b) > 0 && !s.ended {
		switch {
		case s.magic > 0:
			b = s.preface(b)
		case s.inCount < headerSize:
			b = s.frameHeader(b)
			if s.inCount == headerSize && s.in.length == 0 && !s.ended {
				s.payload(nil)
			}
		case s.in.kind == frameData:
			b = s.data(b)
		default:
			b = s.collect(b)
		}
	}
}

func (s *Session) preface(b []byte) []byte {
	n := min(len(b), s.magic)
	at := len(clientPreface) - s.magic
	if string(b[:n]) != clientPreface[at:at+n] {
		s.fatal(ErrBadMagic, "")
		return nil
	}
	s.magic -= n
	return b[n:]
}

func (s *Session) frameHeader(b []byte) []byte {
	n := copy(s.inHeader[s.inCount:], b)
	if s.inCount += n; s.inCount < headerSize {
		return nil
	}
	s.in = parseHeader(s.inHeader[:])
	h := s.in
	switch {
	case h.length > int(max(s.local.FrameSize, minFrameSize)):
		s.fail(FrameSizeError, ErrFrameSize)
	case s.decoding.continues && (h.kind != frameContinuation || h.id != s.decoding.id):
		s.fail(ProtocolError, ErrProto)
	case !s.gotSettings && (h.kind != frameSettings || h.has(flagAck)):
		s.fail(ProtocolError, ErrSettingsExpected)
	case h.kind == frameData:
		s.beginData(h)
	}
	return b[n:]
}

// collect waits until a frame is complete.
func (s *Session) collect(b []byte) []byte {
	need := s.in.length - len(s.partial)
	if len(b) < need {
		s.partial = append(s.partial, b...)
		return nil
	}
	whole := b[:need]
	if len(s.partial) > 0 {
		s.partial = append(s.partial, whole...)
		whole = s.partial
		s.partial = s.partial[:0]
	}
	s.payload(whole)
	return b[need:]
}

// payload handles a complete frame.
func (s *Session) payload(b []byte) {
	s.inCount = 0
	s.FramesReceived++
	h := s.in
	switch h.kind {
	case frameData:
		s.endData()
	case frameHeaders:
		s.headers(h, b)
	case frameContinuation:
		s.continuation(h, b)
	case framePushPromise:
		s.promise(h, b)
	case frameSettings:
		s.settingsFrame(h, b)
	case framePing:
		s.ping(h, b)
	case frameGoaway:
		s.goawayFrame(h, b)
	case frameWindowUpdate:
		s.windowUpdate(h, b)
	case frameReset:
		s.reset(h, b)
	case framePriority:
		s.priority(h, b)
	case frameAltSvc:
		s.altSvc(h, b)
	case frameOrigin:
		s.origin(h, b)
	}
}

// ---- DATA comes in pieces: nothing of it is kept here

func (s *Session) beginData(h header) {
	s.dataLeft, s.padLeft, s.padKnown, s.dataStream = h.length, 0, !h.has(flagPadded), nil
	if h.id == 0 || s.idle(h.id) {
		s.fail(ProtocolError, ErrProto)
		return
	}
	if h.has(flagPadded) && h.length == 0 {
		s.fail(ProtocolError, ErrProto)
		return
	}
	if s.recv.left -= int64(h.length); s.recv.left < 0 {
		s.fail(FlowControlError, ErrFlowControl)
		return
	}
	st := s.streams[h.id]
	if st == nil { // closed: what was on its way is dropped
		s.give(h.length)
		return
	}
	switch {
	case st.reserved || st.Local && !s.server && !st.gotFinal && !st.sentFinal:
		s.fail(ProtocolError, ErrProto)
	case st.remoteEnd:
		s.fail(StreamClosed, ErrStreamClosed)
	case !st.gotFinal:
		s.streamError(st, ProtocolError, ErrProto)
		s.give(h.length)
	default:
		if st.recv.left -= int64(h.length); st.recv.left < 0 {
			s.streamError(st, FlowControlError, ErrFlowControl)
			s.give(h.length)
			return
		}
		s.dataStream = st
	}
}

// give opens the session's window for bytes that were taken: streams have windows of their own.
func (s *Session) give(n int) {
	s.consume(&s.recv, n)
}

func (s *Session) data(b []byte) []byte {
	if !s.padKnown {
		s.padKnown = true
		s.padLeft = int(b[0])
		s.dataLeft--
		b = b[1:]
		if s.padLeft > s.dataLeft {
			s.fail(ProtocolError, ErrProto)
			return nil
		}
		s.taken(1)
	}
	if n := min(len(b), s.dataLeft-s.padLeft); n > 0 {
		s.dataLeft -= n
		s.dataPiece(b[:n])
		b = b[n:]
	}
	if n := min(len(b), s.dataLeft); n > 0 && s.dataLeft <= s.padLeft {
		s.dataLeft -= n
		s.padLeft -= n
		s.taken(n)
		b = b[n:]
	}
	if s.dataLeft == 0 && !s.ended {
		s.payload(nil)
	}
	return b
}

// taken gives back the windows for bytes that the program doesn't see.
func (s *Session) taken(n int) {
	if st := s.dataStream; st != nil && !st.gone {
		s.give(n)
		s.consumed(st, n)
	}
}

func (s *Session) dataPiece(b []byte) {
	st := s.dataStream
	if st == nil {
		return
	}
	if st.gone {
		s.give(len(b))
		return
	}
	st.received += int64(len(b))
	if st.length >= 0 && st.received > st.length {
		s.streamError(st, ProtocolError, ErrHTTPMessaging)
		s.give(len(b))
		return
	}
	s.h.Body(st, b)
	s.give(len(b))
	s.consumed(st, len(b))
}

func (s *Session) endData() {
	st := s.dataStream
	s.dataStream = nil
	if !s.in.has(flagEndStream) && s.in.length == 0 {
		s.invalid() // frames that say nothing
		return
	}
	if st == nil || st.gone || !s.in.has(flagEndStream) {
		return
	}
	if st.length >= 0 && st.received != st.length {
		s.streamError(st, ProtocolError, ErrHTTPMessaging)
		return
	}
	st.remoteEnd = true
	s.h.End(st)
	s.maybeClose(st)
}

// ---- small frames

func (s *Session) ping(h header, b []byte) {
	switch {
	case h.id != 0:
		s.fail(ProtocolError, ErrProto)
	case len(b) != 8:
		s.fail(FrameSizeError, ErrFrameSize)
	default:
		if !h.has(flagAck) {
			s.out = appendHeader(s.out, 8, framePing, flagAck, 0)
			s.out = append(s.out, b...)
			s.sent()
			if s.answered(); s.ended {
				return
			}
		}
		s.h.Ping([8]byte(b), h.has(flagAck))
	}
}

func (s *Session) goawayFrame(h header, b []byte) {
	if h.id != 0 {
		s.fail(ProtocolError, ErrProto)
		return
	}
	if len(b) < 8 {
		s.fail(FrameSizeError, ErrFrameSize)
		return
	}
	last := binary.BigEndian.Uint32(b) & maxStreamID
	// The peer may not take back what it has refused, nor name a stream of its own.
	if last > 0 && !s.mine(last) || s.goaway && last > s.goawayLast {
		s.fail(ProtocolError, ErrProto)
		return
	}
	s.goaway, s.goawayLast = true, last
	var opaque []byte
	if len(b) > 8 {
		opaque = append(opaque, b[8:]...)
	}
	s.h.Goaway(Code(binary.BigEndian.Uint32(b[4:])), last, opaque)
	for id, st := range s.streams {
		if s.mine(id) && id > last {
			s.closeStream(st, RefusedStream)
		}
	}
}

func (s *Session) reset(h header, b []byte) {
	if len(b) != 4 {
		s.fail(FrameSizeError, ErrFrameSize)
		return
	}
	if h.id == 0 || s.idle(h.id) {
		s.fail(ProtocolError, ErrProto)
		return
	}
	st := s.streams[h.id]
	if st == nil {
		return
	}
	// Opening streams only to reset them costs the peer nothing: CVE-2023-44487.
	if s.server && !st.Local && !s.resets.take(s.o.Now()) {
		s.Terminate(InternalError)
		s.h.Failed(ErrFlooded, "")
		return
	}
	code := Code(binary.BigEndian.Uint32(b))
	s.h.Reset(st, code)
	s.closeStream(st, code)
}

func (s *Session) priority(h header, b []byte) {
	switch {
	case h.id == 0:
		s.fail(ProtocolError, ErrProto)
	case len(b) != priorityLength:
		s.fail(FrameSizeError, ErrFrameSize)
	}
}

func (s *Session) altSvc(h header, b []byte) {
	if s.server || len(b) < 2 {
		return
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b) < 2+n || (h.id == 0) == (n == 0) {
		return
	}
	s.h.AltSvc(h.id, append([]byte(nil), b[2:2+n]...), append([]byte(nil), b[2+n:]...))
}

func (s *Session) origin(h header, b []byte) {
	if s.server || h.id != 0 || h.flags&0xf != 0 {
		return
	}
	var list []string
	for len(b) > 0 {
		if len(b) < 2 {
			return
		}
		n := int(binary.BigEndian.Uint16(b))
		if len(b) < 2+n {
			return
		}
		if n > 0 {
			list = append(list, string(b[2:2+n]))
		}
		b = b[2+n:]
	}
	s.h.Origin(list)
}
