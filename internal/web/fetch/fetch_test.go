package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/loop"
)

// TestMain names the test server's certificate as an extra root before anything reads the environment.
func TestMain(m *testing.M) {
	trusted = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "over TLS") }))
	trusted.StartTLS()
	dir, err := os.MkdirTemp("", "fetch")
	if err != nil {
		panic(err)
	}
	file := filepath.Join(dir, "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.Certificate().Raw})
	if err := os.WriteFile(file, cert, 0o600); err != nil {
		panic(err)
	}
	if os.Getenv("FETCH_TEST_UNTRUSTED") == "" {
		os.Setenv("NODE_EXTRA_CA_CERTS", file)
	}
	engine.Start("--expose-gc")
	code := m.Run()
	trusted.Close()
	os.RemoveAll(dir)
	os.Exit(code)
}

var trusted *httptest.Server

// page is an isolate with a loop, where natives of this package are globals and log collects what they gave.
type page struct {
	*binding.Env
	t *testing.T
}

func inPage(t *testing.T, f func(p *page)) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := &page{binding.NewEnv(l), t}
	if p.Isolate, err = engine.New(engine.Options{Host: p.Env, WakeFD: l.WakeFD()}); err != nil {
		t.Fatal(err)
	}
	defer p.Isolate.Dispose()
	defer p.Close()
	p.Uncaught = func(x *engine.Exception) { t.Error(x.Error()) }
	s := p.Isolate.Scope()
	defer s.Close()
	set := func(name string, v engine.Value) {
		if err := p.Isolate.Set(p.Isolate.Global(), name, v); err != nil {
			t.Fatal(err)
		}
	}
	for name, native := range Module.Natives {
		set(name, p.Function(name, native))
	}
	set("engine", p.Isolate.EngineNatives())
	p.eval(`engine.setCallback(5, (kind, code, message, ...props) => { const e = new Error(message); for (let i = 0; i < props.length; i += 2) e[props[i]] = props[i + 1]; return e; });
		globalThis.callbacks = []; globalThis.log = [];
		globalThis.request = (f) => callbacks.push(f) - 1;
		globalThis.settle = (...b) => { for (let i = 0; i < b.length; i += 3) callbacks[b[i]](b[i + 1], b[i + 2]); };
		globalThis.get = (host, target, f) => { const x = send(request((err, answer) => f(answer, x)), 'GET', 'http', host, target, '', 0); };
		globalThis.drain = (x, f) => {
			let size = 0;
			const next = () => {
				for (;;) {
					let c;
					try { c = take(x); } catch (e) { return f(e); }
					if (c === null) return f(size);
					if (c === undefined) return read(request((err, c) => { if (err) return f(err); if (c === null) return f(size); size += c.length; next(); }), x);
					size += c.length;
				}
			};
			next();
		};`)
	p.SetCallbacks(p.eval("settle"), p.eval("settle"))
	f(p)
}

func (p *page) eval(source string) engine.Value {
	p.t.Helper()
	v, err := p.Isolate.RunScript(p.Isolate.String(source), p.Isolate.String("test.js"))
	if err != nil {
		p.t.Fatalf("%s: %v", source, err)
	}
	return v
}

func (p *page) want(expression, expected string) {
	p.t.Helper()
	if got := p.Isolate.Text(p.eval("String(" + expression + ")")); got != expected {
		p.t.Errorf("%s: got %q, want %q", expression, got, expected)
	}
}

func (p *page) run() {
	for {
		p.Loop.Run(loop.RunDefault)
		if !p.Loop.RunPosted() && !p.Loop.Alive() {
			return
		}
	}
}

// settles waits until condition holds.
func settles(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for range 500 {
		if condition() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s", what)
}

func TestExchanges(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Path", r.RequestURI)
		io.Copy(w, io.LimitReader(zeros{}, 300_000))
	}))
	defer server.Close()
	before := live.Load()
	inPage(t, func(p *page) {
		p.eval(fmt.Sprintf(`for (let i = 0; i < 40; i++) get(%q, '/x|' + i, (a, x) => drain(x, (n) => log.push(a[0] + ' ' + n + ' ' + a[1].split('\n').includes('/x|' + i))))`,
			server.Listener.Addr().String()))
		p.run()
		p.want("log.length + ' ' + new Set(log).size + ' ' + log[0]", "40 1 200 300000 true")
	})
	settles(t, "exchanges are left", func() bool { return live.Load() == before })
}

