package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits, undici's defaults (https://undici.nodejs.org/#/docs/api/Client).
const (
	connectTimeout = 10 * time.Second
	headersTimeout = 300 * time.Second
	keepAlive      = 4 * time.Second
	maxHeaders     = 16 << 10
	attemptDelay   = 250 * time.Millisecond // net.getDefaultAutoSelectFamilyAttemptTimeout()
)

// shared is the client of the process: its pool of connections serves all isolates that trust what the process does. It may be used by any
// goroutine.
var shared = sync.OnceValue(func() *http.Transport { return newTransport(roots()) })

// newTransport makes a client that trusts these roots; nil means the system's.
func newTransport(roots *x509.CertPool) *http.Transport {
	var h1 http.Protocols
	h1.SetHTTP1(true)
	dialer := &tlsDialer{roots: roots, sessions: tls.NewLRUClientSessionCache(256)}
	return &http.Transport{
		DialContext:            dialer.dialPlain,
		DialTLSContext:         dialer.dial,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    256,
		IdleConnTimeout:        keepAlive,
		ResponseHeaderTimeout:  headersTimeout,
		MaxResponseHeaderBytes: maxHeaders,
		Protocols:              &h1,
	}
}

// roots are the certificates of the system and those of NODE_EXTRA_CA_CERTS; nil means the system's.
// Differs from Node: the system's certificates take the place of the ones that Node brings along.
var roots = sync.OnceValue(func() *x509.CertPool {
	file := os.Getenv("NODE_EXTRA_CA_CERTS")
	if file == "" {
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pem, err := os.ReadFile(file)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		fmt.Fprintf(os.Stderr, "Warning: Ignoring extra certs from `%s`, load failed: %v\n", file, err)
	}
	return pool
})

// chainError adds the chain that the server sent to a failed verification.
type chainError struct {
	certs []*x509.Certificate
	err   error
}

func (e *chainError) Error() string { return e.err.Error() }
func (e *chainError) Unwrap() error { return e.err }

// tlsDialer makes the encrypted connections of one client. Immutable.
type tlsDialer struct {
	roots    *x509.CertPool
	sessions tls.ClientSessionCache
}

// dial connects and does the handshake.
func (d *tlsDialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	raw, err := d.dialFor(ctx, "https", network, address)
	if err != nil {
		return nil, err
	}
	return d.handshake(ctx, raw, host)
}

func (d *tlsDialer) verify(certs []*x509.Certificate, host string) error {
	if len(certs) == 0 {
		return errors.New("the server sent no certificate")
	}
	intermediates := x509.NewCertPool()
	for _, c := range certs[1:] {
		intermediates.AddCert(c)
	}
	if _, err := certs[0].Verify(x509.VerifyOptions{Roots: d.roots, Intermediates: intermediates}); err != nil {
		return &chainError{certs, err}
	}
	err := certs[0].VerifyHostname(host)
	if err != nil && len(certs[0].DNSNames) == 0 && net.ParseIP(host) == nil {
		// As OpenSSL and tls.checkServerIdentity() do: the common name counts when there is no other name.
		named := &x509.Certificate{DNSNames: []string{certs[0].Subject.CommonName}}
		if named.VerifyHostname(host) == nil {
			return nil
		}
	}
	return err
}

var errConnectTimeout = errors.New("Connect Timeout Error")

// addressError is the failure of one address.
type addressError struct {
	ip, port string
	err      error
}

func (e *addressError) portNumber() int {
	n, _ := strconv.Atoi(e.port)
	return n
}

// dialErrors are the failures of all addresses of a host.
type dialErrors struct{ all []*addressError }

func (e *dialErrors) Error() string { return e.all[0].err.Error() }
func (e *dialErrors) Unwrap() error { return e.all[0].err }

// dial connects to a TCP address whose host may be a name, the way Node does: addresses of both families in turn, the next one when the
// one before did not answer within 250 ms (RFC 8305).
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	ips, err := lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	type attempt struct {
		n    int
		conn net.Conn
		err  error
	}
	results := make(chan attempt, len(ips))
	started, done := 0, 0
	failed := make([]*addressError, len(ips))
	start := func() {
		n := started
		started++
		go func() {
			var d net.Dialer
			conn, err := d.DialContext(ctx, network, net.JoinHostPort(ips[n], port))
			results <- attempt{n, conn, err}
		}()
	}
	defer func() {
		if rest := started - done; rest > 0 {
			go func() { // a slower attempt may still succeed: nobody wants it
				for range rest {
					if a := <-results; a.conn != nil {
						a.conn.Close()
					}
				}
			}()
		}
	}()
	start()
	next := time.NewTimer(attemptDelay)
	defer next.Stop()
	for {
		select {
		case a := <-results:
			done++
			if a.err == nil {
				return newPatient(a.conn), nil
			}
			failed[a.n] = &addressError{ips[a.n], port, a.err}
			if started < len(ips) {
				start()
			} else if done == started {
				if outer.Err() == nil && ctx.Err() != nil {
					return nil, timeout(address)
				}
				return nil, &dialErrors{failed}
			}
		case <-next.C:
			if started < len(ips) {
				start()
				next.Reset(attemptDelay)
			}
		case <-ctx.Done():
			if outer.Err() == nil {
				return nil, timeout(address)
			}
			return nil, outer.Err()
		}
	}
}

