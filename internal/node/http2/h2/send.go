package h2

import (
	"encoding/binary"
	"strings"

	"golang.org/x/net/http2/hpack"
)

// dataPayload is the most that goes into one DATA frame: streams take turns.
const dataPayload = 16384

// Fields are header fields to send: name NUL value NUL ..., and the names of those that must not be indexed.
type Fields struct {
	List   string
	Secret string // NUL name NUL name NUL
}

func (f Fields) size() (n int) {
	// What HPACK takes at most: lengths beside the text.
	return 12 + len(f.List) + 5*strings.Count(f.List, "\x00")
}

// encode makes a header block.
func (s *Session) encode(f Fields) []byte {
	s.encoded.Reset()
	for list := f.List; list != ""; {
		name, rest, _ := strings.Cut(list, "\x00")
		value, rest, _ := strings.Cut(rest, "\x00")
		list = rest
		secret := name == "authorization" || name == "cookie" && len(value) < 20
		if !secret && f.Secret != "" {
			secret = strings.Contains(f.Secret, "\x00"+name+"\x00")
		}
		// The buffer takes everything.
		_ = s.encoder.WriteField(hpack.HeaderField{Name: name, Value: value, Sensitive: secret})
	}
	return s.encoded.Bytes()
}

// sendBlock sends a header block in as many frames as it takes. prefix comes before it.
func (s *Session) sendBlock(kind, flags byte, id uint32, prefix []byte, block []byte) {
	size := int(s.remote.FrameSize)
	first := min(len(block), size-len(prefix))
	pad := 0
	if kind == frameHeaders {
		pad = s.padding(first, size)
	}
	if first == len(block) {
		flags |= flagEndHeaders
	}
	if pad > 0 {
		s.out = appendHeader(s.out, first+pad, kind, flags|flagPadded, id)
		s.out = append(s.out, byte(pad-1))
	} else {
		s.out = appendHeader(s.out, first+len(prefix), kind, flags, id)
	}
	s.out = append(append(s.out, prefix...), block[:first]...)
	s.zeros(pad - 1)
	s.sent()
	for block = block[first:]; len(block) > 0; {
		n := min(len(block), size)
		flags = 0
		if n == len(block) {
			flags = flagEndHeaders
		}
		s.out = appendHeader(s.out, n, frameContinuation, flags, id)
		s.out = append(s.out, block[:n]...)
		s.sent()
		block = block[n:]
	}
}

// padding is how many bytes, the length of the padding among them, make a payload of n bytes what the strategy wants.
func (s *Session) padding(n, most int) int {
	switch s.o.Padding {
	case PaddingAligned:
		if r := (n + headerSize) % 8; r != 0 {
			return min(8-r, most-n)
		}
	case PaddingMax:
		return min(256, most-n)
	}
	return 0
}

func (s *Session) zeros(n int) {
	for ; n > 0; n-- {
		s.out = append(s.out, 0)
	}
}

// tooLong tells, and reports, that a header block may not be sent: the stream ends.
func (s *Session) tooLong(st *Stream, kind byte, f Fields) bool {
	if f.size() <= s.o.MaxSendHeaders {
		return false
	}
	s.h.NotSent(st.ID, kind, FrameSizeError)
	return true
}

// Request opens a stream. nil: there are no numbers left.
func (s *Session) Request(f Fields, method string, end, trailers bool) *Stream {
	if s.nextID > maxStreamID {
		return nil
	}
	s.sendPreface()
	id := s.nextID
	s.nextID += 2
	st := s.newStream(id, true)
	st.trailers = trailers
	st.method = (&decoding{method: method}).methodKind()
	if uint32(s.open) > s.remote.MaxConcurrent || len(s.waiting) > 0 {
		s.open--
		st.pending = true
		st.ending = end
		st.request, st.reqSecret = []byte(f.List), []byte(f.Secret)
		s.waiting = append(s.waiting, st)
		return st
	}
	s.sendRequest(st, f, end)
	return st
}

