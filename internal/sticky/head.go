package sticky

import (
	"bytes"
	"net/netip"
)

// Verdict is what the beginning of a connection says.
type Verdict uint8

const (
	Unclear Verdict = iota // more must come
	Found                  // the key is known
	Absent                 // a request without the header or cookie
	Foreign                // nothing that can be read: TLS, HTTP/2, another protocol
)

// http2 is what a connection of HTTP/2 begins with. https://www.rfc-editor.org/rfc/rfc9113#preface
var http2 = []byte("PRI * HTTP/2.0\r\n")

// Of looks for the client's key in the first bytes of a connection, the head of a request of HTTP/1. They may come from anybody: what isn't
// well-formed is the server's to refuse, wherever it is served.
func (b By) Of(head []byte) (key uint64, v Verdict) {
	for len(head) > 0 && (head[0] == '\r' || head[0] == '\n') {
		head = head[1:]
	}
	if v := beginning(head); v != Absent {
		return 0, v
	}
	_, head, whole := bytes.Cut(head, newline) // the request line
	for whole {
		var line []byte
		if line, head, whole = bytes.Cut(head, newline); !whole {
			break
		}
		line = bytes.TrimSuffix(line, carriage)
		if len(line) == 0 {
			return 0, Absent
		}
		name, value, ok := bytes.Cut(line, colon)
		if !ok {
			continue
		}
		if value, ok = b.in(name, value); ok {
			return keyOf(value), Found
		}
	}
	return 0, Unclear
}

var newline, carriage, colon, semicolon, comma = []byte("\n"), []byte("\r"), []byte(":"), []byte(";"), []byte(",")

// beginning judges the first word: Absent stands for a request of HTTP/1.
func beginning(head []byte) Verdict {
	if len(head) == 0 {
		return Unclear
	}
	if n := min(len(head), len(http2)); bytes.Equal(head[:n], http2[:n]) && (n == len(http2) || bytes.IndexByte(head, '\n') < 0) {
		if n == len(http2) {
			return Foreign
		}
		return Unclear
	}
	for k, c := range head {
		switch {
		case c == ' ' && k > 0:
			return Absent
		case !tokenByte(c) || k >= maxMethod:
			return Foreign
		}
	}
	return Unclear
}

// maxMethod is longer than any method that is registered.
const maxMethod = 32

// in gives what stands for the client in a header, if it is there.
func (b By) in(name, value []byte) ([]byte, bool) {
	switch b.Kind {
	case Header:
		if !equalFold(name, b.Name) {
			return nil, false
		}
		first, _, _ := bytes.Cut(value, comma)
		first = bytes.Trim(first, " \t")
		return first, len(first) > 0
	case Cookie:
		if !equalFold(name, "cookie") {
			return nil, false
		}
		for len(value) > 0 {
			var pair []byte
			pair, value, _ = bytes.Cut(value, semicolon)
			if name, text, ok := bytes.Cut(bytes.Trim(pair, " \t"), equals); ok && string(name) == b.Name {
				text = bytes.Trim(text, `"`)
				return text, len(text) > 0
			}
		}
	}
	return nil, false
}

var equals = []byte("=")

// equalFold compares a header's name with one in small letters.
func equalFold(name []byte, lower string) bool {
	if len(name) != len(lower) {
		return false
	}
	for k, c := range name {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[k] {
			return false
		}
	}
	return true
}

// keyOf is the key of a text. An address is the same however it is written, and some proxies write its port, which is another one each time.
func keyOf(text []byte) uint64 {
	if len(text) <= maxAddress && (text[0] == '[' || isHex(text[0]) || text[0] == ':') {
		s := string(text)
		if a, err := netip.ParseAddr(s); err == nil {
			return OfAddress(a)
		}
		if a, err := netip.ParseAddrPort(s); err == nil {
			return OfAddress(a.Addr())
		}
		if n := len(s); n > 2 && s[0] == '[' && s[n-1] == ']' {
			if a, err := netip.ParseAddr(s[1 : n-1]); err == nil {
				return OfAddress(a)
			}
		}
	}
	return hash(text)
}

// maxAddress is the longest text of an address with brackets and a port.
const maxAddress = 54

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
