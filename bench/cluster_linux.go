package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	benchmarks = append(benchmarks, benchmark{"cluster", benchCluster}, benchmark{"reload", benchReload})
}

// benchCluster measures the NestJS starter in several instances: Roost's processes and threads, PM2's cluster on Node. What the daemon uses
// counts with it.
func benchCluster(ctx context.Context, o options, programs []program) error {
	for _, instances := range []string{"2", "4"} {
		title := fmt.Sprintf("NestJS hello, %s instances, wrk -t1 -c%d for %d s (median of %d)", instances, o.conns, o.seconds, o.rounds)
		err := benchFleets(ctx, o, programs, fleets(ctx, o, programs, instances, "alone", "cluster", "threads"), clusterOnce, title, []column{
			{"us CPU/request", "%.1f", true}, {"MB loaded", "%.0f", true}, {"MB idle", "%.0f", true}, {"ms to answer", "%.0f", true}, {"ms list", "%.0f", true},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// benchReload reloads four instances three times under load, then kills one. A request that failed is one whose connection was reset or closed
// before its answer, or that was answered with an error.
func benchReload(ctx context.Context, o options, programs []program) error {
	return benchFleets(ctx, o, programs, fleets(ctx, o, programs, "4", "cluster", "threads"), reloadOnce, fmt.Sprintf("Three reloads of four instances under wrk -t1 -c128 for %d s, then kill -9 of one in %d s (median of %d)", reloadSeconds(o), o.seconds, o.rounds), []column{
		{"requests", "%.0f", false}, {"failed", "%.0f", false}, {"p99 ms", "%.0f", false}, {"s a reload", "%.2f", true}, {"failed at kill -9", "%.0f", false},
	})
}

// reloadSeconds is 30 with the default of -seconds.
func reloadSeconds(o options) int { return o.seconds * 15 / 2 }

// idleAfter is how long a fleet has had nothing to do when it counts as idle.
const idleAfter = 5 * time.Second

type fleetRun func(ctx context.Context, o options, wrk, dir string, f fleet) (sample []float64, note string, err error)

// benchFleets measures each fleet once a round.
func benchFleets(ctx context.Context, o options, programs []program, all []fleet, run fleetRun, title string, columns []column) error {
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		fmt.Printf("%s: not measured: wrk, which makes the load, is not installed (apt-get install wrk)\n", title)
		return nil
	}
	dir, err := prepareExample(ctx, o, "hello", programs)
	if err != nil {
		return err
	}
	rows := make([]*series, len(all))
	for i, f := range all {
		rows[i] = &series{label: f.label, problem: f.problem}
	}
	for range o.rounds {
		for i, f := range all {
			if rows[i].problem != "" {
				continue
			}
			sample, note, err := run(ctx, o, wrk, dir, f)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				rows[i].problem, rows[i].samples = "did not serve: "+err.Error(), nil
				continue
			}
			if note != "" {
				rows[i].note = note
			}
			rows[i].samples = append(rows[i].samples, sample)
		}
	}
	printTableBeside("pm2", title, columns, rows)
	return nil
}

// ready starts a fleet and warms it up.
func ready(ctx context.Context, o options, wrk, dir string, f fleet) (m *manager, addr string, took time.Duration, err error) {
	addr, port, err := freeAddress()
	if err != nil {
		return nil, "", 0, err
	}
	if m, err = f.manager(ctx, port); err != nil {
		return nil, "", 0, err
	}
	if took, err = m.start(ctx, f, dir, addr); err == nil {
		time.Sleep(time.Second) // all instances, not the first one alone
		_, err = load(ctx, wrk, addr, o.conns, min(2, o.seconds))
	}
	if err != nil {
		m.close()
		return nil, "", 0, err
	}
	return m, addr, took, nil
}

// load runs wrk under SCHED_BATCH: with more programs than processors each answer would wake it on the server's processor, and it would take that away for
// one request; a client on another machine doesn't.
func load(ctx context.Context, wrk, addr string, conns, seconds int) (wrkReport, error) {
	cmd := exec.CommandContext(ctx, wrk, "-t1", "-c"+strconv.Itoa(conns), "-d"+strconv.Itoa(seconds)+"s", "--latency", "http://"+addr+"/")
	var out bytes.Buffer
	cmd.Stdout = &out
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		err := unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_BATCH}, 0)
		if err == nil {
			err = cmd.Start()
		}
		started <- err
	}()
	err := <-started
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		return wrkReport{}, fmt.Errorf("wrk: %w", err)
	}
	return parseWrk(out.String())
}

func clusterOnce(ctx context.Context, o options, wrk, dir string, f fleet) ([]float64, string, error) {
	m, addr, took, err := ready(ctx, o, wrk, dir, f)
	if err != nil {
		return nil, "", err
	}
	defer m.close()
	time.Sleep(idleAfter)
	idle, err := memoryOf(m.all())
	if err != nil {
		return nil, "", err
	}
	pids := m.all()
	before, err := cpuOf(pids)
	if err != nil {
		return nil, "", err
	}
	report, err := load(ctx, wrk, addr, o.conns, o.seconds)
	if err != nil {
		return nil, "", err
	}
	after, err := cpuOf(pids)
	if err != nil {
		return nil, "", err
	}
	loaded, err := memoryOf(m.all())
	if err != nil {
		return nil, "", err
	}
	best := time.Hour
	for range 5 {
		began := time.Now()
		if err := m.run(ctx, "", "list"); err != nil {
			return nil, "", err
		}
		best = min(best, time.Since(began))
	}
	perRequest := float64(after-before) / float64(time.Microsecond) / float64(report.requests)
	return []float64{perRequest, megabytes(loaded), megabytes(idle), milliseconds(took), milliseconds(best)}, report.lost, nil
}

func reloadOnce(ctx context.Context, o options, wrk, dir string, f fleet) ([]float64, string, error) {
	m, addr, _, err := ready(ctx, o, wrk, dir, f)
	if err != nil {
		return nil, "", err
	}
	defer m.close()
	const reloads = 3
	var spent time.Duration
	reloaded := make(chan error, 1)
	go func() {
		for range reloads {
			time.Sleep(time.Second)
			began := time.Now()
			if err := m.run(ctx, dir, "reload", "app"); err != nil {
				reloaded <- err
				return
			}
			spent += time.Since(began)
		}
		reloaded <- nil
	}()
	report, err := load(ctx, wrk, addr, 128, reloadSeconds(o))
	if err == nil {
		err = <-reloaded
	}
	if err != nil {
		return nil, "", err
	}
	workers := m.workers()
	if len(workers) == 0 {
		return nil, "", errors.New("there are no workers")
	}
	time.AfterFunc(time.Duration(o.seconds)*time.Second/2, func() { _ = syscall.Kill(workers[0], syscall.SIGKILL) })
	killed, err := load(ctx, wrk, addr, 128, o.seconds)
	if err != nil {
		return nil, "", err
	}
	return []float64{float64(report.requests), failures(report.lost), milliseconds(report.p99), spent.Seconds() / reloads, failures(killed.lost)}, report.lost, nil
}

var wrkCounts = regexp.MustCompile(`(?:connect|read|write|timeout|responses:) (\d+)`)

// failures adds up what wrk tells of errors: "Socket errors: connect 0, read 3, write 0, timeout 0; Non-2xx or 3xx responses: 7".
func failures(lost string) (n float64) {
	for _, m := range wrkCounts.FindAllStringSubmatch(lost, -1) {
		k, _ := strconv.Atoi(m[1])
		n += float64(k)
	}
	return n
}
