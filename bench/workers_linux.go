package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// benchWorkers measures what a thread of node:worker_threads costs; the program measures itself.
func benchWorkers(ctx context.Context, o options, programs []program) error {
	file := filepath.Join(o.root, "bench", "apps", "workers.js")
	rows := seriesOf(programs)
	// The first round fills caches and is not counted.
	for round := range o.rounds + 1 {
		for i, p := range programs {
			if rows[i].problem != "" {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
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
			var ms, mb float64
			if _, err := fmt.Sscan(c.output.String(), &ms, &mb); c.err != nil || err != nil {
				rows[i].problem = fmt.Sprintf("failed: %v: %s", c.err, reason(c.output.String()))
				rows[i].samples = nil
				continue
			}
			if round > 0 {
				rows[i].samples = append(rows[i].samples, []float64{ms, mb})
			}
		}
	}
	printTable(fmt.Sprintf("Worker threads, each (median of %d)", o.rounds), []column{
		{"ms to first message", "%.1f", true}, {"MB resident", "%.1f", true},
	}, rows)
	return nil
}
