package source

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"roost/internal/binding"
	"roost/internal/codecache"
	"roost/internal/engine"
	"roost/internal/loop"
	"roost/internal/module/typescript"
)

// place is where the compiled code of one source is found and put: a record of the pack, or a file of the directory that was asked for.
type place interface {
	Data() []byte                // the code; nil when there is none
	Compiled(rejected bool) bool // the source was compiled; whether its code is to be stored
	Store(code []byte)
}

// packed is a place in the pack.
type packed struct {
	pack *codecache.Pack
	name string
	tag  uint64
	data []byte
}

func (p *packed) Data() []byte                { return p.data }
func (p *packed) Compiled(rejected bool) bool { return p.pack != nil && (p.data == nil || rejected) }
func (p *packed) Store(code []byte)           { p.pack.Put(p.name, p.tag, code) }

// fresh is compiled code that is to be stored, as it will be then: with the functions that have run.
type fresh struct {
	size   int // of its text
	place  place
	fn     *engine.Persistent
	module int
}

// place finds the code of a file. name is what V8 and the log call it.
func (l *Loader) place(kind codecache.Kind, f *File, name string) place {
	if l.directory != nil {
		return l.directory.Lookup(kind, name, f.Path, f.Text)
	}
	key := f.Path
	if kind == codecache.ESModule {
		key = "esm:" + key
	}
	return &packed{pack: l.pack, name: key, tag: f.Tag, data: l.pack.Get(key, f.Tag)}
}

// CompileFunction compiles a CommonJS file as a function of the wrapper's parameters, with its code cache.
func (l *Loader) CompileFunction(f *File, params []string) (engine.Value, error) {
	i, p := l.isolate, l.place(codecache.CommonJS, f, f.Path)
	text, err := i.Source(f.Text)
	if err != nil {
		return engine.Value{}, err
	}
	fn, rejected, err := i.CompileFunction(text, i.String(f.Path), params, p.Data(), engine.Value{})
	if err != nil {
		return engine.Value{}, err
	}
	if p.Compiled(rejected) {
		l.fresh = append(l.fresh, fresh{place: p, size: len(f.Text), fn: i.Keep(fn)})
	}
	return fn, nil
}

// CompileModule compiles an ES module under its URL, with its code cache.
func (l *Loader) CompileModule(f *File, url string) (engine.Module, error) {
	i, p := l.isolate, l.place(codecache.ESModule, f, url)
	text, err := i.Source(f.Text)
	if err != nil {
		return engine.Module{}, err
	}
	m, rejected, err := i.CompileModule(text, i.String(url), p.Data())
	if err != nil {
		return engine.Module{}, err
	}
	if p.Compiled(rejected) {
		l.fresh = append(l.fresh, fresh{place: p, size: len(f.Text), module: m.ID()})
	}
	return m, nil
}

// Below this number of files and amount of text a pack costs more than it gives: a bundle is one file, and worth it. A directory was asked for,
// so it gets everything.
const (
	worthSaving     = 8
	worthSavingText = 256 << 10
)

func (l *Loader) worthSaving() bool {
	if len(l.fresh) >= worthSaving {
		return true
	}
	text := l.parsed
	for _, f := range l.fresh {
		text += f.size
	}
	return text >= worthSavingText
}

// CodeToSave tells whether SaveCache would store something.
func (l *Loader) CodeToSave() bool {
	return (l.pack != nil || l.directory != nil) && (len(l.fresh) > 0 || l.parsed > 0) && (l.directory != nil || l.worthSaving())
}

// SaveCache stores the code of what was compiled without one. end is whether the program ends, so that the log can say what was not stored.
func (l *Loader) SaveCache(end bool) {
	if l.directory != nil || l.worthSaving() {
		l.store()
	}
	if end && l.directory != nil {
		l.logTranspiledAtEnd()
		l.directory.Skipped()
		l.directory.Logf("Clear deserialized cache.")
	}
}

