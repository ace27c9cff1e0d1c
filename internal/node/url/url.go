// Package url is the Go half of internal:url: domain names in ASCII and in Unicode by UTS 46, as the URL standard configures it.
// Everything else of the module is TypeScript. It runs on the isolate's thread and keeps no state.
package url

import (
	"strings"

	"golang.org/x/net/idna"

	"roost/internal/binding"
)

// Module is the url builtin.
var Module = binding.Module{Name: "url", Natives: binding.Natives{
	"domainToASCII": func(c *binding.Call) {
		ascii, ok := ToASCII(c.String(0))
		if !ok {
			ascii = "" // idna gives its attempt beside the error
		}
		c.Return(binding.String(ascii))
	},
	"domainToUnicode": func(c *binding.Call) { c.Return(binding.String(ToUnicode(c.String(0)))) },
}}

// https://url.spec.whatwg.org/#concept-domain-to-ascii with beStrict false: CheckHyphens, UseSTD3ASCIIRules and VerifyDnsLength off,
// CheckBidi and CheckJoiners on, nontransitional.
var profile = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(false),
	idna.CheckHyphens(false),
	idna.CheckJoiners(true),
	idna.BidiRule(),
	idna.VerifyDNSLength(false),
)

// ToASCII is "domain to ASCII"; false for failure.
func ToASCII(domain string) (string, bool) {
	// A label must not be Punycode of nothing, or of text that needs none.
	for label := range strings.SplitSeq(strings.ToLower(domain), ".") {
		if rest, ok := strings.CutPrefix(label, "xn--"); ok && (rest == "" || strings.HasSuffix(rest, "-")) {
			return "", false
		}
	}
	ascii, err := profile.ToASCII(strings.Map(newer, domain))
	if err != nil || ascii == "" {
		return ascii, false
	}
	if strings.Contains(ascii, "xn--xn--") {
		// Nor Punycode of what looks like Punycode.
		unicode, _ := profile.ToUnicode(ascii)
		for label := range strings.SplitSeq(unicode, ".") {
			if strings.HasPrefix(label, "xn--") {
				return ascii, false
			}
		}
	}
	return ascii, true
}

// newer maps what UTS 46 revision 33 maps and the tables of x/net/idna (Unicode 15.0) disallow or map otherwise. -1 drops the rune.
func newer(r rune) rune {
	switch {
	case r < 0x4c0:
		return r
	case r == 0x4c0:
		return 0x4cf
	case r >= 0x10a0 && r <= 0x10c5: // Georgian capitals
		return r - 0x10a0 + 0x2d00
	case r == 0x1e9e: // capital sharp s
		return 0xdf
	case r == 0x2132, r == 0x2183: // turned F, reversed C
		return map[rune]rune{0x2132: 0x214e, 0x2183: 0x2184}[r]
	case r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x180e, r == 0x3164, r == 0xffa0, r >= 0x206a && r <= 0x206f:
		return -1
	case r >= 0x2f868 && r <= 0x2f9bf:
		if to, ok := map[rune]rune{0x2f868: 0x36fc, 0x2f874: 0x5f53, 0x2f91f: 0x243ab, 0x2f95f: 0x7aee, 0x2f9bf: 0x45d7}[r]; ok {
			return to
		}
	}
	return r
}

// ToUnicode is "domain to Unicode"; labels that are not valid stay as they are.
func ToUnicode(domain string) string {
	unicode, err := profile.ToUnicode(domain)
	if err == nil {
		return unicode
	}
	labels := strings.Split(domain, ".")
	for i, label := range labels {
		if u, err := profile.ToUnicode(label); err == nil {
			labels[i] = u
		}
	}
	return strings.Join(labels, ".")
}
