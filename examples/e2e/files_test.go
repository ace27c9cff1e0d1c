package e2e

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	boundary    = "----e2e-boundary-7d1f"
	asMultipart = "Content-Type: multipart/form-data; boundary=" + boundary
	closing     = "Connection: close"
	origin      = "Origin: http://cats.example"

	bigSize = 256 << 20
	// growthLimit is how much resident memory a big transfer may add.
	growthLimit = 40 << 20
)

// A part is one field of a multipart body.
type part struct{ field, file, kind, body string }

func multipart(parts ...part) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q", boundary, p.field)
		if p.file != "" {
			fmt.Fprintf(&b, "; filename=%q", p.file)
		}
		if p.kind != "" {
			fmt.Fprintf(&b, "\r\nContent-Type: %s", p.kind)
		}
		fmt.Fprintf(&b, "\r\n\r\n%s\r\n", p.body)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.String()
}

// noise is text of the given size in which the position can be read, so that a lost or doubled piece changes its hash.
func noise(size int) string {
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, "%d\r\n--\x00", b.Len())
	}
	return b.String()[:size]
}

// A PNG of one pixel: its first bytes are what tells the type.
const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"

func upload(name, path string, parts ...part) exchange {
	return exchange{name: name, method: "POST", path: "/upload/" + path, header: []string{asMultipart}, body: multipart(parts...)}
}

