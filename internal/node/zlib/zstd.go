package zlib

import (
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Parameters, Node's numbers.
const (
	zstdLevel     = 100
	zstdWindowLog = 101
	zstdSizeFlag  = 200
	zstdChecksum  = 201
	zstdMaxWindow = 100 // of the decoder
)

// zstdEncoder compresses to RFC 8878.
//
// Differs from Node: the level (four grades), the window, the content size and the checksum change the output; other parameters don't.
type zstdEncoder struct {
	compressor
	options  []zstd.EOption
	pledged  int64 // -1: unknown
	total    int64
	hideSize bool // the frame doesn't tell the size
	w        *zstd.Encoder
}

func newZstdEncoder(params []float64, dictionary []byte, pledged int64) (*zstdEncoder, error) {
	e := &zstdEncoder{pledged: pledged}
	level, checksum, window := zstd.SpeedDefault, false, 0
	for i := 0; i+1 < len(params); i += 2 {
		v := int(params[i+1])
		switch int(params[i]) {
		case zstdLevel:
			level = zstd.EncoderLevelFromZstd(v)
		case zstdWindowLog:
			if v != 0 {
				window = 1 << min(max(v, 10), 29)
			}
		case zstdSizeFlag:
			e.hideSize = v == 0
		case zstdChecksum:
			checksum = v != 0
		}
	}
	e.options = []zstd.EOption{zstd.WithEncoderLevel(level), zstd.WithEncoderCRC(checksum), zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true)}
	if window > 0 {
		e.options = append(e.options, zstd.WithWindowSize(window))
	}
	if len(dictionary) > 0 {
		e.options = append(e.options, encoderDictionary(dictionary))
	}
	e.feed = func(p []byte) error {
		e.total += int64(len(p))
		if e.pledged >= 0 && e.total > e.pledged {
			return zlibError(72, "ZSTD_error_srcSize_wrong", "Src size is incorrect")
		}
		_, err := e.w.Write(p)
		return err
	}
	e.flush = func(kind int) error {
		if kind == flushFinish {
			if e.pledged >= 0 && e.total != e.pledged {
				return zlibError(72, "ZSTD_error_srcSize_wrong", "Src size is incorrect")
			}
			return e.w.Close()
		}
		return e.w.Flush()
	}
	return e, e.reset()
}

const trainedMagic = "\x37\xA4\x30\xEC" // a dictionary made by zstd --train; anything else is raw content

func encoderDictionary(dictionary []byte) zstd.EOption {
	if len(dictionary) >= 8 && string(dictionary[:4]) == trainedMagic {
		return zstd.WithEncoderDict(dictionary)
	}
	return zstd.WithEncoderDictRaw(0, dictionary)
}

func decoderDictionary(dictionary []byte) zstd.DOption {
	if len(dictionary) >= 8 && string(dictionary[:4]) == trainedMagic {
		return zstd.WithDecoderDicts(dictionary)
	}
	return zstd.WithDecoderDictRaw(0, dictionary)
}

func (e *zstdEncoder) reset() (err error) {
	e.out, e.dirty, e.finished, e.total = pending{}, true, false, 0
	if e.w == nil {
		if e.w, err = zstd.NewWriter(nil, e.options...); err != nil {
			return err
		}
	}
	if e.pledged >= 0 && !e.hideSize {
		e.w.ResetContentSize(&e.out, e.pledged)
	} else {
		e.w.Reset(&e.out)
	}
	return nil
}

// know tells the size of all input, when the caller has all of it.
func (e *zstdEncoder) know(size int64) error {
	if e.pledged < 0 {
		e.pledged = size
		return e.reset()
	}
	return nil
}

func (e *zstdEncoder) close() { e.finished = true }

func (e *zstdEncoder) params(int, int) error { return nil }

