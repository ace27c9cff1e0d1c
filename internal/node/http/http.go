// Package http is the Go half of node:http. It owns the connections of an http.Server that accepts on a TCP or Unix socket: it reads,
// parses and limits requests, and writes responses; JavaScript is called once a request and calls back once for an answer that ends in
// one piece. Connections over anything else, and the client, use its parser from JavaScript (parser.go).
//
// A connection of TLS, whose handshake is JavaScript's, is taken over after it (layered.go): Go reads and writes through the session.
//
// Everything runs on the isolate's thread. A connection works on one request at a time. Whatever that is too little for (a request that
// comes before the answer to the one before it, a program that reads from the socket itself) moves to JavaScript with all its state
// (release, lib/stream_connection.ts) and stays there.
package http

import (
	"encoding/binary"
	"strconv"
	"syscall"
	"time"
	"unicode/utf8"

	"roost/internal/binding"
	"roost/internal/handle"
	"roost/internal/loop"
	"roost/internal/node/http/h1"
	"roost/internal/sys"
)

// Module is the http builtin.
var Module = binding.Module{Name: "http", Natives: binding.Natives{
	"serverNew": serverNew, "serverListen": serverListen, "takeOver": takeOver, "serverOptions": serverOptions, "serverClose": serverClose,
	"closeConnections": closeConnections, "checkTimeouts": checkTimeouts, "send": send, "pause": pause, "resume": resume,
	"discard": discard, "detach": detach, "release": release, "bodySent": bodySent, "closeSoon": closeSoon, "closeNow": closeNow, "methods": methods,
	"parserNew": parserNew, "parserReset": parserReset, "parserExpect": parserExpect, "parserExecute": parserExecute,
	"exchangeBegan": exchangeBegan, "exchangeEnded": exchangeEnded,
	"parserFinish": parserFinish, "parserUpgrade": parserUpgrade, "parserIsResponse": parserIsResponse, "parserSkipBody": parserSkipBody,
}}

// Events of a connection and of a server, as lib/server.ts reads them. Shutdown and close have net's numbers:
// a connection may become net's.
const (
	eventShutdown   = 6
	eventClose      = 7
	eventConnection = 10 // server: (connection id)
	eventRequest    = 11 // (info, url, header block, body?)
	eventUpgrade    = 12 // (info, url, header block); detach takes the connection, otherwise it goes on as a request
	eventBody       = 13 // (bytes, whether the message is complete, trailer block)
	eventEnd        = 14 // (trailer block): the message is complete
	eventError      = 15 // (code, reason, bytes parsed, what was read)
	eventAbort      = 16 // the client ended its side while it was owed an answer
	eventDrain      = 17 // what was queued is written
	eventErrno      = 18 // (errno): reading failed
	eventTimeout    = 19 // the request didn't come in time
	eventBroken     = 21 // (): what is laid over the stream failed: release takes the connection and hears of it
	eventPipelined  = 20 // another request comes before this one is answered: release takes the connection, otherwise it waits
)

// Bits of a request's info.
const (
	infoMajor     = 8
	infoMinor     = 12
	infoKeepAlive = 1 << 16
	infoComplete  = 1 << 17 // no body, or all of it is in the event
	infoExpect    = 1 << 18
	infoHost      = 1 << 19
	infoUpgrade   = 1 << 20
	infoBodyless  = 1 << 21 // neither Content-Length nor Transfer-Encoding
)

// Flags of send.
const (
	sendEnd     = 1
	sendClose   = 2  // close the connection after this answer
	sendChunked = 4  // frame the data as a chunk; with sendEnd, the last one
	sendDiscard = 8  // the rest of the request's body is of no interest
	sendHold    = 16 // more follows in this turn of JavaScript: keep it, if it is small
)

// maxAhead is how much of later requests is read while an answer is owed.
const maxAhead = 64 << 10

// maxQueued is how much output may wait before the next request is taken.
const maxQueued = 64 << 10

