package static

import (
	"html/template"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
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

var page = template.Must(template.New("list").Parse(`<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Index of {{.Path}}</title>
<style>body{font:14px/1.5 system-ui,sans-serif;margin:2em;max-width:60em}table{border-collapse:collapse;width:100%}td,th{padding:.2em 1em .2em 0;text-align:left}
td:nth-child(2){text-align:right;font-variant-numeric:tabular-nums}</style></head>
<body><h1>Index of {{.Path}}</h1><table><thead><tr><th>Name</th><th>Size</th><th>Last modified</th></tr></thead><tbody>
{{if ne .Path "/"}}<tr><td><a href="../">../</a></td><td></td><td></td></tr>
{{end}}{{range .Entries}}<tr><td><a href="{{.Link}}">{{.Name}}</a></td><td>{{if not .Folder}}{{.Size}}{{end}}</td><td>{{.Changed}}</td></tr>
{{end}}</tbody></table></body></html>
`))

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
	_ = page.Execute(w, map[string]any{"Path": where, "Entries": entries})
}
