package net

import (
	"net/netip"
	"strings"

	"roost/internal/binding"
)

// parse reads an IP address as node:net does: IPv4 without leading zeros, IPv6 with an optional zone of letters, digits, '-', '.' and ':'.
func parse(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && strings.IndexFunc(a.Zone(), notInZone) < 0
}

func notInZone(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '.' || r == ':')
}

// isIP(text) → 4, 6 or 0
func isIP(c *binding.Call) {
	a, ok := parse(c.String(0))
	switch {
	case !ok:
		c.Return(binding.Int(0))
	case a.Is4():
		c.Return(binding.Int(4))
	default:
		c.Return(binding.Int(6))
	}
}

// parseAddress(text) → [canonical text, family, port] of "1.2.3.4:80" or "[::1]:80" | undefined
func parseAddress(c *binding.Call) {
	text := c.String(0)
	if a, err := netip.ParseAddrPort(text); err == nil {
		returnAddress(c, a, nil)
		return
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if a, ok := parse(text); ok {
		returnAddress(c, netip.AddrPortFrom(a, 0), nil)
	}
}

// sameFamily unwraps IPv4 inside of IPv6 where the other is IPv4.
func sameFamily(a, b netip.Addr) (netip.Addr, netip.Addr) {
	a, b = a.WithZone(""), b.WithZone("")
	if a.Is4() != b.Is4() {
		a, b = a.Unmap(), b.Unmap()
	}
	return a, b
}

// compareAddresses(a, b) → -1, 0, 1, or undefined when the families differ
func compareAddresses(c *binding.Call) {
	a, ok := parse(c.String(0))
	b, ok2 := parse(c.String(1))
	if !ok || !ok2 {
		return
	}
	if a, b = sameFamily(a, b); a.Is4() == b.Is4() {
		c.Return(binding.Int(a.Compare(b)))
	}
}