var filesExchanges = []exchange{
	{name: "buffer", path: "/download/buffer"},
	{name: "bytes", path: "/download/bytes"},
	{name: "stream", path: "/download/stream"},
	{name: "HEAD of a stream", method: "HEAD", path: "/download/stream"},
	{name: "part of a file", path: "/download/part"},
	{name: "missing file", path: "/download/missing"},
	{name: "generated", path: "/download/generated"},
	{name: "generated and compressed", path: "/download/generated", header: []string{"Accept-Encoding: gzip"}},
	{name: "gzip by hand", path: "/download/gzip"},
	{name: "sendFile", path: "/download/static/lines.txt"},
	{name: "sendFile of nothing", path: "/download/static/none.txt"},
	{name: "sendFile outside", path: "/download/static/..%2fpackage.json"},
	{name: "range", path: "/download/static/lines.txt", header: []string{"Range: bytes=4-10"}},
	{name: "range from the end", path: "/download/static/lines.txt", header: []string{"Range: bytes=-5"}},
	{name: "range open", path: "/download/static/lines.txt", header: []string{"Range: bytes=100-"}},
	{name: "range beyond", path: "/download/static/lines.txt", header: []string{"Range: bytes=1000-"}},
	{name: "range of two", path: "/download/static/lines.txt", header: []string{"Range: bytes=0-1,3-4"}},
	{name: "not modified since", path: "/download/static/lines.txt", header: []string{"If-Modified-Since: Tue, 02 Jan 2024 00:00:00 GMT"}},
	{name: "modified since", path: "/download/static/lines.txt", header: []string{"If-Modified-Since: Sun, 01 Jan 2023 00:00:00 GMT"}},
	{name: "precondition failed", path: "/download/static/lines.txt", header: []string{`If-Match: "other"`}},
	{name: "attachment", path: "/download/attachment"},
	{name: "static", path: "/public/lines.txt"},
	{name: "static directory", path: "/public/"},
	{name: "static directory without a slash", path: "/public"},
	{name: "static HEAD", method: "HEAD", path: "/public/lines.txt"},
	{name: "static gzip", path: "/public/lines.txt", header: []string{"Accept-Encoding: gzip"}},
	{name: "static POST", method: "POST", path: "/public/lines.txt"},

	{name: "short text", path: "/text?size=100", header: []string{"Accept-Encoding: gzip"}},
	{name: "long text as it is", path: "/text?size=100000"},
	{name: "long text in gzip", path: "/text?size=100000", header: []string{"Accept-Encoding: gzip"}},
	{name: "long text in deflate", path: "/text?size=100000", header: []string{"Accept-Encoding: deflate"}},
	{name: "long text in br", path: "/text?size=100000", header: []string{"Accept-Encoding: gzip, deflate, br"}, opaque: true},
	{name: "long text, no coding wanted", path: "/text?size=100000", header: []string{"Accept-Encoding: gzip;q=0, identity"}},
	{name: "HEAD of a long text", method: "HEAD", path: "/text?size=100000", header: []string{"Accept-Encoding: gzip"}},
	{name: "no-transform", path: "/text/untouched", header: []string{"Accept-Encoding: gzip"}},
	{name: "JSON in gzip", path: "/text/json", header: []string{"Accept-Encoding: gzip"}},

	{name: "CORS", path: "/download/buffer", header: []string{origin}},
	{name: "CORS from elsewhere", path: "/download/buffer", header: []string{"Origin: http://dogs.example"}},
	{name: "CORS preflight", method: "OPTIONS", path: "/download/buffer", header: []string{origin, "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: X-A, X-B"}},

	upload("upload to memory", "memory", part{"file", "a.bin", "application/octet-stream", noise(100_000)}, part{"note", "", "", "grün"}, part{"list", "", "", "1"}, part{"list", "", "", "2"}),
	upload("upload of 3 MB to memory", "memory", part{"file", "b.bin", "", noise(3 << 20)}),
	upload("upload of nothing to memory", "memory", part{"file", "empty.bin", "text/plain", ""}),
	upload("upload without a file", "memory", part{"note", "", "", "no file"}),
	upload("upload with a name in UTF-8", "memory", part{"file", "Müesli 猫.txt", "text/plain", "x"}),
	upload("upload over the limit", "memory", part{"file", "c.bin", "", noise(5 << 20)}),
	upload("upload under another name", "memory", part{"other", "a.txt", "text/plain", "x"}),
	upload("upload to disk", "disk", part{"file", "d.bin", "application/octet-stream", noise(1 << 20)}),
	upload("several", "several", part{"files", "1.txt", "text/plain", "one"}, part{"files", "2.txt", "text/html", "two"}),
	upload("several too many", "several", part{"files", "1", "", "1"}, part{"files", "2", "", "2"}, part{"files", "3", "", "3"}),
	upload("fields", "fields", part{"avatar", "a.png", "image/png", png}, part{"papers", "1", "", "1"}, part{"papers", "2", "", "2"}, part{"deep[a][b]", "", "", "value"}),
	upload("any", "any", part{"x", "x.txt", "", "x"}, part{"y", "y.txt", "", "y"}),
	upload("none", "none", part{"a", "", "", "1"}, part{"b", "", "", "2"}),
	upload("none with a file", "none", part{"a", "a.txt", "", "1"}),
	upload("checked", "checked", part{"file", "a.png", "image/png", png}),
	upload("checked of the wrong type", "checked", part{"file", "a.png", "image/png", "no image"}),
	upload("checked too large", "checked", part{"file", "a.png", "image/png", png + noise(4000)}),
	upload("checked without a file", "checked"),
	upload("optional without a file", "optional", part{"a", "", "", "1"}),
	upload("optional too large", "optional", part{"file", "a", "", "more than ten"}),
	{name: "upload that ends early", method: "POST", path: "/upload/memory", header: []string{asMultipart, closing}, body: strings.TrimSuffix(multipart(part{"file", "a", "", "x"}), "--\r\n")},
	{name: "upload without a boundary", method: "POST", path: "/upload/memory", header: []string{"Content-Type: multipart/form-data", closing}, body: "x"},
	{name: "upload of JSON", method: "POST", path: "/upload/memory", header: []string{asJSON}, body: `{"a":1}`},
	{name: "upload in chunks", raw: chunkedUpload(), pause: "|"},
	{name: "sink", method: "POST", path: "/download/sink", header: []string{"Content-Type: application/octet-stream"}, body: noise(8 << 20)},

	{name: "three events", path: "/events/three", header: []string{"Accept: text/event-stream"}},
	{name: "three events, gzip accepted", path: "/events/three", header: []string{"Accept: text/event-stream", "Accept-Encoding: gzip"}},
	{name: "events of all kinds", path: "/events/kinds"},
	{name: "events that fail", path: "/events/broken"},
	{name: "buffer again", path: "/download/buffer"},
}

