// Package h1 parses HTTP/1.x messages (RFC 9110, RFC 9112): incrementally, without copying bodies, and with the error names and
// texts that Node.js reports (HPE_*, "Parse Error: ...").
//
// It owns nothing but its own buffers. A Parser belongs to one goroutine at a time. It imports the standard library alone.
package h1

import "bytes"

// Kind says what a parser reads.
type Kind uint8

// The kinds of message.
const (
	Request Kind = iota
	Response
)

// Event is what Next found.
type Event uint8

// The events of a message come in this order: Head, any number of Body, Done. Upgrade comes in place of the next message.
const (
	NeedMore Event = iota // all of data was consumed; call again with more
	Head                  // start line and headers are complete: see the fields of Parser
	Body                  // Parser.Chunk is a piece of the body; it points into data
	Done                  // the message is complete; trailers are in Block
	Upgrade               // the rest of data is another protocol's
	Failed                // Parser.Err; the parser is dead
)

// Error is a malformed message.
type Error struct {
	Code   string // "HPE_INVALID_METHOD"
	Reason string // "Invalid method encountered"
	Offset int    // of the offending byte in the data of the last Next
}

// Error implements error.
func (e *Error) Error() string { return "Parse Error: " + e.Reason }

// DefaultMaxHeaderSize is Node's --max-http-header-size.
const DefaultMaxHeaderSize = 16 << 10

const maxChunkExtension = 16 << 10

type state uint8

const (
	stateStart state = iota // between messages; line ends are skipped before a request
	stateStartLine
	stateHeaders
	stateFraming // the head was reported
	stateFixed
	stateUntilEOF
	stateChunkSize
	stateChunkData
	stateChunkEnd
	stateTrailers
	stateDone // Done is due
	stateUpgraded
	stateClosed // the last message said that the connection closes
	stateDead
)

// Parser reads messages of one connection. The exported fields describe the current message; they are valid from Head until the next
// message begins, slices until the next Next.
type Parser struct {
	Kind          Kind
	Lenient       bool // accept what Node's insecureHTTPParser accepts
	MaxHeaderSize int  // 0: DefaultMaxHeaderSize

	Method        Method // requests
	URL           []byte // requests
	Status        int    // responses
	Reason        []byte // responses
	Major, Minor  uint8
	Block         []byte // "Name\nvalue\n" for each header, or for each trailer after Done
	Headers       int    // how many Block holds
	ContentLength int64  // -1: none
	Chunked       bool
	KeepAlive     bool // the peer lets the connection stay open
	Upgrades      bool // the message asks for, or agrees to, another protocol
	HasTE         bool
	ExpectHeader  bool   // there is an Expect header
	HasHost       bool   // there is a Host header
	Chunk         []byte // of Body
	Err           *Error

	state     state
	noBody    bool // SkipBody
	upgrade   bool
	remaining int64
	nread     int
	partial   []byte // the beginning of a line that came in pieces
	folding   bool   // the last header may go on in the next line, where that is accepted
	flags     uint16
}

const (
	flagClose uint16 = 1 << iota
	flagKeepAlive
	flagConnUpgrade
	flagUpgrade
	flagTE
	flagChunkedLast
	flagCL
)

// Reset makes the parser ready for another connection and keeps its buffers.
func (p *Parser) Reset(kind Kind) {
	*p = Parser{Kind: kind, Lenient: p.Lenient, MaxHeaderSize: p.MaxHeaderSize, URL: p.URL[:0], Reason: p.Reason[:0], Block: p.Block[:0],
		partial: p.partial[:0]}
}

// SkipBody says, after Head, that this response has no body whatever its headers say (it answers HEAD).
func (p *Parser) SkipBody() { p.noBody = true }

// SetUpgrade decides, after Head, whether the message ends HTTP on this connection. The default is Upgrades.
func (p *Parser) SetUpgrade(on bool) { p.upgrade = on }

// InMessage tells whether a message has begun and is not complete.
func (p *Parser) InMessage() bool {
	switch p.state {
	case stateStart, stateUpgraded, stateClosed, stateDead:
		return false
	}
	return true
}

// InHead tells whether a message's head has begun and is not complete.
func (p *Parser) InHead() bool { return p.state == stateStartLine || p.state == stateHeaders }

// AtEnd tells, after Body, whether Done is due: no more bytes are needed for it.
func (p *Parser) AtEnd() bool { return p.state == stateDone }

