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
	ascii, err := profile.ToASCII(domain)
	return ascii, err == nil && ascii != ""
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
