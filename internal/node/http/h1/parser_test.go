package h1

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// run feeds the input in pieces and describes what was found, as requestCases does.
func run(kind Kind, lenient bool, pieces ...string) (out []string) {
	p := &Parser{Lenient: lenient}
	p.Reset(kind)
	var head, body string
	headers := func() string {
		return strings.ReplaceAll(strings.TrimSuffix(string(p.Block), "\n"), "\n", "|")
	}
	event := func(ev Event, rest string) bool {
		switch ev {
		case Head:
			if kind == Request {
				head = fmt.Sprintf("%s %s %d.%d %s", p.Method, p.URL, p.Major, p.Minor, headers())
				if p.Upgrades {
					head = fmt.Sprintf("upgrade %s %s ", p.Method, p.URL)
				}
			} else {
				head = fmt.Sprintf("%d %s %d.%d %s", p.Status, p.Reason, p.Major, p.Minor, headers())
			}
			body = ""
		case Body:
			body += string(p.Chunk)
		case Done:
			if strings.HasPrefix(head, "upgrade") {
				break
			}
			out = append(out, fmt.Sprintf("%s body=%s trailers=%s", head, body, headers()))
		case Upgrade:
			if head != "" {
				out = append(out, head)
			}
			head = ""
			if len(out) > 0 {
				out[len(out)-1] += rest
			}
			return false
		case Failed:
			out = append(out, "error "+p.Err.Code+" "+p.Err.Reason)
			return false
		}
		return true
	}
	for _, piece := range pieces {
		data := []byte(piece)
		for {
			n, ev := p.Next(data)
			if n > len(data) {
				panic("consumed too much")
			}
			data = data[n:]
			if ev == NeedMore {
				if len(data) > 0 {
					panic("left something")
				}
				break
			}
			if !event(ev, string(data)) {
				if ev == Upgrade {
					break
				}
				return out
			}
		}
	}
	if ev := p.Finish(); ev != NeedMore {
		event(ev, "")
	}
	if strings.HasPrefix(head, "upgrade") {
		out = append(out, head)
	}
	return out
}

// latin1 reads a Go string of bytes as the test table writes it.
func show(s []string) string { return fmt.Sprintf("%q", s) }

func TestRequestsAsNode(t *testing.T)  { asNode(t, Request, requestCases) }
func TestResponsesAsNode(t *testing.T) { asNode(t, Response, responseCases) }

func asNode(t *testing.T, kind Kind, cases []struct {
	name, input     string
	strict, lenient []string
}) {
	for _, c := range cases {
		for _, lenient := range []bool{false, true} {
			want := c.strict
			if lenient && c.lenient != nil {
				want = c.lenient
			}
			got := run(kind, lenient, c.input)
			if show(got) != show(want) {
				t.Errorf("%s lenient=%v\n got %s\nwant %s", c.name, lenient, show(got), show(want))
			}
		}
	}
}

func TestResponses(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 204 No Content\r\n\r\n",
			`["200 OK 1.1 Content-Length|2 body=hi trailers=" "204 No Content 1.1  body= trailers="]`},
		{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nto the end",
			`["100 Continue 1.1  body= trailers=" "200 OK 1.0  body=to the end trailers="]`},
		{"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", `["200  1.1 Content-Length|0 body= trailers="]`},
		{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", `["error HPE_INVALID_EOF_STATE Invalid EOF state"]`},
		{"HTTP/1.1 200 OK\r\nA: b;\r\n c\r\nContent-Length: 0\r\n\r\n", `["error HPE_INVALID_HEADER_TOKEN Unexpected whitespace after header value"]`},
		{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\n", `["error HPE_INVALID_HEADER_TOKEN Unexpected whitespace after header value"]`},
		{"HTTX/1.1 200 OK\r\n", `["error HPE_INVALID_CONSTANT Expected HTTP/, RTSP/ or ICE/"]`},
		{"HTTP/1.1 2x0 OK\r\n", `["error HPE_INVALID_STATUS Invalid status code"]`},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n",
			`["200 OK 1.1 Transfer-Encoding|chunked body=hi trailers=X|y"]`},
		{"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", `["304 Not Modified 1.1 Content-Length|10 body= trailers="]`},
	} {
		if got := show(run(Response, false, c.in)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestSkipBody(t *testing.T) {
	p := &Parser{}
	p.Reset(Response)
	data := []byte("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nHTTP/1.1 200 OK\r\n")
	n, ev := p.Next(data)
	if ev != Head {
		t.Fatal(ev)
	}
	p.SkipBody()
	if _, ev = p.Next(data[n:]); ev != Done {
		t.Fatal(ev)
	}
}

// Every way to cut the input in two, and one byte at a time, gives the same as the whole.
func TestSplits(t *testing.T) {
	for _, c := range requestCases {
		if len(c.input) > 500 {
			continue
		}
		for _, lenient := range []bool{false, true} {
			whole := show(run(Request, lenient, c.input))
			for k := range c.input {
				if got := show(run(Request, lenient, c.input[:k], c.input[k:])); got != whole {
					t.Fatalf("%s cut at %d lenient=%v\n got %s\nwhole %s", c.name, k, lenient, got, whole)
				}
			}
			if got := show(run(Request, lenient, strings.Split(c.input, "")...)); got != whole {
				t.Fatalf("%s byte by byte\n got %s\nwhole %s", c.name, got, whole)
			}
		}
	}
}

func FuzzParser(f *testing.F) {
	for _, c := range requestCases {
		if len(c.input) < 500 {
			f.Add([]byte(c.input), uint16(7), false, false)
		}
	}
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n"), uint16(20), true, false)
	f.Fuzz(func(t *testing.T, data []byte, cut uint16, response, lenient bool) {
		kind := Request
		if response {
			kind = Response
		}
		k := int(cut) % (len(data) + 1)
		whole := show(run(kind, lenient, string(data)))
		if got := show(run(kind, lenient, string(data[:k]), string(data[k:]))); got != whole {
			t.Fatalf("cut at %d of %q\n got %s\nwhole %s", k, data, got, whole)
		}
	})
}

func BenchmarkRequest(b *testing.B) {
	data := []byte("GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nUser-Agent: wrk\r\nAccept: */*\r\n\r\n")
	p := &Parser{}
	p.Reset(Request)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		rest := data
		for {
			n, ev := p.Next(rest)
			rest = rest[n:]
			if ev == NeedMore {
				break
			}
			if ev == Failed {
				b.Fatal(p.Err)
			}
		}
	}
	if bytes.Contains(p.Block, []byte("wrk")) {
		b.Fatal("block was not reset")
	}
}
