package dashboard

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// guard lets through who knows the token and comes from the page itself.
//
// The token is in the address that `roost web` prints; it is changed into a cookie at once, so that it doesn't stay in the browser's history. A page of
// another site can reach a loopback address through the user's browser, in three ways, and each is closed: by a name of its own that it lets point
// here (DNS rebinding) - only addresses and localhost are taken as Host; by a form or fetch that sends the cookie along (CSRF) - the cookie is
// SameSite=Strict, and what changes something needs our Origin, which pages of other ports of this machine don't have; by a frame around the page
// (clickjacking) - it can't be framed.
type guard struct {
	token   string
	session string // the cookie's value: others on this machine that see it don't learn the token
	cookie  string // its name, with the port: browsers give a cookie to all ports of a host
	host    string // as it was asked for
	address netip.Addr
}

func newToken() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func newGuard(token, host string, at *net.TCPAddr) *guard {
	m := hmac.New(sha256.New, []byte(token))
	m.Write([]byte("roost web session"))
	address, _ := netip.AddrFromSlice(at.IP)
	return &guard{token: token, session: base64.RawURLEncoding.EncodeToString(m.Sum(nil)), cookie: fmt.Sprintf("roost-%d", at.Port), host: host, address: address.Unmap()}
}

// policy allows what the page's own files do, and nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func (g *guard) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !g.knowsHost(r.Host):
			http.Error(w, "this is not a name of the dashboard", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead && !g.isOwnOrigin(r):
			http.Error(w, "this came from another page", http.StatusForbidden)
		case strings.HasPrefix(r.URL.Path, "/ui/"): // no secrets are in it, and the page that asks for the token needs it
			next.ServeHTTP(w, r)
		case r.URL.Path == "/" && r.URL.Query().Has("token"):
			g.enter(w, r, r.URL.Query().Get("token"))
		case r.URL.Path == "/login" && r.Method == http.MethodPost:
			r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
			g.enter(w, r, r.PostFormValue("token"))
		case !g.isKnown(r):
			g.refuse(w, r)
		case strings.HasPrefix(r.URL.Path, "/api/") && !isOwnFetch(r):
			http.Error(w, "this came from another page", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// knowsHost takes addresses, since no name that somebody else owns stands for them, localhost, and the name that --host gave.
func (g *guard) knowsHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if a, err := netip.ParseAddr(host); err == nil {
		return !g.address.IsLoopback() || a.Unmap().IsLoopback()
	}
	return host == "localhost" || host == strings.ToLower(g.host) && host != ""
}

func (g *guard) isOwnOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && u.Scheme == "http" && strings.EqualFold(u.Host, r.Host) && isOwnFetch(r)
}

// isOwnFetch tells what a browser says of who asks. Programs that aren't browsers say nothing.
func isOwnFetch(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "same-origin" || site == "none"
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (g *guard) isKnown(r *http.Request) bool {
	c, err := r.Cookie(g.cookie)
	return err == nil && equal(c.Value, g.session)
}

func (g *guard) enter(w http.ResponseWriter, r *http.Request, token string) {
	if !equal(token, g.token) {
		time.Sleep(300 * time.Millisecond) // guessing shall not be fast
		g.refuse(w, r)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: g.cookie, Value: g.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: 30 * 24 * 3600})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (g *guard) refuse(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		http.Error(w, "the token is missing", http.StatusUnauthorized)
		return
	}
	page, _ := ui.ReadFile("ui/login.html")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = w.Write(page)
}
