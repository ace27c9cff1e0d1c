// Command importcheck holds the packages to the ranks of docs/architecture.md: a package imports only packages of a lower rank.
//
//	go run ./tools/importcheck
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
)

// ranks by path prefix below the module; the longest prefix counts.
var ranks = []struct {
	prefix string
	rank   int
}{
	{"cmd/", 9},
	{"internal/cli", 8},
	{"internal/supervisor", 7}, {"internal/dashboard", 7}, {"internal/ship", 7},
	{"internal/supervisor/control", 6}, {"internal/dashboard/feed", 6},
	{"internal/supervisor/ecosystem", 5}, {"internal/supervisor/static", 5}, {"internal/supervisor/logs", 5}, {"internal/supervisor/restart", 5}, {"internal/supervisor/metrics", 5},
	{"internal/runtime", 6},
	{"internal/node/all", 5},
	{"internal/node/sources", 1},
	{"internal/node/", 4}, {"internal/web/", 4},
	{"internal/module/cjs", 4}, {"internal/module/esm", 4},
	{"internal/module/source", 3}, // over resolve, typescript and binding; below the loaders
	{"internal/module/resolve", 2}, {"internal/module/typescript", 2},
	{"internal/binding", 3},
	{"internal/handle", 3},
	{"internal/loop", 2},
	{"internal/engine", 2},
	{"internal/engine/v8c", 1},
	{"internal/spawn", 1},
	{"internal/codecache", 1},
	{"internal/ipc", 0},
	{"internal/sys", 0},
	{"internal/dotenv", 0},
	{"internal/vitals", 0},
	{"internal/sticky", 0},
	{"internal/hosting", 1},
}

// A package may import what lies below it in its own folder: a builtin's pure part, such as a parser.
//
// sameRank are imports between packages of one rank that the design names.
var sameRank = map[[2]string]bool{
	{"internal/module/source", "internal/binding"}:             true, // source speaks to natives
	{"internal/dashboard/feed", "internal/supervisor/control"}: true, // feed is its client
}

// forbidden are imports that ranks alone would allow.
var forbidden = [][2]string{
	{"internal/supervisor", "internal/runtime"},
	{"internal/supervisor", "internal/engine"},
	{"internal/supervisor", "internal/node"},
	{"internal/loop", "internal/engine"},
	{"internal/engine", "internal/loop"},
	{"internal/handle", "internal/engine"},
}

func rankOf(path string) (int, bool) {
	best, rank := -1, 0
	for _, r := range ranks {
		if strings.HasPrefix(path+"/", strings.TrimSuffix(r.prefix, "/")+"/") && len(r.prefix) > best {
			best, rank = len(r.prefix), r.rank
		}
	}
	return rank, best >= 0
}

func main() {
	log.SetFlags(0)
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./cmd/...", "./internal/...").Output()
	if err != nil {
		var x *exec.ExitError
		if errors.As(err, &x) {
			os.Stderr.Write(x.Stderr)
		}
		log.Fatalf("importcheck: go list: %v", err)
	}
	bad := 0
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		from := strings.TrimPrefix(p.ImportPath, "roost/")
		rank, ok := rankOf(from)
		if !ok {
			fmt.Printf("%s has no rank: add it to tools/importcheck and docs/architecture.md\n", from)
			bad++
			continue
		}
		for _, i := range p.Imports {
			if i == "C" && from != "internal/engine/v8c" {
				fmt.Printf("%s imports \"C\": internal/engine/v8c is the one door to C\n", from)
				bad++
			}
			to, ours := strings.CutPrefix(i, "roost/")
			if !ours {
				continue
			}
			other, _ := rankOf(to)
			if other >= rank && !sameRank[[2]string{from, to}] && !strings.HasPrefix(to, from+"/") {
				fmt.Printf("%s (rank %d) imports %s (rank %d)\n", from, rank, to, other)
				bad++
			}
			for _, f := range forbidden {
				if strings.HasPrefix(from, f[0]) && strings.HasPrefix(to, f[1]) {
					fmt.Printf("%s must not import %s\n", from, to)
					bad++
				}
			}
		}
	}
	bad += checkHeavy()
	if bad > 0 {
		os.Exit(1)
	}
}

// heavy are packages that call methods by names which the linker can't know: with one of them it keeps every exported method of everything.
var heavy = map[string]string{"text/template": "it makes the program 20 MB larger"}

// checkHeavy looks at all that the program is linked from.
func checkHeavy() (bad int) {
	out, err := exec.Command("go", "list", "-deps", "./cmd/roost").Output()
	if err != nil {
		log.Fatalf("importcheck: go list: %v", err)
	}
	for _, path := range strings.Fields(string(out)) {
		if why := heavy[path]; why != "" {
			fmt.Printf("cmd/roost is linked with %s: %s. `go list -deps -f '{{.ImportPath}} {{.Imports}}' ./cmd/roost | grep %s` says who imports it\n", path, why, path)
			bad++
		}
	}
	return bad
}
