package h2

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

// recorder notes what a session tells.
type recorder struct {
	t       testing.TB
	log     []string
	body    map[uint32]*bytes.Buffer
	stream  *Stream
	blocks  []Block
	failed  LibError
	why     Why
	goaways []Code
}

func newRecorder(t testing.TB) *recorder { return &recorder{t: t, body: map[uint32]*bytes.Buffer{}} }

func (r *recorder) add(format string, a ...any) { r.log = append(r.log, fmt.Sprintf(format, a...)) }

func (r *recorder) Headers(s *Stream, c Category, b Block) {
	r.stream = s
	r.blocks = append(r.blocks, b)
	r.add("headers %d %d %s", s.ID, c, strings.ReplaceAll(string(b.Fields), "\x00", " "))
}
func (r *recorder) Body(s *Stream, b []byte) {
	if r.body[s.ID] == nil {
		r.body[s.ID] = &bytes.Buffer{}
	}
	r.body[s.ID].Write(b)
}
func (r *recorder) End(s *Stream)                     { r.add("end %d", s.ID) }
func (r *recorder) Closed(s *Stream, c Code)          { r.add("closed %d %d", s.ID, c) }
func (r *recorder) Reset(s *Stream, c Code)           { r.add("reset %d %d", s.ID, c) }
func (r *recorder) Written(s *Stream)                 { r.add("written %d", s.ID) }
func (r *recorder) WantTrailers(s *Stream)            { r.add("want %d", s.ID) }
func (r *recorder) Settings()                         {}
func (r *recorder) SettingsAck()                      {}
func (r *recorder) Ping(_ [8]byte, ack bool)          { r.add("ping %v", ack) }
func (r *recorder) Goaway(c Code, _ uint32, _ []byte) { r.goaways = append(r.goaways, c) }
func (r *recorder) AltSvc(uint32, []byte, []byte)     {}
func (r *recorder) Origin(list []string)              { r.add("origin %v", list) }
func (r *recorder) NotSent(id uint32, kind byte, c Code) {
	r.add("not sent %d %d %d", id, kind, c)
}
func (r *recorder) Failed(n LibError, why Why) { r.failed, r.why = n, why }
func (r *recorder) Output()                    {}

func (r *recorder) has(line string) bool {
	for _, l := range r.log {
		if strings.HasPrefix(l, line) {
			return true
		}
	}
	return false
}

func (r *recorder) want(lines ...string) {
	r.t.Helper()
	for _, l := range lines {
		if !r.has(l) {
			r.t.Errorf("no %q in %q", l, r.log)
		}
	}
}

var now int64 = 1

func testOptions() Options {
	return Options{MaxHeaderPairs: 128, PeerConcurrent: 100, MaxReserved: 200, MaxSettings: 32, MaxInvalidFrames: 1000, MaxRejected: 100, MaxMemory: 10e6,
		MaxDeflateTable: 4096, MaxSendHeaders: 65536, ResetBurst: 1000, ResetRate: 33, Now: func() int64 { return now }}
}

type pair struct {
	client, server *Session
	c, s           *recorder
}

func newPair(t testing.TB, change func(*Options)) *pair {
	o := testOptions()
	if change != nil {
		change(&o)
	}
	p := &pair{c: newRecorder(t), s: newRecorder(t)}
	p.client, p.server = New(false, o, p.c), New(true, o, p.s)
	p.client.Submit(nil)
	p.server.Submit(nil)
	p.run()
	return p
}

// run carries bytes in pieces of odd sizes until both sides are quiet.
func (p *pair) run() {
	for quiet := 0; quiet < 2; {
		quiet = 0
		for _, way := range [][2]*Session{{p.client, p.server}, {p.server, p.client}} {
			out, _ := way[0].Flush(64 << 10)
			if len(out) == 0 {
				quiet++
				continue
			}
			b := append([]byte(nil), out...)
			way[0].Sent()
			way[0].Delivered()
			for size := 1; len(b) > 0; size = size*3 + 1 {
				n := min(size, len(b))
				way[1].Receive(b[:n])
				b = b[n:]
			}
		}
	}
}

const request = ":method\x00GET\x00:scheme\x00http\x00:authority\x00a\x00:path\x00/\x00"

