package crypto

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"net"
	"slices"
	"strings"

	"roost/internal/binding"
)

// Short names of attributes (RFC 4519 and OpenSSL's own).
var attributeNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "street",
	"2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.13": "description", "2.5.4.15": "businessCategory",
	"2.5.4.17": "postalCode", "2.5.4.41": "name", "2.5.4.42": "GN", "2.5.4.43": "initials", "2.5.4.44": "generationQualifier",
	"2.5.4.45": "x500UniqueIdentifier", "2.5.4.46": "dnQualifier", "2.5.4.65": "pseudonym", "2.5.4.97": "organizationIdentifier",
	"1.2.840.113549.1.9.1": "emailAddress", "1.2.840.113549.1.9.2": "unstructuredName", "0.9.2342.19200300.100.1.25": "DC",
	"0.9.2342.19200300.100.1.1": "UID", "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL", "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
	"1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}

type attribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

// attributesOf reads a name: attributes by RDN.
func attributesOf(raw []byte) [][]attribute {
	var sets []asn1.RawValue
	if _, err := asn1.Unmarshal(raw, &sets); err != nil {
		return nil
	}
	var out [][]attribute
	for _, s := range sets {
		var rdn []attribute
		for rest := s.Bytes; len(rest) > 0; {
			var a attribute
			var err error
			if rest, err = asn1.Unmarshal(rest, &a); err != nil {
				break
			}
			rdn = append(rdn, a)
		}
		out = append(out, rdn)
	}
	return out
}

func (a *attribute) name() string {
	oid := a.Type.String()
	if n, ok := attributeNames[oid]; ok {
		return n
	}
	return oid
}

func (a *attribute) text() string {
	b := a.Value.Bytes
	switch a.Value.Tag {
	case asn1.TagBMPString:
		var sb strings.Builder
		for i := 0; i+1 < len(b); i += 2 {
			sb.WriteRune(rune(b[i])<<8 | rune(b[i+1]))
		}
		return sb.String()
	case asn1.TagT61String:
		var sb strings.Builder
		for _, x := range b {
			sb.WriteRune(rune(x))
		}
		return sb.String()
	}
	return string(b)
}

// escaped is RFC 2253's escaping, with control characters in hexadecimal.
func escaped(s string) string {
	return escapedName(s, func(r rune) bool { return r < 0x20 || r == 0x7F })
}

func escaped2253(s string) string { return escapedName(s, func(rune) bool { return false }) }

func escapedName(s string, inHex func(rune) bool) string {
	var sb strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune(`,+"\<>;`, r), r == '#' && i == 0, r == ' ' && (i == 0 || i == len(s)-1):
			sb.WriteByte('\\')
			sb.WriteRune(r)
		case inHex(r):
			fmt.Fprintf(&sb, "\\%02X", r)
		default:
			sb.WriteRune(r)
		}
	}
	return sb.String()
}

func nameText(raw []byte) binding.Result {
	var lines []string
	for _, rdn := range attributesOf(raw) {
		var parts []string
		for i := range rdn {
			parts = append(parts, rdn[i].name()+"="+escaped(rdn[i].text()))
		}
		lines = append(lines, strings.Join(parts, " + "))
	}
	if lines == nil {
		return binding.Undefined
	}
	return binding.String(strings.Join(lines, "\n"))
}

// namePairs is flat: name, value, name, value.
func namePairs(raw []byte) binding.Result {
	var out []string
	for _, rdn := range attributesOf(raw) {
		for i := range rdn {
			out = append(out, rdn[i].name(), rdn[i].text())
		}
	}
	return binding.Strings(out)
}

