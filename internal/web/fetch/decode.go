package fetch

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// maxCodings bounds a Content-Encoding: more of them is an attack, not a page.
const maxCodings = 5

// zstdWindow: a frame's window may not grow beyond what a browser accepts (RFC 8878, section 3.1.1.1.2; RFC 9659): 8 MiB.
const zstdWindow = 8 << 20

var errCodings = errors.New("too many content-encodings in response")

// decoded gives the body without its content codings. Unknown ones leave it as it is, as undici does.
func decoded(resp *http.Response, method string) io.Reader {
	codings := resp.Header.Get("Content-Encoding")
	if codings == "" || method == http.MethodHead || resp.Body == http.NoBody || resp.StatusCode == 204 || resp.StatusCode == 304 || redirects(resp) {
		return resp.Body
	}
	list := strings.Split(strings.ToLower(strings.Join(resp.Header.Values("Content-Encoding"), ",")), ",")
	if len(list) > maxCodings {
		return failing{errCodings}
	}
	var r io.Reader = resp.Body
	for k := len(list) - 1; k >= 0; k-- { // the last one was applied last
		var open func(io.Reader) (io.Reader, error)
		switch strings.TrimSpace(list[k]) {
		case "gzip", "x-gzip":
			open = func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
		case "deflate":
			open = inflate
		case "br":
			open = func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }
		case "zstd":
			open = func(r io.Reader) (io.Reader, error) {
				d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
				if err != nil {
					return nil, err
				}
				return d.IOReadCloser(), nil
			}
		case "", "identity":
			continue
		default:
			return resp.Body
		}
		r = &decoder{source: &noting{r: r}, open: open}
	}
	return r
}

func redirects(resp *http.Response) bool {
	switch resp.StatusCode {
	case 301, 302, 303, 307, 308:
		return resp.Header.Get("Location") != ""
	}
	return false
}

// inflate reads what HTTP calls deflate: zlib's format (RFC 9110, section 8.4.1.2), or the bare deflate that some servers send.
func inflate(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	first, err := b.Peek(1)
	if err != nil {
		return nil, err
	}
	if first[0]&0x0f == 8 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}

// decoder opens its decompressor at the first read: that needs the first bytes of the body, which may be long in coming.
type decoder struct {
	source *noting
	open   func(io.Reader) (io.Reader, error)
	r      io.Reader
	err    error
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	n, err := 0, error(nil)
	if d.r == nil {
		if d.r, err = d.open(d.source); err != nil {
			d.r = nil // a nil decompressor in an interface isn't nil
		}
	}
	if err == nil {
		n, err = d.r.Read(p)
	}
	switch {
	case err == nil:
		return n, nil
	case d.source.err != nil && d.source.err != io.EOF:
		err = d.source.err // the network failed, not the format
	case d.source.err == io.EOF && (errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF):
		// A body that stops within its compressed data gives what came, as in Node, which flushes at the end.
		err = io.EOF
	case err != io.EOF:
		err = &dataError{err}
	}
	if c, ok := d.r.(io.Closer); ok {
		c.Close()
	}
	d.err = err
	return n, err
}

// dataError tells that compressed data is damaged.
type dataError struct{ error }

// noting remembers how its reader ended.
type noting struct {
	r   io.Reader
	err error
}

func (n *noting) Read(p []byte) (int, error) {
	k, err := n.r.Read(p)
	if err != nil {
		n.err = err
	}
	return k, err
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
