// Command compat writes the part of docs/compat.md that is made from the sources: the comments that mark a deviation from Node, and the
// features that throw ERR_FEATURE_UNAVAILABLE_ON_PLATFORM, by the module that they belong to.
//
//	go run ./tools/compat [-check]     -check writes nothing and fails when the page is not what it would write
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

const (
	page  = "docs/compat.md"
	begin = "<!-- Made by tools/compat from the sources: do not edit from here. -->\n"
	end   = "<!-- End of what tools/compat makes. -->\n"
)

// notes is what the sources of one module say.
type notes struct {
	differs     []string
	unavailable []string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("compat: ")
	check := flag.Bool("check", false, "fail when docs/compat.md is out of date")
	flag.Parse()
	found, err := collect("internal", "tsgo")
	if err != nil {
		log.Fatal(err)
	}
	old, err := os.ReadFile(page)
	if err != nil {
		log.Fatal(err)
	}
	text, err := replace(old, render(found))
	if err != nil {
		log.Fatal(err)
	}
	if bytes.Equal(old, text) {
		return
	}
	if *check {
		log.Fatalf("%s is out of date: run make gen", page)
	}
	if err := os.WriteFile(page, text, 0o644); err != nil {
		log.Fatal(err)
	}
}

// replace puts section between the two marks of the page.
func replace(text, section []byte) ([]byte, error) {
	head, rest, ok := bytes.Cut(text, []byte(begin))
	if !ok {
		return nil, errors.New(page + " lacks the line " + strings.TrimSpace(begin))
	}
	_, tail, ok := bytes.Cut(rest, []byte(end))
	if !ok {
		return nil, errors.New(page + " lacks the line " + strings.TrimSpace(end))
	}
	return slices.Concat(head, []byte(begin), section, []byte(end), tail), nil
}

func render(found map[string]*notes) []byte {
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	var b bytes.Buffer
	for _, name := range names {
		n := found[name]
		fmt.Fprintf(&b, "\n### %s\n\n", name)
		for _, d := range n.differs {
			fmt.Fprintf(&b, "- %s\n", d)
		}
		if len(n.unavailable) > 0 {
			slices.Sort(n.unavailable)
			fmt.Fprintf(&b, "- Throws: %s.\n", strings.Join(slices.Compact(n.unavailable), ", "))
		}
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// collect reads the sources below the roots, in the order of their paths.
func collect(roots ...string) (map[string]*notes, error) {
	out := map[string]*notes{}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				// The link to V8's headers is no directory; generated and test files say nothing of their own.
				if d.Name() == "testdata" || path == filepath.Join("internal", "node", "all") {
					return fs.SkipDir
				}
				return nil
			}
			if !isSource(path) {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			differs, unavailable := scan(string(text))
			if len(differs)+len(unavailable) == 0 {
				return nil
			}
			name := module(path)
			n := out[name]
			if n == nil {
				n = &notes{}
				out[name] = n
			}
			n.differs = append(n.differs, differs...)
			n.unavailable = append(n.unavailable, unavailable...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func isSource(path string) bool {
	switch filepath.Ext(path) {
	case ".go":
		return !strings.HasSuffix(path, "_test.go")
	case ".ts":
		return !strings.HasSuffix(path, ".d.ts")
	case ".cc", ".h", ".c":
		return true
	}
	return false
}

// module is the heading of a source's notes: the name by which programs import what its folder holds.
func module(path string) string {
	parts := strings.Split(filepath.ToSlash(path), "/")
	if len(parts) < 3 || parts[0] != "internal" {
		return parts[0]
	}
	folder := filepath.Join(parts[:3]...)
	switch parts[1] {
	case "node":
		public, _ := filepath.Glob(filepath.Join(folder, "lib", "node", "*.ts"))
		for _, file := range public {
			name := strings.TrimSuffix(filepath.Base(file), ".ts")
			if strings.ReplaceAll(name, "_", "") == parts[2] {
				return "`node:" + name + "`"
			}
		}
		return "Globals and " + parts[2]
	case "web":
		return "Web: " + parts[2]
	case "module":
		return "Modules and TypeScript"
	case "engine":
		return "Node-API and the engine"
	case "loop", "handle", "spawn":
		return "Event loop and handles"
	}
	return "Elsewhere: " + parts[1]
}

const mark = "Differs from Node: "

var feature = regexp.MustCompile("\\bunavailable\\((?:'([^']+)'|\"([^\"]+)\"|`([^`$]+)`)\\)")

// scan finds the deviations and the missing features of one source.
func scan(text string) (differs, unavailable []string) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if at := strings.Index(line, mark); at >= 0 && isComment(line[:at]) {
			sentence := line[at+len(mark):]
			for _, next := range lines[i+1:] {
				rest, ok := continuation(next)
				if !ok || closed(sentence) {
					break
				}
				sentence += " " + rest
			}
			sentence = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(sentence), "*/"))
			differs = append(differs, strings.ToUpper(sentence[:1])+sentence[1:])
		}
		for _, m := range feature.FindAllStringSubmatch(line, -1) {
			unavailable = append(unavailable, "`"+m[1]+m[2]+m[3]+"`")
		}
	}
	return differs, unavailable
}

// isComment tells whether what stands before the mark has begun a comment.
func isComment(before string) bool {
	trimmed := strings.TrimSpace(before)
	return strings.HasPrefix(trimmed, "//") || strings.HasPrefix(trimmed, "/*") || strings.HasPrefix(trimmed, "*")
}

// closed tells whether a comment that ends on its own line is over.
func closed(sentence string) bool { return strings.HasSuffix(strings.TrimSpace(sentence), "*/") }

// continuation is the text of a comment's next line; false when it begins something else or is no comment.
func continuation(line string) (string, bool) {
	trimmed := strings.TrimSpace(line)
	for _, prefix := range []string{"//", "*/", "*"} {
		if rest, ok := strings.CutPrefix(trimmed, prefix); ok {
			rest = strings.TrimSpace(rest)
			return rest, prefix != "*/" && rest != "" && !strings.HasPrefix(rest, mark) && !strings.HasPrefix(rest, "@") && !strings.HasPrefix(rest, "eslint-")
		}
	}
	return "", false
}
