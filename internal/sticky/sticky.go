// Package sticky answers which instance of an application serves a client, so that all connections of one client reach the same.
//
// A client is known by a key, a hash of what the option names: its address, or a header or cookie of its first request. The key's owner is
// the instance with the highest score, of those that serve now (rendezvous hashing): when one goes, its clients alone go to others, and they come
// back with it. Instances are numbered (NODE_APP_INSTANCE), so a restart changes nothing.
//
// Functions are pure but for Inherit, and any goroutine may call them. The package imports nothing of this module.
package sticky

import (
	"fmt"
	"net/netip"
	"strings"
)

// Kind is what a client is known by.
type Kind uint8

const (
	Off Kind = iota
	Address
	Header
	Cookie
)

// By is the option: what a client is known by.
type By struct {
	Kind Kind
	Name string // of the header, in small letters, or of the cookie
}

// Wanted says what the option may be, for errors.
const Wanted = "true, false, 'header:NAME' or 'cookie:NAME'"

// Parse reads the option's text: "true" or "address", "false" or "", "header:NAME", "cookie:NAME".
func Parse(text string) (By, error) {
	switch text {
	case "", "false":
		return By{}, nil
	case "true", "address":
		return By{Kind: Address}, nil
	}
	kind, name, _ := strings.Cut(text, ":")
	if isToken(name) {
		switch kind {
		case "header":
			return By{Header, strings.ToLower(name)}, nil
		case "cookie":
			return By{Cookie, name}, nil
		}
	}
	return By{}, fmt.Errorf("'%s' is not %s", text, Wanted)
}

// String is a text that Parse reads; "" for off.
func (b By) String() string {
	switch b.Kind {
	case Address:
		return "address"
	case Header:
		return "header:" + b.Name
	case Cookie:
		return "cookie:" + b.Name
	}
	return ""
}

// isToken tells whether s can be the name of a header or cookie. https://www.rfc-editor.org/rfc/rfc9110#name-tokens
func isToken(s string) bool {
	for k := range len(s) {
		if !tokenByte(s[k]) {
			return false
		}
	}
	return s != ""
}

func tokenByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// OfAddress is the key of a client's address. IPv4 is the same within IPv6 and by itself; zones and ports don't count.
func OfAddress(a netip.Addr) uint64 {
	bytes := a.As16()
	return hash(bytes[:])
}

// Score is the weight of an instance for a key: the owner is the one with the most.
func Score(key uint64, instance int) uint64 { return mix(key ^ mix(uint64(instance)+golden)) }

const golden = 0x9e3779b97f4a7c15

// hash is FNV-1a, mixed once more: its high bits depend little on a short text's last bytes.
func hash(p []byte) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, c := range p {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return mix(h)
}

// mix is the finalizer of SplitMix64: every bit of x decides over every bit of the result.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
