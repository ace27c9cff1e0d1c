// Package fetch is the Go half of internal:web/fetch: HTTP exchanges over Go's HTTP client, whose pool of connections all isolates of
// the process share. JavaScript does what the Fetch standard says (https://fetch.spec.whatwg.org/); this package sends one request and
// gives the response's head, then its body chunk by chunk.
//
// Natives run on the isolate's thread. The network runs on goroutines, which reach the loop through binding.Request.Settle alone.
// It imports binding and sys, no other builtin.
package fetch

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"roost/internal/binding"
)

// Module is the web/fetch builtin.
var Module = binding.Module{Name: "web/fetch", Natives: binding.Natives{
	"send":    send,
	"proxies": setProxies,

	"proxiesFrom": proxiesFrom,
	"take":        take,
	"read":        read,
	"write":       write,
	"finish":      finish,
	"abort":       abort,
	"discard":     discard,
	"digest":      digest,
	"peer":        peer,
	"setRoots":    setRoots,
	"insecure":    func(c *binding.Call) { c.Return(binding.Bool(insecure())) },

	"wsConnect": wsConnect,
	"wsSend":    wsSend,
	"wsClose":   wsCloseNative,
}}

// Kinds of a request's body, as in lib/native.d.ts.
const (
	bodyNone = iota
	bodyBytes
	bodyStream
)

const (
	chunkSize   = 64 << 10
	idleTimeout = 300 * time.Second // between two pieces of a body: undici's bodyTimeout
	drainLimit  = 128 << 10         // of a body nobody wants, so that its connection can be used again
)

// errBodyTimeout is the cause of a context that ended because a body's next piece did not come.
var errBodyTimeout = errors.New("body timeout")

// live counts the exchanges that hold a connection, for leak tests.
var live atomic.Int64

// exchange is one request and its response. JavaScript holds it as a binding.Ref, so that a response that nobody reads any more is
// closed when it is collected.
type exchange struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	upload *io.PipeWriter // nil unless the body is streamed
	ended  sync.Once

	// conn is the connection's description, for errors. Written by the transport, read after.
	conn atomic.Pointer[connInfo]

	mu      sync.Mutex
	body    io.Reader        // guarded by mu: decoded; nil before the head and after the end
	raw     io.Closer        // guarded by mu
	buf     []byte           // guarded by mu; of the filling goroutine while filling is set
	chunk   []byte           // guarded by mu: read and not yet taken; part of buf
	err     error            // guarded by mu: how the body ended, io.EOF when well
	filling bool             // guarded by mu: a goroutine reads
	dropped bool             // guarded by mu: nobody wants the body
	waiter  *binding.Request // guarded by mu: JavaScript waits for the next chunk
}

// end releases what the exchange holds. Any goroutine.
func (x *exchange) end(cause error) {
	x.ended.Do(func() {
		live.Add(-1)
		x.cancel(cause)
		if x.upload != nil {
			x.upload.CloseWithError(context.Canceled)
		}
		x.mu.Lock()
		raw := x.raw
		x.mu.Unlock()
		if raw != nil {
			go raw.Close() // it may wait for a read in progress
		}
	})
}

// Close implements io.Closer, for the collector: the response was dropped.
func (x *exchange) Close() error {
	x.end(context.Canceled)
	return nil
}