func TestExchange(t *testing.T) {
	for _, padding := range []Padding{PaddingNone, PaddingAligned, PaddingMax} {
		p := newPair(t, func(o *Options) { o.Padding = padding })
		st := p.client.Request(Fields{List: request + "x\x00" + strings.Repeat("v", 40000) + "\x00"}, "GET", true, false)
		p.run()
		p.s.want("headers 1 0 :method GET")
		big := bytes.Repeat([]byte("0123456789"), 50000)
		p.server.Respond(p.s.stream, Fields{List: ":status\x00200\x00"}, false, true)
		p.server.Write(p.s.stream, big)
		p.server.Wait(p.s.stream)
		p.server.End(p.s.stream)
		p.client.SetReading(st, true)
		p.run()
		p.c.want("headers 1 1 :status 200")
		p.s.want("written 1", "want 1")
		p.server.Trailers(p.s.stream, Fields{List: "a\x00b\x00"})
		p.run()
		p.c.want("headers 1 4 a b", "closed 1 0")
		p.s.want("closed 1 0")
		if !bytes.Equal(p.c.body[1].Bytes(), big) {
			t.Errorf("the body has %d bytes, not %d", p.c.body[1].Len(), len(big))
		}
		if p.server.Streams()+p.client.Streams() != 0 || p.server.memory != 0 {
			t.Errorf("%d and %d streams, %d bytes are left", p.client.Streams(), p.server.Streams(), p.server.memory)
		}
	}
}

func TestBackpressure(t *testing.T) {
	p := newPair(t, nil)
	st := p.client.Request(Fields{List: strings.Replace(request, "GET", "POST", 1)}, "POST", false, false)
	p.client.Write(st, make([]byte, 200000))
	p.run()
	if n := p.s.body[1].Len(); n != initialWindow {
		t.Errorf("%d bytes came to a program that doesn't read", n)
	}
	p.server.SetReading(p.s.stream, true)
	p.run()
	if n := p.s.body[1].Len(); n != 200000 {
		t.Errorf("%d bytes came", n)
	}
}

func TestConcurrency(t *testing.T) {
	p := newPair(t, nil)
	p.server.Submit([]byte{0, 3, 0, 0, 0, 1})
	p.run()
	for range 3 {
		p.client.Request(Fields{List: request}, "GET", true, false)
	}
	p.run()
	if p.s.has("headers 3") {
		t.Fatal("the second request didn't wait")
	}
	for _, id := range []uint32{1, 3, 5} {
		p.s.want(fmt.Sprintf("headers %d", id))
		p.server.Respond(p.s.stream, Fields{List: ":status\x00204\x00"}, true, false)
		p.run()
	}
	p.c.want("closed 1 0", "closed 3 0", "closed 5 0")
}

func TestPush(t *testing.T) {
	p := newPair(t, func(o *Options) { o.MaxReserved = 1 })
	p.client.Request(Fields{List: request}, "GET", true, false)
	p.run()
	parent := p.s.stream
	for range 2 {
		if p.server.Push(parent, Fields{List: request}, "GET") == nil {
			t.Fatal("no stream")
		}
	}
	p.run()
	p.c.want("headers 2 0")
	p.s.want("reset 4 8", "closed 4 8")
	p.server.Respond(p.server.Stream(2), Fields{List: ":status\x00200\x00"}, true, false)
	p.run()
	p.c.want("headers 2 2 :status 200", "closed 2 0")
}

func TestGoaway(t *testing.T) {
	p := newPair(t, nil)
	p.client.Request(Fields{List: request}, "GET", true, false)
	p.run()
	p.client.Request(Fields{List: request}, "GET", true, false)
	p.server.Goaway(NoError, 1, []byte("bye"))
	p.run()
	p.c.want("closed 3 7")
	if len(p.c.goaways) != 1 || p.c.has("closed 1") {
		t.Error(p.c.goaways, p.c.log)
	}
}

// raw is a server that gets frames byte by byte.
func raw(t testing.TB, change func(*Options), frames ...[]byte) (*Session, *recorder) {
	o := testOptions()
	if change != nil {
		change(&o)
	}
	r := newRecorder(t)
	s := New(true, o, r)
	s.Submit(nil)
	s.Receive([]byte(clientPreface))
	s.Receive(frame(frameSettings, 0, 0))
	for _, f := range frames {
		s.Receive(f)
	}
	return s, r
}

