package static

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func folder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"out.txt": "outside", "www/index.html": "home", "www/a.css": "a{}", "www/.env": "secret", "www/.well-known/x": "known",
		"www/sub/index.html": "sub", "www/list/a b<c>.txt": "x", "www/b.bin": "0123456789", "www/.git/config": "secret"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../out.txt", filepath.Join(dir, "www/link.txt")); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "www")
}

func ask(s *Server, path string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/", nil)
	r.URL.Path = path
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestFiles(t *testing.T) {
	s, err := New(Options{Dir: folder(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		path     string
		status   int
		body     string
		kind, to string
	}{
		{path: "/", status: 200, body: "home", kind: "text/html; charset=utf-8"},
		{path: "/a.css", status: 200, body: "a{}", kind: "text/css; charset=utf-8"},
		{path: "/b.bin", status: 200, body: "0123456789"},
		{path: "/sub", status: 301, to: "/sub/"},
		{path: "//sub", status: 301, to: "/sub/"},
		{path: "/sub/", status: 200, body: "sub"},
		{path: "/a.css/", status: 404},
		{path: "/none", status: 404},
		{path: "/list/", status: 404},
		{path: "/.env", status: 404},
		{path: "/.git/config", status: 404},
		{path: "/.well-known/x", status: 200, body: "known"},
		{path: "/../out.txt", status: 404},
		{path: "/sub/../../out.txt", status: 404},
		{path: "/..\\out.txt", status: 404},
		{path: "/link.txt", status: 404},
		{path: "/a.css\x00", status: 404},
	} {
		w := ask(s, c.path, nil)
		if w.Code != c.status || c.body != "" && w.Body.String() != c.body || c.kind != "" && w.Header().Get("Content-Type") != c.kind || w.Header().Get("Location") != c.to {
			t.Errorf("%q: %d %q %v", c.path, w.Code, w.Body, w.Header())
		}
	}
	if w := ask(s, "/a.css", func(r *http.Request) { r.Method = "POST" }); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Error(w.Code)
	}
	if w := ask(s, "/b.bin", func(r *http.Request) { r.Header.Set("Range", "bytes=2-4") }); w.Code != 206 || w.Body.String() != "234" {
		t.Error(w.Code, w.Body)
	}
	if w := ask(s, "/b.bin", func(r *http.Request) { r.Header.Set("Range", "bytes=20-") }); w.Code != 416 {
		t.Error(w.Code)
	}
	tag := ask(s, "/b.bin", nil).Header().Get("ETag")
	if w := ask(s, "/b.bin", func(r *http.Request) { r.Header.Set("If-None-Match", tag) }); w.Code != 304 || w.Body.Len() != 0 || tag == "" {
		t.Error(w.Code, tag)
	}
	if w := ask(s, "/b.bin", func(r *http.Request) { r.Method = "HEAD" }); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") != "10" {
		t.Error(w.Code, w.Header())
	}
}

func TestOptions(t *testing.T) {
	dir := folder(t)
	spa, _ := New(Options{Dir: dir, SPA: true})
	defer spa.Close()
	if w := ask(spa, "/some/where", nil); w.Code != 200 || w.Body.String() != "home" {
		t.Error(w.Code, w.Body)
	}
	if w := ask(spa, "/a.css", nil); w.Body.String() != "a{}" {
		t.Error(w.Body)
	}
	listing, _ := New(Options{Dir: dir, Listing: true})
	defer listing.Close()
	if w := ask(listing, "/list/", nil); w.Code != 200 || !strings.Contains(w.Body.String(), `href="./a%20b%3Cc%3E.txt">a b&lt;c&gt;.txt<`) {
		t.Error(w.Code, w.Body)
	}
	locked, _ := New(Options{Dir: dir, User: "bob", Password: "pw"})
	defer locked.Close()
	for _, c := range []struct {
		user, password string
		status         int
	}{{"", "", 401}, {"bob", "", 401}, {"bob", "pw2", 401}, {"pw", "bob", 401}, {"bob", "pw", 200}} {
		w := ask(locked, "/", func(r *http.Request) {
			if c.user != "" {
				r.SetBasicAuth(c.user, c.password)
			}
		})
		if w.Code != c.status || w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%v: %d", c, w.Code)
		}
	}
	if _, err := New(Options{Dir: filepath.Join(dir, "none")}); err == nil || !strings.Contains(Explain(err, "none").Error(), "there is no folder none") {
		t.Error(err)
	}
}

// Whatever is asked for, what lies outside and what is hidden never comes.
func FuzzPath(f *testing.F) {
	dir := folder(f)
	s, err := New(Options{Dir: dir, Listing: true})
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range []string{"/", "/../out.txt", "//..//out.txt", "/.env", "/sub/..", "/link.txt", "/%2e%2e/", "/a.css/../.git/config"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, path string) {
		w := ask(s, path, nil)
		if body := w.Body.String(); strings.Contains(body, "outside") || strings.Contains(body, "secret") {
			t.Errorf("%q: %s", path, body)
		}
	})
}
