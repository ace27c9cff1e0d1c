// Package tls is the Go half of node:tls: sessions of Go's crypto/tls over bytes that the stream below, a JavaScript object, brings and takes.
//
// The handshake runs on a goroutine of its own, since crypto/tls waits in it for the peer (and here for callbacks of the program); it meets
// the isolate's thread under session.mu. After it everything happens on the isolate's thread: reading what was fed and encrypting what is
// written never waits. It must not import other builtins; keys with a passphrase and PFX files come through internal:crypto.
package tls

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"roost/internal/binding"
)

// Module is the tls builtin.
var Module = binding.Module{Name: "tls", Natives: natives()}

func natives() binding.Natives {
	all := binding.Natives{
		"sessionNew": sessionNew, "start": start, "answer": answer, "feed": feed, "feedEnd": feedEnd, "read": read, "write": write, "end": end,
		"take": take, "destroy": destroy, "setMaxFragment": setMaxFragment, "layered": layered, "setKeyCert": setKeyCert,
		"verified": verified, "peerCertificates": peerCertificates, "ownCertificate": ownCertificate, "sharedSigalgs": sharedSigalgs,
		"session": sessionBytes, "ticketOf": ticketOf, "exportKeyingMaterial": exportKeyingMaterial, "finished": finished, "ocspResponse": ocspResponse,
		"cipherNames": cipherNames, "caCertificates": caCertificates, "setDefaultCA": setDefaultCA, "extraError": extraError, "appendLine": appendLine,
	}
	for name, f := range contextNatives {
		all[name] = f
	}
	return all
}

// Events of a session, as lib/socket.ts reads them.
const (
	eventSecure    = 1 // ([protocol, cipher, standard name, ALPN protocol, server name, resumed, group, bits])
	eventFailed    = 2 // (error | null: the peer's bytes ended): the handshake
	eventEncrypted = 3 // (bytes for the stream below)
	eventHello     = 4 // (server name, ALPN protocols, whether the client asks for OCSP): wants answer
	eventKeylog    = 5 // (line)
	eventSession   = 6 // (session): a client got one
	eventStore     = 7 // (id, data): wants answer
	eventFetch     = 8 // (id): wants answer
)

// Flags of start.
const (
	flagHello  = 1 << iota // eventHello is wanted
	flagKeylog             // eventKeylog is wanted
	flagStore              // eventStore is wanted
	flagFetch              // eventFetch is wanted
	flagClient             // a server's: asks for a client's certificate
	flagNeeds              // a server's: fails without one
)

// session is one TLS connection.
type session struct {
	env    *binding.Env
	id     int  // immutable after sessionNew
	server bool // immutable after sessionNew

	mu       sync.Mutex
	changed  sync.Cond // of everything below
	in       []byte    // encrypted, not yet read; guarded by mu
	inEnd    bool      // guarded by mu
	out      []byte    // encrypted, on its way to the stream below; guarded by mu
	flushing bool      // a flush is posted; guarded by mu
	shaking  bool      // the handshake's goroutine has the connection: reads wait; guarded by mu
	waits    waiting   // what the handshake's goroutine waits for; guarded by mu
	wait     int       // counts the waits; guarded by mu
	mute     bool      // nothing more is sent: an alert of our own was the last; guarded by mu
	closed   bool      // guarded by mu

	gone    chan struct{} // closed with closed
	answers chan reply    // of JavaScript to the one question that may be open

	ctx      *secureContext // of the options; immutable after start, but for the goroutine, which takes the one that the hello chose
	conn     *tls.Conn      // immutable after start
	keyCert  *secureContext // set by setKeyCert while the hello waits for its answer
	flags    int            // immutable after start
	alpn     []string       // immutable after start
	trusted  *store         // the default one; immutable after start
	busy     bool           // the goroutine works, the loop stays alive for it; loop thread only
	opened   uint64         // plain bytes that went through as a Layer; loop thread only
	sealed   uint64         // loop thread only
	broken   error          // of reading, once it failed; loop thread only
	fragment int            // most plain bytes in one record, 0 for what crypto/tls takes; loop thread only

	version  uint16                // that a server will pick; the handshake's goroutine only
	identity []byte                // the ticket that a server took; the handshake's goroutine only
	restore  func()                // see choose13; the handshake's goroutine only
	schemes  []tls.SignatureScheme // of the client's hello; written before eventSecure
	offered  []byte                // the session to resume; immutable after start
	latest   []byte                // the newest session of a client; guarded by mu
}

// waiting is what a handshake's goroutine waits for. While it is something, the goroutine keeps nothing alive; who ends it takes it back.
type waiting int

const (
	waitsForNothing waiting = iota
	waitsForPeer            // ended by feed and feedEnd
	waitsForProgram         // ended by answer
)

// reply is JavaScript's answer to an event.
type reply struct {
	ctx  *secureContext
	alpn string
	set  bool // alpn was chosen
	fail int  // an alert to send, -1 to end without one
	data []byte
}

// sessionsKey is the key of the isolate's open sessions: a map, loop thread only.
type sessionsKey struct{}