type stateKey struct{}

// state is what the isolate's servers share.
type state struct {
	env     *binding.Env
	reactor *handle.Reactor
	servers []*server
	conns   []*conn // by the number of their stream
	out     []byte  // where answers are put together
	plain   []byte  // what a read held under TLS
	sealed  []byte  // what a write makes under TLS
	joined  []byte  // the pieces of such a write
}

func stateOf(env *binding.Env) *state {
	return env.State(stateKey{}, func() any {
		r := env.State(handle.Key{}, func() any { return handle.NewReactor(env.Loop) }).(*handle.Reactor)
		return &state{env: env, reactor: r}
	}).(*state)
}

// server is one http.Server that listens.
type server struct {
	st        *state
	id        int
	maxHeader int
	lenient   bool
	halfOpen  bool
	keepAlive time.Duration // how long an idle connection stays; 0: for ever
	headers   time.Duration
	request   time.Duration
	first     *conn // all connections
	idleFirst *conn // idle since the longest
	idleLast  *conn
	idleTimer *loop.Timer
	closing   bool
}

// conn is one connection. Loop thread only.
type conn struct {
	srv *server
	s   *handle.Stream
	id  int
	p   h1.Parser
	lay *layered // what is laid over s, nil for nothing

	prev, next         *conn // in server.first
	idlePrev, idleNext *conn
	idle               bool
	idleSince          time.Duration
	started            time.Duration // when the request that is being read began
	requests           int
	bodySent           int64         // of the answer that is owed
	begun              time.Duration // when its request's head came
	status             int           // of it, or of what was sent before it (1xx); 0: nothing yet
	owed               bool          // it is counted as pending

	ahead      []byte // read, not yet parsed
	rest       []byte // of what is being parsed, for release while JavaScript runs; borrowed
	corked     []byte // answers that wait for more of their kind
	processing bool
	cork       bool
	resuming   bool // a call of process is on its way
	busy       bool // JavaScript has a request that isn't answered
	complete   bool // of that request everything was read
	answered   bool // its answer is complete
	paused     bool // JavaScript doesn't want more of the body now
	discards   bool
	eof        bool // the client has ended its side and may still read (httpAllowHalfOpen)
	closeAfter bool
	wantDrain  bool
	detached   bool
	failed     bool
	closed     bool
}

// serverNew() → id
func serverNew(c *binding.Call) {
	st := stateOf(c.Env())
	s := &server{st: st}
	s.id = c.Env().Adopt(s)
	c.Return(binding.Int(s.id))
}

func serverOf(c *binding.Call) *server {
	s, _ := c.Env().Handle(c.Int(0)).(*server)
	return s
}

// serverListen(server, listener): the listener's connections belong to the server from now on
func serverListen(c *binding.Call) {
	s := serverOf(c)
	l, ok := c.Env().Handle(c.Int(1)).(*handle.Listener)
	if s == nil || !ok {
		return
	}
	l.SetAccept(s.accept)
}

// serverOptions(server, maxHeaderSize, lenient, halfOpen, keepAliveMs, headersMs, requestMs)
func serverOptions(c *binding.Call) {
	s := serverOf(c)
	if s == nil {
		return
	}
	ms := func(k int) time.Duration { return time.Duration(c.Float(k) * float64(time.Millisecond)) }
	s.maxHeader, s.lenient, s.halfOpen = c.Int(1), c.Bool(2), c.Bool(3)
	s.keepAlive, s.headers, s.request = ms(4), ms(5), ms(6)
}

// serverClose(server): no more connections will come
func serverClose(c *binding.Call) {
	s := serverOf(c)
	if s == nil || s.closing {
		return
	}
	s.closing = true
	s.release()
}

// release frees what the server holds once it is closed and its last connection is gone.
func (s *server) release() {
	if !s.closing || s.first != nil {
		return
	}
	if s.idleTimer != nil {
		s.idleTimer.Close(nil)
		s.idleTimer = nil
	}
	s.st.env.Drop(s.id)
}

