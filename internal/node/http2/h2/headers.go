package h2

import (
	"encoding/binary"
	"strconv"

	"golang.org/x/net/http2/hpack"
)

const (
	maxString        = 64 << 10 // of one name or value
	maxContinuations = 8        // frames of one block
	maxHeaderBytes   = 1<<24 - 1
	fieldOverhead    = 32 // RFC 9113 section 6.5.2
)

// Pseudo header fields, as bits.
const (
	pseudoMethod = 1 << iota
	pseudoScheme
	pseudoAuthority
	pseudoPath
	pseudoProtocol
	pseudoStatus
	seenHost
	seenLength
)

// decoding is the header block that is being read. While it is dropped it is decoded all the same, for the table's sake.
type decoding struct {
	st        *Stream // nil: dropped
	id        uint32  // of the frames
	flags     byte
	parent    uint32
	category  Category
	request   bool // pseudo fields of a request are allowed
	trailers  bool // no pseudo field is
	continues bool
	frames    int
	fields    []byte
	secrets   []byte
	pairs     int
	bytes     int
	seen      int
	regular   bool // a field that is no pseudo field has come
	malformed bool
	tooLarge  bool
	status    int
	method    string
	path      string
	scheme    string
	length    int64
}

// unpad removes padding and, of HEADERS, priority.
func (s *Session) unpad(h header, b []byte) ([]byte, bool) {
	pad := 0
	if h.has(flagPadded) {
		if len(b) < 1 {
			s.fail(FrameSizeError, ErrFrameSize)
			return nil, false
		}
		pad = int(b[0])
		b = b[1:]
	}
	if h.kind == frameHeaders && h.has(flagPriority) {
		if len(b) < priorityLength {
			s.fail(FrameSizeError, ErrFrameSize)
			return nil, false
		}
		if binary.BigEndian.Uint32(b)&maxStreamID == h.id {
			s.fail(ProtocolError, ErrProto)
			return nil, false
		}
		b = b[priorityLength:]
	}
	if pad > len(b) {
		s.fail(ProtocolError, ErrProto)
		return nil, false
	}
	return b[:len(b)-pad], true
}

// headers handles a HEADERS frame.
func (s *Session) headers(h header, b []byte) {
	b, ok := s.unpad(h, b)
	if !ok {
		return
	}
	if h.id == 0 {
		s.fail(ProtocolError, ErrProto)
		return
	}
	s.decoding = decoding{id: h.id, flags: h.flags, length: -1, fields: nil}
	d := &s.decoding
	st := s.streams[h.id]
	switch {
	case st != nil:
		if !s.continueStream(st, d) {
			return
		}
	case s.mine(h.id):
		if s.idle(h.id) {
			s.fail(ProtocolError, ErrProto)
			return
		}
	case !s.server: // servers open streams by promises alone
		if s.idle(h.id) {
			s.fail(ProtocolError, ErrProto)
			return
		}
	case h.id > s.lastPeer:
		if !s.openRequest(h, d) {
			return
		}
	}
	s.fragment(h, b)
}

// continueStream takes headers of a stream that is there: responses and trailers.
func (s *Session) continueStream(st *Stream, d *decoding) bool {
	if st.remoteEnd && !(st.reserved && !st.Local) {
		s.fail(StreamClosed, ErrStreamClosed)
		return false
	}
	d.st = st
	switch {
	case st.gotFinal:
		d.category, d.trailers = CategoryTrailers, true
	case s.server:
		s.fail(ProtocolError, ErrProto)
		return false
	case st.Local:
		d.category = CategoryResponse
	default:
		d.category = CategoryPush
	}
	return true
}

// openRequest opens the stream of a request, unless it is one too many: then its headers are dropped.
func (s *Session) openRequest(h header, d *decoding) bool {
	s.lastPeer = h.id
	if s.goawaySent && s.ended {
		return true
	}
	if uint32(s.peers) >= s.local.MaxConcurrent {
		s.fail(ProtocolError, ErrProto)
		return false
	}
	switch {
	case uint32(s.peers) >= s.pendingConcurrent:
		s.sendReset(h.id, RefusedStream)
		s.answered()
		return !s.ended
	case s.Memory() > s.o.MaxMemory:
		if s.rejected++; s.rejected > s.o.MaxRejected {
			s.fatal(-902, WhyRejectedStreams)
			return false
		}
		s.sendReset(h.id, EnhanceYourCalm)
		return true
	}
	d.st = s.newStream(h.id, false)
	d.category, d.request = CategoryRequest, true
	s.lastProcessed = h.id
	return true
}

