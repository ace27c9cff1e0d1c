// Package tls is the Go half of node:tls: sessions of Go's crypto/tls over bytes that JavaScript, or rather the stream below, brings and
// takes.
//
// A session has two goroutines, one that shakes hands and reads, one that writes; they wait in memory (conn below), never on a
// descriptor. Natives run on the isolate's thread; what the goroutines find is posted to the loop. All state that both sides touch is
// guarded by session.mu.
package tls

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"roost/internal/binding"
)

// Module is the tls builtin.
var Module = binding.Module{Name: "tls", Natives: binding.Natives{
	"contextNew": contextNew, "sessionNew": sessionNew, "start": start, "accept": accept, "feed": feed, "feedEnd": feedEnd, "write": write, "end": end,
	"setReading": setReading, "destroy": destroy, "peerCertificates": peerCertificates, "rootCertificates": rootCertificates,
	"cipherNames": cipherNames,
}}

// Events of a session, as lib/index.ts reads them.
const (
	eventSecure    = 1 // (protocol, cipher, ALPN protocol, verify code, verify text, server name, resumed)
	eventData      = 2 // (plain text)
	eventEnd       = 3 // the peer's close_notify, or the end of its bytes
	eventError     = 4 // (error)
	eventEncrypted = 5 // (bytes for the stream below)
	eventWritten   = 6 // a write is encrypted and handed out
	eventShutdown  = 7 // close_notify is handed out
)

// secureContext is what tls.createSecureContext reads once.
type secureContext struct {
	certificates []tls.Certificate
	roots        *x509.CertPool // nil: the system's
	min, max     uint16
}

// contextNew(cert, key, passphrase, ca, min, max): PEM texts, "" for none; ca is undefined for the system's roots → context
func contextNew(c *binding.Call) {
	ctx := &secureContext{min: uint16(c.Int(4)), max: uint16(c.Int(5))}
	if cert, key := c.String(0), c.String(1); cert != "" && key != "" {
		if block, _ := pem.Decode([]byte(key)); block != nil && (block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED")) {
			c.Throw(binding.TypeError("ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", "Private keys that are encrypted with a passphrase are not supported yet"))
			return
		}
		pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
		if err != nil {
			c.Throw(pemError(err))
			return
		}
		ctx.certificates = append(ctx.certificates, pair)
	}
	if !c.IsUndefined(3) {
		ctx.roots = x509.NewCertPool()
		ctx.roots.AppendCertsFromPEM([]byte(c.String(3)))
	}
	c.Return(binding.Ref(ctx))
}

// pemError gives the code that programs look for.
func pemError(err error) error {
	if strings.Contains(err.Error(), "does not match") {
		return binding.Error("ERR_OSSL_X509_KEY_VALUES_MISMATCH", "error:05800074:x509 certificate routines::key values mismatch")
	}
	return binding.Error("ERR_OSSL_PEM_NO_START_LINE", "error:0480006C:PEM routines::no start line")
}

// session is one TLS connection.
type session struct {
	env *binding.Env
	id  int // loop thread only

	mu       sync.Mutex
	changed  sync.Cond // of everything below
	in       []byte    // encrypted, not yet read; guarded by mu
	inEnd    bool      // guarded by mu
	reading  bool      // JavaScript wants plain text; guarded by mu
	writes   [][]byte  // plain text to encrypt; guarded by mu
	ending   bool      // close_notify after writes; guarded by mu
	closed   bool      // guarded by mu
	secure   bool      // the handshake is complete; guarded by mu
	accepted bool      // JavaScript trusts the peer: until then nothing is sent or read; guarded by mu
	pending  []byte    // encrypted, on its way to the loop; guarded by mu
	flushing bool      // guarded by mu

	conn *tls.Conn // immutable after start
	want x509.VerifyOptions
}