// latin1 makes bytes of a string whose characters are bytes.
func latin1(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

// requestURL gives the URL so that the target goes out as JavaScript serialized it: Go would escape some characters again.
func requestURL(scheme, host, target string) *url.URL {
	path, query, hasQuery := strings.Cut(target, "?")
	u := &url.URL{Scheme: scheme, Host: host, RawQuery: query, ForceQuery: hasQuery}
	if unescaped, err := url.PathUnescape(path); err == nil {
		u.Path, u.RawPath = unescaped, path
		if u.EscapedPath() == path {
			return u
		}
		u.Path, u.RawPath = "", ""
	}
	if strings.HasPrefix(path, "//") {
		path = "//" + host + path
	}
	u.Opaque = path
	return u
}

// special are the headers that net/http finds by their canonical name only.
var special = map[string]string{"user-agent": "User-Agent", "connection": "Connection", "content-length": "Content-Length", "host": "Host",
	"transfer-encoding": "Transfer-Encoding", "trailer": "Trailer", "expect": "Expect"}

// setProxies(on): whether requests use the proxies of the environment; from the command line, before the first request
func setProxies(c *binding.Call) {
	if c.Bool(0) {
		proxyOption.Store(1)
	} else {
		proxyOption.Store(2)
	}
}

// proxiesFrom(on, http, https, except): the proxies of the process from now on, in place of those of the environment
func proxiesFrom(c *binding.Call) {
	var p *proxies
	if c.Bool(0) {
		p = newProxies(c.String(1), c.String(2), c.String(3))
	}
	proxyOverride.Store(p)
	shared().CloseIdleConnections() // which went another way
}

// send(request, method, scheme, host, target, headers, kind, bytes | length) starts an exchange and gives its ref. headers are names and
// values joined by line feeds. The request settles with [status, "reason\nname\nvalue..."], or with [-1, ...errors].
func send(c *binding.Call) {
	header := make(http.Header, 12)
	if text := c.String(5); text != "" {
		fields := strings.Split(text, "\n")
		for i := 0; i+1 < len(fields); i += 2 {
			name := fields[i]
			if s, ok := special[strings.ToLower(name)]; ok {
				name = s
			}
			header[name] = append(header[name], latin1(fields[i+1]))
		}
	}
	r := &http.Request{Method: c.String(1), URL: requestURL(c.String(2), c.String(3), c.String(4)), Host: c.String(3), Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	r.Close = strings.EqualFold(header.Get("Connection"), "close")
	x := &exchange{}
	switch c.Int(6) {
	case bodyBytes:
		b := append([]byte(nil), c.Bytes(7)...)
		r.ContentLength = int64(len(b))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(newReader(b)), nil }
		r.Body, _ = r.GetBody()
		if len(b) == 0 {
			r.Body = http.NoBody
		}
	case bodyStream:
		reader, writer := io.Pipe()
		x.upload = writer
		r.Body = reader
		r.ContentLength = c.Int64(7)
	}
	x.ctx, x.cancel = context.WithCancelCause(context.Background())
	ctx := httptrace.WithClientTrace(x.ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		begin(i.Conn)
		x.conn.Store(describe(i.Conn))
	}})
	r = r.WithContext(ctx)
	req := c.Request(0)
	if req == nil {
		c.Throw(binding.TypeError("ERR_INVALID_ARG_TYPE", "send needs a request"))
		return
	}
	live.Add(1)
	go x.run(client(c.Env()), r, req)
	c.Return(binding.Ref(x))
}

// peer(exchange) describes the connection that the request went out on; undefined when there was none
func peer(c *binding.Call) {
	if x, ok := c.Ref(0).(*exchange); ok {
		if conn := x.conn.Load(); conn != nil {
			c.Return(conn.result())
		}
	}
}

// run is the exchange's goroutine: it sends, gives the head and reads the first piece of the body ahead.
func (x *exchange) run(client *http.Transport, r *http.Request, req *binding.Request) {
	resp, err := client.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body.Close()
		err = errUpgrade
	}
	if err == nil && !tokens(resp.Header) {
		resp.Body.Close()
		err = errHeaderName
	}
	if err != nil {
		failure := failures(err, x)
		x.end(context.Canceled)
		req.Settle(failure)
		return
	}
	size := chunkSize
	if resp.ContentLength >= 0 && resp.ContentLength < chunkSize {
		size = max(int(resp.ContentLength), 512)
	}
	x.mu.Lock()
	x.raw, x.body, x.filling = resp.Body, decoded(resp, r.Method), true
	x.mu.Unlock()
	if x.ctx.Err() != nil { // aborted between head and here: end may have missed the body
		resp.Body.Close()
	}
	req.Settle(head(resp))
	x.buf = make([]byte, size)
	x.fill()
}

// tokens tells whether all names are tokens (RFC 9110, section 5.1). The transport lets a space pass.
func tokens(h http.Header) bool {
	for name := range h {
		if strings.ContainsAny(name, " \t\"(),/:;<=>?@[\\]{}") {
			return false
		}
	}
	return true
}

// head is the first answer to JavaScript. Names come sorted: the transport does not keep their order.
func head(resp *http.Response) binding.Result {
	_, reason, _ := strings.Cut(resp.Status, " ")
	names := make([]string, 0, len(resp.Header))
	for name := range resp.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString(reason)
	add := func(name, value string) {
		b.WriteByte('\n')
		b.WriteString(name)
		b.WriteByte('\n')
		b.WriteString(value)
	}
	for _, name := range names {
		for _, v := range resp.Header[name] {
			add(strings.ToLower(name), v)
		}
	}
	// The transport takes these out of the header.
	if len(resp.TransferEncoding) > 0 {
		add("transfer-encoding", strings.Join(resp.TransferEncoding, ", "))
	}
	return binding.List(binding.Int(resp.StatusCode), binding.Latin1([]byte(b.String())))
}

// fill reads the next piece of the body. filling is set and body not nil; only this goroutine touches buf.
func (x *exchange) fill() {
	timer := time.AfterFunc(idleTimeout, func() { x.cancel(errBodyTimeout) })
	n, err := x.readBody()
	timer.Stop()
	x.mu.Lock()
	if x.dropped && err == nil {
		x.mu.Unlock()
		x.drain()
		return
	}
	x.chunk, x.filling = x.buf[:n], false
	if err != nil {
		x.err = err
	}
	waiter := x.waiter
	x.waiter = nil
	var answer binding.Result
	if waiter != nil {
		answer, _ = x.next()
	}
	x.mu.Unlock()
	if err != nil {
		x.end(context.Canceled)
	}
	if waiter != nil {
		waiter.Settle(answer)
	}
}

