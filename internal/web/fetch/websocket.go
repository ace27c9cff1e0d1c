package fetch

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"roost/internal/binding"
	"roost/internal/loop"
)

// The client side of the WebSocket protocol (RFC 6455), over the HTTP client of the process. Three goroutines serve a socket: the one that
// connects goes on to read frames, one writes them, and the loop thread emits what the reader queued.

// Events of a socket, as in lib/websocket.ts.
const (
	wsOpen    = iota // protocol
	wsMessage        // string, or bytes
	wsSent           // number of bytes that left the queue
	wsFail           // message
	wsClose          // code, reason, clean
)

// Opcodes of frames.
const (
	opContinue = 0
	opText     = 1
	opBinary   = 2
	opClose    = 8
	opPing     = 9
	opPong     = 10
)

const (
	wsMaxMessage = 512 << 20 // V8 holds no longer string
	wsMaxQueued  = 1 << 20   // of received data that JavaScript has not taken, before the reader waits
	wsCloseWait  = 3 * time.Second
	wsGUID       = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
)

// wsError is a fault of the peer, with the code that the closing frame tells it.
type wsError struct {
	code    uint16
	message string
}

func (e *wsError) Error() string { return e.message }

type wsEvent struct {
	kind int
	args []binding.Result
	size int
}

type wsFrame struct {
	opcode  byte
	payload []byte
	size    int // of the user's data, to report when it was written
}

// socket is one WebSocket.
type socket struct {
	env    *binding.Env
	id     int         // loop thread only
	wake   *loop.Async // keeps the loop alive while the socket is open
	cancel context.CancelFunc

	mu         sync.Mutex
	cond       *sync.Cond         // of mu: the queues changed
	conn       io.ReadWriteCloser // guarded by mu; nil before the handshake's end
	events     []wsEvent          // guarded by mu
	queued     int                // guarded by mu: bytes in events
	out        []wsFrame          // guarded by mu
	closeSent  bool               // guarded by mu: the closing frame was queued
	closeCode  int                // guarded by mu: of the peer's closing frame; 0 before
	closeText  string             // guarded by mu
	ended      bool               // guarded by mu: nothing more is read or written
	closedLoop bool               // loop thread only: the close event was emitted
}

// sockets are the open ones of an isolate, to end them with it. Loop thread only.
type sockets map[*socket]bool

type socketsKey struct{}

func socketsOf(env *binding.Env) sockets {
	return env.State(socketsKey{}, func() any {
		all := sockets{}
		env.OnClose(func() {
			for s := range all {
				s.destroy()
				s.wake.Close(nil)
			}
		})
		return all
	}).(sockets)
}

