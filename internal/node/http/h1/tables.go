package h1

// Method is a request method: an index into Methods.
type Method uint8

// Methods are the methods that are understood, in the order in which they are numbered.
var Methods = [...]string{
	"DELETE", "GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE", "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH",
	"UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE", "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE",
	"PATCH", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE", "QUERY",
	// Of other protocols that share the syntax.
	"PRI", "DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER", "REDIRECT", "RECORD", "FLUSH",
}

const (
	methodGet     Method = 1
	methodHead    Method = 2
	methodPost    Method = 3
	methodConnect Method = 5
	methodOptions Method = 6
	methodSource  Method = 33
	methodPRI     Method = 35
)

// String is the method's name.
func (m Method) String() string { return Methods[m] }

func (m Method) allowedHTTP() bool { return m <= methodPRI }

func (m Method) allowedRTSP() bool {
	return m > methodPRI || m == methodOptions || m == methodGet || m == methodPost
}

var methodByName = func() map[string]Method {
	out := make(map[string]Method, len(Methods))
	for i, name := range Methods {
		out[name] = Method(i)
	}
	return out
}()

func lookupMethod(b []byte) (Method, bool) {
	switch string(b) { // the common ones without hashing
	case "GET":
		return methodGet, true
	case "POST":
		return methodPost, true
	}
	m, ok := methodByName[string(b)]
	return m, ok
}

// methodPrefix is how many bytes of word begin some method, and the length of the longest method that word begins with.
func methodPrefix(word []byte) (longest, whole int) {
	for _, name := range Methods {
		n := 0
		for n < len(word) && n < len(name) && word[n] == name[n] {
			n++
		}
		longest = max(longest, n)
		if n == len(name) {
			whole = max(whole, n)
		}
	}
	return longest, whole
}

var (
	isToken     = set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	isAuthority = set("-._~:@[]%!$&'()*+,;=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	isValue     = func() (t [256]bool) { // RFC 9110, 5.5: field-content
		for c := 0x20; c < 256; c++ {
			t[c] = c != 0x7F
		}
		t['\t'] = true
		return t
	}()
	unhex = func() (t [256]int8) {
		for c := range t {
			switch {
			case c >= '0' && c <= '9':
				t[c] = int8(c - '0')
			case c >= 'a' && c <= 'f':
				t[c] = int8(c - 'a' + 10)
			case c >= 'A' && c <= 'F':
				t[c] = int8(c - 'A' + 10)
			default:
				t[c] = -1
			}
		}
		return t
	}()
)

func set(chars string) (t [256]bool) {
	for i := range len(chars) {
		t[chars[i]] = true
	}
	return t
}