// closeConnections(server, all): closes the idle connections, or all of them
func closeConnections(c *binding.Call) {
	s := serverOf(c)
	if s == nil {
		return
	}
	all := c.Bool(1)
	for k := s.first; k != nil; {
		next := k.next
		if all || k.requests > 0 && !k.busy && !k.p.InMessage() && len(k.ahead) == 0 {
			k.s.Close(nil)
		}
		k = next
	}
}

func (s *server) accept(stream *handle.Stream) {
	stream.ID = s.st.env.Adopt(stream)
	c := s.newConn(stream)
	s.add(c, stream.ID)
	stream.SetSink(c)
	stream.OnClose(c.onClose)
	stream.SetReading(true)
	s.st.env.Emit(s.id, eventConnection, binding.Int(c.id))
}

func (s *server) newConn(stream *handle.Stream) *conn {
	c := &conn{srv: s, s: stream, started: s.st.env.Loop.Now()}
	c.p.MaxHeaderSize, c.p.Lenient = s.maxHeader, s.lenient
	c.p.Reset(h1.Request)
	return c
}

// add makes the connection known by its number.
func (s *server) add(c *conn, id int) {
	st := s.st
	c.id = id
	for len(st.conns) <= c.id {
		st.conns = append(st.conns, nil)
	}
	st.conns[c.id] = c
	c.next = s.first
	if c.next != nil {
		c.next.prev = c
	}
	s.first = c
}

// onClose runs in the close phase, whoever closed the stream.
func (c *conn) onClose() {
	c.leave()
	c.closed = true
	st := c.srv.st
	st.env.Emit(c.id, eventClose)
	c.forget()
}

// Between implements handle.Divisible.
func (c *conn) Between() bool {
	return c.idle && c.lay == nil && !c.processing && len(c.ahead) == 0 && len(c.corked) == 0 && c.s.Queued() == 0
}

func (c *conn) forget() {
	c.srv.st.conns[c.id] = nil
	c.srv.st.env.Drop(c.id)
}

// leave takes the connection out of the server.
func (c *conn) leave() {
	if c.closed || c.detached {
		return
	}
	c.abandons()
	c.setIdle(false)
	s := c.srv
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		s.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	}
	c.prev, c.next = nil, nil
	s.release()
}

func (c *conn) emit(event int, args ...binding.Result) { c.srv.st.env.Emit(c.id, event, args...) }

// Connected implements handle.Sink.
func (c *conn) Connected(syscall.Errno) {}

// ShutDown implements handle.Sink: the program has ended the socket itself.
func (c *conn) ShutDown(errno syscall.Errno) {
	if c.lay != nil {
		c.lay.below.ShutDown(errno)
		return
	}
	number := 0
	if errno != 0 {
		number = sys.ErrnoNumber(errno)
	}
	c.emit(eventShutdown, binding.Int(number))
}

// Data implements handle.Sink.
func (c *conn) Data(b []byte) {
	if c.lay != nil {
		c.open(b)
		return
	}
	c.take(b)
}

// take has what was read, after any layer.
func (c *conn) take(b []byte) {
	if c.failed { // what follows a malformed request means nothing
		return
	}
	if len(c.ahead) > 0 || c.resuming { // what is ahead waits for the end of an answer, or for JavaScript to want more
		c.ahead = append(c.ahead, b...)
		c.updateReading()
		return
	}
	c.process(b)
}

// updateReading stops reading while there is no room, or no use, for more.
func (c *conn) updateReading() {
	if c.detached || c.failed || c.s.Closing() {
		return
	}
	c.s.SetReading(!c.paused && len(c.ahead) < maxAhead && (c.s.Queued() == 0 || !c.busy))
}