func (s *Session) sendRequest(st *Stream, f Fields, end bool) {
	st.sentFinal = true
	if s.tooLong(st, frameHeaders, f) {
		return
	}
	flags := byte(0)
	if end {
		flags = flagEndStream
		st.localEnd = true
	}
	s.sendBlock(frameHeaders, flags, st.ID, nil, s.encode(f))
}

// openPending sends requests that the peer allows by now.
func (s *Session) openPending() {
	for len(s.waiting) > 0 && uint32(s.open) < s.remote.MaxConcurrent && !s.ended {
		st := s.waiting[0]
		s.waiting = s.waiting[1:]
		st.pending = false
		s.open++
		f := Fields{string(st.request), string(st.reqSecret)}
		st.request, st.reqSecret = nil, nil
		end := st.ending && st.queued() == 0
		s.sendRequest(st, f, end)
		s.schedule(st)
	}
}

func (s *Session) dropPending(st *Stream) {
	for i, w := range s.waiting {
		if w == st {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return
		}
	}
}

// Respond sends the final response.
func (s *Session) Respond(st *Stream, f Fields, end, trailers bool) {
	if st.gone || st.localEnd && !st.reserved {
		return
	}
	st.reserved = false
	st.sentFinal = true
	st.trailers = trailers
	if s.tooLong(st, frameHeaders, f) {
		s.sendReset(st.ID, FrameSizeError)
		s.closeStream(st, FrameSizeError)
		return
	}
	flags := byte(0)
	if end {
		flags = flagEndStream
		st.localEnd = true
	}
	s.sendBlock(frameHeaders, flags, st.ID, nil, s.encode(f))
	switch {
	case end:
		s.maybeClose(st)
	default:
		s.schedule(st)
	}
}

// Info sends a 1xx response.
func (s *Session) Info(st *Stream, f Fields) {
	if !st.gone && !st.localEnd {
		s.sendBlock(frameHeaders, 0, st.ID, nil, s.encode(f))
	}
}

// AwaitTrailers makes the stream ask for trailers when its body ends.
func (s *Session) AwaitTrailers(st *Stream) {
	if !st.localEnd {
		st.trailers = true
	}
}

// Trailers ends a stream with trailers; without any, with an empty DATA frame.
func (s *Session) Trailers(st *Stream, f Fields) {
	if st.gone || st.localEnd {
		return
	}
	if s.tooLong(st, frameHeaders, f) {
		s.sendReset(st.ID, FrameSizeError)
		s.closeStream(st, FrameSizeError)
		return
	}
	st.localEnd = true
	if f.List == "" {
		s.out = appendHeader(s.out, 0, frameData, flagEndStream, st.ID)
		s.sent()
	} else {
		s.sendBlock(frameHeaders, flagEndStream, st.ID, nil, s.encode(f))
	}
	s.maybeClose(st)
}

// Push promises a stream. nil: there are no numbers left, or the parent is gone.
func (s *Session) Push(parent *Stream, f Fields, method string) *Stream {
	if parent.gone || parent.localEnd || s.nextID > maxStreamID {
		return nil
	}
	id := s.nextID
	s.nextID += 2
	st := s.newStream(id, true)
	st.reserved, st.remoteEnd, st.gotFinal = true, true, true
	st.method = (&decoding{method: method}).methodKind()
	var prefix [4]byte
	binary.BigEndian.PutUint32(prefix[:], id)
	s.sendBlock(framePushPromise, 0, parent.ID, prefix[:], s.encode(f))
	return st
}

// Write queues a piece of a body. queued is what waits; Handler.Written follows unless it is 0.
func (s *Session) Write(st *Stream, b []byte) int {
	if st.gone || st.localEnd || st.ending {
		return 0
	}
	st.queue = append(st.queue, b...)
	s.memory += int64(len(b))
	s.schedule(st)
	return st.queued()
}

// Wait asks for Handler.Written.
func (s *Session) Wait(st *Stream) {
	st.waits = true
	s.schedule(st)
}

