package ecosystem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// evaluateLimit is how long an ecosystem file may take.
const evaluateLimit = 30 * time.Second

// IsFile tells by its name whether a file is an ecosystem file: *.json, *.yml, *.yaml, *.config.js and the like.
func IsFile(name string) bool {
	if name == "-" {
		return true // the standard input
	}
	base := filepath.Base(name)
	ext := filepath.Ext(base)
	switch ext {
	case ".json", ".json5", ".yml", ".yaml":
		return true
	case ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts":
		stem := strings.TrimSuffix(base, ext)
		return strings.HasSuffix(stem, ".config") || strings.HasSuffix(stem, ".pm2") || stem == "ecosystem"
	}
	return false
}

// DefaultNames are looked for in the working directory when nothing was named.
var DefaultNames = []string{"ecosystem.config.js", "ecosystem.config.cjs", "ecosystem.config.mjs", "ecosystem.config.ts", "ecosystem.json", "ecosystem.yml", "ecosystem.yaml"}

// ReadBlocking gives what an ecosystem file holds. program is the path of this program: it evaluates what is no plain data.
func ReadBlocking(path, program string) (any, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Unwrap(err))
	}
	var document any
	switch filepath.Ext(path) {
	case ".yml", ".yaml":
		if err := yaml.Unmarshal(content, &document); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return document, nil
	case ".json", ".json5":
		if json.Unmarshal(content, &document) == nil {
			return document, nil
		}
		// Comments, single quotes: PM2 takes the literals of JavaScript.
		return evaluateBlocking(program, path, "print(new Function('return (' + require('node:fs').readFileSync(process.argv[1], 'utf8') + '\\n)')())")
	}
	return evaluateBlocking(program, path, "import(require('node:url').pathToFileURL(process.argv[1])).then(async (m) => {"+
		" let v = m.default ?? m; if (v?.__esModule && v.default) v = v.default;"+
		" print(await (typeof v === 'function' ? v() : v)); })")
}

// evaluate's program: the JSON goes to descriptor 3, so that the file may print.
const prelude = `const print = (v) => require('node:fs').writeFileSync(3, JSON.stringify(v, (k, x) => x instanceof RegExp ? 'regexp:' + x.source : x) ?? 'null');`

func evaluateBlocking(program, path, code string) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), evaluateLimit)
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.CommandContext(ctx, program, "-e", prelude+code, "--", path)
	cmd.Dir = filepath.Dir(path)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "NODE_CHANNEL_") })
	cmd.Stdout = os.Stderr
	var stderr strings.Builder
	cmd.Stderr = &stderr
	cmd.ExtraFiles = []*os.File{w}
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		return nil, err
	}
	text, _ := io.ReadAll(r)
	err = cmd.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s: no result after %v", path, evaluateLimit)
	}
	if err != nil {
		return nil, fmt.Errorf("%s:\n%s", path, strings.TrimSpace(stderr.String()))
	}
	_, _ = io.WriteString(os.Stderr, stderr.String())
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s: it gives no application", path)
	}
	return document, nil
}

// IgnoreRegexp gives the expression of an entry of ignore_watch that was one in the file.
func IgnoreRegexp(entry string) (*regexp.Regexp, bool) {
	if !strings.HasPrefix(entry, "regexp:") {
		return nil, false
	}
	re, err := regexp.Compile(strings.TrimPrefix(entry, "regexp:"))
	return re, err == nil
}