func (e *zstdEncoder) process(in, dst []byte, flush int) (nin, nout int, ended bool, err error) {
	switch flush { // ZSTD_e_*
	case 1:
		flush = flushSync
	case 2:
		flush = flushFinish
	default:
		flush = flushNone
	}
	return e.run(in, dst, flush)
}

// zstdDecoder decodes RFC 8878. The library reads from an io.Reader whose errors are final, so it runs on a goroutine of its own, which
// works only while process waits for it: the two take turns. The goroutine lives from the first input to the end, an error or close.
type zstdDecoder struct {
	options []zstd.DOption
	turn    chan turn     // process to goroutine
	events  chan zstdStop // goroutine to process
	in      []byte        // the input at hand; belongs to the side that runs
	out     []byte        // output that process didn't take yet; memory of the goroutine
	any     bool
	err     error
	done    bool
}

type turn int

const (
	turnRun turn = iota
	turnFinish
	turnClose
)

type zstdStop struct {
	out []byte
	err error // errNoInput: wants more
}

func newZstdDecoder(params []float64, dictionary []byte) *zstdDecoder {
	window := 27
	for i := 0; i+1 < len(params); i += 2 {
		if int(params[i]) == zstdMaxWindow && params[i+1] != 0 {
			window = min(max(int(params[i+1]), 10), 31)
		}
	}
	d := &zstdDecoder{options: []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(1 << window), zstd.WithDecoderLowmem(true),
		zstd.WithDecodeBuffersBelow(0)}}
	if len(dictionary) > 0 {
		d.options = append(d.options, decoderDictionary(dictionary))
	}
	return d
}

func (d *zstdDecoder) reset() error {
	d.close()
	d.in, d.out, d.any, d.err, d.done = nil, nil, false, nil, false
	return nil
}

func (d *zstdDecoder) close() {
	if d.turn != nil {
		d.turn <- turnClose
		d.turn, d.events = nil, nil
	}
	d.done = true
}

func (d *zstdDecoder) params(int, int) error { return nil }

var errNoInput = errors.New("no input at hand")

// source is the goroutine's reader.
type source struct {
	d      *zstdDecoder
	turn   chan turn
	events chan zstdStop
	closed bool
	frame  frameWalker
}

func (s *source) Read(p []byte) (int, error) {
	if s.frame.ended {
		return 0, io.EOF
	}
	for len(s.d.in) == 0 {
		if s.closed {
			return 0, io.EOF
		}
		s.events <- zstdStop{err: errNoInput}
		switch <-s.turn {
		case turnClose:
			s.closed = true
			return 0, io.ErrClosedPipe
		case turnFinish:
			return 0, io.EOF
		}
	}
	n := min(len(p), s.frame.walk(s.d.in[:min(len(p), len(s.d.in))]))
	copy(p, s.d.in[:n])
	s.d.in = s.d.in[n:]
	return n, nil
}

// frameWalker finds the end of a frame (RFC 8878, section 3.1.1): Node decodes one frame and leaves the rest, the library would go on.
type frameWalker struct {
	ended    bool
	head     []byte // of the part that is being read
	part     framePart
	skip     int
	last     bool
	checksum bool
}

type framePart uint8

const (
	partMagic framePart = iota
	partSkippable
	partBlock
	partForeign // no frame: the decoder will say so
)

// walk tells how many bytes of in belong to the frame.
func (f *frameWalker) walk(in []byte) int {
	p := 0
	for p < len(in) && !f.ended {
		if f.part == partForeign {
			return len(in)
		}
		if f.skip > 0 {
			n := min(f.skip, len(in)-p)
			p += n
			f.skip -= n
		} else {
			f.head = append(f.head, in[p])
			p++
			f.advance()
		}
		if f.skip == 0 && f.last {
			f.ended = true
		}
	}
	return p
}

