// Package zlib is the native half of node:zlib: DEFLATE with its wrappers, Brotli, Zstandard and CRC-32.
//
// An engine is one stream's state behind a binding.Ref. The isolate's thread or one goroutine of the pool works on it, never two at once:
// JavaScript waits for a write before it starts the next, and the engine refuses when it doesn't. It knows no other builtin.
package zlib

import (
	"errors"
	"hash/crc32"
	"math"
	"sync/atomic"

	"roost/internal/binding"
)

// Module is the zlib builtin.
var Module = binding.Module{Name: "zlib", Natives: binding.Natives{
	"create": create,
	"write":  write,
	"reset":  reset,
	"params": setParams,
	"close":  closeEngine,
	"whole":  whole,
	"crc32":  sumCRC,
}}

// codec is one algorithm and direction.
type codec interface {
	// process reads in and fills dst. ended: the stream is complete; what is left of in does not belong to it.
	process(in, dst []byte, flush int) (nin, nout int, ended bool, err error)
	params(level, strategy int) error
	reset() error
	close()
}

func (d *decoder) params(int, int) error { return nil }

// engine is a codec that JavaScript holds.
type engine struct {
	codec codec
	state atomic.Int32 // idle, busy, closing (busy, to be closed), closed
}

const (
	idle = iota
	busy
	closing
	closed
)

func (e *engine) acquire() bool { return e.state.CompareAndSwap(idle, busy) }

func (e *engine) release() {
	if !e.state.CompareAndSwap(busy, idle) {
		e.state.Store(closed)
		e.codec.close()
	}
}

// Close ends the stream: at once, or when the write under way is done.
func (e *engine) Close() error {
	for {
		switch {
		case e.state.CompareAndSwap(idle, closed):
			e.codec.close()
			return nil
		case e.state.CompareAndSwap(busy, closing):
			return nil
		case e.state.Load() >= closing:
			return nil
		}
	}
}

func zlibError(errno int, code, message string) error {
	return (&binding.NodeError{Class: binding.ClassError, Message: message}).With("errno", binding.Int(errno)).With("code", binding.String(code))
}

func dataError(message string) error { return zlibError(-3, "Z_DATA_ERROR", message) }

var (
	errUnexpectedEnd = zlibError(-5, "Z_BUF_ERROR", "unexpected end of file")
	errState         = zlibError(-2, "Z_STREAM_ERROR", "stream error")
)

// newCodec reads mode, level, windowBits, memLevel, strategy, dictionary, params, pledgedSrcSize and rejectGarbage from arguments k and after.
func newCodec(c *binding.Call, k int) (codec, error) {
	mode, level, bits, strategy := c.Int(k), c.Int(k+1), c.Int(k+2), c.Int(k+4)
	var dictionary []byte
	if c.IsBytes(k + 5) {
		dictionary = append([]byte{}, c.Bytes(k+5)...)
	}
	level, strategy = min(max(level, -1), 9), min(max(strategy, 0), 4)
	switch mode {
	case modeDeflate, modeGzip, modeDeflateRaw:
		bits = min(max(bits, 9), 15) // 8 means 9, as in zlib
		if mode == modeGzip {
			dictionary = nil
		}
		return newDeflater(mode, level, bits, strategy, dictionary), nil
	case modeInflate, modeGunzip, modeInflateRaw, modeUnzip:
		if bits != 0 {
			bits = min(max(bits, 8), 15)
		}
		return newDecoder(mode, bits, dictionary, c.Bool(k+8)), nil
	case modeBrotliEnc:
		return newBrotliEncoder(c.Floats(k + 6)), nil
	case modeBrotliDec:
		return newBrotliDecoder(), nil
	case modeZstdEnc:
		pledged := int64(-1)
		if c.IsNumber(k + 7) {
			pledged = c.Int64(k + 7)
		}
		return newZstdEncoder(c.Floats(k+6), dictionary, pledged)
	case modeZstdDec:
		return newZstdDecoder(c.Floats(k+6), dictionary), nil
	}
	return nil, errState
}

func create(c *binding.Call) {
	codec, err := newCodec(c, 0)
	if err != nil {
		c.Throw(err)
		return
	}
	c.Return(binding.Ref(&engine{codec: codec}))
}

// part is b[offset:offset+length], cut to what there is.
func part(b []byte, offset, length int) []byte {
	if offset < 0 || length <= 0 || offset >= len(b) {
		return nil
	}
	return b[offset:min(len(b), offset+length)]
}