// process parses data and reports what it holds, until an answer is owed.
func (c *conn) process(data []byte) {
	c.processing = true
	whole := data
	for !c.failed && !c.detached && !c.s.Closing() {
		if c.paused || c.closeAfter && c.answered && !c.busy || !c.busy && c.s.Queued() > maxQueued {
			break
		}
		if c.busy && c.complete {
			data = skipLines(data)
			if len(data) == 0 {
				break
			}
			c.rest = data
			c.emit(eventPipelined)
			break
		}
		at := len(whole) - len(data)
		n, ev := c.p.Next(data)
		data = data[n:]
		c.rest = data
		if ev == h1.NeedMore {
			if !c.busy && c.p.InMessage() {
				c.begin()
			}
			break
		}
		switch ev {
		case h1.Head:
			data = c.head(data)
		case h1.Body:
			data = c.body(data)
		case h1.Done:
			c.complete = true
			if c.discards {
				c.exchanged()
			} else {
				c.emit(eventEnd, binding.Latin1(c.p.Block))
			}
		case h1.Failed:
			c.fail(whole, at)
		case h1.Upgrade:
			c.failed = true // detach was not called: nobody speaks the other protocol
		}
	}
	c.processing, c.cork, c.rest = false, false, nil
	if len(c.corked) > 0 && !c.s.Closing() {
		out := c.corked
		c.corked = c.corked[:0]
		c.write(out)
	}
	if c.detached || c.s.Closing() {
		return
	}
	if len(data) > 0 && !c.failed {
		if len(c.ahead) > 0 { // data is its tail
			rest := copy(c.ahead, data)
			c.ahead = c.ahead[:rest]
		} else {
			c.ahead = append(c.ahead[:0], data...)
		}
	} else {
		c.ahead = c.ahead[:0]
	}
	if !c.busy && (c.closeAfter && c.answered || c.eof && len(c.ahead) == 0) {
		c.closeSoon()
		return
	}
	c.updateReading()
}

// skipLines drops the line ends that may stand before a request.
func skipLines(data []byte) []byte {
	for len(data) > 0 && (data[0] == '\r' || data[0] == '\n') {
		data = data[1:]
	}
	return data
}

// begin notes that a request has begun.
func (c *conn) begin() {
	if c.idle {
		c.setIdle(false)
		c.started = c.srv.st.env.Loop.Now()
	}
}

// head reports a request. It returns what is left of data.
func (c *conn) head(data []byte) []byte {
	c.begin()
	p := &c.p
	info := int(p.Method) | int(p.Major)<<infoMajor | int(p.Minor)<<infoMinor
	if p.KeepAlive {
		info |= infoKeepAlive
	}
	if p.ExpectHeader {
		info |= infoExpect
	}
	if p.HasHost {
		info |= infoHost
	}
	c.busy, c.complete, c.answered, c.discards, c.closeAfter = true, false, false, false, !p.KeepAlive
	c.requests++
	c.bodySent = 0
	c.owe()
	if p.Upgrades {
		c.ahead = append(c.ahead[:0], data...) // what detach hands over
		c.emit(eventUpgrade, binding.Int(info|infoUpgrade), binding.Latin1(p.URL), binding.Latin1(p.Block))
		if c.detached || c.s.Closing() {
			return nil
		}
		data = append([]byte(nil), c.ahead...)
		c.ahead = c.ahead[:0]
		p.SetUpgrade(false)
		info |= infoUpgrade
	}
	// Both slices stay valid: the parser writes them when the next message, or trailers, come.
	url, block := p.URL, p.Block
	var body []byte
	switch {
	case !p.HasBody():
		if _, ev := p.Next(nil); ev == h1.Done {
			c.complete = true
		}
	case p.ContentLength > 0 && int64(len(data)) >= p.ContentLength:
		n, ev := p.Next(data)
		if ev == h1.Body {
			body = p.Chunk
			data = data[n:]
			if _, ev := p.Next(nil); ev == h1.Done {
				c.complete = true
			}
		}
	}
	if c.complete {
		info |= infoComplete
		c.cork = len(data) > 0
	}
	if p.ContentLength < 0 && !p.HasTE {
		info |= infoBodyless
	}
	c.rest = data
	if body != nil {
		c.emit(eventRequest, binding.Int(info), binding.Latin1(url), binding.Latin1(block), binding.Buffer(body))
	} else {
		c.emit(eventRequest, binding.Int(info), binding.Latin1(url), binding.Latin1(block))
	}
	return data
}

