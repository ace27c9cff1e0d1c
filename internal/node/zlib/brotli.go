package zlib

import (
	"errors"
	"io"
	"reflect"
	"strings"

	"github.com/andybalholm/brotli"
)

// Parameters of the encoder, Node's numbers.
const (
	brotliQuality = 1
	brotliWindow  = 2
)

// brotliEncoder compresses to RFC 7932.
//
// Differs from Node: only BROTLI_PARAM_QUALITY and BROTLI_PARAM_LGWIN change the output.
type brotliEncoder struct {
	compressor
	quality, window int
	w               *brotli.Writer
}

func newBrotliEncoder(params []float64) *brotliEncoder {
	e := &brotliEncoder{quality: 11, window: 22}
	for i := 0; i+1 < len(params); i += 2 {
		switch int(params[i]) {
		case brotliQuality:
			e.quality = min(max(int(params[i+1]), 0), 11)
		case brotliWindow:
			e.window = min(max(int(params[i+1]), 10), 24)
		}
	}
	e.feed = func(p []byte) error { _, err := e.w.Write(p); return err }
	e.flush = func(kind int) error {
		if kind == flushFinish {
			return e.w.Close()
		}
		return e.w.Flush()
	}
	e.reset()
	return e
}

func (e *brotliEncoder) reset() error {
	e.out, e.dirty, e.finished = pending{}, true, false
	e.w = brotli.NewWriterOptions(&e.out, brotli.WriterOptions{Quality: e.quality, LGWin: e.window})
	return nil
}

func (e *brotliEncoder) close() { e.w, e.finished = nil, true }

func (e *brotliEncoder) params(int, int) error { return nil }

func (e *brotliEncoder) process(in, dst []byte, flush int) (nin, nout int, ended bool, err error) {
	switch flush { // BROTLI_OPERATION_*
	case 1:
		flush = flushSync
	case 2:
		flush = flushFinish
	default:
		flush = flushNone
	}
	return e.run(in, dst, flush)
}

// brotliDecoder decodes RFC 7932. The library's reader answers io.ErrUnexpectedEOF when it has no input, io.EOF after the stream's end, and
// goes on from there at the next call.
type brotliDecoder struct {
	r    *brotli.Reader
	in   []byte
	done bool
}

func newBrotliDecoder() *brotliDecoder {
	d := &brotliDecoder{}
	d.reset()
	return d
}

func (d *brotliDecoder) Read(p []byte) (int, error) {
	if len(d.in) == 0 {
		return 0, io.EOF
	}
	n := copy(p, d.in)
	d.in = d.in[n:]
	return n, nil
}

func (d *brotliDecoder) reset() error {
	d.r, d.in, d.done = brotli.NewReader(d), nil, false
	return nil
}

func (d *brotliDecoder) close()                {}
func (d *brotliDecoder) params(int, int) error { return nil }

// The message's constants: BROTLI_DECODER_ERROR_FORMAT_* by the library's names.
var brotliErrors = map[string]int{
	"EXUBERANT_NIBBLE": -1, "RESERVED": -2, "EXUBERANT_META_NIBBLE": -3, "SIMPLE_HUFFMAN_ALPHABET": -4, "SIMPLE_HUFFMAN_SAME": -5,
	"CL_SPACE": -6, "HUFFMAN_SPACE": -7, "CONTEXT_MAP_REPEAT": -8, "BLOCK_LENGTH_1": -9, "BLOCK_LENGTH_2": -10, "TRANSFORM": -11,
	"DICTIONARY": -12, "WINDOW_BITS": -13, "PADDING_1": -14, "PADDING_2": -15, "DISTANCE": -16,
}

// unread is the number of bytes after the stream that the reader took already; only its unexported fields tell.
func (d *brotliDecoder) unread() int {
	r := reflect.ValueOf(d.r).Elem()
	n := 0
	if in := r.FieldByName("in"); in.IsValid() && in.Kind() == reflect.Slice {
		n += in.Len()
	}
	if rest := r.FieldByName("buffer_length"); rest.IsValid() && rest.CanUint() {
		n += int(rest.Uint())
	}
	return max(n, 1)
}

func (d *brotliDecoder) process(in, dst []byte, flush int) (nin, nout int, ended bool, err error) {
	total := len(in)
	d.in = in
	defer func() { d.in = nil }()
	for nout < len(dst) && !d.done {
		n, err := d.r.Read(dst[nout:])
		nout += n
		switch {
		case err == nil && n > 0:
			continue
		case err == nil || errors.Is(err, io.EOF):
			d.done = true
		case errors.Is(err, io.ErrUnexpectedEOF):
			if flush == 2 && nout < len(dst) {
				return total, nout, false, errUnexpectedEnd
			}
			return total, nout, false, nil
		default:
			name := strings.TrimPrefix(err.Error(), "brotli: ")
			if name == "excessive input" {
				d.done = true
				return max(total-len(d.in)-d.unread(), 0), nout, true, nil
			}
			code := brotliErrors[name]
			if code == 0 {
				return total, nout, false, zlibError(-2, "ERR__ERROR_FORMAT_RESERVED", "Decompression failed")
			}
			return total, nout, false, zlibError(code, "ERR__ERROR_FORMAT_"+name, "Decompression failed")
		}
	}
	return total - len(d.in), nout, d.done, nil
}
