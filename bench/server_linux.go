package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func benchHTTP(ctx context.Context, o options, programs []program) error {
	return benchServer(ctx, o, programs, workload{title: "node:http hello", scheme: "http", dir: filepath.Join(o.root, "bench", "apps"),
		entry: func(program) string { return "http.mjs" }})
}

func benchTLS(ctx context.Context, o options, programs []program) error {
	dir, err := os.MkdirTemp("", "bench-tls-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	if err := writeCertificate(key, cert); err != nil {
		return err
	}
	return benchServer(ctx, o, programs, workload{title: "node:https hello", scheme: "https", dir: filepath.Join(o.root, "bench", "apps"),
		entry: func(program) string { return "https.mjs" }, env: []string{"TLS_KEY=" + key, "TLS_CERT=" + cert}})
}

func benchJSON(ctx context.Context, o options, programs []program) error {
	packages, err := installPackages(ctx, o, "express")
	if err != nil {
		return err
	}
	apps := filepath.Join(o.root, "bench", "apps")
	return benchServer(ctx, o, programs, workload{title: "Express, POST of 1 KB of JSON", scheme: "http", dir: apps,
		entry: func(program) string { return "json.mjs" }, env: []string{"PACKAGES=" + packages}, script: filepath.Join(apps, "json.lua")})
}

func benchStatic(ctx context.Context, o options, programs []program) error {
	dir, err := os.MkdirTemp("", "bench-static-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, bytes.Repeat([]byte{'x'}, 1<<20), 0o666); err != nil {
		return err
	}
	return benchServer(ctx, o, programs, workload{title: "node:http, file of 1 MB", scheme: "http", dir: filepath.Join(o.root, "bench", "apps"),
		entry: func(program) string { return "static.mjs" }, env: []string{"FILE=" + file}, conns: 8})
}

func benchExpress(ctx context.Context, o options, programs []program) error {
	return benchNest(ctx, o, programs, "NestJS hello (Express)", "hello")
}

func benchFastify(ctx context.Context, o options, programs []program) error {
	return benchNest(ctx, o, programs, "NestJS hello (Fastify)", "hello-fastify")
}

func benchNest(ctx context.Context, o options, programs []program, title, example string) error {
	dir, err := prepareExample(ctx, o, example, programs)
	if err != nil {
		return err
	}
	return benchServer(ctx, o, programs, workload{title: title, scheme: "http", dir: dir, entry: nestEntry})
}

// nestEntry gives the file by which the program runs a NestJS example: Node needs what tsc made of it.
func nestEntry(p program) string {
	if p.name == "node" {
		return "dist/main.js"
	}
	return "src/main.ts"
}

// prepareExample installs the packages of an example and compiles it for Node.
func prepareExample(ctx context.Context, o options, name string, programs []program) (string, error) {
	dir := filepath.Join(o.root, "examples", name)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@nestjs")); errors.Is(err, os.ErrNotExist) {
		fmt.Printf("installing the packages of examples/%s\n", name)
		cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("npm ci in %s: %w\n%s", dir, err, out)
		}
	}
	i := slices.IndexFunc(programs, func(p program) bool { return p.name == "node" && p.problem == "" })
	if i < 0 {
		return dir, nil
	}
	cmd := exec.CommandContext(ctx, programs[i].path, "node_modules/typescript/lib/tsc.js", "-p", "tsconfig.build.json", "--incremental", "false")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("tsc in %s: %w\n%s", dir, err, out)
	}
	return dir, nil
}

// A workload is a server that the programs make of the same files. Immutable.
type workload struct {
	title  string
	scheme string // of its URL
	dir    string
	entry  func(program) string // what in dir the program runs
	env    []string             // beside PORT
	script string               // of wrk; "": GET /
	conns  int                  // of the load; 0: what the command line says
}

func (w workload) connections(o options) int {
	if w.conns > 0 {
		return w.conns
	}
	return o.conns
}

// benchServer loads the server of each program.
func benchServer(ctx context.Context, o options, programs []program, w workload) error {
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		fmt.Printf("%s: not measured: wrk, which makes the load, is not installed (apt-get install wrk)\n", w.title)
		return nil
	}
	rows := seriesOf(programs)
	for range o.rounds {
		for i, p := range programs {
			if rows[i].problem != "" {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			sample, note, err := loadOnce(ctx, o, wrk, p, w)
			if err != nil {
				rows[i].problem = "did not serve: " + err.Error()
				rows[i].samples = nil
				continue
			}
			if note != "" {
				rows[i].note = note
			}
			rows[i].samples = append(rows[i].samples, sample)
		}
	}
	printTable(fmt.Sprintf("%s, wrk -t1 -c%d for %d s (median of %d)", w.title, w.connections(o), o.seconds, o.rounds), []column{
		{"us CPU/request", "%.1f", true}, {"requests/s", "%.0f", true}, {"p99 ms", "%.2f", true}, {"MB loaded", "%.0f", true}, {"MB idle", "%.0f", false},
	}, rows)
	return nil
}