// promise handles PUSH_PROMISE.
func (s *Session) promise(h header, b []byte) {
	b, ok := s.unpad(h, b)
	if !ok {
		return
	}
	if len(b) < 4 {
		s.fail(FrameSizeError, ErrFrameSize)
		return
	}
	promised := binary.BigEndian.Uint32(b) & maxStreamID
	if s.server || h.id == 0 || !s.local.Push || !s.mine(h.id) || s.idle(h.id) || promised == 0 || s.mine(promised) || promised <= s.lastPeer {
		s.fail(ProtocolError, ErrProto)
		return
	}
	parent := s.streams[h.id]
	if parent != nil && parent.remoteEnd {
		s.fail(StreamClosed, ErrStreamClosed)
		return
	}
	s.lastPeer = promised
	s.decoding = decoding{id: h.id, flags: h.flags &^ flagEndStream, length: -1, parent: h.id, category: CategoryRequest, request: true}
	switch {
	case parent == nil || s.reservedCount >= s.o.MaxReserved:
		s.sendReset(promised, Cancel)
		if s.answered(); s.ended {
			return
		}
	default:
		st := s.newStream(promised, false)
		st.reserved, st.localEnd = true, true
		s.reservedCount++
		s.lastProcessed = promised
		s.decoding.st = st
	}
	s.fragment(h, b[4:])
}

func (s *Session) continuation(h header, b []byte) {
	if !s.decoding.continues {
		s.fail(ProtocolError, ErrProto)
		return
	}
	if s.decoding.frames++; s.decoding.frames > maxContinuations {
		s.fatal(ErrTooManyContinuing, "")
		return
	}
	s.fragment(h, b)
}

// fragment decodes a piece of a header block.
func (s *Session) fragment(h header, b []byte) {
	d := &s.decoding
	d.continues = !h.has(flagEndHeaders)
	_, err := s.decoder.Write(b)
	if err == nil && !d.continues {
		err = s.decoder.Close()
	}
	if err != nil {
		d.continues = false
		s.fail(CompressionError, ErrHeaderComp)
		return
	}
	if !d.continues {
		s.block()
	}
}

// field is called by the decoder.
func (s *Session) field(f hpack.HeaderField) {
	d := &s.decoding
	if d.st == nil || d.tooLarge || d.malformed {
		return
	}
	switch s.checkField(d, f.Name, f.Value) {
	case fieldIgnored:
		return
	case fieldMalformed:
		d.malformed = true
		return
	}
	d.pairs++
	d.bytes += len(f.Name) + len(f.Value) + fieldOverhead
	if d.pairs > s.o.MaxHeaderPairs || d.bytes > d.st.headerMost {
		d.tooLarge = true
		return
	}
	if d.fields == nil {
		d.fields = make([]byte, 0, 256)
	}
	d.fields = append(append(append(append(d.fields, f.Name...), 0), f.Value...), 0)
	if f.Sensitive {
		d.secrets = append(append(d.secrets, f.Name...), 0)
	}
}

// block reports a complete header block.
func (s *Session) block() {
	d := &s.decoding
	st := d.st
	if st == nil || st.gone {
		return
	}
	d.st = nil
	if d.tooLarge {
		s.sendReset(st.ID, EnhanceYourCalm)
		s.closeStream(st, EnhanceYourCalm)
		return
	}
	end := d.flags&flagEndStream != 0
	if d.malformed || !s.complete(d, st, end) {
		s.streamError(st, ProtocolError, ErrHTTPMessaging)
		return
	}
	b := Block{Fields: d.fields, Sensitive: d.secrets, Flags: d.flags | flagEndHeaders, Parent: d.parent}
	switch d.category {
	case CategoryRequest:
		st.method = d.methodKind()
		if !st.reserved {
			st.gotFinal = true
			st.length = d.length
		}
	case CategoryResponse, CategoryPush:
		if d.status < 200 {
			d.category = CategoryInfo
			break
		}
		if st.reserved {
			st.reserved = false
			s.reservedCount--
		}
		st.gotFinal = true
		if st.method != 'H' && d.status != 304 && d.status != 204 && !(st.method == 'C' && d.status < 300) {
			st.length = d.length
		}
	}
	if end {
		if st.length > 0 && st.received != st.length || d.category == CategoryTrailers && st.length >= 0 && st.received != st.length {
			s.streamError(st, ProtocolError, ErrHTTPMessaging)
			return
		}
		st.remoteEnd = true
	}
	s.h.Headers(st, d.category, b)
	if end {
		s.maybeClose(st)
	}
}