// readBody reads once. A decompressor that panics over damaged data fails the body, not the process.
func (x *exchange) readBody() (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, err = 0, &dataError{fmt.Errorf("internal error: %v", p)}
		}
	}()
	for n == 0 && err == nil {
		n, err = x.body.Read(x.buf)
	}
	return n, err
}

// next takes what has been read. ok is false when nothing has. mu is held.
func (x *exchange) next() (r binding.Result, ok bool) {
	switch {
	case x.filling:
		return binding.Undefined, false
	case len(x.chunk) > 0:
		r = binding.Bytes(x.chunk)
		x.chunk = nil
		return r, true
	case x.err == io.EOF:
		return binding.Null, true
	case x.err != nil:
		return binding.Fail(bodyError(x.err, x)), true
	case x.body == nil:
		return binding.Null, true
	}
	return binding.Undefined, false
}

// start begins reading the next piece unless that goes on already or the body is over. mu is held.
func (x *exchange) start() {
	if !x.filling && x.err == nil && x.body != nil && len(x.chunk) == 0 {
		x.filling = true
		go x.fill()
	}
}

// take(ref) gives the next chunk when it has come, null at the end, undefined when JavaScript must wait with read.
func take(c *binding.Call) {
	x, ok := c.Ref(0).(*exchange)
	if !ok {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.filling && len(x.chunk) == 0 && x.err != nil && x.err != io.EOF {
		c.Throw(bodyError(x.err, x))
		return
	}
	r, _ := x.next()
	c.Return(r) // copies the chunk, so that fill may write over it
	x.start()
}

// read(request, ref) settles with the next chunk, or null at the end.
func read(c *binding.Call) {
	req := c.Request(0)
	if req == nil {
		return
	}
	x, ok := c.Ref(1).(*exchange)
	if !ok {
		req.Settle(binding.Null)
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if r, ready := x.next(); ready {
		// The chunk crosses later: the buffer is filled again only when JavaScript asks for more.
		req.Settle(r)
		return
	}
	if x.waiter != nil {
		req.Settle(binding.Fail(binding.Error("ERR_INVALID_STATE", "Invalid state: a read is pending")))
		return
	}
	x.waiter = req
	x.start()
}

// write(request, ref, bytes) gives the request's body its next piece; it settles when the connection took it.
func write(c *binding.Call) {
	p := c.Pin(2)
	req := c.Request(0)
	if req == nil {
		return
	}
	x, ok := c.Ref(1).(*exchange)
	if !ok || x.upload == nil {
		req.Settle(binding.Undefined)
		return
	}
	go func() {
		_, err := x.upload.Write(p.Bytes())
		req.Settle(binding.Bool(err == nil))
	}()
}

// finish(ref) ends the request's body.
func finish(c *binding.Call) {
	if x, ok := c.Ref(0).(*exchange); ok && x.upload != nil {
		x.upload.Close()
	}
}

// abort(ref) ends the exchange; what is pending fails.
func abort(c *binding.Call) {
	if x, ok := c.Ref(0).(*exchange); ok {
		x.end(context.Canceled)
	}
}

// discard(ref) gives up a body that nobody wants, a redirect's: a short one is read to its end, so that the connection is used again.
func discard(c *binding.Call) {
	x, ok := c.Ref(0).(*exchange)
	if !ok {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.dropped, x.chunk = true, nil
	x.start()
}

// drain reads what is left of a dropped body. filling is set.
func (x *exchange) drain() {
	var err error
	for rest := drainLimit; rest > 0 && err == nil; { // longer is not worth it: the connection closes
		var n int
		n, err = x.readBody()
		rest -= n
	}
	if err == nil {
		err = io.EOF
	}
	x.mu.Lock()
	x.err, x.filling = err, false
	x.mu.Unlock()
	x.end(context.Canceled)
}

// digest(algorithm, bytes) hashes for the integrity check.
func digest(c *binding.Call) {
	b := c.Bytes(1)
	switch c.String(0) {
	case "sha256":
		s := sha256.Sum256(b)
		c.Return(binding.Buffer(s[:]))
	case "sha384":
		s := sha512.Sum384(b)
		c.Return(binding.Buffer(s[:]))
	case "sha512":
		s := sha512.Sum512(b)
		c.Return(binding.Buffer(s[:]))
	}
}

// insecure tells that the user switched the verification of certificates off; read at each connection, as in Node.
func insecure() bool { return os.Getenv("NODE_TLS_REJECT_UNAUTHORIZED") == "0" }

// reader is a bytes.Reader without WriteTo, so that the transport writes in pieces and sees an abort.
type reader struct{ b []byte }

func newReader(b []byte) *reader { return &reader{b} }

func (r *reader) Read(p []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b)
	r.b = r.b[n:]
	return n, nil
}
