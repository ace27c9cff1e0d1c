package inspector

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"sync"
)

// The server's side of RFC 6455, as far as debuggers need it: text in frames of any number, ping, close; no extensions.

// acceptKey is the answer to a client's Sec-WebSocket-Key.
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

// maxMessage bounds a message of a client: sources that are edited live travel in one.
const maxMessage = 256 << 20

var errFrame = errors.New("malformed frame")

// frame is one frame of a client, unmasked.
type frame struct {
	final   bool
	op      byte // 0: goes on with the message
	payload []byte
}

// readFrame reads a frame of at most limit bytes.
func readFrame(r io.Reader, limit int) (frame, error) {
	var head [14]byte
	if _, err := io.ReadFull(r, head[:2]); err != nil {
		return frame{}, err
	}
	f := frame{final: head[0]&0x80 != 0, op: head[0] & 15}
	if head[0]&0x70 != 0 || head[1]&0x80 == 0 {
		return frame{}, errFrame // an extension that nobody offered; a client that doesn't mask
	}
	size := uint64(head[1] & 0x7f)
	extra := 0
	switch size {
	case 126:
		extra = 2
	case 127:
		extra = 8
	}
	if _, err := io.ReadFull(r, head[2:2+extra+4]); err != nil {
		return frame{}, err
	}
	switch extra {
	case 2:
		size = uint64(binary.BigEndian.Uint16(head[2:]))
	case 8:
		size = binary.BigEndian.Uint64(head[2:])
	}
	if size > uint64(limit) || f.op >= opClose && (size > 125 || !f.final) {
		return frame{}, errFrame
	}
	f.payload = make([]byte, size)
	if _, err := io.ReadFull(r, f.payload); err != nil {
		return frame{}, err
	}
	mask := head[2+extra:]
	for k := range f.payload {
		f.payload[k] ^= mask[k&3]
	}
	return f, nil
}

// socket is a WebSocket's connection. One goroutine reads; any may write.
type socket struct {
	r *bufio.Reader

	mu sync.Mutex
	w  io.Writer // guarded by mu
}

// read gives the next message.
func (s *socket) read() ([]byte, error) {
	var message []byte
	begun := false
	for {
		f, err := readFrame(s.r, maxMessage-len(message))
		if err != nil {
			return nil, err
		}
		switch f.op {
		case opClose:
			_ = s.write(opClose, f.payload)
			return nil, io.EOF
		case opPing:
			if err := s.write(opPong, f.payload); err != nil {
				return nil, err
			}
			continue
		case opPong:
			continue
		case opText, opBinary:
			if begun {
				return nil, errFrame
			}
		case 0:
			if !begun {
				return nil, errFrame
			}
		default:
			return nil, errFrame
		}
		begun = true
		message = append(message, f.payload...)
		if f.final {
			return message, nil
		}
	}
}

// write sends one frame.
func (s *socket) write(op byte, payload []byte) error {
	head := []byte{0x80 | op, 0}
	switch n := len(payload); {
	case n < 126:
		head[1] = byte(n)
	case n < 1<<16:
		head[1] = 126
		head = binary.BigEndian.AppendUint16(head, uint16(n))
	default:
		head[1] = 127
		head = binary.BigEndian.AppendUint64(head, uint64(n))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.w.Write(append(head, payload...))
	return err
}
