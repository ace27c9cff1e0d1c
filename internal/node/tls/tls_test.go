package tls

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"roost/internal/binding"
)

// issued is a certificate with its key.
type issued struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

var serial int64

// issue makes a certificate; by is nil for one that signs itself.
func issue(t testing.TB, by *issued, change func(*x509.Certificate)) *issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial++
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test " + big.NewInt(serial).String()},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true}
	if change != nil {
		change(template)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.Certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &issued{cert, key}
}

func authority(c *x509.Certificate) {
	c.IsCA = true
	c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
}

func TestVerify(t *testing.T) {
	root := issue(t, nil, authority)
	between := issue(t, root, authority)
	short := issue(t, root, func(c *x509.Certificate) { authority(c); c.MaxPathLenZero = true })
	deep := issue(t, short, authority)
	narrow := issue(t, root, func(c *x509.Certificate) {
		authority(c)
		c.PermittedDNSDomains, c.PermittedDNSDomainsCritical = []string{"good.example"}, true
	})
	leaf := issue(t, between, nil)
	alone := issue(t, nil, nil)
	expired := issue(t, root, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	early := issue(t, root, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })
	client := issue(t, root, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
	byLeaf := issue(t, leaf, nil)
	// A certificate with the root's name and a key of its own.
	impostor := issue(t, nil, func(c *x509.Certificate) { authority(c); c.Subject = root.Subject; c.SubjectKeyId = root.SubjectKeyId })
	forged := issue(t, impostor, nil)
	wide := issue(t, narrow, func(c *x509.Certificate) { c.DNSNames = []string{"bad.example"} })

	certs := func(list ...*issued) (out []*x509.Certificate) {
		for _, c := range list {
			out = append(out, c.Certificate)
		}
		return out
	}
	for _, c := range []struct {
		name    string
		trusted []*x509.Certificate
		partial bool
		peer    []*x509.Certificate
		want    string
	}{
		{"good", certs(root), false, certs(leaf, between), ""},
		{"good with root", certs(root), false, certs(leaf, between, root), ""},
		{"order and strangers don't matter", certs(root), false, certs(leaf, alone, between), ""},
		{"trusted itself", certs(alone), false, certs(alone), ""},
		{"self-signed", certs(root), false, certs(alone), "DEPTH_ZERO_SELF_SIGNED_CERT"},
		{"strange root", nil, false, certs(leaf, between, root), "SELF_SIGNED_CERT_IN_CHAIN"},
		{"no issuer", certs(root), false, certs(leaf), "UNABLE_TO_VERIFY_LEAF_SIGNATURE"},
		{"no root", nil, false, certs(leaf, between), "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"},
		{"trust in the middle", certs(between), false, certs(leaf), "UNABLE_TO_GET_ISSUER_CERT"},
		{"trust in the middle, allowed", certs(between), true, certs(leaf), ""},
		{"expired", certs(root), false, certs(expired), "CERT_HAS_EXPIRED"},
		{"not yet", certs(root), false, certs(early), "CERT_NOT_YET_VALID"},
		{"for clients", certs(root), false, certs(client), "INVALID_PURPOSE"},
		{"signed by a leaf", certs(root), false, certs(byLeaf, leaf, between), "INVALID_CA"},
		{"too deep", certs(root), false, certs(issue(t, deep, nil), deep, short), "PATH_LENGTH_EXCEEDED"},
		{"forged", certs(root), false, certs(forged), "CERT_SIGNATURE_FAILURE"},
		{"name constraints", certs(root), false, certs(wide, narrow), "CERT_REJECTED"},
	} {
		trusted := &store{}
		trusted.add(c.trusted...)
		code, chain := (&secureContext{partial: c.partial}).verify(trusted, c.peer, x509.ExtKeyUsageServerAuth)
		if code != c.want {
			t.Errorf("%s: %q, want %q", c.name, code, c.want)
		}
		if len(chain) == 0 || chain[0] != c.peer[0] {
			t.Errorf("%s: the chain doesn't begin with the peer's certificate", c.name)
		}
		if c.want != "" && verifyTexts[c.want] == "" {
			t.Errorf("%s has no text", c.want)
		}
	}
}

func TestRevoked(t *testing.T) {
	root := issue(t, nil, authority)
	good, bad := issue(t, root, nil), issue(t, root, nil)
	list := func(by *issued, next time.Time) *revocations {
		der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: next,
			RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: bad.SerialNumber, RevocationTime: time.Now()}}}, by.Certificate, by.key)
		if err != nil {
			t.Fatal(err)
		}
		r, err := parseRevocations(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der}))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	trusted := &store{}
	trusted.add(root.Certificate)
	other := issue(t, nil, authority)
	for _, c := range []struct {
		name string
		cert *issued
		list *revocations
		want string
	}{
		{"good", good, list(root, time.Now().Add(time.Hour)), ""},
		{"revoked", bad, list(root, time.Now().Add(time.Hour)), "CERT_REVOKED"},
		{"old list", good, list(root, time.Now().Add(-time.Minute)), "CRL_HAS_EXPIRED"},
		{"list of another", good, list(other, time.Now().Add(time.Hour)), "UNABLE_TO_GET_CRL"},
	} {
		ctx := &secureContext{crls: []*revocations{c.list}}
		if code, _ := ctx.verify(trusted, []*x509.Certificate{c.cert.Certificate}, x509.ExtKeyUsageServerAuth); code != c.want {
			t.Errorf("%s: %q, want %q", c.name, code, c.want)
		}
	}
}

