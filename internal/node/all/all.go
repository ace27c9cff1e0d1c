// Package all joins the builtins: the list of their Go halves, generated from the folders, and the sources of their TypeScript halves,
// from the bundle in the binary or, when ROOST_LIB_DIR names a repository, from its lib/ folders.
// Only runtime imports it.
package all

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	tsgo "github.com/microsoft/typescript-go/roost"

	"roost/internal/node/sources"
)

//go:embed lib/bundle
var bundle string

// Source is the JavaScript of one builtin source.
type Source struct {
	Specifier string // "node:fs"
	Module    string // whose natives it may import
	Path      string // of the TypeScript, in the repository
	Text      string // types erased; read it with Code
}

// Code gives the source's JavaScript; a development runtime erases the types here.
func (s *Source) Code() (string, error) {
	if s.Text != "" {
		return s.Text, nil
	}
	text, err := os.ReadFile(filepath.Join(os.Getenv("ROOST_LIB_DIR"), s.Path))
	if err != nil {
		return "", err
	}
	return tsgo.Erase(s.Path, string(text))
}

// Embedded tells whether the text is a part of the binary. Then it is ASCII: see tools/gen.
func (s *Source) Embedded() bool { return s.Text != "" }

var index = sync.OnceValues(func() (map[string]*Source, error) {
	if dir := os.Getenv("ROOST_LIB_DIR"); dir != "" {
		files, err := sources.Scan(dir)
		if err != nil {
			return nil, fmt.Errorf("ROOST_LIB_DIR: %w", err)
		}
		out := make(map[string]*Source, len(files))
		for _, f := range files {
			out[f.Specifier] = &Source{Specifier: f.Specifier, Module: f.Module, Path: f.Path}
		}
		return out, nil
	}
	head, text, ok := strings.Cut(bundle, "\n\n")
	if !ok {
		return nil, fmt.Errorf("this binary was built without its builtins: run make gen, then build again")
	}
	out := make(map[string]*Source, 256)
	_, head, _ = strings.Cut(head, "\n") // the fingerprint
	for line := range strings.SplitSeq(head, "\n") {
		f := strings.Split(line, "\t")
		n, err := strconv.Atoi(f[3])
		if err != nil {
			return nil, err
		}
		out[f[0]] = &Source{Specifier: f[0], Module: f[1], Path: f[2], Text: text[:n]}
		text = text[n:]
	}
	return out, nil
})

// Sources gives every source by its specifier.
func Sources() (map[string]*Source, error) { return index() }

// Development tells that lib/ is loaded from disk.
func Development() bool { return os.Getenv("ROOST_LIB_DIR") != "" }

// Fingerprint changes whenever the bundle does.
func Fingerprint() string {
	hash, _, _ := strings.Cut(bundle, "\n")
	return hash
}
