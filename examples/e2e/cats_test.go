package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	asJSON = "Content-Type: application/json"
	asForm = "Content-Type: application/x-www-form-urlencoded"
	admin  = "X-Role: admin"
	id     = "X-Request-Id: test"
)

const kit = `{"name":" Kit ","age":3,"breed":"persian","mood":4,"tags":["soft"],"born":"2024-02-29T12:00:00Z",` +
	`"home":{"street":"Main Street","city":"Bern","rooms":[{"name":"attic","size":12.5}]}}`

// catsExchanges depend on each other: a cat is made, changed and removed.
var catsExchanges = []exchange{
	{name: "list", path: "/cats", header: []string{id}},
	{name: "list without a request id", path: "/cats"},
	{name: "list limited", path: "/cats?limit=1", header: []string{id}},
	{name: "list by breed", path: "/cats?breed=siamese", header: []string{id}},
	{name: "list with a bad limit", path: "/cats?limit=x", header: []string{id}},
	{name: "list with an unknown field", path: "/cats?colour=red", header: []string{id}},
	{name: "names", path: "/cats/names", header: []string{id}},
	{name: "property injection", path: "/cats/clock", header: []string{id}},
	{name: "one", path: "/cats/1", header: []string{id}},
	{name: "one that is missing", path: "/cats/99", header: []string{id}},
	{name: "one with a bad id", path: "/cats/tom", header: []string{id}},
	{name: "view", path: "/cats/1/view", header: []string{id}},
	{name: "owner through forwardRef", path: "/cats/1/owner", header: []string{id}},
	{name: "owners count", path: "/owners/count", header: []string{id}},
	{name: "owners under their other path", path: "/people/count", header: []string{id}},

	{name: "create without a role", method: "POST", path: "/cats", header: []string{id, asJSON}, body: kit},
	{name: "create as a guest", method: "POST", path: "/cats", header: []string{id, asJSON, "X-Role: guest"}, body: kit},
	{name: "create while banned", method: "POST", path: "/cats", header: []string{id, asJSON, "X-Role: banned"}, body: kit},
	{name: "create while the guard fails", method: "POST", path: "/cats", header: []string{id, asJSON, "X-Role: broken"}, body: kit},
	{name: "create", method: "POST", path: "/cats", header: []string{id, asJSON, admin}, body: kit},
	{name: "create twice", method: "POST", path: "/cats", header: []string{id, asJSON, admin}, body: kit},
	{name: "create with a form", method: "POST", path: "/cats", header: []string{id, asForm, admin}, body: "name=Form&breed=stray"},
	{name: "create invalid", method: "POST", path: "/cats", header: []string{id, asJSON, admin}, body: `{"name":"kit","age":41.5,"breed":"dog","tags":[1],"born":"never","extra":1,"home":{"street":"x","city":7,"rooms":[{"name":"","size":-1},{"name":"ok","size":1},3]}}`},
	{name: "create with too many rooms", method: "POST", path: "/cats", header: []string{id, asJSON, admin}, body: `{"name":"Kat","age":1,"home":{"street":"Main","city":"B","rooms":[{"name":"a","size":1},{"name":"b","size":1},{"name":"c","size":1},{"name":"d","size":1}]}}`},
	{name: "create without a body", method: "POST", path: "/cats", header: []string{id, admin}},
	{name: "create from text", method: "POST", path: "/cats", header: []string{id, admin, "Content-Type: text/plain"}, body: "a cat"},
	{name: "create with a prototype", method: "POST", path: "/cats", header: []string{id, asJSON, admin}, body: `{"name":"Proto","age":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`},
	{name: "the new one", path: "/cats/3", header: []string{id}},
	{name: "view of the new one", path: "/cats/3/view", header: []string{id}},
	{name: "update", method: "PATCH", path: "/cats/3", header: []string{id, asJSON, admin}, body: `{"age":4}`},
	{name: "update by night", method: "PATCH", path: "/cats/3", header: []string{id, asJSON, admin, "X-Hour: 23"}, body: `{"age":4}`},
	{name: "update at no hour", method: "PATCH", path: "/cats/3", header: []string{id, asJSON, admin, "X-Hour: x"}, body: `{"age":4}`},
	{name: "update invalid", method: "PATCH", path: "/cats/3", header: []string{id, asJSON, admin}, body: `{"age":"4","home":{"street":1}}`},
	{name: "remove", method: "DELETE", path: "/cats/3", header: []string{id, admin}},
	{name: "remove again", method: "DELETE", path: "/cats/3", header: []string{id, admin}},
	{name: "put is not there", method: "PUT", path: "/cats/3", header: []string{id, asJSON, admin}, body: `{}`},

	{name: "timeout", path: "/cats/late", header: []string{id}},
	{name: "catchError", path: "/cats/upstream", header: []string{id}},
	{name: "catchError lets through", path: "/cats/upstream?teapot=true", header: []string{id}},
	{name: "bad boolean", path: "/cats/upstream?teapot=maybe", header: []string{id}},
	{name: "uncaught in a handler", path: "/cats/crash", header: []string{id}},
	{name: "slow", path: "/cats/slow?ms=5", header: []string{id}},
	{name: "enum parameter", path: "/cats/breed/persian?tags=a,b", header: []string{id}},
	{name: "enum parameter that is none", path: "/cats/breed/poodle", header: []string{id}},
	{name: "uuid", path: "/cats/chip/3f2504e0-4f89-11d3-9a0c-0305e82c3301", header: []string{id}},
	{name: "no uuid", path: "/cats/chip/12", header: []string{id}},
	{name: "parameter decorator", path: "/cats/role", header: []string{id, "X-Role: guest"}},
	{name: "redirect", path: "/cats/best", header: []string{id}},
	{name: "redirect elsewhere", path: "/cats/best?id=2", header: []string{id}},
	{name: "cookies", path: "/cats/cookie", header: []string{id}},

	{name: "lifecycle", path: "/lifecycle", header: []string{id}},
	{name: "custom providers", path: "/providers", header: []string{id}},
	{name: "created on demand", path: "/providers/created", header: []string{id}},
	{name: "lazy module", path: "/providers/lazy", header: []string{id}},
	{name: "lazy module again", path: "/providers/lazy", header: []string{id}},
	{name: "request scope", path: "/scopes", header: []string{id}},
	{name: "request scope again", path: "/scopes", header: []string{"X-Request-Id: other"}},

	{name: "observable", path: "/streams/last", header: []string{id}},
	{name: "observable without a value", path: "/streams/empty", header: []string{id}},
	{name: "observable of many kinds", path: "/streams/mixed", header: []string{id}},
	{name: "event", path: "/streams/event", header: []string{id}},

	{name: "JSON object", method: "POST", path: "/echo/json", header: []string{id, asJSON}, body: `{"a":[1,{"b":null}],"é":"猫"}`},
	{name: "JSON array", method: "POST", path: "/echo/json", header: []string{id, asJSON}, body: `[1,2,3]`},
	{name: "JSON in UTF-16", method: "POST", path: "/echo/json", header: []string{id, asJSON + "; charset=utf-16le"}, body: "{\x00}\x00"},
	{name: "JSON in an unknown charset", method: "POST", path: "/echo/json", header: []string{id, asJSON + "; charset=x-none"}, body: "{}"},
	{name: "JSON string", method: "POST", path: "/echo/json", header: []string{id, asJSON}, body: `"a"`},
	{name: "JSON that breaks off", method: "POST", path: "/echo/json", header: []string{id, asJSON}, body: `{"a":`},
	{name: "gzip body", method: "POST", path: "/echo/json", header: []string{id, asJSON, "Content-Encoding: gzip"}, body: gzipped(`{"packed":true}`)},
	{name: "damaged gzip body", method: "POST", path: "/echo/json", header: []string{id, asJSON, "Content-Encoding: gzip", "Connection: close"}, body: "no gzip at all"},
	{name: "form", method: "POST", path: "/echo/json", header: []string{id, asForm}, body: "a=1&b[]=2&b[]=3&c[d]=4&e=%C3%A9+x"},
	{name: "raw body", method: "POST", path: "/echo/raw", header: []string{id, asJSON}, body: `{"a": 1}`},
	{name: "query", path: "/echo/query?a=1&b=2&b=3&c[d]=4&e=%20x%2B+y&f", header: []string{id}},
	{name: "query of odd things", path: "/echo/query?&&=&a==&%zz=1&a=%FF#frag", header: []string{id}},
	{name: "headers", path: "/echo/headers", header: []string{id, "X-Many: 1", "x-many: 2", "Cookie: a=1", "Cookie: b=2", "Accept: a", "Accept: b", "User-Agent: first", "User-Agent: second", "X-Empty:", "X-Latin: caf\xe9"}},
	{name: "wildcard path", path: "/echo/path/a/b%20c/d", header: []string{id}},
	{name: "wildcard path with nothing", path: "/echo/path/a/", header: []string{id}},
	{name: "any GET", path: "/echo/any?x=1", header: []string{id}},
	{name: "any DELETE", method: "DELETE", path: "/echo/any", header: []string{id}},
	{name: "any PROPFIND", method: "PROPFIND", path: "/echo/any", header: []string{id}},
	{name: "any SEARCH", method: "SEARCH", path: "/echo/any", header: []string{id}},
	{name: "absolute URL", path: "http://example.org/echo/any?y=2", header: []string{id}},
	{name: "HEAD handler", method: "HEAD", path: "/echo/nothing", header: []string{id}},
	{name: "HEAD of a GET handler", method: "HEAD", path: "/echo/types", header: []string{id}},
	{name: "JSON of every type", path: "/echo/types", header: []string{id}},
	{name: "nothing", path: "/echo/empty", header: []string{id}},
	{name: "number", path: "/echo/number", header: []string{id}},
	{name: "null", path: "/echo/null", header: []string{id}},
	{name: "unknown path", path: "/dogs", header: []string{id}},
}