// body reports a piece of the body, and the message's end when that follows at once.
func (c *conn) body(data []byte) []byte {
	chunk := c.p.Chunk
	if c.discards {
		return data
	}
	if !c.p.AtEnd() {
		c.emit(eventBody, binding.Buffer(chunk), binding.False)
		return data
	}
	c.p.Next(nil)
	c.complete = true
	c.emit(eventBody, binding.Buffer(chunk), binding.True, binding.Latin1(c.p.Block))
	return data
}

// fail reports a malformed request. at is where in packet the parser's data began. JavaScript closes the connection.
func (c *conn) fail(packet []byte, at int) {
	c.failed = true
	c.ahead, c.rest = nil, nil
	c.setIdle(false)
	e := c.p.Err
	c.emit(eventError, binding.String(e.Code), binding.String(e.Reason), binding.Int(min(at+e.Offset, len(packet))),
		binding.Buffer(packet))
}

// EOF implements handle.Sink.
func (c *conn) EOF() { c.ended() }

// ended ends what the client says.
func (c *conn) ended() {
	if c.detached || c.s.Closing() || c.lay != nil && c.lay.ended {
		return
	}
	if c.lay != nil {
		c.lay.ended = true
	}
	if c.failed {
		c.closeSoon()
		return
	}
	if !c.busy || !c.complete {
		switch ev := c.p.Finish(); ev {
		case h1.Failed:
			c.fail(nil, 0)
			return
		case h1.Done:
			c.complete = true
			c.emit(eventEnd, binding.Latin1(c.p.Block))
			if c.s.Closing() || c.detached {
				return
			}
		}
	}
	if !c.busy {
		c.closeSoon()
		return
	}
	if c.srv.halfOpen {
		c.eof = true
		return
	}
	c.closeAfter = true
	c.emit(eventAbort)
	if !c.s.Closing() {
		c.closeSoon()
	}
}

// ReadError implements handle.Sink.
func (c *conn) ReadError(errno syscall.Errno) {
	c.failed = true
	c.emit(eventErrno, binding.Int(sys.ErrnoNumber(errno)))
	if !c.s.Closing() {
		c.s.Close(nil)
	}
}

// Drained implements handle.Sink.
func (c *conn) Drained(errno syscall.Errno) {
	if errno != 0 {
		c.s.Close(nil)
		return
	}
	c.drained()
	// What the session said itself goes through the socket below, which waits for this, too.
	if c.lay != nil && !c.detached && !c.s.Closing() && c.s.Queued() == 0 {
		c.lay.below.Drained(0)
	}
}

func (c *conn) drained() {
	if c.wantDrain {
		c.wantDrain = false
		c.emit(eventDrain)
		if c.s.Closing() || c.detached {
			return
		}
	}
	if c.closeAfter && c.answered && !c.busy {
		c.closeSoon()
		return
	}
	c.resume()
}

func connOf(c *binding.Call) *conn {
	st := stateOf(c.Env())
	id := c.Int(0)
	if id <= 0 || id >= len(st.conns) {
		return nil
	}
	return st.conns[id]
}

// write gives bytes to the stream; an error closes it.
func (c *conn) write(bufs ...[]byte) int {
	if c.lay != nil {
		return c.seal(bufs)
	}
	queued, errno := c.s.Write(bufs...)
	if errno != 0 {
		c.s.Close(nil)
		return sys.ErrnoNumber(errno)
	}
	return queued
}

