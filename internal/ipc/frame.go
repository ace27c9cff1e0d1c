package ipc

import (
	"encoding/binary"
	"fmt"
	"io"
)

// MaxFrame is the longest frame that is read: a length beyond it is not ours.
const MaxFrame = 64 << 20

// WriteFrame writes p behind its length, four bytes with the highest first, in one Write. It may wait.
func WriteFrame(w io.Writer, p []byte) error {
	if len(p) > MaxFrame {
		return fmt.Errorf("ipc: a frame of %d bytes is too long", len(p))
	}
	b := make([]byte, 4, 4+len(p))
	binary.BigEndian.PutUint32(b, uint32(len(p)))
	_, err := w.Write(append(b, p...))
	return err
}

// ReadFrame reads what WriteFrame wrote: io.EOF at the end, io.ErrUnexpectedEOF inside a frame. It waits. Memory grows with the bytes that
// came, not with the length that was announced.
func ReadFrame(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head[:]))
	if n > MaxFrame {
		return nil, fmt.Errorf("ipc: a frame of %d bytes is too long", n)
	}
	var p []byte
	for len(p) < n {
		part := min(n-len(p), max(4096, len(p)))
		p = append(p, make([]byte, part)...)
		if _, err := io.ReadFull(r, p[len(p)-part:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return p, nil
}