func (l *Loader) store() {
	scope := l.isolate.Scope()
	defer scope.Close()
	for _, f := range l.fresh {
		if f.fn != nil {
			f.place.Store(l.isolate.FunctionCache(f.fn.Value()))
			f.fn.Release()
		} else {
			f.place.Store(l.isolate.ModuleByID(f.module).Cache())
		}
	}
	l.fresh, l.parsed = nil, 0
	l.pack.Save()
}

// NoCache compiles everything from source from now on: compiled code of earlier runs doesn't count how often its blocks run.
func (l *Loader) NoCache() {
	for _, f := range l.fresh {
		if f.fn != nil {
			f.fn.Release()
		}
	}
	l.fresh, l.pack = nil, nil
}

// Flush stores what was compiled up to now: module.flushCompileCache().
func (l *Loader) Flush() {
	if l.directory == nil {
		return
	}
	l.directory.Logf("module.flushCompileCache() requested.")
	l.store()
	l.directory.Logf("module.flushCompileCache() finished.")
}

// UseDirectory keeps the code of everything that is compiled from now on in a folder below base. log is whether what happens is written to
// the standard error stream (NODE_DEBUG_NATIVE=COMPILE_CACHE).
func (l *Loader) UseDirectory(base, nodeVersion string, portable, log bool) error {
	var logf func(format string, args ...any)
	if log {
		logf = logCache
	}
	version := fmt.Sprintf("%s-roost-%08x-%d", nodeVersion, engine.CacheVersion(), os.Getuid())
	d, err := codecache.OpenDirectory(base, version, portable, logf)
	if err != nil {
		return err
	}
	l.directory = d
	l.compiler.KeepIn(d.Path())
	return nil
}

// Directory is the folder of compiled code that was asked for; "" when there is none.
func (l *Loader) Directory() string {
	if l.directory == nil {
		return ""
	}
	return l.directory.Path()
}

// logCache writes one line of the log at once: processes share the stream.
func logCache(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "[compile cache] "+format+"\n", args...)
}

// The TypeScript compiler keeps a program's text in one file, which lies in the directory too. The log tells of it by source.

func (l *Loader) logTranspiled(path string, out *typescript.Output) {
	if l.directory == nil || l.compiled[path] != nil {
		return
	}
	kind := l.transform
	if out.Stored {
		l.directory.Logf("reading cache from %s for %s %s... success, size=%d", l.compiler.CacheFile(), kind, path, len(out.JS))
		l.directory.Logf("retrieving transpile cache for %s %s...success", kind, path)
		return
	}
	l.directory.Logf("no transpile cache for %s %s", kind, path)
	l.directory.Logf("saving transpilation cache for %s %s", kind, path)
}

func (l *Loader) logTranspiledAtEnd() {
	for path, out := range l.compiled {
		switch err := l.compiler.SaveError(); {
		case out.Stored:
			l.directory.Logf("skip persisting %s %s because cache was the same", l.transform, path)
		case err != nil:
			l.directory.Logf("writing cache for %s %s to %s...%s", l.transform, path, l.compiler.CacheFile(), err)
		default:
			l.directory.Logf("writing cache for %s %s to %s...success", l.transform, path, l.compiler.CacheFile())
		}
	}
}

// inlineMap is the comment that gives compiled text its source map.
func inlineMap(path string, m *typescript.SourceMap) string {
	text, err := json.Marshal(map[string]any{"version": 3, "sources": []string{path}, "names": []string{}, "mappings": m.Mappings()})
	if err != nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n//# sourceMappingURL=data:application/json;base64,")
	b.WriteString(base64.StdEncoding.EncodeToString(text))
	return b.String()
}

// saveDelay is how long after the last compile the cache is written while the program runs: servers are often killed, not ended.
const saveDelay = 2 * time.Second

// SaveLater arms a timer that writes the cache once the program has come to rest.
func (l *Loader) SaveLater(env *binding.Env) {
	last := -1
	var timer *loop.Timer
	timer = env.Loop.NewTimer(func() {
		if len(l.fresh) == last {
			l.SaveCache(false)
			return
		}
		last = len(l.fresh)
		timer.Start(saveDelay, 0)
	})
	timer.Unref()
	timer.Start(saveDelay, 0)
	env.OnClose(func() { timer.Close(nil) })
}
