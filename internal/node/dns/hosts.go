package dns

import (
	"bufio"
	"net/netip"
	"os"
	"slices"
	"strings"
)

const hostsFile = "/etc/hosts"

// hostsNames gives the names that the hosts file has for an address. As with c-ares the first one is the host itself and counts only
// when it has no others. nil: the file doesn't know the address.
func hostsNames(path, address string) []string {
	want, err := netip.ParseAddr(address)
	if err != nil {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	var names []string
	for s := bufio.NewScanner(f); s.Scan(); {
		line, _, _ := strings.Cut(s.Text(), "#")
		w := strings.Fields(line)
		if len(w) < 2 {
			continue
		}
		if a, err := netip.ParseAddr(w[0]); err == nil && a.Unmap() == want.Unmap() {
			names = append(names, w[1:]...)
		}
	}
	if len(names) > 1 {
		return names[1:]
	}
	return names
}

// localhost6 gives the IPv6 addresses of localhost: those of the hosts file, or the loopback address where the file has none.
func localhost6(path, name string) []netip.Addr {
	f, err := os.Open(path)
	if err != nil {
		return []netip.Addr{netip.IPv6Loopback()}
	}
	defer f.Close()
	var found []netip.Addr
	for s := bufio.NewScanner(f); s.Scan(); {
		line, _, _ := strings.Cut(s.Text(), "#")
		w := strings.Fields(line)
		if len(w) < 2 || !slices.Contains(w[1:], name) {
			continue
		}
		if a, err := netip.ParseAddr(w[0]); err == nil && a.Is6() && !a.Is4In6() {
			found = append(found, a)
		}
	}
	if found == nil {
		found = []netip.Addr{netip.IPv6Loopback()}
	}
	return found
}
