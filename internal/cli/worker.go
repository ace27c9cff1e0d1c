package cli

import (
	"strings"

	roost "roost/internal/runtime"
)

// processOptions concern the process as a whole: a worker can't have its own.
var processOptions = map[string]bool{"title": true, "help": true, "version": true, "v8-options": true, "v8-pool-size": true, "check": true,
	"print": true, "interactive": true, "zero-fill-buffers": true, "disable-proto": true, "icu-data-dir": true, "openssl-config": true,
	"secure-heap": true, "secure-heap-min": true, "max-http-header-size": true, "tls-cipher-list": true, "use-openssl-ca": true,
	"use-bundled-ca": true, "use-system-ca": true, "trace-event-categories": true, "trace-event-file-pattern": true, "trace-sigint": true,
	"report-on-signal": true, "report-signal": true, "report-filename": true, "report-directory": true, "report-compact": true,
	"report-on-fatalerror": true, "node-snapshot": true, "disable-wasm-trap-handler": true, "test": true}

// workerConfig is runtime.Config.WorkerConfig.
func workerConfig(execArgv []string, nodeOptions string) (c roost.Config, bad []string, inEnvironment bool) {
	words, err := splitEnvironment(nodeOptions)
	if err != nil {
		return c, []string{nodeOptions}, true
	}
	e := &parsed{set: map[string][]string{}}
	if _, err := e.words(words, true); err != nil {
		return c, []string{err.Error()}, true
	}
	p := &parsed{set: map[string][]string{}}
	n, err := p.words(execArgv, false)
	if err != nil {
		return c, []string{err.Error()}, false
	}
	c.ExecArgv = execArgv[:n]
	if n < len(execArgv) && execArgv[n] == "--" {
		n++
	}
	bad = append(bad, execArgv[n:]...)
	bad = append(bad, p.v8...)
	for _, word := range execArgv[:n] {
		name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
		if strings.HasPrefix(word, "--") && processOptions[name] {
			bad = append(bad, word)
		}
	}
	if len(bad) > 0 {
		return c, bad, false
	}
	for name, v := range e.set {
		p.set[name] = append(v, p.set[name]...)
	}
	c.Options = map[string]string{}
	for name, v := range p.set {
		c.Options[name] = strings.Join(v, "\x00")
	}
	c.Require, c.Import, c.Conditions = p.set["require"], p.set["import"], p.set["conditions"]
	return c, nil, false
}
