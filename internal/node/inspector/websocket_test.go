package inspector

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestAcceptKey(t *testing.T) {
	// The example of RFC 6455, section 1.3.
	if got := acceptKey("dGhlIHNhbXBsZSBub25jZQ=="); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Error(got)
	}
}

// client makes a frame as a client sends it.
func client(first byte, payload string) string {
	mask := "\x01\x02\x03\x04"
	head := string([]byte{first, 0x80 | byte(len(payload))})
	var out strings.Builder
	for k := range len(payload) {
		out.WriteByte(payload[k] ^ mask[k&3])
	}
	return head + mask + out.String()
}

func TestRead(t *testing.T) {
	for _, test := range []struct {
		in, messages, answers string
		err                   error
	}{
		{client(0x81, "hello"), "hello", "", io.EOF},
		{client(0x01, "hel") + client(0x89, "ping") + client(0x80, "lo"), "hello", "\x8a\x04ping", io.EOF},
		{client(0x81, "a") + client(0x88, ""), "a", "\x88\x00", io.EOF},
		{client(0x80, "a"), "", "", errFrame},
		{client(0x01, "a") + client(0x81, "b"), "", "", errFrame},
		{client(0xc1, "a"), "", "", errFrame},
		{client(0x09, "a"), "", "", errFrame},
		{"\x81\x01a", "", "", errFrame},
		{"\x81", "", "", io.ErrUnexpectedEOF},
		{client(0x81, "hello")[:8], "", "", io.ErrUnexpectedEOF},
	} {
		var answers bytes.Buffer
		s := &socket{r: bufio.NewReader(strings.NewReader(test.in)), w: &answers}
		var messages string
		var err error
		for err == nil {
			var m []byte
			if m, err = s.read(); err == nil {
				messages += string(m)
			}
		}
		if messages != test.messages || answers.String() != test.answers || !errors.Is(err, test.err) {
			t.Errorf("%q: messages %q, answers %q, error %v", test.in, messages, answers.String(), err)
		}
	}
}

func TestWrite(t *testing.T) {
	for _, n := range []int{0, 125, 126, 65535, 65536} {
		var out bytes.Buffer
		s := &socket{w: &out}
		if err := s.write(opText, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
		head := map[bool]int{true: 2, false: 4}[n < 126]
		if n > 65535 {
			head = 10
		}
		if out.Len() != head+n {
			t.Errorf("%d bytes make a frame of %d", n, out.Len())
		}
	}
}

func TestAllowedHost(t *testing.T) {
	for host, want := range map[string]bool{"localhost:9229": true, "127.0.0.1:9229": true, "[::1]:9229": true, "::1": true, "example.com": false,
		"localhost.example.com": false, "10.0.0.1": true, "LOCALHOST": true} {
		if allowedHost(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(client(0x81, "hello")))
	f.Fuzz(func(t *testing.T, in []byte) {
		s := &socket{r: bufio.NewReader(bytes.NewReader(in)), w: io.Discard}
		for {
			m, err := s.read()
			if err != nil {
				return
			}
			if len(m) > len(in) {
				t.Fatal("a message is longer than what came")
			}
		}
	})
}