// wsConnect(scheme, host, target, headers, protocols) starts a socket and gives its id. protocols are joined by ", ".
func wsConnect(c *binding.Call) {
	scheme := "http"
	if c.String(0) == "wss" {
		scheme = "https"
	}
	header := http.Header{}
	fields := strings.Split(c.String(3), "\n")
	for i := 0; i+1 < len(fields); i += 2 {
		name := fields[i]
		if s, ok := special[strings.ToLower(name)]; ok {
			name = s
		}
		header[name] = append(header[name], latin1(fields[i+1]))
	}
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // never fails
	key := base64.StdEncoding.EncodeToString(nonce[:])
	header["Connection"] = []string{"Upgrade"}
	header["Upgrade"] = []string{"websocket"}
	header["Sec-WebSocket-Key"] = []string{key}
	header["Sec-WebSocket-Version"] = []string{"13"}
	protocols := c.String(4)
	if protocols != "" {
		header["Sec-WebSocket-Protocol"] = []string{protocols}
	}
	env := c.Env()
	ctx, cancel := context.WithCancel(context.Background())
	s := &socket{env: env, cancel: cancel}
	s.cond = sync.NewCond(&s.mu)
	s.wake = env.Loop.NewAsync(s.deliver)
	s.id = env.Adopt(s)
	socketsOf(env)[s] = true
	r := &http.Request{Method: "GET", URL: requestURL(scheme, c.String(1), c.String(2)), Host: c.String(1), Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	r = r.WithContext(ctx)
	go s.run(client(env), r, key, protocols)
	c.Return(binding.Int(s.id))
}

func socketOf(c *binding.Call) *socket {
	s, _ := c.Env().Handle(c.Int(0)).(*socket)
	return s
}

// wsSend(id, string | bytes) queues a message.
func wsSend(c *binding.Call) {
	s := socketOf(c)
	if s == nil {
		return
	}
	f := wsFrame{opcode: opBinary}
	if c.IsString(1) {
		f.opcode, f.payload = opText, []byte(c.String(1))
	} else {
		f.payload = append([]byte(nil), c.Bytes(1)...)
	}
	f.size = len(f.payload)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closeSent && !s.ended {
		s.out = append(s.out, f)
		s.cond.Broadcast()
	}
}

// wsClose(id, code | 0, reason) starts the closing handshake; before the opening one is over it ends the socket.
func wsCloseNative(c *binding.Call) {
	s := socketOf(c)
	if s == nil {
		return
	}
	s.mu.Lock()
	if s.conn == nil {
		s.mu.Unlock()
		s.cancel()
		return
	}
	s.queueClose(c.Int(1), c.String(2))
	s.mu.Unlock()
}

// queueClose queues the closing frame once, and ends the socket when the peer doesn't answer. mu is held.
func (s *socket) queueClose(code int, reason string) {
	if s.closeSent || s.ended {
		return
	}
	s.closeSent = true
	var payload []byte
	if code != 0 {
		payload = append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
	}
	s.out = append(s.out, wsFrame{opcode: opClose, payload: payload})
	s.cond.Broadcast()
	time.AfterFunc(wsCloseWait, s.destroy)
}

// destroy ends the connection. Any goroutine.
func (s *socket) destroy() {
	s.cancel()
	s.mu.Lock()
	s.ended = true
	conn := s.conn
	s.cond.Broadcast()
	s.mu.Unlock()
	if conn != nil {
		conn.Close()
	}
}

// emit queues an event for the loop; the reader waits while JavaScript is far behind.
func (s *socket) emit(kind, size int, args ...binding.Result) {
	s.mu.Lock()
	s.events = append(s.events, wsEvent{kind, args, size})
	s.queued += size
	s.mu.Unlock()
	s.wake.Send()
	s.mu.Lock()
	for s.queued > wsMaxQueued && !s.ended && kind == wsMessage {
		s.cond.Wait()
	}
	s.mu.Unlock()
}

// deliver emits what is queued, on the loop thread.
func (s *socket) deliver() {
	for !s.closedLoop {
		s.mu.Lock()
		if len(s.events) == 0 {
			s.mu.Unlock()
			return
		}
		e := s.events[0]
		s.events = s.events[1:]
		s.queued -= e.size
		s.cond.Broadcast()
		s.mu.Unlock()
		if e.kind == wsClose {
			s.closedLoop = true
			delete(socketsOf(s.env), s)
			id := s.id
			s.wake.Close(func() { s.env.Drop(id) })
		}
		s.env.Emit(s.id, e.kind, e.args...)
	}
}

// run connects, then reads until the end.
func (s *socket) run(client *http.Transport, r *http.Request, key, protocols string) {
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("internal error: %v", p)
			}
		}()
		if err := s.handshake(client, r, key, protocols); err != nil {
			return err
		}
		return s.readMessages()
	}()
	s.mu.Lock()
	code, text := s.closeCode, s.closeText
	clean := code != 0 && s.closeSent && errors.Is(err, io.EOF)
	var fault *wsError
	if errors.As(err, &fault) && s.conn != nil {
		s.queueClose(int(fault.code), "")
	}
	if s.conn != nil { // the closing frame goes out before the connection closes
		deadline := time.AfterFunc(time.Second, func() { s.mu.Lock(); s.ended = true; s.cond.Broadcast(); s.mu.Unlock() })
		for len(s.out) > 0 && !s.ended {
			s.cond.Wait()
		}
		deadline.Stop()
	}
	s.mu.Unlock()
	s.destroy()
	if clean {
		s.emit(wsClose, 0, binding.Int(code), binding.String(text), binding.True)
		return
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = errors.New("the connection was closed")
	}
	s.emit(wsFail, 0, binding.String(err.Error()))
	s.emit(wsClose, 0, binding.Int(1006), binding.String(""), binding.False)
}