func TestParseCiphers(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  []string
		level int
	}{
		{"ECDHE-RSA-AES128-GCM-SHA256", []string{"ECDHE-RSA-AES128-GCM-SHA256"}, 2},
		{"AES128-SHA:AES256-SHA:!AES128", []string{"AES256-SHA"}, 2},
		{"AES128-SHA:AES256-SHA:-AES128-SHA:AES128-SHA", []string{"AES256-SHA", "AES128-SHA"}, 2},
		{"AES128-SHA:AES256-SHA:+AES128-SHA", []string{"AES256-SHA", "AES128-SHA"}, 2},
		{"AES128-SHA,AES256-SHA @STRENGTH", []string{"AES256-SHA", "AES128-SHA"}, 2},
		{"kRSA+AESGCM", []string{"AES256-GCM-SHA384", "AES128-GCM-SHA256"}, 2},
		{"DHE-RSA-AES128-SHA:AES128-SHA@SECLEVEL=0", []string{"AES128-SHA"}, 0},
		{"aes128-sha", nil, -1},
		{"nothing", nil, -1},
		{"AES128-SHA@SECLEVEL=9", nil, -1},
	} {
		list, level, err := parseCiphers(c.text)
		var names []string
		for _, id := range list {
			names = append(names, suiteByID(id).name)
		}
		if c.level < 0 {
			if err == nil {
				t.Errorf("%s: no error", c.text)
			}
		} else if err != nil || level != c.level || !slices.Equal(names, c.want) {
			t.Errorf("%s: %v %d %v", c.text, names, level, err)
		}
	}
	if list, _, err := parseCiphers("ALL"); err != nil || slices.ContainsFunc(list, func(id uint16) bool { return slices.Contains(suiteByID(id).tags, "3DES") }) {
		t.Error("ALL: triple DES is in it")
	}
}

func TestSuiteNames(t *testing.T) {
	for standard, want := range map[string]string{
		"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA": "AES256-SHA",
		"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_RSA_WITH_AES_128_CBC_SHA256": "AES128-SHA256",
		"TLS_AES_256_GCM_SHA384": "TLS_AES_256_GCM_SHA384",
	} {
		if got := openSSLName(standard); got != want {
			t.Errorf("%s: %s, want %s", standard, got, want)
		}
	}
	if suitesTLS13[0] != tls.TLS_AES_256_GCM_SHA384 {
		t.Error("TLS 1.3 doesn't begin with AES-256")
	}
}

