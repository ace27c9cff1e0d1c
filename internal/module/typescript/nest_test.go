package typescript

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestNestPlugins(t *testing.T) {
	for _, c := range []struct {
		cli   string
		entry string
		want  []string
	}{
		{`{"compilerOptions": {"plugins": ["@nestjs/swagger"]}}`, "src/main.ts", []string{"@nestjs/swagger"}},
		{`{"compilerOptions": {"plugins": [{"name": "@nestjs/graphql", "options": {"typeFileNameSuffix": [".input.ts"]}}, "b"]}}`, "src/main.ts", []string{"@nestjs/graphql", "b"}},
		{`{"compilerOptions": {"plugins": ["a"]}, "projects": {"x": {"root": "apps/x", "compilerOptions": {"plugins": ["of x"]}}}}`, "apps/x/src/main.ts", []string{"of x"}},
		{`{"compilerOptions": {"plugins": ["a"]}, "projects": {"x": {"root": "apps/x", "compilerOptions": {"plugins": ["of x"]}}}}`, "apps/xy/src/main.ts", []string{"a"}},
		{`{"compilerOptions": {"plugins": ["a"]}, "projects": {"x": {"root": "apps/x", "compilerOptions": {}}}}`, "apps/x/src/main.ts", []string{"a"}},
		{`{"compilerOptions": {"deleteOutDir": true}}`, "src/main.ts", nil},
		{`{"compilerOptions": {"plugins": [1, null, {}, []]}}`, "src/main.ts", nil},
		{`{"compilerOptions": {"plugins": "a"}}`, "src/main.ts", nil},
		{`{`, "src/main.ts", nil},
		{"", "src/main.ts", nil}, // no such file
	} {
		dir := t.TempDir()
		if c.cli != "" {
			if err := os.WriteFile(filepath.Join(dir, "nest-cli.json"), []byte(c.cli), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		file, names := NestPlugins(filepath.Join(dir, c.entry))
		if !slices.Equal(names, c.want) || len(names) > 0 && file != filepath.Join(dir, "nest-cli.json") {
			t.Errorf("%s, %s: %v in %q", c.cli, c.entry, names, file)
		}
		if _, names := NestPlugins(filepath.Join(dir, "node_modules/p/main.ts")); names != nil {
			t.Errorf("%s: a package has %v", c.cli, names)
		}
	}
}
