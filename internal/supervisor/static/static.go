// Package static is the web server of `roost serve`: the files of one folder, over HTTP.
//
// Nothing outside of the folder can be reached: paths are cleaned, and links that lead out of it are not followed (os.Root). Names that begin with
// a dot are not there, but for /.well-known/. It imports nothing of this module.
package static

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
)

// Options say what is served and how.
type Options struct {
	Dir      string
	SPA      bool   // paths that aren't there are the home page's to answer
	Homepage string // of SPA; "": index.html
	Listing  bool   // folders without index.html list what they hold
	User     string // of basic authentication; "": none is asked for
	Password string
}

// Server is an http.Handler.
type Server struct {
	options Options
	root    *os.Root
}

// New opens the folder.
func New(o Options) (*Server, error) {
	root, err := os.OpenRoot(o.Dir)
	if err != nil {
		return nil, err
	}
	if o.Homepage == "" {
		o.Homepage = "index.html"
	}
	o.Homepage = strings.TrimPrefix(path.Clean("/"+o.Homepage), "/")
	return &Server{o, root}, nil
}

// Close closes the folder.
func (s *Server) Close() error { return s.root.Close() }

// ServeHTTP answers GET and HEAD.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if !s.isAllowed(r) {
		h.Set("WWW-Authenticate", `Basic realm="Authentication service"`)
		text(w, http.StatusUnauthorized, "401 Unauthorized")
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		text(w, http.StatusMethodNotAllowed, "405 Method Not Allowed")
		return
	}
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET")
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.ContainsAny(r.URL.Path, "\x00\\") {
		s.missing(w, r)
		return
	}
	s.serve(w, r, path.Clean("/"+r.URL.Path))
}

// isAllowed compares in constant time, whatever is wrong.
func (s *Server) isAllowed(r *http.Request) bool {
	if s.options.User == "" && s.options.Password == "" {
		return true
	}
	user, password, _ := r.BasicAuth()
	return same(user, s.options.User)&same(password, s.options.Password) == 1
}

func same(a, b string) int {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:])
}

// serve answers with a file, or a folder's. where is clean and begins with a slash.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, where string) {
	if isHidden(where) {
		s.missing(w, r)
		return
	}
	name := strings.TrimPrefix(where, "/")
	if name == "" {
		name = "."
	}
	f, info, err := s.open(name)
	if err != nil {
		s.missing(w, r)
		return
	}
	defer f.Close()
	asFolder := strings.HasSuffix(r.URL.Path, "/")
	switch {
	case !info.IsDir() && asFolder:
		s.missing(w, r)
	case !info.IsDir():
		content(w, r, f, info, http.StatusOK)
	case !asFolder:
		redirect(w, r, where+"/")
	default:
		s.folder(w, r, f, name)
	}
}

// open opens a file or a folder: nothing else, and it never waits (a named pipe would).
func (s *Server) open(name string) (*os.File, fs.FileInfo, error) {
	info, err := s.root.Stat(name)
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := s.root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

func (s *Server) folder(w http.ResponseWriter, r *http.Request, dir *os.File, name string) {
	index, info, err := s.open(path.Join(name, "index.html"))
	switch {
	case err == nil && !info.IsDir():
		defer index.Close()
		content(w, r, index, info, http.StatusOK)
	case err == nil:
		_ = index.Close()
		s.missing(w, r)
	case s.options.Listing:
		list(w, r, dir, name)
	default:
		s.missing(w, r)
	}
}

// missing answers with the home page, 404.html, or a few words.
func (s *Server) missing(w http.ResponseWriter, r *http.Request) {
	page, status := "404.html", http.StatusNotFound
	if s.options.SPA {
		page, status = s.options.Homepage, http.StatusOK
	}
	f, info, err := s.open(page)
	if err != nil || info.IsDir() {
		if err == nil {
			_ = f.Close()
		}
		text(w, http.StatusNotFound, "404 Not Found")
		return
	}
	defer f.Close()
	content(w, r, f, info, status)
}

// content sends a file: all of it, the ranges that were asked for, or the news that the client has it.
func content(w http.ResponseWriter, r *http.Request, f *os.File, info fs.FileInfo, status int) {
	h := w.Header()
	h.Set("Content-Type", typeOf(info.Name()))
	if status == http.StatusOK {
		h.Set("ETag", tag(info))
		http.ServeContent(w, r, "", info.ModTime(), f)
		return
	}
	h.Set("Content-Length", fmt.Sprint(info.Size()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.CopyN(w, f, info.Size())
	}
}

// tag names a version of a file.
func tag(info fs.FileInfo) string {
	return fmt.Sprintf(`"%x-%x"`, info.Size(), info.ModTime().UnixNano())
}

// redirect stays on this host: a path that begins with two slashes would name another.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	to = "/" + strings.TrimLeft((&escaped{to}).String(), "/")
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Location", to)
	text(w, http.StatusMovedPermanently, "301 Moved Permanently")
}

func isHidden(where string) bool {
	for _, part := range strings.Split(where, "/") {
		if strings.HasPrefix(part, ".") && part != ".well-known" {
			return true
		}
	}
	return false
}

func text(w http.ResponseWriter, status int, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", fmt.Sprint(len(s)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, s)
}

// Errors of New that a user can do something about.
func Explain(err error, dir string) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s", dir)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the folder %s can't be read", dir)
	}
	return err
}