// HasBody tells, after Head, whether body bytes may follow.
func (p *Parser) HasBody() bool {
	if p.noBody || p.upgrade {
		return false
	}
	if p.Kind == Response {
		if p.bodyless() {
			return false
		}
		return p.Chunked || p.ContentLength != 0
	}
	return p.Chunked || p.ContentLength > 0 || p.HasTE
}

func (p *Parser) bodyless() bool {
	return p.noBody || p.Status/100 == 1 || p.Status == 204 || p.Status == 304
}

func (p *Parser) fail(offset int, code, reason string) Event {
	p.state = stateDead
	p.Err = &Error{Code: code, Reason: reason, Offset: max(offset, 0)}
	return Failed
}

func (p *Parser) limit() int {
	if p.MaxHeaderSize > 0 {
		return p.MaxHeaderSize
	}
	return DefaultMaxHeaderSize
}

// Next reads data and returns how much of it was consumed, and what it found. Call it again with the rest of data until NeedMore,
// Upgrade or Failed.
func (p *Parser) Next(data []byte) (n int, ev Event) {
	for {
		switch p.state {
		case stateDead:
			return n, Failed
		case stateUpgraded:
			return n, Upgrade
		case stateStart:
			for n < len(data) && (data[n] == '\r' || data[n] == '\n') {
				n++
			}
			if n == len(data) {
				return n, NeedMore
			}
			p.begin()
		case stateClosed:
			for n < len(data) && (data[n] == '\r' || data[n] == '\n') {
				n++
			}
			if n == len(data) {
				return n, NeedMore
			}
			return n, p.fail(n, "HPE_CLOSED_CONNECTION", "Data after `Connection: close`")
		case stateStartLine, stateHeaders, stateTrailers, stateChunkSize:
			var ok bool
			n, ev, ok = p.line(data, n)
			if ok {
				return n, ev
			}
		case stateFraming:
			if ev = p.frame(n); ev != NeedMore {
				return n, ev
			}
		case stateFixed, stateChunkData:
			if n == len(data) {
				return n, NeedMore
			}
			take := min(int64(len(data)-n), p.remaining)
			p.Chunk = data[n : n+int(take)]
			n += int(take)
			p.remaining -= take
			if p.remaining == 0 {
				if p.state == stateFixed {
					p.state = stateDone
				} else {
					p.state = stateChunkEnd
				}
			}
			return n, Body
		case stateUntilEOF:
			if n == len(data) {
				return n, NeedMore
			}
			p.Chunk = data[n:]
			return len(data), Body
		case stateChunkEnd:
			if n == len(data) {
				return n, NeedMore
			}
			c := data[n]
			switch {
			case len(p.partial) == 0 && c == '\r':
				p.partial = append(p.partial, c)
				n++
			case c == '\n' && (len(p.partial) == 1 || p.Lenient):
				p.partial = p.partial[:0]
				p.state = stateChunkSize
				n++
			case len(p.partial) == 1 && p.Lenient:
				p.partial = p.partial[:0]
				p.state = stateChunkSize
			case len(p.partial) == 1:
				return n, p.fail(n, "HPE_STRICT", "Expected LF after chunk data")
			case c == '\n':
				return n, p.fail(n+1, "HPE_CR_EXPECTED", "Missing expected CR after chunk data")
			case p.Lenient:
				p.state = stateChunkSize
			default:
				return n, p.fail(n, "HPE_STRICT", "Expected LF after chunk data")
			}
		case stateDone:
			p.end()
			return n, Done
		}
	}
}

// begin starts a message.
func (p *Parser) begin() {
	p.state = stateStartLine
	p.URL, p.Reason, p.Block, p.partial = p.URL[:0], p.Reason[:0], p.Block[:0], p.partial[:0]
	p.Headers, p.Status, p.nread, p.flags = 0, 0, 0, 0
	p.ContentLength = -1
	p.Chunked, p.KeepAlive, p.Upgrades, p.HasTE, p.ExpectHeader, p.HasHost = false, false, false, false, false, false
	p.noBody, p.upgrade, p.folding = false, false, false
	p.Chunk = nil
}

// end leaves a complete message.
func (p *Parser) end() {
	switch {
	case p.upgrade:
		p.state = stateUpgraded
	case p.KeepAlive || p.Lenient:
		p.state = stateStart
	default:
		p.state = stateClosed
	}
}

// Finish says that the peer has ended its side. The event is Done, Failed, or NeedMore for nothing to report.
func (p *Parser) Finish() Event {
	switch p.state {
	case stateUntilEOF:
		p.Block, p.Headers = p.Block[:0], 0
		p.KeepAlive = false
		p.end()
		return Done
	case stateStart, stateClosed, stateUpgraded, stateDead:
		return NeedMore
	}
	return p.fail(0, "HPE_INVALID_EOF_STATE", "Invalid EOF state")
}

