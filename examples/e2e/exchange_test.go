package e2e

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// exchangeLimit is how long one answer may take.
const exchangeLimit = 20 * time.Second

// headLimit is how long the head of an answer may be.
const headLimit = 64 << 10

// An exchange is one request and how its answer is read.
type exchange struct {
	name   string
	method string   // GET when empty
	path   string   // with the query
	header []string // "Name: value", in this order
	body   string
	// raw is sent as it is in place of a request made of the fields above, and everything until the server closes the
	// connection is the answer.
	raw string
	// pause splits raw: the parts between its occurrences are sent one after the other, with a moment between them.
	pause string
	// opaque says that the body's bytes may differ between two correct servers; it must not be empty.
	opaque bool
	// retry has the exchange repeated until want holds of the body, for what becomes true a moment later.
	retry func(body string) bool
}

// An answer is what is compared and recorded. Header lines keep their order and case.
type answer struct {
	Status string   `json:"status,omitempty"`
	Head   []string `json:"head,omitempty"`
	Body   string   `json:"body,omitempty"`
	Log    []string `json:"log,omitempty"`
	// Outcome says how a program ended, for the answers that are about that.
	Outcome string `json:"outcome,omitempty"`
}

// A recording holds the answers of a test by the exchange's name.
type recording map[string]answer

func (e exchange) bytes(addr string) []byte {
	if e.raw != "" {
		return []byte(e.raw)
	}
	var b bytes.Buffer
	method := e.method
	if method == "" {
		method = "GET"
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, e.path, addr)
	for _, line := range e.header {
		fmt.Fprintf(&b, "%s\r\n", line)
	}
	if e.body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(e.body))
	}
	fmt.Fprintf(&b, "\r\n%s", e.body)
	return b.Bytes()
}

// do sends the exchange over a connection of its own.
func (e exchange) do(addr string) (answer, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(exchangeLimit)); err != nil {
		return answer{}, err
	}
	if err := e.send(conn, addr); err != nil {
		return answer{}, err
	}
	if e.raw != "" {
		return readAll(conn, addr)
	}
	return e.read(bufio.NewReaderSize(conn, headLimit), addr)
}

func (e exchange) send(conn net.Conn, addr string) error {
	text := e.bytes(addr)
	if e.pause == "" {
		_, err := conn.Write(text)
		return err
	}
	for i, part := range bytes.Split(text, []byte(e.pause)) {
		if i > 0 {
			time.Sleep(3 * time.Millisecond)
		}
		if _, err := conn.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// readAll takes everything until the other side closes.
func readAll(conn net.Conn, addr string) (answer, error) {
	text, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) && len(text) == 0 {
		return answer{}, err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return answer{}, fmt.Errorf("the server keeps the connection open after %q", text)
	}
	var lines []string
	for line := range strings.SplitSeq(string(text), "\r\n") {
		lines = append(lines, normaliseLine(line, addr))
	}
	return answer{Body: strings.Join(lines, "\n")}, nil
}

// read reads one response: its head line by line as it came, its body through net/http.
func (e exchange) read(r *bufio.Reader, addr string) (answer, error) {
	var a answer
	head, err := peekHead(r)
	if err != nil {
		return a, err
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if a.Status == "" {
			a.Status = line
		} else {
			a.Head = append(a.Head, normaliseLine(line, addr))
		}
	}
	method := e.method
	if method == "" {
		method = "GET"
	}
	response, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return a, fmt.Errorf("the body ended after %d bytes: %w", len(body), err)
	}
	if body, err = decode(cmp.Or(response.Header.Get("Content-Encoding"), response.Header.Get("Content-Type")), body); err != nil {
		return a, err
	}
	switch {
	case e.opaque && len(body) > 0:
		a.Body = "<some bytes>"
	case len(body) > 4096 || !utf8.Valid(body):
		a.Body = fmt.Sprintf("<%d bytes, SHA-256 %x>", len(body), sha256.Sum256(body))
	default:
		a.Body = normaliseText(string(body), addr)
	}
	return a, nil
}

// peekHead gives the head of the next response, without the empty line, and takes nothing from r.
func peekHead(r *bufio.Reader) (string, error) {
	for size := 1; size <= r.Size(); size++ {
		text, err := r.Peek(size)
		if err != nil {
			return "", fmt.Errorf("the connection ended within the head %q: %w", text, err)
		}
		text, _ = r.Peek(r.Buffered())
		if head, _, ok := bytes.Cut(text, []byte("\r\n\r\n")); ok {
			return string(head), nil
		}
		size = len(text)
	}
	return "", fmt.Errorf("the head has more than %d bytes", r.Size())
}

