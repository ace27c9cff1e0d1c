package roost

import (
	"crypto/sha256"
	"strings"
	"sync"

	"github.com/microsoft/typescript-go/internal/bundled"
	"github.com/microsoft/typescript-go/internal/collections"
	"github.com/microsoft/typescript-go/internal/vfs"
	"github.com/microsoft/typescript-go/internal/vfs/cachedvfs"
	"github.com/microsoft/typescript-go/internal/vfs/osvfs"
)

func newPaths() *collections.OrderedMap[string, []string] {
	return collections.NewOrderedMapWithSizeHint[string, []string](1)
}

// globals declares what Node gives every program and the standard library doesn't know, so that a reference to it in a
// signature needs no @types/node. Declared as variable and interface, which merge with other declarations.
var globalsName = bundled.LibPath() + "/lib.roost.d.ts"

var globalsText = func() string {
	var b strings.Builder
	for _, name := range strings.Fields(`AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy
		CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventTarget File
		FormData Headers MessageChannel MessageEvent MessagePort Performance ReadableStream Request Response SubtleCrypto TextDecoder
		TextEncoder TransformStream URL URLSearchParams WebSocket WritableStream`) {
		b.WriteString("interface " + name + " {}\ndeclare var " + name + ": { new (...args: any[]): " + name + "; prototype: " + name + " };\n")
	}
	return b.String()
}()

// trackedFS is the file system as the compiler sees it. It hides packages until they are asked for, because reading
// their declarations costs ten times what the rest of a compilation does, and it remembers what a result depends on.
type trackedFS struct {
	vfs.FS          // cached, with the standard library
	read   sync.Map // path: sha256 of a file that was read
	absent sync.Map // path: struct{}, asked for and not there

	mu      sync.RWMutex
	visible map[string]bool // names of packages whose files are there; guarded by mu
	all     bool            // every package is; guarded by mu
}

func newTrackedFS() *trackedFS {
	return &trackedFS{FS: cachedvfs.From(bundled.WrapFS(osvfs.FS())), visible: map[string]bool{}}
}

func (f *trackedFS) show(packages map[string]bool, all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name := range packages {
		f.visible[name] = true
		scope, rest, scoped := strings.Cut(strings.TrimPrefix(name, "@"), "/")
		if scoped {
			f.visible["@types/"+scope+"__"+rest] = true
		} else {
			f.visible["@types/"+name] = true
		}
	}
	f.all = f.all || all
}

func (f *trackedFS) hide() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.visible)
	f.all = false
}

func (f *trackedFS) showsAll() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.all
}

// hidden tells whether path lies in a package that is not to be seen. Configurations and manifests always are.
func (f *trackedFS) hidden(path string) bool {
	i := strings.LastIndex(path, "/node_modules/")
	if i < 0 || strings.HasSuffix(path, ".json") && !strings.HasSuffix(path, "/package.json") {
		return false
	}
	name := packageName(path[i+len("/node_modules/"):])
	f.mu.RLock()
	defer f.mu.RUnlock()
	return !f.all && !f.visible[name]
}

// packageName is the name of the package that a specifier, or a path below node_modules, begins with.
func packageName(specifier string) string {
	first, rest, ok := strings.Cut(specifier, "/")
	if !ok || !strings.HasPrefix(first, "@") {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	return first + "/" + second
}

func (f *trackedFS) missing(path string) {
	// What is inside a package doesn't change without its manifest.
	if !strings.Contains(path, "/node_modules/") && !bundled.IsBundled(path) {
		f.absent.Store(path, struct{}{})
	}
}

func (f *trackedFS) FileExists(path string) bool {
	if path == globalsName {
		return true
	}
	if f.hidden(path) {
		return false
	}
	if f.FS.FileExists(path) {
		return true
	}
	f.missing(path)
	return false
}

func (f *trackedFS) DirectoryExists(path string) bool {
	if strings.Contains(path, "/node_modules/") {
		// A scope's folder or a package's own: decide by the package when the path names one.
		rest := path[strings.LastIndex(path, "/node_modules/")+len("/node_modules/"):]
		if !(strings.HasPrefix(rest, "@") && !strings.Contains(rest, "/")) && f.hidden(path+"/") {
			return false
		}
	}
	if f.FS.DirectoryExists(path) {
		return true
	}
	f.missing(path)
	return false
}

func (f *trackedFS) ReadFile(path string) (string, bool) {
	if path == globalsName {
		return globalsText, true
	}
	if bundled.IsBundled(path) {
		return f.FS.ReadFile(path)
	}
	if f.hidden(path) {
		return "", false
	}
	text, ok := f.FS.ReadFile(path)
	if !ok {
		f.missing(path)
		return "", false
	}
	// The compiler's text has no byte order mark; a checker of the cache removes it as well.
	f.read.Store(path, sha256.Sum256([]byte(text)))
	return text, true
}
