// Package typescript compiles the user's TypeScript when it is loaded, and keeps the result on disk.
//
// It owns what the compiler in tsgo doesn't: which tsconfig.json applies, the cache of compiled text under the
// user's cache directory, path mappings for the resolver, and the positions of stack traces. It never runs code and knows
// no JavaScript values. A Compiler may be used from any goroutine; the module loader calls it. It must not import
// the loader, the resolver or the engine.
package typescript

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/microsoft/typescript-go/roost"
)

// ModuleKind is how a compiled file is to be run.
type ModuleKind = roost.ModuleKind

const (
	CommonJS = roost.CommonJS
	ESModule = roost.ESModule
)

// Error is a syntax error of a source file or a mistake in a tsconfig.json. Its Report is what the command line prints.
type Error = roost.Error

// Output is one compiled file. Immutable.
type Output struct {
	JS     string
	Map    *SourceMap
	Kind   ModuleKind
	Stored bool // it was read from the cache
}

// Options of a Compiler; the zero value is what a run uses.
type Options struct {
	Config   string // a tsconfig.json to use instead of the nearest one
	CacheDir string // folder of compiled text; by default roost/typescript in the user's cache directory
	NoCache  bool   // neither read nor write compiled text on disk
	Variant  string // compilers of different variants share no compiled text
}

// Compiler compiles the TypeScript of one project: the files that the entry point reaches, under the tsconfig.json nearest
// to it. It sees the files as they are when they are first asked for.
type Compiler struct {
	entry   string
	options Options

	mu      sync.Mutex
	config  string              // path of tsconfig.json or "". guarded by mu, set once
	located bool                // config is set. guarded by mu
	opened  bool                // the cache was tried. guarded by mu
	project *roost.Project      // only while something is compiled: it holds every parsed file. guarded by mu
	built   int                 // programs compiled. guarded by mu
	roots   []string            // what the last program started from. guarded by mu
	widened bool                // roots hold all files of the configuration. guarded by mu
	paths   []roost.PathMapping // guarded by mu
	outputs map[string]*Output  // by path. guarded by mu
	failed  map[string]*Error   // files with syntax errors. guarded by mu
	unsaved error               // why the last program is not on disk. guarded by mu
	broken  error               // of the configuration. guarded by mu
}

// New makes a compiler for the program whose entry point is given by its absolute path. It reads nothing yet.
func New(entry string, options Options) *Compiler {
	return &Compiler{entry: filepath.Clean(entry), options: options, outputs: map[string]*Output{}, failed: map[string]*Error{}}
}

// IsTypeScript tells by its extension whether a file is for this package.
func IsTypeScript(path string) bool {
	switch filepath.Ext(path) {
	case ".ts", ".mts", ".cts", ".tsx":
		return true
	}
	return false
}

// Compile gives the JavaScript of a file, by its absolute path. The first call compiles everything that the program
// reaches, or reads it from the cache. An *Error says that the file or the configuration has a mistake; type errors are not looked for.
func (c *Compiler) Compile(path string) (*Output, error) {
	path = filepath.Clean(path)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open(path)
	for {
		if output := c.outputs[path]; output != nil {
			return output, nil
		}
		if err := c.failed[path]; err != nil {
			return nil, err
		}
		if c.broken != nil {
			return nil, c.broken
		}
		if slices.Contains(c.roots, path) && c.built > 0 {
			return nil, fmt.Errorf("%s: not compiled", path)
		}
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
		c.build(path)
	}
}

// locate finds the nearest tsconfig.json.
func (c *Compiler) locate() {
	if c.located {
		return
	}
	c.located = true
	if c.options.Config != "" {
		c.config, _ = filepath.Abs(c.options.Config)
		return
	}
	for dir := filepath.Dir(c.entry); ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, "tsconfig.json")
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			c.config = name
			return
		}
		if filepath.Dir(dir) == dir || filepath.Base(dir) == "node_modules" {
			return
		}
	}
}

// open tries the cache once. path is the file that is asked for first.
func (c *Compiler) open(path string) {
	if c.opened {
		return
	}
	c.opened = true
	c.locate()
	if !IsTypeScript(c.entry) {
		c.entry = path
	}
	if c.options.NoCache {
		return
	}
	if p := readPack(c.packFile()); p != nil && p.config == c.config && p.fresh() {
		c.roots, c.widened, c.paths = p.roots, p.widened, p.paths
		for i := range p.files {
			f := &p.files[i]
			c.outputs[f.path] = &Output{JS: f.js, Map: NewSourceMap(f.path, f.mappings), Kind: f.kind, Stored: true}
		}
	}
}

// load reads the configuration.
func (c *Compiler) load() bool {
	if c.project != nil || c.broken != nil {
		return c.broken == nil
	}
	c.project, c.broken = roost.LoadProject(c.config, filepath.Dir(c.entry), c.entry)
	if c.broken != nil {
		c.project = nil
		return false
	}
	c.paths = c.project.Paths()
	return true
}