func frame(kind, flags byte, id uint32, payload ...byte) []byte {
	return append(appendHeader(nil, len(payload), kind, flags, id), payload...)
}

// get is a block of a GET request for http://a/.
var get = []byte{0x82, 0x86, 0x84, 0x41, 1, 'a'}

func repeat(n int, f func(i int) []byte) (out []byte) {
	for i := range n {
		out = append(out, f(i)...)
	}
	return out
}

func TestFloods(t *testing.T) {
	open := func(i int) []byte { return frame(frameHeaders, flagEndHeaders, uint32(2*i+1), get...) }
	cases := []struct {
		name   string
		frames []byte
		failed LibError
		why    Why
	}{
		{"ping", repeat(2000, func(int) []byte { return frame(framePing, 0, 0, make([]byte, 8)...) }), ErrFlooded, ""},
		{"settings", repeat(2000, func(int) []byte { return frame(frameSettings, 0, 0) }), ErrFlooded, ""},
		{"rapid reset", repeat(2000, func(i int) []byte { return append(open(i), frame(frameReset, 0, uint32(2*i+1), 0, 0, 0, 8)...) }), ErrFlooded, ""},
		{"continuation", append(frame(frameHeaders, 0, 1, get...), repeat(20, func(int) []byte { return frame(frameContinuation, 0, 1) })...), ErrTooManyContinuing, ""},
		{"empty data", append(open(0), repeat(2000, func(int) []byte { return frame(frameData, 0, 1) })...), -902, WhyInvalidFrames},
		{"malformed requests", repeat(2000, func(i int) []byte { return frame(frameHeaders, flagEndHeaders, uint32(2*i+1), 0x88) }), -902, WhyInvalidFrames},
		{"many settings", frame(frameSettings, 0, 0, make([]byte, 6*33)...), ErrTooManySettings, ""},
		{"no magic", nil, 0, ""},
	}
	for _, c := range cases {
		s, r := raw(t, nil, c.frames)
		if r.failed != c.failed || r.why != c.why {
			t.Errorf("%s: %d %q", c.name, r.failed, r.why)
		}
		if out, _ := s.Flush(math.MaxInt); len(out) > 1<<20 {
			t.Errorf("%s: %d bytes to send", c.name, len(out))
		}
	}
}

func TestHeaderLimits(t *testing.T) {
	many := append([]byte(nil), get...)
	for range 200 {
		many = append(many, 0, 1, 'x', 1, 'y')
	}
	_, r := raw(t, nil, frame(frameHeaders, flagEndHeaders|flagEndStream, 1, many...))
	r.want("closed 1 11")
	if r.has("headers") {
		t.Error("too many fields were given to the program")
	}
}

