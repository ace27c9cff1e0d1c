package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// benchCore measures single operations of Buffer, fs, events, streams and timers; the program measures itself, in CPU time.
func benchCore(ctx context.Context, o options, programs []program) error {
	return measureOperations(ctx, o, programs, filepath.Join(o.root, "bench", "apps", "core.mjs"))
}

// measureOperations runs file, which prints a line for each operation: its name, a tab, microseconds. env is beside ours.
func measureOperations(ctx context.Context, o options, programs []program, file string, env ...string) error {
	var names []string
	best := map[string]map[string]float64{} // operation to program to microseconds
	for range o.rounds {
		for _, p := range programs {
			if p.problem != "" {
				continue
			}
			args := p.command(file)
			cmd := exec.CommandContext(ctx, args[0], args[1:]...)
			cmd.Env = append(os.Environ(), env...)
			out, err := cmd.Output()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				return fmt.Errorf("%s: %w", p.label, err)
			}
			for line := range strings.Lines(string(out)) {
				name, value, ok := strings.Cut(strings.TrimSpace(line), "\t")
				us, err := strconv.ParseFloat(value, 64)
				if !ok || err != nil {
					return fmt.Errorf("%s printed %q", p.label, line)
				}
				if best[name] == nil {
					names, best[name] = append(names, name), map[string]float64{}
				}
				if old, ok := best[name][p.name]; !ok || us < old {
					best[name][p.name] = us
				}
			}
		}
	}
	printOperations(names, best, programs, o.rounds)
	return nil
}

func printOperations(names []string, best map[string]map[string]float64, programs []program, rounds int) {
	programs = slices.DeleteFunc(slices.Clone(programs), func(p program) bool { return p.problem != "" })
	fmt.Printf("Operations, microseconds of CPU each (best of %d rounds)\n%-45s", rounds, "")
	for _, p := range programs {
		fmt.Printf(" %16s", p.label)
	}
	fmt.Printf(" %11s\n", "roost/node")
	for _, name := range names {
		fmt.Printf("%-45s", name)
		for _, p := range programs {
			if us, ok := best[name][p.name]; ok {
				fmt.Printf(" %16.4f", us)
			} else {
				fmt.Printf(" %16s", "-")
			}
		}
		if node := best[name]["node"]; node > 0 {
			fmt.Printf(" %11.2f", best[name]["roost"]/node)
		}
		fmt.Println()
	}
}