// write(engine, flush, in, inOffset, inLength, out, outOffset, outLength, request)
func write(c *binding.Call) {
	e, ok := c.Ref(0).(*engine)
	if !ok || !e.acquire() {
		c.Throw(errState)
		return
	}
	flush := c.Int(1)
	in, inOff, inLen := c.Pin(2), c.Int(3), c.Int(4)
	out, outOff, outLen := c.Pin(5), c.Int(6), c.Int(7)
	c.Run(8, func() (r binding.Result) {
		defer e.release()
		src, dst := part(in.Bytes(), inOff, inLen), part(out.Bytes(), outOff, outLen)
		nin, nout, ended, err := e.codec.process(src, dst, flush)
		if err != nil {
			if nout == 0 {
				return binding.Fail(asZlib(err))
			}
			// Output first: the error comes after it.
			return binding.List(binding.Int(nin), binding.Int(nout), binding.False, binding.Fail(asZlib(err)))
		}
		return binding.List(binding.Int(nin), binding.Int(nout), binding.Bool(ended))
	})
}

// asZlib keeps errors that have a code and gives others one.
func asZlib(err error) error {
	var known *binding.NodeError
	if errors.As(err, &known) {
		return err
	}
	return zlibError(-3, "Z_DATA_ERROR", err.Error())
}

func reset(c *binding.Call) {
	if e, ok := c.Ref(0).(*engine); ok && e.acquire() {
		err := e.codec.reset()
		e.release()
		if err != nil {
			c.Throw(asZlib(err))
		}
		return
	}
	c.Throw(errState)
}

func setParams(c *binding.Call) {
	if e, ok := c.Ref(0).(*engine); ok && e.acquire() {
		err := e.codec.params(min(max(c.Int(1), -1), 9), min(max(c.Int(2), 0), 4))
		e.release()
		if err != nil {
			c.Throw(asZlib(err))
		}
		return
	}
	c.Throw(errState)
}

func closeEngine(c *binding.Call) {
	if e, ok := c.Ref(0).(*engine); ok {
		e.Close()
	}
}

// whole(in, finishFlush, maxOutputLength, undefined, request, mode, level, ...) does a stream in one step.
func whole(c *binding.Call) {
	in, flush, reject := c.Pin(0), c.Int(1), c.Bool(13)
	limit := math.MaxInt
	if f := c.Float(2); f < math.MaxInt32*1024 {
		limit = max(int(f), 0)
	}
	codec, err := newCodec(c, 5)
	if err != nil {
		c.Throw(err)
		return
	}
	if z, ok := codec.(*zstdEncoder); ok && flush == 2 {
		if err := z.know(int64(len(in.Bytes()))); err != nil {
			c.Throw(err)
			return
		}
	}
	c.Run(4, func() binding.Result {
		defer codec.close()
		b, err := runWhole(codec, in.Bytes(), flush, limit, reject)
		if err != nil {
			return binding.Fail(asZlib(err))
		}
		return binding.Buffer(b)
	})
}

func runWhole(codec codec, in []byte, flush, limit int, reject bool) ([]byte, error) {
	size := min(max(2*len(in), 512), 1<<16)
	out := make([]byte, 0, size)
	for {
		if len(out) == cap(out) {
			grown := make([]byte, len(out), min(2*cap(out), cap(out)+1<<26))
			copy(grown, out)
			out = grown
		}
		nin, nout, ended, err := codec.process(in, out[len(out):cap(out)], flush)
		out = out[:len(out)+nout]
		in = in[nin:]
		if len(out) > limit {
			return nil, binding.RangeError("ERR_BUFFER_TOO_LARGE", "Cannot create a Buffer larger than %d bytes", limit)
		}
		if err != nil {
			return nil, err
		}
		if ended {
			if reject && len(in) > 0 {
				return nil, binding.TypeError("ERR_TRAILING_JUNK_AFTER_STREAM_END", "Trailing junk found after the end of the compressed stream")
			}
			return out, nil
		}
		if len(out) < cap(out) && len(in) == 0 {
			return out, nil
		}
	}
}

// crc32(data, value)
func sumCRC(c *binding.Call) {
	start := c.Uint32(1)
	if c.IsString(0) {
		c.Return(binding.Int(crc32.Update(start, crc32.IEEETable, []byte(c.String(0)))))
		return
	}
	c.Return(binding.Int(crc32.Update(start, crc32.IEEETable, c.Bytes(0))))
}
