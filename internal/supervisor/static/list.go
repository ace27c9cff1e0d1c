package static

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// escaped is a path as a URL has it.
type escaped struct{ path string }

func (e *escaped) String() string { return (&url.URL{Path: e.path}).EscapedPath() }

type entry struct {
	Name, Link, Changed string
	Size                int64
	Folder              bool
}

// maxEntries is how much of a folder is listed.
const maxEntries = 10_000

const pageHead = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Index of %[1]s</title>
<style>body{font:14px/1.5 system-ui,sans-serif;margin:2em;max-width:60em}table{border-collapse:collapse;width:100%%}td,th{padding:.2em 1em .2em 0;text-align:left}
td:nth-child(2){text-align:right;font-variant-numeric:tabular-nums}</style></head>
<body><h1>Index of %[1]s</h1><table><thead><tr><th>Name</th><th>Size</th><th>Last modified</th></tr></thead><tbody>
`

const pageFoot = "</tbody></table></body></html>\n"

// page is the listing as HTML. It is written by hand: html/template, through reflection, keeps every exported method in the program, 20 MB of them.
func page(where string, entries []entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, html.EscapeString(where))
	row := func(link, name, size, changed string) {
		fmt.Fprintf(&b, "<tr><td><a href=\"%s\">%s</a></td><td>%s</td><td>%s</td></tr>\n", html.EscapeString(link), html.EscapeString(name), size, changed)
	}
	if where != "/" {
		row("../", "../", "", "")
	}
	for _, e := range entries {
		size := ""
		if !e.Folder {
			size = strconv.FormatInt(e.Size, 10)
		}
		row(e.Link, e.Name, size, e.Changed)
	}
	b.WriteString(pageFoot)
	return b.String()
}

// list shows what a folder holds.
func list(w http.ResponseWriter, r *http.Request, dir *os.File, name string) {
	files, err := dir.ReadDir(maxEntries)
	if err != nil && len(files) == 0 {
		files = nil
	}
	var entries []entry
	for _, f := range files {
		info, err := f.Info()
		if err != nil || isHidden("/"+f.Name()) || !info.IsDir() && !info.Mode().IsRegular() {
			continue
		}
		e := entry{Name: f.Name(), Size: info.Size(), Folder: info.IsDir(), Changed: info.ModTime().UTC().Format(time.DateTime)}
		if e.Folder {
			e.Name += "/"
		}
		e.Link = "./" + (&escaped{e.Name}).String()
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
	where := path.Clean("/" + name)
	if where != "/" {
		where += "/"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Method == http.MethodHead {
		return
	}
	_, _ = io.WriteString(w, page(where, entries))
}