// line reads one line of the head, of the trailers, or a chunk's size. ok: ev must be returned.
func (p *Parser) line(data []byte, n int) (int, Event, bool) {
	at := bytes.IndexByte(data[n:], '\n')
	if at < 0 {
		p.partial = append(p.partial, data[n:]...)
		if ev := p.checkPartial(len(data) - len(p.partial)); ev == Failed {
			return len(data), ev, true
		}
		return len(data), NeedMore, true
	}
	line := data[n : n+at+1]
	start := n
	if len(p.partial) > 0 {
		start -= len(p.partial)
		p.partial = append(p.partial, line...)
		line = p.partial
	}
	n += at + 1
	ev := p.wholeLine(line, start)
	p.partial = p.partial[:0]
	return n, ev, ev != NeedMore
}

func (p *Parser) wholeLine(line []byte, start int) Event {
	switch p.state {
	case stateStartLine:
		if p.Kind == Request {
			return p.requestLine(line, start)
		}
		return p.statusLine(line, start)
	case stateChunkSize:
		return p.chunkSize(line, start)
	}
	return p.headerLine(line, start)
}

// checkPartial finds early what no later byte can make right: a wrong method, and lines without end.
func (p *Parser) checkPartial(start int) Event {
	b := p.partial
	if len(b) == 0 {
		return NeedMore
	}
	if k := bytes.IndexByte(b, '\r'); k >= 0 && k < len(b)-1 && !p.Lenient {
		p.partial = append(b, '\n')
		return p.wholeLine(p.partial, start)
	}
	switch p.state {
	case stateStartLine:
		if p.Kind == Request {
			if _, _, ev := p.method(b, start, true); ev == Failed {
				return ev
			}
		} else if i := prefixMismatch(b, "HTTP/"); i >= 0 {
			return p.fail(start+i, "HPE_INVALID_CONSTANT", "Expected HTTP/, RTSP/ or ICE/")
		}
	case stateChunkSize:
		if len(b) > maxChunkExtension {
			return p.fail(start+len(b), "HPE_CHUNK_EXTENSIONS_OVERFLOW", "Chunk extensions overflow")
		}
		if c := b[0]; unhex[c] < 0 {
			return p.fail(start, "HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size")
		}
		return NeedMore
	}
	if p.nread+len(b) >= p.limit() && p.nread+p.counted(b) >= p.limit() || len(b) > 2*p.limit() {
		return p.fail(start+len(b), "HPE_HEADER_OVERFLOW", "Header overflow")
	}
	return NeedMore
}

// counted is how much of an unfinished line counts toward the limit: the request's target or the status text, a header's name and value.
func (p *Parser) counted(b []byte) int {
	if p.state != stateStartLine {
		name, value, _ := bytes.Cut(b, []byte{':'})
		return len(name) + len(bytes.TrimLeft(value, " \t"))
	}
	_, rest, _ := bytes.Cut(b, []byte{' '})
	rest = bytes.TrimLeft(rest, " ")
	if p.Kind == Request {
		rest, _, _ = bytes.Cut(rest, []byte{' '})
	}
	return len(rest)
}

// prefixMismatch is the first place where b differs from what it should begin with; -1 if so far it doesn't.
func prefixMismatch(b []byte, want string) int {
	for i := 0; i < len(b) && i < len(want); i++ {
		if b[i] != want[i] {
			return i
		}
	}
	return -1
}

// method reads the method and the space after it. partial: b may end anywhere.
func (p *Parser) method(b []byte, start int, partial bool) (m Method, n int, ev Event) {
	sp := bytes.IndexByte(b, ' ')
	if sp > 0 {
		if m, ok := lookupMethod(b[:sp]); ok {
			return m, sp + 1, NeedMore
		}
	}
	word := b
	if sp >= 0 {
		word = b[:sp]
	}
	longest, whole := methodPrefix(word)
	switch {
	case longest == len(word) && partial && sp < 0:
		return 0, 0, NeedMore
	case whole > 0 && whole == longest:
		return 0, 0, p.fail(start+whole, "HPE_INVALID_METHOD", "Expected space after method")
	}
	return 0, 0, p.fail(start+longest, "HPE_INVALID_METHOD", "Invalid method encountered")
}