// A server's choice of a TLS 1.3 suite rests on how crypto/tls shows a client's hello: this fails when a release of Go changes it.
func TestChoose13(t *testing.T) {
	cert := issue(t, nil, func(c *x509.Certificate) { c.DNSNames = []string{"localhost"} })
	pair := tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: cert.key, Leaf: cert.Certificate}
	for _, id := range suitesTLS13 {
		// A curve that the client sends no share of makes it say hello twice.
		for _, curve := range []tls.CurveID{tls.X25519, tls.CurveP384} {
			ctx := &secureContext{pairs: []tls.Certificate{pair}, min: tls.VersionTLS12, max: tls.VersionTLS13, suites13: []uint16{id}, tickets: make([]byte, 48),
				curves: []tls.CurveID{curve}}
			s := &session{server: true, ctx: ctx, shaking: true, gone: make(chan struct{}), answers: make(chan reply, 1)}
			s.changed.L = &s.mu
			a, b := connected(t)
			client := tls.Client(a, &tls.Config{InsecureSkipVerify: true}) // #nosec G402
			config := ctx.config()
			config.GetConfigForClient = s.hello
			server := tls.Server(&restoring{Conn: b, s: s}, config)
			go func() {
				_ = server.Handshake()
				_, _ = io.Copy(io.Discard, server)
			}()
			if err := client.Handshake(); err != nil {
				t.Errorf("%s, %s: %v", tls.CipherSuiteName(id), curve, err)
			} else if got := client.ConnectionState().CipherSuite; got != id {
				t.Errorf("%s was picked, not %s", tls.CipherSuiteName(got), tls.CipherSuiteName(id))
			}
			a.Close()
			b.Close()
		}
	}
}

// connected are the ends of a connection; net.Pipe has no room for both sides writing at once.
func connected(t *testing.T) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if a, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if b, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return a, b
}

// restoring does what conn does before it writes.
type restoring struct {
	net.Conn
	s *session
}

func (r *restoring) Write(b []byte) (int, error) {
	if r.s.restore != nil {
		r.s.restore()
		r.s.restore = nil
	}
	return r.Conn.Write(b)
}

func TestSessionError(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
	}{
		{tls.RecordHeaderError{RecordHeader: [5]byte{'G', 'E', 'T', ' ', '/'}}, "ERR_SSL_HTTP_REQUEST"},
		{tls.RecordHeaderError{RecordHeader: [5]byte{'H', 'T', 'T', 'P', '/'}}, "ERR_SSL_WRONG_VERSION_NUMBER"},
		{tls.RecordHeaderError{RecordHeader: [5]byte{23, 3, 3, 0xff, 0xff}}, "ERR_SSL_PACKET_LENGTH_TOO_LONG"},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(40)}, "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(250)}, "ERR_SSL_REASON(1250)"},
		{errors.New("tls: client didn't provide a certificate"), "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"},
		{errors.New("tls: something new"), "ERR_SSL_TLS_ERROR"},
		{sslError("0A0000C1", "no shared cipher"), "ERR_SSL_NO_SHARED_CIPHER"},
	} {
		var e *binding.NodeError
		if !errors.As(sessionError(c.err), &e) {
			t.Fatalf("%v is no error of Node", c.err)
		}
		if got := fmt.Sprint(e.Props); !strings.Contains(got, c.code+" ") {
			t.Errorf("%v: %s, want %s", c.err, got, c.code)
		}
	}
}

func TestSessionBytes(t *testing.T) {
	ticket, state, ok := splitSession(joinSession([]byte("ticket"), []byte("state")))
	if !ok || string(ticket) != "ticket" || string(state) != "state" {
		t.Errorf("%q %q %v", ticket, state, ok)
	}
	for _, b := range [][]byte{nil, {1}, {0, 0, 0, 9, 1}, {0xff, 0xff, 0xff, 0xff, 1, 2}} {
		if _, _, ok := splitSession(b); ok {
			t.Errorf("%v is taken for a session", b)
		}
	}
	// What a program gives as a session is not trusted.
	s := &session{offered: joinSession([]byte("ticket"), []byte("no state of crypto/tls"))}
	if _, ok := (cache{s}).Get("x"); ok {
		t.Error("a broken session is offered")
	}
}

func FuzzParseCiphers(f *testing.F) {
	f.Add("HIGH:!aNULL@STRENGTH,ECDHE+AESGCM -AES128 @SECLEVEL=1")
	f.Fuzz(func(t *testing.T, text string) {
		if list, _, err := parseCiphers(text); err == nil {
			for _, id := range list {
				if suiteByID(id) == nil {
					t.Errorf("%q gives an unknown suite", text)
				}
			}
		}
	})
}

func FuzzParseRevocations(f *testing.F) {
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x00})
	f.Fuzz(func(t *testing.T, der []byte) {
		r, err := parseRevocations(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der}))
		if (r == nil) == (err == nil) {
			t.Error("neither a list nor an error")
		}
	})
}