func sessions(env *binding.Env) map[*session]struct{} {
	return env.State(sessionsKey{}, func() any {
		open := map[*session]struct{}{}
		env.OnClose(func() {
			for s := range open {
				s.close()
			}
		})
		return open
	}).(map[*session]struct{})
}

// sessionNew(isServer) → id
func sessionNew(c *binding.Call) {
	s := &session{env: c.Env(), server: c.Bool(0), gone: make(chan struct{}), answers: make(chan reply, 1)}
	s.changed.L = &s.mu
	s.id = c.Env().Adopt(s)
	sessions(c.Env())[s] = struct{}{}
	c.Return(binding.Int(s.id))
}

func sessionOf(c *binding.Call) *session {
	s, _ := c.Env().Handle(c.Int(0)).(*session)
	return s
}

// start(id, context, server name, ALPN protocols, session to resume, flags): shakes hands
func start(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || s.conn != nil {
		return
	}
	ctx := contextOf(c, 1)
	if ctx == nil {
		return
	}
	copied := *ctx
	copied.pairs = slices.Clone(ctx.pairs)
	s.ctx, s.flags = &copied, c.Int(5)
	s.trusted = defaultStore(c.Env())
	config := s.ctx.config()
	s.alpn = c.Strings(3)
	config.ServerName, config.NextProtos = c.String(2), s.alpn
	if s.flags&flagKeylog != 0 {
		config.KeyLogWriter = keylog{s}
	}
	s.shaking = true
	if s.server {
		config.GetConfigForClient = s.hello
		s.tickets(config)
		s.askForCertificate(config)
		s.conn = tls.Server(conn{s}, config)
	} else {
		if c.IsBytes(4) {
			s.offered = append([]byte(nil), c.Bytes(4)...)
		}
		config.ClientSessionCache = cache{s}
		config.GetClientCertificate = s.clientCertificate
		s.conn = tls.Client(conn{s}, config)
	}
	s.busy = true
	s.env.Request(1)
	go s.run()
}

func (s *session) askForCertificate(config *tls.Config) {
	switch {
	case s.flags&flagNeeds != 0:
		config.ClientAuth = tls.RequireAnyClientCert
	case s.flags&flagClient != 0:
		config.ClientAuth = tls.RequestClientCert
	}
}

// clientCertificate gives the certificate whether or not the server names its issuer, as OpenSSL does.
func (s *session) clientCertificate(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
	list := s.ctx.certificates()
	for i := range list {
		request := *info
		request.AcceptableCAs = nil
		if request.SupportsCertificate(&list[i]) == nil {
			return &list[i], nil
		}
	}
	return &tls.Certificate{}, nil
}

// hello looks at a client's first message. On the handshake's goroutine.
func (s *session) hello(info *tls.ClientHelloInfo) (*tls.Config, error) {
	s.schemes = info.SignatureSchemes
	config := s.ctx.config()
	config.NextProtos = s.alpn
	var answer reply
	if s.flags&flagHello != 0 {
		var ok bool
		answer, ok = s.ask(eventHello, binding.String(info.ServerName), binding.Strings(info.SupportedProtos), binding.Bool(slices.Contains(info.Extensions, 5)))
		if !ok || answer.fail < 0 {
			return nil, s.refuse(0, errDropped)
		}
		if answer.fail > 0 { // JavaScript answers with no other than no_application_protocol
			return nil, s.refuse(answer.fail, longError("0A0000EB", "no application protocol", ""))
		}
		if answer.ctx != nil {
			s.ctx = answer.ctx
			config = s.ctx.config()
			config.NextProtos = s.alpn
		}
		s.mu.Lock()
		keyCert := s.keyCert
		s.mu.Unlock()
		if keyCert != nil {
			config.Certificates = keyCert.certificates()
			s.ctx.pairs = keyCert.pairs
		}
		if answer.set {
			config.NextProtos = []string{answer.alpn}
		}
		if answer.data != nil {
			for i := range config.Certificates {
				config.Certificates[i].OCSPStaple = answer.data
			}
		}
	}
	s.tickets(config)
	s.askForCertificate(config)
	if s.flags&flagKeylog != 0 {
		config.KeyLogWriter = keylog{s}
	}
	version := uint16(0)
	for _, v := range info.SupportedVersions {
		if v >= config.MinVersion && v <= config.MaxVersion && v > version {
			version = v
		}
	}
	s.version = version
	if config.MinVersion > config.MaxVersion {
		return nil, s.refuse(70, sslError("0A0000BF", "no protocols available"))
	}
	if version == 0 {
		return config, nil // crypto/tls refuses it with the right alert
	}
	if len(config.Certificates) == 0 {
		if version == tls.VersionTLS13 {
			return nil, s.refuse(40, sslError("0A000076", "no suitable signature algorithm"))
		}
		return nil, s.refuse(40, sslError("0A0000C1", "no shared cipher"))
	}
	if len(s.ctx.sigalgs) > 0 && !slices.ContainsFunc(s.ctx.sigalgs, func(have tls.SignatureScheme) bool { return slices.Contains(info.SignatureSchemes, have) }) {
		return nil, s.refuse(40, sslError("0A000178", "no shared signature algorithms"))
	}
	if version == tls.VersionTLS13 {
		return config, s.choose13(info)
	}
	return s.choose12(version, config, info)
}