// endOfLine cuts the line end off. bare: there was no CR before the LF.
func endOfLine(line []byte) (rest []byte, bare bool) {
	line = line[:len(line)-1]
	if len(line) > 0 && line[len(line)-1] == '\r' {
		return line[:len(line)-1], false
	}
	return line, true
}

func (p *Parser) requestLine(line []byte, start int) Event {
	m, i, ev := p.method(line, start, false)
	if ev == Failed {
		return ev
	}
	p.Method = m
	for i < len(line) && line[i] == ' ' {
		i++
	}
	from := i
	if i, ev = p.url(line, i, start); ev == Failed {
		return ev
	}
	p.URL = append(p.URL[:0], line[from:i]...)
	p.nread += len(p.URL)
	if p.nread >= p.limit() {
		return p.fail(start+i, "HPE_HEADER_OVERFLOW", "Header overflow")
	}
	if line[i] == '\r' || line[i] == '\n' { // HTTP/0.9
		if line[i] == '\n' && !p.Lenient || line[i] == '\r' && line[i+1] != '\n' && !p.Lenient {
			return p.fail(start+i, "HPE_CR_EXPECTED", "Expected CRLF after url")
		}
		p.Major, p.Minor = 0, 9
		p.state = stateHeaders
		return NeedMore
	}
	for i < len(line) && line[i] == ' ' {
		i++
	}
	rest := line[i:]
	rtsp, ice := false, false
	switch {
	case bytes.HasPrefix(rest, protoHTTP):
		i += 5
	case bytes.HasPrefix(rest, protoRTSP):
		i, rtsp = i+5, true
	case bytes.HasPrefix(rest, protoICE):
		i, ice = i+4, true
	default:
		at := 0
		for _, want := range []string{"HTTP/", "RTSP/", "ICE/"} {
			at = max(at, prefixMismatch(rest, want))
		}
		return p.fail(start+i+at, "HPE_INVALID_CONSTANT", "Expected HTTP/, RTSP/ or ICE/")
	}
	switch {
	case rtsp && !m.allowedRTSP():
		return p.fail(start+i, "HPE_INVALID_CONSTANT", "Invalid method for RTSP/x.x request")
	case ice && m != methodSource:
		return p.fail(start+i, "HPE_INVALID_CONSTANT", "Expected SOURCE method for ICE/x.x request")
	case !rtsp && !ice && !m.allowedHTTP():
		return p.fail(start+i, "HPE_INVALID_CONSTANT", "Invalid method for HTTP/x.x request")
	}
	if i, ev = p.version(line, i, start); ev == Failed {
		return ev
	}
	tail, bare := endOfLine(line[i:])
	switch {
	case m == methodPRI:
		return p.fail(start+i, "HPE_PAUSED_H2_UPGRADE", "Pause on PRI/Upgrade")
	case len(tail) > 0 && tail[0] == '\r' && !p.Lenient:
		return p.fail(start+i+1, "HPE_STRICT", "Expected CRLF after version")
	case len(tail) > 0 && tail[0] == '\r':
		// Lenient: a bare CR ends the line; the rest is the first header.
		p.state = stateHeaders
		return p.headerLine(line[i+1:], start+i+1)
	case len(tail) > 0:
		return p.fail(start+i, "HPE_INVALID_VERSION", "Expected CRLF after version")
	case bare && !p.Lenient:
		return p.fail(start+i+1, "HPE_INVALID_VERSION", "Expected CRLF after version")
	}
	p.state = stateHeaders
	return NeedMore
}

var (
	protoHTTP = []byte("HTTP/")
	protoRTSP = []byte("RTSP/")
	protoICE  = []byte("ICE/")
)

// version reads "1.1".
func (p *Parser) version(b []byte, i, start int) (int, Event) {
	if c := b[i]; c < '0' || c > '9' {
		return i, p.fail(start+i, "HPE_INVALID_VERSION", "Invalid major version")
	}
	p.Major = b[i] - '0'
	i++
	if b[i] != '.' {
		return i, p.fail(start+i, "HPE_INVALID_VERSION", "Expected dot")
	}
	i++
	if c := b[i]; c < '0' || c > '9' {
		return i, p.fail(start+i, "HPE_INVALID_VERSION", "Invalid minor version")
	}
	p.Minor = b[i] - '0'
	i++
	if !p.Lenient {
		switch [2]uint8{p.Major, p.Minor} {
		case [2]uint8{1, 1}, [2]uint8{1, 0}, [2]uint8{0, 9}, [2]uint8{2, 0}:
		default:
			return i, p.fail(start+i, "HPE_INVALID_VERSION", "Invalid HTTP version")
		}
	}
	return i, NeedMore
}