func timeout(address string) error {
	return fmt.Errorf("%w (attempted address: %s, timeout: %dms)", errConnectTimeout, address, connectTimeout.Milliseconds())
}

// lookup gives a host's addresses, both families in turn, the resolver's first one first.
func lookup(ctx context.Context, host string) ([]string, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []string{ip.String()}, nil
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var same, other []string
	for _, ip := range found {
		ip = ip.Unmap()
		if ip.Is4() == found[0].Unmap().Is4() {
			same = append(same, ip.String())
		} else {
			other = append(other, ip.String())
		}
	}
	out := make([]string, 0, len(found))
	for k := 0; k < len(same) || k < len(other); k++ {
		if k < len(same) {
			out = append(out, same[k])
		}
		if k < len(other) {
			out = append(out, other[k])
		}
	}
	if len(out) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return out, nil
}

// proxies are the proxies of the environment, when NODE_USE_ENV_PROXY=1 or --use-env-proxy asks for them.
// https://nodejs.org/docs/latest-v24.x/api/cli.html#node_use_env_proxy1
type proxies struct {
	http, https *url.URL
	except      []string
}

var envProxies = sync.OnceValue(func() *proxies {
	if on := proxyOption.Load(); on == 2 || on == 0 && os.Getenv("NODE_USE_ENV_PROXY") != "1" {
		return nil
	}
	get := func(name string) string {
		if v := os.Getenv(name); v != "" {
			return v
		}
		return os.Getenv(strings.ToUpper(name))
	}
	return newProxies(get("http_proxy"), get("https_proxy"), get("no_proxy"))
})

// newProxies reads the values of HTTP_PROXY, HTTPS_PROXY and NO_PROXY. A URL that isn't one stands for no proxy.
func newProxies(plain, secure, except string) *proxies {
	parse := func(v string) *url.URL {
		if v == "" {
			return nil
		}
		if !strings.Contains(v, "://") {
			v = "http://" + v
		}
		u, err := url.Parse(v)
		if err != nil || u.Host == "" {
			return nil
		}
		return u
	}
	return &proxies{http: parse(plain), https: parse(secure), except: strings.FieldsFunc(except, func(r rune) bool { return r == ',' || r == ' ' })}
}

// proxyFor gives the proxy of a request; nil for none.
func proxyFor(u *url.URL) *url.URL {
	p := proxyOverride.Load()
	if p == nil {
		p = envProxies()
	}
	if p == nil {
		return nil
	}
	to := p.http
	if u.Scheme == "https" {
		to = p.https
	}
	if to == nil || p.excepted(strings.ToLower(u.Hostname()), port(u)) {
		return nil
	}
	return to
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// excepted tells whether NO_PROXY names the host: "*", a name, ".suffix", "*.suffix", an address, a range of addresses, each with or
// without a port.
func (p *proxies) excepted(host, port string) bool {
	for _, e := range p.except {
		e = strings.ToLower(e)
		if e == "*" {
			return true
		}
		if h, want, err := net.SplitHostPort(e); err == nil {
			if want != port {
				continue
			}
			e = h
		}
		suffix := strings.TrimPrefix(e, "*")
		switch {
		case e == host, strings.HasPrefix(suffix, ".") && (strings.HasSuffix(host, suffix) || host == suffix[1:]):
			return true
		case inRange(host, e):
			return true
		}
	}
	return false
}

// inRange tells whether host is an address within "first-last".
func inRange(host, text string) bool {
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		return false
	}
	ip, err1 := netip.ParseAddr(host)
	from, err2 := netip.ParseAddr(first)
	to, err3 := netip.ParseAddr(last)
	return err1 == nil && err2 == nil && err3 == nil && ip.Compare(from) >= 0 && ip.Compare(to) <= 0 && ip.BitLen() == from.BitLen()
}