func (f *frameWalker) advance() {
	switch {
	case f.part == partMagic && len(f.head) == 4:
		magic := le32(f.head)
		if magic&^0xF == 0x184D2A50 {
			f.part, f.head = partSkippable, f.head[:0]
		} else if magic != 0xFD2FB528 {
			f.part = partForeign
		}
	case f.part == partMagic && len(f.head) == 5:
		d := f.head[4]
		single := d&0x20 != 0
		f.checksum = d&4 != 0
		f.skip = [4]int{0, 1, 2, 4}[d&3] + [4]int{0, 2, 4, 8}[d>>6]
		if !single {
			f.skip++
		} else if d>>6 == 0 {
			f.skip++
		}
		f.part, f.head = partBlock, f.head[:0]
	case f.part == partSkippable && len(f.head) == 4:
		f.skip = int(le32(f.head))
		f.part, f.head = partMagic, f.head[:0]
	case f.part == partBlock && len(f.head) == 3:
		h := uint32(f.head[0]) | uint32(f.head[1])<<8 | uint32(f.head[2])<<16
		f.head = f.head[:0]
		f.skip = int(h >> 3)
		if h>>1&3 == 1 {
			f.skip = 1
		}
		if f.last = h&1 == 1; f.last && f.checksum {
			f.skip += 4
		}
	}
}

func (s *source) decode() {
	r, err := zstd.NewReader(s, s.d.options...)
	if err == nil {
		defer r.Close()
		buf := make([]byte, 1<<15)
		for err == nil {
			var n int
			if n, err = r.Read(buf); n > 0 {
				s.events <- zstdStop{out: buf[:n]}
				if <-s.turn == turnClose {
					return
				}
			}
		}
	}
	if s.closed {
		return
	}
	s.events <- zstdStop{err: err}
	<-s.turn
}

func (d *zstdDecoder) process(in, dst []byte, flush int) (nin, nout int, ended bool, err error) {
	total := len(in)
	d.in = in
	defer func() { d.in = nil }()
	next := turnRun
	for {
		n := copy(dst[nout:], d.out)
		nout += n
		d.out = d.out[n:]
		if len(d.out) > 0 || nout == len(dst) && nout > 0 {
			return total - len(d.in), nout, false, nil
		}
		if d.err != nil {
			return total, nout, false, d.err
		}
		if d.done {
			return total - len(d.in), nout, true, nil
		}
		d.any = d.any || len(in) > 0
		if !d.any {
			if flush == 2 {
				return 0, nout, false, errUnexpectedEnd
			}
			return 0, nout, false, nil
		}
		if d.turn == nil {
			s := &source{d: d, turn: make(chan turn), events: make(chan zstdStop)}
			d.turn, d.events = s.turn, s.events
			go s.decode()
		} else {
			d.turn <- next
		}
		e := <-d.events
		switch {
		case e.err == nil:
			d.out = e.out
		case errors.Is(e.err, errNoInput):
			if flush != 2 {
				return total - len(d.in), nout, false, nil
			}
			next = turnFinish // tells whether the last frame is whole
		case errors.Is(e.err, io.EOF):
			d.end()
			d.done = true
		default:
			d.end()
			d.err = zstdError(e.err)
		}
	}
}

// end lets the goroutine go that reported its last event.
func (d *zstdDecoder) end() {
	d.turn <- turnClose
	d.turn, d.events = nil, nil
}

func zstdError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errUnexpectedEnd
	case errors.Is(err, zstd.ErrMagicMismatch):
		return zlibError(10, "ZSTD_error_prefix_unknown", "Unknown frame descriptor")
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return zlibError(16, "ZSTD_error_frameParameter_windowTooLarge", "Frame requires too much memory for decoding")
	case errors.Is(err, zstd.ErrCRCMismatch):
		return zlibError(22, "ZSTD_error_checksum_wrong", "Restored data doesn't match checksum")
	case errors.Is(err, zstd.ErrUnknownDictionary):
		return zlibError(32, "ZSTD_error_dictionary_wrong", "Dictionary mismatch")
	}
	return zlibError(20, "ZSTD_error_corruption_detected", "Data corruption detected")
}