// handshake opens the connection (RFC 6455, section 4.1).
func (s *socket) handshake(client *http.Transport, r *http.Request, key, protocols string) error {
	resp, err := client.RoundTrip(r)
	if err != nil {
		return err
	}
	conn, ok := resp.Body.(io.ReadWriteCloser)
	sum := sha1.Sum([]byte(key + wsGUID))
	var refusal string
	chosen := resp.Header.Get("Sec-WebSocket-Protocol")
	switch {
	case resp.StatusCode != http.StatusSwitchingProtocols || !ok:
		refusal = "Received network error or non-101 status code."
	case !strings.EqualFold(resp.Header.Get("Upgrade"), "websocket"):
		refusal = `Server did not set Upgrade header to "websocket".`
	case !hasToken(resp.Header.Values("Connection"), "upgrade"):
		refusal = `Server did not set Connection header to "upgrade".`
	case resp.Header.Get("Sec-WebSocket-Accept") != base64.StdEncoding.EncodeToString(sum[:]):
		refusal = "Incorrect hash received in Sec-WebSocket-Accept header."
	case resp.Header.Get("Sec-WebSocket-Extensions") != "":
		refusal = "Sec-WebSocket-Extensions header does not match."
	case chosen != "" && !hasToken([]string{protocols}, chosen):
		refusal = "Protocol was not set in the opening handshake."
	}
	if refusal != "" {
		resp.Body.Close()
		return errors.New(refusal)
	}
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		conn.Close()
		return io.EOF
	}
	s.conn = conn
	s.mu.Unlock()
	go s.writeFrames(conn)
	s.emit(wsOpen, 0, binding.String(chosen))
	return nil
}

func hasToken(lists []string, token string) bool {
	for _, list := range lists {
		for item := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(item), token) {
				return true
			}
		}
	}
	return false
}

// readMessages reads frames until the closing one, then until the connection's end. io.EOF is a good end.
func (s *socket) readMessages() error {
	r := bufio.NewReaderSize(s.conn, 16<<10)
	var message bytes.Buffer
	kind := byte(0) // of the message in progress; 0 none
	for {
		final, opcode, n, err := readHead(r)
		if err != nil {
			return s.ending(err)
		}
		switch opcode {
		case opPing, opPong, opClose:
			payload := make([]byte, n)
			if _, err := io.ReadFull(r, payload); err != nil {
				return s.ending(err)
			}
			switch opcode {
			case opPing:
				s.mu.Lock()
				if !s.closeSent && len(s.out) < 1024 { // a flood of pings needs no flood of pongs (section 5.5.3)
					s.out = append(s.out, wsFrame{opcode: opPong, payload: payload})
					s.cond.Broadcast()
				}
				s.mu.Unlock()
			case opClose:
				return s.peerCloses(r, payload)
			}
			continue
		case opContinue:
			if kind == 0 {
				return &wsError{1002, "Unexpected continuation frame"}
			}
		default:
			if kind != 0 {
				return &wsError{1002, "Expected continuation frame"}
			}
			kind = opcode
		}
		if n > wsMaxMessage-uint64(message.Len()) {
			return &wsError{1009, "Message is too large"}
		}
		// The length is the peer's word: memory grows with what really comes.
		if _, err := io.CopyN(&message, r, int64(n)); err != nil {
			return s.ending(err)
		}
		if !final {
			continue
		}
		b := append([]byte(nil), message.Bytes()...)
		message.Reset()
		if message.Cap() > 1<<20 {
			message = bytes.Buffer{}
		}
		if kind == opText {
			if !utf8.Valid(b) {
				return &wsError{1007, "Invalid UTF-8 in text frame"}
			}
			s.emit(wsMessage, len(b), binding.String(string(b)))
		} else {
			s.emit(wsMessage, len(b), binding.Bytes(b))
		}
		kind = 0
	}
}