// closeSoon closes the connection when everything is written.
func (c *conn) closeSoon() {
	if c.lay != nil {
		c.goodbye()
	}
	c.s.CloseSoon()
}

// writevFrom is the size of data from which it is not copied behind its header.
const writevFrom = 16 << 10

// send(connection, flags, header, data, trailers) → bytes that wait | -errno. header and data are strings, bytes or undefined; strings are
// sent in UTF-8, a header's characters as bytes.
func send(call *binding.Call) {
	c := connOf(call)
	if c == nil || c.s.Closing() || c.detached {
		call.Return(binding.Int(sys.ErrnoNumber(syscall.EPIPE)))
		return
	}
	st := c.srv.st
	flags := call.Int(1)
	out := st.out[:0]
	if call.IsBytes(2) {
		out = append(out, call.Bytes(2)...)
	} else if chars, ok := call.Latin1(2); ok {
		out = append(out, chars...)
	} else if !call.IsUndefined(2) {
		out = appendLatin1(out, call.String(2))
	}
	var data []byte
	if call.IsBytes(3) {
		data = call.Bytes(3)
	} else if chars, ok := call.Latin1(3); ok && flags&sendChunked == 0 && len(chars) < writevFrom {
		before := len(out)
		out = appendUTF8(out, chars)
		c.bodySent += int64(len(out) - before)
	} else if !call.IsUndefined(3) {
		if text := call.String(3); flags&sendChunked == 0 && len(text) < writevFrom {
			out = append(out, text...)
			c.bodySent += int64(len(text))
		} else {
			data = []byte(text)
		}
	}
	if c.status < 200 && c.owed {
		c.status = statusOf(out, c.status)
	}
	c.bodySent += int64(len(data))
	if flags&sendChunked != 0 && len(data) > 0 {
		out = strconv.AppendInt(out, int64(len(data)), 16)
		out = append(out, '\r', '\n')
	}
	split := len(out)
	if len(data) < writevFrom {
		out = append(out, data...)
		split = -1
	}
	from := len(out)
	if flags&sendChunked != 0 {
		if len(data) > 0 {
			out = append(out, '\r', '\n')
		}
		if flags&sendEnd != 0 {
			out = append(out, "0\r\n"...)
			if !call.IsUndefined(4) {
				out = appendLatin1(out, call.String(4))
			}
			out = append(out, '\r', '\n')
		}
	}
	st.out = out
	if cap(out) > 1<<20 {
		st.out = nil
	}
	queued := 0
	switch {
	case flags&sendHold != 0 && split < 0:
		c.corked = append(c.corked, out...)
		queued = c.s.Queued() + len(c.corked)
		if len(c.corked) > maxQueued {
			corked := c.corked
			c.corked = c.corked[:0]
			queued = c.write(corked)
		}
	case c.cork && split < 0:
		c.corked = append(c.corked, out...)
	case len(c.corked) > 0:
		corked := c.corked
		c.corked = c.corked[:0]
		if split < 0 {
			queued = c.write(corked, out)
		} else {
			queued = c.write(corked, out[:split], data, out[from:])
		}
	case split < 0:
		if len(out) > 0 {
			queued = c.write(out)
		} else {
			queued = c.s.Queued()
		}
	default:
		queued = c.write(out[:split], data, out[from:])
	}
	if queued > 0 && c.s.Queued() > 0 {
		c.wantDrain = true
	}
	if flags&sendClose != 0 {
		c.closeAfter = true
	}
	if flags&sendDiscard != 0 {
		c.discards = true
		if c.paused {
			c.paused = false
		}
	}
	if flags&sendEnd != 0 && queued >= 0 {
		c.answered = true
		c.counts()
		c.exchanged()
	}
	call.Return(binding.Int(queued))
}

