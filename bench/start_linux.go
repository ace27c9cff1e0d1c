package main

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"time"
)

// benchStart measures an empty script from start to end.
func benchStart(ctx context.Context, o options, programs []program) error {
	file := filepath.Join(o.root, "bench", "apps", "empty.js")
	rows := seriesOf(programs)
	// The first round fills caches and is not counted.
	for round := range o.starts + 1 {
		for i, p := range programs {
			if rows[i].problem != "" {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			began := time.Now()
			c, err := spawn("", nil, p.command(file)...)
			if err != nil {
				rows[i].problem = "did not start: " + err.Error()
				continue
			}
			select {
			case <-c.ended:
			case <-time.After(30 * time.Second):
				c.stop()
			}
			wall := time.Since(began)
			if c.err != nil {
				rows[i].problem = fmt.Sprintf("failed: %v: %s", c.err, reason(c.output.String()))
				rows[i].samples = nil
				continue
			}
			usage, ok := c.cmd.ProcessState.SysUsage().(*syscall.Rusage)
			if !ok {
				return fmt.Errorf("no resource usage of %s", p.label)
			}
			if round == 0 {
				continue
			}
			used := c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime()
			rows[i].samples = append(rows[i].samples, []float64{
				milliseconds(wall), milliseconds(used), float64(usage.Maxrss) / 1024,
			})
		}
	}
	printTable(fmt.Sprintf("Empty script, start to end (median of %d)", o.starts), []column{
		{"ms wall", "%.1f", true}, {"ms CPU", "%.1f", true}, {"MB peak RSS", "%.1f", true},
	}, rows)
	return nil
}

// benchHello measures the NestJS starter from its start to its first answer: Roost, Bun and Deno from the source, Node
// from what tsc made of it.
func benchHello(ctx context.Context, o options, programs []program) error {
	dir, err := prepareExample(ctx, o, "hello", programs)
	if err != nil {
		return err
	}
	rows := seriesOf(programs)
	for round := range o.starts + 1 {
		for i, p := range programs {
			if rows[i].problem != "" {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			sample, err := startOnce(ctx, p, dir)
			if err != nil {
				rows[i].problem = "did not start: " + err.Error()
				rows[i].samples = nil
				continue
			}
			// The first start compiles; the figure is about the ones that follow.
			if round == 0 {
				rows[i].note = fmt.Sprintf("%s; the first start took %.0f ms", nestEntry(p), sample[0])
				continue
			}
			rows[i].samples = append(rows[i].samples, sample)
		}
	}
	printTable(fmt.Sprintf("NestJS hello (Express), start to first answer (median of %d)", o.starts), []column{
		{"ms to answer", "%.0f", true}, {"ms CPU", "%.0f", true}, {"MB then", "%.1f", true},
	}, rows)
	return nil
}

func startOnce(ctx context.Context, p program, dir string) ([]float64, error) {
	addr, port, err := freeAddress()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	c, err := spawn(dir, []string{"PORT=" + port, "NO_COLOR=1"}, p.command(nestEntry(p))...)
	if err != nil {
		return nil, err
	}
	defer c.stop()
	took, err := c.firstAnswer(ctx, "http", addr, began)
	if err != nil {
		return nil, err
	}
	used, err := c.cpu()
	if err != nil {
		return nil, err
	}
	held, err := c.memory()
	if err != nil {
		return nil, err
	}
	return []float64{milliseconds(took), milliseconds(used), megabytes(held)}, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func megabytes(n int) float64 { return float64(n) / (1 << 20) }
