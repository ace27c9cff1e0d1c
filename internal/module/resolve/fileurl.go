package resolve

import (
	"path"
	"runtime"
	"strings"
	"unicode/utf8"
)

const hexDigits = "0123456789ABCDEF"

// unreserved holds the bytes that url.pathToFileURL leaves alone (observed on Node 24).
var unreserved = byteSet("/!$&'()*+,-.:;=@_")

// pathBytes holds those that WHATWG's path percent-encode set leaves alone.
var pathBytes = byteSet("/!$&'()*+,-.:;=@_~[]|%")

func byteSet(extra string) (set [256]bool) {
	for c := 'a'; c <= 'z'; c++ {
		set[c], set[c-'a'+'A'] = true, true
	}
	for c := '0'; c <= '9'; c++ {
		set[c] = true
	}
	for i := range len(extra) {
		set[extra[i]] = true
	}
	return set
}

func percentEncode(s string, keep *[256]bool) string {
	n := 0
	for i := range len(s) {
		if !keep[s[i]] {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+2*n)
	for i := range len(s) {
		if c := s[i]; keep[c] {
			b = append(b, c)
		} else {
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(b)
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// percentDecode is decodeURIComponent: false for a stray % or bytes that are no UTF-8.
func percentDecode(s string) (string, bool) {
	if !strings.Contains(s, "%") {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		if i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0 {
			return "", false
		}
		b = append(b, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
		i += 2
	}
	return string(b), utf8.Valid(b)
}

// PathToFileURL is url.pathToFileURL(file).href: file is made absolute against the working
// directory, and a slash at its end is kept.
func PathToFileURL(file string) string {
	p := absolute("", file)
	if strings.HasSuffix(file, "/") && p != "/" {
		p += "/"
	}
	return "file://" + percentEncode(p, &unreserved)
}

// FileURLToPath is url.fileURLToPath(href). The *Error has Node's code: ERR_INVALID_URL,
// ERR_INVALID_URL_SCHEME, ERR_INVALID_FILE_URL_HOST, ERR_INVALID_FILE_URL_PATH or none (URIError).
func FileURLToPath(href string) (string, error) {
	if p, ok := strings.CutPrefix(href, "file:///"); ok && !strings.ContainsAny(p, "%?#|\\ \t\n\r") && !strings.Contains(p, "/.") && !strings.HasPrefix(p, ".") && !strings.HasPrefix(p, "/") {
		return href[len("file://"):], nil
	}
	scheme, rest := splitScheme(href)
	if scheme == "" {
		return "", &Error{Name: "TypeError", Code: "ERR_INVALID_URL", Message: "Invalid URL", Input: href}
	}
	if scheme != "file" {
		return "", errNotFileURL()
	}
	u, err := parseFileRef(nil, rest)
	if err != nil {
		return "", err
	}
	if strings.Contains(strings.ToLower(u.path), "%2f") {
		return "", &Error{Name: "TypeError", Code: "ERR_INVALID_FILE_URL_PATH", Input: u.href(),
			Message: "File URL path must not include encoded / characters"}
	}
	return u.file()
}

func errNotFileURL() *Error {
	return &Error{Name: "TypeError", Code: "ERR_INVALID_URL_SCHEME", Message: "The URL must be of scheme file"}
}

// fileURL is a parsed file: URL without host. path is percent-encoded and starts with a slash;
// search and hash carry their ? and #.
type fileURL struct {
	path, search, hash string
}

func (u fileURL) href() string { return "file://" + u.path + u.search + u.hash }

// file returns the path on disk.
func (u fileURL) file() (string, error) {
	p, ok := percentDecode(u.path)
	if !ok {
		return "", &Error{Name: "URIError", Message: "URI malformed", Input: u.href()}
	}
	return p, nil
}

// encodedSeparator reports a %2f or %5c in the path.
func (u fileURL) encodedSeparator() bool {
	for i := strings.IndexByte(u.path, '%'); i >= 0 && i+2 < len(u.path); i++ {
		if u.path[i] != '%' {
			continue
		}
		switch u.path[i+1 : i+3] {
		case "2f", "2F", "5c", "5C":
			return true
		}
	}
	return false
}

// splitScheme returns a URL's scheme in lower case and what follows its colon, or "" when s has none.
func splitScheme(s string) (scheme, rest string) {
	s = trimURL(s)
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return strings.ToLower(s[:i]), s[i+1:]
		default:
			return "", s
		}
	}
	return "", s
}

// trimURL drops what the URL parser drops: controls and spaces around, tabs and newlines within.
func trimURL(s string) string {
	s = strings.TrimFunc(s, func(c rune) bool { return c <= ' ' })
	if strings.ContainsAny(s, "\t\n\r") {
		s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	}
	return s
}

// parseFileRef is new URL(ref, base) for a reference without scheme. base nil means the root.
// See https://url.spec.whatwg.org/#url-parsing.
func parseFileRef(base *fileURL, ref string) (fileURL, error) {
	ref = trimURL(ref)
	var u fileURL
	if i := strings.IndexByte(ref, '#'); i >= 0 {
		if i+1 < len(ref) {
			u.hash = "#" + encodeNonASCII(ref[i+1:])
		}
		ref = ref[:i]
	}
	if i := strings.IndexByte(ref, '?'); i >= 0 {
		if i+1 < len(ref) {
			u.search = "?" + encodeNonASCII(ref[i+1:])
		}
		ref = ref[:i]
	}
	if strings.IndexByte(ref, '\\') >= 0 {
		ref = strings.ReplaceAll(ref, `\`, "/")
	}
	if host, ok := strings.CutPrefix(ref, "//"); ok {
		host, ref, _ = strings.Cut(host, "/")
		ref = "/" + ref
		if host != "" && !strings.EqualFold(host, "localhost") {
			system := runtime.GOOS
			return u, &Error{Name: "TypeError", Code: "ERR_INVALID_FILE_URL_HOST",
				Message: `File URL host must be "localhost" or empty on ` + system, Input: "file://" + host + ref}
		}
	}
	switch {
	case strings.HasPrefix(ref, "/"):
	case base == nil:
		ref = "/" + ref
	case ref == "":
		u.path = base.path
		if u.search == "" {
			u.search = base.search
		}
		return u, nil
	default:
		ref = base.path[:strings.LastIndexByte(base.path, '/')+1] + ref
	}
	u.path = removeDots(percentEncode(ref, &pathBytes))
	if p := u.path; len(p) > 2 && p[2] == '|' && p[1]|0x20 >= 'a' && p[1]|0x20 <= 'z' && (len(p) == 3 || p[3] == '/') {
		u.path = p[:2] + ":" + p[3:] // a drive letter, in every file: URL
	}
	return u, nil
}

// encodeNonASCII encodes a query or a fragment.
func encodeNonASCII(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
			plain = false
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// dots says whether a URL path segment is "." (1) or ".." (2), percent-encoded or not.
func dots(segment string) int {
	n := 0
	for segment != "" {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) >= 3 && segment[0] == '%' && segment[1] == '2' && segment[2]|0x20 == 'e':
			segment = segment[3:]
		default:
			return 0
		}
		if n++; n > 2 {
			return 0
		}
	}
	return n
}

// removeDots resolves "." and ".." segments; empty segments stay, as in any URL.
func removeDots(p string) string {
	if !strings.Contains(p, "/.") && !strings.Contains(p, "%2") {
		return p
	}
	var out []string
	segments := strings.Split(p[1:], "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch dots(s) {
		case 0:
			out = append(out, s)
			continue
		case 2:
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}

// importer is the module that asks: url and, for file: URLs, the path on disk.
type importer struct {
	url  string
	file string
}

// fileImporter is an importer known by its path. Its URL is made when a message wants it.
func fileImporter(file string) *importer { return &importer{file: file} }

func urlImporter(href string) *importer {
	b := &importer{url: href}
	if p, err := FileURLToPath(href); err == nil {
		b.file = p
	}
	return b
}

func (b *importer) display() string {
	if b.file != "" {
		return b.file
	}
	return b.url
}

func (b *importer) href() string {
	if b.url == "" {
		return PathToFileURL(b.file)
	}
	return b.url
}

func (b *importer) dir() string { return path.Dir(b.file) }

// location parses the importer's own URL, against which relative specifiers resolve.
func (b *importer) location() fileURL {
	if b.url == "" {
		return fileURL{path: percentEncode(b.file, &unreserved)}
	}
	_, rest := splitScheme(b.url)
	u, err := parseFileRef(nil, rest)
	if err != nil {
		return fileURL{path: percentEncode(b.file, &unreserved)}
	}
	return u
}
