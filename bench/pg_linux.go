package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// benchPG measures queries of the package pg to a PostgreSQL server that is started for it; the program measures itself.
func benchPG(ctx context.Context, o options, programs []program) error {
	server, err := startPostgres(ctx)
	if err != nil {
		fmt.Printf("pg: not measured: %v\n", err)
		return nil
	}
	defer server.stop()
	modules := filepath.Join(o.root, "bench", "out")
	if _, err := os.Stat(filepath.Join(modules, "node_modules", "pg")); errors.Is(err, os.ErrNotExist) {
		fmt.Println("installing pg into bench/out")
		if err := installPeers(ctx, modules, []string{"pg@8"}); err != nil {
			fmt.Printf("pg: not measured: %v\n", err)
			return nil
		}
	}
	return measureOperations(ctx, o, programs, filepath.Join(o.root, "bench", "apps", "pg.mjs"), "MODULES="+modules, "PGPORT="+server.port)
}

// postgres is a server of a new, empty cluster. It ends with stop, or with bench.
type postgres struct {
	dir, port string
	child     *exec.Cmd
	log       bytes.Buffer
}

// startPostgres makes a cluster and serves it on a port of loopback.
func startPostgres(ctx context.Context) (p *postgres, err error) {
	initdb, err := postgresProgram("initdb")
	if err != nil {
		return nil, err
	}
	as, err := notRoot()
	if err != nil {
		return nil, err
	}
	p = &postgres{}
	if p.dir, err = os.MkdirTemp("", "bench-pg-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.stop()
		}
	}()
	if as != nil {
		if err := os.Chown(p.dir, int(as.Uid), int(as.Gid)); err != nil {
			return nil, err
		}
	}
	command := func(program string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Dir, cmd.Env = p.dir, append(os.Environ(), "HOME="+p.dir, "LC_ALL=C")
		cmd.Stdout, cmd.Stderr = &p.log, &p.log
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		return cmd
	}
	data := filepath.Join(p.dir, "data")
	if err := command(initdb, "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync").Run(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, reason(p.log.String()))
	}
	addr, port, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p.port = port
	child := command(filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories="+p.dir, "-c", "fsync=off")
	if err := child.Start(); err != nil {
		return nil, err
	}
	p.child = child
	for range 300 {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return p, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, errors.New("PostgreSQL doesn't listen")
}

func (p *postgres) stop() {
	if p.child != nil {
		_ = p.child.Process.Signal(syscall.SIGQUIT)
		_ = p.child.Wait()
	}
	_ = os.RemoveAll(p.dir)
}

// postgresProgram finds a program in PATH or where Debian keeps those of PostgreSQL.
func postgresProgram(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return filepath.EvalSymlinks(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", errors.New("PostgreSQL is not installed (apt-get install postgresql)")
	}
	return slices.Max(found), nil
}

// notRoot is the user that PostgreSQL runs as: it refuses to be root. nil is who we are.
func notRoot() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(nobody.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(nobody.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}