// appendUTF8 appends Latin-1 characters in UTF-8.
func appendUTF8(out, chars []byte) []byte {
	if !isASCII(chars) {
		for _, x := range chars {
			out = utf8.AppendRune(out, rune(x))
		}
		return out
	}
	return append(out, chars...)
}

// isASCII tells whether no byte is above 0x7F.
func isASCII(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, x := range b {
		if x >= 0x80 {
			return false
		}
	}
	return true
}

// appendLatin1 appends the characters of s as bytes.
func appendLatin1(out []byte, s string) []byte {
	for i := range len(s) {
		if s[i] >= 0x80 {
			for _, r := range s[i:] {
				out = append(out, byte(r))
			}
			return out
		}
		out = append(out, s[i])
	}
	return out
}

// exchanged goes on after an answer, or after the end of a request, when both are complete.
func (c *conn) exchanged() {
	if !c.answered || !c.busy {
		return
	}
	if c.closeAfter {
		c.busy = false
		if !c.processing {
			c.closeSoon()
		}
		return
	}
	if !c.complete {
		if !c.processing {
			c.resume()
		}
		return
	}
	c.busy = false
	c.setIdle(true)
	if !c.processing {
		c.resume()
	}
}

// resume parses what was read ahead, from the loop: JavaScript is running now.
func (c *conn) resume() {
	c.updateReading()
	if c.eof && len(c.ahead) == 0 && !c.busy {
		c.closeSoon()
		return
	}
	if len(c.ahead) == 0 || c.resuming {
		return
	}
	c.resuming = true
	c.srv.st.env.Loop.Pending(func() {
		c.resuming = false
		if c.detached || c.closed || c.s.Closing() {
			return
		}
		c.process(c.ahead)
	})
}

// pause(connection): no more body for now
func pause(call *binding.Call) {
	if c := connOf(call); c != nil && !c.detached && c.busy && !c.complete {
		c.paused = true
		c.updateReading()
	}
}

// resume(connection): more body is welcome
func resume(call *binding.Call) {
	if c := connOf(call); c != nil && c.paused {
		c.paused = false
		if !c.processing {
			c.resume()
		}
	}
}

// discard(connection): the rest of the body is of no interest
func discard(call *binding.Call) {
	if c := connOf(call); c != nil && c.busy && !c.complete {
		c.discards = true
		c.paused = false
		if !c.processing {
			c.resume()
		}
	}
}

// detach(connection) → what was read beyond the head. The stream is JavaScript's from now on: native:net streamAdopt.
func detach(call *binding.Call) {
	c := connOf(call)
	if c == nil || c.detached {
		return
	}
	c.leave()
	c.detach()
	call.Return(binding.Buffer(c.ahead))
	c.ahead = nil
}

func (c *conn) detach() {
	c.detached = true
	c.s.SetReading(false)
	if c.lay != nil {
		c.giveBack()
	}
}

// What release says of a connection.
const (
	releasedPaused = 1 // JavaScript doesn't want more of the body now
	releasedEOF    = 2 // the client has ended its side
	releasedLast   = 4 // a request after this one may be for another instance, and can't go there any more
)

// release(connection) → [parser, what was read and not parsed, flags, milliseconds since the request began or -1, when the
// owed request began (exchangeEnded) or -1] | undefined. All of the connection is JavaScript's from now on: the stream is net's (streamAdopt), the parser goes on in lib/stream_connection.ts.
func release(call *binding.Call) {
	c := connOf(call)
	if c == nil || c.detached || c.closed || c.s.Closing() {
		return
	}
	if len(c.corked) > 0 {
		c.write(c.corked)
		c.corked = nil
		if c.s.Closing() {
			return
		}
	}
	age := float64(-1)
	if !c.idle {
		age = float64(c.srv.st.env.Loop.Now()-c.started) / float64(time.Millisecond)
	}
	begun := c.handOver()
	c.leave()
	c.detach()
	flags := 0
	if c.paused {
		flags |= releasedPaused
	}
	if c.eof {
		flags |= releasedEOF
	}
	if c.lay == nil && c.s.Divided() {
		flags |= releasedLast
	}
	rest := c.rest
	if !c.processing {
		rest = c.ahead
	}
	j := &jsParser{p: c.p}
	c.p = h1.Parser{}
	call.Return(binding.List(binding.Ref(j), binding.Buffer(append([]byte(nil), rest...)), binding.Int(flags), binding.Number(age),
		binding.Number(begun)))
	c.ahead, c.rest = nil, nil
}