// chunkedUpload is a multipart body in chunks that cut through the boundary, each in a packet of its own.
func chunkedUpload() string {
	var b strings.Builder
	fmt.Fprintf(&b, "POST /upload/memory HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n%s\r\n\r\n", asMultipart)
	text := multipart(part{"file", "a.txt", "text/plain", "in pieces"}, part{"b", "", "", "2"})
	for len(text) > 0 {
		n := min(13, len(text))
		fmt.Fprintf(&b, "|%x\r\n%s\r\n", n, text[:n])
		text = text[n:]
	}
	return b.String() + "0\r\n\r\n"
}

func TestFiles(t *testing.T) {
	t.Parallel()
	compare(t, "files", func(t *testing.T, who runner) recording {
		a := prepare(t, "files", who)
		settleTimes(t, a)
		return perform(t, a.start(t, who), filesExchanges)
	})
}

// settleTimes gives the static files the modification time that the recorded answers have.
func settleTimes(t *testing.T, a *app) {
	t.Helper()
	when := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, name := range []string{"index.html", "lines.txt"} {
		if err := os.Chtimes(filepath.Join(a.dir, "public", name), when, when); err != nil {
			t.Fatal(err)
		}
	}
}

// bigFile makes the file of 256 MB; each megabyte begins with its number, the rest are holes.
func bigFile(t *testing.T) (path string, sum [sha256.Size]byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "big")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	hash := sha256.New()
	block := make([]byte, 1<<20)
	for i := range bigSize / len(block) {
		binary.BigEndian.PutUint64(block, uint64(i+1))
		if _, err := f.WriteAt(block[:8], int64(i*len(block))); err != nil {
			t.Fatal(err)
		}
		hash.Write(block)
	}
	if err := f.Truncate(bigSize); err != nil {
		t.Fatal(err)
	}
	return path, [sha256.Size]byte(hash.Sum(nil))
}

// resident gives the resident memory of the program in bytes.
func resident(t *testing.T, s *server) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")))
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatalf("no VmRSS of process %d", s.cmd.Process.Pid)
	return 0
}

// checkGrowth fails the test when resident memory grew by more than a transfer may cost. Node is let off: it frees
// buffers when its collector runs, and grows by some 70 MB here. The limit is one that Roost sets for itself.
func checkGrowth(t *testing.T, s *server, before, peak int) {
	t.Helper()
	t.Logf("%s: %d MB resident before, %d MB at most", s.who.name, before>>20, peak>>20)
	if grown := peak - before; grown >= growthLimit && !s.who.compiled {
		t.Errorf("resident memory grew by %d MB, the limit is %d", grown>>20, growthLimit>>20)
	}
}

// opens tells whether the program holds path open.
func opens(t *testing.T, s *server, path string) bool {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if to, err := os.Readlink(filepath.Join(dir, entry.Name())); err == nil && to == path {
			return true
		}
	}
	return false
}

// eventually waits until holds is true.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so after five seconds: %s", what)
		}
	}
}

// overProc skips a test that looks into /proc where there is none.
func overProc(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("resident memory and open files are read from /proc, which only Linux has")
	}
}