// sessionNew(context, isServer, serverName, alpn, requestCert) → id
func sessionNew(c *binding.Call) {
	ctx, ok := c.Ref(0).(*secureContext)
	if !ok {
		return
	}
	isServer, name, alpn := c.Bool(1), c.String(2), c.Strings(3)
	s := &session{env: c.Env(), reading: true}
	s.changed.L = &s.mu
	config := &tls.Config{Certificates: ctx.certificates, MinVersion: ctx.min, MaxVersion: ctx.max, NextProtos: alpn, ServerName: name,
		// JavaScript decides what becomes of a certificate that doesn't verify: see verify.
		InsecureSkipVerify: true} // #nosec G402
	s.want = x509.VerifyOptions{Roots: ctx.roots, Intermediates: x509.NewCertPool()}
	if isServer {
		if len(ctx.certificates) == 0 {
			// Node fails the handshake, not the listening.
			config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("no shared cipher") }
		}
		if c.Bool(4) {
			config.ClientAuth = tls.RequestClientCert
		}
		s.want.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		s.conn = tls.Server(conn{s}, config)
	} else {
		s.conn = tls.Client(conn{s}, config)
	}
	s.id = c.Env().Adopt(s)
	c.Return(binding.Int(s.id))
}

func sessionOf(c *binding.Call) *session {
	s, _ := c.Env().Handle(c.Int(0)).(*session)
	return s
}

// start(id): shakes hands
func start(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		go s.run()
	}
}

// accept(id): JavaScript has looked at the peer's certificate and goes on
func accept(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.mu.Lock()
		first := s.secure && !s.accepted
		s.accepted = s.accepted || first
		s.mu.Unlock()
		s.changed.Broadcast()
		if first {
			go s.runWrites()
		}
	}
}

// post calls f on the loop unless the session is destroyed by then.
func (s *session) post(f func()) {
	s.env.Loop.Post(func() {
		if s.env.Handle(s.id) == s {
			f()
		}
	})
}

func (s *session) emit(event int, args ...binding.Result) {
	s.post(func() { s.env.Emit(s.id, event, args...) })
}

// run shakes hands, then reads until the end. Its own goroutine.
func (s *session) run() {
	if err := s.conn.Handshake(); err != nil {
		s.emit(eventError, binding.Fail(handshakeError(err)))
		return
	}
	state := s.conn.ConnectionState()
	code, text := s.verify(state.PeerCertificates)
	s.mu.Lock()
	s.secure = true
	s.mu.Unlock()
	s.emit(eventSecure, binding.String(versions[state.Version]), binding.String(openSSLName(tls.CipherSuiteName(state.CipherSuite))),
		binding.String(state.NegotiatedProtocol), binding.String(code), binding.String(text), binding.String(state.ServerName), binding.Bool(state.DidResume))
	buf := make([]byte, 32<<10)
	for {
		s.mu.Lock()
		for (!s.reading || !s.accepted) && !s.closed {
			s.changed.Wait()
		}
		closed := s.closed
		s.mu.Unlock()
		if closed {
			return
		}
		n, err := s.conn.Read(buf)
		if n > 0 {
			chunk := append([]byte(nil), buf[:n]...)
			s.emit(eventData, binding.Buffer(chunk))
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
			s.emit(eventEnd)
			return
		default:
			s.emit(eventError, binding.Fail(handshakeError(err)))
			return
		}
	}
}

// runWrites encrypts what JavaScript writes. Its own goroutine, since Read may wait.
func (s *session) runWrites() {
	for {
		s.mu.Lock()
		for len(s.writes) == 0 && !s.ending && !s.closed {
			s.changed.Wait()
		}
		if s.closed {
			s.mu.Unlock()
			return
		}
		writes, ending := s.writes, s.ending
		s.writes = nil
		s.mu.Unlock()
		for _, b := range writes {
			if _, err := s.conn.Write(b); err != nil {
				s.emit(eventError, binding.Fail(handshakeError(err)))
				return
			}
			s.emit(eventWritten)
		}
		if ending && len(writes) == 0 {
			_ = s.conn.CloseWrite()
			s.emit(eventShutdown)
			return
		}
	}
}

// conn is the connection as crypto/tls sees it: memory on both sides.
type conn struct{ s *session }

// Read waits for encrypted bytes.
func (c conn) Read(b []byte) (int, error) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.in) == 0 && !s.inEnd && !s.closed {
		s.changed.Wait()
	}
	if len(s.in) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.in)
	s.in = s.in[:copy(s.in, s.in[n:])]
	return n, nil
}

// Write hands encrypted bytes to the loop; those of one turn go out together.
func (c conn) Write(b []byte) (int, error) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, net.ErrClosed
	}
	s.pending = append(s.pending, b...)
	if !s.flushing {
		s.flushing = true
		s.post(s.flush)
	}
	return len(b), nil
}

