// Command bench measures Roost beside Node 24, Bun and Deno and prints one table for each comparison.
//
// It owns the processes that it starts; they end with it. It knows Roost as a program only and imports nothing of it.
//
// Every comparison interleaves the programs, round by round, so that a machine that slows down slows all of them, and
// prints medians with the ratio to Node 24. On a shared machine the CPU seconds a request are the figure to trust.
//
//	go run ./bench                          everything
//	go run ./bench -only start,http         some of: start, hello, core, workers, http, tls, pg, express, fastify, json, static, fetch, websocket, idle, native
//	go run ./bench -rounds 5 -seconds 8     longer
//	go run ./bench -peer node=/usr/bin/node another program than the one from npm; -peer bun= leaves Bun out
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are what the command line says. Immutable after main has parsed it.
type options struct {
	root    string // the repository
	roost   string
	only    string
	rounds  int
	starts  int
	seconds int
	conns   int
	peers   map[string]string
}

// A benchmark prints one table.
type benchmark struct {
	name string
	run  func(ctx context.Context, o options, programs []program) error
}

var benchmarks = []benchmark{
	{"start", benchStart},
	{"hello", benchHello},
	{"core", benchCore},
	{"workers", benchWorkers},
	{"http", benchHTTP},
	{"tls", benchTLS},
	{"pg", benchPG},
	{"express", benchExpress},
	{"fastify", benchFastify},
	{"json", benchJSON},
	{"static", benchStatic},
	{"fetch", benchFetch},
	{"websocket", benchWebSocket},
	{"idle", benchIdle},
	{"native", benchNative},
}

func main() {
	o := options{peers: map[string]string{}}
	flag.StringVar(&o.roost, "roost", "", "the Roost to measure (default: the repository's ./roost)")
	flag.StringVar(&o.only, "only", "", "comma-separated benchmarks: start, hello, core, workers, http, tls, pg, express, fastify, json, static, fetch, websocket, idle, native (default: all)")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of each server benchmark")
	flag.IntVar(&o.starts, "starts", 15, "runs of each start benchmark")
	flag.IntVar(&o.seconds, "seconds", 4, "seconds that each server is loaded in a round")
	flag.IntVar(&o.conns, "conns", 64, "connections of the load")
	flag.Func("peer", "`name=path` of a peer (node, bun, deno, pm2) to take instead of npm's; an empty path leaves it out", func(s string) error {
		name, path, ok := strings.Cut(s, "=")
		if !ok || !slices.Contains([]string{"node", "bun", "deno", "pm2"}, name) {
			return errors.New("it is name=path with the name node, bun, deno or pm2")
		}
		o.peers[name] = path
		return nil
	})
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if flag.NArg() > 0 || o.rounds < 1 || o.starts < 1 || o.seconds < 1 || o.conns < 1 {
		return errors.New("bad arguments, see -help")
	}
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w", err)
	}
	o.root = filepath.Dir(strings.TrimSpace(string(out)))
	if o.roost == "" {
		o.roost = filepath.Join(o.root, "roost")
	}
	if o.roost, err = filepath.Abs(o.roost); err != nil {
		return err
	}
	chosen := benchmarks
	if o.only != "" {
		chosen = nil
		for name := range strings.SplitSeq(o.only, ",") {
			i := slices.IndexFunc(benchmarks, func(b benchmark) bool { return b.name == name })
			if i < 0 {
				return fmt.Errorf("there is no benchmark called %q", name)
			}
			chosen = append(chosen, benchmarks[i])
		}
	}
	var programs []program
	if slices.ContainsFunc(chosen, func(b benchmark) bool { return b.name != "native" }) {
		if programs, err = findPrograms(ctx, o); err != nil {
			return err
		}
	}
	for _, b := range chosen {
		began := time.Now()
		if err := b.run(ctx, o, programs); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		if err := ctx.Err(); err != nil {
			return errors.New("interrupted")
		}
		fmt.Printf("(%s took %v)\n\n", b.name, time.Since(began).Round(time.Second))
	}
	return nil
}