// decode undoes the content codings that Go's library knows. Compressed bytes depend on the compressor; the text doesn't.
func decode(coding string, body []byte) ([]byte, error) {
	var r io.Reader
	var err error
	switch {
	case len(body) == 0:
		return body, nil
	case coding == "gzip" || coding == "application/gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case coding == "deflate":
		r, err = zlib.NewReader(bytes.NewReader(body))
	default:
		return body, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", coding, err)
	}
	return io.ReadAll(r)
}

var (
	uuidText  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	dateValue = regexp.MustCompile(`(?i)^(date: )\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$`)
)

// normaliseLine takes out of a header line what differs between any two runs.
func normaliseLine(line, addr string) string {
	return normaliseText(dateValue.ReplaceAllString(line, "${1}<date>"), addr)
}

func normaliseText(text, addr string) string {
	return uuidText.ReplaceAllString(strings.ReplaceAll(text, addr, "<host>"), "<uuid>")
}

// perform runs the exchanges one after the other.
func perform(t *testing.T, s *server, exchanges []exchange) recording {
	t.Helper()
	answers := recording{}
	for _, e := range exchanges {
		if _, double := answers[e.name]; double {
			t.Fatalf("two exchanges are called %q", e.name)
		}
		began := time.Now()
		a, err := e.do(s.addr)
		for deadline := time.Now().Add(5 * time.Second); e.retry != nil && err == nil && !e.retry(a.Body) && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
			a, err = e.do(s.addr)
		}
		if err != nil {
			a = answer{Outcome: "failed: " + err.Error()}
		}
		answers[e.name] = a
		if took := time.Since(began); took > time.Second {
			t.Logf("%s: %s took %v", s.who.name, e.name, took)
		}
		select {
		case <-s.ended:
			t.Fatalf("%s: %s ended: %s", e.name, s.who.name, s.outcome())
		default:
		}
	}
	return answers
}

// compare holds what measure finds out about the tested program against what it finds out about the reference, live
// or recorded under the name.
func compare(t *testing.T, name string, measure func(t *testing.T, who runner) recording) {
	t.Helper()
	who := tested(t)
	got := measure(t, who)
	if *update {
		record(t, name, got)
		return
	}
	want, origin := recorded(t, name), "recorded"
	if live, err := reference(); err != nil {
		t.Fatal(err)
	} else if live.path != "" && !who.compiled {
		want, origin = measure(t, live), live.name
	}
	for key := range want {
		if _, ok := got[key]; !ok {
			t.Errorf("%s: there is an answer for it in testdata, but no test", key)
		}
	}
	for key, a := range got {
		t.Run(strings.ReplaceAll(key, "/", "|"), func(t *testing.T) {
			b, ok := want[key]
			if !ok {
				t.Fatal("there is no recorded answer: run with -update")
			}
			if !reflect.DeepEqual(a, b) {
				t.Error(difference(a, b, who.name, origin))
			}
		})
	}
}

// difference shows the lines of two answers that aren't the same.
func difference(got, want answer, gotName, wantName string) string {
	var b strings.Builder
	show := func(part string, got, want []string) {
		if reflect.DeepEqual(got, want) {
			return
		}
		fmt.Fprintf(&b, "%s differs:\n", part)
		for i := 0; i < max(len(got), len(want)); i++ {
			var g, w string
			if i < len(got) {
				g = got[i]
			}
			if i < len(want) {
				w = want[i]
			}
			if g == w {
				fmt.Fprintf(&b, "  %s\n", g)
			} else {
				fmt.Fprintf(&b, "  %-10s %q\n  %-10s %q\n", gotName, g, wantName, w)
			}
		}
	}
	show("status", []string{got.Status}, []string{want.Status})
	show("outcome", []string{got.Outcome}, []string{want.Outcome})
	show("head", got.Head, want.Head)
	show("body", strings.Split(got.Body, "\n"), strings.Split(want.Body, "\n"))
	show("log", got.Log, want.Log)
	return b.String()
}

func recorded(t *testing.T, name string) recording {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var answers recording
	if err := json.Unmarshal(text, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

func record(t *testing.T, name string, answers recording) {
	t.Helper()
	for key, a := range answers {
		if strings.HasPrefix(a.Outcome, "failed: ") {
			t.Errorf("%s: not recorded: %s", key, a.Outcome)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(answers); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", name+".json"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// gzipped gives text compressed.
func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}