func TestCats(t *testing.T) {
	t.Parallel()
	compare(t, "cats", func(t *testing.T, who runner) recording {
		s := prepare(t, "cats", who).start(t, who)
		time.Sleep(50 * time.Millisecond) // "successfully started" is printed just after the socket listens
		started := s.stdout.String()
		answers := perform(t, s, catsExchanges)
		answers["log of the start"] = answer{Log: normaliseLog(started)}
		answers["log of the requests"] = answer{Log: normaliseLog(strings.TrimPrefix(s.stdout.String(), started) + s.stderr.String())}
		return answers
	})
}

// On SIGTERM the request in flight is answered, new ones are refused, the hooks run in order, each awaited, and the
// program ends as the signal would have ended it.
func TestCatsShutdown(t *testing.T) {
	t.Parallel()
	compare(t, "cats-shutdown", func(t *testing.T, who runner) recording {
		answers := recording{}
		a := prepare(t, "cats", who)
		for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
			s := a.start(t, who)
			conn, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(exchangeLimit)); err != nil {
				t.Fatal(err)
			}
			// Once the client wants the connection closed after its answer, once it keeps it and leaves later.
			inFlight := exchange{path: "/cats/slow?ms=600", header: []string{"X-Request-Id: in-flight"}}
			if sig == syscall.SIGTERM {
				inFlight.header = append(inFlight.header, "Connection: close")
			}
			if err := inFlight.send(conn, s.addr); err != nil {
				t.Fatal(err)
			}
			time.Sleep(150 * time.Millisecond)
			s.signal(t, sig)
			time.Sleep(150 * time.Millisecond)
			refused := "accepted"
			if late, err := net.Dial("tcp", s.addr); err != nil {
				refused = "refused"
			} else {
				late.Close()
			}
			name := "SIGTERM"
			if sig == syscall.SIGINT {
				name = "SIGINT"
			}
			answers[name+": new connection"] = answer{Outcome: refused}
			got, err := inFlight.read(bufio.NewReaderSize(conn, headLimit), s.addr)
			if err != nil {
				got = answer{Outcome: "failed: " + err.Error()}
			}
			answers[name+": request in flight"] = got
			conn.Close()
			outcome := s.wait(t, 10*time.Second)
			var hooks []string
			for line := range strings.Lines(s.stdout.String()) {
				if strings.HasPrefix(line, "lifecycle:") {
					hooks = append(hooks, strings.TrimSpace(line))
				}
			}
			answers[name] = answer{Outcome: outcome, Log: hooks, Body: s.stderr.String()}
		}
		return answers
	})
}