// TestDroppedResponsesAreClosed drops responses unread: the collector closes them, and the server sees it.
func TestDroppedResponsesAreClosed(t *testing.T) {
	gone := make(chan bool, 64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		gone <- true
	}))
	defer server.Close()
	before, goroutines := live.Load(), runtime.NumGoroutine()
	inPage(t, func(p *page) {
		p.eval(fmt.Sprintf("for (let i = 0; i < 10; i++) get(%q, '/', (a, x) => log.push(a[0]))", server.Listener.Addr().String()))
		p.run()
		p.want("log.length", "10")
		if n := live.Load() - before; n != 10 {
			t.Errorf("%d exchanges are open, want 10", n)
		}
		p.eval("callbacks.length = 0; gc()")
		p.Isolate.CollectGarbage()
		settles(t, "collected responses hold their exchanges", func() bool { return live.Load() == before })
		for range 10 {
			select {
			case <-gone:
			case <-time.After(5 * time.Second):
				t.Fatal("the server did not see the connection close")
			}
		}
		// Those that are open at the end close with the isolate.
		p.eval(fmt.Sprintf("callbacks = []; for (let i = 0; i < 5; i++) get(%q, '/', (a, x) => (globalThis.kept ??= []).push(x))", server.Listener.Addr().String()))
		p.run()
	})
	settles(t, "disposal leaves exchanges", func() bool { return live.Load() == before })
	shared().CloseIdleConnections()
	settles(t, "goroutines are left", func() bool { return runtime.NumGoroutine() <= goroutines+4 })
}

func TestAbortWakesAReader(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer server.Close()
	before := live.Load()
	inPage(t, func(p *page) {
		p.eval(fmt.Sprintf("get(%q, '/', (a, x) => { drain(x, (e) => log.push(e instanceof Error)); abort(x); abort(x); })", server.Listener.Addr().String()))
		p.run()
		p.want("log.join()", "true")
	})
	settles(t, "exchanges are left", func() bool { return live.Load() == before })
}

func TestDiscardKeepsTheConnection(t *testing.T) {
	connections := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(w, io.LimitReader(zeros{}, 100_000))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections++
		}
	}
	server.Start()
	defer server.Close()
	before := live.Load()
	inPage(t, func(p *page) {
		for range 5 {
			p.eval(fmt.Sprintf("get(%q, '/', (a, x) => discard(x))", server.Listener.Addr().String()))
			p.run()
			settles(t, "a discarded exchange stays open", func() bool { return live.Load() == before })
		}
	})
	if connections > 2 {
		t.Errorf("%d connections for 5 discarded responses", connections)
	}
}

// zeros is an endless reader.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestDecoding(t *testing.T) {
	text := strings.Repeat("some text that repeats itself. ", 5000)
	squeeze := func(open func(io.Writer) io.WriteCloser) []byte {
		var b bytes.Buffer
		w := open(&b)
		io.WriteString(w, text)
		w.Close()
		return b.Bytes()
	}
	zipped := squeeze(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	zlibbed := squeeze(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	bare := squeeze(func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 6); return f })
	brotlied := squeeze(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	zstded := squeeze(func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })
	read := func(coding string, body []byte) (string, error) {
		resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Encoding": {coding}}, Body: io.NopCloser(bytes.NewReader(body))}
		b, err := io.ReadAll(decoded(resp, "GET"))
		return string(b), err
	}
	for _, test := range []struct {
		coding string
		body   []byte
	}{{"gzip", zipped}, {"x-gzip", zipped}, {"GZIP", zipped}, {"deflate", zlibbed}, {"deflate", bare}, {"br", brotlied}, {"zstd", zstded}, {"identity, gzip", zipped}} {
		if got, err := read(test.coding, test.body); err != nil || got != text {
			t.Errorf("%s: %d bytes, %v", test.coding, len(got), err)
		}
		// Cut short: what came is given, and no error, as in Node. zstd and brotli only must not crash.
		got, err := read(test.coding, test.body[:len(test.body)/2])
		if !strings.HasPrefix(text, got) || (err != nil && test.coding != "zstd" && test.coding != "br") {
			t.Errorf("half of %s: %d bytes, %v", test.coding, len(got), err)
		}
		damaged := append([]byte(nil), test.body...)
		damaged[0], damaged[1] = 0xff, 0xff
		var data *dataError
		if _, err := read(test.coding, damaged); err != nil && !errors.As(err, &data) {
			t.Errorf("damaged %s: %v", test.coding, err)
		}
	}
	if got, err := read("unknown", []byte("as it is")); err != nil || got != "as it is" {
		t.Errorf("unknown coding: %q, %v", got, err)
	}
	if _, err := read("gzip,gzip,gzip,gzip,gzip,gzip", zipped); !errors.Is(err, errCodings) {
		t.Errorf("six codings: %v", err)
	}
	if got, err := read("gzip", nil); err != nil || got != "" {
		t.Errorf("an empty body: %q, %v", got, err)
	}
}