func (s *session) flush() {
	s.mu.Lock()
	out := s.pending
	s.pending, s.flushing = nil, false
	s.mu.Unlock()
	s.env.Emit(s.id, eventEncrypted, binding.Buffer(out))
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

// maxIn is how many encrypted bytes may wait before the stream below should stop.
const maxIn = 256 << 10

// feed(id, bytes) → whether more is welcome now
func feed(c *binding.Call) {
	s := sessionOf(c)
	if s == nil {
		return
	}
	s.mu.Lock()
	s.in = append(s.in, c.Bytes(1)...)
	room := len(s.in) < maxIn
	s.mu.Unlock()
	s.changed.Broadcast()
	c.Return(binding.Bool(room))
}

// feedEnd(id): the stream below has ended
func feedEnd(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.mu.Lock()
		s.inEnd = true
		s.mu.Unlock()
		s.changed.Broadcast()
	}
}

// write(id, bytes): eventWritten follows
func write(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		var b []byte
		if c.IsBytes(1) {
			b = append(b, c.Bytes(1)...)
		} else {
			b = []byte(c.String(1))
		}
		s.mu.Lock()
		s.writes = append(s.writes, b)
		s.mu.Unlock()
		s.changed.Broadcast()
	}
}

// end(id): eventShutdown follows
func end(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.mu.Lock()
		s.ending = true
		s.mu.Unlock()
		s.changed.Broadcast()
	}
}

func setReading(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.mu.Lock()
		s.reading = c.Bool(1)
		s.mu.Unlock()
		s.changed.Broadcast()
	}
}

// destroy(id): nothing more comes of the session
func destroy(c *binding.Call) {
	if s := sessionOf(c); s != nil {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.changed.Broadcast()
		c.Env().Drop(s.id)
	}
}

var versions = map[uint16]string{tls.VersionTLS10: "TLSv1", tls.VersionTLS11: "TLSv1.1", tls.VersionTLS12: "TLSv1.2", tls.VersionTLS13: "TLSv1.3"}

// openSSLName is the name that OpenSSL gives a cipher suite of TLS 1.2; those of 1.3 have one name everywhere.
func openSSLName(name string) string {
	rest, ok := strings.CutPrefix(name, "TLS_")
	exchange, cipher, found := strings.Cut(rest, "_WITH_")
	if !ok || !found {
		return name
	}
	cipher = strings.TrimSuffix(cipher, "_SHA256")
	switch {
	case strings.HasPrefix(cipher, "CHACHA20"):
		cipher = "CHACHA20-POLY1305"
	default:
		cipher = strings.ReplaceAll(strings.ReplaceAll(cipher, "AES_", "AES"), "_", "-")
		if strings.HasSuffix(name, "_SHA256") {
			cipher += "-SHA256"
		}
		cipher = strings.ReplaceAll(cipher, "-CBC", "")
	}
	if exchange == "RSA" {
		return cipher
	}
	return strings.ReplaceAll(exchange, "_", "-") + "-" + cipher
}

func cipherNames(c *binding.Call) {
	var out []string
	for _, suite := range tls.CipherSuites() {
		out = append(out, strings.ToLower(openSSLName(suite.Name)))
	}
	c.Return(binding.Strings(out))
}

// verify checks the chain, without the name: OpenSSL's code and text, "" for a good one.
func (s *session) verify(chain []*x509.Certificate) (code, text string) {
	if len(chain) == 0 {
		return "", ""
	}
	o := s.want
	if o.Roots == nil {
		o.Roots = systemRoots()
	}
	for _, c := range chain[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := chain[0].Verify(o)
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return "", ""
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if time.Now().Before(invalid.Cert.NotBefore) {
			return "CERT_NOT_YET_VALID", "certificate is not yet valid"
		}
		return "CERT_HAS_EXPIRED", "certificate has expired"
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		return "INVALID_PURPOSE", "unsuitable certificate purpose"
	case len(chain) == 1 && selfSigned(chain[0]):
		return "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"
	case selfSigned(chain[len(chain)-1]):
		return "SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"
	case len(chain) == 1:
		return "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
			"unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca"
	}
	return "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate"
}

func selfSigned(c *x509.Certificate) bool {
	return c.CheckSignatureFrom(c) == nil || string(c.RawIssuer) == string(c.RawSubject)
}