// bodySent(connection) → bytes of the body of the answer that is owed
func bodySent(call *binding.Call) {
	if c := connOf(call); c != nil {
		call.Return(binding.Number(float64(c.bodySent)))
	}
}

// closeSoon(connection): closes it when everything is written
func closeSoon(call *binding.Call) {
	if c := connOf(call); c != nil {
		c.failed = true
		if len(c.corked) > 0 {
			out := c.corked
			c.corked = nil
			c.write(out)
		}
		c.closeSoon()
	}
}

// closeNow(connection)
func closeNow(call *binding.Call) {
	if c := connOf(call); c != nil {
		c.s.Close(nil)
	}
}

// methods() → the names by their numbers in a request's info
func methods(call *binding.Call) { call.Return(binding.Strings(h1.Methods[:])) }

// setIdle puts the connection into the list of those that wait for a request, or takes it out.
func (c *conn) setIdle(on bool) {
	if c.idle == on {
		return
	}
	s := c.srv
	c.idle = on
	if !on {
		if c.idlePrev != nil {
			c.idlePrev.idleNext = c.idleNext
		} else {
			s.idleFirst = c.idleNext
		}
		if c.idleNext != nil {
			c.idleNext.idlePrev = c.idlePrev
		} else {
			s.idleLast = c.idlePrev
		}
		c.idlePrev, c.idleNext = nil, nil
		return
	}
	c.idleSince = s.st.env.Loop.Now()
	c.idlePrev = s.idleLast
	if s.idleLast != nil {
		s.idleLast.idleNext = c
	} else {
		s.idleFirst = c
	}
	s.idleLast = c
	if s.keepAlive > 0 && (s.idleTimer == nil || !s.idleTimer.Active()) {
		s.armIdle()
	}
}

// armIdle sets the one timer for the connection that is idle for the longest time.
func (s *server) armIdle() {
	if s.idleTimer == nil {
		s.idleTimer = s.st.env.Loop.NewTimer(s.closeIdle)
		s.idleTimer.Unref()
	}
	if s.idleFirst != nil && s.keepAlive > 0 {
		s.idleTimer.Start(s.idleFirst.idleSince+s.keepAlive-s.st.env.Loop.Now(), 0)
	}
}

func (s *server) closeIdle() {
	now := s.st.env.Loop.Now()
	for c := s.idleFirst; c != nil && now-c.idleSince >= s.keepAlive; c = s.idleFirst {
		c.setIdle(false)
		c.s.Close(nil)
	}
	if !s.closing || s.first != nil {
		s.armIdle()
	}
}

// checkTimeouts(server): ends requests that take too long to arrive
func checkTimeouts(c *binding.Call) {
	if s := serverOf(c); s != nil {
		s.checkTimeouts()
	}
}

func (s *server) checkTimeouts() {
	now := s.st.env.Loop.Now()
	var late []*conn
	for c := s.first; c != nil; c = c.next {
		if c.idle || c.failed || c.busy && c.complete {
			continue
		}
		age := now - c.started
		if s.request > 0 && age >= s.request || s.headers > 0 && age >= s.headers && !c.busy {
			late = append(late, c)
		}
	}
	for _, c := range late {
		if !c.closed && !c.s.Closing() && !c.detached {
			c.failed = true
			c.emit(eventTimeout)
		}
	}
}