func TestRequestURL(t *testing.T) {
	for _, target := range []string{"/", "/a/b?c=d", "/a%20b", "/a|b", "/%zz", "//double", "//a|b", "/?", "/?a=b&c=%zz|\"", "/a;b:c@d", "/%2F", "/é"} {
		u := requestURL("http", "h:1", target)
		got := u.RequestURI()
		if absolute, ok := strings.CutPrefix(got, "http://h:1"); ok {
			got = absolute
		}
		if got != target || u.Host != "h:1" {
			t.Errorf("%s goes out as %s", target, got)
		}
	}
}

func TestNoProxy(t *testing.T) {
	p := &proxies{except: strings.Split("plain.test,.suffix.test,*.star.test,10.0.0.1-10.0.0.9,port.test:8080,127.0.0.1", ",")}
	for _, test := range []struct {
		host, port string
		want       bool
	}{{"plain.test", "80", true}, {"sub.plain.test", "80", false}, {"a.suffix.test", "80", true}, {"suffix.test", "80", true}, {"asuffix.test", "80", false},
		{"x.star.test", "443", true}, {"10.0.0.5", "80", true}, {"10.0.0.10", "80", false}, {"port.test", "8080", true}, {"port.test", "80", false},
		{"127.0.0.1", "1", true}, {"other.test", "80", false}} {
		if got := p.excepted(test.host, test.port); got != test.want {
			t.Errorf("%s:%s: %v", test.host, test.port, got)
		}
	}
	if !(&proxies{except: []string{"*"}}).excepted("any", "80") {
		t.Error("* excepts nothing")
	}
	p.http, _ = url.Parse("http://proxy:1")
	if u, _ := url.Parse("http://x/"); proxyFor(u) != nil {
		t.Error("a proxy without NODE_USE_ENV_PROXY")
	}
}

func TestTLS(t *testing.T) {
	x := &exchange{ctx: context.Background()}
	get := func(target string) error {
		r, _ := http.NewRequest("GET", target, nil)
		resp, err := shared().RoundTrip(r)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	if err := get(trusted.URL); err != nil {
		t.Errorf("with NODE_EXTRA_CA_CERTS: %v", err)
	}
	_, port, _ := net.SplitHostPort(trusted.Listener.Addr().String())
	var e *binding.NodeError
	if err := describeError(get("https://localhost:"+port), x); !errors.As(err, &e) || e.Code != "ERR_TLS_CERT_ALTNAME_INVALID" {
		t.Errorf("a wrong name: %v", err)
	} else if !strings.HasPrefix(e.Message, "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:example.com") {
		t.Errorf("message: %s", e.Message)
	}
	t.Setenv("NODE_TLS_REJECT_UNAUTHORIZED", "0")
	if err := get("https://localhost:" + port); err != nil {
		t.Errorf("with NODE_TLS_REJECT_UNAUTHORIZED=0: %v", err)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	if err := describeError(get(strings.Replace(plain.URL, "http:", "https:", 1)), x); err.Error() != "wrong version number" {
		t.Errorf("TLS to a plain server: %v", err)
	}
}

func TestDialTriesAllAddresses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	c, err := dial(context.Background(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	l.Close()
	_, err = dial(context.Background(), "tcp", address)
	var all *dialErrors
	if !errors.As(err, &all) || len(all.all) != 1 {
		t.Fatalf("a closed port: %v", err)
	}
	if got := connectError(all.all[0]).Error(); got != "connect ECONNREFUSED "+address {
		t.Errorf("message: %s", got)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := dial(cancelled, "tcp", address); err == nil {
		t.Error("dial with a cancelled context succeeds")
	}
	_, err = dial(context.Background(), "tcp", "name.invalid:80")
	var dns *net.DNSError
	if !errors.As(err, &dns) {
		t.Errorf("an unknown name: %v", err)
	}
}

func FuzzFrameHead(f *testing.F) {
	for _, seed := range [][]byte{{0x81, 5}, {0x82, 126, 1, 0}, {0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}, {0x88, 2}, {0xff, 0xff}, {0x89, 126, 0, 0}, {}} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_, opcode, n, err := readHead(bufio.NewReader(bytes.NewReader(b)))
		if err == nil && (opcode > opPong || opcode > opBinary && opcode < opClose || opcode >= opClose && n > 125) {
			t.Errorf("opcode %d of %d bytes passes", opcode, n)
		}
	})
}

func TestFramesAreMasked(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 65535, 65536} {
		payload := bytes.Repeat([]byte("x"), n)
		b := appendFrame(nil, wsFrame{opcode: opText, payload: payload})
		head := 2
		switch {
		case n > 65535:
			head = 10
		case n > 125:
			head = 4
		}
		if b[0] != 0x81 || b[1]&0x80 == 0 || len(b) != head+4+n {
			t.Fatalf("%d bytes: frame %x of %d", n, b[:2], len(b))
		}
		for k, x := range b[head+4:] {
			if x^b[head+k&3] != 'x' {
				t.Fatalf("%d bytes: byte %d is masked wrongly", n, k)
			}
		}
	}
}