// systemRoots are the system's roots with those of NODE_EXTRA_CA_CERTS.
var systemRoots = sync.OnceValue(func() *x509.CertPool {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if extra := os.Getenv("NODE_EXTRA_CA_CERTS"); extra != "" {
		if text, err := os.ReadFile(extra); err == nil {
			pool.AppendCertsFromPEM(text)
		}
	}
	return pool
})

// rootCertificates() → PEM texts of the files that hold the system's roots
func rootCertificates(c *binding.Call) {
	var out []string
	for _, file := range []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			if block.Type == "CERTIFICATE" {
				out = append(out, strings.TrimSuffix(string(pem.EncodeToMemory(block)), "\n"))
			}
		}
		break
	}
	c.Return(binding.Strings(out))
}

// handshakeError gives an error of crypto/tls the code that OpenSSL's error would have.
func handshakeError(err error) error {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &record):
		return binding.Error("ERR_SSL_WRONG_VERSION_NUMBER", "SSL routines:ssl3_get_record:wrong version number")
	case errors.As(err, &alert):
		text := strings.TrimPrefix(alert.Error(), "tls: ")
		return binding.Error("ERR_SSL_"+strings.ToUpper(strings.ReplaceAll(text, " ", "_")), "SSL routines::%s", text)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return binding.Error("ECONNRESET", "Client network socket disconnected before secure TLS connection was established")
	}
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "remote error: "), "tls: ")
	code := "ERR_SSL_TLS_ERROR"
	switch {
	case strings.Contains(text, "protocol version"), strings.Contains(text, "supported versions"):
		code = "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION"
	case strings.Contains(text, "handshake failure"):
		code = "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE"
	case strings.Contains(text, "no application protocol"), strings.Contains(text, "unsupported application protocols"):
		code = "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL"
	case strings.Contains(text, "no shared cipher"), strings.Contains(text, "no cipher suite"):
		code = "ERR_SSL_NO_SHARED_CIPHER"
	case strings.Contains(text, "unknown certificate"):
		code = "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"
	}
	return binding.Error(code, "SSL routines::%s", text)
}

// peerCertificates(id) → list of certificates, the peer's own first
func peerCertificates(c *binding.Call) {
	s := sessionOf(c)
	if s == nil {
		return
	}
	s.mu.Lock()
	secure := s.secure
	s.mu.Unlock()
	if !secure {
		return
	}
	var list []binding.Result
	for _, cert := range s.conn.ConnectionState().PeerCertificates {
		list = append(list, describe(cert))
	}
	c.Return(binding.List(list...))
}

func describe(c *x509.Certificate) binding.Result {
	s := binding.String
	var alt []string
	for _, n := range c.DNSNames {
		alt = append(alt, "DNS:"+n)
	}
	for _, ip := range c.IPAddresses {
		alt = append(alt, "IP Address:"+ip.String())
	}
	for _, m := range c.EmailAddresses {
		alt = append(alt, "email:"+m)
	}
	for _, u := range c.URIs {
		alt = append(alt, "URI:"+u.String())
	}
	sum1, sum256, sum512 := sha1.Sum(c.Raw), sha256.Sum256(c.Raw), sha512.Sum512(c.Raw)
	altNames := binding.Undefined
	if len(alt) > 0 {
		altNames = s(strings.Join(alt, ", "))
	}
	const layout = "Jan _2 15:04:05 2006 GMT"
	return binding.Object(
		s("subject"), names(c.Subject.Names), s("issuer"), names(c.Issuer.Names), s("subjectaltname"), altNames, s("ca"), binding.Bool(c.IsCA),
		s("valid_from"), s(c.NotBefore.UTC().Format(layout)), s("valid_to"), s(c.NotAfter.UTC().Format(layout)),
		s("fingerprint"), s(colons(sum1[:])), s("fingerprint256"), s(colons(sum256[:])), s("fingerprint512"), s(colons(sum512[:])),
		s("serialNumber"), s(strings.ToUpper(fmt.Sprintf("%x", c.SerialNumber))), s("raw"), binding.Buffer(c.Raw))
}

func colons(b []byte) string {
	text := strings.ToUpper(hex.EncodeToString(b))
	var out strings.Builder
	for i := 0; i < len(text); i += 2 {
		if i > 0 {
			out.WriteByte(':')
		}
		out.WriteString(text[i : i+2])
	}
	return out.String()
}