// choose13 keeps the suites of TLS 1.3 that the options don't allow from being picked. crypto/tls has no option for it, but picks from the
// list that it shows here; it must find it whole again when it compares a second hello with the first, which is after it wrote something.
// Were the list a copy some day, the check in secured would still refuse the connection.
func (s *session) choose13(info *tls.ClientHelloInfo) error {
	const none = 0x0a0a // a value that stands for nothing (RFC 8701)
	whole := slices.Clone(info.CipherSuites)
	found, first := false, uint16(0)
	for _, id := range s.ctx.order13() {
		if slices.Contains(whole, id) {
			found, first = true, id
			break
		}
	}
	if !found {
		return s.refuse(40, sslError("0A0000C1", "no shared cipher"))
	}
	for i, id := range info.CipherSuites {
		if slices.Contains(suitesTLS13, id) && id != first {
			info.CipherSuites[i] = none
		}
	}
	s.restore = func() { copy(info.CipherSuites, whole) }
	return nil
}

// order13 are the suites of TLS 1.3 that the options allow, in their order.
func (ctx *secureContext) order13() []uint16 {
	if len(ctx.suites13) == 0 {
		return suitesTLS13
	}
	return ctx.suites13
}

// choose12 picks the cipher suite for TLS 1.2 and before, in the server's order or the client's; crypto/tls has an order of its own.
func (s *session) choose12(version uint16, config *tls.Config, info *tls.ClientHelloInfo) (*tls.Config, error) {
	fits := func(id uint16) bool {
		suite := suiteByID(id)
		if suite == nil || version < tls.VersionTLS12 && slices.Contains(suite.tags, "TLSv1.2") {
			return false
		}
		return slices.ContainsFunc(config.Certificates, func(c tls.Certificate) bool {
			return (keyKind(c.Leaf.PublicKey) == "RSA") == suite.rsa
		})
	}
	first, second := s.ctx.suites, info.CipherSuites
	if s.ctx.clientOrder {
		first, second = second, first
	}
	for _, id := range first {
		if slices.Contains(second, id) && fits(id) {
			config.CipherSuites = []uint16{id}
			return config, nil
		}
	}
	return nil, s.refuse(40, sslError("0A0000C1", "no shared cipher"))
}

func (ctx *secureContext) allows13(id uint16) bool {
	return slices.Contains(ctx.order13(), id)
}

var errDropped = errors.New("dropped")

// refuse sends an alert of our own, before there are keys, and keeps crypto/tls from sending another.
func (s *session) refuse(alert int, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if alert > 0 && !s.closed {
		s.out = append(s.out, 21, 3, 3, 0, 2, 2, byte(alert))
		s.flushLater()
	}
	s.mute = true
	return err
}

// ask waits for JavaScript's answer; false when the session ended meanwhile.
func (s *session) ask(event int, args ...binding.Result) (reply, bool) {
	s.mu.Lock()
	rest := s.waitFor(waitsForProgram)
	s.mu.Unlock()
	s.emit(event, args...)
	s.env.Loop.Post(rest)
	select {
	case r := <-s.answers:
		return r, true
	case <-s.gone:
		return reply{}, false
	}
}

// answer(id, context, ALPN protocol, alert, data): to eventHello, eventStore, eventFetch
func answer(c *binding.Call) {
	s := sessionOf(c)
	if s == nil {
		return
	}
	r := reply{fail: c.Int(3)}
	if ctx, ok := c.Ref(1).(*secureContext); ok {
		copied := *ctx
		copied.pairs = slices.Clone(ctx.pairs)
		r.ctx = &copied
	}
	if c.IsString(2) {
		r.alpn, r.set = c.String(2), true
	}
	if c.IsBytes(4) {
		r.data = append([]byte{}, c.Bytes(4)...)
	}
	s.mu.Lock()
	s.goOn(waitsForProgram)
	s.mu.Unlock()
	select {
	case s.answers <- r:
	default: // a second answer to one question
	}
}

func setKeyCert(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		if ctx := contextOf(c, 1); ctx != nil {
			copied := *ctx
			copied.pairs = slices.Clone(ctx.pairs)
			s.mu.Lock()
			s.keyCert = &copied
			s.mu.Unlock()
		}
	}
}

// post calls f on the loop unless the session is destroyed by then.
func (s *session) post(f func()) {
	s.env.Loop.Post(func() {
		if s.env.Handle(s.id) == any(s) {
			f()
		}
	})
}

func (s *session) emit(event int, args ...binding.Result) {
	s.post(func() { s.env.Emit(s.id, event, args...) })
}

// rest ends the time in which the goroutine keeps the loop alive. Loop thread only.
func (s *session) rest() {
	if s.busy {
		s.busy = false
		s.env.Request(-1)
	}
}