// url checks the request target and returns where it ends: at a space or at the line's end.
func (p *Parser) url(b []byte, i, start int) (int, Event) {
	c := b[i]
	switch {
	case p.Method == methodConnect:
		return p.authority(b, i, start)
	case c == '/' || c == '*':
		return p.path(b, i, start)
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		for c = b[i]; c|0x20 >= 'a' && c|0x20 <= 'z'; c = b[i] {
			i++
		}
		for k, want := range []byte("://") {
			if b[i] != want {
				if k == 0 && (b[i] == ' ' || b[i] == '\r' || b[i] == '\n') {
					return i, p.fail(start+i, "HPE_INVALID_URL", "Invalid characters in url")
				}
				return i, p.fail(start+i, "HPE_INVALID_URL", "Unexpected char in url schema")
			}
			i++
		}
		return p.authority(b, i, start)
	case c == ' ' || c == '\r' || c == '\n' || c == '\t' || c == '\f':
		return i, p.fail(start+i, "HPE_INVALID_URL", "Invalid characters in url")
	}
	return i, p.fail(start+i, "HPE_INVALID_URL", "Unexpected start char in url")
}

func (p *Parser) authority(b []byte, i, start int) (int, Event) {
	for ; ; i++ {
		c := b[i]
		switch {
		case c == '/' || c == '?':
			return p.path(b, i, start)
		case c == ' ' || c == '\r' || c == '\n':
			return i, NeedMore
		case !isAuthority[c]:
			return i, p.fail(start+i, "HPE_INVALID_URL", "Unexpected char in url server")
		}
	}
}

func (p *Parser) path(b []byte, i, start int) (int, Event) {
	part := "Invalid char in url path"
	for ; ; i++ {
		c := b[i]
		if c > ' ' && c < 0x7F {
			switch {
			case c == '?' && part == "Invalid char in url path":
				part = "Invalid char in url query"
			case c == '#':
				part = "Invalid char in url fragment"
			}
			continue
		}
		switch {
		case c == ' ' || c == '\r' || c == '\n':
			return i, NeedMore
		case c == '\t' || c == '\f':
			return i, p.fail(start+i+1, "HPE_INVALID_URL", "Invalid characters in url")
		}
		return i, p.fail(start+i, "HPE_INVALID_URL", part)
	}
}

func (p *Parser) statusLine(line []byte, start int) Event {
	if i := prefixMismatch(line, "HTTP/"); i >= 0 || len(line) < 6 {
		return p.fail(start+max(i, 0), "HPE_INVALID_CONSTANT", "Expected HTTP/, RTSP/ or ICE/")
	}
	i, ev := p.version(line, 5, start)
	if ev == Failed {
		return ev
	}
	if line[i] != ' ' {
		return p.fail(start+i, "HPE_INVALID_VERSION", "Expected space after version")
	}
	i++
	digits := 0
	for p.Status = 0; digits < 3; digits++ {
		c := line[i]
		if c < '0' || c > '9' {
			return p.fail(start+i, "HPE_INVALID_STATUS", "Invalid status code")
		}
		p.Status = p.Status*10 + int(c-'0')
		i++
	}
	tail, bare := endOfLine(line[i:])
	switch {
	case len(tail) > 0 && tail[0] != ' ':
		return p.fail(start+i, "HPE_INVALID_STATUS", "Invalid response status")
	case len(tail) > 0:
		tail = tail[1:]
	}
	if k := bytes.IndexByte(tail, '\r'); k >= 0 && !p.Lenient {
		return p.fail(start+i+k+2, "HPE_STRICT", "Expected LF after CR")
	}
	if bare && !p.Lenient {
		return p.fail(start+len(line), "HPE_CR_EXPECTED", "Missing expected CR after response line")
	}
	p.Reason = append(p.Reason[:0], tail...)
	if p.nread += len(tail); p.nread >= p.limit() {
		return p.fail(start+i, "HPE_HEADER_OVERFLOW", "Header overflow")
	}
	p.state = stateHeaders
	return NeedMore
}