func (d *decoding) methodKind() byte {
	switch d.method {
	case "HEAD":
		return 'H'
	case "CONNECT":
		return 'C'
	}
	return 'G'
}

// complete tells whether a block has what a message of its kind must have (RFC 9113 section 8).
func (s *Session) complete(d *decoding, st *Stream, end bool) bool {
	switch {
	case d.trailers:
		return end
	case d.request:
		if d.method == "CONNECT" && d.seen&pseudoProtocol == 0 {
			return d.seen&(pseudoScheme|pseudoPath) == 0 && d.seen&pseudoAuthority != 0
		}
		const all = pseudoMethod | pseudoScheme | pseudoPath
		if d.seen&all != all || d.seen&(pseudoAuthority|seenHost) == 0 {
			return false
		}
		if d.seen&pseudoProtocol != 0 && (d.method != "CONNECT" || d.seen&pseudoAuthority == 0) {
			return false
		}
		if d.scheme == "http" || d.scheme == "https" {
			return d.path != "" && (d.path[0] == '/' || d.path == "*" && d.method == "OPTIONS")
		}
		return true
	}
	if d.seen&pseudoStatus == 0 || d.status == 101 || d.status < 200 && (end || d.seen&seenLength != 0) {
		return false
	}
	return true
}

type fieldCheck int

const (
	fieldFine fieldCheck = iota
	fieldIgnored
	fieldMalformed
)

// checkField judges one field (RFC 9113 section 8.2, 8.3).
func (s *Session) checkField(d *decoding, name, value string) fieldCheck {
	if name == "" {
		return fieldMalformed
	}
	if name[0] == ':' {
		if d.regular || d.trailers || !validValue(value, true) {
			return fieldMalformed
		}
		return s.checkPseudo(d, name, value)
	}
	d.regular = true
	if !validName(name) {
		for i := range len(name) {
			if name[i] >= 'A' && name[i] <= 'Z' {
				return fieldMalformed
			}
		}
		return fieldIgnored
	}
	if !validValue(value, s.o.LenientWhitespace) {
		return fieldIgnored
	}
	switch name {
	case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade":
		return fieldMalformed
	case "te":
		if !equalFold(value, "trailers") {
			return fieldMalformed
		}
	case "host":
		if d.request && d.seen&seenHost != 0 {
			return fieldMalformed
		}
		d.seen |= seenHost
	case "content-length":
		if d.trailers {
			break
		}
		if d.seen&seenLength != 0 {
			return fieldMalformed
		}
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil || value[0] == '+' {
			return fieldMalformed
		}
		d.seen |= seenLength
		d.length = int64(n)
	}
	return fieldFine
}

func (s *Session) checkPseudo(d *decoding, name, value string) fieldCheck {
	bit := 0
	switch name {
	case ":method":
		bit, d.method = pseudoMethod, value
	case ":scheme":
		bit, d.scheme = pseudoScheme, value
	case ":authority":
		bit = pseudoAuthority
	case ":path":
		bit, d.path = pseudoPath, value
	case ":protocol":
		if s.server && s.local.Connect {
			bit = pseudoProtocol
		}
	case ":status":
		bit = pseudoStatus
		if len(value) != 3 || value[0] < '1' || value[0] > '9' {
			return fieldMalformed
		}
		n, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			return fieldMalformed
		}
		d.status = int(n)
	}
	if bit == 0 || d.seen&bit != 0 || d.request == (bit == pseudoStatus) || value == "" && bit != pseudoAuthority {
		return fieldMalformed
	}
	d.seen |= bit
	return fieldFine
}

func equalFold(a, lower string) bool {
	if len(a) != len(lower) {
		return false
	}
	for i := range len(a) {
		c := a[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// nameBytes are the bytes of a field's name.
var nameBytes = func() (t [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
		t[c] = true
	}
	return t
}()

func validName(name string) bool {
	for i := range len(name) {
		if !nameBytes[name[i]] {
			return false
		}
	}
	return true
}

func validValue(v string, lenient bool) bool {
	if v == "" {
		return true
	}
	if !lenient {
		for _, c := range [2]byte{v[0], v[len(v)-1]} {
			if c == ' ' || c == '\t' {
				return false
			}
		}
	}
	for i := range len(v) {
		if c := v[i]; c < 0x20 && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