// run shakes hands. Its own goroutine.
func (s *session) run() {
	err := s.conn.HandshakeContext(context.Background())
	s.mu.Lock()
	s.shaking = false
	closed := s.closed
	s.mu.Unlock()
	s.env.Loop.Post(func() {
		s.rest()
		if closed || s.env.Handle(s.id) != any(s) {
			return
		}
		// A client that doesn't trust the server never finishes the handshake: JavaScript looks at the certificate before the last flight goes out.
		if err != nil || s.server {
			s.flush()
		}
		switch {
		case err == nil:
			s.secured()
			s.flush()
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errDropped), errors.Is(err, net.ErrClosed):
			s.env.Emit(s.id, eventFailed, binding.Null)
		default:
			failure := sessionError(err)
			if s.server && isCode(failure, "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION") {
				// OpenSSL stumbles over the version of the alert's record.
				failure = longError("0A00010B", "wrong version number", "")
			}
			s.env.Emit(s.id, eventFailed, binding.Fail(failure))
		}
	})
}

var versions = map[uint16]string{tls.VersionTLS10: "TLSv1", tls.VersionTLS11: "TLSv1.1", tls.VersionTLS12: "TLSv1.2", tls.VersionTLS13: "TLSv1.3"}

func (s *session) secured() {
	state := s.conn.ConnectionState()
	if state.Version == tls.VersionTLS13 && !s.ctx.allows13(state.CipherSuite) {
		s.env.Emit(s.id, eventFailed, binding.Fail(sslError("0A000105", "wrong cipher returned")))
		return
	}
	standard := tls.CipherSuiteName(state.CipherSuite)
	group := groups[state.CurveID]
	s.env.Emit(s.id, eventSecure, binding.List(binding.String(versions[state.Version]), binding.String(openSSLName(standard)), binding.String(standard),
		binding.String(state.NegotiatedProtocol), binding.String(state.ServerName), binding.Bool(state.DidResume), binding.String(group.name), binding.Int(group.bits)))
}

// conn is the connection as crypto/tls sees it: memory on both sides.
type conn struct{ s *session }

// wouldBlock is a temporary error, after which crypto/tls reads on.
type wouldBlock struct{}

func (wouldBlock) Error() string   { return "nothing to read yet" }
func (wouldBlock) Timeout() bool   { return true }
func (wouldBlock) Temporary() bool { return true }

// Read waits for encrypted bytes while hands are shaken; after that it never waits.
func (c conn) Read(b []byte) (int, error) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.in) == 0 && !s.inEnd && !s.closed {
		if !s.shaking {
			return 0, wouldBlock{}
		}
		if len(s.out) > 0 {
			s.flushLater()
		}
		s.env.Loop.Post(s.waitFor(waitsForPeer))
		s.changed.Wait()
	}
	if len(s.in) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.in)
	if s.in = s.in[n:]; len(s.in) == 0 {
		s.in = nil
	}
	return n, nil
}

// Write keeps encrypted bytes: while hands are shaken they go out by way of the loop, later the native that wrote takes them.
func (c conn) Write(b []byte) (int, error) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, net.ErrClosed
	}
	if s.restore != nil {
		s.restore()
		s.restore = nil
	}
	if s.mute {
		return len(b), nil
	}
	s.out = append(s.out, b...) // a flight goes out when crypto/tls waits for the answer, or at the end
	return len(b), nil
}

// flushLater needs mu.
func (s *session) flushLater() {
	if !s.flushing {
		s.flushing = true
		s.post(func() {
			s.mu.Lock()
			s.flushing = false
			s.mu.Unlock()
			s.flush()
		})
	}
}

// flush gives JavaScript what is encrypted. Loop thread only.
func (s *session) flush() {
	if out := s.taken(); out != nil && s.env.Handle(s.id) == any(s) {
		s.env.Emit(s.id, eventEncrypted, binding.Buffer(out))
	}
}

func (s *session) taken() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.out
	s.out = nil
	if len(out) == 0 {
		return nil
	}
	return out
}

// Close implements net.Conn.
func (c conn) Close() error { return nil }

// LocalAddr implements net.Conn.
func (c conn) LocalAddr() net.Addr { return &net.TCPAddr{} }

// RemoteAddr implements net.Conn.
func (c conn) RemoteAddr() net.Addr { return &net.TCPAddr{} }

