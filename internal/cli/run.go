package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// runScript is --run: a script of the nearest package.json takes this process's place.
// https://nodejs.org/docs/latest-v24.x/api/cli.html#--run
func runScript(name string, args []string) int {
	command, manifest, err := findScript(name)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", err)
		return exitFailure
	}
	dir := filepath.Dir(manifest)
	if cwd, err := os.Getwd(); err == nil {
		os.Setenv("PATH", binFolders(cwd)+os.Getenv("PATH"))
	}
	os.Setenv("NODE_RUN_SCRIPT_NAME", name)
	os.Setenv("NODE_RUN_PACKAGE_JSON_PATH", manifest)
	if err := os.Chdir(dir); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", err)
		return exitFailure
	}
	for _, arg := range args {
		command += " " + shellQuote(arg)
	}
	err = syscall.Exec("/bin/sh", []string{"sh", "-c", command}, os.Environ())
	fmt.Fprintf(os.Stderr, "/bin/sh: %s\n", err)
	return exitFailure
}

// binFolders are the node_modules/.bin folders from dir upwards, each followed by the list's separator.
func binFolders(dir string) string {
	var out strings.Builder
	for {
		bin := filepath.Join(dir, "node_modules", ".bin")
		if info, err := os.Stat(bin); err == nil && info.IsDir() {
			out.WriteString(bin)
			out.WriteByte(filepath.ListSeparator)
		}
		if filepath.Dir(dir) == dir {
			return out.String()
		}
		dir = filepath.Dir(dir)
	}
}

// shellQuote makes one word of the shell of an argument.
func shellQuote(arg string) string {
	if arg != "" && strings.Trim(arg, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=@%+,") == "" {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

// script is an entry of package.json's "scripts": their order matters, for the list that is shown.
type script struct{ name, command string }

// findScript finds a script in the package.json nearest to the working directory. The errors are what is shown.
func findScript(name string) (command, manifest string, err error) {
	cwd, err := os.Getwd()
	if err != nil {
		return "", "", err
	}
	var text []byte
	for dir := cwd; ; dir = filepath.Dir(dir) {
		manifest = filepath.Join(dir, "package.json")
		if text, err = os.ReadFile(manifest); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			return "", "", fmt.Errorf("Can't find package.json for directory %s\n", cwd)
		}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil {
		return "", "", fmt.Errorf("Can't parse %s", manifest)
	}
	scripts, ok := readScripts(fields["scripts"])
	if !ok {
		return "", "", fmt.Errorf("Can't find \"scripts\" field in %s", manifest)
	}
	var wrong string
	var list strings.Builder
	for _, s := range scripts {
		if s.command == "" {
			if s.name == name {
				wrong = fmt.Sprintf("Script %q is unexpectedly not a string for %s\n", name, manifest)
			}
			continue
		}
		if s.name == name {
			return s.command, manifest, nil
		}
		fmt.Fprintf(&list, "  %s: %s\n", s.name, s.command)
	}
	if wrong != "" {
		return "", "", fmt.Errorf("%s", wrong)
	}
	return "", "", fmt.Errorf("Missing script: %q for %s\n\nAvailable scripts are:\n%s", name, manifest, strings.TrimSuffix(list.String(), "\n"))
}

// readScripts reads an object in its order; the command of what is no string is "".
func readScripts(text json.RawMessage) ([]script, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	var out []script
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		var value any
		if d.Decode(&value) != nil {
			return nil, false
		}
		command, _ := value.(string)
		out = append(out, script{name.(string), command})
	}
	return out, true
}
