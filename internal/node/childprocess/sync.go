package childprocess

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/spawn"
	"roost/internal/sys"
)

// collector is one pipe of a program that runs synchronously.
type collector struct {
	fd   int    // -1 when done
	send []byte // what the program still has to read
	got  []byte
}

// spawnSync(file, args, env, cwd, stdio, flags, uid, gid, timeout in ms, maxBuffer, killSignal, ...input) → [errno, pid, code, signal,
// ...output of each stream or null]. input is the bytes for each piped stream: at most the first four have some. maxBuffer -1: no limit.
func spawnSync(c *binding.Call) {
	c.Env().Loop.EndBatch() // the child may wait for what was written
	o := options(c)
	kinds := c.Floats(4)
	timeout, limit, killSignal := time.Duration(c.Float(8)*float64(time.Millisecond)), c.Float(9), syscall.Signal(c.Int(10))
	theirs, ours, temporary, err := streams(c.Env(), kinds)
	if err != nil {
		c.Return(binding.List(binding.Int(errnoOf(err))))
		return
	}
	o.Files = theirs
	pipes := make([]collector, len(ours))
	for k, fd := range ours {
		pipes[k].fd = fd
		if k < 4 && c.IsBytes(11+k) {
			pipes[k].send = append([]byte(nil), c.Bytes(11+k)...)
		}
	}
	p, err := spawn.Start(o)
	closeAll(temporary)
	if err != nil {
		closeAll(ours)
		c.Return(binding.List(binding.Int(errnoOf(err)), binding.Int(0), binding.Null, binding.Int(0)))
		return
	}
	exit, failure := run(p, pipes, timeout, limit, killSignal)
	out := []binding.Result{binding.Int(errnoOf(failure)), binding.Int(p.Pid), binding.Int(exit.Code), binding.Int(int(exit.Signal))}
	for k := range pipes {
		if kinds[k] == stdioPipe {
			out = append(out, binding.Buffer(pipes[k].got))
		} else {
			out = append(out, binding.Null)
		}
	}
	c.Return(binding.List(out...))
}

// run serves the pipes until the program has ended and all of them are closed. failure is ETIMEDOUT, ENOBUFS or nil.
func run(p *spawn.Process, pipes []collector, timeout time.Duration, limit float64, killSignal syscall.Signal) (exit spawn.Exit, failure error) {
	deadline := time.Time{}
	if timeout > 0 {
		deadline = time.Now().Add(timeout)
	}
	for k := range pipes {
		if pipes[k].fd >= 0 && len(pipes[k].send) == 0 {
			_ = sys.Shutdown(pipes[k].fd, unix.SHUT_WR)
		}
	}
	ended, killed := false, false
	kill := func(err error) {
		if !killed {
			killed, failure = true, err
			if p.Signal(killSignal) != nil {
				_ = p.Signal(unix.SIGKILL)
			}
			// What the program's own children still hold open isn't waited for.
			for k := range pipes {
				pipes[k].close()
			}
		}
	}
	b := make([]byte, 64<<10)
	for {
		var fds []unix.PollFd
		var which []int
		for k := range pipes {
			if fd := pipes[k].fd; fd >= 0 {
				events := int16(unix.POLLIN)
				if len(pipes[k].send) > 0 {
					events |= unix.POLLOUT
				}
				fds, which = append(fds, unix.PollFd{Fd: int32(fd), Events: events}), append(which, k)
			}
		}
		if len(fds) == 0 && ended {
			return exit, failure
		}
		wait := -1
		if !ended {
			if pidfd := p.PidFD(); pidfd >= 0 {
				fds = append(fds, unix.PollFd{Fd: int32(pidfd), Events: unix.POLLIN})
			} else {
				wait = 10 // no descriptor to wait on: look every now and then
			}
		}
		if !deadline.IsZero() && !killed {
			left := time.Until(deadline)
			if left <= 0 {
				kill(unix.ETIMEDOUT)
				continue
			}
			if ms := int(left/time.Millisecond) + 1; wait < 0 || ms < wait {
				wait = ms
			}
		}
		if _, err := unix.Poll(fds, wait); err != nil && err != unix.EINTR {
			kill(err)
		}
		if !ended {
			if e, over, _ := p.Poll(); over {
				exit, ended = e, true
			}
		}
		for n, k := range which {
			if fds[n].Revents == 0 || pipes[k].fd < 0 {
				continue
			}
			if pipes[k].serve(b, fds[n].Revents); limit >= 0 && float64(len(pipes[k].got)) > limit {
				kill(unix.ENOBUFS)
			}
		}
	}
}

func (c *collector) close() {
	if c.fd >= 0 {
		_ = sys.Close(c.fd)
		c.fd = -1
	}
}

func (c *collector) serve(b []byte, events int16) {
	if events&unix.POLLOUT != 0 && len(c.send) > 0 {
		n, errno := sys.Write(c.fd, c.send)
		switch {
		case errno == 0:
			c.send = c.send[n:]
		case errno != unix.EAGAIN && errno != unix.EINTR:
			c.send = nil // EPIPE: the program doesn't want it
		}
		if len(c.send) == 0 {
			_ = sys.Shutdown(c.fd, unix.SHUT_WR)
		}
	}
	if events&(unix.POLLIN|unix.POLLHUP|unix.POLLERR) == 0 {
		return
	}
	n, errno := sys.Read(c.fd, b)
	switch {
	case errno == unix.EAGAIN || errno == unix.EINTR:
	case errno != 0 || n == 0:
		c.close()
	default:
		c.got = append(c.got, b[:n]...)
	}
}
