package ipc

import (
	"bytes"
	"io"
	"testing"
)

func TestFrames(t *testing.T) {
	var b bytes.Buffer
	sent := [][]byte{{}, []byte("a"), bytes.Repeat([]byte("x"), 100_000)}
	for _, p := range sent {
		if err := WriteFrame(&b, p); err != nil {
			t.Fatal(err)
		}
	}
	whole := b.Bytes()
	for _, p := range sent {
		if got, err := ReadFrame(&b); err != nil || !bytes.Equal(got, p) {
			t.Errorf("%d bytes: %d, %v", len(p), len(got), err)
		}
	}
	if _, err := ReadFrame(&b); err != io.EOF {
		t.Errorf("the end: %v", err)
	}
	if _, err := ReadFrame(bytes.NewReader(whole[4+4 : len(whole)-1])); err == nil {
		t.Error("a frame that was cut off is none")
	}
	if err := WriteFrame(io.Discard, make([]byte, MaxFrame+1)); err == nil {
		t.Error("too long")
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{0, 0, 0, 2, 'a', 'b'})
	f.Add([]byte{3, 255, 255, 255})
	f.Fuzz(func(t *testing.T, p []byte) {
		got, err := ReadFrame(bytes.NewReader(p))
		if err == nil && len(got) > len(p)-4 {
			t.Error("more than there was")
		}
	})
}