// SetDeadline implements net.Conn.
func (c conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn.
func (c conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn.
func (c conn) SetWriteDeadline(time.Time) error { return nil }

// feed(id, bytes, whether plain text is wanted) → true: hands are still shaken | false: nothing to read, when it was wanted | the plain text,
// after which there is nothing to read | a list of plain texts, after which read goes on. Errors are left for read.
func feed(c *binding.Call) {
	s := sessionOf(c)
	if s == nil {
		return
	}
	s.mu.Lock()
	s.in = append(s.in, c.Bytes(1)...)
	shaking := s.shaking
	s.goOn(waitsForPeer)
	s.mu.Unlock()
	if shaking || !c.Bool(2) || s.conn == nil {
		c.Return(binding.Bool(shaking))
		return
	}
	buf := &scratchOf(s.env).in
	var parts []binding.Result
	drained := false
	for used := 0; used+recordSize <= len(buf); {
		n, err := s.records(buf[used:])
		if n > 0 {
			parts = append(parts, binding.Buffer(buf[used:used+n]))
			used += n
		}
		if err != nil || n == 0 {
			drained = err == nil || isWait(err)
			break
		}
	}
	switch {
	case !drained || len(parts) > 1:
		c.Return(binding.List(parts...))
	case len(parts) == 1:
		c.Return(parts[0])
	default:
		c.Return(binding.False)
	}
	s.answerLater()
}

// records reads what a record holds, or several full ones. Loop thread only.
func (s *session) records(buf []byte) (int, error) {
	n, err := s.decrypt(buf)
	// Full records come together, others as the peer wrote them.
	for last := n; err == nil && last == recordSize && n+recordSize <= len(buf); n += last {
		last, err = s.decrypt(buf[n:])
	}
	if n > 0 {
		err = nil // decrypt gives an error that isn't about waiting again
	}
	return n, err
}

// decrypt reads from the connection. What breaks it stays: crypto/tls would forget that a client wanted to shake hands again.
func (s *session) decrypt(buf []byte) (int, error) {
	if s.broken != nil {
		return 0, s.broken
	}
	n, err := s.conn.Read(buf)
	if err != nil && !isWait(err) {
		s.broken = err
	}
	return n, err
}

// answerLater sends what the protocol itself answered while something was read.
func (s *session) answerLater() {
	s.mu.Lock()
	if len(s.out) > 0 {
		s.flushLater()
	}
	s.mu.Unlock()
}

// feedEnd(id): the stream below has ended
func feedEnd(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.mu.Lock()
		s.inEnd = true
		s.goOn(waitsForPeer)
		s.mu.Unlock()
	}
}

// goOn ends the goroutine's wait for something, and keeps the loop alive for it again. It needs mu. Loop thread only.
func (s *session) goOn(after waiting) {
	if s.waits == after {
		s.waits = waitsForNothing
		if !s.busy {
			s.busy = true
			s.env.Request(1)
		}
	}
	s.changed.Broadcast()
}

// waitFor begins a wait. What it returns is to be posted after all that the loop must do before it may end: neither the peer's silence nor a
// callback that the program never calls keeps it alive. It needs mu.
func (s *session) waitFor(what waiting) func() {
	s.waits = what
	s.wait++
	wait := s.wait
	return func() {
		s.mu.Lock()
		still := s.waits != waitsForNothing && s.wait == wait
		s.mu.Unlock()
		if still {
			s.rest()
		}
	}
}

const recordSize = 16 << 10

type scratchKey struct{}

// scratch is memory of one isolate that reads and writes share. Loop thread only, for the time of one native.
type scratch struct {
	in  [4 * recordSize]byte
	out []byte
}

const maxScratch = 4 << 20

func scratchOf(env *binding.Env) *scratch {
	return env.State(scratchKey{}, func() any { return &scratch{} }).(*scratch)
}

// read(id) → plain text | undefined: nothing yet | null: the end
func read(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || s.conn == nil {
		return
	}
	s.mu.Lock()
	shaking := s.shaking
	s.mu.Unlock()
	if shaking {
		return
	}
	buf := &scratchOf(s.env).in
	n, err := s.records(buf[:])
	switch {
	case n > 0:
		c.Return(binding.Buffer(buf[:n]))
	case err == nil, isWait(err):
	case isEnd(err):
		c.Return(binding.Null)
	default:
		c.Throw(sessionError(err))
	}
	s.answerLater()
}

// write(id, ...chunks: string in UTF-8 | bytes) → encrypted bytes
func write(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || !s.done() { // the connection waits in a handshake
		return
	}
	var all []byte
	if c.Len() == 2 && c.IsBytes(1) {
		all = c.Bytes(1)
	} else {
		for k := 1; k < c.Len(); k++ {
			if c.IsBytes(k) {
				all = append(all, c.Bytes(k)...)
			} else {
				all = append(all, c.String(k)...)
			}
		}
	}
	shared := scratchOf(s.env)
	s.mu.Lock()
	s.out = append(shared.out[:0], s.out...)
	s.mu.Unlock()
	failed := false
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if failed {
			s.out = slices.Clone(s.out) // an alert, for take
			return
		}
		if cap(s.out) <= maxScratch {
			shared.out = s.out[:0]
		}
		s.out = nil
	}()
	for len(all) > 0 {
		n := len(all)
		if s.fragment > 0 && n > s.fragment {
			n = s.fragment
		}
		if _, err := s.conn.Write(all[:n]); err != nil {
			failed = true
			c.Throw(sessionError(err))
			return
		}
		all = all[n:]
	}
	c.Return(binding.Buffer(s.out)) // only this thread writes to it after the handshake
}