// End ends our side when everything queued is sent.
func (s *Session) End(st *Stream) {
	if st.gone || st.localEnd || st.ending {
		return
	}
	st.ending = true
	s.schedule(st)
}

// schedule puts a stream that can send into the list.
func (s *Session) schedule(st *Stream) {
	if st.scheduled || !s.sendable(st) {
		return
	}
	st.scheduled = true
	if s.last == nil {
		s.first = st
	} else {
		s.last.next = st
	}
	s.last = st
	s.h.Output()
}

func (s *Session) sendable(st *Stream) bool {
	if st.gone || st.localEnd || st.pending || st.reserved || !st.sentFinal {
		return false
	}
	return st.queued() > 0 && st.window > 0 || st.queued() == 0 && (st.ending && !st.asked || st.waits)
}

func (s *Session) hasWork() bool { return s.first != nil || len(s.blocked) > 0 }

// Flush makes DATA frames until there are budget bytes to send, and gives all that is to be sent: borrowed until Sent. more tells that
// there would have been more.
func (s *Session) Flush(budget int) (out []byte, more bool) {
	if s.window > 0 && len(s.blocked) > 0 {
		blocked := s.blocked
		s.blocked = nil
		for _, st := range blocked {
			s.schedule(st)
		}
	}
	for s.first != nil && len(s.out) < budget {
		st := s.first
		if s.first = st.next; s.first == nil {
			s.last = nil
		}
		st.next, st.scheduled = nil, false
		if !s.sendable(st) {
			continue
		}
		if st.queued() > 0 && s.window <= 0 {
			s.blocked = append(s.blocked, st)
			continue
		}
		s.frame(st)
		s.schedule(st)
	}
	return s.out, s.first != nil
}

// Empty tells whether there is nothing to send now.
func (s *Session) Empty() bool { return len(s.out) == 0 }

// Held is how many bytes wait to be flushed.
func (s *Session) Held() int { return len(s.out) }

// Sent says that what Flush gave is the transport's.
func (s *Session) Sent() {
	if cap(s.out) > 1<<20 {
		s.out = nil
	}
	s.out = s.out[:0]
	s.reopen()
}

// Delivered says that the transport has taken everything.
func (s *Session) Delivered() { s.acks = 0 }

// produce makes all frames of a stream that may be made now.
func (s *Session) produce(st *Stream) {
	for !st.gone && s.sendable(st) && (st.queued() == 0 || s.window > 0) {
		s.frame(st)
	}
}

// frame sends one DATA frame of a stream, or what comes after the last.
func (s *Session) frame(st *Stream) {
	n := int(min(int64(st.queued()), st.window, s.window, dataPayload))
	end := st.ending && !st.trailers && n == st.queued()
	if n > 0 || end {
		s.dataFrame(st, n, end)
	}
	if st.queued() > 0 {
		return
	}
	st.queue, st.queueAt = st.queue[:0], 0
	if cap(st.queue) > 256<<10 {
		st.queue = nil
	}
	if st.waits {
		st.waits = false
		s.h.Written(st)
	}
	switch {
	case end:
		st.localEnd = true
		s.maybeClose(st)
	case st.ending && !st.asked:
		st.asked = true
		s.h.WantTrailers(st)
	}
}

func (s *Session) dataFrame(st *Stream, n int, end bool) {
	flags := byte(0)
	if end {
		flags = flagEndStream
	}
	pad := 0
	if s.o.Padding != PaddingNone {
		pad = min(s.padding(n, dataPayload), int(max(0, min(st.window, s.window)-int64(n))))
	}
	if pad > 0 {
		s.out = appendHeader(s.out, n+pad, frameData, flags|flagPadded, st.ID)
		s.out = append(s.out, byte(pad-1))
	} else {
		s.out = appendHeader(s.out, n, frameData, flags, st.ID)
	}
	s.out = append(s.out, st.queue[st.queueAt:st.queueAt+n]...)
	s.zeros(pad - 1)
	st.queueAt += n
	st.window -= int64(n + pad)
	s.window -= int64(n + pad)
	s.memory -= int64(n)
	s.FramesSent++
}