// A provider that cannot be resolved: the framework's explanation and exit code.
func TestCatsBroken(t *testing.T) {
	t.Parallel()
	compare(t, "cats-broken", func(t *testing.T, who runner) recording {
		s := prepare(t, "cats", who).launch(t, who, "src/broken.ts", freePort(t))
		outcome := s.wait(t, startLimit)
		return recording{
			"stdout": answer{Outcome: outcome, Log: normaliseLog(s.stdout.String())},
			"stderr": answer{Log: normaliseLog(s.stderr.String())},
		}
	})
}

// Every request keeps its own AsyncLocalStorage store while a hundred of them are under way.
func TestCatsContextUnderLoad(t *testing.T) {
	t.Parallel()
	who := tested(t)
	s := prepare(t, "cats", who).start(t, who)
	load(t, s, 50, 10, func(conn, n int) (string, http.Header, string) {
		ms, id := (conn*7+n*3)%23, fmt.Sprintf("%d-%d", conn, n)
		return fmt.Sprintf("/cats/slow?ms=%d", ms), http.Header{"X-Request-Id": {id}}, fmt.Sprintf("slept %d, still %s", ms, id)
	})
	s.alive(t)
}

// Clients that leave in the middle of everything do no harm.
func TestCatsRudeClients(t *testing.T) {
	t.Parallel()
	who := tested(t)
	s := prepare(t, "cats", who).start(t, who)
	for i, text := range []string{
		"",
		"G",
		"GET /cats/slow?ms=50 HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /cats HTTP/1.1\r\nHost: x\r\nX-Role: admin\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
		"POST /cats HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
		"GET /cats HTTP/1.1\r\nHost: x\r\n\r\nGET /cats HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		for _, how := range []string{"close", "reset", "half"} {
			conn, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i) * time.Millisecond)
			tcp := conn.(*net.TCPConn)
			switch how {
			case "reset":
				err = tcp.SetLinger(0)
			case "half":
				err = tcp.CloseWrite()
				defer conn.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			if how != "half" {
				conn.Close()
			}
		}
	}
	time.Sleep(100 * time.Millisecond)
	s.alive(t)
	got, err := exchange{path: "/echo/number"}.do(s.addr)
	if err != nil || got.Body != "42" {
		t.Fatalf("afterwards: %v %v", got, err)
	}
}