func TestViolations(t *testing.T) {
	open := frame(frameHeaders, flagEndHeaders, 1, get...)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	cases := []struct {
		name   string
		bytes  []byte
		code   Code
		failed LibError
	}{
		{"oversized frame", frame(frameHeaders, 0, 1, make([]byte, 16385)...), FrameSizeError, ErrProto},
		{"even stream", frame(frameHeaders, flagEndHeaders, 2, get...), ProtocolError, ErrProto},
		{"data on an idle stream", frame(frameData, 0, 1, 1), ProtocolError, ErrProto},
		{"data on stream 0", frame(frameData, 0, 0, 1), ProtocolError, ErrProto},
		{"reset of an idle stream", frame(frameReset, 0, 5, 0, 0, 0, 0), ProtocolError, ErrProto},
		{"ping of 7 bytes", frame(framePing, 0, 0, make([]byte, 7)...), FrameSizeError, ErrProto},
		{"ack with payload", frame(frameSettings, flagAck, 0, make([]byte, 6)...), FrameSizeError, ErrProto},
		{"ack of nothing", join(frame(frameSettings, flagAck, 0), frame(frameSettings, flagAck, 0)), ProtocolError, ErrProto},
		{"push promise", join(open, frame(framePushPromise, flagEndHeaders, 1, append([]byte{0, 0, 0, 2}, get...)...)), ProtocolError, ErrProto},
		{"interrupted block", join(frame(frameHeaders, 0, 1, get...), frame(framePing, 0, 0, make([]byte, 8)...)), ProtocolError, ErrProto},
		{"lone continuation", frame(frameContinuation, flagEndHeaders, 1), ProtocolError, ErrProto},
		{"bad HPACK", frame(frameHeaders, flagEndHeaders, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), CompressionError, ErrProto},
		{"window update of 0", frame(frameWindowUpdate, 0, 0, 0, 0, 0, 0), ProtocolError, ErrProto},
		{"window overflow", frame(frameWindowUpdate, 0, 0, 0x7f, 0xff, 0xff, 0xff), FlowControlError, ErrFlowControl},
		{"padding beyond the frame", join(open, frame(frameData, flagPadded, 1, 5, 1)), ProtocolError, ErrProto},
		{"push of 2", frame(frameSettings, 0, 0, 0, 2, 0, 0, 0, 2), ProtocolError, ErrProto},
		{"window of 2^31", frame(frameSettings, 0, 0, 0, 4, 0x80, 0, 0, 0), FlowControlError, ErrFlowControl},
		{"self dependency", frame(frameHeaders, flagEndHeaders|flagPriority, 1, append([]byte{0, 0, 0, 1, 0}, get...)...), ProtocolError, ErrProto},
	}
	for _, c := range cases {
		s, r := raw(t, nil, c.bytes)
		out, _ := s.Flush(math.MaxInt)
		goaway := bytes.Contains(out, []byte{0, 0, 8, frameGoaway, 0, 0, 0, 0, 0}) && out[len(out)-1] == byte(c.code)
		if r.failed != c.failed || !goaway {
			t.Errorf("%s: failed %d, sent %x", c.name, r.failed, out)
		}
	}
}

func TestMalformedMessages(t *testing.T) {
	block := func(fields ...string) (out []byte) {
		for i := 0; i < len(fields); i += 2 {
			out = append(append(append(out, 0, byte(len(fields[i]))), fields[i]...), byte(len(fields[i+1])))
			out = append(out, fields[i+1]...)
		}
		return out
	}
	good := []string{":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"}
	with := func(more ...string) []string { return append(append([]string(nil), good...), more...) }
	for name, fields := range map[string][]string{
		"no path": good[:4], "late pseudo field": append([]string{"a", "b"}, good...), "twice": with(":path", "/"), "status": with(":status", "200"),
		"unknown": with(":x", "y"), "upper case": with("Abc", "x"), "connection": with("connection", "close"), "te": with("te", "gzip"),
		"two lengths": with("content-length", "1", "content-length", "1"), "length": with("content-length", "-1"), "protocol": with(":protocol", "x"),
		"path": {":method", "GET", ":scheme", "http", ":path", "x", ":authority", "a"},
	} {
		_, r := raw(t, nil, frame(frameHeaders, flagEndHeaders|flagEndStream, 1, block(fields...)...))
		if r.has("headers") || !r.has("closed 1 1") || r.failed != 0 {
			t.Errorf("%s: %q %d", name, r.log, r.failed)
		}
	}
	_, r := raw(t, nil, frame(frameHeaders, flagEndHeaders|flagEndStream, 1, block(with("te", "trailers", "x", " padded ", "y", "z")...)...))
	r.want("headers 1 0 :method GET :scheme http :path / :authority a te trailers y z")
	_, r = raw(t, nil, frame(frameHeaders, flagEndHeaders, 1, block(with("content-length", "3")...)...), frame(frameData, flagEndStream, 1, 1, 2))
	r.want("closed 1 1")
}

func BenchmarkExchange(b *testing.B) {
	p := newPair(b, nil)
	body := []byte("hello world")
	b.ReportAllocs()
	for b.Loop() {
		p.c.log, p.s.log, p.s.blocks, p.c.blocks = p.c.log[:0], p.s.log[:0], nil, nil
		p.client.Request(Fields{List: request}, "GET", true, false)
		p.run()
		p.server.Respond(p.s.stream, Fields{List: ":status\x00200\x00content-type\x00text/plain\x00"}, false, false)
		p.server.Write(p.s.stream, body)
		p.server.End(p.s.stream)
		p.run()
		clear(p.c.body)
	}
}