// 256 MB go to a reader that stops, then reads slowly, then fast: the bytes are right and memory stays flat.
func TestFilesBigDownload(t *testing.T) {
	t.Parallel()
	who := tested(t)
	overProc(t)
	path, sum := bigFile(t)
	s := prepare(t, "files", who).start(t, who, "BIG_FILE="+path)
	if _, err := (exchange{path: "/download/stream"}).do(s.addr); err != nil {
		t.Fatal(err)
	}
	before := resident(t, s)

	response := get(t, s, "/download/big")
	defer response.Body.Close()
	if response.ContentLength != bigSize {
		t.Errorf("Content-Length is %d", response.ContentLength)
	}
	peak := before
	hash := sha256.New()
	buffer := make([]byte, 256<<10)
	time.Sleep(700 * time.Millisecond) // nobody reads: the server must stop reading the file
	for total := 0; ; {
		n, err := io.ReadFull(response.Body, buffer)
		hash.Write(buffer[:n])
		total += n
		if total%(4<<20) == 0 {
			peak = max(peak, resident(t, s))
			if total < bigSize/2 {
				time.Sleep(30 * time.Millisecond)
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			t.Fatalf("after %d bytes: %v", total, err)
		}
	}
	if [sha256.Size]byte(hash.Sum(nil)) != sum {
		t.Error("the bytes that arrived aren't those of the file")
	}
	checkGrowth(t, s, before, peak)
	eventually(t, "the file is closed", func() bool { return !opens(t, s, path) })
}

// A client that leaves in the middle of the download: the file is closed and the server goes on.
func TestFilesAbortedDownload(t *testing.T) {
	t.Parallel()
	who := tested(t)
	overProc(t)
	path, _ := bigFile(t)
	s := prepare(t, "files", who).start(t, who, "BIG_FILE="+path)
	for range 3 {
		response := get(t, s, "/download/big")
		if _, err := io.ReadFull(response.Body, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		if !opens(t, s, path) {
			t.Fatal("the file isn't open during the download")
		}
		response.Body.Close() // closes the connection, as the body isn't read to its end
		eventually(t, "the file is closed", func() bool { return !opens(t, s, path) })
	}
	s.alive(t)
	if a, err := (exchange{path: "/download/buffer"}).do(s.addr); err != nil || a.Body != "file from a buffer\n" {
		t.Fatalf("afterwards: %v %v", a, err)
	}
}

// A body of 128 MB streams through the server without staying in memory.
func TestFilesBigUpload(t *testing.T) {
	t.Parallel()
	who := tested(t)
	overProc(t)
	s := prepare(t, "files", who).start(t, who)
	const size = 128 << 20
	send := func(size int64) string {
		body := struct{ io.Reader }{io.LimitReader(zeros{}, size)}
		request, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+s.addr+"/download/sink", body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/octet-stream")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	send(1 << 20)
	before := resident(t, s)
	if got, want := send(size), fmt.Sprintf(`{"bytes":%d}`, size); got != want {
		t.Errorf("the server got %s, not %s", got, want)
	}
	checkGrowth(t, s, before, resident(t, s))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Events arrive as they happen, and the source ends when the client leaves.
func TestFilesEventsDisconnect(t *testing.T) {
	t.Parallel()
	who := tested(t)
	s := prepare(t, "files", who).start(t, who)
	state := func() string {
		a, err := exchange{path: "/events/state"}.do(s.addr)
		if err != nil {
			t.Fatal(err)
		}
		return a.Body
	}
	const clients = 10
	var bodies []io.Closer
	for range clients {
		response := get(t, s, "/events/endless/20")
		if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
			t.Fatalf("Content-Type is %s", kind)
		}
		r := bufio.NewReader(response.Body)
		for next := 0; next < 3; {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				if strings.TrimSpace(data) != strconv.Itoa(next) {
					t.Fatalf("event %d is %q", next, data)
				}
				next++
			}
		}
		bodies = append(bodies, response.Body)
	}
	if got, want := state(), fmt.Sprintf(`{"opened":%d,"closed":0}`, clients); got != want {
		t.Fatalf("with all clients there: %s, not %s", got, want)
	}
	for _, body := range bodies {
		body.Close()
	}
	want := fmt.Sprintf(`{"opened":%d,"closed":%d}`, clients, clients)
	eventually(t, want, func() bool { return state() == want })
	s.alive(t)
}

// A client that reads nothing of an endless source, then resets: nothing breaks.
func TestFilesEventsReset(t *testing.T) {
	t.Parallel()
	who := tested(t)
	s := prepare(t, "files", who).start(t, who)
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := (exchange{path: "/events/endless/1"}).send(conn, s.addr); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if err := conn.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	eventually(t, "the source is closed", func() bool {
		a, err := exchange{path: "/events/state"}.do(s.addr)
		return err == nil && a.Body == `{"opened":1,"closed":1}`
	})
}

// get asks for path over a connection that nothing else uses.
func get(t *testing.T, s *server, path string) *http.Response {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	response, err := (&http.Client{Transport: transport}).Get("http://" + s.addr + path)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		var text bytes.Buffer
		_, _ = io.Copy(&text, io.LimitReader(response.Body, 1000))
		t.Fatalf("%s: %s %s", path, response.Status, &text)
	}
	return response
}