// end(id) → the bytes of close_notify
func end(c *binding.Call) {
	if s := sessionOf(c); s != nil && s.conn != nil {
		s.mu.Lock()
		shaking := s.shaking
		s.mu.Unlock()
		if !shaking {
			_ = s.conn.CloseWrite()
			c.Return(binding.Buffer(s.taken()))
		}
	}
}

// take(id) → encrypted bytes that wait, an alert for instance
func take(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		if out := s.taken(); out != nil {
			c.Return(binding.Buffer(out))
		}
	}
}

func setMaxFragment(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.fragment = c.Int(1)
	}
}

// close wakes the goroutine for good. Loop thread only.
func (s *session) close() {
	s.mu.Lock()
	was := s.closed
	s.closed = true
	s.in, s.out = nil, nil
	s.mu.Unlock()
	if !was {
		close(s.gone)
	}
	s.changed.Broadcast()
}

// destroy(id): nothing more comes of the session
func destroy(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.close()
		s.rest()
		delete(sessions(c.Env()), s)
		c.Env().Drop(s.id)
	}
}

// The names of alerts in OpenSSL's reasons (RFC 8446, section 6; SSL_alert_desc_string_long(3) has others).
var alerts = map[int]string{
	10: "ssl/tls alert unexpected message", 20: "ssl/tls alert bad record mac", 21: "tlsv1 alert decryption failed", 22: "tlsv1 alert record overflow",
	30: "ssl/tls alert decompression failure", 40: "ssl/tls alert handshake failure", 41: "ssl/tls alert no certificate",
	42: "ssl/tls alert bad certificate", 43: "ssl/tls alert unsupported certificate", 44: "ssl/tls alert certificate revoked",
	45: "ssl/tls alert certificate expired", 46: "ssl/tls alert certificate unknown", 47: "ssl/tls alert illegal parameter",
	48: "tlsv1 alert unknown ca", 49: "tlsv1 alert access denied", 50: "tlsv1 alert decode error", 51: "tlsv1 alert decrypt error",
	60: "tlsv1 alert export restriction", 70: "tlsv1 alert protocol version", 71: "tlsv1 alert insufficient security",
	80: "tlsv1 alert internal error", 86: "tlsv1 alert inappropriate fallback", 90: "tlsv1 alert user cancelled", 100: "tlsv1 alert no renegotiation",
	109: "tlsv13 alert missing extension", 110: "tlsv1 unsupported extension", 111: "tlsv1 certificate unobtainable", 112: "tlsv1 unrecognized name",
	113: "tlsv1 bad certificate status response", 115: "tlsv1 alert unknown psk identity", 116: "tlsv13 alert certificate required",
	120: "tlsv1 alert no application protocol",
}

// Errors of crypto/tls by a part of their text, and what OpenSSL says then.
var reasons = []struct{ text, number, reason string }{
	{"client offered only unsupported versions", "0A000102", "unsupported protocol"},
	{"server selected unsupported protocol version", "0A000102", "unsupported protocol"},
	{"no supported versions satisfy", "0A0000BF", "no protocols available"},
	{"no cipher suite supported by both", "0A0000C1", "no shared cipher"},
	{"no mutual cipher suite", "0A0000C1", "no shared cipher"},
	{"server chose an unconfigured cipher suite", "0A000105", "wrong cipher returned"},
	{"didn't provide a certificate", "0A0000C7", "peer did not return a certificate"},
	{"unsupported application protocol", "0A0000EB", "no application protocol"},
	{"no key exchanges supported by both", "0A000065", "no suitable key share"},
	{"no ECDHE curve supported by both", "0A0000C1", "no shared cipher"},
	{"unsupported curve", "0A000065", "no suitable key share"},
	{"peer doesn't support any of the certificate's signature algorithms", "0A000076", "no suitable signature algorithm"},
	{"bad record MAC", "0A000119", "decryption failed or bad record mac"},
	{"unexpected message", "0A0000F4", "unexpected message"},
	{"invalid signature", "0A00007B", "bad signature"},
}

// sessionError is an error of crypto/tls as OpenSSL would report it.
func sessionError(err error) error {
	var known *binding.NodeError
	if errors.As(err, &known) {
		return known
	}
	var record tls.RecordHeaderError
	var op *net.OpError
	if errors.As(err, &record) {
		h := record.RecordHeader
		switch first := string(h[:4]); {
		case first == "GET " || first == "POST" || first == "HEAD" || first == "PUT ":
			return longError("0A00009C", "http request", "")
		case h[1] == 3 && int(h[3])<<8|int(h[4]) > recordSize+2048, h[0] == 0xff && h[1] == 0xff:
			return longError("0A0000C6", "packet length too long", "")
		}
		return longError("0A00010B", "wrong version number", "")
	}
	if errors.As(err, &op) {
		v := reflect.ValueOf(op.Err) // crypto/tls keeps the type of alerts to itself
		if v.IsValid() && v.Kind() == reflect.Uint8 && op.Op == "remote error" {
			alert := int(v.Uint())
			reason, ok := alerts[alert]
			if !ok {
				reason = "reason(" + strconv.Itoa(1000+alert) + ")"
			}
			return longError("0A000"+strings.ToUpper(strconv.FormatInt(int64(1000+alert), 16)), reason, "SSL alert number "+strconv.Itoa(alert))
		}
	}
	text := err.Error()
	for _, r := range reasons {
		if strings.Contains(text, r.text) {
			return longError(r.number, r.reason, "")
		}
	}
	if strings.Contains(text, "sslv2") || strings.Contains(text, "SSLv2") {
		return longError("0A000102", "unsupported protocol", "")
	}
	e := longError("0A000126", strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "local error: "), "remote error: "), "tls: "), "")
	return e.With("code", binding.String("ERR_SSL_TLS_ERROR"))
}