// headerLine reads one header or trailer, or the empty line after them.
func (p *Parser) headerLine(line []byte, start int) Event {
	c := line[0]
	if c == '\r' || c == '\n' {
		switch {
		case c == '\n' && !p.Lenient:
			return p.fail(start+1, "HPE_INVALID_HEADER_TOKEN", "Invalid header field char")
		case c == '\r' && line[1] != '\n':
			if !p.Lenient {
				return p.fail(start+1, "HPE_STRICT", "Expected LF after headers")
			}
			return p.fail(start+1, "HPE_INVALID_HEADER_TOKEN", "Invalid header token")
		}
		return p.endHeaders()
	}
	if c == ' ' || c == '\t' {
		return p.continued(line, start)
	}
	i := 0
	for isToken[line[i]] {
		i++
	}
	if line[i] != ':' || i == 0 {
		if line[i] == ' ' && frames(line[:i]) {
			return p.fail(start+i+1, "HPE_INVALID_HEADER_TOKEN", "Invalid header field char")
		}
		return p.fail(start+i, "HPE_INVALID_HEADER_TOKEN", "Invalid header token")
	}
	name := line[:i]
	i++
	for line[i] == ' ' || line[i] == '\t' {
		i++
	}
	value, bare := endOfLine(line[i:])
	if ev := p.checkValue(value, start+i); ev == Failed {
		return ev
	}
	if bare && !p.Lenient {
		return p.fail(start+len(line), "HPE_CR_EXPECTED", "Missing expected CR after header value")
	}
	raw := value
	for len(value) > 0 && (value[len(value)-1] == ' ' || value[len(value)-1] == '\t') {
		value = value[:len(value)-1]
	}
	if p.nread += len(name) + len(value); p.nread >= p.limit() {
		return p.fail(start+i+len(value), "HPE_HEADER_OVERFLOW", "Header overflow")
	}
	p.folding = true
	p.Block = append(p.Block, name...)
	p.Block = append(p.Block, '\n')
	p.Block = append(p.Block, value...)
	p.Block = append(p.Block, '\n')
	p.Headers++
	switch len(name) { // only the headers that frame a message are looked at
	case 4, 6, 7, 10, 14, 16, 17:
		return p.special(name, value, raw, start, i)
	}
	return NeedMore
}

// frames tells whether a header of this name says how the message is framed, or what becomes of the connection.
func frames(name []byte) bool {
	for _, known := range [...]string{"connection", "content-length", "proxy-connection", "transfer-encoding", "upgrade"} {
		if equalFold(name, known) {
			return true
		}
	}
	return false
}

// checkValue refuses control characters.
func (p *Parser) checkValue(value []byte, at int) Event {
	for k, c := range value {
		if isValue[c] {
			continue
		}
		if c == '\r' {
			return p.fail(at+k+1, "HPE_LF_EXPECTED", "Missing expected LF after header value")
		}
		if !p.Lenient {
			return p.fail(at+k, "HPE_INVALID_HEADER_TOKEN", "Invalid header value char")
		}
	}
	return NeedMore
}

// continued is a line that begins with white space: obsolete line folding.
func (p *Parser) continued(line []byte, start int) Event {
	if !p.folding {
		if p.Headers == 0 && p.state == stateHeaders {
			if !p.Lenient {
				return p.fail(start+1, "HPE_UNEXPECTED_SPACE", "Unexpected space after start line")
			}
			i := 0
			for line[i] == ' ' || line[i] == '\t' {
				i++
			}
			return p.headerLine(line[i:], start+i)
		}
		if p.Headers == 0 {
			return p.fail(start, "HPE_INVALID_HEADER_TOKEN", "Invalid header token")
		}
		return p.fail(start, "HPE_INVALID_HEADER_TOKEN", "Unexpected whitespace after header value")
	}
	// Who folds today attempts to smuggle.
	if !p.Lenient && p.Block[len(p.Block)-2] == '\n' {
		return p.fail(start, "HPE_INVALID_HEADER_TOKEN", "Invalid header value char")
	}
	if !p.Lenient {
		return p.fail(start, "HPE_INVALID_HEADER_TOKEN", "Unexpected whitespace after header value")
	}
	value, _ := endOfLine(line)
	if ev := p.checkValue(value, start); ev == Failed {
		return ev
	}
	value = bytes.TrimRight(value, " \t")
	if p.nread += len(value); p.nread >= p.limit() {
		return p.fail(start+len(value), "HPE_HEADER_OVERFLOW", "Header overflow")
	}
	p.Block = p.Block[:len(p.Block)-1]
	if p.Block[len(p.Block)-1] == '\n' { // the value begins here
		value = bytes.TrimLeft(value, " \t")
	}
	p.Block = append(p.Block, value...)
	p.Block = append(p.Block, '\n')
	return NeedMore
}

