package zlib

import (
	"hash/adler32"
	"hash/crc32"
)

// Modes, Node's numbers (zlib.constants).
const (
	modeDeflate    = 1
	modeInflate    = 2
	modeGzip       = 3
	modeGunzip     = 4
	modeDeflateRaw = 5
	modeInflateRaw = 6
	modeUnzip      = 7
	modeBrotliDec  = 8
	modeBrotliEnc  = 9
	modeZstdEnc    = 10
	modeZstdDec    = 11
)

// Flush values of zlib.
const (
	flushNone    = 0
	flushPartial = 1
	flushSync    = 2
	flushFull    = 3
	flushFinish  = 4
	flushBlock   = 5
)

// decoder decodes the three wrappers of DEFLATE: none, zlib (RFC 1950) and gzip (RFC 1952).
type decoder struct {
	mode       int
	windowBits int
	dictionary []byte
	reject     bool // what follows a gzip file and is none ends the stream: the caller makes it an error

	wrap  int // what the stream turned out to be: modeInflate, modeGunzip, modeInflateRaw
	stage stage
	small []byte // header bytes seen so far
	flags byte
	left  int // bytes to skip

	body   inflater
	crc    uint32
	adler  uint32
	length uint32
	hcrc   uint32
	seen   bool // any input at all
}

type stage uint8

const (
	stageStart stage = iota
	stageDictionary
	stageGzipMethod
	stageGzipTime
	stageGzipExtraLength
	stageGzipExtra
	stageGzipName
	stageGzipComment
	stageGzipCRC
	stageBody
	stageTrailer
	stageEnd
)

func newDecoder(mode, windowBits int, dictionary []byte, reject bool) *decoder {
	d := &decoder{mode: mode, windowBits: windowBits, dictionary: dictionary, reject: reject}
	d.reset()
	return d
}

func (d *decoder) reset() error {
	d.wrap, d.stage, d.small, d.seen = d.mode, stageStart, d.small[:0], false
	if d.mode == modeInflateRaw {
		d.startBody(d.windowBits, d.dictionary)
	}
	return nil
}

func (d *decoder) close() {}

func (d *decoder) startBody(windowBits int, dictionary []byte) {
	if windowBits == 0 {
		windowBits = 15
	}
	d.body.reset(1<<windowBits, dictionary)
	d.crc, d.adler, d.length = 0, 1, 0
	d.stage = stageBody
}

func (d *decoder) process(in, dst []byte, flush int) (nin, nout int, ended bool, err error) {
	total := len(in)
	d.seen = d.seen || total > 0
	for {
		if d.stage == stageBody {
			n, m, done, message := d.body.run(in, dst[nout:])
			d.sum(dst[nout : nout+m])
			in = in[n:]
			nout += m
			if message != "" {
				return total - len(in), nout, false, dataError(message)
			}
			if !done {
				break
			}
			d.stage, d.small = stageTrailer, d.small[:0]
			if d.wrap == modeInflateRaw {
				d.stage = stageEnd
			}
		}
		if d.stage == stageEnd {
			// Another member of a gzip file may follow; a zero byte is padding.
			if d.wrap == modeGunzip && len(in) > 0 && in[0] != 0 && (!d.reject || in[0] == 0x1F) {
				d.stage, d.small = stageStart, d.small[:0]
				d.mode = modeGunzip
				continue
			}
			return total - len(in), nout, true, nil
		}
		n, again, err := d.frame(in)
		in = in[n:]
		if err != nil {
			return total - len(in), nout, false, err
		}
		if !again {
			break
		}
	}
	if flush == flushFinish && nout < len(dst) && len(in) == 0 {
		return total, nout, false, errUnexpectedEnd
	}
	return total - len(in), nout, false, nil
}

func (d *decoder) sum(b []byte) {
	switch d.wrap {
	case modeGunzip:
		d.crc = crc32.Update(d.crc, crc32.IEEETable, b)
	case modeInflate:
		d.adler = updateAdler(d.adler, b)
	}
	d.length += uint32(len(b))
}

// gather collects n bytes in small, of in and of what the body's bit buffer still holds.
func (d *decoder) gather(in []byte, n int) (used int, ok bool) {
	for len(d.small) < n && d.stage == stageTrailer && d.body.nbits >= 8 {
		d.small = append(d.small, byte(d.body.take(8)))
	}
	used = min(n-len(d.small), len(in))
	d.small = append(d.small, in[:used]...)
	return used, len(d.small) == n
}

