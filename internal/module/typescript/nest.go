package typescript

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// nestCLI is what is looked for in nest-cli.json. https://docs.nestjs.com/cli/monorepo#cli-properties
type nestCLI struct {
	CompilerOptions nestCompilerOptions
	Projects        map[string]struct {
		Root            string
		CompilerOptions nestCompilerOptions
	}
}

type nestCompilerOptions struct {
	Plugins []json.RawMessage // a name, or an object with one
}

// NestPlugins gives the path of the nest-cli.json that is nearest above entry, and the names of the compiler plugins that "nest build" would run over
// the entry's project: programs in JavaScript for the compiler in JavaScript. Empty when there are none, or the file can't be read.
func NestPlugins(entry string) (file string, names []string) {
	for dir := filepath.Dir(entry); filepath.Base(dir) != "node_modules"; dir = filepath.Dir(dir) {
		file = filepath.Join(dir, "nest-cli.json")
		if text, err := os.ReadFile(file); err == nil {
			return file, pluginsIn(text, dir, entry)
		}
		if filepath.Dir(dir) == dir {
			break
		}
	}
	return "", nil
}

func pluginsIn(text []byte, dir, entry string) (names []string) {
	var cli nestCLI
	if json.Unmarshal(text, &cli) != nil { // the CLI has its say about that
		return nil
	}
	plugins := cli.CompilerOptions.Plugins
	for _, p := range cli.Projects {
		if p.Root != "" && strings.HasPrefix(entry, filepath.Join(dir, p.Root)+string(filepath.Separator)) && p.CompilerOptions.Plugins != nil {
			plugins = p.CompilerOptions.Plugins
		}
	}
	for _, raw := range plugins {
		var name string
		var named struct{ Name string }
		if json.Unmarshal(raw, &name) != nil && json.Unmarshal(raw, &named) == nil {
			name = named.Name
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}