// longError is an error of a connection, whose message has the packed form of ERR_print_errors(3).
func longError(number, reason, data string) *binding.NodeError {
	e := sslError(number, reason)
	e.Message = "error:" + number + ":SSL routines::" + reason + ":" + data + "\n"
	return e
}

func isCode(err error, code string) bool {
	var e *binding.NodeError
	return errors.As(err, &e) && strings.Contains(e.Message, strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(code, "ERR_SSL_"), "_", " ")))
}

// verified(id) → [code, text] of the peer's chain, "" for a good one or none
func verified(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || !s.done() {
		return
	}
	usage := x509.ExtKeyUsageServerAuth
	if s.server {
		usage = x509.ExtKeyUsageClientAuth
	}
	code, _ := s.ctx.verify(s.store(), s.conn.ConnectionState().PeerCertificates, usage)
	c.Return(binding.Strings([]string{code, verifyTexts[code]}))
}

func (s *session) store() *store {
	if s.ctx.ca != nil {
		return s.ctx.ca
	}
	return s.trusted
}

// done tells whether the handshake is over: the connection belongs to the loop thread then.
func (s *session) done() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn != nil && !s.shaking
}

// peerCertificates(id) → DER of the peer's own first, then its issuers as far as they are known
func peerCertificates(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || !s.done() {
		return
	}
	_, chain := s.ctx.verify(s.store(), s.conn.ConnectionState().PeerCertificates, x509.ExtKeyUsageAny)
	list := make([]binding.Result, len(chain))
	for i, cert := range chain {
		list[i] = binding.Buffer(cert.Raw)
	}
	c.Return(binding.List(list...))
}

// ownCertificate(id) → DER
func ownCertificate(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || !s.done() || s.ctx == nil {
		return
	}
	for _, p := range s.ctx.pairs {
		if p.PrivateKey != nil {
			c.Return(binding.Buffer(p.Leaf.Raw))
			return
		}
	}
}

// sharedSigalgs(id) → names of the signature algorithms that both sides have, in the client's order
func sharedSigalgs(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || !s.done() {
		return
	}
	var out []string
	for _, scheme := range s.schemes {
		name, ok := schemeNames[scheme]
		if ok && (len(s.ctx.sigalgs) == 0 || slices.Contains(s.ctx.sigalgs, scheme)) {
			out = append(out, name)
		}
	}
	c.Return(binding.Strings(out))
}

// exportKeyingMaterial(id, length, label, context | undefined) → bytes
func exportKeyingMaterial(c *binding.Call) {
	s := sessionOf(c)
	if s == nil || !s.done() {
		return
	}
	var extra []byte
	if c.IsBytes(3) {
		extra = append([]byte{}, c.Bytes(3)...)
	}
	state := s.conn.ConnectionState()
	out, err := state.ExportKeyingMaterial(c.String(2), extra, c.Int(1))
	if err != nil {
		c.Throw(sslError("0A000126", strings.TrimPrefix(err.Error(), "crypto/tls: ")))
		return
	}
	c.Return(binding.Buffer(out))
}

// finished(id) → the first Finished message of TLS 1.2 (RFC 5929's tls-unique); crypto/tls tells no other
func finished(c *binding.Call) {
	if s := sessionOf(c); s != nil && s.done() {
		if unique := s.conn.ConnectionState().TLSUnique; unique != nil {
			c.Return(binding.Buffer(unique))
		}
	}
}

// ocspResponse(id) → what the server stapled | undefined
func ocspResponse(c *binding.Call) {
	if s := sessionOf(c); s != nil && s.done() {
		if b := s.conn.ConnectionState().OCSPResponse; len(b) > 0 {
			c.Return(binding.Buffer(b))
		}
	}
}

// keylog gives the lines of a key log to JavaScript.
type keylog struct{ s *session }

func (k keylog) Write(line []byte) (int, error) {
	k.s.emit(eventKeylog, binding.Buffer(append([]byte(nil), line...)))
	return len(line), nil
}