// special reads the headers that say how the message is framed and what becomes of the connection. raw is value with the white space after it.
func (p *Parser) special(name, value, raw []byte, start, at int) Event {
	switch {
	case len(name) == 4 && equalFold(name, "host"):
		p.HasHost = true
	case len(name) == 6 && equalFold(name, "expect"):
		p.ExpectHeader = true
	case len(name) == 7 && equalFold(name, "upgrade"):
		if len(value) > 0 {
			p.flags |= flagUpgrade
		}
	case len(name) == 10 && equalFold(name, "connection"), len(name) == 16 && equalFold(name, "proxy-connection"):
		for len(value) > 0 {
			var token []byte
			token, value = cutComma(value)
			switch {
			case equalFold(token, "close"):
				p.flags |= flagClose
			case equalFold(token, "keep-alive"):
				p.flags |= flagKeepAlive
			case equalFold(token, "upgrade"):
				p.flags |= flagConnUpgrade
			}
		}
	case len(name) == 14 && equalFold(name, "content-length"):
		if p.flags&flagCL != 0 {
			return p.fail(start+at, "HPE_UNEXPECTED_CONTENT_LENGTH", "Duplicate Content-Length")
		}
		if p.flags&flagTE != 0 && !p.Lenient {
			return p.fail(start+at, "HPE_INVALID_CONTENT_LENGTH", "Content-Length can't be present with Transfer-Encoding")
		}
		p.flags |= flagCL
		p.folding = false // nothing may be added to what frames the message
		if len(value) == 0 {
			return p.fail(start+at+1, "HPE_INVALID_CONTENT_LENGTH", "Empty Content-Length")
		}
		var n uint64
		for k, c := range value {
			if c < '0' || c > '9' {
				return p.fail(start+at+k, "HPE_INVALID_CONTENT_LENGTH", "Invalid character in Content-Length")
			}
			d := uint64(c - '0')
			if n > (1<<63-1-d)/10 {
				return p.fail(start+at+k, "HPE_INVALID_CONTENT_LENGTH", "Content-Length overflow")
			}
			n = n*10 + d
		}
		if p.state != stateTrailers {
			p.ContentLength = int64(n)
		}
	case len(name) == 17 && equalFold(name, "transfer-encoding"):
		if p.flags&flagCL != 0 && !p.Lenient {
			return p.fail(start+at, "HPE_INVALID_TRANSFER_ENCODING", "Transfer-Encoding can't be present with Content-Length")
		}
		p.flags |= flagTE
		p.folding = false
		p.HasTE = true
		if len(value) == 0 {
			return p.fail(start+at, "HPE_INVALID_TRANSFER_ENCODING", "Empty Transfer-Encoding")
		}
		// A tab behind a coding, and a comma with nothing behind it, make it another one.
		for rest, more := bytes.TrimRight(raw, " "), true; more; {
			var token []byte
			token, rest, more = bytes.Cut(rest, comma)
			if p.flags&flagChunkedLast != 0 && !p.Lenient && p.Kind == Request {
				return p.fail(start+at, "HPE_INVALID_TRANSFER_ENCODING", "Invalid `Transfer-Encoding` header value")
			}
			p.flags &^= flagChunkedLast
			if equalFold(bytes.TrimRight(bytes.TrimLeft(token, " \t"), " "), "chunked") {
				p.flags |= flagChunkedLast
			}
		}
	}
	return NeedMore
}

// endHeaders is the empty line.
func (p *Parser) endHeaders() Event {
	if p.state == stateTrailers {
		p.state = stateDone
		return NeedMore
	}
	p.Chunked = p.flags&flagChunkedLast != 0
	if p.Chunked {
		p.ContentLength = -1
	}
	p.KeepAlive = p.flags&flagClose == 0 && (p.Major > 0 && p.Minor > 0 || p.flags&flagKeepAlive != 0)
	if p.Kind == Response && !p.bodyless() && !p.Chunked && (p.ContentLength < 0 || p.flags&flagTE != 0) {
		p.KeepAlive = false // only the connection's end tells where the body ends
	}
	if p.Kind == Request {
		p.Upgrades = p.Method == methodConnect || p.flags&(flagUpgrade|flagConnUpgrade) == flagUpgrade|flagConnUpgrade
	} else {
		p.Upgrades = p.Status == 101 && p.flags&(flagUpgrade|flagConnUpgrade) == flagUpgrade|flagConnUpgrade
	}
	p.upgrade = p.Upgrades
	p.state = stateFraming
	return Head
}