// frame reads a part of a header or trailer. again: go on; otherwise the input is used up.
func (d *decoder) frame(in []byte) (used int, again bool, err error) {
	var ok bool
	switch d.stage {
	case stageStart:
		if d.mode == modeUnzip && len(d.small) == 0 && len(in) > 0 && in[0] != 0x1F {
			d.wrap = modeInflate
		}
		if used, ok = d.gather(in, 2); !ok {
			return used, false, nil
		}
		a, b := d.small[0], d.small[1]
		if d.mode == modeUnzip && d.wrap == modeUnzip {
			d.wrap = modeInflate
			if b == 0x8B {
				d.wrap = modeGunzip
			}
		}
		if d.wrap == modeGunzip {
			if a != 0x1F || b != 0x8B {
				return used, false, dataError("incorrect header check")
			}
			d.hcrc = crc32.ChecksumIEEE(d.small)
			d.next(stageGzipMethod)
			return used, true, nil
		}
		if (int(a)<<8|int(b))%31 != 0 {
			return used, false, dataError("incorrect header check")
		}
		if a&15 != 8 {
			return used, false, dataError("unknown compression method")
		}
		size := int(a>>4) + 8
		if size > 15 || d.windowBits != 0 && size > d.windowBits {
			return used, false, dataError("invalid window size")
		}
		d.left = size
		if b&0x20 != 0 {
			d.next(stageDictionary)
			return used, true, nil
		}
		d.startBody(size, nil)
		return used, true, nil
	case stageDictionary:
		if used, ok = d.gather(in, 4); !ok {
			return used, false, nil
		}
		if d.dictionary == nil {
			return used, false, zlibError(2, "Z_NEED_DICT", "Missing dictionary")
		}
		if adler32.Checksum(d.dictionary) != be32(d.small) {
			return used, false, zlibError(2, "Z_NEED_DICT", "Bad dictionary")
		}
		d.startBody(d.left, d.dictionary)
		return used, true, nil
	case stageGzipMethod:
		if used, ok = d.gather(in, 2); !ok {
			return used, false, nil
		}
		if d.small[0] != 8 {
			return used, false, dataError("unknown compression method")
		}
		d.flags = d.small[1]
		if d.flags&0xE0 != 0 {
			return used, false, dataError("unknown header flags set")
		}
		d.hcrc = crc32.Update(d.hcrc, crc32.IEEETable, d.small)
		d.next(stageGzipTime)
		return used, true, nil
	case stageGzipTime:
		if used, ok = d.gather(in, 6); !ok {
			return used, false, nil
		}
		d.hcrc = crc32.Update(d.hcrc, crc32.IEEETable, d.small)
		d.next(stageGzipExtraLength)
		return used, true, nil
	case stageGzipExtraLength:
		d.left = 0
		if d.flags&4 != 0 {
			if used, ok = d.gather(in, 2); !ok {
				return used, false, nil
			}
			d.hcrc = crc32.Update(d.hcrc, crc32.IEEETable, d.small)
			d.left = int(d.small[0]) | int(d.small[1])<<8
		}
		d.next(stageGzipExtra)
		return used, true, nil
	case stageGzipExtra:
		used = min(d.left, len(in))
		d.hcrc = crc32.Update(d.hcrc, crc32.IEEETable, in[:used])
		if d.left -= used; d.left > 0 {
			return used, false, nil
		}
		d.next(stageGzipName)
		return used, true, nil
	case stageGzipName, stageGzipComment:
		flag := byte(8)
		if d.stage == stageGzipComment {
			flag = 16
		}
		if d.flags&flag != 0 {
			end := false
			for used < len(in) && !end {
				end = in[used] == 0
				used++
			}
			d.hcrc = crc32.Update(d.hcrc, crc32.IEEETable, in[:used])
			if !end {
				return used, false, nil
			}
		}
		d.next(d.stage + 1)
		return used, true, nil
	case stageGzipCRC:
		if d.flags&2 != 0 {
			if used, ok = d.gather(in, 2); !ok {
				return used, false, nil
			}
			if uint32(d.small[0])|uint32(d.small[1])<<8 != d.hcrc&0xFFFF {
				return used, false, dataError("header crc mismatch")
			}
		}
		d.startBody(d.windowBits, nil)
		return used, true, nil
	case stageTrailer:
		n := 4
		if d.wrap == modeGunzip {
			n = 8
		}
		if used, ok = d.gather(in, n); !ok {
			return used, false, nil
		}
		if d.wrap == modeGunzip {
			if le32(d.small) != d.crc {
				return used, false, dataError("incorrect data check")
			}
			if le32(d.small[4:]) != d.length {
				return used, false, dataError("incorrect length check")
			}
		} else if be32(d.small) != d.adler {
			return used, false, dataError("incorrect data check")
		}
		d.stage = stageEnd
		return used, true, nil
	}
	return 0, false, nil
}

func (d *decoder) next(s stage) { d.stage, d.small = s, d.small[:0] }

func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}
func le32(b []byte) uint32 {
	return uint32(b[3])<<24 | uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
}

// updateAdler continues an Adler-32 sum (RFC 1950, section 9); hash/adler32 can't start from a given sum.
func updateAdler(sum uint32, p []byte) uint32 {
	a, b := sum&0xFFFF, sum>>16
	for len(p) > 0 {
		part := p[:min(len(p), 5552)] // as many as can't overflow 32 bits
		p = p[len(part):]
		for len(part) >= 4 {
			a += uint32(part[0])
			b += a
			a += uint32(part[1])
			b += a
			a += uint32(part[2])
			b += a
			a += uint32(part[3])
			b += a
			part = part[4:]
		}
		for _, x := range part {
			a += uint32(x)
			b += a
		}
		a %= 65521
		b %= 65521
	}
	return b<<16 | a
}
