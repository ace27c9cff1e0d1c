package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// helloExchanges are what both starters are asked.
var helloExchanges = []exchange{
	{name: "root", path: "/"},
	{name: "root with a query", path: "/?a=1&b=2"},
	{name: "unknown path", path: "/nothing/here"},
	{name: "path with a percent", path: "/%E7%8C%AB"},
	{name: "path with a bad percent", path: "/%zz"},
	{name: "wrong method", method: "POST", path: "/", header: []string{"Content-Type: application/json"}, body: "{}"},
	{name: "HEAD", method: "HEAD", path: "/"},
	{name: "OPTIONS", method: "OPTIONS", path: "/"},
	{name: "PATCH", method: "PATCH", path: "/"},
	{name: "Connection: close", path: "/", header: []string{"Connection: close"}},
	{name: "body that is not JSON", method: "POST", path: "/", header: []string{"Content-Type: application/json"}, body: "{"},
	{name: "body that is too large", method: "POST", path: "/", header: []string{"Content-Type: application/json", "Connection: close"}, body: `"` + strings.Repeat("x", 200<<10) + `"`},
	{name: "conditional request", path: "/", header: []string{`If-None-Match: W/"c-Lve95gjOVATpfV8EL5X4nxwjKHE"`}},
	{name: "HTTP 1.0", raw: "GET / HTTP/1.0\r\n\r\n"},
	{name: "HTTP 1.0 that keeps alive", raw: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n"},
	{name: "two requests in one packet", raw: "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"},
	{name: "request in pieces", raw: "G|ET / HT|TP/1.1\r|\nHo|st: x\r\nConnec|tion: close\r\n\r|\n", pause: "|"},
	{name: "body in pieces", raw: "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a|\":1|}", pause: "|"},
	{name: "chunked body", raw: "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nTrailer: 1\r\n\r\n"},
	{name: "no Host", raw: "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"},
	{name: "two Hosts", raw: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"},
	{name: "not HTTP", raw: "hello\r\n\r\n"},
	{name: "unknown method", raw: "MEOW / HTTP/1.1\r\nHost: x\r\n\r\n"},
	{name: "HTTP 3.0", raw: "GET / HTTP/3.0\r\nHost: x\r\n\r\n"},
	{name: "space before the colon", raw: "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"},
	{name: "folded header", raw: "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\nConnection: close\r\n\r\n"},
	{name: "both lengths", raw: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	{name: "two lengths", raw: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
	{name: "length that is no number", raw: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3x\r\n\r\nabc"},
	{name: "bad chunk size", raw: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
	{name: "bare line feeds", raw: "GET / HTTP/1.1\nHost: x\nConnection: close\n\n"},
	{name: "zero byte in a header", raw: "GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n"},
	{name: "header block of 20 KB", raw: "GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("a", 20<<10) + "\r\n\r\n"},
	{name: "100-continue", raw: "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n|{}", pause: "|"},
	{name: "root again", path: "/"},
}

func TestHello(t *testing.T) {
	t.Parallel()
	compare(t, "hello", func(t *testing.T, who runner) recording { return measureHello(t, "hello", who) })
}

func TestHelloFastify(t *testing.T) {
	t.Parallel()
	compare(t, "hello-fastify", func(t *testing.T, who runner) recording { return measureHello(t, "hello-fastify", who) })
}

func measureHello(t *testing.T, name string, who runner) recording {
	a := prepare(t, name, who)
	s := a.start(t, who)
	answers := perform(t, s, helloExchanges)
	answers["log"] = answer{Log: normaliseLog(s.stdout.String())}

	// A second one on the same port: it says so and fails.
	_, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	second := a.launch(t, who, "src/main.ts", port)
	outcome := second.wait(t, 30*time.Second)
	answers["address in use"] = answer{Outcome: outcome, Log: normaliseLog(second.stdout.String() + second.stderr.String())}

	// The starter has no shutdown hooks: SIGTERM ends it as it ends any program.
	s.signal(t, syscall.SIGTERM)
	answers["SIGTERM"] = answer{Outcome: s.wait(t, 10*time.Second)}
	return answers
}

// Sixty-four connections at once, kept alive: no request is lost and every answer is whole.
func TestHelloUnderLoad(t *testing.T) {
	t.Parallel()
	who := tested(t)
	for _, name := range []string{"hello", "hello-fastify"} {
		t.Run(name, func(t *testing.T) {
			s := prepare(t, name, who).start(t, who)
			load(t, s, 64, 40, func(int, int) (path string, header http.Header, want string) {
				return "/", nil, "Hello World!"
			})
			s.alive(t)
		})
	}
}

// load sends each x requests over conns kept-alive connections at a time; ask says what and what the answer must be.
func load(t *testing.T, s *server, conns, each int, ask func(conn, n int) (path string, header http.Header, want string)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dials := make(chan struct{}, 10*conns)
	transport := &http.Transport{
		MaxIdleConnsPerHost: conns,
		MaxConnsPerHost:     conns,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dials <- struct{}{}
			return (&net.Dialer{}).DialContext(ctx, network, addr)
		},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	errs := make(chan error, conns)
	var wg sync.WaitGroup
	for conn := range conns {
		wg.Go(func() {
			for n := range each {
				path, header, want := ask(conn, n)
				if err := expect(ctx, client, "http://"+s.addr+path, header, want); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	// Connections are kept alive, so there are no more of them than clients (a few may race for one).
	if n := len(dials); n > 2*conns {
		t.Errorf("%d clients needed %d connections", conns, n)
	}
}

func expect(ctx context.Context, client *http.Client, url string, header http.Header, want string) error {
	request, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || string(body) != want {
		return fmt.Errorf("%s: %s %q, not %q", url, response.Status, body, want)
	}
	return nil
}

// A hundred requests written at once are answered in order on the one connection.
func TestPipelining(t *testing.T) {
	t.Parallel()
	who := tested(t)
	s := prepare(t, "cats", who).start(t, who)
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(exchangeLimit)); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	const count = 100
	for i := range count {
		fmt.Fprintf(&text, "GET /echo/query?a=%d HTTP/1.1\r\nHost: x\r\n\r\n", i)
	}
	if _, err := io.WriteString(conn, text.String()); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReaderSize(conn, headLimit)
	for i := range count {
		a, err := exchange{}.read(r, s.addr)
		if err != nil {
			t.Fatalf("answer %d: %v", i, err)
		}
		if want := fmt.Sprintf(`{"query":{"a":"%d"},"a":"%d"}`, i, i); a.Body != want {
			t.Fatalf("answer %d is %s", i, a.Body)
		}
	}
}
