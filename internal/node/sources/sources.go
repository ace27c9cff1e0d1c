// Package sources knows where the TypeScript halves of the builtins lie and by which specifiers they are imported.
// It is used when the bundle is generated, and by a development runtime that loads lib/ from disk. It runs on any goroutine.
package sources

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// File is one TypeScript source of a builtin.
type File struct {
	Specifier string // "node:fs/promises", "internal:fs/utils"
	Module    string // whose natives it may import: "fs", "web/fetch"
	Path      string // slash-separated, relative to the repository
}

// roots are the folders that hold builtins, and the prefix of their modules' names.
var roots = []struct{ dir, prefix string }{
	{"internal/node", ""},
	{"internal/web", "web/"},
	{"internal/module", "module/"},
}

// Scan finds every source under the repository root, sorted by specifier.
func Scan(repository string) ([]File, error) {
	var out []File
	for _, root := range roots {
		folders, err := os.ReadDir(filepath.Join(repository, root.dir))
		if err != nil {
			return nil, err
		}
		for _, folder := range folders {
			lib := filepath.Join(repository, root.dir, folder.Name(), "lib")
			if folder.Name() == "all" {
				continue // generated
			}
			module := root.prefix + folder.Name()
			err := filepath.WalkDir(lib, func(path string, d fs.DirEntry, err error) error {
				if err != nil {
					if os.IsNotExist(err) && path == lib {
						return fs.SkipDir
					}
					return err
				}
				if d.IsDir() || !strings.HasSuffix(path, ".ts") || strings.HasSuffix(path, ".d.ts") {
					return nil
				}
				rel, err := filepath.Rel(repository, path)
				if err != nil {
					return err
				}
				in, _ := filepath.Rel(lib, path)
				out = append(out, File{Specifier: specifier(module, filepath.ToSlash(in)), Module: module, Path: filepath.ToSlash(rel)})
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Specifier < out[j].Specifier })
	return out, nil
}

// specifier maps lib/node/fs.ts to node:fs, lib/index.ts of m to internal:m, lib/x/y.ts to internal:m/x/y.
func specifier(module, path string) string {
	name := strings.TrimSuffix(path, ".ts")
	if public, ok := strings.CutPrefix(name, "node/"); ok {
		return "node:" + public
	}
	if name == "index" {
		return "internal:" + module
	}
	return "internal:" + module + "/" + name
}
