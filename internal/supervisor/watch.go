package supervisor

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"roost/internal/supervisor/ecosystem"
)

// watchFiles calls changed when files of an application have changed and then nothing has for its watch_delay, until ctx ends.
func watchFiles(ctx context.Context, app ecosystem.App, changed func(path string)) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	ignore := newIgnored(app)
	for _, path := range app.Watch {
		if err := addTree(w, path, ignore); err != nil {
			_ = w.Close()
			return err
		}
	}
	go func() {
		defer w.Close()
		var last string
		var quiet <-chan time.Time
		for {
			select {
			case <-ctx.Done():
				return
			case e, ok := <-w.Events:
				if !ok {
					return
				}
				if e.Op == fsnotify.Chmod || ignore.matches(e.Name) {
					continue
				}
				if e.Has(fsnotify.Create) {
					_ = addTree(w, e.Name, ignore)
				}
				last = e.Name
				quiet = time.After(time.Duration(app.WatchDelay) * time.Millisecond)
			case <-w.Errors: // events were lost: something has changed
				quiet = time.After(time.Duration(app.WatchDelay) * time.Millisecond)
			case <-quiet:
				quiet = nil
				changed(last)
			}
		}
	}()
	return nil
}

// addTree watches a file, or a folder with all below it.
func addTree(w *fsnotify.Watcher, root string, ignore ignored) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if path == root && !os.IsNotExist(err) {
				return err
			}
			return nil
		case path != root && e.IsDir() && ignore.matches(path):
			return fs.SkipDir
		case e.IsDir() || path == root:
			return w.Add(path)
		}
		return nil
	})
}

// ignored decides which changes don't count.
type ignored struct {
	roots   []string
	entries []string
	logs    []string
}

func newIgnored(app ecosystem.App) ignored {
	return ignored{roots: app.Watch, entries: app.Ignore, logs: []string{app.OutFile, app.ErrorFile, app.LogFile, app.PidFile}}
}

// matches: without ignore_watch, hidden files and node_modules. An entry is a regular expression of the file, a pattern, or a path and all
// below it; patterns are tried on the path relative to what is watched and on each of its parts.
func (g ignored) matches(path string) bool {
	for _, l := range g.logs {
		if l != "" && strings.HasPrefix(path, strings.TrimSuffix(l, filepath.Ext(l))) {
			return true // what the program prints doesn't restart it
		}
	}
	relative := path
	for _, root := range g.roots {
		if r, err := filepath.Rel(root, path); err == nil && !strings.HasPrefix(r, "..") {
			relative = r
			break
		}
	}
	parts := strings.Split(relative, string(filepath.Separator))
	if len(g.entries) == 0 {
		for _, p := range parts {
			if p == "node_modules" || strings.HasPrefix(p, ".") && p != "." {
				return true
			}
		}
		return false
	}
	for _, e := range g.entries {
		if matchesEntry(e, path, relative, parts) {
			return true
		}
	}
	return false
}

func matchesEntry(entry, path, relative string, parts []string) bool {
	if re, ok := ecosystem.IgnoreRegexp(entry); ok {
		return re.MatchString(path)
	}
	entry = strings.TrimSuffix(strings.TrimPrefix(entry, "./"), "/")
	entry = strings.TrimSuffix(strings.TrimPrefix(entry, "**/"), "/**")
	entry = strings.TrimSuffix(entry, "/*")
	if entry == "" {
		return false
	}
	if relative == entry || strings.HasPrefix(relative, entry+"/") || path == entry || strings.HasPrefix(path, entry+"/") {
		return true
	}
	if ok, _ := filepath.Match(entry, relative); ok {
		return true
	}
	for _, p := range parts {
		if ok, _ := filepath.Match(entry, p); ok {
			return true
		}
	}
	return false
}