// ending explains the end of the connection: after both closing frames it is a good one.
func (s *socket) ending(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return io.EOF
	}
	var fault *wsError
	if errors.As(err, &fault) {
		return err
	}
	return fmt.Errorf("the connection broke: %w", err)
}

// peerCloses answers the peer's closing frame and waits for the peer to end the connection, as a client does (section 7.1.1).
func (s *socket) peerCloses(r *bufio.Reader, payload []byte) error {
	code, reason := 1005, ""
	if len(payload) == 1 {
		return &wsError{1002, "Received close frame with a 1-byte body."}
	}
	if len(payload) >= 2 {
		code = int(binary.BigEndian.Uint16(payload))
		if !validCloseCode(code) {
			return &wsError{1002, "Invalid close code"}
		}
		if !utf8.Valid(payload[2:]) {
			return &wsError{1007, "Invalid UTF-8 in close frame"}
		}
		reason = string(payload[2:])
	}
	s.mu.Lock()
	s.closeCode, s.closeText = code, reason
	echo := code
	if echo == 1005 {
		echo = 0
	}
	s.queueClose(echo, "")
	s.mu.Unlock()
	_, _ = io.Copy(io.Discard, r) // until the peer closes, or destroy after wsCloseWait
	return io.EOF
}

func validCloseCode(code int) bool {
	return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006 || code >= 3000 && code <= 4999
}

// readHead reads a frame's head (section 5.2).
func readHead(r *bufio.Reader) (final bool, opcode byte, n uint64, err error) {
	var head [8]byte
	if _, err = io.ReadFull(r, head[:2]); err != nil {
		return
	}
	final, opcode, n = head[0]&0x80 != 0, head[0]&0x0f, uint64(head[1]&0x7f)
	switch {
	case head[0]&0x70 != 0:
		return false, 0, 0, &wsError{1002, "Invalid frame: reserved bits are set"}
	case head[1]&0x80 != 0:
		return false, 0, 0, &wsError{1002, "Frame cannot be masked"}
	case opcode > opBinary && opcode < opClose || opcode > opPong:
		return false, 0, 0, &wsError{1002, "Invalid opcode received"}
	case opcode >= opClose && (!final || n > 125):
		return false, 0, 0, &wsError{1002, "Payload length of a control frame is too large, or it is fragmented"}
	}
	switch n {
	case 126:
		if _, err = io.ReadFull(r, head[:2]); err == nil {
			n = uint64(binary.BigEndian.Uint16(head[:2]))
		}
	case 127:
		if _, err = io.ReadFull(r, head[:8]); err == nil {
			n = binary.BigEndian.Uint64(head[:8])
		}
	}
	return
}

// writeFrames is the goroutine that writes.
func (s *socket) writeFrames(conn io.Writer) {
	var buf []byte
	for {
		s.mu.Lock()
		for len(s.out) == 0 && !s.ended {
			s.cond.Wait()
		}
		if s.ended {
			s.out = nil
			s.cond.Broadcast()
			s.mu.Unlock()
			return
		}
		f := s.out[0]
		s.mu.Unlock()
		buf = appendFrame(buf[:0], f)
		_, err := conn.Write(buf)
		if cap(buf) > 1<<20 {
			buf = nil
		}
		s.mu.Lock()
		if len(s.out) > 0 {
			s.out = s.out[1:]
		}
		s.cond.Broadcast()
		s.mu.Unlock()
		if err != nil {
			s.destroy()
			continue
		}
		if f.size > 0 {
			s.emit(wsSent, 0, binding.Int(f.size))
		}
	}
}

// appendFrame makes a whole masked frame.
func appendFrame(b []byte, f wsFrame) []byte {
	b = append(b, 0x80|f.opcode)
	switch n := len(f.payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n <= 0xffff:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	var mask [4]byte
	_, _ = rand.Read(mask[:]) // never fails
	b = append(b, mask[:]...)
	for k, x := range f.payload {
		b = append(b, x^mask[k&3])
	}
	return b
}