// loadOnce starts the server, warms it up, loads it, and gives the figures; note tells of lost requests.
func loadOnce(ctx context.Context, o options, wrk string, p program, w workload) (sample []float64, note string, err error) {
	addr, port, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	began := time.Now()
	c, err := spawn(w.dir, append([]string{"PORT=" + port, "NO_COLOR=1"}, w.env...), p.command(w.entry(p))...)
	if err != nil {
		return nil, "", err
	}
	defer c.stop()
	if _, err := c.firstAnswer(ctx, w.scheme, addr, began); err != nil {
		return nil, "", err
	}
	idle, err := c.memory()
	if err != nil {
		return nil, "", err
	}
	load := func(seconds int) (wrkReport, error) {
		args := []string{"-t1", "-c" + strconv.Itoa(w.connections(o)), "-d" + strconv.Itoa(seconds) + "s", "--latency"}
		if w.script != "" {
			args = append(args, "-s", w.script)
		}
		out, err := exec.CommandContext(ctx, wrk, append(args, w.scheme+"://"+addr+"/")...).Output()
		if err != nil {
			return wrkReport{}, fmt.Errorf("wrk: %w", err)
		}
		return parseWrk(string(out))
	}
	if _, err := load(min(2, o.seconds)); err != nil {
		return nil, "", err
	}
	before, err := c.cpu()
	if err != nil {
		return nil, "", err
	}
	report, err := load(o.seconds)
	if err != nil {
		return nil, "", err
	}
	after, err := c.cpu()
	if err != nil {
		return nil, "", err
	}
	loaded, err := c.memory()
	if err != nil {
		return nil, "", fmt.Errorf("it ended under load: %w", err)
	}
	perRequest := float64(after-before) / float64(time.Microsecond) / float64(report.requests)
	return []float64{perRequest, report.rate, milliseconds(report.p99), megabytes(loaded), megabytes(idle)}, report.lost, nil
}

// A wrkReport is what wrk prints, read back.
type wrkReport struct {
	requests int
	rate     float64
	p99      time.Duration
	lost     string // wrk's own words about errors, empty when there were none
}

var (
	wrkRequests = regexp.MustCompile(`(?m)^\s*(\d+) requests in`)
	wrkRate     = regexp.MustCompile(`(?m)^Requests/sec:\s*([\d.]+)`)
	wrkP99      = regexp.MustCompile(`(?m)^\s*99%\s+([\d.]+[a-z]+)`)
	wrkLost     = regexp.MustCompile(`(?m)^\s*(Socket errors:.*|Non-2xx.*)$`)
)

func parseWrk(text string) (wrkReport, error) {
	var r wrkReport
	find := func(re *regexp.Regexp) string {
		if m := re.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		return ""
	}
	var err error
	if r.requests, err = strconv.Atoi(find(wrkRequests)); err != nil || r.requests == 0 {
		return r, fmt.Errorf("no request was answered:\n%s", text)
	}
	if r.rate, err = strconv.ParseFloat(find(wrkRate), 64); err != nil {
		return r, fmt.Errorf("wrk's rate: %w", err)
	}
	if r.p99, err = time.ParseDuration(find(wrkP99)); err != nil {
		return r, fmt.Errorf("wrk's latency: %w", err)
	}
	var lost []string
	for _, m := range wrkLost.FindAllStringSubmatch(text, -1) {
		lost = append(lost, strings.TrimSpace(m[1]))
	}
	r.lost = strings.Join(lost, "; ")
	return r, nil
}

// benchNative runs the engine's own Go benchmarks: what a call between JavaScript and Go costs.
func benchNative(ctx context.Context, o options, _ []program) error {
	fmt.Println("Native calls (go test -bench in internal/engine)")
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", ".", "-benchtime", "1s", "./internal/engine/...")
	cmd.Dir = o.root
	out, err := cmd.CombinedOutput()
	if err != nil {
		fmt.Printf("  not measured: %v\n%s", err, out)
		return nil
	}
	found := false
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Benchmark") {
			found = true
			fmt.Print("  ", line)
		}
	}
	if !found {
		fmt.Println("  not measured: internal/engine has no benchmarks")
	}
	return nil
}
