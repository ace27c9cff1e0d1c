package sticky

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]By{
		"": {}, "false": {}, "true": {Address, ""}, "address": {Address, ""},
		"header:X-Forwarded-For": {Header, "x-forwarded-for"}, "cookie:Sid": {Cookie, "Sid"},
	} {
		got, err := Parse(text)
		if err != nil || got != want {
			t.Errorf("%q: %v %v", text, got, err)
		}
		if again, err := Parse(got.String()); err != nil || again != got {
			t.Errorf("%q becomes %q", text, got.String())
		}
	}
	for _, text := range []string{"ip", "header", "header:", "header:a b", "cookie:a=b", "cookie:", "Header:x", "true "} {
		if b, err := Parse(text); err == nil || !strings.Contains(err.Error(), "'header:NAME'") {
			t.Errorf("%q: %v %v", text, b, err)
		}
	}
}

// owner is the one of instances with the highest score.
func owner(key uint64, instances []int) int {
	best, most := -1, uint64(0)
	for _, n := range instances {
		if s := Score(key, n); best < 0 || s > most {
			best, most = n, s
		}
	}
	return best
}

func addressKey(n uint32) uint64 {
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], n)
	return OfAddress(netip.AddrFrom4(a))
}

// When an instance goes, its clients alone go to others, and they come back with it.
func TestOwnersMove(t *testing.T) {
	all, without := []int{0, 1, 2, 3, 4, 5, 6, 7}, []int{0, 1, 2, 4, 5, 6, 7}
	got := map[int]int{}
	for n := range uint32(20000) {
		key := addressKey(0x0a000000 + n)
		before, after := owner(key, all), owner(key, without)
		if before != 3 && after != before {
			t.Fatalf("client %d of %d went to %d", n, before, after)
		}
		if before == 3 {
			got[after]++
		}
	}
	for _, n := range without {
		if got[n] < 20000/8/7/2 {
			t.Errorf("instance %d got %d of 3's clients: %v", n, got[n], got)
		}
	}
}

// Clients are spread evenly, also those whose addresses or numbers are neighbours.
func TestSpread(t *testing.T) {
	for _, instances := range [][]int{{0, 1}, {0, 1, 2}, {0, 1, 2, 3}, {3, 5, 6, 11, 12, 40, 41, 42}} {
		for what, key := range map[string]func(n uint32) uint64{
			"addresses": func(n uint32) uint64 { return addressKey(0x7f000001 + n) },
			"networks":  func(n uint32) uint64 { return addressKey(0x0a000001 + n<<8) },
			"texts": func(n uint32) uint64 {
				return keyOf([]byte("session-" + string(rune('a'+n%26)) + netip.AddrFrom4([4]byte{byte(n >> 8), byte(n)}).String()))
			},
		} {
			const clients = 4096
			got := map[int]int{}
			for n := range uint32(clients) {
				got[owner(key(n), instances)]++
			}
			mean := clients / len(instances)
			for _, k := range instances {
				if got[k] < mean*3/4 || got[k] > mean*5/4 {
					t.Errorf("%s over %v: %v", what, instances, got)
					break
				}
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	v4, mapped := netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("::ffff:192.0.2.7")
	if OfAddress(v4) != OfAddress(mapped) {
		t.Error("IPv4 within IPv6 is another client")
	}
	if OfAddress(netip.MustParseAddr("fe80::1%eth0")) != OfAddress(netip.MustParseAddr("fe80::1%eth1")) {
		t.Error("a zone counts")
	}
	for _, text := range []string{"192.0.2.7", "192.0.2.7:4711", "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:80", "[::ffff:c000:207]"} {
		if keyOf([]byte(text)) != OfAddress(v4) {
			t.Errorf("%s is another client", text)
		}
	}
	if keyOf([]byte("192.0.2.7x")) == OfAddress(v4) || keyOf([]byte("a")) == keyOf([]byte("b")) {
		t.Error("texts that differ are the same")
	}
}

func TestHeads(t *testing.T) {
	header, cookie := By{Header, "x-forwarded-for"}, By{Cookie, "sid"}
	of := func(s string) uint64 { return keyOf([]byte(s)) }
	for _, c := range []struct {
		by   By
		head string
		key  uint64
		v    Verdict
	}{
		{header, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n", of("10.0.0.1"), Found},
		{header, "GET / HTTP/1.1\r\nX-FORWARDED-FOR:  abc \r\n\r\n", of("abc"), Found},
		{header, "\r\n\nGET / HTTP/1.1\nx-forwarded-for: abc\n", of("abc"), Found},
		{header, "GET / HTTP/1.1\r\nX-Forwarded-For: 10.0.0.1", 0, Unclear}, // the line may go on
		{header, "GET / HTTP/1.1\r\nX-Forwarded-For: \r\nX-Forwarded-For: b\r\n\r\n", of("b"), Found},
		{header, "GET / HTTP/1.1\r\nX-Forwarded-Fo: b\r\nHost: x\r\n\r\nX-Forwarded-For: body\r\n", 0, Absent},
		{header, "GET /x-forwarded-for:a HTTP/1.1\r\n", 0, Unclear},
		{header, "", 0, Unclear},
		{header, "\r\n", 0, Unclear},
		{header, "GE", 0, Unclear},
		{header, "M-SEARCH * HTTP/1.1\r\n\r\n", 0, Absent},
		{header, "PRI", 0, Unclear},
		{header, "PRI * HTTP/2.0\r\n", 0, Foreign},
		{header, "PRI * HTTP/1.1\r\n\r\n", 0, Absent},
		{header, "\x16\x03\x01\x02\x00\x01", 0, Foreign},
		{header, " GET / HTTP/1.1\r\n", 0, Foreign},
		{header, strings.Repeat("A", 33), 0, Foreign},
		{cookie, "GET / HTTP/1.1\r\nCookie: a=b; sid=42; c=d\r\n", of("42"), Found},
		{cookie, "GET / HTTP/1.1\r\ncookie: sid=\"42\"\r\n", of("42"), Found},
		{cookie, "GET / HTTP/1.1\r\nCookie: a=b\r\nCookie: sid=4=2\r\n", of("4=2"), Found},
		{cookie, "GET / HTTP/1.1\r\nCookie: Sid=42; xsid=1; sid; sid=\r\n\r\n", 0, Absent},
		{By{}, "GET / HTTP/1.1\r\n\r\n", 0, Absent},
	} {
		key, v := c.by.Of([]byte(c.head))
		if key != c.key || v != c.v {
			t.Errorf("%v %q: %x %d, want %x %d", c.by, c.head, key, v, c.key, c.v)
		}
	}
}

// Whatever comes, a verdict that is given stays when more comes.
func FuzzHead(f *testing.F) {
	for _, s := range []string{"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n", "\r\nPRI * HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nCookie: sid=a; b=c\r\n\r\n", "\x16\x03"} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, p []byte, cookie bool) {
		by := By{Header, "x-forwarded-for"}
		if cookie {
			by = By{Cookie, "sid"}
		}
		key, v := by.Of(p)
		for n := range p {
			if k, early := by.Of(p[:n]); early != Unclear && (early != v || k != key) {
				t.Fatalf("%q: %d, after %d bytes %d", p, v, n, early)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"true", "header:a", "cookie:B", ":"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if b, err := Parse(s); err == nil {
			if again, err := Parse(b.String()); err != nil || again != b {
				t.Errorf("%q: %v, then %v %v", s, b, again, err)
			}
		}
	})
}