// appendLine(file, bytes): for --tls-keylog
func appendLine(c *binding.Call) {
	f, err := os.OpenFile(c.String(0), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = f.Write(c.Bytes(1))
}

// ------------------------------------------------------------------------------------------------ sessions to resume

// cache is the one-session cache of a client.
type cache struct{ s *session }

// Get implements tls.ClientSessionCache.
func (k cache) Get(string) (*tls.ClientSessionState, bool) {
	ticket, state, ok := splitSession(k.s.offered)
	if !ok || len(ticket) == 0 {
		return nil, false
	}
	parsed, err := tls.ParseSessionState(state)
	if err != nil {
		return nil, false
	}
	cs, err := tls.NewResumptionState(ticket, parsed)
	if err != nil {
		return nil, false
	}
	return cs, true
}

// Put implements tls.ClientSessionCache.
func (k cache) Put(_ string, cs *tls.ClientSessionState) {
	if cs == nil {
		return
	}
	ticket, state, err := cs.ResumptionState()
	if err != nil || state == nil {
		return
	}
	if old, _, ok := splitSession(k.s.offered); ok && bytes.Equal(old, ticket) {
		return // the one that we came with
	}
	data, err := state.Bytes()
	if err != nil {
		return
	}
	all := joinSession(ticket, data)
	k.s.mu.Lock()
	k.s.latest = all
	k.s.mu.Unlock()
	k.s.emit(eventSession, binding.Buffer(all))
}

// A session as JavaScript has it: the length of the ticket, the ticket, crypto/tls's state. Opaque to programs, as Node's.
func joinSession(ticket, state []byte) []byte {
	all := binary.BigEndian.AppendUint32(nil, uint32(len(ticket)))
	return append(append(all, ticket...), state...)
}

func splitSession(b []byte) (ticket, state []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}

// session(id) → the client's newest session; before the server gave one of TLS 1.3, one that can't be resumed
func sessionBytes(c *binding.Call) {
	s := sessionOf(c)
	if s == nil {
		return
	}
	s.mu.Lock()
	latest := s.latest
	s.mu.Unlock()
	switch {
	case latest != nil:
		c.Return(binding.Buffer(latest))
	case s.offered != nil:
		c.Return(binding.Buffer(s.offered))
	case s.done():
		c.Return(binding.Buffer(joinSession(nil, []byte(s.conn.ConnectionState().ServerName))))
	}
}

// ticketOf(session) → its ticket | undefined
func ticketOf(c *binding.Call) {
	if ticket, _, ok := splitSession(c.Bytes(0)); ok && len(ticket) > 0 {
		c.Return(binding.Buffer(ticket))
	}
}

const idLength = 32 // of a session's id

func newID() []byte {
	id := make([]byte, idLength)
	rand.Read(id)
	return id
}

// sessionMark tells a session's state that we made from others in SessionState.Extra: the time, then the sessionIdContext.
const sessionMark = "roost:"

// tickets sets how a server keeps sessions: in tickets, or by the program's newSession and resumeSession.
func (s *session) tickets(config *tls.Config) {
	stored := s.flags&(flagStore|flagFetch) != 0
	if s.ctx.noTicket && !stored {
		config.SessionTicketsDisabled = true
		return
	}
	config.WrapSession = func(state tls.ConnectionState, session *tls.SessionState) ([]byte, error) {
		mark := binary.BigEndian.AppendUint64([]byte(sessionMark), uint64(time.Now().Unix()))
		session.Extra = append(session.Extra, append(mark, s.ctx.id...))
		if s.identity != nil {
			return s.identity, nil // TLS 1.2 wants one
		}
		id := newID()
		// As Node: with tickets, sessions of TLS 1.2 are not the program's to keep.
		if s.flags&flagStore != 0 && (s.ctx.noTicket || state.Version == tls.VersionTLS13) {
			data, err := session.Bytes()
			if err != nil {
				return nil, err
			}
			if _, ok := s.ask(eventStore, binding.Buffer(id), binding.Buffer(data)); !ok {
				return nil, errDropped
			}
		}
		if !s.ctx.noTicket || s.flags&flagStore == 0 {
			return config.EncryptTicket(state, session)
		}
		return id, nil
	}
	config.UnwrapSession = func(identity []byte, state tls.ConnectionState) (*tls.SessionState, error) {
		session, err := config.DecryptTicket(identity, state)
		if session == nil && err == nil && s.flags&flagFetch != 0 && len(identity) == idLength {
			r, ok := s.ask(eventFetch, binding.Buffer(append([]byte(nil), identity...)))
			if !ok {
				return nil, errDropped
			}
			if r.data != nil {
				if session, err = tls.ParseSessionState(r.data); err != nil {
					return nil, nil
				}
			}
		}
		if session == nil || err != nil {
			return nil, err
		}
		for _, extra := range session.Extra {
			if rest, ok := strings.CutPrefix(string(extra), sessionMark); ok && len(rest) >= 8 {
				made := time.Unix(int64(binary.BigEndian.Uint64([]byte(rest[:8]))), 0)
				if time.Since(made) > s.ctx.timeout || rest[8:] != s.ctx.id {
					return nil, nil
				}
				// A ticket that was taken is good for the next time, too: as OpenSSL, no new one.
				if s.version == tls.VersionTLS13 {
					config.SessionTicketsDisabled = true
				}
				s.identity = append([]byte(nil), identity...)
				return session, nil
			}
		}
		return nil, nil
	}
}