// frame decides how long the body is. NeedMore: go on in the new state.
func (p *Parser) frame(at int) Event {
	if p.Kind == Response {
		if p.bodyless() || p.upgrade {
			if p.Status == 101 && !p.upgrade {
				p.KeepAlive, p.upgrade = true, true // what follows is not HTTP, whatever the headers say
			}
			return p.finishBodyless()
		}
	} else if p.upgrade && (p.Method == methodConnect || !p.Chunked && p.ContentLength <= 0) {
		return p.finishBodyless()
	}
	switch {
	case p.Chunked:
		p.state = stateChunkSize
	case p.flags&flagTE != 0:
		if p.Kind == Request && !p.Lenient {
			return p.fail(at, "HPE_INVALID_TRANSFER_ENCODING", "Request has invalid `Transfer-Encoding`")
		}
		p.state = stateUntilEOF
	case p.ContentLength > 0:
		p.remaining = p.ContentLength
		p.state = stateFixed
	case p.ContentLength == 0, p.Kind == Request:
		return p.finishBodyless()
	default:
		p.state = stateUntilEOF
	}
	p.Block, p.Headers = p.Block[:0], 0
	return NeedMore
}

func (p *Parser) finishBodyless() Event {
	p.Block, p.Headers = p.Block[:0], 0
	p.end()
	return Done
}

func (p *Parser) chunkSize(line []byte, start int) Event {
	if len(line) > maxChunkExtension {
		return p.fail(start+len(line), "HPE_CHUNK_EXTENSIONS_OVERFLOW", "Chunk extensions overflow")
	}
	var n uint64
	i := 0
	for ; unhex[line[i]] >= 0; i++ {
		if n > (1<<63-1)>>4 {
			return p.fail(start+i, "HPE_INVALID_CHUNK_SIZE", "Chunk size overflow")
		}
		n = n<<4 | uint64(unhex[line[i]])
	}
	if i == 0 {
		return p.fail(start, "HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size")
	}
	tail, bare := endOfLine(line[i:])
	if p.Lenient {
		tail = bytes.TrimLeft(tail, " ")
	}
	switch {
	case len(tail) == 0:
		if bare && !p.Lenient {
			return p.fail(start+len(line), "HPE_CR_EXPECTED", "Missing expected CR after chunk size")
		}
	case tail[0] == '\r':
		return p.fail(start+i+1, "HPE_STRICT", "Expected LF after chunk size")
	case tail[0] != ';':
		return p.fail(start+i, "HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size")
	default:
		if at, reason := checkExtension(tail); reason != "" {
			return p.fail(start+i+at, "HPE_STRICT", reason)
		}
		if bare && !p.Lenient {
			return p.fail(start+len(line), "HPE_CR_EXPECTED", "Missing expected CR after chunk extension value")
		}
	}
	if n == 0 {
		p.state = stateTrailers
		p.nread = 0
		p.folding = false
		return NeedMore
	}
	p.remaining = int64(n)
	p.state = stateChunkData
	return NeedMore
}

// checkExtension reads ";name=value;name=\"quoted\"".
func checkExtension(b []byte) (at int, reason string) {
	i := 0
	for i < len(b) {
		if b[i] != ';' {
			return i, "Invalid character in chunk extensions"
		}
		i++
		from := i
		for i < len(b) && isToken[b[i]] {
			i++
		}
		if i == from && (i == len(b) || b[i] != ';') {
			return i, "Invalid character in chunk extensions"
		}
		if i == len(b) || b[i] == ';' {
			continue
		}
		if b[i] != '=' {
			return i + 1, "Invalid character in chunk extensions name"
		}
		i++
		if i < len(b) && b[i] == '"' {
			for i++; ; i++ {
				if i >= len(b) {
					return i, "Invalid character in chunk extensions quoted value"
				}
				if b[i] == '"' {
					i++
					break
				}
				if b[i] == '\\' {
					i++
					continue
				}
				if !isValue[b[i]] {
					return i, "Invalid character in chunk extensions quoted value"
				}
			}
			if i < len(b) && b[i] != ';' {
				return i, "Invalid character in chunk extensions quote value"
			}
			continue
		}
		from = i
		for i < len(b) && isToken[b[i]] {
			i++
		}
		if i == from || i < len(b) && b[i] != ';' {
			return i, "Invalid character in chunk extensions value"
		}
	}
	return 0, ""
}

var comma = []byte{','}

// cutComma takes the first element off a list.
func cutComma(list []byte) (element, rest []byte) {
	if k := bytes.IndexByte(list, ','); k >= 0 {
		list, rest = list[:k], list[k+1:]
	}
	return bytes.Trim(list, " \t"), rest
}

// equalFold compares with lower-case ASCII.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
