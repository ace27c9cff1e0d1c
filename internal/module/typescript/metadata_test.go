package typescript

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew with the tsc on the PATH (TypeScript 5.9)")

// metadataProject lays the fixture out as a project: packages become node_modules.
func metadataProject(t *testing.T, variant string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"src": "src", "packages": "node_modules"} {
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(filepath.Join("testdata/metadata", from))); err != nil {
			t.Fatal(err)
		}
	}
	config, err := os.ReadFile(filepath.Join("testdata/metadata", variant+".json"))
	if err != nil {
		t.Fatal(err)
	}
	kind, _, _ := strings.Cut(variant, "-")
	write(t, filepath.Join(dir, "tsconfig.json"), string(config))
	write(t, filepath.Join(dir, "package.json"), fmt.Sprintf(`{ "name": "fixture", "type": %q, "devDependencies": { "typescript": "^5.9.3" } }`, kind))
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestMetadata holds the emitted JavaScript against tsc's: decorated signatures, and which imports are left out.
func TestMetadata(t *testing.T) {
	signatures := 0
	for _, variant := range []string{"commonjs-strict", "commonjs-loose", "module-strict"} {
		t.Run(variant, func(t *testing.T) {
			dir := metadataProject(t, variant)
			if *update {
				// It exits with an error because of types that the fixtures leave wrong on purpose.
				output, _ := exec.Command("tsc", "-p", dir).CombinedOutput()
				t.Logf("%s", output)
			}
			sources, _ := filepath.Glob(filepath.Join(dir, "src/*.ts"))
			compiler := New(filepath.Join(dir, "src/main.ts"), Options{NoCache: true})
			for _, source := range sources {
				name := strings.TrimSuffix(filepath.Base(source), ".ts") + ".js"
				golden := filepath.Join("testdata/metadata/golden", variant, name)
				if *update {
					text, err := os.ReadFile(filepath.Join(dir, "out", name))
					if err != nil {
						t.Fatal(err)
					}
					write(t, golden, string(text))
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				output, err := compiler.Compile(source)
				if err != nil {
					t.Fatal(err)
				}
				if kind, _, _ := strings.Cut(variant, "-"); output.Kind.String() != kind {
					t.Errorf("%s is %v", name, output.Kind)
				}
				signatures += strings.Count(string(want), "= __decorate([") + strings.Count(string(want), "\n__decorate([")
				compare(t, name, output.JS, string(want))
			}
		})
	}
	t.Log(signatures, "decorated signatures")
	if signatures < 3*60 && !t.Failed() {
		t.Error("too few signatures")
	}
}

// Not compared: blank lines, the kind of quotes, and how temporary variables are numbered and declared.
var (
	uncompared = regexp.MustCompile(`(?m)^//# sourceMappingURL=.*\n?|^\s*\n|^var (\w+_1|_[a-z]|, )+;\n`)
	temporary  = regexp.MustCompile(`\b_[a-z]\b`)
)

func comparable(text string) string {
	text = temporary.ReplaceAllString(uncompared.ReplaceAllString(text, ""), "_x")
	return strings.ReplaceAll(text, "'", `"`)
}

// same are two ways of writing the same value, which globals.ts provokes; all other files must be equal without them.
var same = strings.NewReplacer("Own_1 = class", "class", "Own_1 = __", "__", "Own_1", "Own")

var guard = regexp.MustCompile(`typeof \(_\w = typeof NodeJS !== "undefined" && NodeJS\.\w+\) === "function" \? _\w : Object`)

func compare(t *testing.T, name, got, want string) {
	t.Helper()
	if name == "globals.js" {
		got = same.Replace(uncompared.ReplaceAllString(guard.ReplaceAllString(got, "Object"), ""))
	}
	a := strings.Split(comparable(got), "\n")
	b := strings.Split(comparable(want), "\n")
	shown := 0
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			if shown++; shown > 12 {
				return
			}
			t.Errorf("%s, line %d\n got  %s\n tsc  %s", name, i+1, x, y)
		}
	}
}
