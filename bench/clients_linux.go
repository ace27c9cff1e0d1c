package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// benchFetch measures fetch as a client; the program measures itself, the server is ours.
func benchFetch(ctx context.Context, o options, programs []program) error {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":7,"name":"item","price":12.5}`))
	}))
	defer server.Close()
	file := filepath.Join(o.root, "bench", "apps", "fetch.mjs")
	rows := seriesOf(programs)
	for range o.rounds {
		for i, p := range programs {
			if rows[i].problem != "" {
				continue
			}
			args := append(p.command(file), server.URL, strconv.Itoa(5000*o.seconds))
			out, err := exec.CommandContext(ctx, args[0], args[1:]...).Output()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			var us float64
			if err == nil {
				us, err = strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			}
			if err != nil {
				rows[i].problem, rows[i].samples = "failed: "+err.Error(), nil
				continue
			}
			rows[i].samples = append(rows[i].samples, []float64{us})
		}
	}
	printTable(fmt.Sprintf("fetch, 8 at a time (median of %d)", o.rounds), []column{{"us CPU/request", "%.1f", true}}, rows)
	return nil
}

// A served is a server of a program that runs. It must be stopped.
type served struct {
	*child
	addr string
}

func serve(ctx context.Context, o options, p program, file string, env ...string) (*served, error) {
	addr, port, err := freeAddress()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	c, err := spawn(filepath.Join(o.root, "bench", "apps"), append([]string{"PORT=" + port, "NO_COLOR=1"}, env...), p.command(file)...)
	if err != nil {
		return nil, err
	}
	if _, err := c.firstAnswer(ctx, "http", addr, began); err != nil {
		c.stop()
		return nil, err
	}
	return &served{c, addr}, nil
}

// each measures every program once a round.
func each(ctx context.Context, rounds int, programs []program, measure func(p program) ([]float64, error)) ([]*series, error) {
	rows := seriesOf(programs)
	for range rounds {
		for i, p := range programs {
			if rows[i].problem != "" {
				continue
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			sample, err := measure(p)
			if err != nil {
				rows[i].problem, rows[i].samples = "failed: "+err.Error(), nil
				continue
			}
			rows[i].samples = append(rows[i].samples, sample)
		}
	}
	return rows, nil
}

// benchWebSocket measures messages that the ws package sends back, each connection waiting for its message.
func benchWebSocket(ctx context.Context, o options, programs []program) error {
	packages, err := installPackages(ctx, o, "ws")
	if err != nil {
		return err
	}
	rows, err := each(ctx, o.rounds, programs, func(p program) ([]float64, error) {
		s, err := serve(ctx, o, p, "websocket.mjs", "PACKAGES="+packages)
		if err != nil {
			return nil, err
		}
		defer s.stop()
		if _, err := echo(s.addr, o.conns, time.Duration(min(2, o.seconds))*time.Second); err != nil {
			return nil, err
		}
		before, err := s.cpu()
		if err != nil {
			return nil, err
		}
		began := time.Now()
		n, err := echo(s.addr, o.conns, time.Duration(o.seconds)*time.Second)
		if err != nil {
			return nil, err
		}
		took := time.Since(began)
		after, err := s.cpu()
		if err != nil {
			return nil, err
		}
		held, err := s.memory()
		return []float64{float64(after-before) / float64(time.Microsecond) / float64(n), float64(n) / took.Seconds(), megabytes(held)}, err
	})
	if err != nil {
		return err
	}
	printTable(fmt.Sprintf("WebSocket echo (ws), %d connections for %d s (median of %d)", o.conns, o.seconds, o.rounds), []column{
		{"us CPU/message", "%.1f", true}, {"messages/s", "%.0f", true}, {"MB loaded", "%.0f", true},
	}, rows)
	return nil
}

// idleConnections is how many connections benchIdle keeps open.
const idleConnections = 10_000

// benchIdle measures the memory of connections that were used once and are kept alive.
func benchIdle(ctx context.Context, o options, programs []program) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	if limit.Cur < idleConnections+100 {
		fmt.Printf("Idle connections: not measured: it needs %d descriptors (ulimit -n)\n", idleConnections+100)
		return nil
	}
	rows, err := each(ctx, 1, programs, func(p program) ([]float64, error) {
		s, err := serve(ctx, o, p, "idle.mjs")
		if err != nil {
			return nil, err
		}
		defer s.stop()
		const request = "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: idle\r\nAccept: */*\r\n\r\n"
		buf := make([]byte, 4096)
		first, err := net.Dial("tcp", s.addr)
		if err != nil {
			return nil, err
		}
		defer first.Close()
		for range 5000 { // warm
			if _, err := first.Write([]byte(request)); err != nil {
				return nil, err
			}
			if _, err := first.Read(buf); err != nil {
				return nil, err
			}
		}
		rest := func(d time.Duration) {
			select {
			case <-ctx.Done():
			case <-time.After(d):
			}
		}
		rest(3 * time.Second)
		before, err := s.memory()
		if err != nil {
			return nil, err
		}
		for range idleConnections {
			c, err := net.Dial("tcp", s.addr)
			if err != nil {
				return nil, err
			}
			defer c.Close()
			if _, err := c.Write([]byte(request)); err != nil {
				return nil, err
			}
			if _, err := c.Read(buf); err != nil {
				return nil, err
			}
		}
		rest(5 * time.Second)
		after, err := s.memory()
		return []float64{megabytes(before), megabytes(after), megabytes(after - before)}, err
	})
	if err != nil {
		return err
	}
	printTable(fmt.Sprintf("%d idle connections, kept alive", idleConnections), []column{
		{"MB before", "%.1f", true}, {"MB with them", "%.1f", true}, {"MB more", "%.1f", true},
	}, rows)
	return nil
}
