package h2

import "encoding/binary"

// Frame types (RFC 9113 section 6, RFC 7838, RFC 8336).
const (
	frameData         = 0x0
	frameHeaders      = 0x1
	framePriority     = 0x2
	frameReset        = 0x3
	frameSettings     = 0x4
	framePushPromise  = 0x5
	framePing         = 0x6
	frameGoaway       = 0x7
	frameWindowUpdate = 0x8
	frameContinuation = 0x9
	frameAltSvc       = 0xa
	frameOrigin       = 0xc
)

// Flags of frames.
const (
	flagEndStream  = 0x1
	flagAck        = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20
)

const (
	headerSize     = 9
	minFrameSize   = 16384
	maxFrameSize   = 1<<24 - 1
	initialWindow  = 65535
	maxWindow      = 1<<31 - 1
	maxStreamID    = 1<<31 - 1
	clientPreface  = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	settingSize    = 6
	priorityLength = 5
)

// header is a frame's.
type header struct {
	length int
	kind   byte
	flags  byte
	id     uint32
}

func (h header) has(flag byte) bool { return h.flags&flag != 0 }

func parseHeader(b []byte) header {
	return header{length: int(b[0])<<16 | int(b[1])<<8 | int(b[2]), kind: b[3], flags: b[4], id: binary.BigEndian.Uint32(b[5:]) & maxStreamID}
}

func appendHeader(out []byte, length int, kind, flags byte, id uint32) []byte {
	return append(out, byte(length>>16), byte(length>>8), byte(length), kind, flags, byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
}