// build compiles a program that holds path, and keeps the result. A file that the entry point doesn't reach
// by import (entities found by a pattern, a worker) widens the program to all files of the configuration at once.
func (c *Compiler) build(path string) {
	if !c.load() {
		return
	}
	c.built++
	defer func() { c.project = nil }()
	if len(c.roots) > 0 && !c.widened {
		c.widened = true
		for _, name := range c.project.IncludedFiles() {
			if IsTypeScript(name) && !isDeclaration(name) && !slices.Contains(c.roots, name) && !strings.Contains(name, "/node_modules/") {
				c.roots = append(c.roots, name)
			}
		}
	}
	if !slices.Contains(c.roots, path) {
		c.roots = append(c.roots, path)
	}
	result, err := c.project.Compile(slices.Clone(c.roots))
	if err != nil {
		c.broken = err
		return
	}
	for _, f := range result.Files {
		switch {
		case c.outputs[f.Path] != nil: // what was handed out stays
		case f.Err != nil:
			c.failed[f.Path] = f.Err
		default:
			c.outputs[f.Path] = &Output{JS: f.JS, Map: NewSourceMap(f.Path, f.Mappings), Kind: f.Kind}
		}
	}
	if c.options.NoCache {
		return
	}
	p := &pack{config: c.config, roots: c.roots, widened: c.widened, paths: c.paths, absent: result.Absent}
	for _, f := range result.Files {
		if f.Err != nil {
			c.unsaved = f.Err
			return
		}
		p.files = append(p.files, packedFile{path: f.Path, kind: f.Kind, js: f.JS, mappings: f.Mappings})
	}
	p.addInputs(result.Inputs)
	// Only speed depends on it: an unwritable or full disk is no error.
	c.unsaved = p.write(c.packFile())
}

func isDeclaration(name string) bool {
	base := filepath.Base(name)
	return strings.HasSuffix(base, ".d.ts") || strings.HasSuffix(base, ".d.mts") || strings.HasSuffix(base, ".d.cts")
}

// MapPath gives the paths, without extensions tried, that tsconfig's "paths" and "baseUrl" make of a specifier, in order.
// Nil for relative and absolute specifiers, and for importers in packages. https://www.typescriptlang.org/tsconfig/#paths
func (c *Compiler) MapPath(specifier, importer string) []string {
	if specifier == "" || specifier[0] == '.' || specifier[0] == '/' || specifier[0] == '#' || strings.HasPrefix(specifier, "node:") ||
		strings.HasPrefix(specifier, "file:") || strings.Contains(importer, "/node_modules/") {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open(importer)
	if len(c.outputs) == 0 && c.built == 0 {
		c.load() // the build that follows uses it
	}
	return mapPath(c.paths, specifier)
}

// mapPath takes the exact pattern, or else the one with the longest text before its star.
func mapPath(mappings []roost.PathMapping, specifier string) []string {
	best, star, length := -1, "", -1
	for i, mapping := range mappings {
		before, after, ok := strings.Cut(mapping.Pattern, "*")
		switch {
		case !ok && mapping.Pattern == specifier:
			return slices.Clone(mapping.Targets)
		case !ok || len(before) <= length || len(specifier) < len(before)+len(after):
		case strings.HasPrefix(specifier, before) && strings.HasSuffix(specifier, after):
			best, star, length = i, specifier[len(before):len(specifier)-len(after)], len(before)
		}
	}
	if best < 0 {
		return nil
	}
	var candidates []string
	for _, target := range mappings[best].Targets {
		candidates = append(candidates, filepath.Clean(strings.Replace(target, "*", star, 1)))
	}
	return candidates
}

// TracePosition turns a position in a compiled file into the one in its source. Lines and columns count from 1. The file
// is the same: compiled text runs under the name of its source.
func (c *Compiler) TracePosition(file string, line, column int) (source string, sourceLine, sourceColumn int, ok bool) {
	c.mu.Lock()
	output := c.outputs[filepath.Clean(file)]
	c.mu.Unlock()
	if output == nil {
		return file, line, column, false
	}
	l, col, ok := output.Map.Lookup(line-1, column-1)
	if !ok {
		return file, line, column, false
	}
	return output.Map.Source, l + 1, col + 1, true
}

// packFile is where the cache keeps this program; "" when there is no place.
func (c *Compiler) packFile() string {
	dir := c.options.CacheDir
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil || !filepath.IsAbs(base) {
			return ""
		}
		dir = filepath.Join(base, "roost", "typescript")
	}
	return filepath.Join(dir, packName(c.config, c.entry, c.options.Variant))
}

// KeepIn makes dir the folder of compiled text, unless some was compiled or read already.
func (c *Compiler) KeepIn(dir string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.opened {
		c.options.CacheDir = dir
	}
}

// CacheFile is where this program's compiled text is kept; "" when there is no place.
func (c *Compiler) CacheFile() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.packFile()
}

// SaveError is why the compiled text is not in CacheFile.
func (c *Compiler) SaveError() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unsaved
}

// isMissing tells whether nothing is at a path.
func isMissing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist) || isNotDirectory(err)
}