// quoted protects a name that could be taken for more than one: it becomes a JSON string, where a comma is escaped too. A reader that
// splits the text at commas finds nothing inside.
func quoted(prefix, s string) string {
	if !strings.ContainsFunc(s, unsafeInName) {
		return prefix + s
	}
	var b strings.Builder
	b.WriteString(prefix)
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == ',' || r < ' ' || r == 0x7F:
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func unsafeInName(r rune) bool {
	return r == '"' || r == '\\' || r == ',' || r == '\'' || r < ' ' || r >= 0x7F
}

// quotedBytes is quoted of an IA5String, whose other bytes count as Latin-1 and are escaped.
func quotedBytes(prefix string, s []byte) string {
	var latin []rune
	for _, b := range s {
		latin = append(latin, rune(b))
	}
	text := quoted(prefix, string(latin))
	var out strings.Builder
	for _, r := range text {
		if r > 0x7F {
			fmt.Fprintf(&out, "\\u%04x", r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

var (
	oidSAN        = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidInfoAccess = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	oidEKU        = asn1.ObjectIdentifier{2, 5, 29, 37}
)

func extension(cert *x509.Certificate, oid asn1.ObjectIdentifier) []byte {
	for _, e := range cert.Extensions {
		if e.Id.Equal(oid) {
			return e.Value
		}
	}
	return nil
}

// otherNames are the kinds of otherName that OpenSSL prints.
var otherNames = map[string]struct {
	name string
	tag  int
}{
	"1.3.6.1.5.5.7.8.5": {"XmppAddr", asn1.TagUTF8String}, "1.3.6.1.5.5.7.8.7": {"SRVName", asn1.TagIA5String},
	"1.3.6.1.5.5.7.8.8": {"NAIRealm", asn1.TagUTF8String}, "1.3.6.1.4.1.311.20.2.3": {"UPN", asn1.TagUTF8String},
}

func otherName(der []byte) string {
	var other struct {
		Type  asn1.ObjectIdentifier
		Value asn1.RawValue `asn1:"tag:0"`
	}
	var value asn1.RawValue
	if _, err := asn1.UnmarshalWithParams(der, &other, "tag:0"); err == nil {
		_, err = asn1.Unmarshal(other.Value.Bytes, &value)
		if kind, known := otherNames[other.Type.String()]; err == nil && known && value.Class == asn1.ClassUniversal && value.Tag == kind.tag {
			if kind.tag == asn1.TagIA5String {
				return quotedBytes("othername:", append([]byte(kind.name+":"), value.Bytes...))
			}
			return quoted("othername:", kind.name+":"+string(value.Bytes))
		}
	}
	return "othername:<unsupported>"
}

// directoryName is RFC 2253's form, the last RDN first; control characters stay, for quoted.
func directoryName(der []byte) string {
	var rdns []string
	for _, rdn := range attributesOf(der) {
		var parts []string
		for i := range rdn {
			parts = append(parts, rdn[i].name()+"="+escaped2253(rdn[i].text()))
		}
		rdns = append(rdns, strings.Join(parts, "+"))
	}
	slices.Reverse(rdns)
	return strings.Join(rdns, ",")
}

func generalName(v asn1.RawValue) string {
	switch v.Tag {
	case 0:
		return otherName(v.FullBytes)
	case 1:
		return quotedBytes("email:", v.Bytes)
	case 2:
		return quotedBytes("DNS:", v.Bytes)
	case 3:
		return "X400Name:<unsupported>"
	case 4:
		return quoted("DirName:", directoryName(v.Bytes))
	case 5:
		return "EdiPartyName:<unsupported>"
	case 6:
		return quotedBytes("URI:", v.Bytes)
	case 7:
		return addressName(v.Bytes)
	case 8:
		var oid asn1.ObjectIdentifier
		if _, err := asn1.UnmarshalWithParams(v.FullBytes, &oid, "tag:8"); err == nil {
			return "Registered ID:" + oid.String()
		}
	}
	return "<unsupported>"
}

func addressName(b []byte) string {
	switch len(b) {
	case 4:
		return "IP Address:" + net.IP(b).String()
	case 16:
		var parts []string
		for i := 0; i < 16; i += 2 {
			parts = append(parts, fmt.Sprintf("%X", int(b[i])<<8|int(b[i+1])))
		}
		return "IP Address:" + strings.Join(parts, ":")
	}
	return fmt.Sprintf("IP Address:<invalid length=%d>", len(b))
}

// parseNames reads GeneralNames.
func parseNames(der []byte) ([]asn1.RawValue, error) {
	var names []asn1.RawValue
	_, err := asn1.Unmarshal(der, &names)
	return names, err
}

func alternativeNames(cert *x509.Certificate) binding.Result {
	raw := extension(cert, oidSAN)
	if raw == nil {
		return binding.Undefined
	}
	names, err := parseNames(raw)
	if err != nil {
		return binding.Undefined
	}
	var out []string
	for _, n := range names {
		out = append(out, generalName(n))
	}
	return binding.String(strings.Join(out, ", "))
}

var accessMethods = map[string]string{
	"1.3.6.1.5.5.7.48.1": "OCSP", "1.3.6.1.5.5.7.48.2": "CA Issuers", "1.3.6.1.5.5.7.48.3": "AD Time Stamping", "1.3.6.1.5.5.7.48.4": "ad dvcs",
	"1.3.6.1.5.5.7.48.5": "CA Repository",
}

func infoAccess(cert *x509.Certificate) binding.Result {
	raw := extension(cert, oidInfoAccess)
	if raw == nil {
		return binding.Undefined
	}
	var list []struct {
		Method   asn1.ObjectIdentifier
		Location asn1.RawValue
	}
	if _, err := asn1.Unmarshal(raw, &list); err != nil {
		return binding.Undefined
	}
	var out []string
	for _, d := range list {
		method := d.Method.String()
		if known := accessMethods[method]; known != "" {
			method = known
		}
		out = append(out, method+" - "+generalName(d.Location))
	}
	return binding.String(strings.Join(out, "\n"))
}
