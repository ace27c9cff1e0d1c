package zlib

import (
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// pending keeps a compressor's output until somebody has room for it.
type pending struct {
	buf []byte
	r   int
}

func (p *pending) Write(b []byte) (int, error) {
	p.buf = append(p.buf, b...)
	return len(b), nil
}

// drain moves output to dst; ok tells that nothing is left.
func (p *pending) drain(dst []byte) (n int, ok bool) {
	n = copy(dst, p.buf[p.r:])
	p.r += n
	if p.r < len(p.buf) {
		return n, false
	}
	p.buf, p.r = p.buf[:0], 0
	if cap(p.buf) > 1<<18 {
		p.buf = nil
	}
	return n, true
}

// feedSize bounds the input that a compressor gets at once, so that pending stays small.
const feedSize = 1 << 16

// compressor is what deflate, brotli and zstd encoders share.
type compressor struct {
	out      pending
	dirty    bool // something was written since the last flush, or nothing was flushed yet
	repeats  bool // a flush of nothing counts when what came before flushed less, as in zlib
	last     int  // the kind of the last call
	finished bool
	feed     func(p []byte) error
	flush    func(kind int) error // kind is flushSync, flushFull or flushFinish
}

func (c *compressor) run(in, dst []byte, kind int) (nin, nout int, ended bool, err error) {
	// An empty write and a flush after a flush give an empty block: WebSocket's empty messages are made of it.
	if c.repeats && kind > c.last {
		c.dirty = true
	}
	c.last = kind
	for {
		n, empty := c.out.drain(dst[nout:])
		nout += n
		if !empty {
			return nin, nout, false, nil
		}
		if c.finished {
			return nin, nout, true, nil
		}
		if nin < len(in) {
			part := in[nin:min(len(in), nin+feedSize)]
			nin += len(part)
			c.dirty = true
			if err := c.feed(part); err != nil {
				return nin, nout, false, err
			}
			continue
		}
		switch {
		case kind == flushFinish:
			c.finished = true
		case kind == flushNone || !c.dirty:
			return nin, nout, false, nil
		}
		c.dirty = false
		if err := c.flush(kind); err != nil {
			return nin, nout, false, err
		}
	}
}

// deflater compresses to the three wrappers of DEFLATE.
//
// Differs from Node: memLevel and the strategies Z_FILTERED, Z_RLE and Z_FIXED are accepted and change nothing; a level with windowBits
// under 15 is not told apart. The output is valid DEFLATE, other bytes than zlib's.
type deflater struct {
	compressor
	mode, level, windowBits, strategy int
	dictionary                        []byte

	w       *flate.Writer
	pool    *sync.Pool // nil: w is not for others
	started bool
	total   int
	cleared bool // a flush made the output more than the shortest empty stream
	crc     uint32
	adler   uint32
}

// Writers are large (up to a megabyte of tables): they are used again. By level + 2.
var writers [12]sync.Pool

func newDeflater(mode, level, windowBits, strategy int, dictionary []byte) *deflater {
	d := &deflater{mode: mode, level: level, windowBits: windowBits, strategy: strategy, dictionary: dictionary}
	d.compressor.feed, d.compressor.flush = d.write, d.end
	d.reset()
	return d
}

func (d *deflater) reset() error {
	d.release()
	d.out, d.dirty, d.repeats, d.last, d.finished = pending{}, true, true, flushNone, false
	d.started, d.total, d.cleared, d.crc, d.adler = false, 0, false, 0, 1
	return nil
}

func (d *deflater) close() { d.release() }

func (d *deflater) release() {
	if d.w != nil && d.pool != nil {
		d.w.Reset(io.Discard)
		d.pool.Put(d.w)
	}
	d.w, d.pool = nil, nil
}

func (d *deflater) open(dictionary []byte) (err error) {
	d.release()
	level := d.level
	if d.strategy == 2 { // Z_HUFFMAN_ONLY
		level = flate.HuffmanOnly
	}
	switch {
	case len(dictionary) > 0:
		d.w, err = flate.NewWriterDict(&d.out, level, dictionary)
	case d.windowBits < 15 && level != 0:
		d.w, err = flate.NewWriterWindow(&d.out, 1<<max(d.windowBits, 8))
	default:
		d.pool = &writers[level+2]
		if w, ok := d.pool.Get().(*flate.Writer); ok {
			w.Reset(&d.out)
			d.w = w
		} else {
			d.w, err = flate.NewWriter(&d.out, level)
		}
	}
	return err
}

func (d *deflater) start() error {
	if d.started {
		return nil
	}
	d.started = true
	switch d.mode {
	case modeGzip:
		extra := byte(0)
		if d.level == 9 {
			extra = 2
		} else if d.level == 1 || d.strategy >= 2 {
			extra = 4
		}
		d.out.Write([]byte{0x1F, 0x8B, 8, 0, 0, 0, 0, 0, extra, 3})
	case modeDeflate:
		grade := 3
		switch {
		case d.strategy >= 2 || d.level == 0 || d.level == 1:
			grade = 0
		case d.level > 1 && d.level < 6:
			grade = 1
		case d.level == 6 || d.level == -1:
			grade = 2
		}
		head := (8+(d.windowBits-8)<<4)<<8 | grade<<6
		if d.dictionary != nil {
			head |= 0x20
		}
		head += 31 - head%31
		d.out.Write([]byte{byte(head >> 8), byte(head)})
		if d.dictionary != nil {
			d.out.Write(binary.BigEndian.AppendUint32(nil, adler32.Checksum(d.dictionary)))
		}
	}
	return d.open(d.dictionary)
}

func (d *deflater) write(p []byte) error {
	if err := d.start(); err != nil {
		return err
	}
	switch d.mode {
	case modeGzip:
		d.crc = crc32.Update(d.crc, crc32.IEEETable, p)
	case modeDeflate:
		d.adler = updateAdler(d.adler, p)
	}
	d.total += len(p)
	_, err := d.w.Write(p)
	return err
}

func (d *deflater) end(kind int) error {
	if err := d.start(); err != nil {
		return err
	}
	if kind != flushFinish {
		d.cleared = true
		if err := d.w.Flush(); err != nil {
			return err
		}
		if kind == flushFull { // what follows must not refer to what came before
			return d.open(nil)
		}
		return nil
	}
	if d.total == 0 && !d.cleared {
		d.out.Write([]byte{3, 0}) // an empty block with the fixed code
	} else if err := d.w.Close(); err != nil {
		return err
	}
	d.release()
	switch d.mode {
	case modeGzip:
		d.out.Write(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, d.crc), uint32(d.total)))
	case modeDeflate:
		d.out.Write(binary.BigEndian.AppendUint32(nil, d.adler))
	}
	return nil
}

// params changes the level from here on.
func (d *deflater) params(level, strategy int) error {
	if level == d.level && strategy == d.strategy {
		return nil
	}
	if !d.started || d.finished {
		d.level, d.strategy = level, strategy
		return nil
	}
	if d.dirty {
		d.cleared = true
		if err := d.w.Flush(); err != nil {
			return err
		}
	}
	d.release()
	d.level, d.strategy = level, strategy
	return d.open(nil)
}

func (d *deflater) process(in, dst []byte, flush int) (nin, nout int, ended bool, err error) {
	if flush == flushPartial || flush == flushBlock {
		flush = flushSync
	}
	return d.run(in, dst, flush)
}
